//! How much room edges need, by runs of the graph.
//!
//! Datapaths are Kahn processes: which beats pass does not depend on when. So whether a graph with so much room ever stands still does
//! not either, and one run decides it for all stalls. It begins with no room at all where paths meet. Each time nothing moves any more, an
//! edge on which a beat waits gets room for one more, and the run goes on. Registers that the pipeliner adds can only hold more.
//!
//! Then the graph runs with room without end. What was used of it is enough for the same cycles; an edge gets the least that leaves
//! the end of every frame where it was.

use super::fifo::{Place, meeting};
use super::network::Network;
use super::room::{Reason, Room};
use super::trial::{Depths, Ends, Settled, Trial};
use super::wiring::Wiring;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Frames of a run that shows whether a graph stands still.
const FRAMES: usize = 3;

/// Frames of a run that shows how fast it is, at least and at most; in between as many as have so many beats. Of small frames many are on
/// their way at once.
const FAST_FRAMES: [usize; 2] = [4, 32];
const FAST_BEATS: usize = 512;

/// Of frames of so many beats fewer run: all waiting is within one.
const LARGE: usize = 1 << 15;

/// Frames of more beats do not run.
const MOST_BEATS: usize = 1 << 20;

/// How often actors are looked at, in all runs of a graph: well below a second.
const MOST_WORK: u64 = 30_000_000;

/// Room without end.
const ENDLESS: usize = usize::MAX >> 1;

const UNKNOWN: &str = "nobody knows when a node takes its beats";
const TOO_LONG: &str = "a run of the whole graph would take too long";

impl Network {
    /// The same with room where paths meet.
    pub(super) fn sized(self) -> Self {
        let meeting = meeting(&self.wiring);
        if meeting.is_empty() {
            return self;
        }
        let mut wiring = Wiring::clone(&self.wiring);
        let sizing = Sizing { network: &self, work: MOST_WORK };
        for ((node, input), room) in sizing.rooms(&meeting) {
            let old = &mut wiring.edges[node][input].room;
            *old = match old.reason {
                Reason::Chosen => Room { needed: room.needed, ..*old },
                _ => room,
            };
        }
        self.with_wiring(wiring)
    }
}

struct Sizing<'a> {
    network: &'a Network,
    /// What the runs may still cost.
    work: u64,
}

