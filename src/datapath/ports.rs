//! What goes in and out of a datapath: named streams of named fields, and the integers that pass through them.

use crate::hdl::Range;
use serde::Serialize;

/// One named part of a stream's payload: `lanes` integers of one range, lane 0 in the least significant bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub lanes: usize,
    /// At most 64 bits wide: values cross the simulation as `i64`.
    pub range: Range,
}

/// A stream with `valid`, `ready`, a payload and, if it is framed, `last`.
///
/// In Verilog its signals are `<name>_valid`, `<name>_ready`, `<name>_payload` and `<name>_last`. The payload holds
/// the fields behind each other, the first in the least significant bits, each lane in `range.width()` bits.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamPort {
    pub name: String,
    pub fields: Vec<Field>,
    /// Whether the stream has `last`, 1 in the last beat of each frame.
    pub framed: bool,
    /// Beats in every frame; 1 where the stream is not framed.
    pub frame_beats: usize,
}

impl StreamPort {
    /// Integers in one beat: the lanes of all fields.
    pub fn lanes(&self) -> usize {
        self.fields.iter().map(|field| field.lanes).sum()
    }

    /// Bits of the payload.
    pub fn width(&self) -> usize {
        self.fields.iter().map(|field| field.lanes * field.range.width() as usize).sum()
    }

    /// The range of each integer of a beat, in the order of a beat.
    pub fn lane_ranges(&self) -> impl Iterator<Item = &Range> {
        self.fields.iter().flat_map(|field| std::iter::repeat_n(&field.range, field.lanes))
    }
}

/// The streams of a datapath, in the order of its Verilog ports.
#[derive(Clone, Debug, PartialEq)]
pub struct Ports {
    pub inputs: Vec<StreamPort>,
    pub outputs: Vec<StreamPort>,
}

/// All that passes through one stream, in order, whatever the time between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Integers in one beat.
    pub lanes: usize,
    /// `lanes` integers a beat; within a beat the fields behind each other, each from lane 0 up.
    pub values: Vec<i64>,
    /// For each beat whether it is its frame's last; empty where the stream is not framed.
    pub last: Vec<bool>,
}

impl Tokens {
    pub fn beats(&self) -> usize {
        self.values.len() / self.lanes.max(1)
    }

    pub fn beat(&self, index: usize) -> &[i64] {
        &self.values[index * self.lanes..(index + 1) * self.lanes]
    }

    /// Adds the tokens of `other`, of the same stream, behind these.
    pub fn append(&mut self, other: &Tokens) {
        self.lanes = other.lanes;
        self.values.extend_from_slice(&other.values);
        self.last.extend_from_slice(&other.last);
    }
}

/// The tokens of several streams, in the order of the [`Ports`] that they belong to.
pub type Transfers = Vec<Tokens>;
