//! The forms in which a family adds with the fewest look-up tables.

use super::counts::Counts;

/// How a family adds and subtracts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AdderForm {
    /// Plain sums of values held in either polarity, where a difference takes a look-up table a bit more than a sum.
    Polarity,
    /// Sums and differences, which cost the same.
    #[default]
    Difference,
}

/// How a family adds, subtracts or skips in one look-up table a bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccumulatorForm {
    /// Where the carry chain takes the operands as they are, before the look-up table: `a - x` is the complement of
    /// `~a + x`, so the accumulator is held in the polarity that its next weight needs, and what leaves the adder is
    /// complemented on its way where the polarity changes.
    #[default]
    Polarity,
    /// Where a look-up table with four inputs stands before the carry: a hand-written cell adds, subtracts or skips.
    Cell(&'static HandWritten),
}

/// A module written for a family.
#[derive(Debug)]
pub struct HandWritten {
    pub name: &'static str,
    /// Its Verilog.
    pub source: &'static str,
    /// Models of the cells in it, for simulation.
    pub models: &'static str,
    /// What it takes, by the bits of its outputs.
    pub counts: fn(u32) -> Counts,
}

impl PartialEq for HandWritten {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for HandWritten {}

/// What happens to a flip-flop that is reset while it is not enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetPriority {
    /// It stays as it is.
    Enable,
    /// It is reset.
    Reset,
    /// One or the other, as its configuration says.
    Either,
    /// It has no reset of this kind: gates before it make one.
    Gates,
}
