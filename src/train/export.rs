//! A trained network as a design, by the way that an ONNX file takes: the same graph of real numbers, made exact by [`crate::import`].

use super::description::Origin;
use super::integers::{Integers, Lines, Norm, Whole, WholeWork};
use super::methods::uniform::Codes;
use super::network::{Form, Network, Shape, Work};
use super::ops::{EPSILON, Windows};
use crate::datapath::NmPattern;
use crate::graph::Graph;
use crate::import::onnx::{Attribute, Attributes, Constant, Element, Input, Model, Node, Values};
use std::collections::{BTreeMap, HashMap};

/// A model under construction.
struct Writer {
    model: Model,
    /// Of each node the tensor that it gives.
    tensors: Vec<String>,
    /// Of each node, if it is a map as a vector, the positions and channels of that.
    flat: Vec<Option<(usize, usize)>>,
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
    let mut writer = Writer { model, tensors: Vec::new(), flat: Vec::new() };
    for (whole, node) in integers.nodes.iter().zip(&network.nodes) {
        writer.node(whole, &node.input);
    }
    let last = writer.tensors.last().cloned().unwrap_or_default();
    let attributes = [("axis", Attribute::Int(1)), ("keepdims", Attribute::Int(0))];
    writer.add("class", ("ArgMax", ""), vec![last], attributes, "class");
    writer.model
}

impl Writer {
    fn node(&mut self, whole: &Whole, (size, channels): &Shape) {
        let name = &whole.name;
        let of = |from: &Origin| match from {
            Origin::Frame => "frame".to_owned(),
            Origin::Node(index) => self.tensors[*index].clone(),
        };
        let inputs: Vec<String> = whole.from.iter().map(of).collect();
        let mut flat = None;
        let output = match &whole.work {
            WholeWork::Flatten => {
                flat = Some((size.iter().product(), *channels));
                self.add(
                    name,
                    ("Flatten", ""),
                    inputs,
                    [("axis", Attribute::Int(1))],
                    &format!("{name}.flat"),
                )
            }
            WholeWork::MaxPool(windows) => {
                self.add(name, ("MaxPool", ""), inputs, walk(windows), &format!("{name}.pool"))
            }
            WholeWork::Concat => {
                let axis = [("axis", Attribute::Int(1))];
                self.add(name, ("Concat", ""), inputs, axis, &format!("{name}.joined"))
            }
            WholeWork::Add => self.add(name, ("Add", ""), inputs, [], &format!("{name}.joined")),
            WholeWork::Weights { codes, rows, form, lines, .. } => {
                let bias = match lines {
                    Lines::Scores { bias } => Some(self.floats(format!("{name}.bias"), bias)),
                    Lines::Codes { .. } => None,
                };
                let was_map = match whole.from[0] {
                    Origin::Node(index) => self.flat[index],
                    Origin::Frame => None,
                };
                let weight = self.weight(name, (codes, *rows, *channels), form, was_map);
                let inputs = inputs.into_iter().chain([weight]).chain(bias).collect();
                let sum = format!("{name}.sum");
                let sum = match form {
                    Form::Matrix => {
                        self.add(name, ("Gemm", ""), inputs, [("transB", Attribute::Int(1))], &sum)
                    }
                    Form::Convolution(windows) => self.add(name, ("Conv", ""), inputs, walk(windows), &sum),
                    Form::Blocks(blocks) => self.add(name, ("ConvTranspose", ""), inputs, walk(blocks), &sum),
                };
                match lines {
                    Lines::Codes { norm, step, bits } => self.codes(name, sum, norm, (*step, *bits)),
                    Lines::Scores { .. } => sum,
                }
            }
        };
        self.tensors.push(output);
        self.flat.push(flat);
    }

