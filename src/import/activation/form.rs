//! The form in which hardware computes a staircase, proven equal to it.

use super::multiplier::{Scaling, search};
use super::staircase::Staircase;
use serde::Serialize;

/// What leaves an accumulator in hardware.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// The accumulator is the code.
    Wires,
    Requantize(Requantized),
    /// The staircase's own thresholds.
    Thresholds,
}

/// `clamp((multiplier * acc + bias) >> shift)`, rounded down.
#[derive(Clone, Debug, PartialEq)]
pub struct Requantized {
    pub scaling: Scaling,
    /// The least and the greatest code.
    pub clamp: (i64, i64),
}

/// An accumulator at which a form is not the staircase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub channel: usize,
    pub accumulator: i64,
    pub found: i64,
    pub expected: i64,
}

/// Bits of a multiplier that a hard multiplier of 16 bits and a sign takes.
const SMALL_BITS: u32 = 15;

/// The most accumulators that are compared one by one: more than layers of 8 bits have, and some seconds.
const MOST_PAIRS: u128 = 1 << 28;

/// The most levels of the datapath `thresholds`.
const MOST_LEVELS: usize = 255;

impl Requantized {
    pub fn code(&self, channel: usize, acc: i64) -> i64 {
        let of = |values: &[i64]| i128::from(if let [one] = values { *one } else { values[channel] });
        let Scaling { multipliers, biases, shift } = &self.scaling;
        let code = (of(multipliers) * i128::from(acc) + of(biases)) >> shift;
        code.clamp(self.clamp.0.into(), self.clamp.1.into()) as i64
    }

    /// Compares the code of every accumulator in bounds of every channel with the staircase; gives how many there are.
    ///
    /// # Errors
    /// The first that differs.
    pub fn prove(&self, staircase: &Staircase) -> Result<u128, Difference> {
        for (channel, stairs) in staircase.channels.iter().enumerate() {
            for accumulator in stairs.bounds.0..=stairs.bounds.1 {
                let (found, expected) =
                    (self.code(channel, accumulator), staircase.code(channel, accumulator));
                if found != expected {
                    return Err(Difference { channel, accumulator, found, expected });
                }
            }
        }
        Ok(staircase.pairs())
    }
}

impl Form {
    /// The cheapest form that is the staircase, and how many accumulators it was held against.
    ///
    /// # Panics
    /// If a scaling that was found is not the staircase, which is a mistake here.
    pub fn of(staircase: &Staircase) -> (Self, u128) {
        if staircase.is_identity() {
            return (Self::Wires, staircase.pairs());
        }
        let levels = staircase.channels[0].thresholds.len();
        let few = levels <= 2 || staircase.pairs() > MOST_PAIRS;
        let requantize = |bits, shift| {
            let scaling = search(staircase, bits, shift)?;
            let form = Requantized { scaling, clamp: staircase.codes };
            let pairs = form
                .prove(staircase)
                .unwrap_or_else(|wrong| panic!("{form:?} is not its staircase: {wrong:?}"));
            Some((Self::Requantize(form), pairs))
        };
        let small = if few { None } else { requantize(SMALL_BITS, 24) };
        let large = || if levels > 31 && !few { requantize(31, 44) } else { None };
        small.or_else(large).unwrap_or((Self::Thresholds, staircase.pairs()))
    }

    /// Whether the datapaths have this form for so many levels.
    pub fn is_possible(&self, staircase: &Staircase) -> bool {
        *self != Self::Thresholds || staircase.channels[0].thresholds.len() <= MOST_LEVELS
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Wires => "wires",
            Self::Requantize(_) => "requantize",
            Self::Thresholds => "thresholds",
        }
    }
}
