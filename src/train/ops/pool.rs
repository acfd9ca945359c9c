//! The largest that a window sees.

use super::windows::Windows;
use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};

/// `y[p, c] = max_tap x[seen(p, tap), c]` of `[frames, positions ..., channels]`; the gradient goes to the first of equals.
///
/// # Panics
/// If no window fits, or one sees padding alone.
pub fn max_pool<T: Real>(tape: &mut Tape<T>, x: Var, windows: &Windows) -> Var {
    let input = tape.value(x);
    let seen = windows.seen();
    let (frames, channels) = (input.shape[0], input.channels());
    let frame = input.values.len() / frames.max(1);
    // Of each number that leaves the place from which it comes.
    let mut places = Vec::with_capacity(frames * seen.positions.len() / seen.taps * channels);
    for start in (0..frames).map(|number| number * frame) {
        for window in seen.positions.chunks_exact(seen.taps) {
            for channel in 0..channels {
                let place = |position: &usize| start + position * channels + channel;
                let largest = window.iter().flatten().map(place).reduce(|best, place| {
                    if input.values[place] > input.values[best] { place } else { best }
                });
                places.push(largest.expect("a window sees a position"));
            }
        }
    }
    let positions = windows.output().unwrap_or_else(|error| panic!("{error}"));
    let shape = [&[frames], &positions[..], &[channels]].concat();
    let values = places.iter().map(|place| input.values[*place]).collect();
    tape.push(Array::new(shape, values), &[x], move |gradient, gradients| {
        let mut back = Array::filled(input.shape.clone(), T::zero());
        places.iter().zip(&gradient.values).for_each(|(place, value)| back.values[*place] += *value);
        gradients.add(x, back);
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
            let windows =
                Windows { kernel: each(2, 3), size: each(3, 4), stride: each(1, 2), padding: each(0, 1) };
            let map = [&[2], &windows.size[..], &[random.count(1, 3)]].concat();
            agrees(&[random.array(&map)], |tape, vars| max_pool(tape, vars[0], &windows)).unwrap();
        }
    }
}
