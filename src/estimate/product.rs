//! Products in hard multipliers.

use crate::device::{Counts, Family};

/// The hard multipliers that a product of factors of so many bits takes, each with a sign or not, if it may be `hard` and the family has
/// them; none where it is made of look-up tables.
pub fn counts(family: Family, widths: [usize; 2], signs: [bool; 2], hard: bool) -> Counts {
    let [a, b] = widths.map(|width| width as u32);
    let multiplier = family
        .numbers()
        .multiplier
        .filter(|multiplier| hard && a.min(b) >= multiplier.least && a + b >= multiplier.least_product);
    let Some(multiplier) = multiplier else { return Counts::default() };
    // Of a wider product all parts but the highest are unsigned, for which a signed multiplier has a bit less.
    let part = multiplier.width - u32::from(signs[0] || signs[1]);
    let parts =
        |width: u32| if width <= multiplier.width { 1 } else { u64::from((width - 1).div_ceil(part)) };
    Counts { dsp: parts(a) * parts(b), ..Counts::default() }
}
