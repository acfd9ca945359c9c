//! The graph from the tables of a design file.

use super::GraphError;
use super::value::{Endpoint, Feed, Fifo, Graph, Node};
use crate::datapath::MemoryKind;
use serde::Deserialize;
use toml::{Table, Value};

impl Graph {
    /// The graph of a design file, from its tables `datapath` or `node`, `outputs`, `probes` and `fifo`; other keys are not read.
    ///
    /// # Errors
    /// All that is not of the form of a graph. Whether kinds, keys and edges are there is what [`Graph::load`] says.
    pub fn of_table(root: &Table) -> Result<Self, Vec<GraphError>> {
        let mut errors = Vec::new();
        let graph = match (root.get("datapath"), root.get("node")) {
            (Some(_), Some(_)) => {
                let why = "a design has one table [datapath] or a list of [[node]], not both; leave one out";
                return Err(vec![GraphError::new("datapath", why)]);
            }
            (None, None) => {
                let why = "a design has a table [datapath] with its kind = \"...\", or a list of [[node]]; \
                           `ternlet datapaths` lists the kinds";
                return Err(vec![GraphError::new("datapath", why)]);
            }
            (Some(Value::Table(table)), None) => {
                if is_old_network(table) {
                    return Err(vec![GraphError::new("datapath.kind", renewed(root))]);
                }
                for key in ["outputs", "probes", "fifo"].into_iter().filter(|key| root.contains_key(*key)) {
                    let why = "is for a design of [[node]]; make the table [datapath] a [[node]] with a name";
                    errors.push(GraphError::new(key, why));
                }
                let mut keys = table.clone();
                kind("datapath", &mut keys, &mut errors).map(|kind| Graph::single(kind, keys))
            }
            (None, Some(Value::Array(nodes))) => of_nodes(root, nodes, &mut errors),
            (Some(_), None) => {
                errors.push(GraphError::new("datapath", "is a table: write [datapath]"));
                None
            }
            (None, Some(_)) => {
                errors.push(GraphError::new("node", "is a list of tables: write [[node]]"));
                None
            }
        };
        graph.filter(|_| errors.is_empty()).ok_or(errors)
    }
}

/// The most nodes of a graph.
const MOST_NODES: usize = 1024;

fn of_nodes(root: &Table, nodes: &[Value], errors: &mut Vec<GraphError>) -> Option<Graph> {
    if nodes.is_empty() || nodes.len() > MOST_NODES {
        let why = format!("there are {} nodes; a graph has 1 to {MOST_NODES}", nodes.len());
        errors.push(GraphError::new("node", why));
        return None;
    }
    let nodes: Vec<Option<Node>> =
        nodes.iter().enumerate().map(|(index, value)| node(index, value, errors)).collect();
    let outputs = endpoints(root, "outputs", errors);
    let probes = endpoints(root, "probes", errors);
    let fifos = fifos(root, errors);
    let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Graph { nodes, outputs, probes, fifos })
}

fn node(index: usize, value: &Value, errors: &mut Vec<GraphError>) -> Option<Node> {
    let at = format!("node[{index}]");
    let Value::Table(table) = value else {
        errors.push(GraphError::new(at, "is a table: write [[node]]"));
        return None;
    };
    let mut keys = table.clone();
    let name = match keys.remove("name") {
        Some(Value::String(name)) => Some(name),
        _ => {
            errors.push(GraphError::new(&at, "a node has a name = \"...\", which edges and reports use"));
            None
        }
    };
    let feed = match keys.remove("from") {
        None => Some(Feed::Before),
        Some(from) => feed(&at, &from, errors),
    };
    let kind = kind(&at, &mut keys, errors);
    Some(Node { name: name?, kind: kind?, feed: feed?, keys })
}

fn kind(at: &str, keys: &mut Table, errors: &mut Vec<GraphError>) -> Option<String> {
    match keys.remove("kind") {
        Some(Value::String(kind)) => Some(kind),
        _ => {
            let why = "there is no kind = \"...\" that says what it computes; `ternlet datapaths` lists them";
            errors.push(GraphError::new(at, why));
            None
        }
    }
}

