//! Levels of lines that come several samples a beat.
//!
//! A level takes twice as many samples a beat as its bands have values, so of 8 a beat the second level takes 4 and the fourth
//! one; from there on levels are those of one sample a beat. A line's last beat may be short: by how much is known at
//! generation.

use super::bands::existing;
use super::level::Level;
use super::line::{Line, forward_line, inverse_line, scaled_within, unscaled};
use super::pairs::Pair;
use super::raster::reframed;
use super::subband::Band;
use super::window::Beats;
use crate::datapath::LaneStream;
use crate::hdl::{Range, Rounding, Signal, Stream};

/// How the samples of lines lie in beats.
#[derive(Clone, Copy)]
pub struct Beat {
    /// Samples a beat: an even number.
    pub lanes: usize,
    /// Of them, those of a line's last beat.
    pub tail: usize,
}

impl Beat {
    /// Of lines of `length` samples, or of whole beats where they vary.
    pub fn of(lanes: usize, length: usize, varying: bool) -> Beat {
        let short = length % lanes;
        Beat { lanes, tail: if varying || short == 0 { lanes } else { short } }
    }

    pub(super) fn beats(self) -> Beats {
        Beats { pairs: self.lanes / 2, tail: self.low_tail() }
    }

    /// Values of the low band in a line's last beat.
    pub fn low_tail(self) -> usize {
        self.tail.div_ceil(2)
    }

    /// Values of the high band in a line's last beat.
    pub(super) fn high_tail(self) -> usize {
        self.tail / 2
    }

    /// Whether the last pair of a beat is whole.
    fn whole<'m>(self, last: Signal<'m>) -> Signal<'m> {
        if self.tail.is_multiple_of(2) { last.module().always() } else { !last }
    }

    /// Whether a beat has a value of the high band.
    fn has_high<'m>(self, last: Signal<'m>) -> Signal<'m> {
        if self.high_tail() > 0 { last.module().always() } else { !last }
    }
}

/// `values`, of which a line's last beat has the first `tail`; 0 in place of the others.
pub fn ended<'m>(values: Vec<Signal<'m>>, tail: usize, last: Signal<'m>) -> Vec<Signal<'m>> {
    let each = values.into_iter().enumerate();
    each.map(|(place, value)| if place < tail { value } else { last.mux(0, value) }).collect()
}

impl Level<'_> {
    /// The low band and the high one, half as many values a beat as `x` has samples; no high one where lines have but one
    /// sample.
    #[track_caller]
    pub fn forward_beats<'m>(
        &self,
        x: LaneStream<'m>,
        beat: Beat,
    ) -> (LaneStream<'m>, Option<LaneStream<'m>>) {
        let last = x.frame_end("lifting");
        let shifted: Vec<Signal<'m>> =
            x.payload().iter().map(|value| *value << self.scheme.level_shift).collect();
        let every_other = |from: usize| shifted.iter().skip(from).step_by(2).copied().collect();
        let pair =
            Pair { even: every_other(0), odd: every_other(1), whole: beat.whole(last), marks: Vec::new() };
        let pairs = Line::Pairs(x.with_payload(pair), beat.beats());
        let pairs = forward_line(self.scheme, pairs, self.frames());
        let ranges: [Range; 2] = [Band::Low, Band::High].map(|band| self.band_word(band));
        let pairs = scaled_within(self.scheme, pairs, &vec![ranges; beat.lanes / 2]);
        let last = pairs.frame_end("lifting");
        let Pair { even, odd, whole, .. } = pairs.payload().clone();
        last.module().ignore(whole);
        if self.most[0] == 1 {
            odd.iter().for_each(|value| last.module().ignore(*value));
            return (pairs.with_payload(even), None);
        }
        let [low, high] =
            <[_; 2]>::try_from(pairs.noted("pairs").fork(2)).unwrap_or_else(|_| unreachable!("two branches"));
        let tail = if beat.high_tail() == 0 { beat.lanes / 2 } else { beat.high_tail() };
        let high = high.with_payload((ended(odd, tail, last), beat.has_high(last)));
        (low.with_payload(even), Some(existing("detail_h", high)))
    }

    /// What [`Level::forward_beats`] was given.
    #[track_caller]
    pub fn inverse_beats<'m>(
        &self,
        low: LaneStream<'m>,
        high: Option<LaneStream<'m>>,
        beat: Beat,
    ) -> LaneStream<'m> {
        let m = low.module();
        let last = low.frame_end("lifting");
        let needs_high = beat.has_high(last);
        let (there, odd) = match &high {
            Some(high) => (high.valid() | !needs_high, high.payload().clone()),
            None => (m.always(), vec![m.constant(0); beat.lanes / 2]),
        };
        let even = low.payload().clone();
        let valid = low.valid() & there;
        let stages = high.as_ref().map_or(low.stages(), |high| low.stages().meet(high.stages()));
        let pair = Pair { even, odd, whole: beat.whole(last), marks: Vec::new() };
        let (pairs, ready) = Stream::offer(format!("bands{}", self.first), valid, Some(last), pair);
        low.take(ready & there);
        if let Some(high) = high {
            high.unframed().take(valid & ready & needs_high);
        }
        let pairs = unscaled(self.scheme, pairs.after(stages));
        let pairs = inverse_line(self.scheme, pairs, beat.beats(), self.frames());
        let Pair { even, odd, whole, .. } = pairs.payload().clone();
        m.ignore(whole);
        let samples = even.into_iter().zip(odd).flat_map(|(even, odd)| [even, odd]);
        let shift = |value: Signal<'m>| value.round_shift(self.scheme.level_shift, Rounding::HalfUp);
        pairs
            .with_payload(samples.collect::<Vec<_>>())
            .map(|samples| samples.into_iter().map(shift).collect())
    }
}

/// A line's stream with `last`, which one of a single beat does not have.
#[track_caller]
pub fn framed<'m>(x: LaneStream<'m>) -> LaneStream<'m> {
    let (last, values) = (x.last().unwrap_or(x.valid().module().always()), x.payload().clone());
    reframed(x, Some(last), values)
}
