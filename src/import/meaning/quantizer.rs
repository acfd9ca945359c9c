//! Quantizers: reals to integers, each a staircase that rises.

use super::each::Each;
use super::limit::{Condition, Limit};
use crate::import::exact::{Rational, Surd, approximate};
use num_bigint::BigInt;
use num_traits::{One, Zero};

/// How a real becomes an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    HalfEven,
    Floor,
    Ceil,
    /// In the direction of 0.
    Down,
    /// In the direction away from 0.
    Up,
    /// The nearest; halves away from 0.
    HalfUp,
    /// The nearest; halves in the direction of 0.
    HalfDown,
}

/// `clamp(round(x / scale + before) + after)`.
///
/// QONNX's `Quant` has its zero point before the rounding, ONNX's QuantizeLinear after it: an odd zero point turns ties over.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantizer {
    /// More than 0.
    pub scale: Each<Rational>,
    pub before: Each<Rational>,
    pub after: Each<i64>,
    /// The least and the greatest code.
    pub range: (i64, i64),
    pub mode: Mode,
}

/// `least + number of levels at or below x`: FINN's MultiThreshold, and the sign of BipolarQuant.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    pub least: i64,
    /// As many for each channel; they rise.
    pub levels: Each<Vec<Rational>>,
}

impl Mode {
    /// The mode that QONNX calls so, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Some(match &name.to_ascii_uppercase()[..] {
            "ROUND" | "HALF_EVEN" => Self::HalfEven,
            "FLOOR" => Self::Floor,
            "CEIL" => Self::Ceil,
            "DOWN" | "ROUND_TO_ZERO" => Self::Down,
            "UP" => Self::Up,
            "HALF_UP" => Self::HalfUp,
            "HALF_DOWN" => Self::HalfDown,
            _ => return None,
        })
    }

    /// The reals that are rounded to `code` or more: those from the first on, which is left out where the second says so.
    pub fn border(self, code: &BigInt) -> (Rational, bool) {
        let positive = *code > BigInt::zero();
        let whole = Rational::from_integer(code.clone());
        let before = &whole - Rational::one();
        let half = &whole - Rational::new(1.into(), 2.into());
        match self {
            Self::Floor => (whole, false),
            Self::Ceil => (before, true),
            Self::Down if positive => (whole, false),
            Self::Down => (before, true),
            Self::Up if positive => (before, true),
            Self::Up => (whole, false),
            Self::HalfEven => (half, code.bit(0)),
            Self::HalfUp => (half, !positive),
            Self::HalfDown => (half, positive),
        }
    }

    /// `value` as it is rounded in float32, where weights are folded.
    pub fn round_float(self, value: f32) -> f32 {
        let toward = |up: bool| if (value > 0.0) == up { value.ceil() } else { value.floor() };
        match self {
            Self::HalfEven => value.round_ties_even(),
            Self::Floor => value.floor(),
            Self::Ceil => value.ceil(),
            Self::Down => value.trunc(),
            Self::Up => toward(true),
            Self::HalfUp => value.round(),
            Self::HalfDown if (value - value.trunc()).abs() == 0.5 => value.trunc(),
            Self::HalfDown => value.round(),
        }
    }
}

impl Quantizer {
    /// When the code of `channel` is at least `code`.
    pub fn at_least(&self, channel: usize, code: &BigInt) -> Condition {
        if *code <= self.range.0.into() || *code > self.range.1.into() {
            return Condition::of(*code <= self.range.0.into());
        }
        let (border, strict) = self.mode.border(&(code - BigInt::from(*self.after.get(channel))));
        let scale = self.scale.get(channel);
        let at = (&border - self.before.get(channel)) * scale;
        let slope = approximate(&scale.recip());
        Condition::AtLeast(Limit {
            at: Surd::from(at),
            strict,
            slope,
            border: approximate(&border),
            exact: true,
        })
    }
}

impl Levels {
    /// The least and the greatest code.
    pub fn range(&self) -> (i64, i64) {
        (self.least, self.least + self.levels.get(0).len() as i64)
    }

    /// When the code of `channel` is at least `code`.
    pub fn at_least(&self, channel: usize, code: &BigInt) -> Condition {
        let (least, most) = self.range();
        if *code <= least.into() || *code > most.into() {
            return Condition::of(*code <= least.into());
        }
        let index = usize::try_from(code - BigInt::from(least) - BigInt::one()).expect("a code in range");
        let at = self.levels.get(channel)[index].clone();
        let border = approximate(&at);
        Condition::AtLeast(Limit { at: at.into(), strict: false, slope: 1.0, border, exact: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The border of each code, held against rounding by cases, at every quarter.
    #[test]
    fn borders_are_those_of_rounding() {
        let modes =
            [Mode::HalfEven, Mode::Floor, Mode::Ceil, Mode::Down, Mode::Up, Mode::HalfUp, Mode::HalfDown];
        for mode in modes {
            for quarters in -40..=40 {
                let rounded = mode.round_float(quarters as f32 / 4.0) as i64;
                let value = Rational::new(quarters.into(), 4.into());
                for code in -11i64..=11 {
                    let (border, strict) = mode.border(&code.into());
                    let above = value > border || value == border && !strict;
                    assert_eq!(above, rounded >= code, "{mode:?} {value} {code}");
                }
            }
        }
    }

    #[test]
    fn modes_are_named_in_any_case() {
        assert_eq!(Mode::named("half_up"), Some(Mode::HalfUp));
        assert_eq!(Mode::named("ROUND"), Some(Mode::HalfEven));
        assert_eq!(Mode::named("NEAREST"), None);
    }
}
