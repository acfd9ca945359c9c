//! A model as a graph of nodes whose every tensor has one origin.

use super::attribute::{Attribute, Attributes};
use super::constant::Constant;
use super::node::Node;
use super::order::in_order;
use super::proto::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueProto};
use crate::import::error::{ImportError, Problem};
use prost::Message;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read.
const MOST_BYTES: u64 = 256 << 20;

/// The most nodes of a graph.
const MOST_NODES: usize = 1 << 16;

/// A model, whose nodes stand in an order in which each comes after what it takes.
#[derive(Clone, Debug)]
pub struct Model {
    pub nodes: Vec<Node>,
    pub inputs: Vec<Input>,
    pub outputs: Vec<String>,
    /// Initializers and what nodes of kind `Constant` give, by name.
    pub constants: HashMap<String, Constant>,
    /// The version of ONNX's own operators.
    pub opset: i64,
    /// The type of a tensor's integers where FINN has noted it: `UINT8`.
    pub annotations: HashMap<String, String>,
}

/// A tensor that comes from outside; a length that the file leaves open is none.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub shape: Option<Vec<Option<usize>>>,
}

impl Model {
    /// The model of the file at `path`.
    ///
    /// # Errors
    /// That it cannot be read, or all that is wrong with it.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let unreadable = |source| ImportError::Unreadable { path: path.into(), source };
        let mut file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?;
        if !size.is_file() || size.len() > MOST_BYTES {
            let why = format!("is no file, or has more than {} MB, which are not read", MOST_BYTES >> 20);
            return Err(unreadable(io::Error::other(why)));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::of_bytes(&bytes, folder).map_err(|problems| ImportError::Wrong { path: path.into(), problems })
    }

    /// The model of an ONNX file's bytes; files of external data stand in `folder`.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn of_bytes(bytes: &[u8], folder: &Path) -> Result<Self, Vec<Problem>> {
        let of_file = |why: String| vec![Problem::of_file(why)];
        let model = ModelProto::decode(bytes).map_err(|error| {
            of_file(format!("the file is cut, or is no ONNX file ({error}); export it again"))
        })?;
        let opset = model.opsets.iter().find(|set| is_onnx(&set.domain)).map_or(1, |set| set.version);
        let graph = model.graph.filter(|graph| !graph.nodes.is_empty());
        let graph = graph
            .ok_or_else(|| of_file("there is no graph with a node in it; export the model again".into()))?;
        if graph.nodes.len() > MOST_NODES {
            return Err(of_file(format!(
                "there are {} nodes, and at most {MOST_NODES} are read",
                graph.nodes.len()
            )));
        }
        checked(graph, opset, folder)
    }
}

fn is_onnx(domain: &str) -> bool {
    ["", "ai.onnx"].contains(&domain)
}

