//! Tensors that a file gives.

use crate::import::exact::{Rational, Surd, of_f64};
use num_bigint::BigInt;

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    F32,
    F64,
    Bool,
    /// Signed or not, and bits.
    Int(bool, u32),
}

/// A tensor in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    pub shape: Vec<usize>,
    pub element: Element,
    pub values: Values,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    F32(Vec<f32>),
    F64(Vec<f64>),
    Int(Vec<i64>),
    /// Integers, each times its scale: what leaves a quantizer.
    Grid {
        codes: Vec<i64>,
        scales: Vec<f64>,
    },
    /// The roots of these numbers, none of which is negative.
    Roots(Vec<f64>),
}

impl Element {
    /// The least and the greatest integer, if it is a type of integers.
    pub fn bounds(self) -> Option<(i64, i64)> {
        match self {
            Self::Int(true, 64) => Some((i64::MIN, i64::MAX)),
            Self::Int(true, bits) => Some((-1 << (bits - 1), (1 << (bits - 1)) - 1)),
            Self::Int(false, 64) => Some((0, i64::MAX)),
            Self::Int(false, bits) => Some((0, (1 << bits) - 1)),
            Self::Bool => Some((0, 1)),
            Self::F32 | Self::F64 => None,
        }
    }
}

impl std::fmt::Display for Element {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::F32 => f.write_str("float32"),
            Self::F64 => f.write_str("float64"),
            Self::Bool => f.write_str("bool"),
            Self::Int(true, bits) => write!(f, "int{bits}"),
            Self::Int(false, bits) => write!(f, "uint{bits}"),
        }
    }
}

impl Constant {
    pub fn of_ints(values: Vec<i64>) -> Self {
        Self { shape: vec![values.len()], element: Element::Int(true, 64), values: Values::Int(values) }
    }

    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The element at `index` as a real; none of one that is not finite.
    pub fn real(&self, index: usize) -> Option<Rational> {
        match &self.values {
            Values::F32(values) => of_f64(values[index].into()),
            Values::F64(values) => of_f64(values[index]),
            Values::Int(values) => Some(Rational::from_integer(values[index].into())),
            Values::Grid { codes, scales } => {
                of_f64(scales[index]).map(|scale| scale * BigInt::from(codes[index]))
            }
            Values::Roots(values) => {
                of_f64(values[index]).and_then(|square| Surd::root(&square).rational().cloned())
            }
        }
    }

    /// The element at `index`, with its root.
    pub fn surd(&self, index: usize) -> Option<Surd> {
        match &self.values {
            Values::Roots(values) => of_f64(values[index]).map(|square| Surd::root(&square)),
            _ => self.real(index).map(Surd::from),
        }
    }

    /// All elements as reals.
    ///
    /// # Errors
    /// That one is not finite.
    pub fn reals(&self) -> Result<Vec<Rational>, String> {
        let real =
            |index| self.real(index).ok_or_else(|| format!("element {index} of it is no finite number"));
        (0..self.count()).map(real).collect()
    }

    /// All elements as integers.
    ///
    /// # Errors
    /// That one is none.
    pub fn integers(&self) -> Result<Vec<i64>, String> {
        let integer = |index| {
            let real: Rational = self.real(index)?;
            real.is_integer().then(|| i64::try_from(real.to_integer()).ok()).flatten()
        };
        let of = |index| integer(index).ok_or_else(|| format!("element {index} of it is no integer"));
        (0..self.count()).map(of).collect()
    }

    /// The elements as numbers of float32, as quantizers compute with.
    pub fn floats(&self) -> Vec<f32> {
        match &self.values {
            Values::F32(values) => values.clone(),
            Values::F64(values) => values.iter().map(|value| *value as f32).collect(),
            Values::Int(values) => values.iter().map(|value| *value as f32).collect(),
            Values::Grid { codes, scales } => {
                codes.iter().zip(scales).map(|(code, scale)| (*code as f32) * (*scale as f32)).collect()
            }
            Values::Roots(values) => values.iter().map(|value| value.sqrt() as f32).collect(),
        }
    }

