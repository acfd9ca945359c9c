//! One level of a transform of one to three axes: the axes behind each other, and the subbands apart or together.

use super::bands::existing;
use super::line::{Line, forward_line, inverse_line, scaled_within, unscaled};
use super::line_store::Lines;
use super::lines::{forward_lines, interleave_lines, inverse_lines};
use super::pairs::{Pair, Pairs, Sample, Samples, interleave};
use super::raster::{Point, Points, reframed};
use super::scheme::{Order, Scheme};
use super::subband::{Band, range};
use super::window::{Beats, Frames};
use crate::blocks::{Counter, Size};
use crate::datapath::LaneStream;
use crate::hdl::{Module, Payload, Range, Rounding, Signal, Stages, Stream};

/// A level of a scheme.
pub struct Level<'s> {
    pub scheme: &'s Scheme,
    /// Bounds of the first level's samples.
    pub input: (i64, i64),
    /// The levels that pass through, from 1 on: one and the same, or all from the first to the last by turns.
    pub first: u32,
    pub last: u32,
    /// The most points along each axis in front of the first of these levels, the outermost first.
    pub most: Vec<usize>,
    /// Whether what comes has this size always.
    pub fixed: bool,
}

/// What the passes along the axes are called, the innermost first.
pub(super) const PASSES: [&str; 3] = ["rows", "columns", "depth"];

