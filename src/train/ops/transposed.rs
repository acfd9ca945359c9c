//! Transposed convolution whose windows stand next to each other: each position becomes a block of them.

use super::windows::Windows;
use crate::train::array::Array;
use crate::train::real::{Matrix, Real};
use crate::train::tape::{Tape, Var};

/// `y[seen(p, t), f] = sum_c w[f, t, c] x[p, c]`: `x` is `[frames, positions ..., channels]`, `w` is `[filters, taps, channels]` with the taps in
/// raster order, and the map of `blocks` leaves, of which each position that comes in is a [block](Windows::blocks).
///
/// # Panics
/// If the shapes do not meet.
pub fn transposed_convolution<T: Real>(tape: &mut Tape<T>, x: Var, w: Var, blocks: &Windows) -> Var {
    let (input, weights) = (tape.value(x), tape.value(w));
    let (filters, taps, channels) = (weights.shape[0], weights.shape[1], input.channels());
    let (rows, columns) = (input.values.len() / channels, filters * taps);
    let places: Vec<usize> = blocks.seen().positions.into_iter().flatten().collect();
    let weights_of = Matrix::new(&weights.values, columns, channels);
    let product = Matrix::new(&input.values, rows, channels).times(weights_of.transposed());
    let mut map = Array::filled([&[input.shape[0]], &blocks.size[..], &[filters]].concat(), T::zero());
    let frame = places.len();
    for (index, value) in product.into_iter().enumerate() {
        let (row, filter, tap) = (index / columns, index % columns / taps, index % taps);
        let block = row * taps + tap;
        map.values[(block / frame * frame + places[block % frame]) * filters + filter] = value;
    }
    tape.push(map, &[x, w], move |gradient, gradients| {
        let mut back = vec![T::zero(); rows * columns];
        for (index, value) in back.iter_mut().enumerate() {
            let (row, filter, tap) = (index / columns, index % columns / taps, index % taps);
            let block = row * taps + tap;
            *value = gradient.values[(block / frame * frame + places[block % frame]) * filters + filter];
        }
        let back = Matrix::new(&back, rows, columns);
        let to_weights = back.transposed().times(Matrix::new(&input.values, rows, channels));
        gradients.add(w, Array::new(weights.shape.clone(), to_weights));
        if gradients.wants(x) {
            let to_input = back.times(Matrix::new(&weights.values, columns, channels));
            gradients.add(x, Array::new(input.shape.clone(), to_input));
        }
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
            let axes = 1 + seed as usize % 3;
            let mut each = |from, to| -> Vec<usize> { (0..axes).map(|_| random.count(from, to)).collect() };
            let (size, kernel) = (each(1, 3), each(1, 2));
            let (channels, filters) = (random.count(1, 3), random.count(1, 3));
            let map = [&[2], &size[..], &[channels]].concat();
            let blocks = Windows::blocks(
                size.iter().zip(&kernel).map(|(size, kernel)| size * kernel).collect(),
                &kernel,
            );
            let inputs = [random.array(&map), random.array(&[filters, kernel.iter().product(), channels])];
            agrees(&inputs, |tape, vars| transposed_convolution(tape, vars[0], vars[1], &blocks)).unwrap();
        }
    }

    /// A picture of 1 x 2 positions becomes one of 2 x 4.
    #[test]
    fn a_position_becomes_a_block() {
        let mut tape = Tape::new();
        let x = tape.constant(Array::new([1, 1, 2, 1], vec![1.0f64, 10.0]));
        let w = tape.constant(Array::new([1, 4, 1], vec![1.0, 2.0, 3.0, 4.0]));
        let y = transposed_convolution(&mut tape, x, w, &Windows::blocks(vec![2, 4], &[2, 2]));
        let block = vec![1.0, 2.0, 10.0, 20.0, 3.0, 4.0, 30.0, 40.0];
        assert_eq!(*tape.value(y), Array::new([1, 2, 4, 1], block));
    }
}
