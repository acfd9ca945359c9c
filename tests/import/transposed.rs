//! Transposed convolutions, held against what the reference evaluator of ONNX computed: tests/vectors/transposed_convolution.py.

use crate::expected::{Case, Network};
use crate::model::{Message, Model, floats, int_attribute, ints_attribute, node, text_attribute, value};
use crate::vectors::{Vector, vectors};
use std::fs;

fn ints(numbers: &[usize]) -> Vec<i64> {
    numbers.iter().map(|number| *number as i64).collect()
}

/// A vector as a model.
struct Layer<'v>(&'v Vector);

impl Layer<'_> {
    /// Quantizers of integers as they are, around the layer with these attributes.
    fn model(&self, attributes: Vec<Message>) -> Model {
        let Vector { size, channels, filters, kernel, stride, groups, input, w, .. } = self.0;
        let quant = |name: &str, input: &str, output: &str, bits: &str, signed: bool| {
            let attributes = [
                int_attribute("signed", signed.into()),
                int_attribute("narrow", 0),
                text_attribute("rounding_mode", "ROUND"),
            ];
            node(
                name,
                "Quant",
                "qonnx.custom_op.general",
                &[input, "one", "zero", bits],
                &[output],
                &attributes,
            )
        };
        let common = [
            ints_attribute("kernel_shape", &ints(kernel), true),
            ints_attribute("strides", &ints(stride), true),
            int_attribute("group", *groups as i64),
        ];
        let attributes = [&common[..], &attributes].concat();
        let weights: Vec<f32> = w.concat().into_iter().map(|weight| weight as f32).collect();
        let shape = [&[*channels, filters / groups], &kernel[..]].concat();
        let bits: f32 = input[1..].parse().unwrap();
        Model {
            nodes: vec![
                quant("/input", "x", "codes", "bits", input.starts_with('s')),
                quant("/weights", "weight", "trits", "two", true),
                node("/up", "ConvTranspose", "", &["codes", "trits"], &["y"], &attributes),
            ],
            tensors: vec![
                floats("one", &[], &[1.0]),
                floats("zero", &[], &[0.0]),
                floats("bits", &[], &[bits]),
                floats("two", &[], &[2.0]),
                floats("weight", &ints(&shape), &weights),
            ],
            inputs: vec![value("x", &[&[1, *channels as i64], &ints(size)[..]].concat())],
            outputs: vec![value("y", &[&[1, *filters as i64], &ints(&self.0.shape)[..]].concat())],
        }
    }

    /// The padding in the order of ONNX, with `output_padding` besides where there is some to spare.
    fn pads(&self, more: usize) -> Vec<Message> {
        let begins = self.0.padding.iter().map(|ends| ends[0]);
        let pads: Vec<usize> = begins.chain(self.0.padding.iter().map(|ends| ends[1] + more)).collect();
        let mut attributes = vec![ints_attribute("pads", &ints(&pads), true)];
        if more > 0 {
            attributes.push(ints_attribute("output_padding", &vec![more as i64; self.0.size.len()], true));
        }
        attributes
    }

    /// What leaves for `x`.
    fn run(&self, network: &Network) -> Vec<i64> {
        let mut outputs = network.run(std::slice::from_ref(&self.0.x));
        // The input's codes leave as a probe, and where there are several filters the class besides.
        outputs.retain(|name, _| !["codes", "class"].contains(&&**name));
        assert_eq!(outputs.len(), 1, "{:?}", outputs.keys());
        outputs.into_values().flatten().flatten().collect()
    }

    fn imported(&self, attributes: Vec<Message>) -> Network {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.onnx");
        fs::write(&path, self.model(attributes).bytes()).unwrap();
        let input = if self.0.input.starts_with('u') { "u8" } else { "s8" };
        Network::import(&path, Case { input, outside: 0 })
    }
}

/// Whatever overlaps, is left out, or is in groups: `y` itself, and within the bounds that the import says.
#[test]
fn sums_are_those_of_the_reference_evaluator() {
    for (index, vector) in vectors().iter().enumerate() {
        for more in [0, 1] {
            let made = Layer(vector);
            let network = made.imported(made.pads(more));
            assert_eq!(made.run(&network), vector.y, "case {index}");
            let layer = network.imported.lowered.layers.last().unwrap();
            for (place, sum) in vector.y.iter().enumerate() {
                let bounds = layer.bounds[place % vector.filters];
                assert!((bounds.0..=bounds.1).contains(sum), "case {index}: {sum} in {bounds:?}");
            }
        }
    }
}

/// `output_shape` says what is left out in all, and the end gets what is left of half of it.
#[test]
fn a_wanted_shape_is_reached() {
    let mut tried = 0;
    for vector in vectors().iter().filter(|vector| vector.padding.iter().all(|ends| ends[0] == ends[1])) {
        let shape = ints_attribute("output_shape", &ints(&vector.shape), true);
        let network = Layer(vector).imported(vec![shape]);
        assert_eq!(Layer(vector).run(&network), vector.y);
        tried += 1;
    }
    assert!(tried > 4, "{tried} can be tried");
}
