//! Hardware of its own for each level, one behind the other, all at once.

use super::parallel::{Beat, ended, framed};
use super::raster::{Point, Points, framed_values, raster, reframed};
use super::{Direction, Lifting};
use crate::blocks::Size;
use crate::datapath::LaneStream;
use crate::hdl::{Boundary, Module};

impl Lifting {
    /// How the samples in front of a level lie in beats, where these have several.
    pub(super) fn beat(&self, number: u32) -> Option<Beat> {
        let lanes = self.lanes >> (number - 1);
        (lanes > 1).then(|| Beat::of(lanes, self.level(number).most[0], self.varying))
    }

    /// A level as a part of the module.
    #[track_caller]
    fn level_part<'m, R>(&self, m: &'m Module, number: u32, f: impl FnOnce(&Boundary<'m>) -> R) -> R {
        let what = match self.direction {
            Direction::Forward => "of the transform: its low band, and what it takes off",
            Direction::Inverse => "of the transform back: its low band and the others put together",
        };
        let most = super::low_shape(&self.size, number - 1);
        m.part(format!("level_{number}"), format!("level {number} {what}; frames of {most:?}"), f)
    }

    /// The letters of a level's details, in the order of their ports.
    pub(super) fn letters(&self, number: u32) -> Vec<String> {
        let details = self.details().into_iter().filter(|band| band.level == number);
        details.map(|band| band.name().trim_end_matches(|c: char| c.is_ascii_digit()).into()).collect()
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
            let (low, high) = self.level_part(m, number, |part| {
                let x = part.input_stream("x", framed(x));
                let (low, high) = self.level(number).forward_beats(x, beat);
                (part.output_stream("low", low), high.map(|high| part.output_stream("h", high)))
            });
            outputs.splice(0..0, high);
            if number == self.levels {
                let (last, values) = (low.frame_end("lifting"), low.payload().clone());
                outputs.insert(0, low.with_payload(ended(values, beat.low_tail(), last)));
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
        for number in number..self.levels {
            let (low, details) = self.level_part(m, number, |part| {
                let (low, details) = self.bands_of(part, number, points);
                // So that `ready` does not pass through all levels in one cycle.
                (part.output_stream("low", low.named("low").spill()), details)
            });
            outputs.splice(0..0, details);
            points = low;
        }
        let (low, details) = self.level_part(m, self.levels, |part| {
            let (low, details) = self.bands_of(part, self.levels, points);
            (part.output_stream("low", framed_values(low)), details)
        });
        outputs.splice(0..0, details);
        outputs.insert(0, low);
        outputs
    }

    /// The bands of a level, of which the details leave `part`.
    #[track_caller]
    fn bands_of<'m>(
        &self,
        part: &Boundary<'m>,
        number: u32,
        points: Points<'m>,
    ) -> (Points<'m>, Vec<LaneStream<'m>>) {
        let (m, level) = (points.module(), self.level(number));
        let (low, details) =
            level.apart(m, level.forward(part.input_stream("x", points)), |value| vec![value]);
        let details = self.letters(number).into_iter().zip(details);
        (low, details.map(|(band, detail)| part.output_stream(&band, detail)).collect())
    }

    #[track_caller]
    pub(super) fn cascade_inverse<'m>(
        &self,
        m: &'m Module,
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
                Some(beat) => self.level_part(m, number, |part| {
                    let low = part.input_stream("low", framed(low));
                    let high = details.pop().map(|high| part.input_stream("h", high));
                    part.output_stream("y", level.inverse_beats(low, high, beat))
                }),
                None => self.level_part(m, number, |part| {
                    let low = part.input_stream("low", low);
                    let details = self.letters(number).into_iter().zip(details);
                    let details = details.map(|(band, detail)| part.input_stream(&band, detail));
                    let size = (1..number).fold(size.entering(part), |size, _| size.halved());
                    let low = if number < self.levels { low.spill() } else { low };
                    let points = level.together(low, details.collect(), size);
                    part.output_stream("y", framed_values(level.inverse(points)))
                }),
            };
        }
        low
    }
}
