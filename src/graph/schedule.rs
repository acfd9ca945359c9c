//! When the beats of a graph come: what its nodes and adaptors say, one after the other.

use super::adaptor::{Adaptor, adapt_pace};
use super::network::{Network, Placed};
use super::wiring::{Edge, Source};
use crate::hdl::Timing;
use crate::stream::{Pace, Port};
use std::collections::BTreeMap;

/// What is known of each stream.
type Paces = BTreeMap<Source, Option<Pace>>;

impl Network {
    /// Whether paces say it: of one input, where no adaptor holds a beat while it gives its lanes.
    pub(super) fn has_paces(&self) -> bool {
        let changes =
            |edge: &Edge| edge.adaptors.iter().any(|adaptor| matches!(adaptor, Adaptor::Lanes { .. }));
        self.wiring.inputs.len() == 1 && !self.wiring.edges.iter().flatten().any(changes)
    }

    /// For each stream that leaves when its beats come. A frame takes as many cycles as in the slowest node or adaptor, as each makes
    /// those before it wait. Where paths that part meet again, or a taker of a fork makes the others wait, nobody knows.
    pub(super) fn paces(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        let unknown = vec![None; self.leaving().count()];
        let mut paces: Paces = BTreeMap::new();
        for (input, pace) in inputs.iter().enumerate() {
            paces.insert(Source::Input(input), Some(pace.clone()));
        }
        for &node in &self.wiring.order {
            let results = self.of_node(node, &paces, timing);
            for (stream, pace) in results.into_iter().enumerate() {
                paces.insert(Source::Node { node, stream }, pace);
            }
        }
        let Some(all) = paces.values().cloned().collect::<Option<Vec<Pace>>>() else { return unknown };
        // The streams of one node come from a fork in it, too.
        let parts = |source: &Source| match *source {
            Source::Input(_) => false,
            Source::Node { node, .. } => self.nodes[node].ports.outputs.len() > 1,
        };
        let mut forks = paces.keys().filter(|source| self.takers(**source) > 1 || parts(source));
        if !self.is_joined() || !forks.all(|source| self.flows(*source, timing)) {
            return unknown;
        }
        let interval = all.iter().map(|pace| pace.interval).collect::<Option<Vec<u64>>>();
        let interval = interval.and_then(|intervals| intervals.into_iter().max());
        let leaving = self.leaving().map(|(_, source)| paces[source].clone());
        let slowest = |pace: Pace| interval.map_or(pace.once(), |interval| pace.at_least(interval));
        leaving.map(|pace| pace.map(slowest)).collect()
    }

    /// The outputs of a node. Where one of its inputs comes from another node, the others must be there before: inputs of the
    /// graph that nobody else takes.
    fn of_node(&self, node: usize, paces: &Paces, timing: Timing) -> Vec<Option<Pace>> {
        let placed = &self.nodes[node];
        let edges = || self.wiring.edges[node].iter().zip(&placed.ports.inputs);
        let from_nodes = edges().filter(|(edge, _)| matches!(edge.from, Source::Node { .. })).count();
        let shared = edges().filter(|(edge, _)| self.takers(edge.from) > 1).count();
        let meets = edges().count() > 1 && from_nodes > 0 && from_nodes + shared > 1;
        let fed = edges().map(|(edge, to)| self.brought(paces[&edge.from].as_ref()?, edge, to));
        match fed.collect::<Option<Vec<Pace>>>() {
            Some(fed) if !meets => placed.datapath.schedule(&fed, timing),
            _ => vec![None; placed.ports.outputs.len()],
        }
    }

    /// The pace at the end of an edge. A FIFO of one beat takes one in every other cycle.
    fn brought(&self, pace: &Pace, edge: &Edge, to: &Port) -> Option<Pace> {
        let adapted = if edge.adaptors.is_empty() {
            Some(pace.clone())
        } else {
            adapt_pace(pace, self.port(edge.from), to)
        };
        adapted.filter(|pace| edge.room.depth != 1 || pace.beats == 1 && pace.interval > Some(1))
    }

    /// Whether nothing that follows from `source` ever waits, even where a beat of it comes in each cycle.
    fn flows(&self, source: Source, timing: Timing) -> bool {
        let dense = |port: &Port| Pace::dense(port.frame_beats());
        let most = dense(self.port(source)).beats;
        let keeps_up = |pace: &Pace| pace.interval.is_some_and(|interval| interval <= most);
        let (mut reached, mut open) = (vec![false; self.nodes.len()], vec![source]);
        while let Some(from) = open.pop() {
            for (node, edges) in self.wiring.edges.iter().enumerate() {
                let placed = &self.nodes[node];
                let taken = edges.iter().zip(&placed.ports.inputs).filter(|(edge, _)| edge.from == from);
                for (edge, to) in taken {
                    let brought = self.brought(&dense(self.port(from)), edge, to);
                    if !brought.as_ref().is_some_and(keeps_up) {
                        return false;
                    }
                    if !std::mem::replace(&mut reached[node], true) {
                        open.extend(
                            (0..placed.ports.outputs.len()).map(|stream| Source::Node { node, stream }),
                        );
                    }
                }
            }
        }
        let never_waits = |placed: &Placed| {
            let fed: Vec<Pace> = placed.ports.inputs.iter().map(dense).collect();
            let given = placed.datapath.schedule(&fed, timing);
            given.iter().all(|pace| pace.as_ref().is_some_and(keeps_up))
        };
        self.nodes.iter().zip(reached).filter(|(_, reached)| *reached).all(|(placed, _)| never_waits(placed))
    }

    /// Whether all nodes hang together, so that each makes the others wait.
    fn is_joined(&self) -> bool {
        let mut joined: Vec<Source> =
            self.wiring.edges.iter().take(1).flatten().map(|edge| edge.from).collect();
        let mut nodes = vec![false; self.nodes.len()];
        nodes[0] = true;
        loop {
            let before = joined.len();
            for (node, edges) in self.wiring.edges.iter().enumerate() {
                let streams =
                    (0..self.nodes[node].ports.outputs.len()).map(|stream| Source::Node { node, stream });
                let own: Vec<Source> = edges.iter().map(|edge| edge.from).chain(streams).collect();
                if nodes[node] || own.iter().any(|source| joined.contains(source)) {
                    nodes[node] = true;
                    joined.extend(own);
                    joined.sort_unstable();
                    joined.dedup();
                }
            }
            if joined.len() == before {
                return nodes.into_iter().all(|joined| joined);
            }
        }
    }
}
