//! A transposed convolution on plain integers.

use crate::datapath::convolution::Rows;
use crate::datapath::map::numbered;

/// What a transposed convolution is, but for its weights.
#[derive(Clone, Debug)]
pub struct TransposedShape {
    /// Positions along each axis, the outermost first.
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels of the map that it gives.
    pub filters: usize,
    /// Parts of the channels, each of which adds to a part of the filters.
    pub groups: usize,
    /// Positions along each axis that one position adds to: the taps of a filter.
    pub kernel: Vec<usize>,
    /// From what a position adds to, to what the next one does.
    pub stride: Vec<usize>,
    /// Positions that are left out before and after each axis.
    pub padding: Vec<[usize; 2]>,
}

impl TransposedShape {
    /// Whether each position becomes others of its own, which all leave.
    pub fn is_apart(&self) -> bool {
        self.stride == self.kernel && self.padding.iter().flatten().all(|left_out| *left_out == 0)
    }

    pub fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    pub fn group_filters(&self) -> usize {
        self.filters / self.groups
    }

    /// Positions that each adds to.
    pub fn taps(&self) -> usize {
        self.kernel.iter().product()
    }

    /// Lengths of the map that it gives.
    pub fn lengths(&self) -> Vec<usize> {
        let along = |axis: usize| {
            let [before, after] = self.padding[axis];
            (self.size[axis] - 1) * self.stride[axis] + self.kernel[axis] - before - after
        };
        (0..self.size.len()).map(along).collect()
    }

    /// Rows of what a position becomes along the innermost axis: those of all filters for each tap.
    pub(super) fn inner_rows(&self) -> usize {
        self.kernel[self.kernel.len() - 1] * self.filters
    }

    pub(super) fn rows(&self) -> Rows {
        Rows { taps: 1, channels: self.channels, filters: self.filters, groups: self.groups }
    }

    /// `w`, a list for each channel, as rows: for each tap, in raster order, the filters, each a list of the channels of its group.
    pub(super) fn in_rows(&self, w: &[Vec<i64>]) -> Vec<Vec<i64>> {
        let (channels, filters) = (self.group_channels(), self.group_filters());
        let row = |tap: usize, filter: usize| {
            let first = filter / filters * channels;
            let place = filter % filters * self.taps() + tap;
            w[first..first + channels].iter().map(|weights| weights[place]).collect()
        };
        (0..self.taps()).flat_map(|tap| (0..self.filters).map(move |filter| row(tap, filter))).collect()
    }

    /// The lists of the channels: the inverse of [`TransposedShape::in_rows`].
    pub(super) fn of_rows(&self, rows: &[Vec<i64>]) -> Vec<Vec<i64>> {
        let (channels, filters) = (self.group_channels(), self.group_filters());
        let mut w = vec![vec![0; filters * self.taps()]; self.channels];
        for (index, row) in rows.iter().enumerate() {
            let (tap, filter) = (index / self.filters, index % self.filters);
            let (first, place) = (filter / filters * channels, filter % filters * self.taps() + tap);
            w[first..first + channels].iter_mut().zip(row).for_each(|(list, weight)| list[place] = *weight);
        }
        w
    }
}

/// The digits of `number`, where the last counts to the last of `lengths`.
pub(super) fn place(number: usize, lengths: &[usize]) -> Vec<usize> {
    let mut rest = number;
    let mut digits: Vec<usize> = Vec::new();
    for length in lengths.iter().rev() {
        digits.insert(0, rest % length);
        rest /= length;
    }
    digits
}

/// Each position `p` of the map `x` (positions in raster order, channels innermost) adds to the positions `o = p * stride - before + t` of the
/// result, for each tap `t` for which there is one: `y[o, f] = sum over p, t, c of w[c, f, t] x[p, c]`, over the channels `c` of the group of
/// `f`. `w` is a list for each channel in the order `[f, t]`, of the filters of its group.
///
/// ```
/// use ternlet::datapath::{TransposedShape, transposed_convolution};
/// let each = TransposedShape {
///     size: vec![3], channels: 1, filters: 1, groups: 1, kernel: vec![2], stride: vec![2], padding: vec![[0, 0]],
/// };
/// assert_eq!(transposed_convolution(&[1, 2, 3], &[vec![1, -10]], &each), [1, -10, 2, -20, 3, -30]);
/// let overlapping = TransposedShape { stride: vec![1], padding: vec![[1, 0]], ..each };
/// assert_eq!(transposed_convolution(&[1, 2, 3], &[vec![1, -10]], &overlapping), [-8, -17, -30]);
/// ```
pub fn transposed_convolution(x: &[i64], w: &[Vec<i64>], shape: &TransposedShape) -> Vec<i64> {
    let (lengths, filters) = (shape.lengths(), shape.group_filters());
    let mut y = vec![0; lengths.iter().product::<usize>() * shape.filters];
    for (index, x) in x.iter().enumerate() {
        let (position, channel) = (place(index / shape.channels, &shape.size), index % shape.channels);
        let first = channel / shape.group_channels() * filters;
        for tap in 0..shape.taps() {
            let taps = place(tap, &shape.kernel);
            let along = |axis: usize| {
                let [before, _] = shape.padding[axis];
                let to = (position[axis] * shape.stride[axis] + taps[axis]).checked_sub(before)?;
                (to < lengths[axis]).then_some(to)
            };
            let Some(to) = (0..lengths.len()).map(along).collect::<Option<Vec<usize>>>() else { continue };
            let to = numbered(&to, &lengths) * shape.filters + first;
            for (filter, y) in y[to..to + filters].iter_mut().enumerate() {
                *y += w[channel][filter * shape.taps() + tap] * x;
            }
        }
    }
    y
}
