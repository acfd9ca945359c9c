//! The same on plain integers.

use super::PoolOperation;
use crate::blocks::Kernel;
use std::ops::Range;

/// For each window and each channel the largest integer, or the sum, of the window's positions that are in the map `x`: positions along
/// axes of these `lengths` in raster order, of `channels` integers. Window `o` of an axis sees the positions
/// `o * stride - before ..` of it, as many as `size` says.
///
/// # Panics
/// If there are more than three axes, not as many kernels, or a window sees no position of the map.
///
/// ```
/// use ternlet::blocks::Kernel;
/// use ternlet::datapath::{PoolOperation, pool};
/// let pairs = Kernel { stride: 2, ..Kernel::valid(2) };
/// // A picture of 2 x 4 positions of one channel.
/// let x = [1, 5, 3, 0, -2, 4, 8, 9];
/// assert_eq!(pool(&x, &[2, 4], 1, &[pairs, pairs], PoolOperation::Max), [5, 9]);
/// assert_eq!(pool(&x, &[2, 4], 1, &[pairs, pairs], PoolOperation::Sum), [8, 20]);
/// ```
pub fn pool(
    x: &[i64],
    lengths: &[usize],
    channels: usize,
    kernels: &[Kernel],
    operation: PoolOperation,
) -> Vec<i64> {
    let along = |axis: usize| {
        // An axis that is not there has one position.
        let absent = (&Kernel::POINT, 1);
        let own = (axis + lengths.len()).checked_sub(3);
        let (kernel, length) = own.map_or(absent, |axis| (&kernels[axis], lengths[axis]));
        (length, seen(kernel, length))
    };
    let [(_, planes), (height, rows), (width, columns)] = [0, 1, 2].map(along);
    let mut y = Vec::new();
    for planes in &planes {
        for rows in &rows {
            for columns in &columns {
                for channel in 0..channels {
                    let window = planes.clone().flat_map(|z| rows.clone().map(move |row| z * height + row));
                    let window =
                        window.flat_map(|row| columns.clone().map(move |column| row * width + column));
                    let values = window.map(|position| x[position * channels + channel]);
                    y.push(match operation {
                        PoolOperation::Max => values.max().expect("a window sees a position"),
                        PoolOperation::Sum => values.sum(),
                    });
                }
            }
        }
    }
    y
}

/// The positions of an axis that each window sees.
fn seen(kernel: &Kernel, length: usize) -> Vec<Range<usize>> {
    let window = |window: usize| {
        let first = window * kernel.stride;
        first.saturating_sub(kernel.before)
            ..(first + kernel.size - kernel.before.min(first + kernel.size)).min(length)
    };
    (0..kernel.windows(length)).map(window).collect()
}
