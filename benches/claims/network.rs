//! A trained network of the examples that may be changed: other keys of nodes, other tensors, some of its nodes alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use ternlet::datapath::{Catalog, Datapath, Source, Tensor};
use ternlet::graph::Graph;
use ternlet::stream::Tokens;
use toml::{Table, Value};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");

#[derive(Clone)]
pub struct Network {
    design: Table,
    tensors: BTreeMap<String, Tensor>,
}

impl Source for Network {
    fn tensor(&self, file: &str, name: Option<&str>) -> Result<Tensor, String> {
        name.and_then(|name| self.tensors.get(name)).cloned().ok_or(format!("{file}: no tensor {name:?}"))
    }
}

/// All tensors of a safetensors file of integers of at most 32 bits.
pub fn tensors(path: &Path) -> BTreeMap<String, Tensor> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = safetensors::SafeTensors::deserialize(&bytes).expect("a safetensors file");
    let integers = |view: &safetensors::tensor::TensorView| -> Vec<i64> {
        let (size, signed) = (view.dtype().bitsize() / 8, format!("{:?}", view.dtype()).starts_with('I'));
        let integer = |bytes: &[u8]| {
            let unsigned = bytes.iter().rev().fold(0i64, |value, byte| value << 8 | i64::from(*byte));
            let bits = 64 - 8 * size as u32;
            if signed { unsigned << bits >> bits } else { unsigned }
        };
        view.data().chunks(size).map(integer).collect()
    };
    let tensor = |(name, view): (String, safetensors::tensor::TensorView)| {
        (name, Tensor { shape: view.shape().to_vec(), values: integers(&view) })
    };
    file.tensors().into_iter().map(tensor).collect()
}

impl Network {
    pub fn example(name: &str) -> Self {
        let examples = Path::new(EXAMPLES);
        let text = fs::read_to_string(examples.join(format!("{name}.toml"))).expect("an example");
        let data = examples.join(format!("data/networks/{name}.safetensors"));
        Self { design: text.parse().expect("a design"), tensors: tensors(&data) }
    }

    pub fn values(&self, tensor: &str) -> &[i64] {
        &self.tensors[tensor].values
    }

    pub fn shape(&self, tensor: &str) -> &[usize] {
        &self.tensors[tensor].shape
    }

    pub fn set(&mut self, tensor: &str, values: Vec<i64>) {
        self.tensors.get_mut(tensor).expect("a tensor").values = values;
    }

    fn nodes(&mut self) -> &mut Vec<Value> {
        self.design["node"].as_array_mut().expect("nodes")
    }

    /// The keys of a node.
    pub fn node(&mut self, name: &str) -> &mut Table {
        let is = |node: &&mut Value| node["name"].as_str() == Some(name);
        let node = self.nodes().iter_mut().find(is).unwrap_or_else(|| panic!("no node {name}"));
        node.as_table_mut().expect("a table")
    }

    /// Sets keys of a node, as a design file says them.
    pub fn change(&mut self, name: &str, keys: &str) {
        let keys: Table = keys.parse().expect("keys");
        self.node(name).extend(keys);
    }

    /// Maps of size `from` are of size `to`.
    pub fn resize(&mut self, from: [i64; 3], to: [i64; 3]) {
        let [from, to] = [from, to].map(|size| Value::Array(size.map(Value::from).to_vec()));
        let sizes = self.nodes().iter_mut().filter_map(|node| node.get_mut("size"));
        sizes.filter(|size| **size == from).for_each(|size| *size = to.clone());
    }

    /// The nodes that `keep` says, of which `outputs` leave: pairs of a name and a node's stream.
    pub fn part(&self, keep: impl Fn(&str) -> bool, outputs: &[(&str, &str)]) -> Self {
        let mut part = self.clone();
        part.nodes().retain(|node| keep(node["name"].as_str().expect("a name")));
        let leaving = |(name, stream): &(&str, &str)| (name.to_string(), Value::from(*stream));
        part.design.insert("outputs".into(), Value::Table(outputs.iter().map(leaving).collect()));
        ["probes", "expected", "labels", "input"].iter().for_each(|key| _ = part.design.remove(*key));
        part
    }

    /// All nodes up to this one, which leaves its sums as they are.
    pub fn sums_of(&self, name: &str) -> Self {
        let names: Vec<String> = self.design["node"]
            .as_array()
            .expect("nodes")
            .iter()
            .map(|node| node["name"].as_str().expect("a name").to_owned())
            .collect();
        let last = names.iter().position(|node| node == name).expect("a node");
        let mut part =
            self.part(|node| names[..=last].iter().any(|kept| kept == node), &[("y", &format!("{name}.y"))]);
        ["requantize", "thresholds"].iter().for_each(|key| _ = part.node(name).remove(*key));
        part
    }

    pub fn datapath(&self) -> Box<dyn Datapath> {
        let graph = Graph::of_table(&self.design).unwrap_or_else(|error| panic!("{error:?}"));
        let network = graph.load(&Catalog::standard(), self);
        Box::new(network.unwrap_or_else(|errors| panic!("{errors:?}")))
    }

    /// What leaves by an output for the values of the one input, of whole frames.
    pub fn golden(&self, values: &[i64], output: &str) -> Vec<i64> {
        self.golden_of(|_| values, output)
    }

    /// The same of several inputs, by their names.
    pub fn golden_of<'v>(&self, values: impl Fn(&str) -> &'v [i64], output: &str) -> Vec<i64> {
        let datapath = self.datapath();
        let ports = datapath.ports();
        let inputs = ports.inputs.iter().map(|port| Tokens::pack(port, values(&port.name)));
        let results = datapath.golden(&inputs.collect());
        let port = ports.outputs.iter().position(|port| port.name == output).expect("an output");
        results[port].unpack(&ports.outputs[port])
    }

    /// The mean of each filter's sums in a layer, over all positions of what `inputs` makes of them.
    pub fn means(&self, layer: &str, inputs: &[i64]) -> Vec<f64> {
        let part = self.sums_of(layer);
        let filters = part.clone().node(layer)["filters"].as_integer().expect("filters") as usize;
        let sums = part.golden(inputs, "y");
        let positions = (sums.len() / filters) as f64;
        let mean = |filter: usize| sums.iter().skip(filter).step_by(filters).sum::<i64>() as f64 / positions;
        (0..filters).map(mean).collect()
    }
}
