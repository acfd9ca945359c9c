//! Where a beat is in its line: a line's beats are all positions of the axes further in.

use crate::hdl::{Module, Range, Register, Signal};

/// The lengths of the axes within a line, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inner {
    /// Of all lines.
    Fixed(Vec<usize>),
    /// Of one axis, whose length differs from frame to frame; the longest.
    Varying(usize),
}

impl Inner {
    /// The most beats of a line.
    pub fn beats(&self) -> usize {
        match self {
            Inner::Fixed(lengths) => lengths.iter().product(),
            Inner::Varying(most) => *most,
        }
    }

    pub(super) fn varies(&self) -> bool {
        matches!(self, Inner::Varying(2..))
    }
}

/// Counts the beats of a line.
pub(super) struct Cursor<'m> {
    /// The number of the beat in its line.
    pub address: Signal<'m>,
    /// For each inner axis: whether the beat is the last along it.
    pub ends: Vec<Signal<'m>>,
    /// Whether the beat is its line's last.
    pub line_end: Signal<'m>,
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
    length: usize,
    end: Signal<'m>,
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
            Inner::Fixed(lengths) => Cursor::fixed(m, name, lengths),
            Inner::Varying(most @ 2..) => Cursor::varying(m, name, *most, ends_in[0], flushes),
            Inner::Varying(_) => Cursor::fixed(m, name, &[1]),
        }
    }

    #[track_caller]
    fn fixed(m: &'m Module, name: &str, lengths: &[usize]) -> Cursor<'m> {
        let digit = |(axis, &length): (usize, &usize)| {
            (length > 1).then(|| {
                let count = m.register(Range::new(0, length - 1), 0).named(format!("{name}_inner_{axis}"));
                Digit { count, length, end: count.get().eq(length as i64 - 1) }
            })
        };
        let axes: Vec<Option<Digit>> = lengths.iter().enumerate().map(digit).collect();
        let ends = axes.iter().map(|axis| axis.map_or(m.always(), |digit| digit.end)).collect();
        let digits: Vec<Digit> = axes.into_iter().flatten().collect();
        let line_end = digits.iter().map(|digit| digit.end).reduce(|all, end| all & end);
        let (address, flat) = address(m, name, &digits);
        Cursor { address, ends, line_end: line_end.unwrap_or(m.always()), digits, flat, last_address: None }
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
        let digits = vec![Digit { count, length: most, end }];
        let (address, last_address) = (count.get(), Some(last_address));
        Cursor { address, ends: vec![end], line_end: end, digits, flat: None, last_address }
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
            next(flat, self.line_end, steps);
        }
        let mut moves = steps;
        for digit in self.digits.iter().rev() {
            next(digit.count, digit.end, moves);
            moves = moves & digit.end;
        }
        let is_known = |end: &Signal<'m>| end.constant_value().is_some();
        self.ends.iter().map(|end| if is_known(end) { *end } else { end.delay(steps) }).collect()
    }
}

/// The number of a beat whose place along each axis the digits say, and a counter where no concatenation of them is that.
fn address<'m>(m: &'m Module, name: &str, digits: &[Digit<'m>]) -> (Signal<'m>, Option<Register<'m>>) {
    let beats: usize = digits.iter().map(|digit| digit.length).product();
    let range = Range::new(0, beats - 1);
    match digits {
        [] => (m.constant(0), None),
        [digit] => (digit.count.get(), None),
        [_, inner @ ..] if inner.iter().all(|digit| digit.length.is_power_of_two()) => {
            let words: Vec<_> = digits.iter().rev().map(|digit| digit.count.get().to_bits()).collect();
            (m.concat(&words).int(range.word()).assume(range), None)
        }
        _ => {
            let flat = m.register(range, 0).named(format!("{name}_address"));
            (flat.get(), Some(flat))
        }
    }
}
