//! The datapaths of a graph, joined: a datapath itself.

use super::adaptor::{adapt, adapt_tokens};
use super::fifo::Place;
use super::room::{Room, with_room};
use super::value::{Endpoint, WORLD};
use super::wiring::{Edge, Source, Wiring};
use crate::datapath::{ArrayWork, Datapath, Figure, Footprint, LaneStream, Tensor, place};
use crate::hdl::{Module, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Draw, Pace, Port, Ports, Reach, Tokens, Transfers};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A node with its datapath.
pub struct Placed {
    pub name: String,
    pub datapath: Box<dyn Datapath>,
    pub ports: Ports,
}

/// Datapaths that feed each other.
///
/// Streams that several take are forked: a beat passes when all have taken it, so that a taker that leaves an output waiting stops
/// what is before it. Streams that nobody takes are taken and forgotten.
#[derive(Clone)]
pub struct Network {
    pub(super) nodes: Arc<[Placed]>,
    pub(super) wiring: Arc<Wiring>,
    single: bool,
    /// Whether the probes leave too.
    probing: bool,
}

impl Network {
    pub(super) fn new(nodes: Vec<Placed>, wiring: Wiring, single: bool) -> Self {
        Self { nodes: nodes.into(), wiring: Arc::new(wiring), single, probing: false }
    }

    /// The same nodes, joined so.
    pub(super) fn with_wiring(self, wiring: Wiring) -> Self {
        Self { wiring: Arc::new(wiring), ..self }
    }

    /// The same with its probes as further outputs; none if it has no probes.
    pub fn probed(&self) -> Option<Self> {
        (!self.wiring.probes.is_empty()).then(|| Self { probing: true, ..self.clone() })
    }

    pub(super) fn leaving(&self) -> impl Iterator<Item = &(Port, Source)> {
        self.wiring.outputs.iter().chain(self.wiring.probes.iter().filter(|_| self.probing))
    }

    pub(super) fn port(&self, source: Source) -> &Port {
        match source {
            Source::Input(input) => &self.wiring.inputs[input],
            Source::Node { node, stream } => &self.nodes[node].ports.outputs[stream],
        }
    }

    /// What the beats are like that wait in the room before an input of a node.
    pub(super) fn waiting(&self, (node, input): Place) -> &Port {
        let edge = &self.wiring.edges[node][input];
        if edge.waits_whole() { self.port(edge.from) } else { &self.nodes[node].ports.inputs[input] }
    }

    /// The rooms on edges, each with the input before which it stands.
    pub fn rooms(&self) -> impl Iterator<Item = (Endpoint, &Room)> {
        let nodes = self.nodes.iter().zip(&self.wiring.edges);
        nodes.flat_map(|(node, edges)| {
            let inputs = edges.iter().zip(&node.ports.inputs);
            inputs.map(|(edge, to)| (Endpoint::stream(&node.name, &to.name), &edge.room))
        })
    }

    /// How many take a stream.
    pub(super) fn takers(&self, source: Source) -> usize {
        let edges = self.wiring.edges.iter().flatten().filter(|edge| edge.from == source).count();
        edges + self.leaving().filter(|(_, from)| *from == source).count()
    }

    /// A copy of `stream` for each that takes it.
    fn copies<'m>(&self, m: &'m Module, source: Source, stream: LaneStream<'m>) -> Vec<LaneStream<'m>> {
        match self.takers(source) {
            0 => {
                forget(m, stream);
                Vec::new()
            }
            1 => vec![stream],
            count => stream.fork(count),
        }
    }

    /// `stream` at the end of `edge`, as input `to` takes it.
    fn bring<'m>(&self, stream: LaneStream<'m>, edge: &Edge, node: &Placed, to: &Port) -> LaneStream<'m> {
        if edge.adaptors.is_empty() {
            return stream;
        }
        let changes: Vec<String> = edge.adaptors.iter().map(ToString::to_string).collect();
        let doc = format!("{} -> {}.{}: {}", self.shown(edge.from), node.name, to.name, changes.join(", "));
        stream.module().part(self.edge_name(edge, node, to), doc, |part| {
            part.output_stream("y", adapt(part.input_stream("x", stream), self.port(edge.from), to))
        })
    }

    /// What an edge is called: the nodes at both ends, and the streams where a node has several.
    pub(super) fn edge_name(&self, edge: &Edge, node: &Placed, to: &Port) -> String {
        let from = match edge.from {
            Source::Input(input) => self.wiring.inputs[input].name.clone(),
            Source::Node { node, stream } => {
                end(&self.nodes[node].name, &self.nodes[node].ports.outputs, stream)
            }
        };
        let input = node.ports.inputs.iter().position(|port| port.name == to.name);
        let to = end(&node.name, &node.ports.inputs, input.expect("an input of the node"));
        format!("{from}_to_{to}")
    }

    /// The tokens of every stream, node after node: the inputs and outputs of each.
    pub(super) fn walk(&self, inputs: &Transfers) -> Vec<(Transfers, Transfers)> {
        let mut all: Vec<(Transfers, Transfers)> = vec![Default::default(); self.nodes.len()];
        for &node in &self.wiring.order {
            let placed = &self.nodes[node];
            let fed = self.wiring.edges[node].iter().zip(&placed.ports.inputs);
            let tokens = |(edge, to): (&Edge, &Port)| {
                let tokens = match edge.from {
                    Source::Input(input) => &inputs[input],
                    Source::Node { node, stream } => &all[node].1[stream],
                };
                match &edge.adaptors[..] {
                    [] => tokens.clone(),
                    _ => adapt_tokens(tokens, self.port(edge.from), to),
                }
            };
            let taken: Transfers = fed.map(tokens).collect();
            let given = placed.datapath.golden(&taken);
            all[node] = (taken, given);
        }
        all
    }
}