fn feed(at: &str, from: &Value, errors: &mut Vec<GraphError>) -> Option<Feed> {
    match from {
        Value::String(from) => Some(Feed::One(Endpoint::parse(from))),
        Value::Table(inputs) => {
            let mut each = std::collections::BTreeMap::new();
            for (input, from) in inputs {
                match from {
                    Value::String(from) => drop(each.insert(input.clone(), Endpoint::parse(from))),
                    _ => errors.push(GraphError::new(format!("{at}.from.{input}"), STREAM)),
                }
            }
            Some(Feed::Each(each))
        }
        _ => {
            let why = "write from = \"NODE\", \"NODE.STREAM\" or \"input.STREAM\", or for several inputs a table of \
                       these: from = { x = \"NODE\" }";
            errors.push(GraphError::new(format!("{at}.from"), why));
            None
        }
    }
}

const STREAM: &str = "is a stream: write \"NODE\", or \"NODE.STREAM\" of a node that gives several";

fn endpoints(root: &Table, key: &str, errors: &mut Vec<GraphError>) -> Vec<(String, Endpoint)> {
    let mut found = Vec::new();
    match root.get(key) {
        None => {}
        Some(Value::Table(table)) => {
            for (name, from) in table {
                match from {
                    Value::String(from) => found.push((name.clone(), Endpoint::parse(from))),
                    _ => errors.push(GraphError::new(format!("{key}.{name}"), STREAM)),
                }
            }
        }
        Some(_) => {
            errors.push(GraphError::new(key, format!("is a table of streams: write [{key}]")));
        }
    }
    found
}

/// The keys of a table `[[fifo]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FifoKeys {
    into: String,
    depth: Option<usize>,
    #[serde(default)]
    memory: MemoryKind,
}

fn fifos(root: &Table, errors: &mut Vec<GraphError>) -> Vec<Fifo> {
    let list = match root.get("fifo") {
        None => return Vec::new(),
        Some(Value::Array(list)) => &list[..],
        Some(_) => {
            errors.push(GraphError::new("fifo", "is a list of tables: write [[fifo]]"));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (index, value) in list.iter().enumerate() {
        match value.clone().try_into::<FifoKeys>() {
            Ok(FifoKeys { into, depth, memory }) if depth.is_some() || !memory.is_default() => {
                found.push(Fifo { into: Endpoint::parse(&into), depth, memory });
            }
            _ => {
                let why = "a FIFO has into = \"NODE\" or \"NODE.INPUT\", before which it stands, and depth, its room in beats, or memory = \
                           \"spram\", or both";
                errors.push(GraphError::new(format!("fifo[{index}]"), why));
            }
        }
    }
    found
}

fn is_old_network(table: &Table) -> bool {
    table.get("kind").and_then(Value::as_str) == Some("network")
}

/// That the form of today is another, and the design file in it.
fn renewed(root: &Table) -> String {
    let mut new = Table::new();
    for (key, value) in root.iter().filter(|(key, _)| *key != "datapath") {
        new.insert(key.clone(), value.clone());
    }
    let layers = root["datapath"].get("layer").and_then(Value::as_array).cloned().unwrap_or_default();
    let (mut nodes, mut outputs, mut fifos) = (Vec::new(), Table::new(), Vec::new());
    for (index, layer) in layers.iter().enumerate() {
        let name = layer.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut node = Table::from_iter([("name".to_owned(), Value::String(name.clone()))]);
        if let Some(Value::Table(datapath)) = layer.get("datapath") {
            node.extend(resized(datapath.clone()));
        }
        nodes.push(Value::Table(node));
        let exposed = layer.get("expose").and_then(Value::as_bool).unwrap_or(false);
        if exposed || index + 1 == layers.len() {
            outputs.insert(name.clone(), Value::String(name.clone()));
        }
        if let Some(depth) = layer.get("fifo").and_then(Value::as_integer).filter(|depth| *depth > 0) {
            let into = ("into".to_owned(), Value::String(name));
            fifos.push(Value::Table(Table::from_iter([into, ("depth".to_owned(), Value::Integer(depth))])));
        }
    }
    new.insert("node".into(), Value::Array(nodes));
    new.insert("outputs".into(), Value::Table(outputs));
    if !fifos.is_empty() {
        new.insert("fifo".into(), Value::Array(fifos));
    }
    let text = toml::to_string(&new).unwrap_or_default();
    format!("a network is a list of [[node]] now; write this file so:\n\n{text}")
}

/// A datapath of old with the size of its frames in the words of today: pictures had a `width` and a `height`, and a `size` that was
/// "fixed" or "per_frame".
fn resized(mut keys: Table) -> Table {
    if let (Some(width), Some(height)) = (keys.remove("width"), keys.remove("height"))
        && let Some(size) = keys.insert("size".into(), Value::Array(vec![height, width]))
    {
        keys.insert("varying".into(), Value::Boolean(size.as_str() == Some("per_frame")));
    }
    keys
}
