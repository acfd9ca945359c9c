//! Two maps as one.

use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};

/// `a + b`, number by number.
///
/// # Panics
/// If the shapes differ.
pub fn add<T: Real>(tape: &mut Tape<T>, a: Var, b: Var) -> Var {
    let [first, second] = [a, b].map(|var| tape.value(var));
    assert_eq!(first.shape, second.shape, "maps of one shape");
    tape.push(first.zip(&second, |a, b| a + b), &[a, b], move |gradient, gradients| {
        gradients.add(a, gradient.clone());
        gradients.add(b, gradient.clone());
    })
}

/// The channels of `a`, then those of `b`, at each position.
///
/// # Panics
/// If the positions differ.
pub fn concat<T: Real>(tape: &mut Tape<T>, a: Var, b: Var) -> Var {
    let [first, second] = [a, b].map(|var| tape.value(var));
    let channels = [first.channels(), second.channels()];
    let positions = &first.shape[..first.shape.len() - 1];
    assert_eq!(positions, &second.shape[..second.shape.len() - 1], "maps of the same positions");
    let rows = first.values.chunks_exact(channels[0]).zip(second.values.chunks_exact(channels[1]));
    let values = rows.flat_map(|(a, b)| a.iter().chain(b)).copied().collect();
    let shape = [positions, &[channels[0] + channels[1]]].concat();
    let shapes = [first.shape.clone(), second.shape.clone()];
    tape.push(Array::new(shape, values), &[a, b], move |gradient, gradients| {
        let rows = || gradient.values.chunks_exact(channels[0] + channels[1]);
        let to_first = rows().flat_map(|row| &row[..channels[0]]).copied().collect();
        let to_second = rows().flat_map(|row| &row[channels[0]..]).copied().collect();
        let [of_first, of_second] = shapes;
        gradients.add(a, Array::new(of_first, to_first));
        gradients.add(b, Array::new(of_second, to_second));
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
            let (positions, channels) = (random.count(1, 4), [random.count(1, 3), random.count(1, 3)]);
            let inputs = channels.map(|channels| random.array(&[2, positions, channels]));
            agrees(&inputs, |tape, vars| concat(tape, vars[0], vars[1])).unwrap();
            let inputs = [0, 1].map(|_| random.array(&[2, positions, channels[0]]));
            agrees(&inputs, |tape, vars| add(tape, vars[0], vars[1])).unwrap();
        }
    }

    #[test]
    fn channels_stand_behind_each_other() {
        let mut tape = Tape::new();
        let a = tape.constant(Array::new([1, 2, 1], vec![1.0f64, 2.0]));
        let b = tape.constant(Array::new([1, 2, 2], vec![3.0, 4.0, 5.0, 6.0]));
        let y = concat(&mut tape, a, b);
        assert_eq!(*tape.value(y), Array::new([1, 2, 3], vec![1.0, 3.0, 4.0, 2.0, 5.0, 6.0]));
    }
}