/// A node at the end of an edge, and which of its streams, where it has several.
fn end(node: &str, streams: &[Port], index: usize) -> String {
    if streams.len() == 1 { node.into() } else { format!("{node}_{}", streams[index].name) }
}

impl Datapath for Network {
    fn kind(&self) -> &'static str {
        if self.single { self.nodes[0].datapath.kind() } else { "graph" }
    }

    fn doc(&self) -> String {
        if self.single {
            return self.nodes[0].datapath.doc();
        }
        let nodes = self.nodes.iter().map(|node| format!("{}: {}", node.name, node.datapath.doc()));
        nodes.collect::<Vec<_>>().join("\n")
    }

    fn ports(&self) -> Ports {
        let outputs = self.leaving().map(|(port, _)| port.clone()).collect();
        Ports { inputs: self.wiring.inputs.clone(), outputs }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        if self.single {
            return self.nodes[0].datapath.build(m, inputs);
        }
        let mut streams: Streams = inputs
            .into_iter()
            .enumerate()
            .map(|(input, stream)| {
                let source = Source::Input(input);
                (source, self.copies(m, source, stream))
            })
            .collect();
        for &node in &self.wiring.order {
            let placed = &self.nodes[node];
            let edges = self.wiring.edges[node].iter().zip(&placed.ports.inputs);
            let to_room = |(edge, to): (&Edge, &Port)| {
                let stream = take(&mut streams, edge.from);
                if edge.waits_whole() { stream } else { self.bring(stream, edge, placed, to) }
            };
            let waiting: Vec<LaneStream<'m>> = edges.clone().map(to_room).collect();
            let latest = waiting.iter().filter_map(|stream| stream.stages().count()).max().unwrap_or(0);
            let room = |(stream, (edge, to)): (LaneStream<'m>, (&Edge, &Port))| {
                let own = stream.stages().count().unwrap_or(latest);
                let held = with_room(stream, edge.room.held(latest, own), &self.edge_name(edge, placed, to));
                if edge.waits_whole() { self.bring(held, edge, placed, to) } else { held }
            };
            let fed = waiting.into_iter().zip(edges).map(room).collect();
            let results = place(m, &placed.name, &*placed.datapath, fed);
            for (stream, result) in results.into_iter().enumerate() {
                let source = Source::Node { node, stream };
                streams.insert(source, self.copies(m, source, result));
            }
        }
        self.leaving().map(|(_, source)| take(&mut streams, *source)).collect()
    }

    /// As `Network::paces` says.
    fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        if self.single {
            return self.nodes[0].datapath.schedule(inputs, timing);
        }
        if self.has_paces() { self.paces(inputs, timing) } else { vec![None; self.leaving().count()] }
    }

    fn timed(
        &self,
        timeline: &mut Timeline,
        inputs: Vec<Channel>,
        tokens: &[Tokens],
    ) -> Option<Vec<Channel>> {
        if self.single {
            return self.nodes[0].datapath.timed(timeline, inputs, tokens);
        }
        self.timed_streams(timeline, inputs, tokens)
    }

    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let [input] = inputs else { return None };
        self.reaches(axis, *input)
    }

    /// That of its nodes, and the room on edges.
    fn arrays(&self) -> Vec<ArrayWork> {
        let named = |node: &Placed| {
            let name = node.name.clone();
            node.datapath.arrays().into_iter().map(move |array| ArrayWork { name: name.clone(), ..array })
        };
        self.nodes.iter().flat_map(named).collect()
    }

    fn footprint(&self) -> Footprint {
        let named = |node: &Placed| {
            let size = node.datapath.footprint();
            let at = |change: String| if self.single { change } else { format!("{}: {change}", node.name) };
            Footprint { denser: size.denser.into_iter().map(at).collect(), ..size }
        };
        let mut all = self.nodes.iter().map(named).fold(Footprint::default(), |all, one| all + one);
        for (index, (node, edges)) in self.nodes.iter().zip(&self.wiring.edges).enumerate() {
            let inputs = edges.iter().zip(&node.ports.inputs).enumerate();
            for (input, (edge, to)) in inputs.filter(|(_, (edge, _))| edge.room.depth > 0) {
                let bits = edge.room.depth as u128 * self.waiting((index, input)).width() as u128;
                all = all.with_memory(bits);
                all.rooms.push((format!("{} -> {}.{}", self.shown(edge.from), node.name, to.name), bits));
            }
        }
        all
    }

    fn remembers(&self) -> bool {
        self.nodes.iter().any(|node| node.datapath.remembers())
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let walked = self.walk(inputs);
        let given = |(_, source): &(Port, Source)| match *source {
            Source::Node { node, stream } => walked[node].1[stream].clone(),
            Source::Input(input) => inputs[input].clone(),
        };
        self.leaving().map(given).collect()
    }

    fn corners(&self) -> Vec<Transfers> {
        self.entering_corners()
    }

    fn frame_multiple(&self) -> usize {
        self.nodes.iter().map(|node| node.datapath.frame_multiple()).max().unwrap_or(1)
    }

    fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        self.entering_random(frames, draw)
    }

    fn carry(&self, tensor: &Tensor) -> Option<Result<Transfers, String>> {
        self.entering_tensor(tensor)
    }

    fn presets(&self) -> Vec<Option<Tokens>> {
        let mut presets = vec![None; self.wiring.inputs.len()];
        for (node, edges) in self.nodes.iter().zip(&self.wiring.edges) {
            for (edge, preset) in edges.iter().zip(node.datapath.presets()) {
                if let (Source::Input(input), [], Some(preset)) = (edge.from, &edge.adaptors[..], preset) {
                    presets[input] = Some(preset);
                }
            }
        }
        presets
    }

    fn check(&self, inputs: &Transfers) -> Result<(), (String, String)> {
        self.check_entering(inputs)
    }

    fn figures(&self, inputs: &Transfers, outputs: &Transfers) -> Vec<Figure> {
        if self.single {
            return self.nodes[0].datapath.figures(inputs, outputs);
        }
        let walked = self.walk(inputs);
        let of = |(node, (taken, given)): (&Placed, &(Transfers, Transfers))| {
            let figures = node.datapath.figures(taken, given).into_iter();
            figures.map(|figure| figure.titled(|title| format!("{} {title}", node.name))).collect::<Vec<_>>()
        };
        self.nodes.iter().zip(&walked).flat_map(of).collect()
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        if self.single {
            return self.nodes[0].datapath.facts(timing);
        }
        let of = |node: &Placed| {
            let facts = node.datapath.facts(timing).into_iter();
            facts.map(|(what, value)| (format!("{}: {what}", node.name), value)).collect::<Vec<_>>()
        };
        self.nodes.iter().flat_map(of).chain(self.edge_facts(timing)).collect()
    }
}

