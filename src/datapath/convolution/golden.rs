//! A convolution on plain integers.

use super::rows::Rows;
use crate::blocks::{Border, Kernel};
use crate::datapath::mac::dot_product;

/// What a convolution is, but for its weights.
#[derive(Clone, Debug)]
pub struct ConvolutionShape {
    /// Positions along each axis, the outermost first.
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels of the map that it gives.
    pub filters: usize,
    /// Parts of the channels, each of which a part of the filters sees.
    pub groups: usize,
    /// Along each axis; what is beyond the border is a constant.
    pub kernels: Vec<Kernel>,
}

impl ConvolutionShape {
    /// Channels that a filter sees.
    pub fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    /// Positions that a filter sees.
    pub fn taps(&self) -> usize {
        self.kernels.iter().map(|kernel| kernel.size).product()
    }

    /// The rows of the filters.
    pub(super) fn rows(&self) -> Rows {
        Rows { taps: self.taps(), channels: self.channels, filters: self.filters, groups: self.groups }
    }

    /// Windows along each axis.
    pub fn windows(&self) -> Vec<usize> {
        self.kernels.iter().zip(&self.size).map(|(kernel, &length)| kernel.windows(length)).collect()
    }

    pub fn positions(&self) -> usize {
        self.windows().iter().product()
    }

    /// Along each axis, for each window the positions that its taps see; none where a tap is beyond the border.
    fn sources(&self) -> Vec<Vec<Vec<Option<usize>>>> {
        let along = |(kernel, &length): (&Kernel, &usize)| {
            let source = |window: usize, tap: usize| {
                let place = (window * kernel.stride + tap * kernel.dilation).checked_sub(kernel.before)?;
                (place < length).then_some(place)
            };
            let taps = |window| (0..kernel.size).map(|tap| source(window, tap)).collect();
            (0..kernel.windows(length)).map(taps).collect()
        };
        self.kernels.iter().zip(&self.size).map(along).collect()
    }

    /// What the taps see, in raster order, at a position of the result, where those along the axes see `sources`.
    fn seen(&self, sources: &[Vec<Vec<Option<usize>>>], position: usize) -> Vec<Option<usize>> {
        let mut inner = self.positions();
        sources.iter().zip(&self.size).fold(vec![Some(0)], |outer, (windows, length)| {
            inner /= windows.len();
            let taps = &windows[position / inner % windows.len()];
            let mut seen = Vec::with_capacity(outer.len() * taps.len());
            for outer in outer {
                seen.extend(taps.iter().map(|tap| Some(outer? * length + (*tap)?)));
            }
            seen
        })
    }

    /// The same in the middle of the result.
    pub(super) fn seen_in_the_middle(&self) -> Vec<Option<usize>> {
        self.seen(&self.sources(), self.positions() / 2)
    }

    fn beyond(&self) -> i64 {
        match self.kernels.first().map(|kernel| kernel.border) {
            Some(Border::Constant(value)) => value,
            _ => 0,
        }
    }

    /// Calls `f` for each position of the result, in raster order, and each group: with the group's number and what its filters see of
    /// `x`, channel by channel, the taps of a channel in raster order.
    pub(super) fn each_patch(&self, x: &[i64], mut f: impl FnMut(usize, &[i64])) {
        let (channels, beyond) = (self.group_channels(), self.beyond());
        let sources = self.sources();
        let mut patch = Vec::with_capacity(channels * self.taps());
        for position in 0..self.positions() {
            let taps = self.seen(&sources, position);
            for group in 0..self.groups {
                patch.clear();
                for channel in group * channels..(group + 1) * channels {
                    let value = |place: usize| x[place * self.channels + channel];
                    patch.extend(taps.iter().map(|tap| tap.map_or(beyond, value)));
                }
                f(group, &patch);
            }
        }
    }
}

/// `y[p, f] = sum over c, t of w[f, c, t] x[p * stride - padding + t * dilation, first channel of f's group + c]`: the map `x`
/// (positions in raster order, channels innermost) convolved with the filters `w`, each a list of weights in the order `[c, t]`, several for each filter
/// of `shape` where it has several sums.
///
/// ```
/// use ternlet::blocks::{Border, Kernel};
/// use ternlet::datapath::{ConvolutionShape, convolution};
/// let kernels = vec![Kernel::same(3, 1, Border::Constant(0))];
/// let shape = ConvolutionShape { size: vec![4], channels: 1, filters: 2, groups: 1, kernels };
/// let y = convolution(&[1, 2, 3, 4], &[vec![1, 0, -1], vec![0, 5, 0]], &shape);
/// assert_eq!(y, [-2, 5, -2, 10, -2, 15, 3, 20]);
/// ```
pub fn convolution(x: &[i64], w: &[Vec<i64>], shape: &ConvolutionShape) -> Vec<i64> {
    let filters = w.len() / shape.groups;
    let mut y = Vec::with_capacity(shape.positions() * w.len());
    shape.each_patch(x, |group, patch| {
        y.extend(w[group * filters..][..filters].iter().map(|filter| dot_product(patch, filter)));
    });
    y
}