    /// The weights of a matrix or a convolution, in the file's order: channels before positions. `was_map` are the positions and channels of a map that
    /// comes in as a vector.
    fn weight(
        &mut self,
        name: &str,
        (codes, rows, channels): (&Codes, usize, usize),
        form: &Form,
        was_map: Option<(usize, usize)>,
    ) -> String {
        let columns = codes.values.len() / rows;
        let (positions, channels) = match form {
            Form::Matrix => was_map.unwrap_or((1, columns)),
            Form::Convolution(_) | Form::Blocks(_) => (columns / channels, channels),
        };
        // How many, and how far apart in the trainer's order. A transposed convolution has its channels outermost.
        let [(outer, of_outer), (inner, of_inner)] = match form {
            Form::Matrix | Form::Convolution(_) => [(rows, columns), (channels, 1)],
            Form::Blocks(_) => [(channels, 1), (rows, columns)],
        };
        let place = |index: usize| {
            let (both, position) = (index / positions, index % positions);
            both / inner * of_outer + both % inner * of_inner + position * channels
        };
        let order: Vec<usize> = (0..outer * inner * positions).map(place).collect();
        let shape = match form {
            Form::Matrix => vec![rows, columns],
            Form::Convolution(windows) | Form::Blocks(windows) => {
                [&[outer, inner], &windows.kernel[..]].concat()
            }
        };
        let scale = |index: &usize| codes.sides[usize::from(codes.values[*index] < 0)] as f64 * codes.scale;
        let values = Values::Grid {
            codes: order.iter().map(|index| codes.values[*index]).collect(),
            scales: order.iter().map(scale).collect(),
        };
        let tensor = format!("{name}.weight");
        self.model.constants.insert(tensor.clone(), Constant { shape, element: Element::F64, values });
        tensor
    }

    /// A batch norm and a quantizer of the tensor `sum`.
    fn codes(&mut self, name: &str, sum: String, norm: &[Norm], (step, bits): (f64, u32)) -> String {
        let of = |part: fn(&Norm) -> f64| norm.iter().map(part).collect::<Vec<_>>();
        let parts = [
            ("gamma", of(|n| n.gamma)),
            ("beta", of(|n| n.beta)),
            ("mean", of(|n| n.mean)),
            ("variance", of(|n| n.variance)),
        ];
        let constants = parts.map(|(part, values)| self.floats(format!("{name}.{part}"), &values));
        let norm = format!("{name}.norm");
        let inputs = [sum].into_iter().chain(constants).collect();
        let epsilon = [("epsilon", Attribute::Float(EPSILON))];
        let normal = self.add(&norm, ("BatchNormalization", ""), inputs, epsilon, &norm);
        let scalars = [("step", step), ("zero", 0.0), ("bits", f64::from(bits))];
        let constants = scalars.map(|(part, value)| self.floats(format!("{name}.{part}"), &[value]));
        let attributes = [
            ("signed", Attribute::Int(0)),
            ("narrow", Attribute::Int(0)),
            ("rounding_mode", Attribute::Text("ROUND".into())),
        ];
        let inputs = [normal].into_iter().chain(constants).collect();
        let quantizer = format!("{name}.quantizer");
        self.add(&quantizer, ("Quant", "qonnx.custom_op.general"), inputs, attributes, &code_of(name))
    }

    fn floats(&mut self, name: String, values: &[f64]) -> String {
        let shape = if values.len() == 1 { Vec::new() } else { vec![values.len()] };
        let constant = Constant { shape, element: Element::F64, values: Values::F64(values.into()) };
        self.model.constants.insert(name.clone(), constant);
        name
    }

    /// A node of these inputs that gives `output`: its name again.
    fn add<'a>(
        &mut self,
        name: &str,
        (op, domain): (&str, &str),
        inputs: Vec<String>,
        attributes: impl IntoIterator<Item = (&'a str, Attribute)>,
        output: &str,
    ) -> String {
        let attributes: BTreeMap<String, Attribute> =
            attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.model.nodes.push(Node {
            name: name.into(),
            op: op.into(),
            domain: domain.into(),
            inputs,
            outputs: vec![output.into()],
            attributes: Attributes::of(attributes),
        });
        output.into()
    }
}

/// The tensor of the codes behind a node.
pub fn code_of(name: &str) -> String {
    format!("{name}.code")
}

/// How windows walk, as ONNX says it.
fn walk(windows: &Windows) -> [(&'static str, Attribute); 3] {
    [
        ("kernel_shape", ints(&windows.kernel)),
        ("strides", ints(&windows.stride)),
        ("pads", ints(&[&windows.padding[..], &windows.padding].concat())),
    ]
}

fn ints(values: &[usize]) -> Attribute {
    Attribute::Ints(values.iter().map(|value| *value as i64).collect())
}

/// Says of the arrays whose weights were trained to a pattern that they have it, so that N multipliers do for M columns. Ternary ones stay, as
/// they have no multiplier.
pub fn with_patterns(graph: &mut Graph, layers: &[crate::import::Layer], network: &Network) {
    for node in &network.nodes {
        let Work::Weights(weights) = &node.work else { continue };
        let Some(pattern) = weights
            .method
            .pattern()
            .filter(|pattern| weights.form == Form::Matrix || has_whole_groups(*pattern, node.input.1))
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
            if weights.form != Form::Matrix {
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
