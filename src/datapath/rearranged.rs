//! What leaves a datapath that gives the integers of a map in another order, or several times.

use super::LaneStream;
use super::map::Map;
use crate::blocks::Reorder;
use crate::stream::Port;
use crate::stream::timeline::{Channel, Framed, Repeat, Timeline};

/// A map whose beats, or single integers, are reordered.
pub(super) struct Rearranged {
    /// Integers of a beat that come one by one; 1 where beats stay whole.
    serial: usize,
    reorder: Reorder,
}

impl Rearranged {
    /// Of whole beats.
    pub fn beats(reorder: Reorder) -> Self {
        Self { serial: 1, reorder }
    }

    /// Of the integers of `map`, one a beat.
    pub fn integers(map: &Map, reorder: Reorder) -> Self {
        Self { serial: map.lanes, reorder }
    }

    /// The frames of `y`.
    pub fn build<'m>(&self, x: LaneStream<'m>, y: &Port) -> LaneStream<'m> {
        let x = match self.serial {
            1 => x,
            lanes => x.unframed().flatten(lanes).map(|x| vec![x]),
        };
        let given = self.reorder.of(x);
        if y.is_framed() { given.framed(y.frame_beats()) } else { given }
    }

    pub fn timed(&self, t: &mut Timeline, x: Channel, y: &Port) -> Channel {
        let x = t.through(x, 0, Framed::new(usize::MAX));
        let x = match self.serial {
            1 => x,
            lanes => t.through(x, 0, Repeat::new(lanes, lanes)),
        };
        let given = self.reorder.timed(t, x);
        t.through(given, 0, Framed::new(y.frame_beats()))
    }

    /// Bits that are held, of words of such a port.
    pub fn memory_bits(&self, y: &Port) -> u128 {
        self.reorder.words() as u128 * y.width() as u128
    }

    /// In words, for reports.
    pub fn fact(&self, y: &Port) -> (String, String) {
        let kept = match self.reorder.words() {
            0 => "nothing".into(),
            words => format!("{words} words of {} bits: two parts of a map, of which one leaves", y.width()),
        };
        ("kept".into(), kept)
    }
}
