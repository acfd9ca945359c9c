//! A FIFO whose room is still to be found.

use super::{Actor, Beat, passing};
use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

/// The room of an [`Elastic`], which may grow while it runs, and how much of it was wanted.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Rc<(Cell<usize>, Cell<usize>)>);

impl Gauge {
    pub fn new(depth: usize) -> Self {
        Self(Rc::new((depth.into(), 0.into())))
    }

    pub fn depth(&self) -> usize {
        self.0.0.get()
    }

    /// Gives more room; what waits stays.
    pub fn grow(&self, beats: usize) {
        self.0.0.set(self.depth() + beats);
    }

    /// The least depth with which all would have been the same.
    pub fn used(&self) -> usize {
        self.0.1.get()
    }
}

/// As [`Fifo`](super::Fifo), of the depth of its gauge; with none it is a wire.
pub struct Elastic {
    gauge: Gauge,
    waiting: VecDeque<Beat>,
    next: Option<Beat>,
}

impl Elastic {
    pub fn new(gauge: Gauge) -> Self {
        Self { gauge, waiting: VecDeque::new(), next: None }
    }
}

impl Actor for Elastic {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = if self.gauge.depth() == 0 { inputs[0] } else { self.next };
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let depth = self.gauge.depth();
        ready[0] = if depth == 0 { free[0] } else { self.waiting.len() < depth };
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        if self.gauge.depth() == 0 {
            return;
        }
        let full = self.waiting.len() + 1;
        if self.next.is_none() || free[0] {
            self.next = self.waiting.pop_front();
        }
        if let Some(beat) = passing(inputs, ready, 0) {
            self.waiting.push_back(beat);
            self.gauge.0.1.set(self.gauge.used().max(full));
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        self.next.is_some() || self.waiting.is_empty()
    }
}