impl Level<'_> {
    /// The pass along `axis`, as a part of the module; that along lines is all of their level.
    #[track_caller]
    fn pass<'m>(
        &self,
        axis: usize,
        points: Points<'m>,
        f: impl FnOnce(Points<'m>) -> Points<'m>,
    ) -> Points<'m> {
        if self.axes() == 1 {
            return f(points);
        }
        let doc = [
            "the transform along rows",
            "the transform along columns: across the rows",
            "the transform along the depth: across the planes",
        ][axis];
        points
            .module()
            .part(PASSES[axis], doc, |part| part.output_stream("y", f(part.input_stream("x", points))))
    }

    pub(super) fn axes(&self) -> usize {
        self.most.len()
    }

    /// The axes in the order of the forward transform, counted from the innermost.
    pub(super) fn order(&self) -> Vec<usize> {
        match self.scheme.order {
            Order::VerticalFirst => (0..self.axes()).rev().collect(),
            Order::HorizontalFirst => (0..self.axes()).collect(),
        }
    }

    /// The most points along `axis`, counted from the innermost, once `passed` axes of the order are transformed.
    pub(super) fn length(&self, axis: usize, passed: usize) -> usize {
        let length = self.most[self.axes() - 1 - axis];
        if self.order()[..passed].contains(&axis) { length.div_ceil(2) } else { length }
    }

    /// The lines of the pass number `pass`: 1 for the innermost axis, which has no lines beside each other.
    pub(super) fn lines(&self, pass: usize) -> Lines {
        let axis = self.order()[pass];
        // A transform along rows gives a pair in every second cycle, and a row's last one a cycle before its time. Behind the first
        // level there is time enough for the last rows, and the next frame may be held up by a FIFO that is full of this one.
        let pause = (self.last == 1).then_some(if pass == 0 { 0 } else { 2 });
        let length = (0..axis).map(|inner| self.length(inner, pass)).product();
        Lines { length, fixed: self.fixed, pause }
    }

    /// How frames follow each other along lines. What bands wait in has room for one frame, so after the first level, where the next
    /// frame may be held up by a FIFO that is full of this one, all of this one leaves first, as across lines.
    pub(super) fn frames(&self) -> Frames {
        if self.last == 1 { Frames::Follow } else { Frames::Apart { marks: self.axes() - 1 } }
    }

    /// The word of value number `value` behind `passed` passes: its bits say which passes gave it their high band.
    fn word(&self, passed: usize, value: usize) -> Range {
        let mut bands = vec![None; self.axes()];
        for (pass, axis) in self.order().into_iter().take(passed).enumerate() {
            let band = if value >> pass & 1 == 1 { Band::High } else { Band::Low };
            bands[self.axes() - 1 - axis] = Some(band);
        }
        self.word_of(&bands)
    }

    /// The word that holds what these bands have in any of the levels.
    pub(super) fn word_of(&self, bands: &[Option<Band>]) -> Range {
        let word = |level: u32| {
            let (lo, hi) = range(self.scheme, self.input, level, bands);
            Range::new(lo, hi).word()
        };
        (self.first + 1..=self.last).fold(word(self.first), |words, level| words.union(&word(level)))
    }

    /// The word of a band of lines.
    pub fn band_word(&self, band: Band) -> Range {
        self.word_of(&[Some(band)])
    }

    /// The number, among a level's subbands as `subbands` lists them, of the value whose bits say which passes gave it their
    /// high band.
    fn combination(&self, value: usize) -> usize {
        let order = self.order().into_iter().enumerate();
        order.map(|(pass, axis)| (value >> pass & 1) << axis).sum()
    }

    /// All subbands of the level side by side.
    #[track_caller]
    pub fn forward<'m>(&self, points: Points<'m>) -> Points<'m> {
        let Point { values, ends, wholes } = points.payload().clone();
        let values = values.into_iter().map(|value| value << self.scheme.level_shift).collect();
        let points = points.with_payload(Point { values, ends, wholes });
        (0..self.axes()).fold(points, |points, pass| {
            let axis = self.order()[pass];
            self.pass(axis, points, |points| {
                let samples = samples(points, axis);
                let pairs = match axis {
                    0 => forward_line(self.scheme, Line::Samples(samples), self.frames()),
                    _ => forward_lines(self.scheme, samples, self.lines(pass)),
                };
                self.points(pairs, pass)
            })
        })
    }

    /// What pass number `pass` leaves.
    #[track_caller]
    fn points<'m>(&self, pairs: Pairs<'m>, pass: usize) -> Points<'m> {
        let axis = self.order()[pass];
        let lines = 1 << pass;
        let ranges: Vec<[Range; 2]> =
            (0..lines).map(|line| [self.word(pass + 1, line), self.word(pass + 1, line + lines)]).collect();
        let pairs = scaled_within(self.scheme, pairs, &ranges);
        let m = pairs.module();
        let pair = pairs.payload().clone();
        let whole = if self.fixed && self.length(axis, 0).is_multiple_of(2) {
            m.ignore(pair.whole);
            m.always()
        } else {
            pair.whole
        };
        let last = pairs.frame_end("lifting");
        let (ends, mut wholes) = places(axis, self.axes(), last, &pair.marks);
        wholes.push(whole);
        m.ignore(last);
        reframed(pairs, None, Point { values: [pair.even, pair.odd].concat(), ends, wholes })
    }

    /// Of the values behind the passes those of the details that any frame has, in the order of `subbands`.
    pub(super) fn details(&self) -> Vec<usize> {
        let order = self.order();
        let has = |value: usize| {
            (0..self.axes()).all(|pass| value >> pass & 1 == 0 || self.length(order[pass], 0) > 1)
        };
        let mut details: Vec<usize> = (1..1 << self.axes()).filter(|value| has(*value)).collect();
        details.sort_by_key(|value| self.combination(*value));
        details
    }

    /// What the part is called that gives a detail, as its value among those of [`Level::details`].
    pub(super) fn detail_name(&self, value: usize) -> String {
        let letter = |axis: usize| if self.combination(value) >> axis & 1 == 1 { 'h' } else { 'l' };
        format!("detail_{}", (0..self.axes()).map(letter).collect::<String>())
    }

    /// The low band as points of the next level, and what `detail` makes of the values of each other subband that any frame has, in the
    /// order of `subbands`.
    #[track_caller]
    pub fn apart<'m, P: Payload<'m>>(
        &self,
        m: &'m Module,
        points: Points<'m>,
        detail: impl Fn(Signal<'m>) -> P,
    ) -> (Points<'m>, Vec<Stream<'m, P>>) {
        let axes = self.axes();
        let details = self.details();
        points.payload().signals().into_iter().for_each(|signal| m.ignore(signal));
        let mut copies = points.noted("points").fork(details.len() + 1);
        let low = copies.remove(0);
        let bands = details.into_iter().zip(copies).map(|(value, copy)| {
            let point = copy.payload().clone();
            let exists = (0..axes).filter(|pass| value >> pass & 1 == 1).map(|pass| point.wholes[pass]);
            let exists = exists.reduce(|a, b| a & b).expect("a detail is high along some axis");
            let last = point.ends_frame();
            let name = self.detail_name(value);
            existing(&name, reframed(copy, Some(last), (detail(point.values[value]), exists)))
        });
        let bands = bands.collect();
        let Point { values, ends, .. } = low.payload().clone();
        (low.with_payload(Point { values: vec![values[0]], ends, wholes: Vec::new() }), bands)
    }

    /// The subbands of a level side by side: `low`, and each other one that has values, in the order of `subbands`; `size` is
    /// that of what the level was made of.
    #[track_caller]
    pub fn together<'m>(
        &self,
        low: LaneStream<'m>,
        details: Vec<LaneStream<'m>>,
        size: Size<'m>,
    ) -> Points<'m> {
        let m = low.module();
        let (axes, order) = (self.axes(), self.order());
        let odd_constant: Vec<bool> = size.most().iter().rev().map(|length| length % 2 == 1).collect();
        let (size, odd): (Size<'m>, Option<Vec<Signal<'m>>>) = match size {
            Size::Fixed(_) => (size.halved(), None),
            Size::PerFrame { lengths, most } => {
                let odd = lengths.payload().iter().rev().map(|length| length.bit(0)).collect();
                (Size::PerFrame { lengths, most }.halved(), Some(odd))
            }
        };
        let odd: Vec<Signal<'m>> = odd.unwrap_or_else(|| {
            odd_constant.iter().map(|odd| if *odd { m.always() } else { m.never() }).collect()
        });
        let counter = Counter::new(m, &format!("level{}", self.first), size, low.valid());
        let all = details.iter().map(Stream::stages).chain(counter.stages());
        let stages = all.fold(low.stages(), Stages::meet);
        let wholes: Vec<Signal<'m>> = order.iter().map(|&axis| !(counter.ends[axis] & odd[axis])).collect();
        let listed = self.details();
        let exists = |value: usize| {
            let needed = (0..axes).filter(|pass| value >> pass & 1 == 1).map(|pass| wholes[pass]);
            needed.reduce(|a, b| a & b).expect("a detail is high along some axis")
        };
        let mut values = vec![m.constant(0); 1 << axes];
        values[0] = low.payload()[0];
        let mut there = vec![counter.valid];
        for (value, stream) in listed.iter().zip(&details) {
            values[*value] = stream.payload()[0];
            there.push(stream.valid() | !exists(*value));
        }
        let valid = there.iter().copied().reduce(|a, b| a & b).expect("the low band is one");
        let point = Point { values, ends: counter.ends.clone(), wholes: wholes.clone() };
        let (points, ready) = Stream::offer(format!("bands{}", self.first), valid, None, point);
        let passes = valid & ready;
        low.unframed().take(passes);
        for (value, stream) in listed.into_iter().zip(details) {
            stream.unframed().take(passes & exists(value));
        }
        counter.count(passes);
        points.after(stages)
    }

    /// What pass number `pass` was given.
    #[track_caller]
    fn undone<'m>(&self, points: Points<'m>, pass: usize) -> Points<'m> {
        let axis = self.order()[pass];
        let pairs = unscaled(self.scheme, pairs(points, axis));
        let samples = match axis {
            0 => interleave(inverse_line(self.scheme, pairs, Beats::SINGLE, self.frames())),
            _ => {
                let lines = self.lines(pass);
                interleave_lines(inverse_lines(self.scheme, pairs, lines), lines.length)
            }
        };
        let last = samples.frame_end("lifting");
        let Sample { values, marks } = samples.payload().clone();
        last.module().ignore(last);
        let (ends, wholes) = places(axis, self.axes(), last, &marks);
        reframed(samples, None, Point { values, ends, wholes })
    }

    /// What [`Level::forward`] was given: one value a point.
    #[track_caller]
    pub fn inverse<'m>(&self, points: Points<'m>) -> Points<'m> {
        let points = (0..self.axes()).rev().fold(points, |points, pass| {
            let axis = self.order()[pass];
            self.pass(axis, points, |points| self.undone(points, pass))
        });
        points.map(|Point { values, ends, wholes }| {
            let shift = |value: &Signal<'m>| value.round_shift(self.scheme.level_shift, Rounding::HalfUp);
            Point { values: values.iter().map(shift).collect(), ends, wholes }
        })
    }
}

