//! Where filters are computed in several passes: who gives a vector again for each. The window reads its lines again, or the array
//! keeps vectors.

use super::Convolution;
use crate::blocks::replay_words;
use crate::hdl::{MemoryNode, Timing};

/// A memory of two lots of beats: one comes again while the next is taken.
#[derive(Clone, Copy)]
struct Kept {
    words: usize,
    /// Of a word.
    bits: usize,
}

impl Kept {
    fn of(beats: usize, bits: usize) -> Self {
        Self { words: replay_words(beats), bits }
    }

    /// Block RAMs, and bits of a memory that is too small for one; only bits where the family is not known.
    fn cost(self, timing: Timing) -> (u64, usize) {
        let bits = self.words * self.bits;
        match timing.family() {
            Some(family) if bits >= MemoryNode::WRITTEN_BITS => {
                (family.numbers().block_rams(self.words as u64, self.bits as u64), 0)
            }
            _ => (0, bits),
        }
    }

    fn title(self, timing: Timing) -> String {
        let bits = self.words * self.bits;
        match self.cost(timing) {
            _ if bits == 0 => "nothing".into(),
            (0, _) => format!("{bits} bits"),
            (block_ram, _) => format!("{bits} bits ({block_ram} block RAM)"),
        }
    }
}

/// Passes over vectors of several beats.
pub(super) struct Passes {
    count: usize,
    /// What the array keeps: columns.
    in_array: Kept,
    /// What the window keeps in its place: beats of the map.
    in_window: Kept,
    /// Whether each position has a window, so that none takes the cycles of its passes for nothing.
    is_full: bool,
}

impl Passes {
    /// Whether the window reads its lines again: where that saves memory and takes no cycle.
    pub fn in_window(&self, timing: Timing) -> bool {
        self.is_full && self.in_window.cost(timing) < self.in_array.cost(timing)
    }

    pub fn fact(&self, timing: Timing) -> String {
        let Self { count, in_array, in_window, is_full } = self;
        let [array, window] = [in_array, in_window].map(|kept| kept.title(timing));
        if self.in_window(timing) {
            return format!(
                "{count}: the window reads its lines again and keeps {window}; the array would keep {array}"
            );
        }
        let why = match is_full {
            true => format!("it would keep {window} to read its lines again"),
            false => "its positions without a window would take the cycles of all passes".into(),
        };
        format!("{count}: the array keeps {array}, not the window, as {why}")
    }
}

impl Convolution {
    /// None where a vector comes once, or is one beat that is held, or where a window is one position and has no lines.
    pub(super) fn passes(&self) -> Option<Passes> {
        let (unfolding, folding) = (self.unfolding?, &self.array.folding);
        let count = folding.passes();
        if count == 1 || folding.beats() == 1 || unfolding.parts() > 1 || self.is_pointwise() {
            return None;
        }
        let bits = self.input.bits as usize;
        let in_array = Kept::of(folding.beats(), folding.lanes * bits);
        let in_window = Kept::of(self.map.beats() / self.shape.groups, self.map.lanes * bits);
        let is_full = self.shape.windows() == self.shape.size;
        Some(Passes { count, in_array, in_window, is_full })
    }

    /// How often the window gives the beats of a position.
    pub(super) fn window_passes(&self, timing: Timing) -> usize {
        self.passes().filter(|passes| passes.in_window(timing)).map_or(1, |passes| passes.count)
    }
}
