//! The streams of a graph, by index.

use super::adaptor::Adaptor;
use crate::stream::Port;

/// Where a stream comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Input of the graph.
    Input(usize),
    /// Output `stream` of node `node`.
    Node { node: usize, stream: usize },
}

/// What feeds an input of a node.
#[derive(Clone, Debug)]
pub struct Edge {
    pub from: Source,
    pub adaptors: Vec<Adaptor>,
    /// Beats of room before the input; 0 for none.
    pub depth: usize,
    /// Whether a person chose the depth; else a beat is added for each register that another input of the node comes through and this
    /// one does not.
    pub chosen: bool,
}

impl Edge {
    /// Beats of room, where the stream comes through `fewer` registers less than the latest input of the node.
    pub fn room(&self, fewer: u32) -> Option<usize> {
        let more = if self.chosen { 0 } else { fewer as usize };
        (self.depth > 0).then(|| self.depth + more)
    }
}

/// The streams of a graph, between nodes by index.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    pub inputs: Vec<Port>,
    /// For each node an edge for each of its inputs.
    pub edges: Vec<Vec<Edge>>,
    pub outputs: Vec<(Port, Source)>,
    pub probes: Vec<(Port, Source)>,
    /// The nodes, each after those that feed it.
    pub order: Vec<usize>,
}
