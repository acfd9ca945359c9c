//! When the beats of a transform come: its blocks as actors, joined as the hardware is.
//!
//! An actor stands for each block of the same name and does with beats what that does with values. Registers that the pipeliner places
//! are none of theirs.

mod bands;
mod line;
mod lines;

use super::level::PASSES;
use super::line::step_name;
use super::line_store::Lines;
use super::parallel::Beat;
use super::scheme::{Kind, Step};
use super::window::{Beats, Frames, kernel};
use super::{Direction, Hardware, Level, Lifting, Subbands, low_shape, nearest};
use crate::blocks::Kernel;
use crate::stream::timeline::{Beat as Mark, Channel, Delay, Fifo, Fork, Spill, Timeline};
use bands::{Counter, Existing, JoinBeats, Layout, Ordered, Raster, Together, Unordered};
use line::{Interleave, LineWindow, Nearest, PairUp};
use lines::{Across, InterleaveLines, PairLines};
use std::rc::Rc;

/// For each frame the lengths of its axes, the outermost first.
pub type Shapes = Rc<Vec<Vec<usize>>>;

/// Whether a beat ends its line along `axis`, counted from the innermost.
fn ends_line(beat: Mark, axis: usize) -> bool {
    if axis == 2 { beat.ends & 3 == 3 } else { beat.ends & 1 == 1 }
}

/// Whether a line across `axis` is the last of its frame.
fn ends_frame(beat: Mark, axis: usize) -> bool {
    beat.ends >> axis & 1 == 1
}

fn set_end(beat: Mark, axis: usize, end: bool) -> Mark {
    Mark { ends: beat.ends & !(1 << axis) | u8::from(end) << axis, ..beat }
}

/// The end of a line across `axis`; of a plane each position says it itself.
fn set_line_end(beat: Mark, axis: usize, end: bool) -> Mark {
    if axis == 2 { beat } else { set_end(beat, 0, end) }
}

/// Whether the high value of pass number `pass` is there.
fn whole(beat: Mark, pass: usize) -> bool {
    beat.flags >> pass & 1 == 1
}

fn set_whole(beat: Mark, pass: usize, whole: bool) -> Mark {
    Mark { flags: beat.flags & !(1 << pass) | u8::from(whole) << pass, ..beat }
}

fn halved(shapes: &Shapes, levels: u32) -> Shapes {
    Rc::new(shapes.iter().map(|shape| low_shape(shape, levels)).collect())
}

