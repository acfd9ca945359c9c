//! When the pairs of lines come: the transform across lines.

use super::{ends_frame, ends_line, set_end, set_line_end, set_whole, whole};
use crate::datapath::lifting::line_store::Lines;
use crate::stream::timeline::{Actor, Beat, passing};

/// The register stage next to memories, as `Beside` makes it.
#[derive(Default)]
struct Stage(Option<(bool, Beat)>);

impl Stage {
    fn leaves(&self, free: bool) -> bool {
        self.0.is_some_and(|(gives, _)| !gives || free)
    }

    fn is_free(&self, free: bool) -> bool {
        self.0.is_none() || self.leaves(free)
    }

    fn offers(&self) -> Option<Beat> {
        self.0.filter(|(gives, _)| *gives).map(|(_, beat)| beat)
    }

    fn step(&mut self, enters: Option<(bool, Beat)>, free: bool) {
        if self.leaves(free) {
            self.0 = None;
        }
        self.0 = enters.or(self.0);
    }
}

/// What is known of a line in the window.
#[derive(Clone)]
struct Slot {
    valid: bool,
    end: bool,
    whole: bool,
    /// Its last position, and whether the others have gone on after it; where lines vary.
    last: usize,
    passed: bool,
    beats: Vec<Beat>,
}

/// A step across lines, as `across` makes it.
pub struct Across {
    axis: usize,
    pass: usize,
    lines: Lines,
    /// Of lines that come one by one: whether the odd one is awaited.
    second: Option<bool>,
    /// The youngest first.
    slots: Vec<Slot>,
    at: usize,
    flushing: bool,
    missed: i64,
    /// Whether the line that came in has ended while others go on, and where and how.
    in_passed: bool,
    then: (usize, bool, bool),
    written: Option<usize>,
    stage: Stage,
}

/// What the lines do in a cycle, if a beat may enter.
struct Walk {
    flush: bool,
    misses: bool,
    second: bool,
    idle: bool,
    last: bool,
    gives: bool,
    last_given: bool,
    clash: bool,
}

impl Across {
    pub fn new(axis: usize, pass: usize, ahead: usize, lines: Lines, samples: bool) -> Self {
        let slot = Slot {
            valid: false,
            end: false,
            whole: false,
            last: 0,
            passed: false,
            beats: vec![Beat::default(); lines.length],
        };
        Self {
            axis,
            pass,
            lines,
            second: samples.then_some(false),
            slots: vec![slot; ahead],
            at: 0,
            flushing: false,
            missed: 0,
            in_passed: false,
            then: (0, false, false),
            written: None,
            stage: Stage::default(),
        }
    }

    /// Whether lines that vary go on after the end of one.
    fn goes_on(&self) -> bool {
        self.lines.pause.is_some() && !self.lines.fixed && !self.slots.is_empty()
    }

    fn flush(&self, comes: bool) -> (bool, bool) {
        let Some((youngest, older)) = self.slots.split_first() else { return (false, false) };
        let waits = if youngest.valid { youngest.end } else { older.iter().any(|slot| slot.valid) };
        let Some(pause) = self.lines.pause else { return (waits, false) };
        let misses = self.at == 0 && waits && !comes;
        let begins = misses && self.missed == pause;
        (if self.at == 0 { begins } else { self.flushing }, misses)
    }

    fn walk(&self, input: Option<Beat>) -> Walk {
        let (flush, misses) = self.flush(input.is_some());
        let second = self.second == Some(true) && !flush;
        let idle = flush || self.goes_on() && self.in_passed;
        let last_in = input.is_some_and(|beat| ends_line(beat, self.axis));
        let passed = |slot: &Slot| self.goes_on() && slot.passed;
        let over = |slot: &Slot| passed(slot) || self.at == slot.last;
        let last = match self.slots.first() {
            None => last_in,
            Some(_) if self.lines.fixed => self.at + 1 == self.lines.length,
            Some(_) => {
                (idle || last_in) && (second || self.slots.iter().all(|slot| !slot.valid || over(slot)))
            }
        };
        let (gives, last_given) = match self.slots.last() {
            None => (!second, last),
            Some(centre) if self.lines.fixed => (centre.valid && !second, last),
            Some(centre) => (centre.valid && !second && !passed(centre), over(centre)),
        };
        let clash = self.written == Some(self.at);
        Walk { flush, misses, second, idle, last, gives, last_given, clash }
    }

    fn enters(&self, walk: &Walk, comes: bool, free: bool) -> bool {
        (walk.idle || comes) && !walk.clash && self.stage.is_free(free)
    }

    /// What leaves where a beat enters.
    fn given(&self, walk: &Walk, input: Option<Beat>) -> (bool, Beat) {
        let own = input.unwrap_or_default();
        let (beat, end, is_whole) = match self.slots.last() {
            None => (own, ends_frame(own, self.axis), whole(own, self.pass)),
            Some(centre) => (centre.beats[self.at], centre.end, centre.whole),
        };
        let beat = set_end(set_line_end(beat, self.axis, walk.last_given), self.axis, end);
        (walk.gives, set_whole(beat, self.pass, is_whole))
    }

    /// What is known of the line that came in: its position, whether it ends its frame, whether it is whole.
    fn of_line(&self, input: Option<Beat>) -> (usize, bool, bool) {
        if self.goes_on() && self.in_passed {
            return self.then;
        }
        let own = input.unwrap_or_default();
        (self.at, ends_frame(own, self.axis), whole(own, self.pass))
    }

