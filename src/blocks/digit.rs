//! A digit of a count, of any base.

use crate::hdl::{Module, Range, Register, Signal};

/// Counts from 0 to `count - 1` and on from 0. One of a single value is no register.
pub struct Digit<'m> {
    register: Option<Register<'m>>,
    pub value: Signal<'m>,
    count: usize,
}

impl<'m> Digit<'m> {
    /// One that starts at `start`.
    ///
    /// # Panics
    /// If `start` is not below `count`.
    #[track_caller]
    pub fn new(m: &'m Module, name: impl Into<String>, count: usize, start: usize) -> Self {
        assert!(start < count, "a digit of {count} values does not start at {start}");
        let register = (count > 1).then(|| m.register(Range::new(0, count - 1), start).named(name));
        Self { register, value: register.map_or(m.constant(0), Register::get), count }
    }

    /// Whether it is `value`.
    #[track_caller]
    pub fn is(&self, value: usize) -> Signal<'m> {
        if self.count == 1 && value == 0 { self.value.module().always() } else { self.value.eq(value as i64) }
    }

    /// Whether it is the greatest.
    pub fn end(&self) -> Signal<'m> {
        self.is(self.count - 1)
    }

    /// Counts on where `moves`.
    pub fn step(&self, moves: Signal<'m>) {
        if let Some(register) = self.register {
            register.set_when(moves, self.value.next_count(self.end()));
        }
    }

    /// Counts on where `moves`, but to `start` where `restarts`, which is so at the greatest value at the latest.
    pub fn step_from(&self, moves: Signal<'m>, restarts: Signal<'m>, start: usize) {
        let Some(register) = self.register else { return };
        let next = self.value.next_count(self.end());
        register.set_when(moves, restarts.mux(start as i64, next));
    }
}

/// The number that `digits` write, the most significant first; next to each is in how many values it counts, from 0 on.
pub fn number<'m>(m: &'m Module, digits: &[(Signal<'m>, usize)]) -> Signal<'m> {
    let mut weight = 1usize;
    let mut sum: Option<Signal<'m>> = None;
    for &(digit, count) in digits.iter().rev().filter(|(_, count)| *count > 1) {
        // Only sums, so that the range is that of the number.
        for bit in (0..usize::BITS).filter(|bit| weight >> bit & 1 == 1) {
            let part = digit << bit;
            sum = Some(sum.map_or(part, |sum| sum + part));
        }
        weight *= count;
    }
    sum.unwrap_or(m.constant(0))
}
