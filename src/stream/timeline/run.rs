//! Actors at work, cycle after cycle. Those of which nothing has changed since the last cycle are left out.

use super::network::Placed;
use super::{Beat, Channel, Timeline};

/// A channel in this cycle.
#[derive(Clone)]
struct State {
    offered: Option<Beat>,
    /// A channel that no actor takes always is.
    ready: bool,
    /// Who gives, and who takes.
    ends: [Option<usize>; 2],
}

impl State {
    fn passes(&self) -> bool {
        self.offered.is_some() && self.ready
    }
}

/// A run of a [`Timeline`].
pub struct Run {
    actors: Vec<Placed>,
    channels: Vec<State>,
    /// Of each actor whether it, or what is offered to it or free for it, has changed.
    changed: Vec<bool>,
    /// As it said last.
    rests: Vec<bool>,
    scratch: Scratch,
    work: u64,
}

/// What has happened in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A beat has passed.
    Passed,
    /// None has, but within an actor something may have moved.
    Moved,
    /// Nothing, and nothing will.
    Nothing,
}

/// When the beats of streams pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycles {
    /// The first cycle in which a source gives one.
    pub start: u64,
    /// For each output its beats, and the cycle of each.
    pub outputs: Vec<Vec<(u64, Beat)>>,
}

impl Timeline {
    /// The run of what is here, before its first cycle.
    pub fn start(self) -> Run {
        Run::new(self.actors, self.channels.len())
    }

    /// When the beats of `outputs` pass, until none has for `patience` cycles; none if that takes more than `most` cycles, or if a beat is
    /// offered then that nobody takes. A channel that no actor takes is always taken.
    pub fn run(self, outputs: &[Channel], patience: u64, most: u64) -> Option<Cycles> {
        let mut run = self.start();
        let mut start = None;
        let mut given = vec![Vec::new(); outputs.len()];
        let mut idle = 0;
        for cycle in 0..most {
            let happened = run.cycle(|run| {
                if start.is_none() && run.enters() {
                    start = Some(cycle);
                }
                for (output, given) in outputs.iter().zip(&mut given) {
                    given.extend(run.offered(*output).map(|beat| (cycle, beat)));
                }
            });
            idle = if happened == Happened::Passed { 0 } else { idle + 1 };
            if idle > patience || happened == Happened::Nothing {
                return (!run.waits()).then(|| Cycles { start: start.unwrap_or(0), outputs: given });
            }
        }
        None
    }
}

impl Run {
    fn new(actors: Vec<Placed>, channels: usize) -> Self {
        let mut channels = vec![State { offered: None, ready: true, ends: [None; 2] }; channels];
        for (number, placed) in actors.iter().enumerate() {
            placed.outputs.iter().for_each(|output| channels[*output].ends[0] = Some(number));
            placed.inputs.iter().for_each(|input| channels[*input].ends[1] = Some(number));
        }
        let (changed, rests) = (vec![true; actors.len()], vec![false; actors.len()]);
        Self { actors, channels, changed, rests, scratch: Scratch::default(), work: 0 }
    }

    /// A clock cycle; `watch` sees what is offered and taken in it.
    pub fn cycle(&mut self, watch: impl FnOnce(&Self)) -> Happened {
        self.offer();
        self.take();
        watch(self);
        let passes = self.channels.iter().any(State::passes);
        let moves = self.step();
        match (passes, moves) {
            (true, _) => Happened::Passed,
            (false, true) => Happened::Moved,
            (false, false) => Happened::Nothing,
        }
    }

    /// The beat that is offered.
    pub fn offered(&self, channel: Channel) -> Option<Beat> {
        self.channels[channel.0].offered
    }

    /// Whether a beat is offered that is not taken.
    pub fn is_blocked(&self, channel: Channel) -> bool {
        self.offered(channel).is_some() && !self.channels[channel.0].ready
    }

    /// Whether a beat is offered anywhere.
    pub fn waits(&self) -> bool {
        self.channels.iter().any(|state| state.offered.is_some())
    }

    /// How often an actor has been looked at: what the run has cost.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Looks at all actors again, as some were changed from outside.
    pub fn look_again(&mut self) {
        self.changed.fill(true);
    }

    /// Whether a source gives a beat in this cycle.
    fn enters(&self) -> bool {
        let sources = self.actors.iter().filter(|placed| placed.inputs.is_empty());
        sources.flat_map(|placed| &placed.outputs).any(|output| self.channels[*output].passes())
    }

    fn offer(&mut self) {
        for (number, placed) in self.actors.iter().enumerate() {
            if !self.changed[number] {
                continue;
            }
            self.work += 1;
            self.scratch.read(&self.channels, placed);
            self.scratch.offered.clear();
            self.scratch.offered.resize(placed.outputs.len(), None);
            placed.actor.offers(&self.scratch.inputs, &mut self.scratch.offered);
            for (output, offered) in placed.outputs.iter().zip(&self.scratch.offered) {
                let state = &mut self.channels[*output];
                if state.offered != *offered {
                    state.offered = *offered;
                    state.ends[1].into_iter().for_each(|taker| self.changed[taker] = true);
                }
            }
        }
    }

    /// An actor comes after all that feed it, so that those come after it here.
    fn take(&mut self) {
        for (number, placed) in self.actors.iter().enumerate().rev() {
            if !self.changed[number] {
                continue;
            }
            self.scratch.read(&self.channels, placed);
            self.scratch.ready.fill(false);
            placed.actor.takes(&self.scratch.inputs, &self.scratch.free, &mut self.scratch.ready);
            for (input, ready) in placed.inputs.iter().zip(&self.scratch.ready) {
                let state = &mut self.channels[*input];
                if state.ready != *ready {
                    state.ready = *ready;
                    state.ends[0].into_iter().for_each(|giver| self.changed[giver] = true);
                }
            }
        }
    }

    /// Whether an actor may have changed.
    fn step(&mut self) -> bool {
        let mut moves = false;
        for (number, placed) in self.actors.iter_mut().enumerate() {
            let channels = &self.channels;
            let passes =
                placed.inputs.iter().chain(&placed.outputs).any(|channel| channels[*channel].passes());
            if !passes && !self.changed[number] && self.rests[number] {
                continue;
            }
            self.scratch.read(channels, placed);
            let Scratch { inputs, ready, free, .. } = &self.scratch;
            self.rests[number] = placed.actor.rests(inputs, free);
            let steps = passes || !self.rests[number];
            if steps {
                placed.actor.step(inputs, ready, free);
            }
            self.changed[number] = steps;
            moves |= steps;
        }
        moves
    }
}

/// What an actor sees, kept to spare allocations.
#[derive(Default)]
struct Scratch {
    inputs: Vec<Option<Beat>>,
    ready: Vec<bool>,
    free: Vec<bool>,
    offered: Vec<Option<Beat>>,
}

impl Scratch {
    fn read(&mut self, channels: &[State], placed: &Placed) {
        self.inputs.clear();
        self.inputs.extend(placed.inputs.iter().map(|input| channels[*input].offered));
        self.ready.clear();
        self.ready.extend(placed.inputs.iter().map(|input| channels[*input].ready));
        self.free.clear();
        self.free.extend(placed.outputs.iter().map(|output| channels[*output].ready));
    }
}
