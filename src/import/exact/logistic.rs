//! The logistic function and its inverse, of rationals, but for a part of 2^-256.

use super::number::Rational;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Bits after the point of what is computed on the way.
const BITS: u32 = 320;

/// From here on the logistic function is nearer to 0 or 1 than any floating-point number is, and is taken as it is here.
const FAR: i64 = 2000;

/// `1 / (1 + exp(-x))`; 1/2 of 0 is exact, and no other value of a rational is a rational.
///
/// ```
/// use ternlet::import::exact::{Rational, approximate, logistic, logit};
/// let one = Rational::from_integer(1.into());
/// assert!((approximate(&logistic(&one)) - 0.7310585786300049).abs() < 1e-15);
/// assert!((approximate(&logit(&logistic(&one))) - 1.0).abs() < 1e-15);
/// ```
pub fn logistic(x: &Rational) -> Rational {
    let far = Rational::from_integer(FAR.into());
    let e = exponential(&-x.abs().min(far));
    let one = Rational::one();
    if x.is_negative() { &e / (one + &e) } else { one.clone() / (one + e) }
}

/// `log(y / (1 - y))` of `y` between 0 and 1; 0 of 1/2 is exact.
///
/// # Panics
/// If `y` is not between 0 and 1.
pub fn logit(y: &Rational) -> Rational {
    let odds = y / (Rational::one() - y);
    assert!(odds.is_positive(), "between 0 and 1");
    logarithm(&odds)
}

fn fixed(x: &Rational) -> BigInt {
    (x.numer() << BITS).div_floor(x.denom())
}

fn unfixed(x: BigInt) -> Rational {
    Rational::new(x, BigInt::one() << BITS)
}

/// `2 atanh(z)` of a fixed-point `z` of at most 1/3.
fn twice_atanh(z: &BigInt) -> BigInt {
    let square: BigInt = (z * z) >> BITS;
    let (mut power, mut sum) = (z.clone(), BigInt::zero());
    for odd in (1u32..).step_by(2) {
        let term = &power / odd;
        if term.is_zero() {
            break;
        }
        sum += term;
        power = (power * &square) >> BITS;
        // A shift rounds down, so that a negative power would never end.
        if power == -BigInt::one() {
            break;
        }
    }
    sum << 1
}

fn log_of_two() -> BigInt {
    twice_atanh(&fixed(&Rational::new(1.into(), 3.into())))
}

/// The natural logarithm of a positive number.
fn logarithm(x: &Rational) -> Rational {
    let exponent = x.numer().bits() as i64 - x.denom().bits() as i64;
    let power = Rational::from_integer(BigInt::one() << exponent.unsigned_abs());
    // Between 1/2 and 2.
    let part = if exponent < 0 { x * power } else { x / power };
    let z = (&part - Rational::one()) / (part + Rational::one());
    unfixed(twice_atanh(&fixed(&z)) + log_of_two() * exponent)
}

/// `exp(x)` of `x <= 0`, of at most [`FAR`].
fn exponential(x: &Rational) -> Rational {
    let (x, two) = (fixed(x), log_of_two());
    let exponent = x.div_floor(&two);
    let rest = x - &two * &exponent;
    let (mut term, mut sum) = (BigInt::one() << BITS, BigInt::zero());
    for n in 1u32.. {
        if term.is_zero() {
            break;
        }
        sum += &term;
        term = ((term * &rest) >> BITS) / n;
    }
    let shift = exponent.to_i64().expect("a small exponent").unsigned_abs();
    unfixed(sum) / Rational::from_integer(BigInt::one() << shift)
}

#[cfg(test)]
mod tests {
    use super::super::number::{approximate, of_f64};
    use super::*;

    /// Held against arithmetic of 64 bits, and both functions against each other.
    #[test]
    fn both_functions_are_those_of_floating_point_and_undo_each_other() {
        for x in [-700.0, -40.0, -3.25, -1e-9, 0.0, 1e-3, 0.7, 5.5, 30.0] {
            let exact = of_f64(x).unwrap();
            let y = logistic(&exact);
            let near = 1.0 / (1.0 + (-x).exp());
            assert!((approximate(&y) / near - 1.0).abs() < 1e-14, "{x}");
            let error = (logit(&y) - &exact).abs();
            assert!(error < Rational::new(1.into(), BigInt::one() << 200), "{x}: {}", approximate(&error));
        }
        assert_eq!(logistic(&Rational::zero()), Rational::new(1.into(), 2.into()));
        assert!(logit(&Rational::new(1.into(), 2.into())).is_zero());
    }

    #[test]
    fn what_is_far_out_stays_between_its_ends() {
        let far = Rational::from_integer(BigInt::one() << 80);
        assert!(logistic(&far) < Rational::one() && logistic(&-far).is_positive());
    }
}
