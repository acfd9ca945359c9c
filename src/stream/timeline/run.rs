//! Actors at work, cycle after cycle. Those of which nothing has changed since the last cycle are left out.
//!
//! Loops over indices in place of iterators: what is generic is compiled elsewhere, and a call for each of a few places is half of the time.

use super::awake::Awake;
use super::network::Placed;
use super::{Beat, Channel, Timeline};
use std::ops::Range;

/// A run of a [`Timeline`].
///
/// Channels stand in the order of the actors that give them, so that those of an actor are a part of each list; inputs stand in the order
/// of the actors that take them.
pub struct Run {
    actors: Vec<Placed>,
    /// Of each actor its inputs, and the channels that it gives.
    parts: Vec<[Range<usize>; 2]>,
    /// What each channel offers in this cycle, and whether it is taken: one that no actor takes always is.
    offered: Vec<Option<Beat>>,
    free: Vec<bool>,
    /// The same at each input.
    inputs: Vec<Option<Beat>>,
    ready: Vec<bool>,
    /// Of each channel the actor that gives it, and of each that is taken the actor that takes it and the input.
    givers: Vec<usize>,
    takers: Vec<Option<[usize; 2]>>,
    /// Actors that have changed, or to which something else is offered, or for which something else is free: only at these a beat may pass.
    changed: Awake,
    /// Where an actor writes what it offers and takes.
    offers: Vec<Option<Beat>>,
    takes: Vec<bool>,
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
        let (mut inputs, mut outputs) = (0, 0);
        let mut part = |placed: &Placed| {
            let part = [inputs..inputs + placed.inputs.len(), outputs..outputs + placed.outputs.len()];
            debug_assert!(
                placed.outputs.iter().copied().eq(part[1].clone()),
                "an actor's channels stand in its place"
            );
            [inputs, outputs] = [part[0].end, part[1].end];
            part
        };
        let parts: Vec<_> = actors.iter().map(&mut part).collect();
        let (mut givers, mut takers) = (vec![0; channels], vec![None; channels]);
        for (number, (placed, [inputs, outputs])) in actors.iter().zip(&parts).enumerate() {
            givers[outputs.clone()].fill(number);
            let taken = placed.inputs.iter().zip(inputs.clone());
            taken.for_each(|(channel, input)| takers[*channel] = Some([number, input]));
        }
        let inputs = parts.last().map_or(0, |[inputs, _]| inputs.end);
        let changed = Awake::all(actors.len());
        let most = |side: usize| parts.iter().map(|part| part[side].len()).max().unwrap_or(0);
        let (offers, takes) = (vec![None; most(1)], vec![false; most(0)]);
        Self {
            actors,
            parts,
            offered: vec![None; channels],
            free: vec![true; channels],
            inputs: vec![None; inputs],
            ready: vec![true; inputs],
            givers,
            takers,
            changed,
            offers,
            takes,
            work: 0,
        }
    }

    /// A clock cycle; `watch` sees what is offered and taken in it.
    pub fn cycle(&mut self, watch: impl FnOnce(&Self)) -> Happened {
        self.offer();
        self.take();
        watch(self);
        self.step()
    }

    /// The beat that is offered.
    pub fn offered(&self, channel: Channel) -> Option<Beat> {
        self.offered[channel.0]
    }

    /// Whether a beat is offered that is not taken.
    pub fn is_blocked(&self, channel: Channel) -> bool {
        self.offered(channel).is_some() && !self.free[channel.0]
    }

    /// Whether a beat is offered anywhere.
    pub fn waits(&self) -> bool {
        self.offered.iter().any(Option::is_some)
    }

    /// How often an actor has been looked at: what the run has cost.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Looks at all actors again, as some were changed from outside.
    pub fn look_again(&mut self) {
        self.changed = Awake::all(self.actors.len());
    }

    /// Looks again at the actor that takes `channel`, as it was changed from outside.
    pub fn look_again_at(&mut self, channel: Channel) {
        if let Some([taker, _]) = self.takers[channel.0] {
            self.changed.insert(taker);
        }
    }

    /// Whether a source gives a beat in this cycle.
    fn enters(&self) -> bool {
        let sources = self.parts.iter().filter(|[inputs, _]| inputs.is_empty());
        sources
            .flat_map(|[_, outputs]| outputs.clone())
            .any(|output| self.offered[output].is_some() && self.free[output])
    }

    fn offer(&mut self) {
        let mut from = 0;
        while let Some(number) = self.changed.next(from) {
            from = number + 1;
            self.work += 1;
            let [inputs, outputs] = &self.parts[number];
            let (first, count) = (outputs.start, outputs.end - outputs.start);
            let offers = &mut self.offers[..count];
            let mut place = 0;
            while place < count {
                offers[place] = None;
                place += 1;
            }
            self.actors[number].actor.offers(&self.inputs[inputs.start..inputs.end], offers);
            place = 0;
            while place < count {
                let (output, offer) = (first + place, offers[place]);
                place += 1;
                if self.offered[output] == offer {
                    continue;
                }
                self.offered[output] = offer;
                if let Some([taker, input]) = self.takers[output] {
                    self.inputs[input] = offer;
                    self.changed.insert(taker);
                }
            }
        }
    }

    /// An actor comes after all that feed it, so that those come after it here.
    fn take(&mut self) {
        let mut before = self.actors.len();
        while let Some(number) = self.changed.previous(before) {
            before = number;
            let placed = &self.actors[number];
            let [inputs, outputs] = &self.parts[number];
            let (first, count) = (inputs.start, inputs.end - inputs.start);
            let takes = &mut self.takes[..count];
            let mut place = 0;
            while place < count {
                takes[place] = false;
                place += 1;
            }
            let (offered, free) = (&self.inputs[first..inputs.end], &self.free[outputs.start..outputs.end]);
            placed.actor.takes(offered, free, takes);
            place = 0;
            while place < count {
                let (input, channel, taken) = (first + place, placed.inputs[place], takes[place]);
                place += 1;
                if self.ready[input] != taken {
                    (self.ready[input], self.free[channel]) = (taken, taken);
                    self.changed.insert(self.givers[channel]);
                }
            }
        }
    }

    /// Lets all actors go on that may change.
    fn step(&mut self) -> Happened {
        let (mut passed, mut moved) = (false, false);
        let mut from = 0;
        while let Some(number) = self.changed.next(from) {
            from = number + 1;
            let placed = &mut self.actors[number];
            let [inputs, outputs] = &self.parts[number];
            let (offered, leaves) =
                (&self.offered[outputs.start..outputs.end], &self.free[outputs.start..outputs.end]);
            let (inputs, ready) =
                (&self.inputs[inputs.start..inputs.end], &self.ready[inputs.start..inputs.end]);
            let passes = pass(inputs, ready) || pass(offered, leaves);
            let steps = passes || !placed.actor.rests(inputs, leaves);
            if steps {
                placed.actor.step(inputs, ready, leaves);
            } else {
                self.changed.remove(number);
            }
            passed |= passes;
            moved |= steps;
        }
        match (passed, moved) {
            (true, _) => Happened::Passed,
            (false, true) => Happened::Moved,
            (false, false) => Happened::Nothing,
        }
    }
}

/// Whether a beat passes at one of these places.
fn pass(offered: &[Option<Beat>], free: &[bool]) -> bool {
    let (mut place, mut passes) = (0, false);
    while place < offered.len() && place < free.len() {
        passes |= free[place] && offered[place].is_some();
        place += 1;
    }
    passes
}
