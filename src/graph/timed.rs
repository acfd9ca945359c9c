//! A timed run of a graph: those of its nodes, joined as the nodes are, with forks, adaptors and FIFOs between them.

use super::adaptor::timed_adapt;
use super::network::Network;
use super::wiring::{Edge, Source};
use crate::stream::Tokens;
use crate::stream::timeline::{Channel, Fifo, Fork, Timeline};
use std::collections::BTreeMap;

/// Of each source the copies that are still to be taken.
type Copies = BTreeMap<Source, Vec<Channel>>;

impl Network {
    /// The streams that leave; none where a node has no run.
    pub(super) fn timed_streams(
        &self,
        t: &mut Timeline,
        inputs: Vec<Channel>,
        tokens: &[Tokens],
    ) -> Option<Vec<Channel>> {
        let walked = self.walk(&tokens.to_vec());
        let mut copies = Copies::new();
        for (input, stream) in inputs.into_iter().enumerate() {
            self.timed_copies(t, Source::Input(input), stream, &mut copies);
        }
        for &node in &self.wiring.order {
            let placed = &self.nodes[node];
            let fed = self.timed_fed(t, node, &mut copies);
            let given = t.part(placed.name.clone(), |t| {
                let ports = placed.ports.inputs.iter().zip(fed);
                let fed = ports.map(|(port, stream)| t.crossing(stream, &port.name)).collect();
                let given = placed.datapath.timed(t, fed, &walked[node].0)?.into_iter();
                let ports = given.zip(&placed.ports.outputs);
                Some(ports.map(|(stream, port)| t.crossing(stream, &port.name)).collect::<Vec<_>>())
            })?;
            for (stream, channel) in given.into_iter().enumerate() {
                self.timed_copies(t, Source::Node { node, stream }, channel, &mut copies);
            }
        }
        self.leaving().map(|(_, source)| copies.get_mut(source)?.pop()).collect()
    }

    /// A copy of a stream for each that takes it; what nobody takes is taken always.
    fn timed_copies(&self, t: &mut Timeline, source: Source, stream: Channel, copies: &mut Copies) {
        let all = match self.takers(source) {
            0 => Vec::new(),
            1 => vec![stream],
            count => t.add(&[stream], count, Fork::new(count)),
        };
        copies.insert(source, all);
    }

    /// What comes in at a node: adapted, and with room.
    fn timed_fed(&self, t: &mut Timeline, node: usize, copies: &mut Copies) -> Vec<Channel> {
        let placed = &self.nodes[node];
        let edges = || self.wiring.edges[node].iter().zip(&placed.ports.inputs);
        let mut brought = Vec::new();
        for (edge, to) in edges() {
            let stream =
                copies.get_mut(&edge.from).and_then(Vec::pop).expect("a copy for each that takes it");
            let stream = if edge.adaptors.is_empty() {
                stream
            } else {
                t.part(self.edge_name(edge, placed, to), |t| {
                    let stream = t.crossing(stream, "x");
                    let adapted = timed_adapt(t, stream, self.port(edge.from), to);
                    t.crossing(adapted, "y")
                })
            };
            brought.push(stream);
        }
        let latest = brought.iter().map(|stream| t.stages(*stream)).max().unwrap_or(0);
        let room = |(stream, (edge, to)): (Channel, (&Edge, _))| match edge.room(latest - t.stages(stream)) {
            None => stream,
            Some(depth) => {
                let name = format!("{}_fifo", self.edge_name(edge, placed, to));
                t.block(&name, stream, 2, Fifo::new(depth))
            }
        };
        brought.into_iter().zip(edges()).map(room).collect()
    }
}
