//! Weights of equal steps, symmetric around 0: what float weights become, and what those of an N:M pattern are on the way.

use crate::train::real::Real;

/// Bits of weights that were trained as real numbers.
pub const FLOAT_BITS: u32 = 8;

/// Integers and what 1 of them is.
#[derive(Clone, Debug, PartialEq)]
pub struct Codes {
    /// As many as there are weights, in their order.
    pub values: Vec<i64>,
    /// What a code above 0 and one below it is multiplied by first: integers without a common factor, 1 and 1 but for ternary weights with two
    /// scales.
    pub sides: [i64; 2],
    /// What 1 stands for.
    pub scale: f64,
}

impl Codes {
    /// The real number that the code at `index` stands for.
    pub fn real(&self, index: usize) -> f64 {
        self.integer(index) as f64 * self.scale
    }

    /// The code at `index` times its side.
    pub fn integer(&self, index: usize) -> i64 {
        let code = self.values[index];
        code * self.sides[usize::from(code < 0)]
    }
}

/// What one code is: `max |w| / (2^(bits - 1) - 1)`; 1 where all are 0.
pub fn step<T: Real>(weights: &[T], bits: u32) -> T {
    let largest = weights.iter().fold(T::zero(), |most, weight| most.max(weight.abs()));
    let top = T::of(f64::from((1u32 << (bits - 1)) - 1));
    if largest > T::zero() { largest / top } else { T::one() }
}

/// `round(w / step)`, halves away from 0: `-(2^(bits - 1) - 1)` to `2^(bits - 1) - 1`.
pub fn codes<T: Real>(weights: &[T], bits: u32) -> Codes {
    let step = step(weights, bits);
    let values = weights.iter().map(|weight| (*weight / step).round().wide() as i64).collect();
    Codes { values, sides: [1, 1], scale: step.wide() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_has_the_largest_code() {
        let codes = codes(&[0.52f32, -1.0, 0.07, 0.0, 0.08], 4);
        assert_eq!(codes.values, [4, -7, 0, 0, 1]);
        assert!((codes.real(1) + 1.0).abs() < 1e-7);
        assert_eq!(super::codes(&[0.0f32; 3], 4), Codes { values: vec![0; 3], sides: [1, 1], scale: 1.0 });
    }
}
