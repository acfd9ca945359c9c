//! ReLU, and the quantizer that clips at both ends.

use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};

/// `max(x, 0)`; the gradient at 0 is 0.
pub fn relu<T: Real>(tape: &mut Tape<T>, x: Var) -> Var {
    let input = tape.value(x);
    let output = input.map(|value| value.max(T::zero()));
    tape.push(output, &[x], move |gradient, gradients| {
        let zero = T::zero();
        let back = gradient.zip(&input, |gradient, value| if value > zero { gradient } else { zero });
        gradients.add(x, back);
    })
}

/// The code of `value` where `step` is what one code stands for: `clamp(round(value / step), 0, 2^bits - 1)`, ties to even.
///
/// ```
/// use ternlet::train::ops::codes_of;
/// assert_eq!([-1.0f32, 0.24, 0.25, 0.75, 9.0].map(|x| codes_of(x, 0.5, 2)), [0.0, 0.0, 0.0, 2.0, 3.0]);
/// ```
pub fn codes_of<T: Real>(value: T, step: T, bits: u32) -> T {
    let most = T::of(f64::from((1u32 << bits) - 1));
    // `Float::round` takes halves away from 0.
    let scaled = (value / step).max(T::zero()).min(most);
    let rounded = scaled.round();
    let tie = rounded - scaled == T::of(0.5);
    let two = T::of(2.0);
    if tie && (rounded / two).fract() != T::zero() { rounded - T::one() } else { rounded }
}

/// `step * code` with `step = clip / (2^bits - 1)`: from 0 to `clip` in equal steps.
///
/// The gradient of the quantizer is straight through: to `x` inside of 0..clip, to `clip` for all that is at or above it (PACT, Choi et al., arXiv
/// 1805.06085, equation 3). What lies at a border belongs to the outside.
///
/// # Panics
/// If `clip` is not one number, or `bits` is not 1 to 8.
pub fn clipped<T: Real>(tape: &mut Tape<T>, x: Var, clip: Var, bits: u32) -> Var {
    assert!((1..=8).contains(&bits), "1 to 8 bits");
    let (input, clips) = (tape.value(x), tape.value(clip));
    let [top] = clips.values[..] else { panic!("one clip") };
    let step = top / T::of(f64::from((1u32 << bits) - 1));
    let output = input.map(|value| codes_of(*value, step, bits) * step);
    tape.push(output, &[x, clip], move |gradient, gradients| {
        let zero = T::zero();
        let inside = |gradient: T, value: T| if value > zero && value < top { gradient } else { zero };
        let above = |(gradient, value): (&T, &T)| if *value >= top { *gradient } else { zero };
        let to_clip = gradient.values.iter().zip(&input.values).map(above).sum();
        gradients.add(x, gradient.zip(&input, inside));
        gradients.add(clip, Array::new([1], vec![to_clip]));
    })
}

#[cfg(test)]
mod tests {
    use super::super::check::{Random, agrees};
    use super::*;

    #[test]
    fn the_gradient_of_relu_is_its_difference() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let shape = [random.count(1, 4), random.count(1, 9)];
            agrees(&[random.array(&shape)], |tape, vars| relu(tape, vars[0])).unwrap();
        }
    }

    /// Values, codes and both gradients by hand, at borders too.
    #[test]
    fn the_quantizer_is_straight_through() {
        let mut tape = Tape::new();
        let x = tape.parameter(Array::new([7], vec![-1.0f64, 0.0, 0.25, 0.3, 1.4, 1.5, 2.0]));
        let clip = tape.parameter(Array::new([1], vec![1.5]));
        let y = clipped(&mut tape, x, clip, 2);
        assert_eq!(tape.value(y).values, [0.0, 0.0, 0.0, 0.5, 1.5, 1.5, 1.5]);
        let loss = tape.value(y).map(|_| 1.0);
        let loss = tape.push(loss, &[y], move |_, gradients| {
            gradients.add(y, Array::new([7], vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]));
        });
        let mut gradients = tape.gradients(loss);
        assert_eq!(gradients.take(x).unwrap().values, [0.0, 0.0, 4.0, 8.0, 16.0, 0.0, 0.0]);
        assert_eq!(gradients.take(clip).unwrap().values, [96.0]);
    }

    #[test]
    fn halves_go_to_the_even_code() {
        let codes = [0.5, 1.5, 2.5, 3.5, 4.5].map(|value: f64| codes_of(value, 1.0, 3));
        assert_eq!(codes, [0.0, 2.0, 2.0, 4.0, 4.0]);
    }
}
