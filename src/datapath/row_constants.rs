//! Integers of rows, as lanes have them: the same in every beat, or read of a memory beat by beat.

use super::accumulators::Accumulators;
use crate::hdl::{Payload, Range, Signal, Stream};
use crate::stream::packing;
use num_bigint::BigInt;

/// An integer for each row, where rows come `lanes` a beat; lanes that are no rows have 0.
#[derive(Clone, Debug)]
pub(super) struct RowConstants {
    pub rows: Vec<i64>,
    pub lanes: usize,
}

impl RowConstants {
    /// The integer of `lane`, if it has the same in every beat.
    pub fn of_lane(&self, lane: usize) -> Option<i64> {
        let mut beats = (0..self.beats()).map(|beat| self.at(beat, lane));
        let first = beats.next()?;
        beats.all(|value| value == first).then_some(first)
    }

    /// Whether every lane has the same in every beat.
    pub fn is_constant(&self) -> bool {
        (0..self.lanes).all(|lane| self.of_lane(lane).is_some())
    }

    /// A whole word that holds every one of them, and 0.
    pub fn range(&self) -> Range {
        Range::hull(self.rows.iter().chain(&[0]).map(|&value| value.into())).word()
    }

    pub fn beats(&self) -> usize {
        self.rows.len().div_ceil(self.lanes)
    }

    pub fn at(&self, beat: usize, lane: usize) -> i64 {
        Accumulators::row(self.rows.len(), self.lanes, beat, lane).map_or(0, |row| self.rows[row])
    }

    /// The range of what is read for `lane`; none where it is the same in every beat.
    fn read(&self, lane: usize) -> Option<Range> {
        self.of_lane(lane).is_none().then(|| self.range())
    }
}

/// Each beat next to the number that it has of its position's `beats`; none where it is the only one.
pub(super) fn with_row_beat<'m, P: Payload<'m>>(
    stream: Stream<'m, P>,
    beats: usize,
) -> Stream<'m, (P, Option<Signal<'m>>)> {
    if beats == 1 {
        return stream.map(|beat| (beat, None));
    }
    let last = beats as i64 - 1;
    stream.scan("row_beat", &Range::new(0, last), &[0], |row_beat, beat, _| {
        (row_beat.next_count(row_beat.eq(last)), (beat, Some(row_beat)))
    })
}

/// What is read for the row of a lane.
#[derive(Clone)]
pub(super) struct RowConstant<'m> {
    pub multiplier: Option<Signal<'m>>,
    pub bias: Option<Signal<'m>>,
}

pub(super) struct RowConstantShape {
    multiplier: Option<Range>,
    bias: Option<Range>,
}

crate::payload!(RowConstant { multiplier, bias } of RowConstantShape);

/// What is read for each lane of a beat: its multiplier and its bias, where they are not the same in every beat.
pub(super) fn row_shape(multipliers: &RowConstants, biases: &RowConstants) -> Vec<RowConstantShape> {
    let of_lane = |lane| RowConstantShape { multiplier: multipliers.read(lane), bias: biases.read(lane) };
    (0..multipliers.lanes).map(of_lane).collect()
}

/// The words of [`row_shape`], one for each beat of a frame.
pub(super) fn row_words(multipliers: &RowConstants, biases: &RowConstants) -> Vec<BigInt> {
    let shape = row_shape(multipliers, biases);
    let word = |beat: usize| {
        let of_lane = |(lane, shape): (usize, &RowConstantShape)| {
            let multiplier = shape.multiplier.clone().map(|range| (range, multipliers.at(beat, lane)));
            let bias = shape.bias.clone().map(|range| (range, biases.at(beat, lane)));
            multiplier.into_iter().chain(bias)
        };
        let integers: Vec<(Range, i64)> = shape.iter().enumerate().flat_map(of_lane).collect();
        packing::word(integers.iter().map(|(range, value)| (range, *value)))
    };
    (0..multipliers.beats()).map(word).collect()
}