impl Level<'_> {
    fn timed_forward(&self, t: &mut Timeline, points: Channel) -> Channel {
        (0..self.axes()).fold(points, |points, pass| {
            let axis = self.order()[pass];
            self.timed_pass(t, axis, points, |t, points| match axis {
                0 => self.timed_forward_line(t, points, pass),
                axis => self.timed_forward_lines(t, points, pass, axis),
            })
        })
    }

    /// The pass along `axis` in its part.
    fn timed_pass(
        &self,
        t: &mut Timeline,
        axis: usize,
        points: Channel,
        f: impl FnOnce(&mut Timeline, Channel) -> Channel,
    ) -> Channel {
        if self.axes() == 1 {
            return f(t, points);
        }
        t.part(PASSES[axis], |t| {
            let points = t.crossing(points, "x");
            let given = f(t, points);
            t.crossing(given, "y")
        })
    }

    fn timed_forward_line(&self, t: &mut Timeline, samples: Channel, pass: usize) -> Channel {
        let scheme = self.scheme;
        let mut steps = scheme.steps.iter();
        let pairs = if nearest::applies(scheme) {
            steps.nth(1);
            t.block("predict_update", samples, 0, Nearest::new(pass))
        } else {
            match self.ahead_at_once() {
                Some(ahead) => {
                    let name = step_name(&scheme.steps[0]);
                    steps.next();
                    t.block(&name, samples, 0, LineWindow::of_samples(pass, ahead, self.frames()))
                }
                None => t.through(samples, 0, PairUp::new(pass)),
            }
        };
        steps.fold(pairs, |pairs, step| self.timed_lift(t, pairs, step, pass, Beats::SINGLE))
    }

    /// How far the first step looks ahead, where it takes samples one by one.
    fn ahead_at_once(&self) -> Option<usize> {
        let first = self.scheme.steps.first()?;
        let ahead = kernel(first, self.scheme.extension).after;
        (first.kind == Kind::Predict && ahead > 0).then_some(ahead)
    }

    fn timed_lift(
        &self,
        t: &mut Timeline,
        pairs: Channel,
        step: &Step,
        pass: usize,
        beats: Beats,
    ) -> Channel {
        let name = step_name(step);
        match beats.kernel(kernel(step, self.scheme.extension)) {
            Kernel { after: 0, before: 0 | 1, .. } if beats == Beats::SINGLE => {
                t.block(&name, pairs, 0, Delay::default())
            }
            Kernel { after, .. } => {
                t.block(&name, pairs, 0, LineWindow::of_pairs(pass, after, self.frames()))
            }
        }
    }

    fn timed_forward_lines(&self, t: &mut Timeline, samples: Channel, pass: usize, axis: usize) -> Channel {
        let (mut steps, lines) = (self.scheme.steps.iter(), self.lines(pass));
        let pairs = match self.ahead_at_once() {
            Some(ahead) => {
                let name = step_name(&self.scheme.steps[0]);
                steps.next();
                t.block(&name, samples, 0, Across::new(axis, pass, ahead, lines, true))
            }
            None => t.block("pair_lines", samples, 0, PairLines::new(axis, pass)),
        };
        steps.fold(pairs, |pairs, step| self.timed_lift_lines(t, pairs, step, (pass, axis), lines))
    }

    fn timed_lift_lines(
        &self,
        t: &mut Timeline,
        pairs: Channel,
        step: &Step,
        (pass, axis): (usize, usize),
        lines: Lines,
    ) -> Channel {
        let ahead = kernel(step, self.scheme.extension).after;
        t.block(&step_name(step), pairs, 0, Across::new(axis, pass, ahead, lines, false))
    }

    fn timed_inverse(&self, t: &mut Timeline, points: Channel) -> Channel {
        let steps = self.scheme.inverse_steps();
        (0..self.axes()).rev().fold(points, |points, pass| {
            let axis = self.order()[pass];
            self.timed_pass(t, axis, points, |t, points| match axis {
                0 => {
                    let lift = |pairs, step| self.timed_lift(t, pairs, step, pass, Beats::SINGLE);
                    let pairs = steps.iter().fold(points, lift);
                    t.through(pairs, 0, Interleave::new(pass))
                }
                axis => {
                    let lines = self.lines(pass);
                    let lift = |pairs, step| self.timed_lift_lines(t, pairs, step, (pass, axis), lines);
                    let pairs = steps.iter().fold(points, lift);
                    t.block("interleave_lines", pairs, 0, InterleaveLines::new(axis, pass, lines.length))
                }
            })
        })
    }

    /// Of each detail the passes that gave it their high band, a bit each.
    fn high_passes(&self) -> Vec<u8> {
        self.details().into_iter().map(|value| value as u8).collect()
    }

    /// The low band, and each detail.
    fn timed_apart(&self, t: &mut Timeline, points: Channel) -> (Channel, Vec<Channel>) {
        let details = self.high_passes();
        let points = t.crossing(points, "points");
        let mut copies = t.add(&[points], 1 + details.len(), Fork::new(1 + details.len()));
        let low = copies.remove(0);
        let order = self.order();
        // What earlier passes say waits next to their values, so that nobody knows it beforehand.
        let last = self.axes() - 1;
        let all = self.fixed && self.length(order[last], 0).is_multiple_of(2);
        let always = |detail: u8| all && detail == 1 << last;
        let bands = details.into_iter().zip(copies).map(|(detail, copy)| match always(detail) {
            true => copy,
            false => {
                t.block(&self.detail_name(detail.into()), copy, 0, Existing::of_points(self.axes(), detail))
            }
        });
        (low, bands.collect())
    }

    /// The low band, and the high one, of samples that come several a beat.
    fn timed_beats(&self, t: &mut Timeline, x: Channel, beat: Beat) -> (Channel, Option<Channel>) {
        let x = t.crossing(x, "x");
        let steps = self.scheme.steps.iter();
        let pairs = steps.fold(x, |pairs, step| self.timed_lift(t, pairs, step, 0, beat.beats()));
        if self.most[0] == 1 {
            return (t.crossing(pairs, "low"), None);
        }
        let pairs = t.crossing(pairs, "pairs");
        let copies = t.add(&[pairs], 2, Fork::new(2));
        let high = match beat.high_tail() {
            0 => t.block("detail_h", copies[1], 0, Existing::but_last()),
            _ => copies[1],
        };
        (t.crossing(copies[0], "low"), Some(t.crossing(high, "h")))
    }

    fn timed_beats_back(&self, t: &mut Timeline, inputs: &[Channel], beat: Beat) -> Channel {
        let pairs = t.add(inputs, 1, JoinBeats { always: beat.high_tail() > 0 })[0];
        let steps = self.scheme.inverse_steps();
        steps.iter().fold(pairs, |pairs, step| self.timed_lift(t, pairs, step, 0, beat.beats()))
    }

    /// The bands of a level whose points have these shapes; a size is the last of `inputs`, where there is one.
    fn timed_together(&self, t: &mut Timeline, inputs: &[Channel], shapes: &Shapes, sized: bool) -> Channel {
        let odd = |shape: &Vec<usize>| -> u8 {
            let axes = shape.iter().rev().enumerate();
            axes.map(|(axis, length)| ((length & 1) as u8) << axis).sum()
        };
        let together = Together {
            counter: Counter::new(halved(shapes, 1)),
            odd: shapes.iter().map(odd).collect(),
            order: self.order(),
            details: self.high_passes(),
            sized,
        };
        t.add(inputs, 1, together)[0]
    }
}

