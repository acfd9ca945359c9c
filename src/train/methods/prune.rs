//! Stochastic pruning of activation gradients, as SparseTrain has it.
//!
//! Source: Ye et al., "Accelerating CNN training by pruning activation gradients", ECCV 2020, arXiv 1908.00173, on which SparseTrain (Dai et al., DAC
//! 2020, arXiv 2007.13595) builds:
//! - `g^ = g` where `|g| >= tau`; else `sign(g) tau` with probability `|g| / tau`, and 0 otherwise, so that its mean is `g`;
//! - for normal gradients `tau = Phi^-1((1 + p) / 2) sigma`, `sigma = sqrt(pi / 2) mean |g|`: so many lie below it as the rate `p` says. As some of them become
//!   `tau`, more than `1 - p` stay other than 0;
//! - a batch is pruned by the mean of the last thresholds of its layer; until there are as many as the history is long nothing is.
//!
//! It stands behind a batch norm's gradient, where the gradient of a convolution comes in: both of its products, to the weights and to its input, see
//! what is left. `gradient_prune` is the same in hardware.

use crate::datapath::pruning_constant;
use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;

/// The table `train.prune`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pruning {
    /// `p`, between 0 and 1.
    pub rate: f64,
    /// Thresholds whose mean is the next one.
    #[serde(default = "history")]
    pub history: usize,
}

fn history() -> usize {
    4
}

impl Pruning {
    /// # Errors
    /// The key that is out of its range, and a sentence about it.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let Self { rate, history } = self;
        if !(*rate > 0.0 && *rate < 1.0) {
            return Err((
                "rate",
                format!(
                    "rate = {rate}: of normal gradients this part is pruned, between 0 and 1; 0.9 is usual"
                ),
            ));
        }
        match (1..=1024).contains(history) {
            true => Ok(()),
            false => Err(("history", format!("history = {history}: write 1 to 1024"))),
        }
    }
}

/// What a layer's gradients were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pruned {
    /// That of these gradients, for those that come.
    pub threshold: f64,
    pub gradients: usize,
    /// Other than 0, before and after.
    pub before: usize,
    pub after: usize,
}

/// Where a layer's gradients are noted when the tape is walked back.
pub type Noted = Rc<RefCell<Option<Pruned>>>;

/// `g` pruned by `threshold` with a number `random` in `0..1`; a threshold of 0 prunes nothing.
pub fn stochastic<T: Real>(gradient: T, threshold: T, random: T) -> T {
    match gradient.abs() {
        magnitude if magnitude >= threshold => gradient,
        magnitude if magnitude > random * threshold => threshold * gradient.signum(),
        _ => T::zero(),
    }
}

/// `x` itself, of which gradients that come back are pruned by `threshold`.
pub fn pruned<T: Real>(
    tape: &mut Tape<T>,
    x: Var,
    rate: f64,
    threshold: f64,
    mut random: impl Rng + 'static,
) -> (Var, Noted) {
    let noted = Noted::default();
    let (note, value) = (noted.clone(), Array::clone(&tape.value(x)));
    let same = tape.push(value, &[x], move |gradient, gradients| {
        let count = |array: &Array<T>| array.values.iter().filter(|value| !value.is_zero()).count();
        let sum: f64 = gradient.values.iter().map(|gradient| gradient.wide().abs()).sum();
        let mean = sum / gradient.values.len().max(1) as f64;
        let pruned = gradient.map(|gradient| stochastic(*gradient, T::of(threshold), T::of(random.random())));
        *note.borrow_mut() = Some(Pruned {
            threshold: pruning_constant(rate) * mean,
            gradients: gradient.values.len(),
            before: count(gradient),
            after: count(&pruned),
        });
        gradients.add(x, pruned);
    });
    (same, noted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use statrs::distribution::{ContinuousCDF, Normal};

    /// The density of normal gradients, `(1 - p) + (2 / z) (phi(0) - phi(z))`, of the paper's distribution; and the mean, which stays.
    #[test]
    fn normal_gradients_keep_their_mean_and_have_the_density_of_the_formula() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let normal = Normal::new(0.0, 0.3).unwrap();
        let mut sample = || normal.inverse_cdf(random.random_range(1e-12..1.0));
        let values: Vec<f64> = (0..200_000).map(|_| sample()).collect();
        for (rate, density) in [(0.5, 0.7407), (0.9, 0.4597), (0.99, 0.3085)] {
            let mut tape = Tape::new();
            let x = tape.parameter(Array::new([values.len()], values.clone()));
            let threshold = 0.3 * pruning_constant(rate) * (2.0 / std::f64::consts::PI).sqrt();
            let (y, noted) = pruned(&mut tape, x, rate, threshold, ChaCha8Rng::seed_from_u64(2));
            let gradient = values.clone();
            let loss = tape.push(Array::new([1], vec![0.0]), &[y], move |_, gradients| {
                gradients.add(y, Array::new([gradient.len()], gradient.clone()));
            });
            let given = tape.gradients(loss).take(x).unwrap();
            let Pruned { threshold: found, gradients, after, .. } = noted.borrow().unwrap();
            assert!((found / threshold - 1.0).abs() < 0.01, "{found} and {threshold}");
            assert!(
                (after as f64 / gradients as f64 - density).abs() < 0.005,
                "{rate}: {after} of {gradients}"
            );
            let (mean, before) = (mean(&given.values), mean(&values));
            assert!((mean - before).abs() < 0.005, "{mean} and {before}");
            assert!(given.values.iter().all(|value| *value == 0.0 || value.abs() >= threshold - 1e-12));
        }
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn a_threshold_of_0_prunes_nothing_and_a_large_one_all_but_some() {
        assert_eq!(stochastic(-0.5f32, 0.0, 0.9), -0.5);
        assert_eq!(stochastic(-0.5f32, 2.0, 0.2), -2.0);
        assert_eq!(stochastic(-0.5f32, 2.0, 0.25), 0.0);
        assert_eq!(stochastic(0.0f32, 2.0, 0.0), 0.0);
    }
}
