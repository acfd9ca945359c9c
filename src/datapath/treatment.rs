//! What becomes of a subband's coefficients: an integer code and back, or a gain.

use super::config::Problems;
use super::requantize::requantize;
use crate::blocks::constant_multiple;
use crate::hdl::{Range, Rounding, Signal, unsigned};
use serde::{Deserialize, Serialize};

/// A uniform quantizer: `code = clamp((c * multiplier + bias + half) >> shift, 0, 2^bits - 1)`, and back
/// `c' = clamp((code * step + offset + half) >> fraction)` into the subband's range; `half` is half of what the shift divides by.
///
/// With the step `d` and the lowest value `l`, `multiplier = 2^shift / d`, `bias = -l * multiplier`, `step = d * 2^fraction` and
/// `offset = l * 2^fraction`. No bits drop the subband: every coefficient becomes `offset / 2^fraction`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table { bits = 4, multiplier = ..., shift = ..., step = ... }, as `ternlet fit` writes it"
)]
pub struct Quantizer {
    /// 0 to 16.
    pub bits: u32,
    #[serde(default)]
    pub multiplier: i64,
    #[serde(default)]
    pub bias: i64,
    #[serde(default)]
    pub shift: u32,
    #[serde(default)]
    pub step: i64,
    #[serde(default)]
    pub offset: i64,
    #[serde(default)]
    pub fraction: u32,
}

/// `c' = clamp((c * multiplier + half) >> shift)` into the subband's range; a multiplier of 0 drops the subband.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gain {
    pub multiplier: i64,
    #[serde(default)]
    pub shift: u32,
}

/// What a subband goes through.
#[derive(Clone, Debug)]
pub enum Treatment {
    /// To codes.
    Encode(Quantizer),
    /// To codes and back.
    Quantize(Quantizer),
    Scale(Gain),
}

/// The least binary places of a multiplier.
const PLACES: u32 = 16;

/// Binary places of a multiplier beyond those of the step and the code: codes are then those of the exact quotient but next to
/// the borders between them.
const MORE_PLACES: u32 = 6;

/// The most bits of a multiplier and of a step, and of what is added to their products.
const FACTOR_BITS: u32 = 40;
const TERM_BITS: u32 = 60;

impl Quantizer {
    /// The integers of a quantizer of `bits` with this step and lowest value, below 2^36 both; no step drops the subband, so that
    /// `low` comes back.
    pub fn of_step(bits: u32, step: f64, low: f64) -> Self {
        // The step's own bits, so that it keeps as many as a small one, and leaves room for the code's.
        let size = step.max(1.0).log2().ceil() as u32;
        let fraction = (FACTOR_BITS - 2).saturating_sub(size).min(8);
        let part = f64::from(1u32 << fraction);
        let (step_integer, offset) = ((step * part).round() as i64, (low * part).round() as i64);
        if bits == 0 || step_integer == 0 {
            return Self { bits, multiplier: 0, bias: 0, shift: 0, step: 0, offset, fraction };
        }
        let shift = PLACES.max(size + bits + MORE_PLACES);
        let whole = (1u64 << shift) as f64;
        let (multiplier, bias) = ((whole / step).round() as i64, (-low * whole / step).round() as i64);
        Self { bits, multiplier, bias, shift, step: step_integer, offset, fraction }
    }

    /// ```
    /// use ternlet::datapath::Quantizer;
    /// // A step of 10 from -15 on: -15, -5, 5, 15.
    /// let quantizer = Quantizer { bits: 2, multiplier: 6554, bias: 98304, shift: 16, step: 10, offset: -15, fraction: 0 };
    /// assert_eq!([-99, -11, -9, 0, 4, 14].map(|c| quantizer.code(c)), [0, 0, 1, 2, 2, 3]);
    /// assert_eq!([0, 1, 2, 3].map(|code| quantizer.value(code)), [-15, -5, 5, 15]);
    /// ```
    pub fn code(&self, coefficient: i64) -> i64 {
        let most = (1 << self.bits) - 1;
        requantize(coefficient, self.multiplier, self.bias, self.shift, Rounding::HalfUp, 0, most)
    }

