//! Where filters are computed in several passes: who gives a vector again for each. The window reads its lines again, or the array
//! keeps vectors.

use super::Convolution;
use crate::blocks::{replay, replay_words};
use crate::device::Counts;
use crate::estimate::cost;
use crate::hdl::{Module, Timing, unsigned};

/// What comes again for each pass: it lies in a memory of two lots, one of which is taken while the other is given.
#[derive(Clone, Copy)]
struct Kept {
    beats: usize,
    /// Of a beat.
    bits: usize,
    passes: usize,
}

impl Kept {
    fn bits(self) -> usize {
        replay_words(self.beats) * self.bits
    }

    /// The memory and what reads it again, by the estimate; none where the family is not known.
    fn counts(self, timing: Timing) -> Option<Counts> {
        let family = timing.family()?;
        let m = Module::with_timing("kept", timing);
        let x = m.input_stream("x", false, &unsigned(self.bits as u32));
        m.output_stream("y", replay(x, self.beats, self.passes));
        Some(cost(&m.finish().expect("a replay between two streams"), family))
    }

    /// Logic cells, of which a block RAM is worth as many as the device has for each; and bits, which decide where the family is not known.
    fn cost(self, timing: Timing) -> (Option<u64>, usize) {
        let cells = |counts| timing.family().map(|family| family.numbers().logic_cells(&counts));
        (self.counts(timing).and_then(cells), self.bits())
    }

    fn title(self, timing: Timing) -> String {
        let bits = self.bits();
        match self.counts(timing) {
            _ if bits == 0 => "nothing".into(),
            None => format!("{bits} bits"),
            Some(Counts { lut4, ff, block_ram, .. }) => {
                let ram = if block_ram > 0 { format!(" and {block_ram} block RAM") } else { String::new() };
                format!("{bits} bits (about {} logic cells{ram})", lut4.max(ff))
            }
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
    /// Whether the window reads its lines again: where that costs less and takes no cycle.
    pub fn in_window(&self, timing: Timing) -> bool {
        self.is_full && self.in_window.cost(timing) < self.in_array.cost(timing)
    }

    pub fn fact(&self, timing: Timing) -> String {
        let Self { count, in_array, in_window, is_full } = self;
        let [array, window] = [in_array, in_window].map(|kept| kept.title(timing));
        let worth = timing.family().map(|family| family.numbers().block_ram_lut4);
        let weighed =
            worth.map_or_else(String::new, |cells| format!("; a block RAM counts as {cells} cells"));
        if self.in_window(timing) {
            return format!(
                "{count}: the window reads its lines again and keeps {window}; the array would keep {array}{weighed}"
            );
        }
        let why = match is_full {
            true => format!("it would keep {window} to read its lines again{weighed}"),
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
        let kept = |beats: usize, lanes: usize| Kept { beats, bits: lanes * bits, passes: count };
        let in_array = kept(folding.beats(), folding.lanes);
        let in_window = kept(self.map.beats() / self.shape.groups, self.map.lanes);
        let is_full = self.shape.windows() == self.shape.size;
        Some(Passes { count, in_array, in_window, is_full })
    }

    /// How often the window gives the beats of a position.
    pub(super) fn window_passes(&self, timing: Timing) -> usize {
        self.passes().filter(|passes| passes.in_window(timing)).map_or(1, |passes| passes.count)
    }
}