impl Lifting {
    /// Copies of the sizes, as `sizes` makes them.
    fn timed_sizes(&self, t: &mut Timeline, size: Option<Channel>, count: usize) -> Vec<Option<Channel>> {
        match size {
            None => vec![None; count],
            Some(size) => {
                let copies = t.add(&[size], count, Fork::new(count)).into_iter().enumerate();
                let room = |(copy, size)| {
                    let size = t.through(size, 2, Fifo::new(4));
                    Some(t.part("sizes", |t| t.crossing(size, &format!("size_{copy}"))))
                };
                copies.map(room).collect()
            }
        }
    }

    /// The outputs for frames of these shapes; none of folded hardware.
    pub(super) fn timed_streams(
        &self,
        t: &mut Timeline,
        mut inputs: Vec<Channel>,
        shapes: &Shapes,
    ) -> Option<Vec<Channel>> {
        if self.hardware == Hardware::Folded {
            return None;
        }
        let in_one = usize::from(self.subbands == Subbands::Mallat);
        let size = self.has_size().then(|| inputs.remove(0));
        Some(match self.direction {
            Direction::Forward => {
                let mut sizes = self.timed_sizes(t, size, 1 + in_one);
                let size = sizes.pop()?;
                let bands = self.timed_cascade(t, inputs[0], size, shapes);
                match sizes.pop() {
                    None => bands,
                    Some(size) => vec![self.timed_ordered(t, bands, size, shapes)],
                }
            }
            Direction::Inverse => {
                let mut sizes = self.timed_sizes(t, size, self.levels as usize + in_one);
                if in_one == 1 {
                    let size = sizes.pop()?;
                    inputs = self.timed_unordered(t, inputs[0], size, shapes);
                }
                vec![self.timed_back(t, inputs, sizes, shapes)]
            }
        })
    }