    /// The coefficient that a code stands for, not yet clamped.
    pub fn value(&self, code: i64) -> i64 {
        requantize(code, self.step, self.offset, self.fraction, Rounding::HalfUp, i64::MIN, i64::MAX)
    }

    pub fn check(&self, problems: &mut Problems) {
        problems.require(self.bits <= 16, "bits", self.bits, "a code has 0 to 16 bits", "write 0 to 16");
        for (field, shift) in [("shift", self.shift), ("fraction", self.fraction)] {
            problems.require(shift <= 62, field, shift, "a shift is at most 62", "scale the factor down");
        }
        for (field, factor, bits) in [
            ("multiplier", self.multiplier, FACTOR_BITS),
            ("bias", self.bias, TERM_BITS),
            ("step", self.step, FACTOR_BITS),
            ("offset", self.offset, TERM_BITS),
        ] {
            let why = format!("it has at most {bits} bits");
            problems.require(factor.unsigned_abs() < 1 << bits, field, factor, &why, "scale it down");
        }
    }
}

impl Gain {
    pub const ONE: Gain = Gain { multiplier: 1, shift: 0 };

    pub fn value(&self, coefficient: i64) -> i64 {
        requantize(coefficient, self.multiplier, 0, self.shift, Rounding::HalfUp, i64::MIN, i64::MAX)
    }

    pub fn check(&self, problems: &mut Problems) {
        problems.require(
            self.shift <= 30,
            "shift",
            self.shift,
            "a shift is at most 30",
            "scale the gain down",
        );
        let fits = self.multiplier.unsigned_abs() < 1 << 32;
        problems.require(
            fits,
            "multiplier",
            self.multiplier,
            "a multiplier has at most 32 bits",
            "scale it down",
        );
    }
}

impl Treatment {
    /// Bits of a code, where codes leave.
    pub fn code_bits(&self) -> Option<u32> {
        match self {
            Treatment::Encode(quantizer) => Some(quantizer.bits),
            _ => None,
        }
    }

    /// What becomes of a coefficient; `(lo, hi)` are the subband's bounds.
    pub fn of(&self, coefficient: i64, (lo, hi): (i64, i64)) -> i64 {
        match self {
            Treatment::Encode(quantizer) => quantizer.code(coefficient),
            Treatment::Quantize(quantizer) => quantizer.value(quantizer.code(coefficient)).clamp(lo, hi),
            Treatment::Scale(gain) => gain.value(coefficient).clamp(lo, hi),
        }
    }

    /// The hardware of [`Treatment::of`]; products are sums of shifts.
    pub fn build<'m>(&self, coefficient: Signal<'m>, range: &Range) -> Signal<'m> {
        match self {
            Treatment::Encode(quantizer) => encoded(quantizer, coefficient),
            Treatment::Quantize(quantizer) => {
                let code = encoded(quantizer, coefficient);
                affine(code, quantizer.step, quantizer.offset, quantizer.fraction).saturate(range.clone())
            }
            Treatment::Scale(gain) => {
                affine(coefficient, gain.multiplier, 0, gain.shift).saturate(range.clone())
            }
        }
    }
}

fn encoded<'m>(quantizer: &Quantizer, coefficient: Signal<'m>) -> Signal<'m> {
    if quantizer.bits == 0 {
        coefficient.module().ignore(coefficient);
        return coefficient.module().constant(0);
    }
    let scaled = affine(coefficient, quantizer.multiplier, quantizer.bias, quantizer.shift);
    scaled.saturate(unsigned(quantizer.bits)).named("code")
}

/// `(x * factor + offset + half) >> shift`.
fn affine(x: Signal<'_>, factor: i64, offset: i64, shift: u32) -> Signal<'_> {
    (constant_multiple(x, factor) + offset).round_shift(shift, Rounding::HalfUp)
}
