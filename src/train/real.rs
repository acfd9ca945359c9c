//! The numbers that are trained with.

use num_traits::Float;
use std::fmt::Debug;
use std::iter::Sum;
use std::ops::AddAssign;

/// `f32`, in which networks are trained, and `f64`, in which gradients are held against differences.
pub trait Real: Float + AddAssign + Sum + Debug + Send + Sync + 'static {
    /// The number nearest to `value`.
    fn of(value: f64) -> Self;

    /// `value` without rounding.
    fn wide(self) -> f64;

    /// `c = a b`, of which `a` is `rows x inner` and `b` is `inner x columns`; strides are those of a row and of a column.
    ///
    /// # Safety
    /// Every element that sizes and strides name lies in the memory that is pointed to, and `c` overlaps neither `a` nor `b`.
    unsafe fn multiply(
        size: [usize; 3],
        a: (*const Self, [isize; 2]),
        b: (*const Self, [isize; 2]),
        c: (*mut Self, [isize; 2]),
    );
}

macro_rules! real {
    ($type:ty, $multiply:path) => {
        impl Real for $type {
            fn of(value: f64) -> Self {
                value as Self
            }

            fn wide(self) -> f64 {
                self.into()
            }

            unsafe fn multiply(
                [rows, inner, columns]: [usize; 3],
                (a, [ar, ac]): (*const Self, [isize; 2]),
                (b, [br, bc]): (*const Self, [isize; 2]),
                (c, [cr, cc]): (*mut Self, [isize; 2]),
            ) {
                // SAFETY: as the caller promises.
                unsafe { $multiply(rows, inner, columns, 1.0, a, ar, ac, b, br, bc, 0.0, c, cr, cc) }
            }
        }
    };
}

real!(f32, matrixmultiply::sgemm);
real!(f64, matrixmultiply::dgemm);

/// A matrix that lies in a slice, row after row or, transposed, column after column.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'m, T> {
    values: &'m [T],
    size: [usize; 2],
    strides: [usize; 2],
}

/// Rows of a product that are computed at once. It depends on nothing, so that the same numbers are added in the same order whatever the number
/// of threads.
const ROWS: usize = 32;

impl<'m, T: Real> Matrix<'m, T> {
    /// # Panics
    /// If there are not `rows * columns` values.
    pub fn new(values: &'m [T], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "a matrix of {rows} x {columns}");
        Self { values, size: [rows, columns], strides: [columns, 1] }
    }

    pub fn transposed(self) -> Self {
        let Self { values, size: [rows, columns], strides: [down, right] } = self;
        Self { values, size: [columns, rows], strides: [right, down] }
    }

    /// The product with `other`, row after row. The same bits with any number of threads.
    ///
    /// # Panics
    /// If this has not as many columns as `other` has rows.
    pub fn times(self, other: Self) -> Vec<T> {
        use rayon::prelude::*;
        let ([rows, inner], [also_inner, columns]) = (self.size, other.size);
        assert_eq!(inner, also_inner, "columns meet rows");
        let mut product = vec![T::zero(); rows * columns];
        if inner == 0 || product.is_empty() {
            return product;
        }
        product.par_chunks_mut(ROWS * columns).enumerate().for_each(|(block, product)| {
            let a = &self.values[block * ROWS * self.strides[0]..];
            let strides = |matrix: Self| matrix.strides.map(|stride| stride as isize);
            let size = [product.len() / columns, inner, columns];
            // SAFETY: `new` has checked that all elements lie in the slices; a block begins at a row that is there and has as many rows as
            // its part of the product, which nothing else holds.
            unsafe {
                T::multiply(
                    size,
                    (a.as_ptr(), strides(self)),
                    (other.values.as_ptr(), strides(other)),
                    (product.as_mut_ptr(), [columns as isize, 1]),
                );
            }
        });
        product
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[3 x 2] [2 x 70]` and its transpose, held against sums one by one.
    #[test]
    fn products_are_sums() {
        let a: Vec<f64> = (0..140).map(|i| f64::from(i % 7) - 3.0).collect();
        let b: Vec<f64> = (0..6).map(f64::from).collect();
        let left = Matrix::new(&a, 70, 2).times(Matrix::new(&b, 3, 2).transposed());
        for (index, value) in left.iter().enumerate() {
            let (i, j) = (index / 3, index % 3);
            assert_eq!(*value, a[2 * i] * b[2 * j] + a[2 * i + 1] * b[2 * j + 1]);
        }
        let right = Matrix::new(&b, 3, 2).times(Matrix::new(&a, 70, 2).transposed());
        assert!((0..210).all(|index| left[index] == right[index % 3 * 70 + index / 3]));
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        let values = |count: usize| -> Vec<f32> { (0..count).map(|i| ((i * 37) as f32).sin()).collect() };
        let (a, b) = (values(200 * 91), values(91 * 50));
        let product = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Matrix::new(&a, 200, 91).times(Matrix::new(&b, 91, 50)))
        };
        assert_eq!(product(1), product(2));
    }
}
