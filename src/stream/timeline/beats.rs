//! What changes how many beats a stream has, or joins streams, as in [`Stream`](crate::hdl::Stream).

use super::{Actor, Beat, passing};

/// [`Stream::zip`](crate::hdl::Stream::zip): a beat when all inputs have one, its frames those of the first.
pub struct Zip;

impl Actor for Zip {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].filter(|_| inputs.iter().all(Option::is_some));
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready.fill(free[0] && inputs.iter().all(Option::is_some));
    }

    fn step(&mut self, _: &[Option<Beat>], _: &[bool], _: &[bool]) {}

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// The beats of the first input, which wait until a cycle after so many of the second have come; more of these never pass.
pub struct After {
    left: usize,
    open: bool,
}

impl After {
    pub fn new(beats: usize) -> Self {
        Self { left: beats, open: false }
    }
}

impl Actor for After {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].filter(|_| self.open);
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] && self.open;
        ready[1] = self.left > 0;
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        self.open = self.left == 0;
        self.left -= usize::from(passing(inputs, ready, 1).is_some());
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        self.left > 0 || self.open
    }
}

/// [`Stream::flatten`](crate::hdl::Stream::flatten) and [`Stream::repeated`](crate::hdl::Stream::repeated): so many beats for each,
/// and `tail` for a frame's last one.
pub struct Repeat {
    count: usize,
    tail: usize,
    given: usize,
}

impl Repeat {
    pub fn new(count: usize, tail: usize) -> Self {
        Self { count, tail, given: 0 }
    }

    fn ends(&self, beat: Beat) -> bool {
        self.given + 1 == if beat.last { self.tail } else { self.count }
    }
}

impl Actor for Repeat {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].map(|beat| Beat { last: beat.last && self.ends(beat), ..beat });
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] && inputs[0].is_some_and(|beat| self.ends(beat));
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        if let Some(beat) = inputs[0].filter(|_| free[0]) {
            self.given = if self.ends(beat) { 0 } else { self.given + 1 };
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// [`Stream::stepped`](crate::hdl::Stream::stepped): a beat passes with the last of so many cycles.
pub struct Stepped {
    count: usize,
    done: usize,
}

impl Stepped {
    pub fn new(count: usize) -> Self {
        Self { count, done: 0 }
    }

    fn ends(&self) -> bool {
        self.done + 1 == self.count
    }
}

impl Actor for Stepped {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].filter(|_| self.ends());
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] && self.ends();
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        if inputs[0].is_some() && (!self.ends() || free[0]) {
            self.done = (self.done + 1) % self.count;
        }
    }

    fn rests(&self, inputs: &[Option<Beat>], _: &[bool]) -> bool {
        inputs[0].is_none() || self.ends()
    }
}

/// [`Stream::framed`](crate::hdl::Stream::framed): each that is a multiple of so many is its frame's last.
pub struct Framed {
    beats: usize,
    passed: usize,
}

impl Framed {
    pub fn new(beats: usize) -> Self {
        Self { beats, passed: 0 }
    }
}

impl Actor for Framed {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let last = self.passed + 1 == self.beats;
        outputs[0] = inputs[0].map(|beat| Beat { last, ..beat });
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if passing(inputs, ready, 0).is_some() {
            self.passed = (self.passed + 1) % self.beats;
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// [`Stream::chunk`](crate::hdl::Stream::chunk), and [`Stream::fold`](crate::hdl::Stream::fold): a register that a beat fills with each
/// `count` beats and with a frame's last.
pub struct Gather {
    count: usize,
    taken: usize,
    full: Option<Beat>,
}

impl Gather {
    pub fn chunk(count: usize) -> Self {
        Self { count, taken: 0, full: None }
    }

    /// Of whole frames.
    pub fn frames() -> Self {
        Self::chunk(usize::MAX)
    }
}

impl Actor for Gather {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.full;
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = self.full.is_none() || free[0];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        self.full = self.full.filter(|_| !free[0]);
        if let Some(beat) = passing(inputs, ready, 0) {
            let ends = self.taken + 1 == self.count || beat.last;
            self.taken = if ends { 0 } else { self.taken + 1 };
            self.full = self.full.or(ends.then_some(beat));
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// [`replay`](crate::blocks::replay): each frame so many times, while the next one is taken.
pub struct Replay {
    beats: usize,
    /// Beats that leave for each frame.
    count: usize,
    full: [bool; 2],
    fills: usize,
    filled: usize,
    gives: usize,
    given: usize,
}

impl Replay {
    pub fn new(beats: usize, passes: usize) -> Self {
        Self::counted(beats, beats * passes)
    }

    /// For each frame so many beats, in any order.
    pub fn counted(beats: usize, count: usize) -> Self {
        Self { beats, count, full: [false; 2], fills: 0, filled: 0, gives: 0, given: 0 }
    }
}

impl Actor for Replay {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let last = (self.given + 1).is_multiple_of(self.beats);
        outputs[0] = self.full[self.gives].then_some(Beat { last, ..Beat::default() });
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], ready: &mut [bool]) {
        ready[0] = !self.full[self.fills];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let (gives, fills) = (self.gives, self.fills);
        if self.full[gives] && free[0] {
            self.given += 1;
            if self.given == self.count {
                (self.full[gives], self.gives, self.given) = (false, 1 - gives, 0);
            }
        }
        if passing(inputs, ready, 0).is_some() {
            self.filled += 1;
            if self.filled == self.beats {
                (self.full[fills], self.fills, self.filled) = (true, 1 - fills, 0);
            }
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// [`Stream::headed`](crate::hdl::Stream::headed): a beat before each frame.
pub struct Headed {
    head: bool,
}

impl Headed {
    pub fn new() -> Self {
        Self { head: true }
    }
}

impl Default for Headed {
    fn default() -> Self {
        Self::new()
    }
}

impl Actor for Headed {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].map(|beat| Beat { last: beat.last && !self.head, ..beat });
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] && !self.head;
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        if let Some(beat) = inputs[0].filter(|_| free[0]) {
            self.head = !self.head && beat.last;
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}
