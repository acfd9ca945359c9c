//! SLB: each weight searches its value among a few.
//!
//! Source: Yang et al., "Searching for low-bit weights in quantized neural networks", NeurIPS 2020, arXiv 2009.08695. Of `m = 2^bits` values
//! `v_i = (2 i - (m - 1)) / (m - 1)`, -1 to 1 in equal steps (-1 and 1 of one bit):
//! - `P_i = exp(A_i / tau) / sum_j exp(A_j / tau)` with the trained numbers `A` of each weight;
//! - in training `w = sum_i P_i v_i`; its gradient is the true one, `dw/dA_i = P_i (v_i - w) / tau`;
//! - what leaves is `v_k`, `k = argmax_i A_i`; of equals the lowest.
//!
//! `1 / tau` grows by a factor each epoch between two parts of the training, as in MindSpore's Golden Stick; from the second on the weights are
//! `v_k`, `A` rests, and the batch norms settle on the statistics of the values that leave.
//!
//! Ours: all values of a layer are multiplied by `1 / sqrt(columns)`, a constant that a batch norm cancels.

use super::uniform::Codes;
use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};

/// `v_i` times `m - 1`: odd integers.
pub fn code(place: usize, bits: u32) -> i64 {
    2 * place as i64 - ((1 << bits) - 1)
}

/// The place of the largest of `scores`; of equals the lowest.
pub fn largest<T: Real>(scores: &[T]) -> usize {
    (1..scores.len()).fold(0, |best, place| if scores[place] > scores[best] { place } else { best })
}

/// What `v = 1` of a layer stands for.
fn unit(shape: &[usize]) -> f64 {
    // A number of f32 whatever is trained, so that nothing is rounded where it leaves.
    let columns: usize = shape[1..shape.len() - 1].iter().product();
    f64::from((columns as f32).sqrt().recip())
}

/// `1 / tau`: `factor` to the power of the epochs, counted in parts of `epochs`, that are done since `start`; none from `end` on.
pub fn sharpness(done: f64, epochs: usize, (start, end): (f64, f64), factor: f64) -> Option<f64> {
    (done < end).then(|| factor.powf(((done - start).max(0.0) * epochs as f64).floor()))
}

/// The weights on the tape. `a` is `[rows, ..., columns, 2^bits]`; what leaves is without the last axis. Without a `sharpness` they are those
/// that leave the trainer, and `a` has no gradient.
pub fn weights<T: Real>(tape: &mut Tape<T>, a: Var, sharpness: Option<f64>) -> Var {
    let scores = tape.value(a);
    let places = scores.channels();
    let bits = places.ilog2();
    let unit = T::of(unit(&scores.shape));
    let value = |place: usize| unit * T::of(code(place, bits) as f64) / T::of((places - 1) as f64);
    let values: Vec<T> = (0..places).map(value).collect();
    let shape = scores.shape[..scores.shape.len() - 1].to_vec();
    let rows = scores.values.chunks_exact(places);
    let Some(sharpness) = sharpness else {
        return tape.constant(Array::new(shape, rows.map(|row| values[largest(row)]).collect()));
    };
    let sharpness = T::of(sharpness);
    let mut shares = Vec::with_capacity(scores.values.len());
    for row in rows {
        let most = row[largest(row)];
        let powers: Vec<T> = row.iter().map(|score| ((*score - most) * sharpness).exp()).collect();
        let sum: T = powers.iter().copied().sum();
        shares.extend(powers.into_iter().map(|power| power / sum));
    }
    let mean = |shares: &[T]| shares.iter().zip(&values).map(|(share, value)| *share * *value).sum();
    let means: Vec<T> = shares.chunks_exact(places).map(mean).collect();
    tape.push(Array::new(shape, means.clone()), &[a], move |gradient, gradients| {
        let of = |(index, share): (usize, &T)| {
            let (weight, place) = (index / places, index % places);
            gradient.values[weight] * *share * (values[place] - means[weight]) * sharpness
        };
        let back = shares.iter().enumerate().map(of).collect();
        gradients.add(a, Array::new(scores.shape.clone(), back));
    })
}

/// The odd integers that leave, and what 1 of them is.
pub fn deployed<T: Real>(scores: &Array<T>) -> Codes {
    let places = scores.channels();
    let of = |row: &[T]| code(largest(row), places.ilog2());
    let values = scores.values.chunks_exact(places).map(of).collect();
    Codes { values, sides: [1, 1], scale: unit(&scores.shape) / (places - 1) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::ops::{Random, agrees};

    #[test]
    fn gradients_are_differences() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let places = [2, 4, 16][seed as usize % 3];
            let shape = [random.count(1, 3), random.count(1, 4), places];
            let sharpness = Some(1.0 + seed as f64 / 10.0);
            agrees(&[random.array(&shape)], |tape, vars| weights(tape, vars[0], sharpness)).unwrap();
        }
    }

    /// `sum_i P_i v_i` of one weight with three bits less one by hand, and the switch.
    #[test]
    fn weights_are_means_until_they_are_chosen() {
        let scores = Array::new([1, 1, 4], vec![0.0f64, 2f64.ln(), 5f64.ln(), 0.0]);
        let mut tape = Tape::new();
        let a = tape.parameter(scores.clone());
        let soft = weights(&mut tape, a, Some(1.0));
        // Shares 1, 2, 5, 1 of 9; values -1, -1/3, 1/3, 1.
        assert!((tape.value(soft).values[0] - 1.0 / 9.0).abs() < 1e-12);
        let sharp = weights(&mut tape, a, Some(2.0));
        // Shares 1, 4, 25, 1 of 31.
        assert!((tape.value(sharp).values[0] - 7.0 / 31.0).abs() < 1e-12);
        let hard = weights(&mut tape, a, None);
        assert_eq!(tape.value(hard).values, [1.0 / 3.0]);
        let codes = deployed(&scores);
        assert_eq!((codes.values.clone(), codes.real(0)), (vec![1], 1.0 / 3.0));
        assert!(tape.gradients(hard).take(a).is_none(), "what is chosen rests");
    }

    #[test]
    fn values_are_odd_and_of_equals_the_lowest_is_chosen() {
        assert_eq!((0..4).map(|place| code(place, 2)).collect::<Vec<_>>(), [-3, -1, 1, 3]);
        assert_eq!((0..2).map(|place| code(place, 1)).collect::<Vec<_>>(), [-1, 1]);
        assert_eq!(largest(&[0.5, 1.0, 1.0]), 1);
    }

    #[test]
    fn the_temperature_falls_between_two_parts() {
        let at = |done| sharpness(done, 10, (0.2, 0.6), 2.0);
        assert_eq!([0.0, 0.2, 0.35, 0.55].map(at), [Some(1.0), Some(1.0), Some(2.0), Some(8.0)]);
        assert_eq!(at(0.6), None);
    }
}
