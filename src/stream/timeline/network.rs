//! Actors joined by channels, cycle after cycle.

use super::{Actor, Beat, Channel, Gather, Pipeline};
use crate::hdl::{Latency, Timing};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Actors and the channels between them.
pub struct Timeline {
    timing: Timing,
    pub(super) actors: Vec<Placed>,
    /// Of each channel the registers that its beats have come through, as [`Stages`](crate::hdl::Stages) counts them.
    pub(super) channels: Vec<u32>,
    /// Of the streams of each name that cross the border of a part, in their order, the registers before them.
    crossing: BTreeMap<String, VecDeque<u32>>,
    /// Of each part, after which registers of its streams a pipeline ends.
    pipelines: BTreeMap<String, BTreeSet<u32>>,
    parts: Vec<String>,
}

pub(super) struct Placed {
    pub actor: Box<dyn Actor>,
    pub inputs: Vec<usize>,
    pub outputs: Vec<usize>,
}

/// Beats that are always there, one after the other.
struct Source(std::vec::IntoIter<Beat>, Option<Beat>);

impl Actor for Source {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.1;
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], _: &mut [bool]) {}

    fn step(&mut self, _: &[Option<Beat>], _: &[bool], free: &[bool]) {
        if free[0] {
            self.1 = self.0.next();
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

impl Timeline {
    /// Of the circuit of this latency: what crosses the border of a part, or leaves, comes through as many registers there.
    pub fn of(latency: &Latency, timing: Timing) -> Self {
        let mut crossing: BTreeMap<String, VecDeque<u32>> = BTreeMap::new();
        for (name, stages) in latency.parts.iter().chain(&latency.outputs) {
            crossing.entry(name.clone()).or_default().extend(stages.count());
        }
        let mut pipelines: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (part, stages) in &latency.pipelines {
            pipelines.entry(part.clone()).or_default().extend(stages.count());
        }
        Self { timing, actors: Vec::new(), channels: Vec::new(), crossing, pipelines, parts: Vec::new() }
    }

    /// What the circuit is for.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// What `f` makes in a part of this name, as in [`Module::part`](crate::hdl::Module::part).
    pub fn part<R>(&mut self, name: impl Into<String>, f: impl FnOnce(&mut Self) -> R) -> R {
        self.parts.push(name.into());
        let made = f(self);
        self.parts.pop();
        made
    }

    /// The stream where it crosses the border of the part, called so there, or where it is
    /// [noted](crate::hdl::Stream::noted) under this name: after the pipeliner's registers.
    pub fn crossing(&mut self, channel: Channel, name: &str) -> Channel {
        let path = self.path(name);
        let stages = self.crossing.get_mut(&path).and_then(VecDeque::pop_front).unwrap_or(0);
        self.reaching(channel, stages)
    }

    /// [`Stream::fold`](crate::hdl::Stream::fold) of frames into a state of this name.
    pub fn fold(&mut self, frames: Channel, name: &str) -> Channel {
        let frames = self.crossing(frames, &format!("{name}_fold"));
        self.through(frames, 1, Gather::frames())
    }

    fn path(&self, name: &str) -> String {
        self.parts.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".")
    }

    /// The stream after so many registers: those of the pipelines of the part, or of one around it.
    fn reaching(&mut self, channel: Channel, stages: u32) -> Channel {
        let here = self.stages(channel);
        let parts = (0..=self.parts.len()).rev().map(|depth| self.parts[..depth].join("."));
        let ends = |part: &String| -> Option<BTreeSet<u32>> {
            let between = self.pipelines.get(part)?.iter().filter(|end| (here + 1..=stages).contains(*end));
            Some(between.copied().collect::<BTreeSet<u32>>()).filter(|ends| !ends.is_empty())
        };
        let mut ends = parts.into_iter().find_map(|part| ends(&part)).unwrap_or_default();
        ends.extend(Some(stages).filter(|stages| *stages > here));
        ends.into_iter().fold(channel, |channel, end| {
            let more = end - self.stages(channel);
            self.through(channel, more, Pipeline::new(more as usize))
        })
    }

    /// What `actor` makes of `x` in a part of its own, of whose registers `stages` are the actor's.
    pub fn block(&mut self, name: &str, x: Channel, stages: u32, actor: impl Actor + 'static) -> Channel {
        self.part(name, |t| {
            let x = t.crossing(x, "x");
            let y = t.through(x, stages, actor);
            t.crossing(y, "y")
        })
    }

    /// A stream that offers `beats`.
    pub fn source(&mut self, beats: Vec<Beat>) -> Channel {
        let mut beats = beats.into_iter();
        let first = beats.next();
        self.add(&[], 1, Source(beats, first))[0]
    }

    /// The outputs of `actor`, which takes `inputs`, each of which nobody else takes.
    pub fn add(&mut self, inputs: &[Channel], outputs: usize, actor: impl Actor + 'static) -> Vec<Channel> {
        let inputs: Vec<usize> = inputs.iter().map(|channel| channel.0).collect();
        let stages = inputs.iter().map(|channel| self.channels[*channel]).max().unwrap_or(0);
        let first = self.channels.len();
        self.channels.extend(vec![stages; outputs]);
        let outputs: Vec<usize> = (first..self.channels.len()).collect();
        let channels = outputs.iter().map(|output| Channel(*output)).collect();
        self.actors.push(Placed { actor: Box::new(actor), inputs, outputs });
        channels
    }

    /// The output of an actor of one input, behind `stages` registers that [`Stages`](crate::hdl::Stages) counts too.
    pub fn through(&mut self, input: Channel, stages: u32, actor: impl Actor + 'static) -> Channel {
        let output = self.add(&[input], 1, actor)[0];
        self.channels[output.0] += stages;
        output
    }

    /// Registers of those that [`Stages`](crate::hdl::Stages) counts, which the beats of a channel come through here already.
    pub fn stages(&self, channel: Channel) -> u32 {
        self.channels[channel.0]
    }
}
