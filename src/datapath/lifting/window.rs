//! Which sources a step's taps read, wherever its target stands in a line: the borders as multiplexers.
//!
//! Places count in pairs of an even and an odd sample, relative to the target's pair. Inside a line a tap reads its own
//! place; near an end the extension sends it to another.

use super::golden::extended;
use super::scheme::{Extension, Kind, Scheme, Step};
use crate::blocks::Kernel;
use crate::hdl::{Operand, Signal};
use std::collections::BTreeMap;

/// How the pairs of a line lie in beats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beats {
    /// Neighbours in one beat.
    pub pairs: usize,
    /// How many of them a line's last beat has.
    pub tail: usize,
}

/// What a window of several pairs does with the next frame while it has pairs of this one.
///
/// In a window the last pairs of a line move on when those of the next line come, or when none has come. So a next frame that
/// begins and stops holds them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// It comes in. For lines that nothing stops which waits for this frame.
    Follow,
    /// It waits until all of this one has left but what leaves in that cycle, so that what leaves depends on no other frame. A frame ends
    /// with a line's last pair of which the first marks, so many, are 1.
    Apart { marks: usize },
}

/// How many pairs of lines a level and its inverse read ahead, one behind the other.
pub fn lines_ahead(scheme: &Scheme) -> usize {
    let steps = scheme.steps.iter().cloned().chain(scheme.inverse_steps());
    steps.map(|step| kernel(&step, scheme.extension).after).sum()
}

impl Beats {
    pub const SINGLE: Beats = Beats { pairs: 1, tail: 1 };

    /// The window over beats in which those of `kernel` over pairs lie.
    pub fn kernel(self, kernel: Kernel) -> Kernel {
        let (before, after) = (kernel.before.div_ceil(self.pairs), kernel.after.div_ceil(self.pairs));
        Kernel { before, after, border: kernel.border, ..Kernel::valid(before + 1 + after) }
    }

    /// Where the pair is that lies `place` behind pair `pair` of a beat: the beat, relative to that one, and the pair in it.
    pub fn find(self, pair: usize, place: i64) -> (i64, usize) {
        let at = pair as i64 + place;
        let pairs = self.pairs as i64;
        (at.div_euclid(pairs), at.rem_euclid(pairs) as usize)
    }
}

/// The ends of the line as seen from a beat.
pub struct Ends<'m> {
    pub beats: Beats,
    /// For each `i < behind`: the beat is number `i` of its line.
    pub starts: Vec<Signal<'m>>,
    /// For each `e <= ahead`: the line's last beat is `e` further on.
    pub lasts: Vec<Signal<'m>>,
    /// For each `e <= ahead`: the last pair of the beat `e` further on has both its samples.
    pub wholes: Vec<Signal<'m>>,
}

/// A case of [`Ends`]: the beat's number, `behind` for any from there on, and how far the last beat is and whether its last
/// pair is whole, `None` for further than the window.
type Case = (usize, Option<(usize, bool)>);

/// The window of `step` over the pairs of a line, one for each pair: as many pairs before it and after it as the step reads, what
/// stands for those beyond the border included.
pub fn kernel(step: &Step, extension: Extension) -> Kernel {
    let far = step.first.unsigned_abs().max(step.last().unsigned_abs()) as usize;
    let (mut before, mut after) = (0, 0);
    for length in 1..8 * far + 12 {
        let targets = if step.kind == Kind::Predict { length / 2 } else { length.div_ceil(2) };
        for n in 0..targets {
            for tap in step.first..=step.last() {
                let place = source(step, extension, tap, n, length).unwrap_or(0);
                before = before.max((-place).max(0) as usize);
                after = after.max(place.max(0) as usize);
            }
        }
    }
    around(before, after, extension)
}

/// A window that sees so many before its own position and after it.
fn around(before: usize, after: usize, extension: Extension) -> Kernel {
    Kernel { before, after, border: extension.border(), ..Kernel::valid(before + 1 + after) }
}

/// All cases of the ends that a window tells from each other.
fn cases(kernel: &Kernel) -> Vec<Case> {
    let seen = (0..=kernel.after).flat_map(|e| [Some((e, true)), Some((e, false))]);
    let ends: Vec<_> = seen.chain([None]).collect();
    (0..=kernel.before).flat_map(|start| ends.iter().map(move |end| (start, *end))).collect()
}

/// The place, relative to target `n`'s, of the source that `tap` reads in a line of `length` samples; none where there is none.
fn source(step: &Step, extension: Extension, tap: i64, n: usize, length: usize) -> Option<i64> {
    let (count, parity) = match step.kind {
        Kind::Predict => (length.div_ceil(2), 0),
        Kind::Update => (length / 2, 1),
    };
    let place = n as i64 + tap;
    extended(extension, place, count, length, parity).map(|place| place as i64 - n as i64)
}