    /// The same elements in the order that `index` gives for each new place.
    pub fn rearranged(&self, shape: Vec<usize>, index: &[usize]) -> Self {
        self.among_zeros(shape, index.iter().copied().map(Some))
    }

    /// With zeros between the places of each axis: those that there were are so many places apart.
    pub fn dilated(&self, dilations: &[usize]) -> Self {
        let axes = self.shape.iter().zip(dilations);
        let shape: Vec<usize> =
            axes.map(|(length, dilation)| length.saturating_sub(1) * dilation + 1).collect();
        let place = |mut place: usize| {
            let (mut index, mut inner) = (0, 1);
            for ((length, longer), dilation) in self.shape.iter().zip(&shape).zip(dilations).rev() {
                let digit = place % longer;
                if !digit.is_multiple_of(*dilation) {
                    return None;
                }
                index += digit / dilation * inner;
                place /= longer;
                inner *= length;
            }
            Some(index)
        };
        self.among_zeros(shape.clone(), (0..shape.iter().product()).map(place))
    }

    /// At each new place the element at an index, or 0 where there is none.
    fn among_zeros(&self, shape: Vec<usize>, index: impl Iterator<Item = Option<usize>> + Clone) -> Self {
        fn taken<T: Copy + Default>(values: &[T], index: impl Iterator<Item = Option<usize>>) -> Vec<T> {
            index.map(|index| index.map_or(T::default(), |index| values[index])).collect()
        }
        let values = match &self.values {
            Values::F32(values) => Values::F32(taken(values, index)),
            Values::F64(values) => Values::F64(taken(values, index)),
            Values::Int(values) => Values::Int(taken(values, index)),
            Values::Roots(values) => Values::Roots(taken(values, index)),
            Values::Grid { codes, scales } => {
                Values::Grid { codes: taken(codes, index.clone()), scales: taken(scales, index) }
            }
        };
        Self { shape, element: self.element, values }
    }

    /// Its axes in another order.
    pub fn transposed(&self, order: &[usize]) -> Self {
        let shape: Vec<usize> = order.iter().map(|axis| self.shape[*axis]).collect();
        let strides: Vec<usize> =
            (0..self.shape.len()).map(|axis| self.shape[axis + 1..].iter().product()).collect();
        let place = |mut place: usize| {
            let mut index = 0;
            for (axis, length) in order.iter().zip(&shape).rev() {
                index += place % length * strides[*axis];
                place /= length;
            }
            index
        };
        let index: Vec<usize> = (0..self.count()).map(place).collect();
        self.rearranged(shape, &index)
    }

    /// The same elements as a tensor of `shape`.
    pub fn reshaped(self, shape: Vec<usize>) -> Self {
        Self { shape, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_change_places() {
        let matrix = Constant::of_ints((0..6).collect()).reshaped(vec![2, 3]);
        let turned = matrix.transposed(&[1, 0]);
        assert_eq!((turned.shape.clone(), turned.integers().unwrap()), (vec![3, 2], vec![0, 3, 1, 4, 2, 5]));
        let cube = Constant::of_ints((0..24).collect()).reshaped(vec![2, 3, 4]);
        let turned = cube.transposed(&[2, 0, 1]);
        assert_eq!(turned.shape, [4, 2, 3]);
        assert_eq!(turned.integers().unwrap()[6 + 3 + 2], 12 + 2 * 4 + 1);
    }

    #[test]
    fn zeros_come_between_places() {
        let matrix = Constant::of_ints((1..7).collect()).reshaped(vec![2, 3]);
        let dilated = matrix.dilated(&[1, 2]);
        assert_eq!(dilated.shape, [2, 5]);
        assert_eq!(dilated.integers().unwrap(), [1, 0, 2, 0, 3, 4, 0, 5, 0, 6]);
        let dilated = matrix.dilated(&[3, 1]);
        assert_eq!(dilated.integers().unwrap(), [1, 2, 3, 0, 0, 0, 0, 0, 0, 4, 5, 6]);
    }
}
