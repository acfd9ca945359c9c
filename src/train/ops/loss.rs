//! How far scores are from labels.

use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};

/// The mean over labels of `log(sum_j exp(score_j)) - score_label`: the cross-entropy of a softmax. `scores` is `[frames, positions ..., classes]`.
///
/// # Panics
/// If there is not a label for each position of each frame, or one is no class.
pub fn cross_entropy<T: Real>(tape: &mut Tape<T>, scores: Var, labels: &[usize]) -> Var {
    let value = tape.value(scores);
    let classes = value.channels();
    assert_eq!(value.values.len(), labels.len() * classes, "a label for each position");
    let frames = T::of(labels.len() as f64);
    let mut loss = T::zero();
    let mut shares = Vec::with_capacity(value.values.len());
    for (row, label) in value.values.chunks_exact(classes).zip(labels) {
        // The largest is taken off first, so that no power overflows.
        let largest = row.iter().copied().fold(T::neg_infinity(), T::max);
        let powers: Vec<T> = row.iter().map(|score| (*score - largest).exp()).collect();
        let sum: T = powers.iter().copied().sum();
        loss += (sum.ln() + largest - row[*label]) / frames;
        let one = |class: usize| if class == *label { T::one() } else { T::zero() };
        shares.extend(powers.iter().enumerate().map(|(class, power)| (*power / sum - one(class)) / frames));
    }
    let shape = value.shape.clone();
    tape.push(Array::new([1], vec![loss]), &[scores], move |gradient, gradients| {
        let by = gradient.values[0];
        gradients.add(scores, Array::new(shape, shares).map(|share| by * *share));
    })
}

#[cfg(test)]
mod tests {
    use super::super::check::{Random, agrees};
    use super::*;

    #[test]
    fn gradients_are_differences() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let (frames, classes) = (random.count(1, 6), random.count(2, 9));
            let labels: Vec<usize> = (0..frames).map(|_| random.count(0, classes - 1)).collect();
            agrees(&[random.array(&[frames, classes])], |tape, vars| cross_entropy(tape, vars[0], &labels))
                .unwrap();
        }
    }

    #[test]
    fn equal_scores_have_the_logarithm_of_the_classes() {
        let mut tape = Tape::new();
        let scores = tape.constant(Array::filled([3, 10], 500.0f64));
        let loss = cross_entropy(&mut tape, scores, &[0, 4, 9]);
        assert!((tape.value(loss).values[0] - 10f64.ln()).abs() < 1e-12);
    }
}
