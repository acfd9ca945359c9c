//! A run of a graph with so much room on its edges, before any data is known.

use super::fifo::Place;
use super::network::Network;
use super::timed::Parts;
use super::wiring::{Source, Wiring};
use crate::hdl::{Latency, Timing};
use crate::stream::timeline::{Actor, Beat, Channel, Elastic, Gauge, Happened, Run, Timeline, passing};
use crate::stream::{Port, Tokens, Transfers};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Room on edges.
pub type Depths = BTreeMap<Place, usize>;

/// The cycle in which each frame has left by all sinks.
pub type Ends = Vec<u64>;

/// Cycles in which nothing passes after which nothing will, where an actor does not say so: and as many as the longest frame has beats.
const PATIENCE: u64 = 64;

/// How a run went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nothing moves any more.
    Still,
    /// A frame ends too late.
    Late,
    TooLong,
}

/// Lets so many frames pass.
struct Gate {
    open: Rc<Cell<usize>>,
    passed: usize,
}

impl Gate {
    fn new(open: &Rc<Cell<usize>>) -> Self {
        Self { open: open.clone(), passed: 0 }
    }

    fn is_open(&self) -> bool {
        self.passed < self.open.get()
    }
}

impl Actor for Gate {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].filter(|_| self.is_open());
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] && self.is_open();
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        self.passed += usize::from(passing(inputs, ready, 0).is_some_and(|beat| beat.last));
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

struct Sink {
    channel: Channel,
    frame_beats: usize,
    beats: usize,
    ends: Vec<u64>,
}

pub struct Trial {
    run: Run,
    edges: BTreeMap<Place, Gauged>,
    sinks: Vec<Sink>,
    frames: usize,
    /// Frames that sinks take.
    taken: Rc<Cell<usize>>,
    /// Frames that sources give, and the cycles after which they give another.
    given: Rc<Cell<usize>>,
    interval: Option<u64>,
    cycle: u64,
    patience: u64,
    wiring: Wiring,
}

/// An edge with a gauge.
struct Gauged {
    gauge: Gauge,
    registers: [u32; 2],
    entrance: Channel,
    exit: Channel,
}

/// Whether two sources are one, or of one node: then neither goes on where the other is held up.
fn is_of_one(a: Source, b: Source) -> bool {
    match (a, b) {
        (Source::Node { node: a, .. }, Source::Node { node: b, .. }) => a == b,
        (a, b) => a == b,
    }
}

struct Gauges<'a> {
    network: &'a Network,
    frames: usize,
    depths: &'a Depths,
    others: &'a Depths,
    edges: BTreeMap<Place, Gauged>,
}

impl Parts for Gauges<'_> {
    /// Zeros. Of frames that vary nobody knows how long they are.
    fn tokens(&self, node: usize) -> Option<Transfers> {
        let frames = |port: &Port| Tokens::pack(port, &vec![0; self.frames * port.frame_values()]);
        let ports = &self.network.nodes[node].ports;
        let varies = ports.each().any(|(port, _)| port.is_varying());
        (!varies).then(|| ports.inputs.iter().map(frames).collect())
    }

    fn room(&mut self, t: &mut Timeline, stream: Channel, (place, _): (Place, &str), latest: u32) -> Channel {
        let looked_at = self.depths.get(&place);
        let Some(&depth) = looked_at.or(self.others.get(&place)) else { return stream };
        let gauge = Gauge::new(depth);
        let exit = t.through(stream, if depth > 0 { 2 } else { 0 }, Elastic::new(gauge.clone()));
        if looked_at.is_none() {
            return exit;
        }
        let registers = [latest, latest - t.stages(stream)];
        self.edges.insert(place, Gauged { gauge, registers, entrance: stream, exit });
        exit
    }
}

