//! `a + b sqrt(v)`: what a batch norm's scale is.

use super::number::Rational;
use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::{One, Signed, Zero};
use std::cmp::Ordering;

/// `a + b sqrt(v)` of rationals, `v >= 0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surd {
    a: Rational,
    /// 0 where `root` means nothing.
    b: Rational,
    root: Rational,
}

/// A sum or product of numbers with roots of different rationals, which is none of this form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two roots of different variances meet")]
pub struct TwoRoots;

impl From<Rational> for Surd {
    fn from(a: Rational) -> Self {
        Self { a, b: Rational::zero(), root: Rational::zero() }
    }
}

impl From<i64> for Surd {
    fn from(a: i64) -> Self {
        Rational::from_integer(a.into()).into()
    }
}

impl Surd {
    pub fn zero() -> Self {
        0.into()
    }

    pub fn one() -> Self {
        1.into()
    }

    /// `1 / sqrt(v)` of `v > 0`.
    ///
    /// # Panics
    /// If `v <= 0`.
    pub fn inverse_root(v: &Rational) -> Self {
        assert!(v.is_positive(), "the root of a positive number");
        Self { a: Rational::zero(), b: v.recip(), root: v.clone() }.normal()
    }

    /// `sqrt(v)` of `v >= 0`.
    pub fn root(v: &Rational) -> Self {
        Self { a: Rational::zero(), b: Rational::one(), root: v.clone() }.normal()
    }

    /// The same number; a root of a rational's square is that rational.
    fn normal(self) -> Self {
        if self.b.is_zero() {
            return self.a.into();
        }
        let roots = (exact_root(self.root.numer()), exact_root(self.root.denom()));
        match roots {
            (Some(numerator), Some(denominator)) => {
                (self.a + self.b * Ratio::new(numerator, denominator)).into()
            }
            _ => self,
        }
    }

    /// The number, if it is a rational.
    pub fn rational(&self) -> Option<&Rational> {
        self.b.is_zero().then_some(&self.a)
    }

    /// The root that both have.
    fn common(&self, other: &Self) -> Result<Rational, TwoRoots> {
        match (self.b.is_zero(), other.b.is_zero()) {
            (_, true) => Ok(self.root.clone()),
            (true, _) => Ok(other.root.clone()),
            _ if self.root == other.root => Ok(self.root.clone()),
            _ => Err(TwoRoots),
        }
    }

    pub fn plus(&self, other: &Self) -> Result<Self, TwoRoots> {
        let root = self.common(other)?;
        Ok(Self { a: &self.a + &other.a, b: &self.b + &other.b, root }.normal())
    }

    pub fn minus(&self, other: &Self) -> Result<Self, TwoRoots> {
        self.plus(&other.negative())
    }

    pub fn negative(&self) -> Self {
        Self { a: -self.a.clone(), b: -self.b.clone(), root: self.root.clone() }
    }

    pub fn times(&self, other: &Self) -> Result<Self, TwoRoots> {
        let root = self.common(other)?;
        let a = &self.a * &other.a + &self.b * &other.b * &root;
        Ok(Self { a, b: &self.a * &other.b + &self.b * &other.a, root }.normal())
    }

    /// `1 / self`.
    ///
    /// # Panics
    /// If it is 0.
    pub fn inverse(&self) -> Self {
        // 1 / (a + b r) = (a - b r) / (a^2 - b^2 v)
        let norm = &self.a * &self.a - &self.b * &self.b * &self.root;
        assert!(!norm.is_zero(), "a number other than 0 is inverted");
        Self { a: &self.a / &norm, b: -(&self.b / &norm), root: self.root.clone() }.normal()
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        let sign = |value: &Rational| value.cmp(&Rational::zero()) as i32;
        let (a, b) = (sign(&self.a), sign(&self.b));
        if a == 0 || b == 0 || a == b {
            return if a == 0 { b } else { a };
        }
        // Of different signs: the one with the larger square decides.
        match (&self.a * &self.a).cmp(&(&self.b * &self.b * &self.root)) {
            Ordering::Greater => a,
            Ordering::Less => b,
            Ordering::Equal => 0,
        }
    }

