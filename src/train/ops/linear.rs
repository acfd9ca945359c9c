//! `y = W x`, what is added to it, and maps as vectors.

use crate::train::array::Array;
use crate::train::real::{Matrix, Real};
use crate::train::tape::{Tape, Var};

/// `y = W x` of each frame: `x` is `[frames, columns]`, `w` is `[rows, columns]`, and `[frames, rows]` leaves.
///
/// # Panics
/// If the columns differ.
pub fn linear<T: Real>(tape: &mut Tape<T>, x: Var, w: Var) -> Var {
    let (input, weights) = (tape.value(x), tape.value(w));
    let (frames, rows, columns) = (input.shape[0], weights.shape[0], weights.channels());
    let matrices = [(frames, columns), (rows, columns)];
    let [a, b] = matrices;
    let product =
        Matrix::new(&input.values, a.0, a.1).times(Matrix::new(&weights.values, b.0, b.1).transposed());
    tape.push(Array::new([frames, rows], product), &[x, w], move |gradient, gradients| {
        let back = Matrix::new(&gradient.values, frames, rows);
        let to_weights = back.transposed().times(Matrix::new(&input.values, frames, columns));
        gradients.add(w, Array::new(weights.shape.clone(), to_weights));
        if gradients.wants(x) {
            let to_input = back.times(Matrix::new(&weights.values, rows, columns));
            gradients.add(x, Array::new(input.shape.clone(), to_input));
        }
    })
}

/// `x + b`, a number for each channel.
///
/// # Panics
/// If there are not as many channels as numbers.
pub fn plus<T: Real>(tape: &mut Tape<T>, x: Var, b: Var) -> Var {
    let (input, bias) = (tape.value(x), tape.value(b));
    assert_eq!(input.channels(), bias.values.len(), "a number for each channel");
    let row = |row: &[T]| row.iter().zip(&bias.values).map(|(x, b)| *x + *b).collect::<Vec<_>>();
    let sums = input.values.chunks_exact(input.channels()).flat_map(row).collect();
    tape.push(Array::new(input.shape.clone(), sums), &[x, b], move |gradient, gradients| {
        gradients.add(b, Array::new(bias.shape.clone(), gradient.channel_sums()));
        gradients.add(x, gradient.clone());
    })
}

/// `[frames, ...]` as `[frames, columns]`, in the order in which a stream carries them.
pub fn flatten<T: Real>(tape: &mut Tape<T>, x: Var) -> Var {
    let value = tape.value(x);
    let shape = value.shape.clone();
    let flat = Array::clone(&value).reshaped([shape[0], shape[1..].iter().product()]);
    tape.push(flat, &[x], move |gradient, gradients| gradients.add(x, gradient.clone().reshaped(shape)))
}

#[cfg(test)]
mod tests {
    use super::super::check::{Random, agrees};
    use super::*;

    #[test]
    fn gradients_are_differences() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let [frames, rows, columns] = [random.count(1, 5), random.count(1, 6), random.count(1, 7)];
            let inputs = [&[frames, columns][..], &[rows, columns], &[rows]].map(|shape| random.array(shape));
            let both = |tape: &mut Tape<f64>, vars: &[Var]| {
                let y = linear(tape, vars[0], vars[1]);
                plus(tape, y, vars[2])
            };
            agrees(&inputs, both).unwrap();
            let map = [random.array(&[frames, 2, rows])];
            agrees(&map, |tape, vars| flatten(tape, vars[0])).unwrap();
        }
    }
}
