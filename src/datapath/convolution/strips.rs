//! Several positions a beat: a convolution of positions as one of strips.
//!
//! A strip is a beat of positions next to each other. Taken as one position with the channels of all, a window along strips sees all that the
//! windows which start in a strip see, and each of these is some more filters, with 0 where it does not look. Weights that are constants
//! make nothing of a 0, and what two windows have in common is computed once.

use super::ConvolutionShape;
use crate::blocks::Kernel;
use crate::datapath::config::Problems;

/// Strips along the innermost axis.
#[derive(Clone, Debug)]
pub struct Strips {
    /// Positions of one.
    positions: usize,
    channels: usize,
    /// Along the innermost axis, over positions.
    kernel: Kernel,
    /// Along the innermost axis, over strips.
    over_strips: Kernel,
}

impl Strips {
    /// Those of a convolution of which a beat holds so many positions, that divide the innermost axis; none where problems are noted.
    pub fn new(shape: &ConvolutionShape, positions: usize, problems: &mut Problems) -> Option<Self> {
        let (&kernel, &length) = (shape.kernels.last()?, shape.size.last()?);
        let lanes = positions * shape.channels;
        let why = format!("each beat starts as many windows, but they are {} positions apart", kernel.stride);
        let help = format!("take a multiple of {} positions of {} channels", kernel.stride, shape.channels);
        problems.require(positions.is_multiple_of(kernel.stride), "lanes", lanes, &why, &help);
        if !problems.is_empty() {
            return None;
        }
        let (windows, at_once) = (kernel.windows(length), positions / kernel.stride);
        let why = format!("a line has {windows} windows, and {at_once} leave a beat");
        let help = "take fewer positions a beat, or another padding";
        problems.require(windows.is_multiple_of(at_once), "lanes", lanes, &why, help);
        let before = kernel.before.div_ceil(positions);
        let farthest = (at_once - 1) * kernel.stride + kernel.span() - 1 - kernel.before;
        let last = farthest / positions;
        // The windows that start in the last strips may see strips beyond the border.
        let after = (windows / at_once + last).saturating_sub(length / positions);
        let over_strips =
            Kernel { size: before + last + 1, stride: 1, dilation: 1, before, after, border: kernel.border };
        let strips = Self { positions, channels: shape.channels, kernel, over_strips };
        problems.is_empty().then_some(strips)
    }

    /// Windows that start in a strip.
    pub fn windows(&self) -> usize {
        self.positions / self.kernel.stride
    }

    /// The convolution over strips, whose filters are those of each window in turn.
    pub fn shape(&self, shape: &ConvolutionShape) -> ConvolutionShape {
        let mut over_strips = ConvolutionShape {
            channels: shape.channels * self.positions,
            filters: shape.filters * self.windows(),
            groups: 1,
            ..shape.clone()
        };
        if let (Some(width), Some(kernel)) = (over_strips.size.last_mut(), over_strips.kernels.last_mut()) {
            (*width, *kernel) = (*width / self.positions, self.over_strips);
        }
        over_strips
    }

    /// Rows of weights over taps and channels, tap by tap, as those over strips: those of the first window, then those of the next.
    pub fn rows(&self, rows: &[Vec<i64>]) -> Vec<Vec<i64>> {
        let windows = 0..self.windows();
        windows.flat_map(|window| rows.iter().map(move |row| self.row(window, row))).collect()
    }

    fn row(&self, window: usize, row: &[i64]) -> Vec<i64> {
        let Kernel { size, stride, dilation, before, .. } = self.kernel;
        let wide = self.over_strips.size * self.positions * self.channels;
        let first = self.over_strips.before * self.positions + window * stride - before;
        let lines = row.chunks(size * self.channels);
        let mut all = Vec::with_capacity(lines.len() * wide);
        for line in lines {
            let mut over_strips = vec![0; wide];
            for (tap, weights) in line.chunks(self.channels).enumerate() {
                let place = (first + tap * dilation) * self.channels;
                over_strips[place..][..self.channels].copy_from_slice(weights);
            }
            all.extend(over_strips);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::Border;
    use crate::datapath::convolution;

    /// A law that does not know hardware: over strips a convolution gives the same integers in the same order.
    #[test]
    fn over_strips_it_is_the_same_convolution() {
        let mut tried = 0;
        let numbers =
            |count: usize, by: i64| (0..count as i64).map(|n| n * by % 23 - 11).collect::<Vec<i64>>();
        for (positions, width) in [(2, 4), (2, 10), (3, 9), (4, 8), (4, 12), (6, 6)] {
            for (size, stride, dilation) in
                [(1, 1, 1), (2, 1, 1), (3, 1, 1), (3, 2, 1), (5, 1, 1), (3, 1, 2), (2, 2, 3), (1, 2, 1)]
            {
                for (before, after) in [(0, 0), (1, 1), (0, 1), (2, 1), (4, 4)] {
                    let border = Border::Constant(5);
                    let kernel = Kernel { size, stride, dilation, before, after, border };
                    if before.max(after) >= kernel.span() || kernel.windows(width) == 0 {
                        continue;
                    }
                    let kernels = vec![Kernel::valid(2), kernel];
                    let shape = ConvolutionShape {
                        size: vec![3, width],
                        channels: 2,
                        filters: 3,
                        groups: 1,
                        kernels,
                    };
                    let Some(strips) = Strips::new(&shape, positions, &mut Problems::default()) else {
                        continue;
                    };
                    let (x, taps) = (numbers(6 * width, 7), shape.taps());
                    let by_tap: Vec<Vec<i64>> = (0..3).map(|filter| numbers(taps * 2, filter + 3)).collect();
                    let by_channel = |row: &Vec<i64>, channels: usize| -> Vec<i64> {
                        let taps = row.len() / channels;
                        (0..row.len()).map(|at| row[at % taps * channels + at / taps]).collect()
                    };
                    let plain: Vec<Vec<i64>> = by_tap.iter().map(|row| by_channel(row, 2)).collect();
                    let wide = strips.rows(&by_tap);
                    let wide: Vec<Vec<i64>> = wide.iter().map(|row| by_channel(row, 2 * positions)).collect();
                    assert_eq!(
                        convolution(&x, &wide, &strips.shape(&shape)),
                        convolution(&x, &plain, &shape),
                        "{positions} of {width}: {kernel:?}"
                    );
                    tried += 1;
                }
            }
        }
        assert!(tried > 60, "{tried} can be tried");
    }
}
