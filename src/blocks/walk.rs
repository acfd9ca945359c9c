//! Nested loops, of which some count a number and others give it again: how maps are read several times.

use super::digit::number;
use crate::hdl::{Module, Payload, Range, Register, Signal, Stream};

/// A loop around those that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loop {
    /// A digit of the number: so many values of it, one after the other.
    Each(usize),
    /// The same numbers so many times.
    Again(usize),
}

impl Loop {
    /// How often it turns.
    pub(super) fn count(self) -> usize {
        match self {
            Self::Each(count) | Self::Again(count) => count,
        }
    }
}

/// Loops, the outermost first, of which the numbers are a sequence that starts anew where it ends.
///
/// ```
/// use ternlet::blocks::{Loop, Walk};
/// // The rows of a picture of 2 x 3 pixels, each of them twice.
/// let walk = Walk::new([Loop::Each(2), Loop::Again(2), Loop::Each(3)]);
/// assert_eq!(walk.numbers(), [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk(Vec<Loop>);

impl Walk {
    /// Loops next to each other are one where they are alike; those of one turn are none.
    pub fn new(loops: impl IntoIterator<Item = Loop>) -> Self {
        let mut kept: Vec<Loop> = Vec::new();
        for each in loops.into_iter().filter(|each| each.count() != 1) {
            match (kept.last_mut(), each) {
                (Some(Loop::Each(outer)), Loop::Each(inner)) => *outer *= inner,
                (Some(Loop::Again(outer)), Loop::Again(inner)) => *outer *= inner,
                _ => kept.push(each),
            }
        }
        Self(kept)
    }

    /// The same sequence over and over, without the loops outside all that count.
    pub fn endless(mut self) -> Self {
        let outside = self.0.iter().take_while(|each| matches!(each, Loop::Again(_))).count();
        self.0.drain(..outside);
        self
    }

    /// How many numbers there are, from 0 on.
    pub fn count(&self) -> usize {
        let counts = self.0.iter().filter(|each| matches!(each, Loop::Each(_)));
        counts.map(|each| each.count()).product()
    }

    /// How long the sequence is.
    pub fn length(&self) -> usize {
        self.0.iter().map(|each| each.count()).product()
    }

    /// The sequence.
    pub fn numbers(&self) -> Vec<usize> {
        self.0.iter().rev().fold(vec![0], |inner, each| match *each {
            Loop::Again(count) => inner.repeat(count),
            Loop::Each(count) => {
                let within = inner.iter().max().map_or(1, |most| most + 1);
                (0..count).flat_map(|digit| inner.iter().map(move |number| digit * within + number)).collect()
            }
        })
    }

    /// What the registers hold that count the loops: one each.
    pub(super) fn ranges(&self) -> Vec<Range> {
        self.0.iter().map(|each| Range::new(0, each.count() - 1)).collect()
    }

    /// The registers that count the loops, those of [`Loop::Each`] and of [`Loop::Again`] called so.
    pub(super) fn counters<'m>(&self, m: &'m Module, names: [&str; 2]) -> Vec<Register<'m>> {
        let again = |each: &Loop| matches!(each, Loop::Again(_));
        let several = |kind: bool| self.0.iter().filter(|each| again(each) == kind).count() > 1;
        let ranges = self.ranges().into_iter().zip(&self.0).enumerate();
        let counters = ranges.map(|(index, (range, each))| {
            let name = names[usize::from(again(each))];
            let name = if several(again(each)) { format!("{name}_{index}") } else { name.into() };
            m.register(range, 0).named(name)
        });
        counters.collect()
    }

    /// Whether a run of the innermost loop ends; none where that gives a number again.
    pub(super) fn run_ends<'m>(&self, digits: &[Signal<'m>]) -> Option<Signal<'m>> {
        match (self.0.last()?, digits.last()?) {
            (Loop::Each(count), digit) => Some(digit.eq(*count as i64 - 1)),
            (Loop::Again(_), _) => None,
        }
    }

    /// The number where the loops are at `digits`.
    pub(super) fn number<'m>(&self, m: &'m Module, digits: &[Signal<'m>]) -> Signal<'m> {
        let counting = self.0.iter().zip(digits).filter_map(|(each, digit)| match each {
            Loop::Each(count) => Some((*digit, *count)),
            Loop::Again(_) => None,
        });
        match &counting.collect::<Vec<_>>()[..] {
            [(digit, _)] => *digit,
            digits => number(m, digits),
        }
    }

    /// Where the loops are next, and whether the sequence ends here.
    pub(super) fn next<'m>(&self, m: &'m Module, digits: &[Signal<'m>]) -> (Vec<Signal<'m>>, Signal<'m>) {
        let mut next = digits.to_vec();
        let mut ends: Option<Signal<'m>> = None;
        for (index, each) in self.0.iter().enumerate().rev() {
            let digit = digits[index];
            let end = digit.eq(each.count() as i64 - 1);
            let counted = digit.next_count(end);
            next[index] = ends.map_or(counted, |moves| moves.mux(counted, digit));
            ends = Some(ends.map_or(end, |inner| inner & end));
        }
        (next, ends.unwrap_or(m.always()))
    }

    /// Beats, each next to the number of its turn.
    pub fn numbered<'m, P: Payload<'m>>(
        &self,
        stream: Stream<'m, P>,
        name: &str,
    ) -> Stream<'m, (P, Signal<'m>)> {
        let m = stream.module();
        let ranges = self.ranges();
        if let [range] = &ranges[..] {
            // One counter has the name itself.
            return stream
                .scan(name, range, &[0], |digit, beat, _| (self.next(m, &[digit]).0[0], (beat, digit)));
        }
        stream.scan(name, &ranges, &vec![0; ranges.len()], |digits: Vec<Signal<'m>>, beat, _| {
            (self.next(m, &digits).0, (beat, self.number(m, &digits)))
        })
    }
}
