//! By which rule a test is refused, and which tests must not be.

use crate::Outcome;

/// Tests that a row names.
pub const SHOWN: usize = 6;

/// The rule of operators that are not known, of which a row names all.
pub const UNKNOWN: &str = "the operator is not imported";

/// What errors say, and the rule that is; the first that fits.
const RULES: &[(&str, &str)] = &[
    ("): operator ", UNKNOWN),
    ("16-bit floating point", "elements of float16 or bfloat16"),
    ("float8 or float4", "elements of float8"),
    ("its elements are no numbers", "strings, sequences, optionals"),
    ("only tensors of numbers", "strings, sequences, optionals"),
    ("its attribute", "an attribute of a kind that is not read"),
    ("there are 0 inputs", "nothing comes in"),
    ("its data are one number", "data of no axis: no frame"),
    ("its data are empty", "data without an element"),
    ("its data are no numbers", "data that are not finite"),
    ("a type has 1 to", "data of more than 32 bits: floating point of several magnitudes"),
    ("an element has more than 63 bits", "integers of more than 63 bits"),
    ("is more than 63 bits", "integers of more than 63 bits"),
    ("that are read", "a tensor of more than 67,108,864 elements"),
    ("elements, but", "a tensor whose elements are not there"),
    ("is not there", "inputs that are left out, or are no tensors"),
    ("no node, input or initializer gives", "a graph inside of a graph"),
    ("its shape is [", "more than three axes of positions"),
    ("and an axis has at most", "more than three axes of positions"),
    ("a shape has a batch of 1", "more than three axes of positions"),
    ("as it must be to become hardware", "a parameter that is no constant, or comes from the data"),
    (
        "is a constant; it is imported for what comes from",
        "a parameter that is no constant, or comes from the data",
    ),
    ("it is a constant", "what leaves is a constant, such as a shape"),
    ("it has no input", "a parameter that is no constant, or comes from the data"),
    ("an output of its node that is not imported", "a second output: a mask, indices of a maximum"),
    ("multiplies or divides two tensors", "a product of two activations"),
    ("subtracts two tensors", "a difference of two activations: add them, with a negative scale"),
    ("one number, or one a channel", "constants that differ from position to position"),
    ("those of the channels, axis 1", "scales along another axis than that of the channels"),
    ("scales are of blocks", "scales of blocks"),
    ("its parameters are", "scales along another axis than that of the channels"),
    ("along the channels, axis 1", "an axis other than that of the channels"),
    ("it looks for the largest of the batch", "parts of the batch, which comes one frame after the other"),
    ("it joins along the batch", "parts of the batch, which comes one frame after the other"),
    ("the file's tensors have no batch", "no batch where an operator needs one"),
    ("places of its axis", "parts of the batch, which comes one frame after the other"),
    ("part of the batch", "parts of the batch, which comes one frame after the other"),
    ("has other frames than its data", "parts of the batch, which comes one frame after the other"),
    ("from axis 1 on is imported", "it flattens the batch, or not all axes"),
    ("a tensor of [", "another shape than [1, length], or another batch"),
    ("axes do not fit", "another shape than [1, length], or another batch"),
    ("changes the order of an activation's axes", "a transpose of activations"),
    ("take parts of a tensor", "a part of a tensor by a list of places"),
    ("takes parts of a tensor", "a part of a tensor by a list of places"),
    ("goes backwards", "a slice that goes backwards, or leaves nothing"),
    ("leaves nothing", "a slice that goes backwards, or leaves nothing"),
    ("takes several channels", "more than the largest channel, or the smallest"),
    ("averages fewer positions", "a last window that is not full, and counts its padding"),
    ("mirrored ones", "padding by more than is inside"),
    ("positions around a map are imported", "padding of the batch or the channels"),
    ("stands for what it pads with", "padding with no integer of the input"),
    ("whole factors are imported", "another size by factors that are not whole, or of the batch"),
    ("it interpolates", "interpolation"),
    ("in training mode", "training"),
    ("neither integers nor what leaves a quantizer", "weights that are not quantized"),
    ("not quantized: a matrix takes integers", "a function of each element without a quantizer after it"),
    ("a batch norm without a quantizer", "a function of each element without a quantizer after it"),
    (
        "thresholds are more than 255",
        "quantizers of 16 bits whose scale no multiplier gives at all accumulators",
    ),
    ("of more than 8 bits", "weights of more than 9 bits"),
    ("a matrix is imported", "a matrix for each frame"),
    ("its weights are no matrix, or its input is transposed", "a transposed activation"),
    ("its input is a map; flatten it", "a matrix times a map"),
    ("its dilations are", "a transposed convolution of more than 11 positions along an axis"),
    ("that no input reaches", "an output_padding that no input reaches"),
    ("is longer than what", "an output_padding that no input reaches"),
    ("by cutting", "a cast of activations to integers"),
    ("of type", "a cast of activations to integers"),
    ("takes the root of", "a root of an activation"),
    ("its exponent is not", "a root of an activation"),
    ("it joins tensors of several sizes", "tensors of several sizes joined"),
    ("is no map", "a map operator on a vector"),
    ("vector, which has no positions", "a map operator on a vector"),
    ("divides a constant by its input", "a constant divided by an activation"),
    ("divides by 0", "division by 0"),
    ("which are not alike", "a sum of tensors of two shapes"),
    ("adds a tensor to itself", "a sum of tensors of two shapes"),
    ("scale is 0", "a scale that is none"),
    ("adds tensors", "a sum of tensors of two shapes"),
];

