//! The buffers of streams, as they are in [`Stream`](crate::hdl::Stream).

use super::{Actor, Beat, passing};
use std::collections::VecDeque;

/// [`Stream::stage`](crate::hdl::Stream::stage): a register.
#[derive(Default)]
pub struct Delay(Option<Beat>);

impl Actor for Delay {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.0;
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = self.0.is_none() || free[0];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if ready[0] {
            self.0 = inputs[0];
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// [`Stream::map`](crate::hdl::Stream::map) in several stages, which move together.
pub struct Pipeline(Vec<Option<Beat>>);

impl Pipeline {
    /// # Panics
    /// If it has no stage.
    pub fn new(stages: usize) -> Self {
        assert!(stages > 0, "a pipeline has a stage");
        Self(vec![None; stages])
    }
}

impl Actor for Pipeline {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.0[self.0.len() - 1];
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] || self.0[self.0.len() - 1].is_none();
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if ready[0] {
            self.0.rotate_right(1);
            self.0[0] = inputs[0];
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        self.0[self.0.len() - 1].is_some() || self.0.iter().all(Option::is_none)
    }
}

/// [`Stream::spill`](crate::hdl::Stream::spill): room for two beats.
#[derive(Default)]
pub struct Spill(VecDeque<Beat>);

impl Actor for Spill {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.0.front().copied();
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], ready: &mut [bool]) {
        ready[0] = self.0.len() < 2;
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        if free[0] {
            self.0.pop_front();
        }
        self.0.extend(passing(inputs, ready, 0));
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// [`Stream::fifo`](crate::hdl::Stream::fifo): room for `depth` beats, and a register for the next one.
pub struct Fifo {
    depth: usize,
    waiting: VecDeque<Beat>,
    next: Option<Beat>,
}

impl Fifo {
    pub fn new(depth: usize) -> Self {
        Self { depth, waiting: VecDeque::new(), next: None }
    }
}

impl Actor for Fifo {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.next;
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], ready: &mut [bool]) {
        ready[0] = self.waiting.len() < self.depth;
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        if self.next.is_none() || free[0] {
            self.next = self.waiting.pop_front();
        }
        self.waiting.extend(passing(inputs, ready, 0));
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        self.next.is_some() || self.waiting.is_empty()
    }
}

/// [`Stream::fork`](crate::hdl::Stream::fork): each taker has a beat when it likes, and it passes when all have.
pub struct Fork(Vec<bool>);

impl Fork {
    pub fn new(count: usize) -> Self {
        Self(vec![false; count])
    }

    fn all(&self, free: &[bool]) -> bool {
        self.0.iter().zip(free).all(|(done, free)| *done || *free)
    }
}

impl Actor for Fork {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs.iter_mut().zip(&self.0).for_each(|(output, done)| *output = inputs[0].filter(|_| !done));
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = self.all(free);
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        if inputs[0].is_some() {
            let all = self.all(free);
            self.0.iter_mut().zip(free).for_each(|(done, free)| *done = !all && (*done || *free));
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// [`Stream::large_fifo`](crate::hdl::Stream::large_fifo) where the family has large memories.
pub struct LargeFifo {
    pairs: usize,
    first: Option<Beat>,
    waiting: VecDeque<[Beat; 2]>,
    /// What is offered, and the beat after it.
    exit: VecDeque<Beat>,
    spare: Option<[Beat; 2]>,
    arriving: Option<[Beat; 2]>,
}

impl LargeFifo {
    pub fn new(depth: usize) -> Self {
        let (first, waiting, exit) = (None, VecDeque::new(), VecDeque::new());
        Self { pairs: depth.div_ceil(2), first, waiting, exit, spare: None, arriving: None }
    }
}

impl Actor for LargeFifo {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.exit.front().copied();
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], ready: &mut [bool]) {
        ready[0] = self.waiting.len() < self.pairs || self.first.is_none();
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let has_room = self.spare.is_none() && (self.arriving.is_none() || self.exit.is_empty());
        if free[0] {
            self.exit.pop_front();
        }
        let nothing_waits = self.waiting.is_empty() && self.arriving.is_none() && self.spare.is_none();
        if self.exit.is_empty() {
            let first = self.first.take_if(|_| nothing_waits);
            let oldest = self.spare.take().or_else(|| self.arriving.take());
            self.exit.extend(oldest.into_iter().flatten().chain(first));
        }
        self.spare = self.arriving.take().or(self.spare);
        let comes = passing(inputs, ready, 0);
        let pair = comes.and_then(|beat| Some([self.first.take()?, beat]));
        if pair.is_none() && has_room {
            self.arriving = self.waiting.pop_front();
        }
        match pair {
            Some(pair) => self.waiting.push_back(pair),
            None => self.first = comes.or(self.first),
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        let moves = self.exit.is_empty() && (self.first.is_some() || self.spare.is_some());
        let reads = !self.waiting.is_empty() && self.spare.is_none();
        self.arriving.is_none() && !moves && !reads
    }
}
