//! The same on plain integers.

use super::{PoolOperation, mean_factors};
use crate::blocks::Kernel;

/// For each window and each channel the largest integer, the sum, or the mean times what all counts have in common, of the window's positions that are in the map `x`: positions along
/// axes of these `lengths` in raster order, of `channels` integers. Window `o` of an axis sees the positions
/// `o * stride - before ..` of it, as many as `size` says, `dilation` apart.
///
/// # Panics
/// If there are more than three axes, not as many kernels, a window sees no position of the map, or what counts have in common has more than 62 bits.
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
        let factors = match operation {
            PoolOperation::Mean => mean_factors(kernel, length).expect("a factor of 62 bits at most").0,
            _ => vec![1; kernel.windows(length)],
        };
        let seen = move |window: usize| kernel.seen(window, length);
        (
            length,
            factors
                .into_iter()
                .enumerate()
                .map(|(window, factor)| (seen(window), factor))
                .collect::<Vec<_>>(),
        )
    };
    let [(_, planes), (height, rows), (width, columns)] = [0, 1, 2].map(along);
    let mut y = Vec::new();
    for (planes, of_planes) in &planes {
        for (rows, of_rows) in &rows {
            for (columns, of_columns) in &columns {
                for channel in 0..channels {
                    let window = planes.clone().flat_map(|z| rows.clone().map(move |row| z * height + row));
                    let window =
                        window.flat_map(|row| columns.clone().map(move |column| row * width + column));
                    let values = window.map(|position| x[position * channels + channel]);
                    y.push(match operation {
                        PoolOperation::Max => values.max().expect("a window sees a position"),
                        PoolOperation::Sum | PoolOperation::Mean => {
                            values.sum::<i64>() * of_planes * of_rows * of_columns
                        }
                    });
                }
            }
        }
    }
    y
}
