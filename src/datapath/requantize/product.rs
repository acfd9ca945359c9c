//! How the accumulators are multiplied: as it is asked for, and as it suits the family and the clock.

use super::super::accumulators::Accumulators;
use super::super::row_constants::RowConstants;
use super::serial;
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
    /// A `*`, also where the hard multipliers of the board are too few: then the design does not fit.
    Multiply,
    /// Sums of shifts of a constant.
    ShiftAdd,
    /// A bit of the accumulator a cycle.
    Serial,
}

/// How products are computed. [`Product::Auto`] takes hard multipliers where the family has one for these widths that
/// keeps the clock; for constants only if they save two adders or more and there are at most [`HARD_LANES`] lanes.
/// Without one, products for which there is time are computed serially if that costs less. Otherwise constants become sums of
/// shifts, and other multipliers a `*` if it keeps the clock, else rows of adders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplier {
    Hard,
    LookUpTables,
    AdderRows,
    ShiftAdds,
    Serial,
}

/// Look-up tables that the count of the bits and their choice take, about.
const SERIAL_CONTROL: usize = 16;

/// Lanes whose constants may take a hard multiplier each: half of those of the smallest board.
const HARD_LANES: usize = 4;

impl Multiplier {
    pub fn title(self) -> &'static str {
        match self {
            Self::Hard => "a hard multiplier (DSP) a lane",
            Self::LookUpTables => "a multiplier of look-up tables a lane",
            Self::AdderRows => {
                "rows of adders a lane, in stages: a `*` is slower than the clock, or hard multipliers are too few"
            }
            Self::ShiftAdds => "sums of shifts of constants",
            Self::Serial => "an adder a lane, a bit of the accumulator a cycle",
        }
    }
}

impl Product {
    /// How products of integers in `acc` with `constants` are computed for `timing`.
    pub(super) fn multiplier(
        self,
        acc: &Accumulators,
        constants: &RowConstants,
        timing: Timing,
    ) -> Multiplier {
        let (x, multiplier) = (&acc.range, constants.range());
        let hard = timing.has_hard_multiplier(x, &multiplier);
        let fits = timing.multiplies(x, &multiplier);
        let adders = |value: &i64| signed_digits(*value).len().saturating_sub(1);
        let saved = constants.rows.iter().map(adders).max().unwrap_or(0);
        let is_constant = constants.is_constant();
        let many = constants.lanes > HARD_LANES || saved < 2;
        match self {
            Product::ShiftAdd => Multiplier::ShiftAdds,
            Product::Serial => Multiplier::Serial,
            Product::Multiply if hard => Multiplier::Hard,
            Product::Multiply => Multiplier::LookUpTables,
            Product::Auto if hard && fits && !(is_constant && many) => Multiplier::Hard,
            Product::Auto
                if serial::cycles(x) <= acc.cycles && pays(x, &multiplier, is_constant.then_some(saved)) =>
            {
                Multiplier::Serial
            }
            Product::Auto if is_constant => Multiplier::ShiftAdds,
            Product::Auto if fits => Multiplier::LookUpTables,
            Product::Auto => Multiplier::AdderRows,
        }
    }
}

/// Whether an adder and its control take fewer look-up tables than the product: about one for each bit of one factor and each of
/// the other, or for each bit of so many `adders` of constants.
fn pays(x: &Range, multiplier: &Range, adders: Option<usize>) -> bool {
    let [x, multiplier] = [x.width() as usize, multiplier.width() as usize];
    let product = adders.map_or(x * multiplier, |adders| adders * (x + multiplier) / 2);
    product > 2 * (x + multiplier) + SERIAL_CONTROL
}
