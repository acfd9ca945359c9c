//! Where a beat is in its line: a line's beats are all positions of the axes further in.

use crate::blocks::{Loop, Walk};
use crate::hdl::{Module, Range, Register, Signal};

/// The lengths of the axes within a line, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inner {
    /// Of all lines. What is within `Again` comes so many times.
    Fixed(Vec<Loop>),
    /// Of one axis, whose length differs from frame to frame; the longest.
    Varying(usize),
}

impl Inner {
    /// Of all lines, in which nothing comes again.
    pub fn fixed(lengths: &[usize]) -> Inner {
        Inner::Fixed(lengths.iter().copied().map(Loop::Each).collect())
    }

    /// The most beats of a line.
    pub fn beats(&self) -> usize {
        match self {
            Inner::Fixed(loops) => loops.iter().map(|each| each.count()).product(),
            Inner::Varying(most) => *most,
        }
    }

    /// As many without those that come again.
    pub(super) fn words(&self) -> usize {
        match self {
            Inner::Fixed(loops) => Walk::new(loops.iter().copied()).count(),
            Inner::Varying(most) => *most,
        }
    }

    pub(super) fn varies(&self) -> bool {
        matches!(self, Inner::Varying(2..))
    }
}

/// Counts the beats of a line.
pub(super) struct Cursor<'m> {
    /// The number of the beat in its line, of those that differ.
    pub address: Signal<'m>,
    /// For each inner axis: whether the beat is the last along it.
    pub ends: Vec<Signal<'m>>,
    /// Whether the beat is its line's last.
    pub line_end: Signal<'m>,
    /// Whether the beat does not come again in its line.
    pub last_time: Signal<'m>,
    /// Of each inner axis of more than one position, the outermost first.
    digits: Vec<Digit<'m>>,
    /// The address, where it is no concatenation of digits.
    flat: Option<Register<'m>>,
    /// The last address of the line before, where lines vary.
    last_address: Option<Register<'m>>,
}

#[derive(Clone, Copy)]
struct Digit<'m> {
    count: Register<'m>,
    turns: Loop,
    end: Signal<'m>,
}

impl Digit<'_> {
    fn comes_again(&self) -> bool {
        matches!(self.turns, Loop::Again(_))
    }
}

impl<'m> Cursor<'m> {
    /// `ends_in` are the ends of the beat that comes; where the line `flushes` none comes.
    #[track_caller]
    pub fn new(
        m: &'m Module,
        name: &str,
        inner: &Inner,
        ends_in: &[Signal<'m>],
        flushes: Signal<'m>,
    ) -> Cursor<'m> {
        match inner {
            Inner::Fixed(loops) => Cursor::fixed(m, name, loops),
            Inner::Varying(most @ 2..) => Cursor::varying(m, name, *most, ends_in[0], flushes),
            Inner::Varying(_) => Cursor::fixed(m, name, &[Loop::Each(1)]),
        }
    }

