//! Trained ternary quantization, as 3DQ has it, and ternary weight networks.
//!
//! Sources: Paschali et al., "3DQ: compact quantized neural networks for volumetric whole brain segmentation", MICCAI 2019, arXiv 1904.03110,
//! over Zhu et al., "Trained ternary quantization", ICLR 2017, arXiv 1612.01064, equations 6 to 8:
//! - `Delta = t max |W|`, `t = 0.05`; `w_t = +W_p` where `w > Delta`, `-W_n` where `w < -Delta`, else 0;
//! - `dL/dW_p = sum_(w > Delta) g`, `dL/dW_n = -sum_(w < -Delta) g`, `dL/dw = {W_p g, g, W_n g}`.
//!
//! TWN is Li et al., "Ternary weight networks", arXiv 1605.04711, equations 5 and 6: `Delta = 0.7 mean |W|`,
//! `alpha = mean {|w| : |w| > Delta}`, and the gradient straight through.
//!
//! Ours: `W_p : W_n` lies on a grid of 6-bit integers, `W_p = p s` and `W_n = n s` with `s = max(W_p, W_n) / 63`, straight through: two small
//! integers in hardware. A scale that would reach 0 stays at one step of the grid. 3DQ's further normalization of the weights is not built.

use super::uniform::Codes;
use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};
use num_integer::Integer;

/// `t` of the threshold.
pub const THRESHOLD: f64 = 0.05;

/// The largest of the grid's integers.
const GRID: f64 = 63.0;

/// What one step of the grid is, and both scales in steps: 1 to 63.
fn grid<T: Real>(scales: &[T]) -> (T, [T; 2]) {
    // Never 0, so that each scale is a number above 0.
    let largest = scales.iter().fold(T::of(1e-6), |most, scale| most.max(*scale));
    let step = largest / T::of(GRID);
    (step, [0, 1].map(|side: usize| (scales[side] / step).round().max(T::one())))
}

/// -1, 0 or 1 of each weight.
fn signs<T: Real>(weights: &[T], threshold: T) -> Vec<i64> {
    let sign = |weight: &T| i64::from(*weight > threshold) - i64::from(*weight < -threshold);
    weights.iter().map(sign).collect()
}

/// `Delta = t max |W|`
fn threshold<T: Real>(weights: &[T]) -> T {
    T::of(THRESHOLD) * weights.iter().fold(T::zero(), |most, weight| most.max(weight.abs()))
}

/// `w_t` on the tape; `scales` holds `W_p` and `W_n`.
///
/// # Panics
/// If there are not two scales.
pub fn weights<T: Real>(tape: &mut Tape<T>, w: Var, scales: Var) -> Var {
    let (latent, both) = (tape.value(w), tape.value(scales));
    let (step, [plus, minus]) = grid(&both.values);
    let signs = signs(&latent.values, threshold(&latent.values));
    let of = |sign: i64| match sign {
        1 => plus * step,
        -1 => -(minus * step),
        _ => T::zero(),
    };
    let effective = Array::new(latent.shape.clone(), signs.iter().map(|sign| of(*sign)).collect());
    tape.push(effective, &[w, scales], move |gradient, gradients| {
        let sum = |side: i64| -> T {
            gradient.values.iter().zip(&signs).filter(|(_, sign)| **sign == side).map(|(g, _)| *g).sum()
        };
        gradients.add(scales, Array::new([2], vec![sum(1), -sum(-1)]));
        let back = gradient.values.iter().zip(&signs).map(|(gradient, sign)| match sign {
            1 => plus * step * *gradient,
            -1 => minus * step * *gradient,
            _ => *gradient,
        });
        gradients.add(w, Array::new(latent.shape.clone(), back.collect()));
    })
}

/// What leaves: -1, 0 and 1 with two scales.
pub fn deployed<T: Real>(latent: &Array<T>, scales: &Array<T>) -> Codes {
    let (step, sides) = grid(&scales.values);
    let values = signs(&latent.values, threshold(&latent.values));
    let sides = sides.map(|side| side.wide() as i64);
    let common = sides[0].gcd(&sides[1]);
    // An integer of 6 bits times a number of f32: f64 holds it.
    Codes { values, sides: sides.map(|side| side / common), scale: common as f64 * step.wide() }
}

