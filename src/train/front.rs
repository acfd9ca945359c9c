//! Datapaths in front of a network: it is trained on what they give, and they stand before it in the design.

use crate::datapath::{Catalog, Datapath, Source, Tensor};
use crate::graph::{Endpoint, Feed, Graph, Network, WORLD};
use crate::stream::{Tokens, bounds};
use toml::{Table, Value};

/// Nodes of a design file, of which one stream comes in and one leaves.
pub struct Front {
    graph: Graph,
    network: Network,
}

impl Front {
    /// The front of the tables `[[front]]`; none where there are none.
    ///
    /// # Errors
    /// All that is wrong with them: the key within `front`, and a sentence.
    pub fn of(
        tables: &[Table],
        catalog: &Catalog,
        source: &dyn Source,
    ) -> Result<Option<Self>, Vec<(String, String)>> {
        if tables.is_empty() {
            return Ok(None);
        }
        let nodes = tables.iter().cloned().map(Value::Table).collect();
        let root = Table::from_iter([("node".to_owned(), Value::Array(nodes))]);
        let graph = Graph::of_table(&root);
        let loaded = graph.and_then(|graph| Ok((graph.load(catalog, source)?, graph)));
        let (network, graph) = loaded.map_err(|errors| {
            let key = |text: &str| text.replacen("node[", "front[", 1);
            errors.into_iter().map(|error| (key(&error.at), key(&error.message))).collect::<Vec<_>>()
        })?;
        let ports = network.ports();
        match (&ports.inputs[..], &ports.outputs[..]) {
            ([x], [y]) if !x.is_varying() && !y.is_varying() => Ok(Some(Self { graph, network })),
            _ => {
                let why = "frames of one size come in by one stream and leave by one".to_owned();
                Err(vec![("front[0]".into(), why)])
            }
        }
    }

    /// What the network sees of `frames`.
    ///
    /// # Errors
    /// In a sentence, if they are no frames of its input.
    pub fn seen(&self, frames: &Tensor) -> Result<Tensor, String> {
        let ports = self.network.ports();
        let (x, y) = (&ports.inputs[0], &ports.outputs[0]);
        let count = frames.shape.first().copied().unwrap_or(0);
        if frames.values.len() != count * x.frame_values() {
            return Err(format!(
                "frames: its shape is {:?}, but {} integers come into [[front]] with each frame",
                frames.shape,
                x.frame_values()
            ));
        }
        let (lo, hi) = bounds(&x.fields[0].range);
        if let Some(wrong) = frames.values.iter().find(|value| !(lo..=hi).contains(*value)) {
            return Err(format!("frames: {wrong} is not among the {lo} to {hi} that come into [[front]]"));
        }
        let mut tokens = Tokens { lanes: x.lanes(), ..Tokens::default() };
        frames.values.chunks(x.frame_values()).for_each(|frame| tokens.push_frame(x, frame));
        let values = self.network.golden(&vec![tokens])[0].unpack(y);
        Ok(Tensor { shape: vec![count, y.frame_values()], values })
    }

    /// `graph` behind it: what came from outside comes from its last node.
    pub fn before(&self, graph: Graph) -> Graph {
        let last = self.graph.nodes.last().map_or(String::new(), |node| node.name.clone());
        let from_last = |endpoint: Endpoint| {
            if endpoint.node == WORLD { Endpoint::of(last.clone()) } else { endpoint }
        };
        let behind = graph.nodes.into_iter().map(|mut node| {
            node.feed = match node.feed {
                Feed::Before => Feed::Before,
                Feed::One(endpoint) => Feed::One(from_last(endpoint)),
                Feed::Each(each) => {
                    Feed::Each(each.into_iter().map(|(name, from)| (name, from_last(from))).collect())
                }
            };
            node
        });
        let nodes = self.graph.nodes.iter().cloned().chain(behind).collect();
        Graph { nodes, ..graph }
    }
}
