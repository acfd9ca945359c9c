//! Hardware of its own for each level, one behind the other, all at once.

use super::Lifting;
use super::parallel::{Beat, ended, framed};
use super::raster::{Point, framed_values, raster, reframed};
use crate::blocks::Size;
use crate::datapath::LaneStream;
use crate::hdl::Module;

impl Lifting {
    /// How the samples in front of a level lie in beats, where these have several.
    pub(super) fn beat(&self, number: u32) -> Option<Beat> {
        let lanes = self.lanes >> (number - 1);
        (lanes > 1).then(|| Beat::of(lanes, self.level(number).most[0], self.varying))
    }

    /// Each level behind the one before.
    #[track_caller]
    pub(super) fn cascade_forward<'m>(
        &self,
        m: &'m Module,
        mut x: LaneStream<'m>,
        size: Size<'m>,
    ) -> Vec<LaneStream<'m>> {
        let mut outputs: Vec<LaneStream<'m>> = Vec::new();
        let mut number = 1;
        while let Some(beat) = self.beat(number).filter(|_| number <= self.levels) {
            let (low, high) = self.level(number).forward_beats(framed(x), beat);
            outputs.splice(0..0, high);
            if number == self.levels {
                let (last, values) = (low.frame_end("lifting"), low.payload().clone());
                outputs.insert(0, low.carrying(ended(values, beat.low_tail(), last)));
                return outputs;
            }
            x = low;
            number += 1;
        }
        let mut points = if self.lanes > 1 || self.size.len() == 1 && self.varying && !self.has_size() {
            let (last, values) = (x.last().expect("lines that vary end with `last`"), x.payload().clone());
            reframed(x, None, Point { values, ends: vec![last], wholes: Vec::new() })
        } else {
            raster(x, size)
        };
        for number in number..=self.levels {
            let level = self.level(number);
            let (low, details) = level.apart(m, level.forward(points), &[]);
            outputs.splice(0..0, details);
            // So that `ready` does not pass through all levels in one cycle.
            points = if number < self.levels { low.spill() } else { low };
        }
        outputs.insert(0, framed_values(points));
        outputs
    }

    #[track_caller]
    pub(super) fn cascade_inverse<'m>(
        &self,
        mut bands: Vec<LaneStream<'m>>,
        mut sizes: Vec<Size<'m>>,
    ) -> LaneStream<'m> {
        let mut low = bands.remove(0);
        for number in (1..=self.levels).rev() {
            let level = self.level(number);
            let details = self.details().iter().filter(|band| band.level == number).count();
            let mut details: Vec<LaneStream<'m>> = bands.drain(..details).collect();
            let size = sizes.pop().expect("a size for each level");
            low = match self.beat(number) {
                Some(beat) => level.inverse_beats(framed(low), details.pop(), beat),
                None => {
                    let size = (1..number).fold(size, |size, _| size.halved());
                    let low = if number < self.levels { low.spill() } else { low };
                    framed_values(level.inverse(level.together(low, details, size)))
                }
            };
        }
        low
    }
}