/// `Delta` and `alpha` of a ternary weight network; `alpha` is 1 where all weights are 0.
fn twn<T: Real>(weights: &[T]) -> (T, T) {
    let count = |count: usize| T::of(count.max(1) as f64);
    let total: T = weights.iter().map(|weight| weight.abs()).sum();
    let threshold = T::of(0.7) * total / count(weights.len());
    let above: Vec<T> =
        weights.iter().map(|weight| weight.abs()).filter(|weight| *weight > threshold).collect();
    let sum: T = above.iter().copied().sum();
    (threshold, if above.is_empty() { T::one() } else { sum / count(above.len()) })
}

/// `alpha sign(w) [|w| > Delta]` on the tape.
pub fn twn_weights<T: Real>(tape: &mut Tape<T>, w: Var) -> Var {
    let latent = tape.value(w);
    let (threshold, alpha) = twn(&latent.values);
    let signs = signs(&latent.values, threshold);
    let effective = signs.iter().map(|sign| T::of(*sign as f64) * alpha).collect();
    let effective = Array::new(latent.shape.clone(), effective);
    tape.push(effective, &[w], move |gradient, gradients| gradients.add(w, gradient.clone()))
}

/// What leaves: -1, 0 and 1 with one scale.
pub fn twn_deployed<T: Real>(latent: &Array<T>) -> Codes {
    let (threshold, alpha) = twn(&latent.values);
    Codes { values: signs(&latent.values, threshold), sides: [1, 1], scale: alpha.wide() }
}

#[cfg(test)]
mod tests {
    use super::super::check::{backward, latent, straight_through};
    use super::*;

    /// All three gradients, exactly.
    #[test]
    fn the_gradients_are_the_papers() {
        for seed in 0..20 {
            let w = latent(seed, &[3, 7]);
            let scales = Array::new([2], vec![0.8, 0.5]);
            let (gradient, mut back) =
                backward(&[w.clone(), scales.clone()], |tape, vars| weights(tape, vars[0], vars[1]));
            let most = w.values.iter().fold(0.0f64, |most, weight| most.max(weight.abs()));
            let (mut to_plus, mut to_minus) = (0.0, 0.0);
            let step = 0.8 / 63.0;
            for (index, weight) in w.values.iter().enumerate() {
                let g = gradient[index];
                let by = if *weight > 0.05 * most {
                    to_plus += g;
                    63.0 * step
                } else if *weight < -0.05 * most {
                    to_minus -= g;
                    // 0.5 / 0.8 * 63 = 39.4
                    39.0 * step
                } else {
                    1.0
                };
                assert_eq!(back[0][index], by * g);
            }
            assert_eq!(back.remove(1), [to_plus, to_minus]);
        }
    }

    #[test]
    fn scales_lie_on_a_grid() {
        assert_eq!(grid(&[0.63f64, 0.1]).1, [63.0, 10.0]);
        assert_eq!(grid(&[-1.0f64, 2.0]).1, [1.0, 63.0], "none reaches 0");
        assert_eq!(grid(&[0.0f64, 0.0]).1, [1.0, 1.0]);
    }

    #[test]
    fn twn_is_straight_through_and_its_scale_a_mean() {
        let (_, gradient, back) = straight_through(3, &[4, 5], twn_weights);
        assert_eq!(gradient, back);
        // mean |w| = 0.55, Delta = 0.385
        let codes = twn_deployed(&Array::new([4], vec![1.0f64, -0.8, 0.3, -0.1]));
        assert_eq!(codes.values, [1, -1, 0, 0]);
        assert!((codes.scale - 0.9).abs() < 1e-12);
    }

    #[test]
    fn what_leaves_is_what_was_trained() {
        let (w, scales) = (latent(9, &[6, 6]), Array::new([2], vec![0.3, 0.7]));
        let mut tape = Tape::new();
        let (a, b) = (tape.parameter(w.clone()), tape.parameter(scales.clone()));
        let effective = weights(&mut tape, a, b);
        let single = twn_weights(&mut tape, a);
        for (codes, trained) in [(deployed(&w, &scales), effective), (twn_deployed(&w), single)] {
            for (index, trained) in tape.value(trained).values.iter().enumerate() {
                assert!((codes.real(index) - trained).abs() < 1e-15, "but for the order of two products");
            }
        }
    }
}