    fn timed_cascade(
        &self,
        t: &mut Timeline,
        mut x: Channel,
        size: Option<Channel>,
        shapes: &Shapes,
    ) -> Vec<Channel> {
        let mut outputs: Vec<Channel> = Vec::new();
        let mut number = 1;
        while let Some(beat) = self.beat(number).filter(|_| number <= self.levels) {
            let (low, high) =
                t.part(format!("level_{number}"), |t| self.level(number).timed_beats(t, x, beat));
            outputs.splice(0..0, high);
            x = low;
            number += 1;
        }
        if number <= self.levels {
            let has_ends = self.lanes > 1 || self.size.len() == 1 && self.varying && !self.has_size();
            if !has_ends {
                let inputs: Vec<Channel> = [x].into_iter().chain(size).collect();
                x = t.add(&inputs, 1, Raster(Counter::new(shapes.clone())))[0];
            }
        }
        for number in number..=self.levels {
            let level = self.level(number);
            let (low, details) = t.part(format!("level_{number}"), |t| {
                let x = t.crossing(x, "x");
                let points = level.timed_forward(t, x);
                let (low, details) = level.timed_apart(t, points);
                let details = details.into_iter().zip(self.letters(number));
                let details: Vec<Channel> = details.map(|(detail, band)| t.crossing(detail, &band)).collect();
                let low = if number < self.levels { t.through(low, 1, Spill::default()) } else { low };
                (t.crossing(low, "low"), details)
            });
            outputs.splice(0..0, details);
            x = low;
        }
        outputs.insert(0, x);
        outputs
    }

    fn timed_back(
        &self,
        t: &mut Timeline,
        mut bands: Vec<Channel>,
        mut sizes: Vec<Option<Channel>>,
        shapes: &Shapes,
    ) -> Channel {
        let mut low = bands.remove(0);
        for number in (1..=self.levels).rev() {
            let level = self.level(number);
            let details = self.details().iter().filter(|band| band.level == number).count();
            let details: Vec<Channel> = bands.drain(..details).collect();
            let size = sizes.pop().flatten();
            low = t.part(format!("level_{number}"), |t| {
                let mut low = t.crossing(low, "low");
                let beat = self.beat(number);
                if beat.is_none() && number < self.levels {
                    low = t.through(low, 1, Spill::default());
                }
                let details = details.into_iter().zip(self.letters(number));
                let details: Vec<Channel> = details.map(|(detail, band)| t.crossing(detail, &band)).collect();
                let inputs: Vec<Channel> = [low].into_iter().chain(details).chain(size).collect();
                let given = match beat {
                    Some(beat) => level.timed_beats_back(t, &inputs, beat),
                    None => {
                        let shapes = halved(shapes, number - 1);
                        let points = level.timed_together(t, &inputs, &shapes, size.is_some());
                        level.timed_inverse(t, points)
                    }
                };
                t.crossing(given, "y")
            });
        }
        low
    }

    fn layout(&self, shapes: &Shapes) -> Layout {
        let highs = |bands: &[super::Band]| -> u8 {
            let axes = bands.iter().rev().enumerate();
            axes.map(|(axis, band)| u8::from(*band == super::Band::High) << axis).sum()
        };
        let bands = self.bands().into_iter().map(|band| (band.level, highs(&band.bands))).collect();
        Layout { counter: Counter::new(shapes.clone()), levels: self.levels, bands }
    }

    fn timed_room(&self, t: &mut Timeline, bands: Vec<Channel>) -> Vec<Channel> {
        let counts = self.bands().into_iter().map(|band| band.shape.iter().product());
        bands
            .into_iter()
            .zip(counts)
            .map(|(band, count)| t.block("fifo", band, 2, Fifo::new(count)))
            .collect()
    }

    fn timed_ordered(
        &self,
        t: &mut Timeline,
        bands: Vec<Channel>,
        size: Option<Channel>,
        shapes: &Shapes,
    ) -> Channel {
        let sized = size.is_some();
        t.part("mallat_order", |t| {
            let inputs: Vec<Channel> = self.timed_room(t, bands).into_iter().chain(size).collect();
            let y = t.add(&inputs, 1, Ordered { layout: self.layout(shapes), sized })[0];
            t.crossing(y, "y")
        })
    }

    fn timed_unordered(
        &self,
        t: &mut Timeline,
        x: Channel,
        size: Option<Channel>,
        shapes: &Shapes,
    ) -> Vec<Channel> {
        let inputs: Vec<Channel> = [x].into_iter().chain(size).collect();
        t.part("mallat_order", |t| {
            let bands = t.add(&inputs, self.bands().len(), Unordered(self.layout(shapes)));
            self.timed_room(t, bands)
        })
    }
}