    #[track_caller]
    fn fixed(m: &'m Module, name: &str, loops: &[Loop]) -> Cursor<'m> {
        let digit = |(axis, &turns): (usize, &Loop)| {
            let length = turns.count();
            (length > 1).then(|| {
                let count = m.register(Range::new(0, length - 1), 0).named(format!("{name}_inner_{axis}"));
                Digit { count, turns, end: count.get().eq(length as i64 - 1) }
            })
        };
        let axes: Vec<Option<Digit>> = loops.iter().enumerate().map(digit).collect();
        let ends = axes.iter().map(|axis| axis.map_or(m.always(), |digit| digit.end)).collect();
        let digits: Vec<Digit> = axes.into_iter().flatten().collect();
        let line_end = digits.iter().map(|digit| digit.end).reduce(|all, end| all & end);
        let (address, flat) = address(m, name, &digits);
        let line_end = line_end.unwrap_or(m.always());
        let last_time = digits.iter().filter(|digit| digit.comes_again()).map(|digit| digit.end);
        let last_time = last_time.reduce(|all, end| all & end).unwrap_or(m.always());
        Cursor { address, ends, line_end, last_time, digits, flat, last_address: None }
    }

    /// Where it flushes, a line is as long as the one before.
    #[track_caller]
    fn varying(
        m: &'m Module,
        name: &str,
        most: usize,
        end_in: Signal<'m>,
        flushes: Signal<'m>,
    ) -> Cursor<'m> {
        let register = |what: &str| m.register(Range::new(0, most - 1), 0).named(format!("{name}_{what}"));
        let (count, last_address) = (register("inner_0"), register("last_address"));
        let end = flushes.mux(count.get().eq(last_address.get()), end_in).named(format!("{name}_line_end"));
        let digits = vec![Digit { count, turns: Loop::Each(most), end }];
        let (address, last_address) = (count.get(), Some(last_address));
        let (ends, last_time) = (vec![end], m.always());
        Cursor { address, ends, line_end: end, last_time, digits, flat: None, last_address }
    }

    /// Whether beats come again in their line.
    pub fn comes_again(&self) -> bool {
        self.last_time.constant_value().is_none()
    }

    /// Goes on where a beat `steps`. Gives the ends of the one that stepped last.
    pub fn step(self, steps: Signal<'m>) -> Vec<Signal<'m>> {
        if let Some(last_address) = self.last_address {
            last_address.set_when(steps & self.line_end, self.address);
        }
        let next = |count: Register<'m>, end: Signal<'m>, moves: Signal<'m>| {
            let range = count.get().range();
            count.set_when(moves, end.mux(0, (count.get() + 1).assume_when(moves & !end, range)));
        };
        if let Some(flat) = self.flat {
            let (count, end) = (flat.get(), self.line_end);
            let next = count + self.stride(count.module());
            flat.set_when(steps, end.mux(0, next.assume_when(steps & !end, count.range())));
        }
        let mut moves = steps;
        for digit in self.digits.iter().rev() {
            next(digit.count, digit.end, moves);
            moves = moves & digit.end;
        }
        let is_known = |end: &Signal<'m>| end.constant_value().is_some();
        self.ends.iter().map(|end| if is_known(end) { *end } else { end.delay(steps) }).collect()
    }

    /// From one address within a line to the next: back to the first one of what comes again.
    fn stride(&self, m: &'m Module) -> Signal<'m> {
        let one = m.constant(1);
        let Some(again) = self.digits.iter().position(Digit::comes_again) else { return one };
        let within = &self.digits[again + 1..];
        let words: usize = within.iter().map(|digit| digit.turns.count()).product();
        let end = within.iter().map(|digit| digit.end).reduce(|all, end| all & end).unwrap_or(m.always());
        (end & !self.digits[again].end).mux(1 - words as i64, one)
    }
}

/// The number of a beat whose place along each axis the digits say, and a counter where no concatenation of them is that.
fn address<'m>(m: &'m Module, name: &str, digits: &[Digit<'m>]) -> (Signal<'m>, Option<Register<'m>>) {
    let digits: Vec<Digit> = digits.iter().filter(|digit| !digit.comes_again()).copied().collect();
    let words: usize = digits.iter().map(|digit| digit.turns.count()).product();
    let range = Range::new(0, words - 1);
    match &digits[..] {
        [] => (m.constant(0), None),
        [digit] => (digit.count.get(), None),
        [_, inner @ ..] if inner.iter().all(|digit| digit.turns.count().is_power_of_two()) => {
            let words: Vec<_> = digits.iter().rev().map(|digit| digit.count.get().to_bits()).collect();
            (m.concat(&words).int(range.word()).assume(range), None)
        }
        _ => {
            let flat = m.register(range, 0).named(format!("{name}_address"));
            (flat.get(), Some(flat))
        }
    }
}
