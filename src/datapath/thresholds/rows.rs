//! The thresholds of rows as an accumulator meets them, whichever way the codes go.

use crate::datapath::accumulators::Accumulators;
use crate::hdl::Range;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// A row's thresholds, moved to the side of the accumulator: `T <= -acc` is not `acc >= 1 - T`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// In the order of the codes: the accumulator from which on each is reached, or is not where the row falls.
    pub from: Vec<i64>,
    /// Whether the codes fall while the accumulator rises.
    pub falls: bool,
}

impl Row {
    /// The row of `thresholds`, which rise, for accumulators in `range`, of at most 62 bits and a sign. What is never reached is one above the
    /// greatest of them, and what is always reached is the least.
    pub fn of(thresholds: &[i64], sign: i64, range: &Range) -> Self {
        let end = |end: &BigInt| end.to_i128().expect("an accumulator of at most 62 bits and a sign");
        let (lo, hi) = (end(range.lo()), end(range.hi()));
        let falls = sign < 0;
        let moved = |&threshold: &i64| {
            let threshold = i128::from(threshold);
            (if falls { 1 - threshold } else { threshold }).clamp(lo, hi + 1) as i64
        };
        Self { from: thresholds.iter().map(moved).collect(), falls }
    }

    /// The same thresholds ascending, filled up to `2^bits - 1` with those that no accumulator of `range` reaches, or that all do:
    /// how many of them are at or below it has the bits of the number of codes passed, or where the row falls their complement.
    pub fn ladder(&self, bits: u32, range: &Range) -> Vec<i64> {
        let end = |end: &BigInt| end.to_i64().expect("an accumulator of at most 62 bits and a sign");
        let spare = vec![
            if self.falls { end(range.lo()) } else { end(range.hi()) + 1 };
            (1 << bits) - 1 - self.from.len()
        ];
        match self.falls {
            true => spare.into_iter().chain(self.from.iter().rev().copied()).collect(),
            false => self.from.iter().copied().chain(spare).collect(),
        }
    }

    /// How many codes above the least the one of `acc` is.
    pub fn steps(&self, acc: i64) -> usize {
        self.from.iter().filter(|&&from| (acc >= from) != self.falls).count()
    }
}

/// The rows of a lane, beat after beat; one where all are the same.
#[derive(Clone, Debug)]
pub struct LaneRows(pub Vec<Row>);

impl LaneRows {
    /// Those of each of `lanes` lanes, where rows come so many a beat. A lane that is no row in the last beat has its first one there.
    pub fn of(rows: &[Row], lanes: usize) -> Vec<Self> {
        let beats = rows.len().div_ceil(lanes);
        let of_lane = |lane: usize| {
            let row = |beat: usize| Accumulators::row(rows.len(), lanes, beat, lane).map(|row| &rows[row]);
            let first = row(0).unwrap_or(&rows[rows.len() - 1]);
            let all: Vec<Row> = (0..beats).map(|beat| row(beat).unwrap_or(first).clone()).collect();
            let alike = all.iter().all(|row| row == first);
            Self(if alike { vec![first.clone()] } else { all })
        };
        (0..lanes).map(of_lane).collect()
    }

    pub fn is_constant(&self) -> bool {
        self.0.len() == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::signed;

    #[test]
    fn a_ladder_counts_what_the_row_does() {
        let range = signed(5);
        for thresholds in [&[-3, 0, 0, 9][..], &[-90, -16, 15, 90], &[i64::MIN, i64::MAX], &[4]] {
            for sign in [1, -1] {
                let row = Row::of(thresholds, sign, &range);
                let bits = usize::BITS - thresholds.len().leading_zeros();
                let ladder = row.ladder(bits, &range);
                assert!(ladder.is_sorted(), "{ladder:?}");
                for acc in -16..16 {
                    let below = ladder.iter().filter(|&&from| acc >= from).count();
                    let counted = if sign < 0 { ladder.len() - below } else { below };
                    let expected =
                        thresholds.iter().filter(|&&t| i128::from(t) <= i128::from(sign * acc)).count();
                    assert_eq!(
                        (row.steps(acc), counted),
                        (expected, expected),
                        "{thresholds:?} {sign} {acc}"
                    );
                }
            }
        }
    }
}
