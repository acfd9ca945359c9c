//! What goes in and out of a datapath: named streams of named fields.

use super::frame::{Extent, Frame};
use crate::hdl::{Range, Signal, Stream, Wire};

/// One named part of a stream's payload: `lanes` integers of one range, lane 0 in the least significant bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub lanes: usize,
    /// At most 64 bits wide: values cross the simulation as `i64`.
    pub range: Range,
}

impl Field {
    /// A field of one lane.
    pub fn single(name: impl Into<String>, range: Range) -> Self {
        Self { name: name.into(), lanes: 1, range }
    }
}

/// A stream with `valid`, `ready`, a payload and, if it is framed, `last`.
///
/// In Verilog its signals are called as [`Port::wire`] says. The payload holds
/// the fields one after the other, the first in the least significant bits, each lane in `range.width()` bits. The integers of a
/// frame fill the lanes of its beats in their order. The further lanes of its last beat mean nothing: at an input they may be
/// anything, at an output they are 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    pub name: String,
    pub fields: Vec<Field>,
    pub frame: Frame,
}

impl Port {
    /// A stream of one field, `lanes` a beat.
    pub fn new(name: &str, field: &str, lanes: usize, range: Range, frame: Frame) -> Self {
        Self { name: name.into(), fields: vec![Field { name: field.into(), lanes, range }], frame }
    }

    /// A stream of vectors of `channels` integers, `lanes` a beat.
    pub fn vectors(name: &str, field: &str, lanes: usize, range: Range, channels: usize) -> Self {
        Self::new(name, field, lanes, range, Frame::vector(channels))
    }

    /// A stream of one beat a frame, with these fields.
    pub fn single(name: &str, fields: Vec<Field>) -> Self {
        let lanes = fields.iter().map(|field| field.lanes).sum();
        Self { name: name.into(), fields, frame: Frame::vector(lanes) }
    }

    /// Whether the stream has `last`, 1 in the last beat of each frame: where a frame has more than one beat or varies.
    pub fn is_framed(&self) -> bool {
        self.is_varying() || self.frame_beats() > 1
    }

    /// Whether `last` alone says where a frame ends, so that each may have another length.
    pub fn is_varying(&self) -> bool {
        self.frame.is_varying()
    }

    /// Whether there is one frame only, after a reset.
    pub fn is_once(&self) -> bool {
        self.frame.is_once()
    }

    /// Beats in every frame, the most where frames vary.
    pub fn frame_beats(&self) -> usize {
        self.frame_values().div_ceil(self.lanes().max(1))
    }

    /// Integers in every frame that mean something, the most where frames vary.
    pub fn frame_values(&self) -> usize {
        self.frame.values()
    }

    /// Lanes of a frame's last beat that mean something, where frames have full length.
    pub fn tail(&self) -> usize {
        self.frame_values() - (self.frame_beats() - 1) * self.lanes()
    }

    /// Integers in one beat: the lanes of all fields.
    pub fn lanes(&self) -> usize {
        self.fields.iter().map(|field| field.lanes).sum()
    }

    /// Bits of the payload.
    pub fn width(&self) -> usize {
        self.fields.iter().map(|field| field.lanes * field.range.width() as usize).sum()
    }

    /// What a signal of the stream is called in Verilog.
    pub fn wire(&self, wire: Wire) -> String {
        wire.of(&self.name)
    }

    /// The signals that the sender drives, with their bits, in the order of the Verilog's ports; an empty payload has none.
    pub fn forward(&self) -> impl Iterator<Item = (Wire, usize)> {
        let payload = Some((Wire::Payload, self.width())).filter(|(_, bits)| *bits > 0);
        let last = self.is_framed().then_some((Wire::Last, 1));
        std::iter::once((Wire::Valid, 1)).chain(payload).chain(last)
    }

    /// The pins of the port at a module into which it goes, if it `enters`.
    fn pins(&self, enters: bool) -> impl Iterator<Item = Pin> {
        let forward = self.forward().map(move |(wire, bits)| Pin { name: self.wire(wire), bits, enters });
        forward.chain([Pin { name: self.wire(Wire::Ready), bits: 1, enters: !enters }])
    }

    /// The range of each integer of a beat, in the order of a beat.
    pub fn lane_ranges(&self) -> impl Iterator<Item = &Range> {
        self.fields.iter().flat_map(|field| std::iter::repeat_n(&field.range, field.lanes))
    }
}

/// A stream whose payload is the lanes of all fields of its port, in the order of a beat.
pub type LaneStream<'m> = Stream<'m, Vec<Signal<'m>>>;

/// A port of a module that is a signal of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub name: String,
    pub bits: usize,
    /// Whether it is driven from outside the module.
    pub enters: bool,
}

/// The streams of a datapath, in the order of its Verilog ports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ports {
    pub inputs: Vec<Port>,
    pub outputs: Vec<Port>,
}

impl Ports {
    /// Each port, and whether it is an input: these come first.
    pub fn each(&self) -> impl Iterator<Item = (&Port, bool)> {
        let inputs = self.inputs.iter().map(|port| (port, true));
        inputs.chain(self.outputs.iter().map(|port| (port, false)))
    }

    /// The signals of all streams at the module that has them.
    pub fn pins(&self) -> impl Iterator<Item = Pin> {
        self.each().flat_map(|(port, enters)| port.pins(enters))
    }

    /// The input stream that says how long each frame of `port` is; none where nothing but `last` does.
    pub fn size_of(&self, port: &Port) -> Option<&Port> {
        let Extent::Sized(name) = port.frame.extent() else { return None };
        self.inputs.iter().find(|input| input.name == *name)
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
