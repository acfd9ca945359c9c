//! Rounding as a person asks for it: the modes of the language, and one that draws random numbers.

use super::config::Problems;
use super::random;
use crate::blocks::Lfsr;
use crate::hdl::Rounding;
use serde::{Deserialize, Serialize};

/// Which integer stands for `a / 2^shift` where it is none itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// The next lower one.
    Floor,
    /// The nearest; halves go up.
    #[default]
    HalfUp,
    /// The nearest; halves go to the even one.
    HalfEven,
    /// The next one in the direction of 0.
    TowardZero,
    /// The next higher one.
    Ceil,
    /// The next one in the direction away from 0.
    AwayFromZero,
    /// The nearest; halves go away from 0.
    HalfAwayFromZero,
    /// The nearest; halves go in the direction of 0.
    HalfTowardZero,
    /// The next lower or the next higher one, at random and as likely as it is near: `floor((a + r) / 2^shift)` with `r`
    /// of `shift` random bits. The mean of many roundings is `a / 2^shift`.
    Stochastic,
}

/// `numerator / denominator`, of which the denominator is above 0, as an integer.
pub(super) fn rounded(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    let (below, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let (is_negative, is_half) = (below < 0, 2 * rest == denominator);
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::Ceil => rest > 0,
        Rounding::TowardZero => rest > 0 && is_negative,
        Rounding::AwayFromZero => rest > 0 && !is_negative,
        Rounding::HalfUp => 2 * rest >= denominator,
        Rounding::HalfEven => 2 * rest > denominator || (is_half && below % 2 != 0),
        Rounding::HalfAwayFromZero => 2 * rest > denominator || (is_half && !is_negative),
        Rounding::HalfTowardZero => 2 * rest > denominator || (is_half && is_negative),
    };
    below + i128::from(up)
}

/// A mode with what it needs. The random bits are state, which the language's own modes do not have: a datapath brings
/// them in next to its beats.
#[derive(Clone, Debug)]
pub(super) enum Rounder {
    Fixed(Rounding),
    Stochastic(Lfsr),
}

impl RoundingMode {
    /// The rounding of `lanes` integers a beat, each shifted by `shift`; problems are noted.
    pub(super) fn rounder(
        self,
        seed: Option<u64>,
        lanes: usize,
        shift: u32,
        problems: &mut Problems,
    ) -> Rounder {
        let fixed = match self {
            Self::Floor => Rounding::Floor,
            Self::HalfUp => Rounding::HalfUp,
            Self::HalfEven => Rounding::HalfEven,
            Self::TowardZero => Rounding::TowardZero,
            Self::Ceil => Rounding::Ceil,
            Self::AwayFromZero => Rounding::AwayFromZero,
            Self::HalfAwayFromZero => Rounding::HalfAwayFromZero,
            Self::HalfTowardZero => Rounding::HalfTowardZero,
            // Nothing is lost, so there is nothing to draw.
            Self::Stochastic if shift == 0 => Rounding::Floor,
            Self::Stochastic => {
                let seed = ("seed", seed.unwrap_or(1));
                let register = random::register(seed, ("shift", shift), lanes, problems);
                return register.map_or(Rounder::Fixed(Rounding::Floor), Rounder::Stochastic);
            }
        };
        if let Some(seed) = seed {
            let why = "only stochastic rounding draws random numbers";
            problems.require(
                self == Self::Stochastic,
                "seed",
                seed,
                why,
                "leave it out, or write rounding = \"stochastic\"",
            );
        }
        Rounder::Fixed(fixed)
    }
}
