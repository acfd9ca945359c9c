//! Room on edges, where paths that part meet again.
//!
//! A node that takes two streams which come from one fork waits until both are there. The path with fewer nodes on it is there
//! first, and has to hold its beats until the other one's come. A node may want a whole frame before its first result, so that a frame
//! of room is enough not to wait for ever; where the paths are equally long, each gets it. So that it does not wait for the registers
//! of the other path either, there is a beat more for each.

use super::GraphError;
use super::value::Graph;
use super::wiring::{Source, Wiring};
use crate::stream::Ports;
use std::collections::BTreeMap;

/// Gives the edges of `wiring` their room: what `graph` says, else a frame where paths meet.
pub fn rooms(graph: &Graph, ports: &[Ports], wiring: &mut Wiring, errors: &mut Vec<GraphError>) {
    for (node, edge, depth) in meeting(wiring, ports) {
        wiring.edges[node][edge].depth = depth;
    }
    for (index, fifo) in graph.fifos.iter().enumerate() {
        let at = format!("fifo[{index}].into");
        let Some(node) = graph.nodes.iter().position(|node| node.name == fifo.into.node) else {
            errors.push(GraphError::new(at, format!("there is no node `{}`", fifo.into.node)));
            continue;
        };
        let inputs: Vec<&str> = ports[node].inputs.iter().map(|port| port.name.as_str()).collect();
        let found = match &fifo.into.stream {
            Some(stream) => inputs.iter().position(|input| input == stream),
            None => (inputs.len() == 1).then_some(0),
        };
        match found {
            Some(edge) => {
                let edge = &mut wiring.edges[node][edge];
                (edge.depth, edge.chosen) = (fifo.depth, true);
            }
            None => {
                let why = format!("say one of the inputs of `{}`: {}", fifo.into.node, inputs.join(", "));
                errors.push(GraphError::new(at, why));
            }
        }
    }
}

/// The edges that need room, by node and input, and how much.
fn meeting(wiring: &Wiring, ports: &[Ports]) -> Vec<(usize, usize, usize)> {
    // For each node how many nodes are on the longest path from each source to it.
    let mut reached: Vec<BTreeMap<Source, usize>> = vec![BTreeMap::new(); ports.len()];
    let mut rooms = Vec::new();
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
            let waits = all.iter().enumerate().filter(|(other, _)| *other != edge).any(|(_, other)| {
                own.iter().any(|(source, length)| other.get(source).is_some_and(|longer| longer >= length))
            });
            if waits {
                rooms.push((node, edge, ports[node].inputs[edge].frame_beats()));
            }
        }
        let mut whole = BTreeMap::new();
        for (source, length) in all.into_iter().flatten() {
            let longest: &mut usize = whole.entry(source).or_default();
            *longest = length.max(*longest);
        }
        reached[node] = whole;
    }
    rooms
}