impl Trial {
    /// The first `frames` frames, of a circuit without a pipeline, with so much room on the edges that are looked at and on `others`.
    /// Edges that are not part of the run are left out of `depths`. Where sinks are `held`, they take nothing until nothing moves.
    pub fn new(network: &Network, depths: &Depths, others: &Depths, frames: usize, held: bool) -> Self {
        let taken = if held { 0 } else { usize::MAX };
        Self::with(network, [depths, others], frames, Rc::new(Cell::new(taken)), None)
    }

    /// As [`Trial::new`], but sources give a frame only every so many cycles.
    pub fn paced(network: &Network, depths: &Depths, others: &Depths, frames: usize, interval: u64) -> Self {
        Self::with(network, [depths, others], frames, Rc::new(Cell::new(usize::MAX)), Some(interval.max(1)))
    }

    fn with(
        network: &Network,
        [depths, others]: [&Depths; 2],
        frames: usize,
        taken: Rc<Cell<usize>>,
        interval: Option<u64>,
    ) -> Self {
        let given = Rc::new(Cell::new(1));
        let mut t = Timeline::of(&Latency::default(), Timing::combinational());
        let beats = |port: &Port| -> Vec<Beat> {
            let frame = (1..=port.frame_beats()).map(|beat| beat == port.frame_beats());
            let beats = frame.map(|last| Beat { last, ends: last.into(), flags: 0 });
            std::iter::repeat_n(beats.collect::<Vec<_>>(), frames).flatten().collect()
        };
        let source = |port: &Port| {
            let source = t.source(beats(port));
            interval.map_or(source, |_| t.add(&[source], 1, Gate::new(&given))[0])
        };
        let inputs = network.wiring.inputs.iter().map(source).collect();
        let mut gauges = Gauges { network, frames, depths, others, edges: BTreeMap::new() };
        let built = network.timed_parts(&mut t, inputs, &mut gauges);
        let mut edges = gauges.edges;
        edges.retain(|(node, _), _| built.runs[*node]);
        let sink = |(source, channel)| {
            let channel = t.add(&[channel], 1, Gate::new(&taken))[0];
            Sink { channel, frame_beats: network.port(source).frame_beats(), beats: 0, ends: Vec::new() }
        };
        // What nobody takes holds nobody up, and when it ends is nobody's business.
        let is_taken = |(source, _): &(Source, Channel)| network.takers(*source) > 0;
        let sinks = built.sinks.into_iter().filter(is_taken).map(sink).collect();
        let ports = network.nodes.iter().flat_map(|node| node.ports.each());
        let longest = ports.map(|(port, _)| port.frame_beats()).max().unwrap_or(1);
        let wiring = Wiring::clone(&network.wiring);
        let patience = PATIENCE + longest as u64;
        Self { run: t.start(), edges, sinks, frames, taken, given, interval, cycle: 0, patience, wiring }
    }

    /// Goes on until nothing moves, until a frame ends later than in `limit`, or until all has cost more than `most`.
    pub fn settle(&mut self, most: u64, limit: Option<&Ends>) -> Settled {
        loop {
            match self.until_still(most, limit) {
                Settled::Still if self.taken.replace(usize::MAX) == 0 => self.run.look_again(),
                settled => return settled,
            }
        }
    }

    fn until_still(&mut self, most: u64, limit: Option<&Ends>) -> Settled {
        let mut idle = 0;
        while self.run.work() <= most {
            self.give();
            let (sinks, cycle, mut late) = (&mut self.sinks, self.cycle, false);
            let happened = self.run.cycle(|run| {
                for sink in sinks.iter_mut().filter(|sink| run.offered(sink.channel).is_some()) {
                    sink.take(cycle);
                    let limit = limit.and_then(|limit| limit.get(sink.ends.len().wrapping_sub(1)));
                    late |= limit.is_some_and(|limit| sink.ends[sink.ends.len() - 1] > *limit);
                }
            });
            self.cycle += 1;
            idle = if happened == Happened::Passed { 0 } else { idle + 1 };
            if late {
                return Settled::Late;
            }
            if (happened == Happened::Nothing || idle > self.patience) && self.has_given_all() {
                return Settled::Still;
            }
        }
        Settled::TooLong
    }

