//! Reverse-mode differentiation: what is computed is noted, and walked back.

use super::array::Array;
use super::real::Real;
use std::rc::Rc;

/// A value on a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Var(usize);

type Backward<T> = Box<dyn FnOnce(&Array<T>, &mut Gradients<T>)>;

struct Entry<T> {
    value: Rc<Array<T>>,
    /// Whether a gradient is asked of it.
    wanted: bool,
    backward: Option<Backward<T>>,
}

/// The values of one pass through a network, in the order in which they were computed.
#[derive(Default)]
pub struct Tape<T> {
    entries: Vec<Entry<T>>,
}

/// The gradients of one value with respect to those that it was computed from.
pub struct Gradients<T> {
    of: Vec<Option<Array<T>>>,
    wanted: Vec<bool>,
}

impl<T: Real> Tape<T> {
    pub fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// A value that no gradient is asked of.
    pub fn constant(&mut self, value: Array<T>) -> Var {
        self.note(value, false, None)
    }

    /// A value whose gradient is asked.
    pub fn parameter(&mut self, value: Array<T>) -> Var {
        self.note(value, true, None)
    }

    /// A value that was computed from `inputs`. `backward` takes the gradient with respect to it and adds to those of the inputs, whatever the
    /// true derivative is: that is how a straight-through gradient is made.
    pub fn push(
        &mut self,
        value: Array<T>,
        inputs: &[Var],
        backward: impl FnOnce(&Array<T>, &mut Gradients<T>) + 'static,
    ) -> Var {
        let wanted = inputs.iter().any(|input| self.entries[input.0].wanted);
        self.note(value, wanted, Some(Box::new(backward)))
    }

    fn note(&mut self, value: Array<T>, wanted: bool, backward: Option<Backward<T>>) -> Var {
        self.entries.push(Entry { value: Rc::new(value), wanted, backward });
        Var(self.entries.len() - 1)
    }

    pub fn value(&self, var: Var) -> Rc<Array<T>> {
        self.entries[var.0].value.clone()
    }

    /// The gradients of the sum of the numbers of `of`.
    pub fn gradients(self, of: Var) -> Gradients<T> {
        let wanted = self.entries.iter().map(|entry| entry.wanted).collect();
        let mut gradients = Gradients { of: self.entries.iter().map(|_| None).collect(), wanted };
        gradients.of[of.0] = Some(self.entries[of.0].value.map(|_| T::one()));
        for (index, entry) in self.entries.into_iter().enumerate().rev() {
            if let (true, Some(backward)) = (entry.wanted, entry.backward)
                && let Some(gradient) = gradients.of[index].take()
            {
                backward(&gradient, &mut gradients);
            }
        }
        gradients
    }
}

impl<T: Real> Gradients<T> {
    /// Whether anybody asks for the gradient of `var`: if not, it need not be computed.
    pub fn wants(&self, var: Var) -> bool {
        self.wanted[var.0]
    }

    pub fn add(&mut self, var: Var, gradient: Array<T>) {
        if !self.wants(var) {
            return;
        }
        match &mut self.of[var.0] {
            Some(sum) => sum.values.iter_mut().zip(gradient.values).for_each(|(sum, value)| *sum += value),
            none => *none = Some(gradient),
        }
    }

    /// The gradient of a parameter; none where nothing depends on it.
    pub fn take(&mut self, var: Var) -> Option<Array<T>> {
        self.of[var.0].take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_used_twice_has_the_sum_of_both_gradients() {
        let mut tape = Tape::new();
        let x = tape.parameter(Array::new([2], vec![3.0f64, 5.0]));
        let unused = tape.parameter(Array::new([1], vec![1.0]));
        let mut scaled = |by: f64| {
            let value = tape.value(x).map(|value| by * value);
            tape.push(value, &[x], move |gradient, gradients| {
                gradients.add(x, gradient.map(|value| by * value))
            })
        };
        let (a, b) = (scaled(2.0), scaled(-7.0));
        let sum = tape.value(a).zip(&tape.value(b), |a, b| a + b);
        let sum = tape.push(sum, &[a, b], move |gradient, gradients| {
            gradients.add(a, gradient.clone());
            gradients.add(b, gradient.clone());
        });
        let mut gradients = tape.gradients(sum);
        assert_eq!(gradients.take(x).unwrap().values, [-5.0, -5.0]);
        assert!(gradients.take(unused).is_none());
    }
}
