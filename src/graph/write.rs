//! The graph as the text of a design file.

use super::value::{Feed, Graph, Node};
use toml::{Table, Value};

impl Graph {
    /// The tables of a design file that mean this graph; [`Graph::of_table`] reads the same from them.
    pub fn to_table(&self) -> Table {
        let mut root = Table::new();
        if self.is_single() {
            root.insert("datapath".into(), Value::Table(with_kind(&self.nodes[0], Table::new())));
            return root;
        }
        let node = |node: &Node| {
            let mut table = Table::new();
            table.insert("name".into(), Value::String(node.name.clone()));
            let mut table = with_kind(node, table);
            if let Some(feed) = feed(&node.feed) {
                // Plain keys come before tables.
                table.insert("from".into(), feed);
            }
            Value::Table(table)
        };
        root.insert("node".into(), Value::Array(self.nodes.iter().map(node).collect()));
        for (key, streams) in [("outputs", &self.outputs), ("probes", &self.probes)] {
            if !streams.is_empty() {
                let streams = streams.iter().map(|(name, from)| (name.clone(), from.to_string().into()));
                root.insert(key.into(), Value::Table(streams.collect()));
            }
        }
        if !self.fifos.is_empty() {
            let fifo = |fifo: &super::Fifo| {
                let mut table = Table::new();
                table.insert("into".into(), fifo.into.to_string().into());
                if let Some(depth) = fifo.depth {
                    table.insert("depth".into(), Value::Integer(depth as i64));
                }
                if !fifo.memory.is_default() {
                    table.insert("memory".into(), Value::try_from(fifo.memory).expect("a word"));
                }
                Value::Table(table)
            };
            root.insert("fifo".into(), Value::Array(self.fifos.iter().map(fifo).collect()));
        }
        root
    }

    /// [`Graph::to_table`] as text.
    pub fn to_toml(&self) -> String {
        toml::to_string(&self.to_table()).expect("tables of TOML are TOML")
    }
}

fn with_kind(node: &Node, mut table: Table) -> Table {
    table.insert("kind".into(), Value::String(node.kind.clone()));
    table.extend(node.keys.clone());
    table
}

fn feed(feed: &Feed) -> Option<Value> {
    match feed {
        Feed::Before => None,
        Feed::One(from) => Some(Value::String(from.to_string())),
        Feed::Each(inputs) => {
            let inputs = inputs.iter().map(|(input, from)| (input.clone(), from.to_string().into()));
            Some(Value::Table(inputs.collect()))
        }
    }
}
