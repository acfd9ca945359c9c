//! How the accumulators are multiplied: as it is asked for, and as it suits the family and the clock.

use super::super::row_constants::RowConstants;
use crate::blocks::signed_digits;
use crate::hdl::{Range, Timing};
use serde::{Deserialize, Serialize};

/// How products with the multiplier are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// What suits the family and the clock: see [`Multiplier`].
    #[default]
    Auto,
    /// A `*`.
    Multiply,
    /// Sums of shifts of a constant.
    ShiftAdd,
}

/// How products are computed. [`Product::Auto`] takes hard multipliers where the family has one for these widths that
/// keeps the clock; for constants only if they save two adders or more and there are at most [`HARD_LANES`] lanes.
/// Otherwise constants become sums of shifts, and other multipliers a `*` if it keeps the clock, else rows of adders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplier {
    Hard,
    LookUpTables,
    AdderRows,
    ShiftAdds,
}

/// Lanes whose constants may take a hard multiplier each: half of those of the smallest board.
const HARD_LANES: usize = 4;

impl Multiplier {
    pub fn title(self) -> &'static str {
        match self {
            Self::Hard => "a hard multiplier (DSP) a lane",
            Self::LookUpTables => "a multiplier of look-up tables a lane",
            Self::AdderRows => "rows of adders a lane, in stages: a `*` is slower than the clock",
            Self::ShiftAdds => "sums of shifts of constants",
        }
    }
}

impl Product {
    /// How products of integers in `x` with `constants` are computed for `timing`.
    pub(super) fn multiplier(self, x: &Range, constants: &RowConstants, timing: Timing) -> Multiplier {
        let multiplier = constants.range();
        let hard = timing.has_hard_multiplier(x, &multiplier);
        let fits = timing.multiplies(x, &multiplier);
        let adders = |value: &i64| signed_digits(*value).len().saturating_sub(1);
        let saved = constants.rows.iter().map(adders).max().unwrap_or(0);
        match self {
            Product::ShiftAdd => Multiplier::ShiftAdds,
            Product::Multiply if hard => Multiplier::Hard,
            Product::Multiply => Multiplier::LookUpTables,
            Product::Auto if constants.is_constant() => {
                let pays = hard && fits && saved >= 2 && constants.lanes <= HARD_LANES;
                if pays { Multiplier::Hard } else { Multiplier::ShiftAdds }
            }
            Product::Auto => match (fits, hard) {
                (true, true) => Multiplier::Hard,
                (true, false) => Multiplier::LookUpTables,
                (false, _) => Multiplier::AdderRows,
            },
        }
    }
}