    /// Whether it is more than, equal to or less than `other`.
    pub fn compare(&self, other: &Self) -> Result<Ordering, TwoRoots> {
        Ok(self.minus(other)?.sign().cmp(&0))
    }

    /// The greatest integer that is at most it.
    ///
    /// ```
    /// use ternlet::import::exact::{Rational, Surd};
    /// let third = Surd::inverse_root(&Rational::from_integer(3.into()));
    /// let thousands = third.times(&1000.into()).unwrap();
    /// assert_eq!(thousands.floor(), 577.into());
    /// assert_eq!(thousands.negative().floor(), (-578).into());
    /// ```
    pub fn floor(&self) -> BigInt {
        let zero = BigInt::zero();
        // (A + sqrt(R)) / D or (A - sqrt(R)) / D of integers: b sqrt(n / d) = +- sqrt(b^2 n d) / d
        let square = &self.b * &self.b * &self.root;
        let d = self.a.denom() * square.denom();
        let a = self.a.numer() * square.denom();
        let r = self.a.denom() * self.a.denom() * square.numer() * square.denom();
        let root = r.sqrt();
        let sum = match self.b.is_negative() {
            false => a + root,
            true if &root * &root == r => a - root,
            true => a - root - BigInt::one(),
        };
        debug_assert!(d > zero);
        num_integer::Integer::div_floor(&sum, &d)
    }

    /// The least integer that is at least it.
    pub fn ceil(&self) -> BigInt {
        -self.negative().floor()
    }

    /// The rational that is at most 2^-128 below it.
    pub fn rounded(&self) -> Rational {
        let scale = Rational::from_integer(BigInt::one() << 128);
        let scaled = Self { a: &self.a * &scale, b: &self.b * &scale, root: self.root.clone() };
        Rational::from_integer(scaled.floor()) / scale
    }
}

fn exact_root(value: &BigInt) -> Option<BigInt> {
    let root = value.sqrt();
    (&root * &root == *value).then_some(root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rational(n: i64, d: i64) -> Rational {
        Rational::new(n.into(), d.into())
    }

    fn surd(a: (i64, i64), b: (i64, i64), v: (i64, i64)) -> Surd {
        Surd { a: rational(a.0, a.1), b: rational(b.0, b.1), root: rational(v.0, v.1) }.normal()
    }

    #[test]
    fn a_root_of_a_square_is_a_rational() {
        let inverse = Surd::inverse_root(&rational(9, 4));
        assert_eq!(inverse.rational(), Some(&rational(2, 3)));
        assert_eq!(Surd::inverse_root(&rational(2, 1)).rational(), None);
    }

    #[test]
    fn roots_of_two_numbers_do_not_meet() {
        let [two, three] = [2, 3].map(|v| Surd::inverse_root(&rational(v, 1)));
        assert_eq!(two.plus(&three), Err(TwoRoots));
        assert_eq!(two.times(&two).unwrap(), Surd::from(rational(1, 2)));
    }

    proptest! {
        /// Held against arithmetic of 64 bits where that is sure.
        #[test]
        fn floor_sign_and_inverse(a in -900i64..900, da in 1i64..40, b in -900i64..900, db in 1i64..40, n in 1i64..500, dn in 1i64..500) {
            let x = surd((a, da), (b, db), (n, dn));
            let near = a as f64 / da as f64 + b as f64 / db as f64 * (n as f64 / dn as f64).sqrt();
            let floor = i64::try_from(x.floor()).unwrap();
            prop_assert!((floor as f64) <= near + 1e-6 && near < floor as f64 + 1.0 + 1e-6);
            prop_assert!(x.minus(&floor.into()).unwrap().sign() >= 0);
            prop_assert!(x.minus(&(floor + 1).into()).unwrap().sign() < 0);
            if near.abs() > 1e-6 {
                prop_assert_eq!(x.sign(), near.signum() as i32);
                prop_assert_eq!(x.times(&x.inverse()).unwrap(), Surd::one());
            }
        }
    }
}
