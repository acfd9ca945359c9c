//! When the pairs of a line come: the transform along lines.

use super::{Frames, ends_line, set_end, set_whole, whole};
use crate::stream::timeline::{Actor, Beat, passing};

/// Samples two by two, as `pair_up` makes them.
pub struct PairUp {
    pub pass: usize,
    second: bool,
    /// The even sample that waits, and whether it stays alone.
    even: Beat,
    alone: bool,
}

impl PairUp {
    pub fn new(pass: usize) -> Self {
        Self { pass, second: false, even: Beat::default(), alone: false }
    }
}

impl Actor for PairUp {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let comes = inputs[0].filter(|_| self.second);
        let last = self.alone || comes.is_some_and(|beat| ends_line(beat, 0));
        let pair = set_whole(set_end(self.even, 0, last), self.pass, !self.alone);
        outputs[0] = (self.alone || comes.is_some()).then_some(pair);
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = if self.second { free[0] } else { !self.alone || free[0] };
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let taken = passing(inputs, ready, 0);
        self.alone &= !free[0];
        if let Some(beat) = taken {
            if !self.second {
                self.even = beat;
                self.alone |= ends_line(beat, 0);
            }
            self.second = !self.second && !ends_line(beat, 0);
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// A predict and an update step of the two nearest samples, as `nearest` makes them.
#[derive(Default)]
pub struct Nearest {
    pub pass: usize,
    second: bool,
    full: bool,
    open: bool,
    whole: bool,
    even: Beat,
    /// The pair that waits for its update.
    waiting: Option<Beat>,
    inside: bool,
}

impl Nearest {
    pub fn new(pass: usize) -> Self {
        Self { pass, ..Self::default() }
    }

    /// Whether the pair that comes in may go on, and whether it does.
    fn moves(&self, comes: bool, free: bool) -> (bool, bool) {
        let may = self.waiting.is_none() || self.inside && free;
        (may, self.full && (!self.open || comes) && may)
    }
}

impl Actor for Nearest {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.waiting.filter(|_| self.inside);
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = !self.full || self.moves(inputs[0].is_some(), free[0]).0;
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let (_, leaves) = self.moves(inputs[0].is_some(), free[0]);
        let steps = self.waiting.is_some() && free[0];
        let first = !self.inside;
        if let Some(pair) = self.waiting.filter(|_| steps) {
            self.inside = first || !ends_line(pair, 0);
            self.waiting = self.waiting.filter(|_| first);
        }
        if leaves {
            self.waiting = Some(set_whole(set_end(self.even, 0, !self.open), self.pass, self.whole));
        }
        let taken = passing(inputs, ready, 0);
        if let Some(beat) = taken {
            let last = ends_line(beat, 0);
            self.full = self.second || last;
            (self.even, self.whole) = (if self.second { self.even } else { beat }, self.second);
            (self.open, self.second) = (!last, !self.second && !last);
        } else {
            self.full &= !leaves;
        }
    }

    fn rests(&self, inputs: &[Option<Beat>], free: &[bool]) -> bool {
        let enters = self.waiting.is_some() && !self.inside && free[0];
        !enters && !self.moves(inputs[0].is_some(), free[0]).1
    }
}

/// Any step, as `window` makes it: it looks so many pairs, or beats of pairs, ahead.
pub struct LineWindow {
    pass: usize,
    /// Of samples that come one by one: whether the odd one is awaited.
    second: Option<bool>,
    /// The youngest first.
    slots: Vec<Option<Beat>>,
    frames: Frames,
}

impl LineWindow {
    pub fn of_pairs(pass: usize, ahead: usize, frames: Frames) -> Self {
        Self { pass, second: None, slots: vec![None; ahead], frames }
    }

    pub fn of_samples(pass: usize, ahead: usize, frames: Frames) -> Self {
        Self { second: Some(false), ..Self::of_pairs(pass, ahead, frames) }
    }

    /// Whether the next frame waits for the last pairs of this one.
    fn drains(&self) -> bool {
        let (Frames::Apart { marks }, Some((_, younger))) = (self.frames, self.slots.split_last()) else {
            return false;
        };
        younger.iter().flatten().any(|beat| beat.ends_frame(marks + 1))
    }

    /// The pair that comes in, and whether all move on if they may.
    fn moves(&self, input: Option<Beat>) -> (Option<Beat>, bool) {
        let comes = input.filter(|_| self.second != Some(true) && !self.drains());
        let waits = |youngest: &Option<Beat>| youngest.is_some_and(|beat| !ends_line(beat, 0));
        (comes, comes.is_some() || self.slots.first().is_some_and(|youngest| !waits(youngest)))
    }

    fn centre(&self, comes: Option<Beat>) -> Option<Beat> {
        self.slots.last().map_or(comes, |slot| *slot)
    }

    fn free(&self, centre: Option<Beat>, free: bool) -> bool {
        free || !self.slots.is_empty() && centre.is_none()
    }
}

impl Actor for LineWindow {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let (comes, moves) = self.moves(inputs[0]);
        outputs[0] = self.centre(comes).filter(|_| moves);
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let (comes, _) = self.moves(inputs[0]);
        ready[0] = self.second == Some(true) || self.free(self.centre(comes), free[0]) && !self.drains();
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let (comes, moves) = self.moves(inputs[0]);
        let shift = moves && self.free(self.centre(comes), free[0]);
        if shift && !self.slots.is_empty() {
            self.slots.rotate_right(1);
            let even =
                |beat: Beat| if self.second.is_some() { set_whole(beat, self.pass, false) } else { beat };
            self.slots[0] = comes.map(even);
        }
        if let (Some(second), Some(beat)) = (self.second, passing(inputs, ready, 0)) {
            if second {
                let joined = |even: Beat| set_whole(set_end(even, 0, ends_line(beat, 0)), self.pass, true);
                self.slots[0] = self.slots[0].map(joined);
            }
            self.second = Some(!second && !ends_line(beat, 0));
        }
    }

    fn rests(&self, inputs: &[Option<Beat>], _: &[bool]) -> bool {
        let (comes, moves) = self.moves(inputs[0]);
        let empties = self.centre(None).is_none() && self.slots.iter().any(Option::is_some);
        comes.is_some() || !(moves && empties)
    }
}

/// The samples of pairs, one a beat, as `interleave` makes them.
pub struct Interleave {
    pub pass: usize,
    second: bool,
}

impl Interleave {
    pub fn new(pass: usize) -> Self {
        Self { pass, second: false }
    }

    fn ends(&self, pair: Beat) -> bool {
        self.second || !whole(pair, self.pass)
    }
}

impl Actor for Interleave {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].map(|pair| set_end(pair, 0, ends_line(pair, 0) && self.ends(pair)));
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] && inputs[0].is_some_and(|pair| self.ends(pair));
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        if let Some(pair) = inputs[0].filter(|_| free[0]) {
            self.second = !self.ends(pair);
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}
