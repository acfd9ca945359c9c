//! Rationals, and the floating-point numbers that are some of them.

use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::{Signed, ToPrimitive, Zero};

pub type Rational = Ratio<BigInt>;

/// The rational that `value` is: each finite floating-point number is an integer times a power of two. None of a number that is not finite.
///
/// ```
/// use ternlet::import::exact::{Rational, of_f64};
/// assert_eq!(of_f64(0.75), Some(Rational::new(3.into(), 4.into())));
/// assert_eq!(of_f64(f64::NAN), None);
/// ```
pub fn of_f64(value: f64) -> Option<Rational> {
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, (bits & ((1 << 52) - 1)) as i64);
    let (significand, exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let significand = BigInt::from(if value.is_sign_negative() { -significand } else { significand });
    Some(match exponent {
        0.. => Rational::from_integer(significand << exponent),
        _ => Rational::new(significand, BigInt::from(1) << -exponent),
    })
}

/// The nearest floating-point number but for an error of 2^-60 of it, for a person to read.
pub fn approximate(value: &Rational) -> f64 {
    if value.is_zero() {
        return 0.0;
    }
    // 64 bits of the quotient, whatever its size.
    let shift = 64 - (value.numer().bits() as i64 - value.denom().bits() as i64);
    let quotient = match shift {
        0.. => (value.numer().abs() << shift) / value.denom(),
        _ => value.numer().abs() / (value.denom() << -shift),
    };
    // In two steps, as the power alone may be too small for a floating-point number.
    let half = shift / 2;
    let magnitude = quotient.to_f64().unwrap_or(f64::INFINITY)
        * 2f64.powi(-half as i32)
        * 2f64.powi((half - shift) as i32);
    if value.is_negative() { -magnitude } else { magnitude }
}

/// A rational as a person reads it: an integer, or its nearest floating-point number.
pub fn shown(value: &Rational) -> String {
    if value.is_integer() { value.numer().to_string() } else { approximate(value).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floating_point_numbers_are_rationals() {
        for value in [0.0, -0.0, 1.0, -2.5, 1e300, -1e-300, 5e-324, f64::MAX, 0.1] {
            assert_eq!(approximate(&of_f64(value).unwrap()), value, "{value}");
        }
        assert_eq!(of_f64(f64::INFINITY), None);
        assert_eq!(of_f64(0.1).unwrap().denom(), &(BigInt::from(1) << 55));
    }
}
