//! Arrays of reals.

use super::real::Real;

/// Numbers in row-major order. A batch of maps is `[frames, positions ..., channels]`: the channels run fastest, as they pass through a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<T> {
    pub shape: Vec<usize>,
    pub values: Vec<T>,
}

impl<T: Real> Array<T> {
    /// # Panics
    /// If there are not as many values as the shape says.
    pub fn new(shape: impl Into<Vec<usize>>, values: Vec<T>) -> Self {
        let shape = shape.into();
        assert_eq!(shape.iter().product::<usize>(), values.len(), "as many values as {shape:?} says");
        Self { shape, values }
    }

    /// `value` everywhere.
    pub fn filled(shape: impl Into<Vec<usize>>, value: T) -> Self {
        let shape = shape.into();
        Self { values: vec![value; shape.iter().product()], shape }
    }

    /// The same numbers in another shape.
    ///
    /// # Panics
    /// If there are not as many values as the shape says.
    pub fn reshaped(self, shape: impl Into<Vec<usize>>) -> Self {
        Self::new(shape, self.values)
    }

    /// The length of the last axis.
    pub fn channels(&self) -> usize {
        self.shape.last().copied().unwrap_or(1)
    }

    /// Each number by `of`.
    pub fn map(&self, of: impl FnMut(&T) -> T) -> Self {
        Self { shape: self.shape.clone(), values: self.values.iter().map(of).collect() }
    }

    /// Each number with that at the same place of `other`.
    pub fn zip(&self, other: &Self, of: impl Fn(T, T) -> T) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(a, b)| of(*a, *b)).collect();
        Self::new(self.shape.clone(), values)
    }

    /// The sum over all but the last axis.
    pub fn channel_sums(&self) -> Vec<T> {
        let mut sums = vec![T::zero(); self.channels()];
        for row in self.values.chunks_exact(self.channels().max(1)) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += *value);
        }
        sums
    }
}
