//! How windows lie along an axis: plain integers, which hardware, schedule and tests share.

use super::Border;
use crate::stream::Reach;

/// Windows along an axis: window `o` sees the positions `o * stride - before + k * dilation` for `k < kernel`. Positions
/// before the first and after the last one have the value that the border says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Positions that a window sees.
    pub size: usize,
    /// Positions from a window to the next one.
    pub stride: usize,
    /// Positions from a tap to the next one.
    pub dilation: usize,
    /// Positions in front of the first one.
    pub before: usize,
    /// Positions after the last one.
    pub after: usize,
    pub border: Border,
}

/// Of windows along these axes, the outermost first, the one whose lines are longest; none where nothing is kept.
pub fn longest_lines(kernels: &[Kernel]) -> Option<usize> {
    kernels.iter().position(|kernel| !kernel.is_point())
}

impl Kernel {
    /// An axis along which windows see one position: they are the positions themselves.
    pub const POINT: Kernel = Kernel::valid(1);

    /// Windows that lie inside: no position is added.
    pub const fn valid(size: usize) -> Kernel {
        Kernel { size, stride: 1, dilation: 1, before: 0, after: 0, border: Border::Constant(0) }
    }

    /// As many windows as positions: a window reaches as far before its position as after it, or one further after it.
    pub const fn same(size: usize, dilation: usize, border: Border) -> Kernel {
        let added = (size - 1) * dilation;
        let before = added / 2;
        Kernel { size, stride: 1, dilation, before, after: added - before, border }
    }

    /// Positions from the first to the last one that a window sees.
    pub const fn span(&self) -> usize {
        (self.size - 1) * self.dilation + 1
    }

    /// Windows along an axis of `length` positions: `floor((before + length + after - span) / stride) + 1`, or 0.
    pub const fn windows(&self, length: usize) -> usize {
        match (self.before + length + self.after).checked_sub(self.span()) {
            Some(room) => room / self.stride + 1,
            None => 0,
        }
    }

    /// The positions of an axis of `length` that a window sees, without those of the border.
    pub fn seen(&self, window: usize, length: usize) -> impl ExactSizeIterator<Item = usize> + Clone {
        let first = window * self.stride;
        // Taps before the first position.
        let beyond = self.before.saturating_sub(first).div_ceil(self.dilation);
        let start = first + beyond * self.dilation - self.before;
        let end = (first + self.span()).saturating_sub(self.before).min(length);
        (start..end).step_by(self.dilation)
    }

    /// How far the windows see of a map that sees so.
    pub fn reach(&self, map: Reach) -> Reach {
        map.windows(self.windows(map.length), self.span(), self.stride, self.before)
    }

    /// Whether windows are the positions themselves.
    pub(super) fn is_point(&self) -> bool {
        (self.size, self.stride) == (1, 1)
    }

    /// Whether each position has a window of its own, whatever the length.
    pub(super) fn is_same(&self) -> bool {
        self.stride == 1 && self.before + self.after + 1 == self.span()
    }

    /// # Panics
    /// If a size is 0, a border is wider than a window, or an axis of `length` positions has no window; `None` stands for
    /// any length.
    #[track_caller]
    pub(super) fn check(&self, length: Option<usize>) {
        let Kernel { size, stride, dilation, before, after, .. } = *self;
        assert!(
            size * stride * dilation > 0,
            "a kernel has size {size}, stride {stride} and dilation {dilation}; none may be 0"
        );
        let span = self.span();
        assert!(
            before.max(after) < span,
            "a window of {span} positions has {before} positions before and {after} after; fewer than {span} may be"
        );
        match length {
            Some(length) => assert!(
                length > 0 && self.windows(length) > 0,
                "a window of {span} positions finds no place in {before} + {length} + {after}"
            ),
            None => assert!(
                self.is_same(),
                "where sizes vary a window of {span} positions has stride 1 and {} positions around, not stride {stride} \
                 and {before} + {after}",
                span - 1
            ),
        }
    }
}

/// When the windows of an axis leave, counted in lines: all that comes of one position of the axis. A window leaves with the
/// line that it sees last, and after the axis' last line while lines that are not there pass. In time with the line that
/// is `lag` lines older, its *middle*, every window is in the frame: the middles are `first`, `first + stride`, ...
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Departures {
    /// The line with which the first window leaves.
    pub opens: usize,
    pub lag: usize,
    pub first: usize,
    pub stride: usize,
    /// Lines that must pass between two frames, as there are more windows than lines.
    pub extra: usize,
    /// Windows of a frame, where lines that no window sees follow the last one.
    pub stops: Option<usize>,
}

impl Departures {
    /// Of an axis of `length` lines, or of any.
    pub fn of(kernel: &Kernel, length: Option<usize>) -> Departures {
        let (opens, stride) = (kernel.span() - 1 - kernel.before, kernel.stride);
        let Some(length) = length else {
            return Departures { opens, lag: opens, first: 0, stride, extra: 0, stops: None };
        };
        let windows = kernel.windows(length);
        let run = (windows - 1) * stride;
        let extra = (run + 1).saturating_sub(length);
        let lag = (opens + run + 1).saturating_sub(length + extra);
        let stops = (opens + run + 1 < length).then_some(windows);
        Departures { opens, lag, first: opens - lag, stride, extra, stops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_as_many_as_fit() {
        let strided = Kernel { stride: 2, before: 1, ..Kernel::valid(3) };
        let counts: Vec<usize> = (0..8).map(|length| strided.windows(length)).collect();
        assert_eq!(counts, [0, 0, 1, 1, 2, 2, 3, 3]);
        assert_eq!(Kernel::same(4, 1, Border::Replicate).windows(9), 9);
    }

    #[test]
    fn a_pace_is_that_of_the_last_tap() {
        let same = Kernel::same(3, 1, Border::Replicate);
        let departures = Departures { opens: 1, lag: 1, first: 0, stride: 1, extra: 0, stops: None };
        assert_eq!([Departures::of(&same, None), Departures::of(&same, Some(5))], [departures; 2]);
        let valid = Departures { opens: 2, lag: 0, first: 2, ..departures };
        assert_eq!(Departures::of(&Kernel::valid(3), Some(5)), valid);
        let pool = Kernel { stride: 2, ..Kernel::valid(2) };
        let pace_of_pool = Departures { opens: 1, lag: 0, first: 1, stride: 2, extra: 0, stops: Some(2) };
        assert_eq!(Departures::of(&pool, Some(5)), pace_of_pool);
        let full = Kernel { before: 2, after: 2, ..Kernel::valid(3) };
        assert_eq!(
            Departures::of(&full, Some(5)),
            Departures { opens: 0, lag: 0, first: 0, extra: 2, ..departures }
        );
    }
}