    fn has_given_all(&self) -> bool {
        self.interval.is_none() || self.given.get() >= self.frames
    }

    /// Where sources are paced, lets them give the frame whose time has come.
    fn give(&mut self) {
        let Some(interval) = self.interval else { return };
        let due = (self.cycle / interval + 1) as usize;
        if self.given.replace(due) != due {
            self.run.look_again();
        }
    }

    /// Whether all frames have left.
    pub fn is_complete(&self) -> bool {
        !self.run.waits() && self.sinks.iter().all(|sink| sink.ends.len() == self.frames)
    }

    /// The edges on which a beat waits. First those whose node waits for what the edge itself holds back, then those whose node has nothing
    /// from another edge; those that are fed first before the others.
    pub fn blocked(&self) -> Vec<Place> {
        let blocked = self.edges.iter().filter(|(_, edge)| self.run.is_blocked(edge.entrance));
        let blocked: Vec<Place> = blocked.map(|(place, _)| *place).collect();
        let mut places = blocked.clone();
        let turn = |node: usize| self.wiring.order.iter().position(|other| *other == node);
        places.sort_by_cached_key(|place| {
            let holds_back = self.held_back(*place, &blocked);
            (holds_back != [*place], holds_back.is_empty(), turn(place.0))
        });
        places
    }

    /// Of `blocked` edges the nearest that keep what the node of one of them has nothing of from coming.
    fn held_back(&self, (node, input): Place, blocked: &[Place]) -> Vec<Place> {
        let is_empty =
            |place: &Place| self.edges.get(place).is_none_or(|edge| self.run.offered(edge.exit).is_none());
        let empty = |node: usize| {
            let places = (0..self.wiring.edges[node].len()).map(move |input| (node, input));
            places.filter(|place| is_empty(place)).collect::<Vec<_>>()
        };
        let mut left = empty(node);
        left.retain(|place| *place != (node, input));
        let mut found = Vec::new();
        while let Some(place) = left.pop() {
            let from = self.source(place);
            let near = blocked.iter().filter(|blocked| is_of_one(self.source(**blocked), from));
            let before = found.len();
            found.extend(near);
            if let (Source::Node { node, .. }, true) = (from, found.len() == before) {
                left.extend(empty(node));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn source(&self, (node, input): Place) -> Source {
        self.wiring.edges[node][input].from
    }

    /// Gives an edge room for a beat more.
    pub fn grow(&mut self, place: Place) {
        let Gauged { gauge, entrance, .. } = &self.edges[&place];
        gauge.grow(1);
        self.run.look_again_at(*entrance);
    }

    pub fn work(&self) -> u64 {
        self.run.work()
    }

    pub fn depths(&self) -> Depths {
        self.edges.iter().map(|(place, edge)| (*place, edge.gauge.depth())).collect()
    }

    /// The least depths with which the run would have been the same.
    pub fn used(&self) -> Depths {
        self.edges.iter().map(|(place, edge)| (*place, edge.gauge.used())).collect()
    }

    /// Of each edge the registers of the latest input of its node, and how many it has less.
    pub fn registers(&self) -> BTreeMap<Place, [u32; 2]> {
        self.edges.iter().map(|(place, edge)| (*place, edge.registers)).collect()
    }

    pub fn ends(&self) -> Ends {
        let end = |frame: usize| self.sinks.iter().filter_map(|sink| sink.ends.get(frame).copied()).max();
        (0..self.frames).filter_map(end).collect()
    }
}

impl Sink {
    fn take(&mut self, cycle: u64) {
        self.beats += 1;
        if self.beats.is_multiple_of(self.frame_beats) {
            self.ends.push(cycle);
        }
    }
}
