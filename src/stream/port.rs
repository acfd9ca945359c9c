//! What goes in and out of a datapath: named streams of named fields.

use crate::hdl::Range;

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

/// The least and the greatest integer of a field's range.
///
/// # Panics
/// If one of them has more than 64 bits, which no field has.
pub fn bounds(range: &Range) -> (i64, i64) {
    let end = |bound: &num_bigint::BigInt| i64::try_from(bound).expect("ports have at most 64 bits");
    (end(range.lo()), end(range.hi()))
}