impl Network {
    fn shown(&self, source: Source) -> String {
        let port = &self.port(source).name;
        match source {
            Source::Input(_) => format!("{WORLD}.{port}"),
            Source::Node { node, .. } => format!("{}.{port}", self.nodes[node].name),
        }
    }

    /// What stands between nodes, for reports.
    fn edge_facts(&self, timing: Timing) -> Vec<(String, String)> {
        let mut facts = Vec::new();
        for (index, (node, edges)) in self.nodes.iter().zip(&self.wiring.edges).enumerate() {
            for (input, (edge, to)) in edges.iter().zip(&node.ports.inputs).enumerate() {
                let mut between: Vec<String> = edge.adaptors.iter().map(ToString::to_string).collect();
                let room = edge.room.fact(self.waiting((index, input)), timing);
                between.splice(if edge.waits_whole() { 0..0 } else { between.len()..between.len() }, room);
                let takers = self.takers(edge.from);
                if takers > 1 {
                    between.insert(0, format!("one of {takers} copies"));
                }
                if !between.is_empty() {
                    let edge = format!("{} -> {}.{}", self.shown(edge.from), node.name, to.name);
                    facts.push((edge, between.join(", ")));
                }
            }
        }
        for (index, node) in self.nodes.iter().enumerate() {
            for (stream, port) in node.ports.outputs.iter().enumerate() {
                if self.takers(Source::Node { node: index, stream }) == 0 {
                    facts.push((format!("{}.{}", node.name, port.name), "nobody takes it".into()));
                }
            }
        }
        facts
    }
}

/// Of each source the copies that are still to be taken.
type Streams<'m> = BTreeMap<Source, Vec<LaneStream<'m>>>;

fn take<'m>(streams: &mut Streams<'m>, source: Source) -> LaneStream<'m> {
    streams.get_mut(&source).and_then(Vec::pop).expect("a copy for each that takes it")
}

/// Takes all beats of a stream.
fn forget<'m>(m: &'m Module, stream: LaneStream<'m>) {
    let taken = stream.take(m.always());
    taken.payload.iter().chain(&taken.last).chain([&taken.passes]).for_each(|signal| m.ignore(*signal));
}
