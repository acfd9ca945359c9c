//! How much room edges need, by runs of the graph.
//!
//! Datapaths are Kahn processes: which beats pass does not depend on when. So whether a graph with so much room ever stands still does
//! not either, and one run decides it for all stalls. It begins with no room at all where paths meet. Each time nothing moves any more, an
//! edge on which a beat waits gets room for one more, and the run goes on. With less room than stands still it stands still too, so that one beat
//! less shows whether an edge has the least. Registers that the pipeliner adds can only hold more.
//!
//! Then the graph runs with room without end. What was used of it is enough for the same cycles; an edge gets the least that leaves
//! the end of every frame where it was.
//!
//! Where no paths meet a graph never stands still, but a node that takes its beats in bursts may hold one up that gives them in others.
//! With room without end frames follow each other as fast as the slowest node allows. Given frames at that pace, what a run uses is enough
//! for it; an edge gets the least that keeps it, and nothing where less than a hundredth would be won.

use super::fifo::{Place, chained, meeting};
use super::network::Network;
use super::room::{Reason, Room};
use super::trial::{Depths, Ends, Settled, Trial};
use super::wiring::Wiring;
use rayon::join;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Frames of a run that shows whether a graph stands still.
const FRAMES: usize = 3;

/// Frames of a run that shows how fast it is, at least and at most; in between as many as have so many beats. Of small frames many are on
/// their way at once.
const FAST_FRAMES: [usize; 2] = [3, 32];
const FAST_BEATS: usize = 512;

/// Of frames of so many beats fewer run: all waiting is within one.
const LARGE: usize = 1 << 15;

/// Frames of more beats do not run.
const MOST_BEATS: usize = 1 << 20;

/// How often actors are looked at in all runs for edges where paths meet: about a second, and a few where frames are large.
const MOST_WORK: u64 = 20_000_000;
const MOST_LARGE_WORK: u64 = 100_000_000;

/// And in those for other edges.
const MOST_CHAIN_WORK: u64 = 12_000_000;

/// Where frames are large, what a run has used is not looked at again if that is at most so much more than the least, or so many beats.
const COARSE_SHARE: usize = 32;
const COARSE_BEATS: usize = 4;

/// Room without end.
const ENDLESS: usize = usize::MAX >> 1;

/// Room where no paths meet is worth it if it wins more than one cycle of so many.
const WORTHWHILE: u64 = 100;

/// How often room is doubled until it is enough.
const MOST_DOUBLED: usize = 6;

pub(super) const UNKNOWN: &str = "nobody knows when a node takes its beats";
pub(super) const TOO_LONG: &str = "a run of the whole graph would take too long";

impl Network {
    /// The same with room where paths meet, and where nodes would hold each other up.
    pub(super) fn sized(self) -> Self {
        let meeting = meeting(&self.wiring);
        let chained = chained(&self.wiring, &meeting);
        if meeting.is_empty() && chained.is_empty() {
            return self;
        }
        let mut wiring = Wiring::clone(&self.wiring);
        let sizing = Sizing { network: &self, work: 0, others: Depths::new() };
        for ((node, input), room) in sizing.rooms(&meeting, &chained) {
            let old = &mut wiring.edges[node][input].room;
            *old = match old.reason {
                Reason::Chosen => Room { needed: room.needed, ..*old },
                _ => Room { is_large: old.is_large, ..room },
            };
        }
        self.with_wiring(wiring)
    }
}

/// What room must not be too small for.
enum Goal {
    /// No frame ends later.
    Ends(Ends),
    /// So many cycles between the last frames of a run, or fewer.
    Interval(u64),
}

impl Goal {
    /// How much more than the least depth may be found: of a FIFO's beats an eighth, as every run costs time.
    fn coarseness(&self, depth: usize) -> usize {
        match self {
            Goal::Ends(_) => 0,
            Goal::Interval(_) => depth / 8,
        }
    }
}

/// Cycles between the last frames; none where fewer than two leave.
fn interval(ends: &Ends) -> Option<u64> {
    match ends[..] {
        [.., before, last] => Some(last - before),
        _ => None,
    }
}

