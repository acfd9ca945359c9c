//! Straight-through gradients, as they come out for any gradient that comes in.

use crate::train::array::Array;
use crate::train::ops::Random;
use crate::train::tape::{Tape, Var};

/// Trained numbers of a test.
pub fn latent(seed: u64, shape: &[usize]) -> Array<f64> {
    Random::new(seed).array(shape)
}

/// A gradient that comes in, and those that go out to the inputs.
pub fn backward(
    inputs: &[Array<f64>],
    operation: impl FnOnce(&mut Tape<f64>, &[Var]) -> Var,
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut tape = Tape::new();
    let vars: Vec<Var> = inputs.iter().map(|input| tape.parameter(input.clone())).collect();
    let output = operation(&mut tape, &vars);
    let gradient = Random::new(99).array(&tape.value(output).shape);
    let values = gradient.values.clone();
    let sum = Array::new([1], vec![0.0]);
    let loss = tape.push(sum, &[output], move |_, gradients| gradients.add(output, gradient));
    let mut gradients = tape.gradients(loss);
    let taken =
        vars.into_iter().map(|var| gradients.take(var).map_or(Vec::new(), |gradient| gradient.values));
    (values, taken.collect())
}

/// Of an operation on one input: the input, the gradient that comes in, and that which goes out.
pub fn straight_through(
    seed: u64,
    shape: &[usize],
    operation: impl FnOnce(&mut Tape<f64>, Var) -> Var,
) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let input = latent(seed, shape);
    let (gradient, mut back) = backward(std::slice::from_ref(&input), |tape, vars| operation(tape, vars[0]));
    (input.values, gradient, back.remove(0))
}
