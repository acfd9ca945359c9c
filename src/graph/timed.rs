//! A timed run of a graph: those of its nodes, joined as the nodes are, with forks, adaptors and FIFOs between them.

use super::adaptor::timed_adapt;
use super::fifo::Place;
use super::network::Network;
use super::room::timed_room;
use super::wiring::{Edge, Source};
use crate::stream::timeline::{Channel, Fork, Timeline};
use crate::stream::{Tokens, Transfers};
use std::collections::BTreeMap;

/// Of each source the copies that are still to be taken; none of what comes from a node without a run.
type Copies = BTreeMap<Source, Vec<Channel>>;

/// What a run of a graph needs besides the datapaths.
pub(super) trait Parts {
    /// What comes in at a node; none if the node is to be left out.
    fn tokens(&self, node: usize) -> Option<Transfers>;

    /// The room of an edge of this name, where the latest input of its node comes through so many registers.
    fn room(&mut self, t: &mut Timeline, stream: Channel, edge: (Place, &str), latest: u32) -> Channel;
}

/// The graph as it is.
struct Whole<'a> {
    network: &'a Network,
    walked: Vec<(Transfers, Transfers)>,
}

impl Parts for Whole<'_> {
    fn tokens(&self, node: usize) -> Option<Transfers> {
        Some(self.walked[node].0.clone())
    }

    fn room(&mut self, t: &mut Timeline, stream: Channel, edge: (Place, &str), latest: u32) -> Channel {
        let ((node, input), name) = edge;
        let held = self.network.wiring.edges[node][input].room.held(latest, t.stages(stream));
        timed_room(t, stream, held, name)
    }
}

/// What runs of a graph.
pub(super) struct Built {
    /// Streams that leave, and those that no node of the run takes.
    pub sinks: Vec<(Source, Channel)>,
    /// The nodes that run.
    pub runs: Vec<bool>,
}

impl Network {
    /// The streams that leave; none where a node has no run.
    pub(super) fn timed_streams(
        &self,
        t: &mut Timeline,
        inputs: Vec<Channel>,
        tokens: &[Tokens],
    ) -> Option<Vec<Channel>> {
        let mut whole = Whole { network: self, walked: self.walk(&tokens.to_vec()) };
        let Built { sinks, runs } = self.timed_parts(t, inputs, &mut whole);
        let all = runs.iter().all(|runs| *runs);
        let leaving = sinks.into_iter().take(self.leaving().count());
        all.then(|| leaving.map(|(_, channel)| channel).collect())
    }

    /// All nodes that run and that only such feed. What leaves comes first, in its order.
    pub(super) fn timed_parts(&self, t: &mut Timeline, inputs: Vec<Channel>, parts: &mut dyn Parts) -> Built {
        let mut copies = Copies::new();
        let (mut sinks, mut runs) = (Vec::new(), vec![false; self.nodes.len()]);
        for (input, stream) in inputs.into_iter().enumerate() {
            sinks.extend(self.timed_copies(t, Source::Input(input), stream, &mut copies));
        }
        for &node in &self.wiring.order {
            let given = self.timed_node(t, node, &mut copies, parts, &mut sinks);
            runs[node] = given.is_some();
            for (stream, channel) in given.into_iter().flatten().enumerate() {
                sinks.extend(self.timed_copies(t, Source::Node { node, stream }, channel, &mut copies));
            }
        }
        let leaving =
            self.leaving().filter_map(|(_, source)| Some((*source, copies.get_mut(source)?.pop()?)));
        let sinks = leaving.collect::<Vec<_>>().into_iter().chain(sinks).collect();
        Built { sinks, runs }
    }

    /// What a node gives; if it does not run, what it would take are sinks.
    fn timed_node(
        &self,
        t: &mut Timeline,
        node: usize,
        copies: &mut Copies,
        parts: &mut dyn Parts,
        sinks: &mut Vec<(Source, Channel)>,
    ) -> Option<Vec<Channel>> {
        let placed = &self.nodes[node];
        let edges = &self.wiring.edges[node];
        let taken: Vec<_> = edges.iter().map(|edge| copies.get_mut(&edge.from).and_then(Vec::pop)).collect();
        let tokens = parts.tokens(node).filter(|_| taken.iter().all(Option::is_some));
        let Some(tokens) = tokens else {
            sinks.extend(edges.iter().zip(taken).filter_map(|(edge, stream)| Some((edge.from, stream?))));
            return None;
        };
        let fed = self.timed_fed(t, node, taken.into_iter().flatten().collect(), parts);
        t.part(placed.name.clone(), |t| {
            let ports = placed.ports.inputs.iter().zip(fed);
            let fed = ports.map(|(port, stream)| t.crossing(stream, &port.name)).collect();
            let given = placed.datapath.timed(t, fed, &tokens)?.into_iter();
            let ports = given.zip(&placed.ports.outputs);
            Some(ports.map(|(stream, port)| t.crossing(stream, &port.name)).collect::<Vec<_>>())
        })
    }

    /// A copy of a stream for each that takes it; the stream itself if nobody does.
    fn timed_copies(
        &self,
        t: &mut Timeline,
        source: Source,
        stream: Channel,
        copies: &mut Copies,
    ) -> Option<(Source, Channel)> {
        let all = match self.takers(source) {
            0 => return Some((source, stream)),
            1 => vec![stream],
            count => t.add(&[stream], count, Fork::new(count)),
        };
        copies.insert(source, all);
        None
    }

    /// What comes in at a node: adapted, and with room.
    fn timed_fed(
        &self,
        t: &mut Timeline,
        node: usize,
        taken: Vec<Channel>,
        parts: &mut dyn Parts,
    ) -> Vec<Channel> {
        let placed = &self.nodes[node];
        let edges = || self.wiring.edges[node].iter().zip(&placed.ports.inputs);
        let adapt = |t: &mut Timeline, edge: &Edge, to, stream| {
            if edge.adaptors.is_empty() {
                return stream;
            }
            t.part(self.edge_name(edge, placed, to), |t| {
                let stream = t.crossing(stream, "x");
                let adapted = timed_adapt(t, stream, self.port(edge.from), to);
                t.crossing(adapted, "y")
            })
        };
        let to_room = |((edge, to), stream): ((&Edge, _), Channel)| {
            if edge.waits_whole() { stream } else { adapt(t, edge, to, stream) }
        };
        let waiting: Vec<Channel> = edges().zip(taken).map(to_room).collect();
        let latest = waiting.iter().map(|stream| t.stages(*stream)).max().unwrap_or(0);
        let room = |(input, (stream, (edge, to))): (usize, (Channel, (&Edge, _)))| {
            let held = parts.room(t, stream, ((node, input), &self.edge_name(edge, placed, to)), latest);
            if edge.waits_whole() { adapt(t, edge, to, held) } else { held }
        };
        waiting.into_iter().zip(edges()).enumerate().map(room).collect()
    }
}
