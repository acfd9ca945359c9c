//! Windows that overlap: those along one axis after the other, each folded before the next.
//!
//! A window of `a x b` positions takes `a - 1 + b - 1` comparators or adders a lane so, and a line keeps folded values. The innermost axis
//! comes first, so that the lines of the axes further out have a position for each of its windows.

use super::Pool;
use crate::blocks::{
    Along, Inner, Kernel, Position, Positions, Size, framed, longest_lines, raster, slide, timed_framed,
    timed_raster, timed_slide,
};
use crate::datapath::LaneStream;
use crate::hdl::{Range, Signal};
use crate::stream::timeline::{Channel, Timeline};

impl Pool {
    pub(super) fn slid<'m>(&self, x: LaneStream<'m>) -> LaneStream<'m> {
        let fold = |positions: Positions<'m, Vec<Signal<'m>>>| {
            positions.map(|position| {
                let folded = position.taps.into_iter().reduce(|before, x| {
                    before.into_iter().zip(x).map(|(before, x)| self.fold(before, x)).collect()
                });
                Position { taps: folded.into_iter().collect(), ..position }
            })
        };
        let mut positions = raster("raster", x, Size::Fixed(self.all_lengths()));
        for (kernel, along) in self.axes() {
            positions = fold(slide(positions, &format!("axis_{}", along.outer), kernel, &along));
        }
        framed("windows", positions).map(|mut windows| windows.remove(0))
    }

    pub(super) fn timed_slid(&self, t: &mut Timeline, x: Channel) -> Channel {
        let lengths = self.all_lengths();
        let mut positions = timed_raster(t, x, &lengths);
        for (kernel, along) in self.axes() {
            positions = timed_slide(t, positions, &format!("axis_{}", along.outer), kernel, &along);
        }
        timed_framed(t, positions, lengths.len())
    }

    /// The axes, the innermost first: of those further in one position for each window.
    fn axes(&self) -> Vec<(&Kernel, Along)> {
        let mut lengths = self.all_lengths();
        let longest = longest_lines(&self.kernels);
        let axes = self.kernels.iter().enumerate().rev().map(|(outer, kernel)| {
            let inner = Inner::fixed(&lengths[outer + 1..]);
            let is_large = self.has_large_lines && longest == Some(outer);
            let along = Along { outer, length: Some(lengths[outer]), inner, is_large };
            lengths[outer] = kernel.windows(lengths[outer]);
            (kernel, along)
        });
        axes.collect()
    }

    /// What a sum can be, of words that a line keeps.
    pub(super) fn slid_range(&self) -> Range {
        self.kernels.iter().rev().fold(self.input.range(), |range, kernel| {
            let (word, positions) = (range.word(), kernel.size as u64);
            Range::new(word.lo() * positions, word.hi() * positions)
        })
    }

    /// Bits of the lines that windows keep.
    pub(super) fn slid_bits(&self) -> u128 {
        let mut line = self.map.channels as u128;
        let mut bits = 0;
        for (kernel, &length) in self.kernels.iter().zip(&self.map.lengths).rev() {
            bits += line * (kernel.span() as u128 - 1) * u128::from(self.input.bits);
            line *= kernel.windows(length) as u128;
        }
        bits
    }

    fn all_lengths(&self) -> Vec<usize> {
        [&self.map.lengths[..], &[self.map.beats()]].concat()
    }
}
