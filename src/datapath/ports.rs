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
    /// Whether `last` alone says where a frame ends, so that each may have another length.
    pub varying: bool,
    /// Beats in every frame, the most where frames vary; 1 where the stream is not framed.
    pub frame_beats: usize,
    /// Integers in every frame that mean something, the most where frames vary: the further lanes of its last beat do not. At
    /// an input they may be anything; at an output they are 0.
    pub frame_values: usize,
}

impl StreamPort {
    /// A stream of frames of `values` integers of one field, `lanes` a beat; it has `last` if a frame is more than a beat.
    pub fn frames(name: &str, field: &str, lanes: usize, range: Range, values: usize) -> Self {
        let frame_beats = values.div_ceil(lanes);
        let fields = vec![Field { name: field.into(), lanes, range }];
        Self {
            name: name.into(),
            fields,
            framed: frame_beats > 1,
            varying: false,
            frame_beats,
            frame_values: values,
        }
    }

    /// The same stream with frames of 1 to `frame_beats` beats, each of which ends with `last`.
    pub fn varying(self) -> Self {
        Self { framed: true, varying: true, ..self }
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

impl Ports {
    /// The stream that says how long each frame of the input `port` is: `size`, whose fields are the lengths along the axes, the
    /// last one that along a row. None where several streams share a size, or `last` alone says it.
    pub fn size_of(&self, port: &StreamPort) -> Option<&StreamPort> {
        match &self.inputs[..] {
            [size, sized] if size.name == "size" && sized.varying && sized == port => Some(size),
            _ => None,
        }
    }
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
    /// The tokens of `port` that carry `values`, a whole number of frames of the full length; further lanes are 0.
    pub fn pack(port: &StreamPort, values: &[i64]) -> Self {
        let mut tokens = Self { lanes: port.lanes(), ..Self::default() };
        for frame in values.chunks(port.frame_values) {
            tokens.push_frame(port, frame);
        }
        tokens
    }

    /// Adds a frame that carries `values`, padded with zeros to the full length, or to whole beats where frames vary.
    pub fn push_frame(&mut self, port: &StreamPort, values: &[i64]) {
        let lanes = port.lanes();
        let beats = if port.varying { values.len().div_ceil(lanes).max(1) } else { port.frame_beats };
        let mut padded = values.to_vec();
        padded.resize(beats * lanes, 0);
        self.push_beats(port, &padded);
    }

    /// Adds a frame of whole beats.
    pub fn push_beats(&mut self, port: &StreamPort, values: &[i64]) {
        self.lanes = port.lanes();
        self.values.extend_from_slice(values);
        if port.framed {
            let beats = values.len() / self.lanes;
            self.last.extend((1..=beats).map(|beat| beat == beats));
        }
    }

    /// The beats of each frame behind each other, whatever they mean; a frame that does not end is left out.
    pub fn frames(&self, port: &StreamPort) -> impl Iterator<Item = &[i64]> {
        let ends: Vec<usize> = if port.framed {
            (1..=self.last.len()).filter(|&end| self.last[end - 1]).collect()
        } else {
            (1..=self.beats() / port.frame_beats).map(|frame| frame * port.frame_beats).collect()
        };
        let starts = std::iter::once(0).chain(ends.clone());
        starts.zip(ends).map(|(start, end)| &self.values[start * self.lanes..end * self.lanes])
    }

    /// The integers of each frame that mean something, frame behind frame: the inverse of [`Tokens::pack`]. Where frames
    /// vary, all lanes of all beats.
    pub fn unpack(&self, port: &StreamPort) -> Vec<i64> {
        if port.varying {
            return self.values.clone();
        }
        let frames = self.values.chunks(port.frame_beats * self.lanes.max(1));
        frames.flat_map(|frame| &frame[..port.frame_values.min(frame.len())]).copied().collect()
    }
}

/// The tokens of several streams, in the order of the [`Ports`] that they belong to.
pub type Transfers = Vec<Tokens>;
