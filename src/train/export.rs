//! A trained network as a design, by the way that an ONNX file takes: the same graph of real numbers, made exact by [`crate::import`].

use super::integers::{Integers, Lines, Norm, Whole, WholeWork};
use super::methods::uniform::Codes;
use super::network::{Network, Work};
use super::ops::{EPSILON, Windows};
use crate::datapath::NmPattern;
use crate::graph::Graph;
use crate::import::onnx::{Attribute, Attributes, Constant, Element, Input, Model, Node, Values};
use std::collections::{BTreeMap, HashMap};

/// A model under construction.
struct Writer {
    model: Model,
    /// The tensor that the next node takes.
    last: String,
    /// Positions and channels of a map that was flattened, until a matrix takes it.
    flat: Option<(usize, usize)>,
}

/// The model that a trained network means, with the codes of its weights as they leave the trainer.
pub fn model(integers: &Integers, network: &Network) -> Model {
    let (size, channels) = network.nodes.first().map_or((Vec::new(), 1), |node| node.input.clone());
    let shape = [&[1, channels], &size[..]].concat().into_iter().map(Some).collect();
    let model = Model {
        nodes: Vec::new(),
        inputs: vec![Input { name: "frame".into(), shape: Some(shape) }],
        outputs: vec!["class".into()],
        constants: HashMap::new(),
        opset: 13,
        annotations: HashMap::new(),
    };
    let mut writer = Writer { model, last: "frame".into(), flat: None };
    for (whole, node) in integers.nodes.iter().zip(&network.nodes) {
        writer.node(whole, &node.input);
    }
    writer.add(
        "class",
        "ArgMax",
        "",
        &[],
        [("axis", Attribute::Int(1)), ("keepdims", Attribute::Int(0))],
        "class",
    );
    writer.model
}

impl Writer {
    fn node(&mut self, whole: &Whole, (size, channels): &(Vec<usize>, usize)) {
        let name = &whole.name;
        match &whole.work {
            WholeWork::Flatten => {
                self.flat = Some((size.iter().product(), *channels));
                self.add(name, "Flatten", "", &[], [("axis", Attribute::Int(1))], &format!("{name}.flat"));
            }
            WholeWork::MaxPool(windows) => {
                self.add(name, "MaxPool", "", &[], walk(windows), &format!("{name}.pool"))
            }
            WholeWork::Weights { codes, rows, windows, lines, .. } => {
                let bias = match lines {
                    Lines::Scores { bias } => Some(self.floats(format!("{name}.bias"), bias)),
                    Lines::Codes { .. } => None,
                };
                self.weights(name, (codes, *rows, *channels), windows.as_ref(), bias);
                if let Lines::Codes { norm, step, bits } = lines {
                    self.codes(name, norm, *step, *bits);
                }
            }
        }
    }

    /// A matrix or a convolution, in the file's order: channels before positions.
    fn weights(
        &mut self,
        name: &str,
        (codes, rows, channels): (&Codes, usize, usize),
        windows: Option<&Windows>,
        bias: Option<String>,
    ) {
        let columns = codes.values.len() / rows;
        let (positions, channels) = match windows {
            Some(_) => (columns / channels, channels),
            None => self.flat.take().unwrap_or((1, columns)),
        };
        let order: Vec<usize> = (0..rows * columns)
            .map(|place| {
                let (row, column) = (place / columns, place % columns);
                row * columns + column % positions * channels + column / positions
            })
            .collect();
        let scale = |index: &usize| codes.sides[usize::from(codes.values[*index] < 0)] as f64 * codes.scale;
        let values = Values::Grid {
            codes: order.iter().map(|index| codes.values[*index]).collect(),
            scales: order.iter().map(scale).collect(),
        };
        let shape = match windows {
            Some(windows) => [&[rows, channels], &windows.kernel[..]].concat(),
            None => vec![rows, columns],
        };
        let tensor = format!("{name}.weight");
        self.model.constants.insert(tensor.clone(), Constant { shape, element: Element::F64, values });
        let inputs: Vec<String> = std::iter::once(tensor).chain(bias).collect();
        let output = format!("{name}.sum");
        match windows {
            Some(windows) => self.add(name, "Conv", "", &inputs, walk(windows), &output),
            None => self.add(name, "Gemm", "", &inputs, [("transB", Attribute::Int(1))], &output),
        }
    }

