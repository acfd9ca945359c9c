//! Windows that do not overlap in a timed run.

use super::Tiles;
use crate::stream::timeline::{Actor, Beat, passing};

/// [`Tiles::fold`], a register after it: of each frame the beats that close windows leave.
pub struct TilesActor {
    tiles: Tiles,
    /// The beat of the frame that comes next, and how many there are.
    next: usize,
    beats: usize,
    /// The beat that is held, if it closes a window.
    gives: Option<Beat>,
}

impl TilesActor {
    fn new(tiles: Tiles) -> Self {
        let beats = tiles.lengths.iter().product::<usize>() * tiles.beats;
        Self { tiles, next: 0, beats, gives: None }
    }

    /// What leaves with beat `beat` of a frame.
    fn closing(&self, beat: usize) -> Option<Beat> {
        let mut rest = beat / self.tiles.beats;
        let mut last = (beat + 1).is_multiple_of(self.tiles.beats);
        for (kernel, length) in self.tiles.axes().rev() {
            let position = rest % length;
            rest /= length;
            let (window, tap) =
                ((position + kernel.before) / kernel.stride, (position + kernel.before) % kernel.stride);
            let closes = tap + 1 == kernel.size || tap < kernel.size && position + 1 == length;
            if !closes || window >= kernel.windows(length) {
                return None;
            }
            last &= window + 1 == kernel.windows(length);
        }
        Some(Beat { last, ..Beat::default() })
    }
}

impl Actor for TilesActor {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.gives;
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = self.gives.is_none() || free[0];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        self.gives = self.gives.filter(|_| !free[0]);
        if passing(inputs, ready, 0).is_some() {
            self.gives = self.closing(self.next);
            self.next = (self.next + 1) % self.beats;
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

impl Tiles {
    /// What [`Tiles::fold`] is in a timed run.
    pub fn actor(&self) -> TilesActor {
        TilesActor::new(self.clone())
    }
}