fn checked(graph: GraphProto, opset: i64, folder: &Path) -> Result<Model, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut constants = HashMap::new();
    for tensor in &graph.initializers {
        match read(tensor, folder) {
            Ok(constant) => {
                if constants.insert(tensor.name.clone(), constant).is_some() {
                    let why = "there are two initializers of this name; export the model again";
                    problems.push(Problem::new(format!("tensor {:?}", tensor.name), why));
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    let inputs: Vec<Input> =
        graph.inputs.iter().filter(|input| !constants.contains_key(&input.name)).map(input).collect();
    let mut nodes = Vec::new();
    for proto in graph.nodes {
        match node(proto, folder) {
            Ok(node) => nodes.push(node),
            Err(found) => problems.extend(found),
        }
    }
    let (made, nodes): (Vec<Node>, Vec<Node>) =
        nodes.into_iter().partition(|node| node.op == "Constant" && is_onnx(&node.domain));
    let mut known: HashSet<String> =
        constants.keys().cloned().chain(inputs.iter().map(|input| input.name.clone())).collect();
    for node in made.iter().chain(&nodes) {
        for output in node.outputs.iter().filter(|name| !name.is_empty()) {
            if !known.insert(output.clone()) {
                let why = format!(
                    "another node, input or initializer gives tensor {output:?} too; export the model again"
                );
                problems.push(Problem::new(node.shown(), why));
            }
        }
    }
    for node in &made {
        match constant_of(node) {
            Ok(constant) => {
                drop(constants.insert(node.outputs.first().cloned().unwrap_or_default(), constant))
            }
            Err(why) => problems.push(Problem::new(node.shown(), why)),
        }
    }
    let outputs: Vec<String> = graph.outputs.iter().map(|output| output.name.clone()).collect();
    for output in outputs.iter().filter(|name| !known.contains(*name)) {
        problems.push(Problem::new(format!("output {output:?}"), "no node gives it; export the model again"));
    }
    if outputs.is_empty() {
        problems.push(Problem::of_file("the graph has no output; export the model again"));
    }
    for node in &nodes {
        for input in node.inputs.iter().filter(|name| !name.is_empty() && !known.contains(*name)) {
            let why =
                format!("no node, input or initializer gives its input {input:?}; export the model again");
            problems.push(Problem::new(node.shown(), why));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let nodes = in_order(nodes)?;
    let note = |annotation: super::proto::AnnotationProto| {
        let entry = annotation.entries.into_iter().find(|entry| entry.key == "finn_datatype")?;
        Some((annotation.tensor, entry.value))
    };
    let annotations = graph.annotations.into_iter().filter_map(note).collect();
    Ok(Model { nodes, inputs, outputs, constants, opset, annotations })
}

fn read(tensor: &TensorProto, folder: &Path) -> Result<Constant, Problem> {
    tensor.read(folder).map_err(|why| Problem::new(format!("tensor {:?}", tensor.name), why))
}

fn input(proto: &ValueProto) -> Input {
    let tensor = proto.of.as_ref().and_then(|of| of.tensor.as_ref());
    let shape = tensor.and_then(|tensor| tensor.shape.as_ref()).map(|shape| {
        let length = |dim: &super::proto::DimProto| {
            dim.value.and_then(|value| usize::try_from(value).ok()).filter(|length| *length > 0)
        };
        shape.dims.iter().map(length).collect()
    });
    Input { name: proto.name.clone(), shape }
}

fn node(proto: NodeProto, folder: &Path) -> Result<Node, Vec<Problem>> {
    let NodeProto { inputs, outputs, name, op, attributes, domain } = proto;
    let domain = if is_onnx(&domain) { String::new() } else { domain };
    let mut node = Node { name, op, domain, inputs, outputs, attributes: Attributes::default() };
    let mut found = BTreeMap::new();
    let mut problems = Vec::new();
    for proto in attributes {
        let name = proto.name.clone();
        match attribute(proto, folder) {
            Ok(attribute) => drop(found.insert(name, attribute)),
            Err(why) => problems.push(Problem::new(node.shown(), format!("its attribute {name}: {why}"))),
        }
    }
    node.attributes = Attributes(found);
    if problems.is_empty() { Ok(node) } else { Err(problems) }
}

fn attribute(proto: AttributeProto, folder: &Path) -> Result<Attribute, String> {
    Ok(match proto.kind {
        1 => Attribute::Float(proto.f),
        2 => Attribute::Int(proto.i),
        3 => Attribute::Text(String::from_utf8(proto.s).map_err(|_| "is no text")?),
        4 => Attribute::Tensor(proto.t.ok_or("has no tensor")?.read(folder)?),
        6 => Attribute::Floats(proto.floats),
        7 => Attribute::Ints(proto.ints),
        _ => Attribute::Other,
    })
}

/// What a node of kind `Constant` gives.
fn constant_of(node: &Node) -> Result<Constant, String> {
    let attributes = &node.attributes;
    let float = |values: Vec<f32>| Constant {
        shape: vec![values.len()],
        element: super::constant::Element::F32,
        values: super::constant::Values::F32(values),
    };
    if let Some(tensor) = attributes.tensor("value")? {
        return Ok(tensor);
    }
    if let Some(values) = attributes.ints("value_ints")? {
        return Ok(Constant::of_ints(values));
    }
    if let Some(values) = attributes.floats("value_floats")? {
        return Ok(float(values));
    }
    if attributes.has("value_int") {
        return Ok(Constant::of_ints(vec![attributes.int("value_int", 0)?]).reshaped(Vec::new()));
    }
    if attributes.has("value_float") {
        return Ok(float(vec![attributes.float("value_float", 0.0)?]).reshaped(Vec::new()));
    }
    Err("it has no numbers; only tensors of numbers are read".into())
}
