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
    /// Integers in every frame that mean something: the further lanes of its last beat do not. At an input they may be
    /// anything; at an output they are 0.
    pub frame_values: usize,
}

impl StreamPort {
    /// A stream of frames of `values` integers of one field, `lanes` a beat; it has `last` if a frame is more than a beat.
    pub fn frames(name: &str, field: &str, lanes: usize, range: Range, values: usize) -> Self {
        let frame_beats = values.div_ceil(lanes);
        let fields = vec![Field { name: field.into(), lanes, range }];
        Self { name: name.into(), fields, framed: frame_beats > 1, frame_beats, frame_values: values }
    }

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

impl Tokens {
    /// The tokens of `port` that carry `values`, a whole number of frames; further lanes are 0.
    pub fn pack(port: &StreamPort, values: &[i64]) -> Self {
        let mut tokens = Self { lanes: port.lanes(), ..Self::default() };
        for frame in values.chunks(port.frame_values) {
            tokens.values.extend_from_slice(frame);
            tokens.values.resize(tokens.values.len() + port.frame_beats * tokens.lanes - frame.len(), 0);
            if port.framed {
                tokens.last.extend((1..=port.frame_beats).map(|beat| beat == port.frame_beats));
            }
        }
        tokens
    }

    /// The integers of each frame that mean something, frame behind frame: the inverse of [`Tokens::pack`].
    pub fn unpack(&self, port: &StreamPort) -> Vec<i64> {
        let frames = self.values.chunks(port.frame_beats * self.lanes.max(1));
        frames.flat_map(|frame| &frame[..port.frame_values.min(frame.len())]).copied().collect()
    }
}

/// The tokens of several streams, in the order of the [`Ports`] that they belong to.
pub type Transfers = Vec<Tokens>;
