//! A node of a graph.

use super::attribute::Attributes;

#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub op: String,
    /// Empty for ONNX's own operators.
    pub domain: String,
    /// An empty name is an input that is left out.
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    pub attributes: Attributes,
}

impl Node {
    /// As errors name it: `node "/net/net.7" (Conv)`.
    pub fn shown(&self) -> String {
        let name =
            if self.name.is_empty() { self.outputs.first().map_or("", |name| name) } else { &self.name };
        format!("node {name:?} ({})", self.op)
    }

    /// The name of input `index`, if it is there.
    pub fn input(&self, index: usize) -> Option<&str> {
        self.inputs.get(index).map(|name| &name[..]).filter(|name| !name.is_empty())
    }
}
