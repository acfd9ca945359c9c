//! `acc * multiplier + bias` by one adder, a bit of the accumulator a cycle: for products that are rarely needed.

use super::super::row_constants::RowConstants;
use super::super::row_memory::RowIndex;
use crate::hdl::{Range, Signal, Step, Type};
use num_bigint::BigInt;

/// The rows of one lane, beat after beat, and the accumulators that they meet.
pub struct SerialLane<'c> {
    pub lane: usize,
    pub multipliers: &'c RowConstants,
    pub biases: &'c RowConstants,
    pub acc: &'c Range,
}

/// Clock cycles that a beat of accumulators of `range` takes: one to clear the sum, one for each bit, one for the bias, and one in which
/// the sum leaves.
pub fn cycles(range: &Range) -> usize {
    range.width() as usize + 3
}

/// The whole word of all sums: of accumulators of `acc` with any of the rows.
fn sums(multipliers: &RowConstants, biases: &RowConstants, acc: &Range) -> Range {
    let rows = multipliers.rows.iter().zip(&biases.rows);
    let ends =
        |(multiplier, bias): (&i64, &i64)| [acc.lo() * multiplier + bias, acc.hi() * multiplier + bias];
    Range::hull(rows.flat_map(ends).chain([BigInt::from(0)])).word()
}

/// The word of twice the sums: what a lane keeps from step to step.
pub fn state(multipliers: &RowConstants, biases: &RowConstants, acc: &Range) -> Range {
    let sums = sums(multipliers, biases, acc);
    Range::hull([sums.lo() * 2, sums.hi() * 2 + 1]).word()
}

impl SerialLane<'_> {
    /// What is added for a row while its accumulator's bits pass, and then, with the offset that makes accumulators positive, twice.
    fn words(&self) -> Vec<[BigInt; 2]> {
        let offset = if self.acc.is_signed() { self.acc.word().lo().clone() } else { BigInt::from(0) };
        let word = |beat: usize| {
            let [multiplier, bias] = [self.multipliers, self.biases].map(|rows| rows.at(beat, self.lane));
            [multiplier.into(), (offset.clone() * multiplier + bias) * 2]
        };
        (0..self.multipliers.beats()).map(word).collect()
    }

    /// One step: `sum = 2 sum + bit * multiplier`, from the highest bit on, then `sum = 2 sum + 2 bias`. The next sum, and after the last
    /// step half of it, which is exact.
    ///
    /// The highest bit of a signed accumulator is complemented, so that it counts as positive, and the bias is less by as much. A sum is
    /// added to or not, which costs an adder alone; that it starts at 0 costs nothing either, as registers have a reset.
    pub fn step<'m>(
        &self,
        step: Step<'m>,
        sum: Signal<'m>,
        x: Signal<'m>,
        row: RowIndex<'m>,
    ) -> (Signal<'m>, Signal<'m>) {
        let (m, lane, bits) = (x.module(), self.lane, x.width());
        let state = sum.range();
        let added = self.added(&step, row, bits);
        let bit = |place: u32| {
            let bit = x.to_bits().bit(place);
            if x.range().is_signed() && place + 1 == bits { !bit } else { bit }
        };
        let adds: Vec<Signal<'m>> =
            [m.always()].into_iter().chain((0..bits).rev().map(bit)).chain([m.always(); 2]).collect();
        let adds = step.index.choose(&adds).named(format!("adds_{lane}"));
        let twice = (sum << 1).wrap(state.clone());
        let next = adds.mux((twice + added).wrap(state.clone()), twice);
        let next = step.index.eq(0).mux(0, next).wrap(state).named(format!("next_sum_{lane}"));
        let whole = sums(self.multipliers, self.biases, self.acc);
        (next, (sum >> 1).wrap(whole).named("biased"))
    }

    /// The multiplier, or in the step after all bits twice the bias: constants of one row, or read of a memory with the step before.
    fn added<'m>(&self, step: &Step<'m>, row: RowIndex<'m>, bits: u32) -> Signal<'m> {
        let m = step.index.module();
        let words = self.words();
        let is_constant = words.iter().all(|word| *word == words[0]);
        if is_constant {
            let [multiplier, bias] = words[0].clone().map(|value| m.constant(value));
            m.ignore(step.ends);
            return step
                .index
                .eq(i64::from(bits) + 1)
                .mux(bias, multiplier)
                .named(format!("added_{}", self.lane));
        }
        let range = Range::hull(words.iter().flatten().cloned().chain([0.into()])).word();
        let modulus = BigInt::from(1) << range.width();
        let contents = words.iter().flatten().map(|word| ((word % &modulus) + &modulus) % &modulus).collect();
        let memory = m.rom(format!("row_constants_{}", self.lane), Type::Bits(range.width()), contents);
        let next_is_bias = step.index.eq(i64::from(bits));
        let address = row.address(false, Some(next_is_bias)).expect("which of the two");
        memory.read_when(step.ends, address).int(range).named(format!("added_{}", self.lane))
    }
}
