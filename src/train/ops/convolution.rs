//! Convolution in one to three dimensions: windows as the rows of a matrix, times the weights.

use super::windows::{Seen, Windows};
use crate::train::array::Array;
use crate::train::real::{Matrix, Real};
use crate::train::tape::{Tape, Var};
use rayon::prelude::*;

/// `y[p, f] = sum_tap sum_c w[f, tap, c] x[seen(p, tap), c]`: `x` is `[frames, positions ..., channels]`, `w` is `[filters, taps, channels]` with
/// the taps in raster order, and `[frames, windows ..., filters]` leaves. What is padded is 0.
///
/// # Panics
/// If the shapes do not meet.
pub fn convolution<T: Real>(tape: &mut Tape<T>, x: Var, w: Var, windows: &Windows) -> Var {
    let (input, weights) = (tape.value(x), tape.value(w));
    let seen = windows.seen();
    let (frames, filters, channels) = (input.shape[0], weights.shape[0], input.channels());
    let columns = seen.taps * channels;
    let rows = frames * seen.positions.len() / seen.taps;
    let unfolded = unfold(&input, &seen);
    let weights_of = Matrix::new(&weights.values, filters, columns);
    let product = Matrix::new(&unfolded, rows, columns).times(weights_of.transposed());
    let positions = windows.output().unwrap_or_else(|error| panic!("{error}"));
    let shape = [&[frames], &positions[..], &[filters]].concat();
    tape.push(Array::new(shape, product), &[x, w], move |gradient, gradients| {
        let back = Matrix::new(&gradient.values, rows, filters);
        let to_weights = back.transposed().times(Matrix::new(&unfolded, rows, columns));
        gradients.add(w, Array::new(weights.shape.clone(), to_weights));
        if gradients.wants(x) {
            let spread = back.times(Matrix::new(&weights.values, filters, columns));
            gradients.add(x, fold(&spread, &seen, &input.shape));
        }
    })
}

/// A row for each window: what its taps see.
fn unfold<T: Real>(input: &Array<T>, seen: &Seen) -> Vec<T> {
    let channels = input.channels();
    let mut rows = vec![T::zero(); input.shape[0] * seen.positions.len() * channels];
    let frame = input.values.len() / input.shape[0].max(1);
    let of_frame = |(rows, input): (&mut [T], &[T])| {
        for (row, position) in rows.chunks_exact_mut(channels).zip(&seen.positions) {
            if let Some(position) = position {
                row.copy_from_slice(&input[position * channels..][..channels]);
            }
        }
    };
    rows.par_chunks_mut(seen.positions.len() * channels)
        .zip(input.values.par_chunks(frame))
        .for_each(of_frame);
    rows
}

/// The transpose of [`unfold`]: at each position the sum of the rows that saw it.
fn fold<T: Real>(rows: &[T], seen: &Seen, shape: &[usize]) -> Array<T> {
    let mut map = Array::filled(shape, T::zero());
    let channels = map.channels();
    let frame = map.values.len() / shape[0].max(1);
    let of_frame = |(map, rows): (&mut [T], &[T])| {
        for (row, position) in rows.chunks_exact(channels).zip(&seen.positions) {
            if let Some(position) = position {
                let sums = &mut map[position * channels..][..channels];
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += *value);
            }
        }
    };
    map.values.par_chunks_mut(frame).zip(rows.par_chunks(seen.positions.len() * channels)).for_each(of_frame);
    map
}

#[cfg(test)]
mod tests {
    use super::super::check::{Random, agrees};
    use super::*;

    fn shapes(seed: u64) -> (Random, Windows, usize, usize) {
        let mut random = Random::new(seed);
        let axes = 1 + seed as usize % 3;
        let mut each = |from, to| -> Vec<usize> { (0..axes).map(|_| random.count(from, to)).collect() };
        let windows =
            Windows { kernel: each(1, 3), size: each(3, 4), stride: each(1, 2), padding: each(0, 1) };
        let (channels, filters) = (random.count(1, 3), random.count(1, 3));
        (random, windows, channels, filters)
    }

    #[test]
    fn gradients_are_differences() {
        for seed in 0..20 {
            let (mut random, windows, channels, filters) = shapes(seed);
            let map = [&[2], &windows.size[..], &[channels]].concat();
            let taps = windows.kernel.iter().product();
            let inputs = [random.array(&map), random.array(&[filters, taps, channels])];
            agrees(&inputs, |tape, vars| convolution(tape, vars[0], vars[1], &windows)).unwrap();
        }
    }

    /// `sum_i w_i x_(2p+i-1)`, by hand.
    #[test]
    fn a_line_is_convolved() {
        let mut tape = Tape::new();
        let x = tape.constant(Array::new([1, 5, 1], vec![1.0f64, 2.0, 3.0, 4.0, 5.0]));
        let w = tape.constant(Array::new([1, 3, 1], vec![1.0, 10.0, 100.0]));
        let windows = Windows { size: vec![5], kernel: vec![3], stride: vec![2], padding: vec![1] };
        let y = convolution(&mut tape, x, w, &windows);
        assert_eq!(*tape.value(y), Array::new([1, 3, 1], vec![210.0, 432.0, 54.0]));
    }
}