/// Depths without which a run stands still.
#[derive(Default)]
struct Grown {
    depths: Depths,
    /// Edges that need all of it, whatever others have: a beat waited on no other edge when the last was added.
    proven: BTreeSet<Place>,
}

impl Grown {
    /// What both need: with more room than stands still nothing does.
    fn or(mut self, other: Grown) -> Grown {
        for (place, depth) in other.depths {
            let own = self.depths.entry(place).or_default();
            if depth > *own {
                self.proven.remove(&place);
            }
            if depth >= *own && other.proven.contains(&place) {
                self.proven.insert(place);
            }
            *own = depth.max(*own);
        }
        self
    }
}

#[derive(Clone)]
struct Sizing<'a> {
    network: &'a Network,
    /// What the runs may still cost.
    work: u64,
    /// Room on edges that are not looked at.
    others: Depths,
}

impl Sizing<'_> {
    fn rooms(mut self, meeting: &[(Place, bool)], chained: &[Place]) -> Vec<(Place, Room)> {
        let longest = self.longest();
        let large = longest > LARGE;
        let fast = if large { 2 } else { (FAST_BEATS / longest).clamp(FAST_FRAMES[0], FAST_FRAMES[1]) };
        let runs = longest <= MOST_BEATS;
        let mut rooms = Vec::new();
        if runs && !large {
            self.work = MOST_CHAIN_WORK;
            let (others, depths) = self.steady(meeting, chained, fast);
            rooms.extend(self.kept_up(&depths));
            self.others = others;
        }
        self.work = if large { MOST_LARGE_WORK } else { MOST_WORK };
        // Those that are part of a run.
        let all = meeting.iter().map(|(place, _)| (*place, 0)).collect();
        let known = if runs { self.trial(&all, 1, false).depths() } else { Depths::new() };
        let endless: Depths = known.keys().map(|place| (*place, ENDLESS)).collect();
        let (work, mut aside) = (self.work, self.clone());
        let (found, endless) = join(
            || self.least(known, if large { 1 } else { FRAMES }).filter(|_| runs),
            || if endless.is_empty() { None } else { aside.ends(&endless, fast) },
        );
        self.spend(work - aside.work);
        let why = if found.is_some() { UNKNOWN } else { TOO_LONG };
        let least = found.unwrap_or_default();
        let depths = match endless {
            Some(endless) => self.fast(&least, endless, fast),
            None => least.clone(),
        };
        let registers = match depths.is_empty() {
            true => BTreeMap::new(),
            false => self.trial(&depths, 1, false).registers(),
        };
        let room = |(place, waits): &(Place, bool)| match least.get(place) {
            Some(&needed) => {
                let depth = depths[place];
                let reason = if depth > needed { Reason::Speed } else { Reason::Least };
                Room { depth, needed: Some(needed), reason, registers: registers[place], ..Room::default() }
            }
            None if *waits => {
                let depth = self.network.waiting(*place).frame_beats();
                Room { depth, reason: Reason::Frame(why), ..Room::default() }
            }
            None => Room::default(),
        };
        rooms.extend(meeting.iter().map(|meets| (meets.0, room(meets))));
        rooms
    }

    fn room(&self, (node, input): Place) -> &Room {
        &self.network.wiring.edges[node][input].room
    }

    fn trial(&self, depths: &Depths, frames: usize, held: bool) -> Trial {
        Trial::new(self.network, depths, &self.others, frames, held)
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
        let Grown { depths: mut least, proven } = self.grown(&none, None, frames)?;
        for place in none.keys().filter(|place| !proven.contains(place)) {
            let Some(less) = least[place].checked_sub(1) else { continue };
            let with = |depth| least.clone().into_iter().chain([(*place, depth)]).collect::<Depths>();
            let (less, without) = (with(less), with(0));
            if !self.stands_still(&less, frames)? {
                least = self.grown(&without, Some(*place), frames)?.depths;
            }
        }
        Some(least)
    }

    /// Whether a graph with these depths comes to stand still: with less it does too. None where nobody finds out.
    fn stands_still(&mut self, depths: &Depths, frames: usize) -> Option<bool> {
        for held in [false, true] {
            let mut trial = self.trial(depths, frames, held);
            let settled = trial.settle(self.work, None);
            self.spend(trial.work());
            match settled {
                Settled::Still if trial.is_complete() => {}
                Settled::Still => return Some(true),
                Settled::Late | Settled::TooLong => return None,
            }
        }
        Some(false)
    }

    /// `depths`, to which all, or `only` one, is added what the graph stands still without: with sinks that always take, and with such
    /// that take nothing until nothing moves.
    fn grown(&mut self, depths: &Depths, only: Option<Place>, frames: usize) -> Option<Grown> {
        let grown = |held| self.grown_in(self.trial(depths, frames, held), only);
        // Each may cost what is left, so that what is found does not depend on which is faster.
        let ((free, free_work), (held, held_work)) = join(|| grown(false), || grown(true));
        self.spend(free_work + held_work);
        Some(free?.or(held?))
    }

    /// What a run stands still without, and what it has cost.
    fn grown_in(&self, mut trial: Trial, only: Option<Place>) -> (Option<Grown>, u64) {
        let mut proven = BTreeSet::new();
        let mut grown = || {
            while trial.settle(self.work, None) == Settled::Still {
                if trial.is_complete() {
                    return Some(trial.depths());
                }
                let blocked = trial.blocked();
                let place = only.filter(|only| blocked.contains(only)).or(blocked.first().copied())?;
                if only.is_some_and(|only| only != place) {
                    return None;
                }
                if blocked.len() == 1 {
                    proven.insert(place);
                } else {
                    proven.remove(&place);
                }
                trial.grow(place);
            }
            None
        };
        let depths = grown();
        (depths.map(|depths| Grown { depths, proven }), trial.work())
    }

    fn spend(&mut self, work: u64) {
        self.work = self.work.saturating_sub(work);
    }

    /// The least room, from `least` on, with which every frame ends where it does with room without end, of which so much is used.
    fn fast(&mut self, least: &Depths, (ends, used): (Ends, Depths), frames: usize) -> Depths {
        if least.is_empty() {
            return Depths::new();
        }
        let goal = Goal::Ends(ends);
        let mut depths: Depths =
            used.into_iter().map(|(place, used)| (place, used.max(least[&place]))).collect();
        let large = self.longest() > LARGE;
        let is_near =
            |place: &Place| depths[place] - least[place] <= COARSE_BEATS.max(least[place] / COARSE_SHARE);
        let mut places: Vec<Place> =
            depths.keys().filter(|place| !large || !is_near(place)).copied().collect();
        if places.is_empty() {
            return depths;
        }
        if self.keeps(least, frames, &goal) {
            return least.clone();
        }
        let bits = |place: &Place| depths[place] * self.network.waiting(*place).width();
        places.sort_by_key(|place| Reverse(bits(place)));
        // A FIFO that goes takes its registers along: then others may need less.
        loop {
            let before = depths.clone();
            for place in &places {
                let shrunk = self.shrunk(&depths, (*place, least[place]), frames, &goal);
                depths.insert(*place, shrunk);
            }
            if depths == before {
                return depths;
            }
        }
    }

    /// The least depth of an edge, from a least one on, that reaches a goal; where a goal is coarse, a little more.
    fn shrunk(
        &mut self,
        depths: &Depths,
        (place, least): (Place, usize),
        frames: usize,
        goal: &Goal,
    ) -> usize {
        let (mut low, mut high) = (least, depths[&place]);
        let mut middle = low;
        while low + goal.coarseness(high) < high {
            let tried =
                depths.iter().map(|(other, depth)| (*other, if *other == place { middle } else { *depth }));
            if self.keeps(&tried.collect(), frames, goal) {
                high = middle;
            } else {
                low = middle + 1;
            }
            // A depth that was enough often needs but one more test.
            let is_tried = goal.coarseness(high) > 0 || middle != least;
            middle = if low + 1 < high && !is_tried { high - 1 } else { low + (high - low) / 2 };
        }
        high
    }

    /// Room where no paths meet, with which frames follow each other as fast as with room without end: on all those edges, and on those
    /// that get some.
    fn steady(&mut self, meeting: &[(Place, bool)], chained: &[Place], frames: usize) -> (Depths, Depths) {
        let is_chosen = |place: &&Place| self.room(**place).reason == Reason::Chosen;
        let (chosen, free): (Vec<Place>, Vec<Place>) = chained.iter().partition(is_chosen);
        let chosen: Depths = chosen.into_iter().map(|place| (place, self.room(place).depth)).collect();
        self.others = meeting.iter().map(|(place, _)| (*place, ENDLESS)).chain(chosen.clone()).collect();
        let none: Depths = free.into_iter().map(|place| (place, 0)).collect();
        let found = self.bursts(&none, frames).unwrap_or_default();
        (chosen.into_iter().chain(found.clone()).collect(), found)
    }

    /// Of edges without room those that need some to keep the pace, and how much.
    fn bursts(&mut self, none: &Depths, frames: usize) -> Option<Depths> {
        let endless: Depths = none.keys().map(|place| (*place, ENDLESS)).collect();
        let pace = interval(&self.ends(&endless, frames)?.0)?;
        let goal = Goal::Interval(pace + pace / WORTHWHILE);
        if self.keeps(none, frames, &goal) {
            return None;
        }
        let paced = Trial::paced(self.network, &endless, &self.others, frames, pace);
        let (_, used) = self.run(paced)?;
        // Sources that give beats earlier make others wait at other times, which may need more.
        let doubled = |depths: &Depths| depths.iter().map(|(place, depth)| (*place, 2 * depth)).collect();
        let grown = std::iter::successors(Some(used), |depths| Some(doubled(depths)));
        let mut depths = grown.take(MOST_DOUBLED).find(|depths| self.keeps(depths, frames, &goal))?;
        let mut places: Vec<Place> = depths.keys().copied().collect();
        places.sort_by_key(|place| Reverse(depths[place] * self.network.waiting(*place).width()));
        for place in places {
            let shrunk = self.shrunk(&depths, (place, 0), frames, &goal);
            depths.insert(place, shrunk);
        }
        depths.retain(|_, depth| *depth > 0);
        Some(depths)
    }

    /// The rooms of these depths.
    fn kept_up(&self, depths: &Depths) -> Vec<(Place, Room)> {
        if depths.is_empty() {
            return Vec::new();
        }
        let registers = self.trial(depths, 1, false).registers();
        let room = |(place, depth): (&Place, &usize)| {
            let room = Room {
                depth: *depth,
                needed: Some(0),
                reason: Reason::Bursts,
                registers: registers[place],
                ..Room::default()
            };
            (*place, room)
        };
        depths.iter().map(room).collect()
    }

    /// When frames end, and the room that is used.
    fn ends(&mut self, depths: &Depths, frames: usize) -> Option<(Ends, Depths)> {
        self.run(self.trial(depths, frames, false))
    }

    fn run(&mut self, mut trial: Trial) -> Option<(Ends, Depths)> {
        let settled = trial.settle(self.work, None);
        self.spend(trial.work());
        (settled == Settled::Still && trial.is_complete()).then(|| (trial.ends(), trial.used()))
    }

    /// Whether these depths reach a goal.
    fn keeps(&mut self, depths: &Depths, frames: usize, goal: &Goal) -> bool {
        match goal {
            Goal::Ends(ends) => {
                let mut trial = self.trial(depths, frames, false);
                let settled = trial.settle(self.work, Some(ends));
                self.spend(trial.work());
                settled == Settled::Still && trial.is_complete()
            }
            Goal::Interval(most) => self
                .ends(depths, frames)
                .and_then(|(ends, _)| interval(&ends))
                .is_some_and(|found| found <= *most),
        }
    }
}
