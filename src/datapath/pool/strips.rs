//! Several positions a beat: those of a window that come together are folded before the windows.

use super::Pool;
use crate::blocks::{Kernel, Tiles};
use crate::datapath::LaneStream;
use crate::datapath::map::Map;
use crate::hdl::Signal;

/// Whether windows of these kernels are made of whole beats along a line, or beats of whole windows.
pub fn apply(map: &Map, kernels: &[Kernel]) -> bool {
    let strip = map.strip();
    strip == 1
        || Tiles::apply(kernels)
            && kernels.last().is_some_and(|kernel| {
                let whole = kernel.size.is_multiple_of(strip) || strip.is_multiple_of(kernel.size);
                whole && kernel.stride == kernel.size && kernel.before == 0
            })
}

impl Pool {
    /// Positions of a beat that a window sees.
    pub(super) fn within(&self) -> usize {
        let along_lines = self.kernels.last().map_or(1, |kernel| kernel.size);
        self.map.strip().min(along_lines)
    }

    /// The windows over what the beats' windows are folded to, along each axis.
    pub(super) fn over_strips(&self) -> Vec<Kernel> {
        let mut kernels = self.kernels.clone();
        let strip = self.map.strip();
        if let Some(kernel) = kernels.last_mut().filter(|_| strip > 1) {
            let size = kernel.size.div_ceil(strip);
            *kernel = Kernel { size, stride: size, after: kernel.after / strip, ..*kernel };
        }
        kernels
    }

    /// Beats of windows, as far as they are in a beat: the positions of each folded.
    pub(super) fn folded_within<'m>(&self, x: LaneStream<'m>) -> LaneStream<'m> {
        let (within, channels) = (self.within(), self.map.channels);
        if within == 1 {
            return x;
        }
        let fold = move |window: &[Signal<'m>]| -> Vec<Signal<'m>> {
            let channel = |channel: usize| {
                let positions = window.iter().skip(channel).step_by(channels).copied();
                positions.reduce(|before, x| self.fold(before, x)).expect("a window sees a position")
            };
            (0..channels).map(channel).collect()
        };
        x.map(|beat: Vec<Signal<'m>>| beat.chunks(within * channels).flat_map(&fold).collect())
    }
}
