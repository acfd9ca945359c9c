//! Edges that need room: where paths that part meet again, and where a person says so.
//!
//! A node that takes two streams which come from one fork waits until both are there. The path on which they are first has to hold them
//! until the other one's come.

use super::GraphError;
use super::room::Reason;
use super::value::Graph;
use super::wiring::{Source, Wiring};
use crate::stream::Ports;
use std::collections::BTreeMap;

/// An edge by its node, and the input of this.
pub type Place = (usize, usize);

/// The rooms of `wiring` that `graph` says, in place of those that it has.
pub fn chosen(graph: &Graph, ports: &[Ports], wiring: &mut Wiring) -> Result<(), Vec<GraphError>> {
    let mut errors = Vec::new();
    for (index, fifo) in graph.fifos.iter().enumerate() {
        let at = format!("fifo[{index}].into");
        let Some(node) = graph.nodes.iter().position(|node| node.name == fifo.into.node) else {
            let names = graph.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ");
            let why = format!("there is no node `{}`; the nodes are {names}", fifo.into.node);
            errors.push(GraphError::new(at, why));
            continue;
        };
        let inputs: Vec<&str> = ports[node].inputs.iter().map(|port| port.name.as_str()).collect();
        let found = match &fifo.into.stream {
            Some(stream) => inputs.iter().position(|input| input == stream),
            None => (inputs.len() == 1).then_some(0),
        };
        match found {
            Some(edge) => {
                let room = &mut wiring.edges[node][edge].room;
                room.is_large = fifo.memory.is_large();
                if let Some(depth) = fifo.depth {
                    (room.depth, room.reason) = (depth, Reason::Chosen);
                }
            }
            None => {
                let why = format!("say one of the inputs of `{}`: {}", fifo.into.node, inputs.join(", "));
                errors.push(GraphError::new(at, why));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The edges at which paths meet that come from one stream or one node. With each whether it may have to wait for another, by the nodes
/// that are on both alone: one that comes through nodes does not wait for one that comes directly.
pub fn meeting(wiring: &Wiring) -> Vec<(Place, bool)> {
    // For each node how many nodes are on the longest path from each source to it.
    let mut reached: Vec<BTreeMap<Source, usize>> = vec![BTreeMap::new(); wiring.edges.len()];
    let mut found = Vec::new();
    for &node in &wiring.order {
        let paths = |from: Source| -> BTreeMap<Source, usize> {
            let mut paths = BTreeMap::from([(from, 0)]);
            if let Source::Node { node, .. } = from {
                // What the streams of one node have in common is the node.
                paths.insert(Source::Node { node, stream: usize::MAX }, 0);
                paths.extend(reached[node].iter().map(|(source, length)| (*source, length + 1)));
            }
            paths
        };
        let all: Vec<BTreeMap<Source, usize>> =
            wiring.edges[node].iter().map(|edge| paths(edge.from)).collect();
        for (edge, own) in all.iter().enumerate() {
            let others = all.iter().enumerate().filter(|(other, _)| *other != edge);
            let shared = others.flat_map(|(_, other)| {
                own.iter().filter_map(|(source, length)| Some((*length, *other.get(source)?)))
            });
            let shared: Vec<(usize, usize)> = shared.collect();
            if !shared.is_empty() {
                let waits = shared.iter().any(|(own, other)| *other > 0 || *own == 0);
                found.push(((node, edge), waits));
            }
        }
        let mut whole = BTreeMap::new();
        for (source, length) in all.into_iter().flatten() {
            let longest: &mut usize = whole.entry(source).or_default();
            *longest = length.max(*longest);
        }
        reached[node] = whole;
    }
    found
}

/// The edges between two nodes at which no paths meet.
pub fn chained(wiring: &Wiring, meeting: &[(Place, bool)]) -> Vec<Place> {
    let edges = wiring.edges.iter().enumerate();
    let places = edges.flat_map(|(node, edges)| (0..edges.len()).map(move |edge| (node, edge)));
    let from_node = |&(node, edge): &Place| matches!(wiring.edges[node][edge].from, Source::Node { .. });
    places.filter(from_node).filter(|place| meeting.iter().all(|(meets, _)| meets != place)).collect()
}