    /// With the last position of all lines each becomes one older.
    fn age(&mut self, walk: &Walk, (position, end, is_whole): (usize, bool, bool)) {
        let samples = self.second.is_some();
        let turns = walk.last && !walk.second;
        let goes_on = self.goes_on();
        for age in (0..self.slots.len()).rev() {
            let younger = age.checked_sub(1).map(|younger| self.slots[younger].clone());
            let (at, slot) = (self.at, &mut self.slots[age]);
            let over = slot.passed || at == slot.last;
            if goes_on {
                slot.passed = !walk.last && over;
            }
            if turns {
                slot.valid = younger.as_ref().map_or(!walk.flush, |younger| younger.valid);
                slot.last = younger.as_ref().map_or(position, |younger| younger.last);
            }
            match younger {
                Some(younger) if turns => (slot.end, slot.whole) = (younger.end, younger.whole),
                None if samples && walk.last => (slot.end, slot.whole) = (end, walk.second),
                None if turns && !samples => (slot.end, slot.whole) = (end, is_whole),
                _ => {}
            }
        }
    }
}

impl Actor for Across {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.stage.offers();
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let walk = self.walk(inputs[0]);
        ready[0] = self.stage.is_free(free[0]) && !walk.idle && !walk.clash;
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        let input = inputs[0];
        let walk = self.walk(input);
        let enters = self.enters(&walk, input.is_some(), free[0]);
        let given = enters.then(|| self.given(&walk, input));
        self.stage.step(given, free[0]);
        self.flushing = walk.flush;
        let pause = self.lines.pause.unwrap_or(0);
        self.missed = if walk.misses { (self.missed + 1).min(pause) } else { 0 };
        self.written = enters.then_some(self.at);
        if !enters {
            return;
        }
        let line = self.of_line(input);
        if !walk.idle {
            self.then = line;
        }
        if !walk.second {
            let mut younger = input.unwrap_or_default();
            for slot in &mut self.slots {
                std::mem::swap(&mut slot.beats[self.at], &mut younger);
            }
        }
        self.age(&walk, line);
        if let Some(second) = &mut self.second
            && !walk.flush
            && walk.last
        {
            *second = !*second && !line.1;
        }
        let last_in = input.is_some_and(|beat| ends_line(beat, self.axis));
        self.in_passed = !walk.last && !walk.flush && (walk.idle || last_in);
        self.at = if walk.last { 0 } else { self.at + 1 };
    }

    fn rests(&self, inputs: &[Option<Beat>], free: &[bool]) -> bool {
        let walk = self.walk(inputs[0]);
        let enters = walk.idle && self.enters(&walk, inputs[0].is_some(), free[0]);
        let pauses = walk.misses && Some(self.missed) != self.lines.pause || !walk.misses && self.missed > 0;
        let waits = self.written.is_none() && self.flushing == walk.flush;
        waits && !enters && !pauses && !self.stage.leaves(free[0])
    }
}

/// Pairs of lines from lines one by one, as `pair_lines` makes them.
#[derive(Default)]
pub struct PairLines {
    axis: usize,
    pass: usize,
    second: bool,
    stage: Stage,
}

impl PairLines {
    pub fn new(axis: usize, pass: usize) -> Self {
        Self { axis, pass, ..Self::default() }
    }
}

impl Actor for PairLines {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.stage.offers();
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = self.stage.is_free(free[0]);
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let comes = passing(inputs, ready, 0);
        let given = |beat: Beat| {
            let gives = self.second || ends_frame(beat, self.axis);
            (gives, set_whole(beat, self.pass, self.second))
        };
        self.stage.step(comes.map(given), free[0]);
        if let Some(beat) = comes.filter(|beat| ends_line(*beat, self.axis)) {
            self.second = !self.second && !ends_frame(beat, self.axis);
        }
    }
}

/// The lines of pairs one by one, as `interleave_lines` makes them.
pub struct InterleaveLines {
    axis: usize,
    pass: usize,
    second: bool,
    at: usize,
    last: usize,
    odd: Vec<Beat>,
    stage: Stage,
}

impl InterleaveLines {
    pub fn new(axis: usize, pass: usize, length: usize) -> Self {
        let odd = vec![Beat::default(); length];
        Self { axis, pass, second: false, at: 0, last: 0, odd, stage: Stage::default() }
    }
}

impl Actor for InterleaveLines {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.stage.offers();
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = self.stage.is_free(free[0]) && !self.second;
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        let (axis, pass) = (self.axis, self.pass);
        let comes = if self.second { Some(self.odd[self.at]) } else { inputs[0] };
        let enters = comes.filter(|_| self.stage.is_free(free[0]));
        let Some(pair) = enters else { return self.stage.step(None, free[0]) };
        let last = if self.second { self.at == self.last } else { ends_line(pair, axis) };
        let end = ends_frame(pair, axis) && (self.second || !whole(pair, pass));
        let sample = set_end(set_line_end(pair, axis, last), axis, end);
        self.stage.step(Some((true, sample)), free[0]);
        if !self.second {
            self.odd[self.at] = pair;
            if last {
                self.last = self.at;
            }
        }
        self.at = if last { 0 } else { self.at + 1 };
        if last {
            self.second = !self.second && whole(pair, pass);
        }
    }
}
