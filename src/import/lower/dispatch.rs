//! Which operator is made by what.

use super::Lowering;
use super::value::{Held, Layout};
use crate::import::error::Problem;
use crate::import::onnx::{Model, Node};
use std::collections::BTreeMap;

type Maker<'m> = fn(&mut Lowering<'m>, &Node) -> Result<Vec<Held>, String>;

/// QONNX's operators stand in any of these.
const QUANTIZED: [&str; 4] =
    ["qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas", "qonnx.custom_op"];

const MICROSOFT: &str = "com.microsoft";

/// What makes a node; none where nothing does.
fn maker<'m>(domain: &str, op: &str) -> Option<Maker<'m>> {
    let maker: Maker<'m> = match (domain, op) {
        (domain, op) if QUANTIZED.contains(&domain) => match op {
            "Quant" | "IntQuant" => Lowering::quant,
            "BipolarQuant" => Lowering::bipolar,
            "Trunc" => Lowering::trunc,
            "MultiThreshold" => Lowering::multi_threshold,
            "Im2Col" => Lowering::im2col,
            _ => return None,
        },
        ("" | MICROSOFT, "QuantizeLinear") => Lowering::quantize_linear,
        ("" | MICROSOFT, "DequantizeLinear") => Lowering::dequantize_linear,
        (MICROSOFT, op) => match op {
            "QLinearAdd" => Lowering::qlinear_add,
            "QGemm" => Lowering::qgemm,
            "QLinearConcat" => Lowering::qlinear_concat,
            "QLinearGlobalAveragePool" => |lowering, node| lowering.qlinear_average(node, true),
            "QLinearAveragePool" => |lowering, node| lowering.qlinear_average(node, false),
            _ => return None,
        },
        ("", op) => match op {
            "Conv" => Lowering::conv,
            "ConvTranspose" => Lowering::conv_transpose,
            "Gemm" => Lowering::gemm,
            "MatMul" => Lowering::mat_mul,
            "QLinearConv" => Lowering::qlinear_conv,
            "QLinearMatMul" => Lowering::qlinear_mat_mul,
            "ConvInteger" | "MatMulInteger" => Lowering::integer_layer,
            "BatchNormalization" => Lowering::batch_norm,
            "Add" | "Sub" | "Mul" | "Div" => Lowering::arithmetic,
            "Relu" => Lowering::relu,
            "Clip" => Lowering::clip,
            "LeakyRelu" => Lowering::leaky_relu,
            "Sigmoid" => Lowering::sigmoid,
            "Tanh" => Lowering::tanh,
            "HardSigmoid" => Lowering::hard_sigmoid,
            "Identity" => Lowering::passed,
            "Dropout" => Lowering::dropout,
            "MaxPool" => |lowering, node| lowering.max_pool(node, false),
            "GlobalMaxPool" => |lowering, node| lowering.max_pool(node, true),
            "AveragePool" => |lowering, node| lowering.average_pool(node, false),
            "GlobalAveragePool" => |lowering, node| lowering.average_pool(node, true),
            "Concat" => Lowering::concat,
            "Flatten" => Lowering::flatten,
            "Reshape" => Lowering::reshape,
            "Squeeze" | "Unsqueeze" => Lowering::squeezed,
            "Transpose" => Lowering::transpose,
            "DepthToSpace" => Lowering::depth_to_space,
            "Pad" => Lowering::pad,
            "Resize" | "Upsample" => Lowering::resize,
            "Split" => Lowering::split,
            "Slice" => Lowering::slice,
            "ArgMax" => Lowering::arg_max,
            "TopK" => Lowering::top_k,
            "Softmax" | "LogSoftmax" => Lowering::softmax,
            "Shape" => Lowering::shape_of,
            "Gather" => Lowering::gather,
            "Cast" => Lowering::cast,
            "Sqrt" | "Pow" => Lowering::root,
            _ => return None,
        },
        _ => return None,
    };
    Some(maker)
}

/// Whether an operator is imported where the file's tensors have no batch: it looks at elements, at an axis that it names, or at a vector.
pub fn takes_any_axes(op: &str, layout: &Layout) -> bool {
    match op {
        "ArgMax" | "TopK" | "Concat" | "Split" | "Slice" | "Identity" | "Dropout" | "Cast" | "Quant"
        | "IntQuant" | "BipolarQuant" | "Trunc" | "QuantizeLinear" | "DequantizeLinear" | "Relu"
        | "LeakyRelu" | "Clip" | "Sigmoid" | "Tanh" | "HardSigmoid" | "Add" | "Sub" | "Mul" | "Div" => true,
        "Softmax" | "LogSoftmax" | "MatMul" | "MatMulInteger" | "QLinearMatMul" => layout.size().is_empty(),
        _ => false,
    }
}

/// What to do about an operator that is not imported.
fn help(op: &str) -> &'static str {
    match op {
        "FloatQuant" => "floating-point codes are not imported; quantize to integers",
        "DynamicQuantizeLinear" => "its scale depends on the data; quantize statically",
        "Gelu" | "Softplus" | "Exp" => {
            "take Relu, Clip, Sigmoid, Tanh, HardSigmoid or LeakyRelu before a quantizer"
        }
        "LSTM" | "GRU" | "RNN" | "If" | "Loop" | "Scan" => "networks without loops and states are imported",
        _ => "`ternlet import --help` lists those that are",
    }
}

/// The operators of a model that are not imported, each once with all its nodes.
pub fn unknown(model: &Model) -> Vec<Problem> {
    let mut found: BTreeMap<(String, String), Vec<&Node>> = BTreeMap::new();
    for node in model.nodes.iter().filter(|node| maker(&node.domain, &node.op).is_none()) {
        found.entry((node.domain.clone(), node.op.clone())).or_default().push(node);
    }
    let problem = |((domain, op), nodes): ((String, String), Vec<&Node>)| {
        let of = if domain.is_empty() { op.clone() } else { format!("{domain}.{op}") };
        let others: Vec<String> = nodes[1..].iter().take(8).map(|node| format!("{:?}", node.name)).collect();
        let more = match (nodes.len(), others.len()) {
            (1, _) => String::new(),
            (all, listed) if all == listed + 1 => format!(" (here and in {})", others.join(", ")),
            (all, listed) => format!(" (here and in {} and {} more)", others.join(", "), all - listed - 1),
        };
        Problem::new(nodes[0].shown(), format!("operator {of} is not imported{more}; {}", help(&op)))
    };
    found.into_iter().map(problem).collect()
}

impl<'m> Lowering<'m> {
    /// What a node gives, in the order of its outputs.
    pub fn node(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let maker = maker(&node.domain, &node.op).ok_or("its operator is not imported")?;
        maker(self, node)
    }
}