impl Sizing<'_> {
    fn rooms(mut self, meeting: &[(Place, bool)]) -> Vec<(Place, Room)> {
        let longest = self.longest();
        let large = longest > LARGE;
        let fast = (FAST_BEATS / longest).clamp(FAST_FRAMES[0], FAST_FRAMES[1]);
        // Those that are part of a run.
        let all = meeting.iter().map(|(place, _)| (*place, 0)).collect();
        let runs = longest <= MOST_BEATS;
        let known = if runs { Trial::new(self.network, &all, 1, false).depths() } else { Depths::new() };
        let found = self.least(known, if large { 1 } else { FRAMES }).filter(|_| runs);
        let why = if found.is_some() { UNKNOWN } else { TOO_LONG };
        let least = found.unwrap_or_default();
        let depths = self.fast(&least, if large { 2 } else { fast });
        let registers = match depths.is_empty() {
            true => BTreeMap::new(),
            false => Trial::new(self.network, &depths, 1, false).registers(),
        };
        let room = |(place, waits): &(Place, bool)| match least.get(place) {
            Some(&needed) => {
                let depth = depths[place];
                let reason = if depth > needed { Reason::Speed } else { Reason::Least };
                Room { depth, needed: Some(needed), reason, registers: registers[place] }
            }
            None if *waits => {
                let depth = self.network.taken(*place).frame_beats();
                Room { depth, reason: Reason::Frame(why), ..Room::default() }
            }
            None => Room::default(),
        };
        meeting.iter().map(|meets| (meets.0, room(meets))).collect()
    }

    /// Beats of the longest frame.
    fn longest(&self) -> usize {
        let ports = self.network.nodes.iter().flat_map(|node| node.ports.each());
        ports.map(|(port, _)| port.frame_beats()).max().unwrap_or(1)
    }

    /// For each edge the least room with which nothing stands still, where the others have theirs; none where nobody finds out.
    fn least(&mut self, none: Depths, frames: usize) -> Option<Depths> {
        if none.is_empty() {
            return Some(none);
        }
        let mut least = self.grown(&none, None, frames)?;
        for place in none.keys() {
            if least[place] > 0 {
                let without =
                    least.iter().map(|(other, depth)| (*other, if other == place { 0 } else { *depth }));
                least = self.grown(&without.collect(), Some(*place), frames)?;
            }
        }
        Some(least)
    }

    /// `depths`, to which all, or `only` one, is added what the graph stands still without: with sinks that always take, and with such
    /// that take nothing until nothing moves.
    fn grown(&mut self, depths: &Depths, only: Option<Place>, frames: usize) -> Option<Depths> {
        let mut depths = depths.clone();
        for held in [false, true] {
            let mut trial = Trial::new(self.network, &depths, frames, held);
            loop {
                let settled = trial.settle(self.work, None);
                if settled != Settled::Still {
                    self.spend(&trial);
                    return None;
                }
                if trial.is_complete() {
                    break;
                }
                let blocked = trial.blocked();
                let place = only.filter(|only| blocked.contains(only)).or(blocked.first().copied())?;
                if only.is_some_and(|only| only != place) {
                    return None;
                }
                trial.grow(place);
            }
            self.spend(&trial);
            depths = trial.depths();
        }
        Some(depths)
    }

    fn spend(&mut self, trial: &Trial) {
        self.work = self.work.saturating_sub(trial.work());
    }

    /// The least room, from `least` on, with which every frame ends where it does with room without end.
    fn fast(&mut self, least: &Depths, frames: usize) -> Depths {
        if least.is_empty() {
            return Depths::new();
        }
        let endless: Depths = least.keys().map(|place| (*place, ENDLESS)).collect();
        let Some((ends, used)) = self.ends(&endless, frames) else { return least.clone() };
        if self.keeps(least, frames, &ends) {
            return least.clone();
        }
        let mut depths: Depths =
            used.into_iter().map(|(place, used)| (place, used.max(least[&place]))).collect();
        let bits = |place: &Place| depths[place] * self.network.taken(*place).width();
        let mut places: Vec<Place> = depths.keys().copied().collect();
        places.sort_by_key(|place| Reverse(bits(place)));
        // A FIFO that goes takes its registers along: then others may need less.
        loop {
            let before = depths.clone();
            for place in &places {
                let shrunk = self.shrunk(&depths, (*place, least[place]), frames, &ends);
                depths.insert(*place, shrunk);
            }
            if depths == before {
                return depths;
            }
        }
    }

    /// The least depth of an edge, from a least one on, that keeps `ends`.
    fn shrunk(
        &mut self,
        depths: &Depths,
        (place, least): (Place, usize),
        frames: usize,
        ends: &Ends,
    ) -> usize {
        let (mut low, mut high) = (least, depths[&place]);
        let mut middle = low;
        while low < high {
            let tried =
                depths.iter().map(|(other, depth)| (*other, if *other == place { middle } else { *depth }));
            if self.keeps(&tried.collect(), frames, ends) {
                high = middle;
            } else {
                low = middle + 1;
            }
            // A depth that was enough often needs but one more test.
            middle = if low + 1 < high && middle == least { high - 1 } else { low + (high - low) / 2 };
        }
        high
    }

    /// When frames end, and the room that is used.
    fn ends(&mut self, depths: &Depths, frames: usize) -> Option<(Ends, Depths)> {
        let mut trial = Trial::new(self.network, depths, frames, false);
        let settled = trial.settle(self.work, None);
        self.spend(&trial);
        (settled == Settled::Still && trial.is_complete()).then(|| (trial.ends(), trial.used()))
    }

    /// Whether no frame ends later than in `ends`.
    fn keeps(&mut self, depths: &Depths, frames: usize, ends: &Ends) -> bool {
        let mut trial = Trial::new(self.network, depths, frames, false);
        let settled = trial.settle(self.work, Some(ends));
        self.spend(&trial);
        settled == Settled::Still && trial.is_complete()
    }
}