    /// A batch norm and a quantizer.
    fn codes(&mut self, name: &str, norm: &[Norm], step: f64, bits: u32) {
        let of = |part: fn(&Norm) -> f64| norm.iter().map(part).collect::<Vec<_>>();
        let parts = [
            ("gamma", of(|n| n.gamma)),
            ("beta", of(|n| n.beta)),
            ("mean", of(|n| n.mean)),
            ("variance", of(|n| n.variance)),
        ];
        let inputs = parts.map(|(part, values)| self.floats(format!("{name}.{part}"), &values));
        let norm = format!("{name}.norm");
        self.add(&norm, "BatchNormalization", "", &inputs, [("epsilon", Attribute::Float(EPSILON))], &norm);
        let scalars = [("step", step), ("zero", 0.0), ("bits", f64::from(bits))];
        let inputs = scalars.map(|(part, value)| self.floats(format!("{name}.{part}"), &[value]));
        let attributes = [
            ("signed", Attribute::Int(0)),
            ("narrow", Attribute::Int(0)),
            ("rounding_mode", Attribute::Text("ROUND".into())),
        ];
        self.add(
            &format!("{name}.quantizer"),
            "Quant",
            "qonnx.custom_op.general",
            &inputs,
            attributes,
            &code_of(name),
        );
    }

    fn floats(&mut self, name: String, values: &[f64]) -> String {
        let shape = if values.len() == 1 { Vec::new() } else { vec![values.len()] };
        let constant = Constant { shape, element: Element::F64, values: Values::F64(values.into()) };
        self.model.constants.insert(name.clone(), constant);
        name
    }

    /// A node that takes what the one before it gives, and these constants.
    fn add<'a>(
        &mut self,
        name: &str,
        op: &str,
        domain: &str,
        constants: &[String],
        attributes: impl IntoIterator<Item = (&'a str, Attribute)>,
        output: &str,
    ) {
        let inputs = std::iter::once(std::mem::replace(&mut self.last, output.into()))
            .chain(constants.iter().cloned());
        let attributes: BTreeMap<String, Attribute> =
            attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.model.nodes.push(Node {
            name: name.into(),
            op: op.into(),
            domain: domain.into(),
            inputs: inputs.collect(),
            outputs: vec![output.into()],
            attributes: Attributes::of(attributes),
        });
    }
}

/// The tensor of the codes behind a node.
pub fn code_of(name: &str) -> String {
    format!("{name}.code")
}

/// How windows walk, as ONNX says it.
fn walk(windows: &Windows) -> [(&'static str, Attribute); 3] {
    let list = |values: &[usize]| Attribute::Ints(values.iter().map(|value| *value as i64).collect());
    [
        ("kernel_shape", list(&windows.kernel)),
        ("strides", list(&windows.stride)),
        ("pads", list(&[&windows.padding[..], &windows.padding].concat())),
    ]
}

/// Says of the arrays whose weights were trained to a pattern that they have it, so that N multipliers do for M columns. Ternary ones stay, as
/// they have no multiplier.
pub fn with_patterns(graph: &mut Graph, layers: &[crate::import::Layer], network: &Network) {
    for node in &network.nodes {
        let Work::Weights(weights) = &node.work else { continue };
        let Some(pattern) = weights
            .method
            .pattern()
            .filter(|pattern| weights.windows.is_none() || has_whole_groups(*pattern, node.input.1))
        else {
            continue;
        };
        let made = layers.iter().find(|layer| layer.name == node.name).map(|layer| &layer.node);
        let sparse = ["nm_mac", "convolution"];
        let found = graph
            .nodes
            .iter_mut()
            .find(|found| Some(&found.name) == made && sparse.contains(&&found.kind[..]));
        if let Some(found) = found
            .filter(|found| found.keys.get("weight").and_then(|weight| weight.as_str()) != Some("ternary"))
        {
            found.keys.insert("pattern".into(), pattern.to_string().into());
            if weights.windows.is_some() {
                // Columns come as channels of a beat, then taps: so a group is channels of one tap.
                found.keys.insert("lanes".into(), (pattern.group() as i64).into());
            }
        }
    }
}

/// Whether the groups of a convolution in hardware, which go on from tap to tap, are those of the trainer, which begin anew at each.
fn has_whole_groups(pattern: NmPattern, channels: usize) -> bool {
    channels.is_multiple_of(pattern.group())
}