/// As [`source`], for pair `pair` of a beat in a case of the ends.
fn source_in(
    step: &Step,
    extension: Extension,
    (beats, kernel): (Beats, Kernel),
    (pair, tap): (usize, i64),
    (start, end): Case,
) -> Option<i64> {
    let n = start * beats.pairs + pair;
    let (further, whole) = end.unwrap_or((kernel.after + kernel.before + 40, true));
    let Some(distance) = (further * beats.pairs + beats.tail).checked_sub(1 + pair) else {
        // Behind the line's end there is no target.
        return Some(tap);
    };
    // The last odd target of a line that ends with an even sample is none; it may read anything.
    let whole = whole || (step.kind == Kind::Predict && distance == 0);
    source(step, extension, tap, n, 2 * (n + 1 + distance) - usize::from(!whole))
}

/// What the tap of `step` at place `tap` reads for pair `pair` of a beat, where `at` gives the source at a place; 0 where there
/// is no source.
pub fn tap<'m>(
    step: &Step,
    extension: Extension,
    (pair, tap): (usize, i64),
    ends: &Ends<'m>,
    at: impl Fn(i64) -> Signal<'m>,
) -> Signal<'m> {
    let own = at(tap);
    // Where there is none goes outermost: a register behind it takes its reset for that.
    let elsewhere = elsewhere(step, extension, (pair, tap), ends).into_iter().rev();
    elsewhere.fold(own, |value, (place, reads)| {
        let other = match place {
            Some(place) => at(place),
            None => 0.operand(own.module()),
        };
        reads.mux(other, value)
    })
}

/// The places other than its own that the tap of `step` at place `tap` reads for pair `pair`, `None` where there is no source,
/// and when.
pub fn elsewhere<'m>(
    step: &Step,
    extension: Extension,
    (pair, tap): (usize, i64),
    ends: &Ends<'m>,
) -> BTreeMap<Option<i64>, Signal<'m>> {
    let kernel = around(ends.starts.len(), ends.lasts.len() - 1, extension);
    let mut elsewhere: BTreeMap<Option<i64>, Vec<Case>> = BTreeMap::new();
    for case in cases(&kernel) {
        let place = source_in(step, extension, (ends.beats, kernel), (pair, tap), case);
        if place != Some(tap) {
            elsewhere.entry(place).or_default().push(case);
        }
    }
    elsewhere.into_iter().map(|(place, cases)| (place, ends.any_of(&kernel, &cases))).collect()
}

impl<'m> Ends<'m> {
    /// Whether one of `cases` holds, with no more conditions than tell them from the others.
    fn any_of(&self, kernel: &Kernel, wanted: &[Case]) -> Signal<'m> {
        let m = self.lasts[0].module();
        let mut left = wanted.to_vec();
        let mut terms = Vec::new();
        let all_starts = |left: &[Case], end| (0..=kernel.before).all(|start| left.contains(&(start, end)));
        for distance in 0..=kernel.after {
            let both = [Some((distance, true)), Some((distance, false))];
            if both.iter().all(|end| all_starts(&left, *end)) {
                terms.push(self.ends_at(distance));
                left.retain(|(_, end)| !both.contains(end));
            }
        }
        let ends: Vec<_> = cases(kernel).into_iter().filter(|case| case.0 == 0).map(|case| case.1).collect();
        for end in &ends {
            if all_starts(&left, *end) {
                terms.push(self.end(*end));
                left.retain(|case| case.1 != *end);
            }
        }
        for start in 0..=kernel.before {
            if !left.is_empty() && ends.iter().all(|end| left.contains(&(start, *end))) {
                terms.push(self.start(start));
                left.retain(|case| case.0 != start);
            }
        }
        for (start, end) in left {
            terms.push(self.start(start) & self.end(end));
        }
        terms.into_iter().reduce(|a, b| a | b).unwrap_or(m.never())
    }

    fn start(&self, start: usize) -> Signal<'m> {
        let m = self.lasts[0].module();
        match self.starts.get(start) {
            Some(start) => *start,
            None => self.starts.iter().fold(m.always(), |none, start| none & !*start),
        }
    }

    fn ends_at(&self, distance: usize) -> Signal<'m> {
        self.lasts[..distance].iter().fold(self.lasts[distance], |end, nearer| end & !*nearer)
    }

    fn end(&self, end: Option<(usize, bool)>) -> Signal<'m> {
        match end {
            Some((distance, true)) => self.ends_at(distance) & self.wholes[distance],
            Some((distance, false)) => self.ends_at(distance) & !self.wholes[distance],
            None => {
                let m = self.lasts[0].module();
                self.lasts.iter().fold(m.always(), |none, last| none & !*last)
            }
        }
    }
}
