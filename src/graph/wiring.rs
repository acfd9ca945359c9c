//! The streams of a graph, by index.

use super::adaptor::Adaptor;
use super::room::Room;
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
    pub room: Room,
}

impl Edge {
    /// Whether room stands before the adaptors, not after: where these cut beats. A beat is held until the last piece of it has left, and
    /// what gives beats in bursts would wait for each, however much room there is for the pieces.
    pub fn waits_whole(&self) -> bool {
        let cuts = |adaptor: &Adaptor| matches!(adaptor, Adaptor::Lanes { from, to } if to % from != 0);
        self.adaptors.iter().any(cuts)
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