/// The rule of an error's text.
pub fn rule(why: &str) -> &'static str {
    RULES.iter().find(|(said, _)| why.contains(said)).map_or("other", |(_, rule)| rule)
}

/// Operators that are not imported, in an error's text.
pub fn operators(why: &str) -> impl Iterator<Item = &str> {
    why.split("operator ")
        .skip(1)
        .filter_map(|rest| rest.split_once(" is not imported").map(|(name, _)| name))
}

/// What must give what is expected.
const IMPORTED: &str = "
    argmax_default_axis_example argmax_default_axis_example_select_last_index argmax_default_axis_random argmax_default_axis_random_select_last_index
    argmax_keepdims_example argmax_keepdims_example_select_last_index argmax_keepdims_random argmax_keepdims_random_select_last_index
    argmax_negative_axis_keepdims_example argmax_negative_axis_keepdims_example_select_last_index argmax_negative_axis_keepdims_random
    argmax_negative_axis_keepdims_random_select_last_index argmax_no_keepdims_example argmax_no_keepdims_example_select_last_index
    argmax_no_keepdims_random argmax_no_keepdims_random_select_last_index
    averagepool_2d_ceil averagepool_2d_dilations averagepool_2d_precomputed_pads averagepool_2d_precomputed_pads_count_include_pad
    averagepool_2d_precomputed_same_upper averagepool_2d_precomputed_strides averagepool_3d_dilations_small globalaveragepool_precomputed
    globalmaxpool_precomputed
    concat_1d_axis_0 concat_1d_axis_negative_1 concat_2d_axis_0 concat_2d_axis_1 concat_2d_axis_negative_1 concat_2d_axis_negative_2
    concat_3d_axis_0 concat_3d_axis_1 concat_3d_axis_2 concat_3d_axis_negative_1 concat_3d_axis_negative_2 concat_3d_axis_negative_3
    convinteger_with_padding convinteger_without_padding convtranspose_dilations matmulinteger
    constant_pad constant_pad_axes constant_pad_negative_axes edge_pad reflect_pad wrap_pad
    dequantizelinear dequantizelinear_axis quantizelinear quantizelinear_axis
    maxpool_2d_dilations maxpool_2d_uint8 maxpool_2d_precomputed_pads maxpool_2d_precomputed_same_upper maxpool_2d_precomputed_strides maxpool_2d_ceil
    qlinearconv qlinearmatmul_2D_uint8_float32 qlinearmatmul_3D_uint8_float32";

/// Tests that contradict the standard, what is said of them, and why.
pub const CONTRADICTING: &[(&str, &str, &str)] = &[
    (
        "qlinearmatmul_2D_int8_float32",
        "y[5] is -128, and 20 is expected",
        "the sixth number is -235.7 steps, which the standard saturates to -128; the test wraps it around to 20",
    ),
    (
        "qlinearmatmul_3D_int8_float32",
        "y[1] is -128, and 117 is expected",
        "the second number is -139.4 steps, which the standard saturates to -128; the test wraps it around to 117",
    ),
];

/// What is wrong with this outcome, if something is.
pub fn fault(name: &str, outcome: &Outcome) -> Option<String> {
    let must = IMPORTED.split_whitespace().any(|imported| imported == name);
    match outcome {
        Outcome::Equal(count) if *count > 0 => None,
        Outcome::Equal(_) => Some(format!("{name}: nothing was compared")),
        Outcome::Wrong(why) if CONTRADICTING.iter().any(|(test, said, _)| *test == name && said == why) => {
            None
        }
        Outcome::Wrong(why) => Some(format!("{name}: {why}")),
        Outcome::Refused(why) if must => Some(format!("{name}: it is refused: {why}")),
        Outcome::Refused(why) if rule(why) == "other" => Some(format!("{name}: refused by no rule: {why}")),
        Outcome::Refused(_) => None,
    }
}
