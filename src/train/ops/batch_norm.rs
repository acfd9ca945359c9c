//! Batch norm (Ioffe, Szegedy, arXiv 1502.03167): each channel with mean 0 and variance 1, then scaled and shifted.

use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};

/// What is added to a variance before its root.
pub const EPSILON: f32 = 1e-5;

/// Mean and variance of each channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics<T> {
    pub mean: Vec<T>,
    /// Of the whole batch: the sum of squares divided by their number.
    pub variance: Vec<T>,
}

impl<T: Real> Statistics<T> {
    fn of(input: &Array<T>) -> Self {
        let count = T::of((input.values.len() / input.channels()) as f64);
        let mean: Vec<T> = input.channel_sums().into_iter().map(|sum| sum / count).collect();
        let mut squares = vec![T::zero(); mean.len()];
        for row in input.values.chunks_exact(mean.len()) {
            for ((square, value), mean) in squares.iter_mut().zip(row).zip(&mean) {
                *square += (*value - *mean) * (*value - *mean);
            }
        }
        Self { mean, variance: squares.into_iter().map(|square| square / count).collect() }
    }

    /// `1 / sqrt(variance + epsilon)`
    fn inverse_deviation(&self) -> Vec<T> {
        self.variance.iter().map(|variance| (*variance + T::of(EPSILON.into())).sqrt().recip()).collect()
    }
}

/// `gamma (x - mean) / sqrt(variance + epsilon) + beta` with the statistics of this batch, which come back too.
///
/// # Panics
/// If `gamma` and `beta` are not a number for each channel.
pub fn batch_norm<T: Real>(tape: &mut Tape<T>, x: Var, gamma: Var, beta: Var) -> (Var, Statistics<T>) {
    let input = tape.value(x);
    let statistics = Statistics::of(&input);
    let inverse = statistics.inverse_deviation();
    let centred =
        Array::new(input.shape.clone(), rows(&input, |c, value| (value - statistics.mean[c]) * inverse[c]));
    let (gammas, betas) = (tape.value(gamma), tape.value(beta));
    let values = rows(&centred, |c, value| gammas.values[c] * value + betas.values[c]);
    let y =
        tape.push(Array::new(input.shape.clone(), values), &[x, gamma, beta], move |gradient, gradients| {
            let to_beta = gradient.channel_sums();
            let to_gamma = gradient.zip(&centred, |gradient, centred| gradient * centred).channel_sums();
            if gradients.wants(x) {
                // The mean and the variance depend on x too: what they carry is taken off.
                let count = T::of((centred.values.len() / to_beta.len()) as f64);
                let channels = to_beta.len();
                let back = gradient.values.iter().zip(&centred.values).enumerate().map(
                    |(index, (gradient, centred))| {
                        let c = index % channels;
                        gammas.values[c]
                            * inverse[c]
                            * (*gradient - (to_beta[c] + *centred * to_gamma[c]) / count)
                    },
                );
                gradients.add(x, Array::new(gradient.shape.clone(), back.collect()));
            }
            gradients.add(gamma, Array::new(gammas.shape.clone(), to_gamma));
            gradients.add(beta, Array::new(betas.shape.clone(), to_beta));
        });
    (y, statistics)
}

/// The same with given statistics, as a trained network has them; it has no gradient.
pub fn normalized<T: Real>(
    tape: &mut Tape<T>,
    x: Var,
    (gamma, beta): (&Array<T>, &Array<T>),
    statistics: &Statistics<T>,
) -> Var {
    let input = tape.value(x);
    let inverse = statistics.inverse_deviation();
    let of =
        |c: usize, value: T| gamma.values[c] * (value - statistics.mean[c]) * inverse[c] + beta.values[c];
    let values = rows(&input, of);
    tape.constant(Array::new(input.shape.clone(), values))
}

/// Each number by what `of` makes of its channel and it.
fn rows<T: Real>(input: &Array<T>, of: impl Fn(usize, T) -> T) -> Vec<T> {
    let channels = input.channels();
    input.values.iter().enumerate().map(|(index, value)| of(index % channels, *value)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::check::{Random, agrees};
    use super::*;

    #[test]
    fn gradients_are_differences() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let (frames, positions, channels) = (random.count(2, 4), random.count(2, 4), random.count(1, 4));
            let shapes = [&[frames, positions, channels][..], &[channels], &[channels]];
            let inputs = shapes.map(|shape| random.array(shape));
            agrees(&inputs, |tape, vars| batch_norm(tape, vars[0], vars[1], vars[2]).0).unwrap();
        }
    }

    #[test]
    fn a_batch_has_mean_0_and_variance_1_and_its_statistics_give_the_same() {
        let mut tape = Tape::new();
        let input = Random::new(7).array(&[50, 3]);
        let (x, one, zero) = (
            tape.parameter(input),
            tape.parameter(Array::filled([3], 1.0)),
            tape.parameter(Array::filled([3], 0.0)),
        );
        let (y, statistics) = batch_norm(&mut tape, x, one, zero);
        let after = Statistics::of(&tape.value(y));
        assert!(after.mean.iter().all(|mean| mean.abs() < 1e-12));
        assert!(after.variance.iter().all(|variance| (variance - 1.0).abs() < 1e-4));
        let (gamma, beta) = (tape.value(one), tape.value(zero));
        let again = normalized(&mut tape, x, (&gamma, &beta), &statistics);
        assert_eq!(tape.value(again), tape.value(y));
    }
}
