//! Gradients, held against central differences in f64.

use crate::train::array::Array;
use crate::train::tape::{Tape, Var};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Shapes and numbers of a test, from a seed.
pub struct Random(ChaCha8Rng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn count(&mut self, from: usize, to: usize) -> usize {
        self.0.random_range(from..=to)
    }

    /// Numbers in -2..2 that differ from each other by 1e-3 and more, so that no difference steps over a kink.
    pub fn array(&mut self, shape: &[usize]) -> Array<f64> {
        let count: usize = shape.iter().product();
        let mut grid: Vec<i64> = (0..count as i64).collect();
        for index in (1..count).rev() {
            grid.swap(index, self.0.random_range(0..=index));
        }
        let step = 4.0 / count as f64;
        let value = |place: i64| {
            let jitter = self.0.random_range(0.3..0.7);
            -2.0 + step * (place as f64 + jitter)
        };
        Array::new(shape, grid.into_iter().map(value).collect())
    }
}

/// Half of a central difference.
const STEP: f64 = 1e-5;

/// Whether the gradients of an operation are the central differences of a weighted sum of what it gives, but for 1e-6 of the largest.
///
/// # Errors
/// The first that differs.
pub fn agrees(
    inputs: &[Array<f64>],
    operation: impl Fn(&mut Tape<f64>, &[Var]) -> Var,
) -> Result<(), String> {
    // Weights of the sum that no symmetry of an operation cancels.
    let weight = |index: usize| 1.0 + (index as f64 * 1.7).sin();
    let loss = |inputs: &[Array<f64>]| {
        let mut tape = Tape::new();
        let vars: Vec<Var> = inputs.iter().map(|input| tape.parameter(input.clone())).collect();
        let output = operation(&mut tape, &vars);
        let value = tape.value(output);
        let sum = value.values.iter().enumerate().map(|(index, value)| weight(index) * value).sum();
        let loss = tape.push(Array::new([1], vec![sum]), &[output], move |_, gradients| {
            let weights = (0..value.values.len()).map(weight).collect();
            gradients.add(output, Array::new(value.shape.clone(), weights));
        });
        (sum, tape.gradients(loss), vars)
    };
    let (_, mut gradients, vars) = loss(inputs);
    for (number, var) in vars.iter().enumerate() {
        let count = inputs[number].values.len();
        let gradient = gradients.take(*var).map_or(vec![0.0; count], |gradient| gradient.values);
        let difference = |index: usize| {
            let at = |by: f64| {
                let mut inputs = inputs.to_vec();
                inputs[number].values[index] += by;
                loss(&inputs).0
            };
            (at(STEP) - at(-STEP)) / (2.0 * STEP)
        };
        let differences: Vec<f64> = (0..count).map(difference).collect();
        let largest = differences.iter().fold(1.0f64, |most, value| most.max(value.abs()));
        for (index, (gradient, difference)) in gradient.iter().zip(&differences).enumerate() {
            if (gradient - difference).abs() > 1e-6 * largest {
                return Err(format!(
                    "input {number}, element {index}: the gradient is {gradient}, the difference {difference}"
                ));
            }
        }
    }
    Ok(())
}

/// The check itself finds a wrong sign.
#[test]
fn a_wrong_sign_is_found() {
    let square = |sign: f64| {
        move |tape: &mut Tape<f64>, vars: &[Var]| {
            let (x, value) = (vars[0], tape.value(vars[0]));
            let output = value.map(|value| value * value);
            tape.push(output, &[x], move |gradient, gradients| {
                gradients.add(x, gradient.zip(&value, |gradient, value| sign * 2.0 * gradient * value));
            })
        }
    };
    let inputs = [Random::new(1).array(&[5])];
    assert_eq!(agrees(&inputs, square(1.0)), Ok(()));
    assert!(agrees(&inputs, square(-1.0)).unwrap_err().contains("input 0"));
}