/// Points as samples of the lines along `axis`, counted from the innermost.
#[track_caller]
fn samples<'m>(points: Points<'m>, axis: usize) -> Samples<'m> {
    let Point { values, ends, wholes } = points.payload().clone();
    let (last, marks) = marks(axis, &ends, &wholes);
    reframed(points, Some(last), Sample { values, marks })
}

/// Points as pairs of a low and a high value of the lines along `axis`; the last pass that they went through gave them.
#[track_caller]
fn pairs<'m>(points: Points<'m>, axis: usize) -> Pairs<'m> {
    let Point { values, ends, mut wholes } = points.payload().clone();
    let whole = wholes.pop().expect("a pass is to be undone");
    let (last, marks) = marks(axis, &ends, &wholes);
    let (even, odd) = values.split_at(values.len() / 2);
    reframed(points, Some(last), Pair { even: even.to_vec(), odd: odd.to_vec(), whole, marks })
}

/// What ends a line along `axis`, and what goes along with it; [`places`] undoes it.
fn marks<'m>(axis: usize, ends: &[Signal<'m>], wholes: &[Signal<'m>]) -> (Signal<'m>, Vec<Signal<'m>>) {
    match axis {
        2 => (ends[0] & ends[1], [&[ends[2], ends[0], ends[1]], wholes].concat()),
        _ => (ends[0], [&ends[1..], wholes].concat()),
    }
}

fn places<'m>(
    axis: usize,
    axes: usize,
    last: Signal<'m>,
    marks: &[Signal<'m>],
) -> (Vec<Signal<'m>>, Vec<Signal<'m>>) {
    match axis {
        2 => (vec![marks[1], marks[2], marks[0]], marks[3..].to_vec()),
        _ => ([&[last], &marks[..axes - 1]].concat(), marks[axes - 1..].to_vec()),
    }
}
