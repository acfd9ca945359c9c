//! Products: hard multipliers, or rows of adders.

use super::chain::cells;
use crate::device::{Counts, Family};

/// What a product of `a` by `b` bits takes, in hard multipliers if it may be `hard` and the family has them.
pub fn counts(family: Family, a: u32, b: u32, signed: bool, hard: bool) -> Counts {
    if let Some(multiplier) = family.numbers().multiplier.filter(|_| hard)
        && a.min(b) >= multiplier.least
        && a + b >= multiplier.least_product
    {
        // Of a wider product all parts but the highest are unsigned, for which a signed multiplier has a bit less.
        let part = multiplier.width - u32::from(signed);
        let parts =
            |width: u32| if width <= multiplier.width { 1 } else { u64::from((width - 1).div_ceil(part)) };
        return Counts { dsp: parts(a) * parts(b), ..Counts::default() };
    }
    // A gate for each pair of bits; two look-up tables for each full adder, of which each takes away one of these bits until two
    // rows are left; an adder. What signs cost is fitted: Yosys 0.70, 4x4 to 16x16 bits, three families.
    let (area, edge) = (f64::from(a * b), f64::from(a + b));
    let for_signs = if signed { 0.35 * area + 5.0 } else { 0.0 };
    let lut4 = (3.0 * (area - edge) + for_signs).max(area);
    Counts { lut4: lut4.round() as u64, carry: cells(family, a + b).carry, ..Counts::default() }
}
