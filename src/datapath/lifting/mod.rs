//! Wavelet transforms by lifting, forward and inverse, of lines, pictures and volumes.
//!
//! The equations stand with [`Scheme`], the transform on plain integers is [`forward`] and [`inverse`]; the hardware is
//! [`Level`], a level of it.

mod across;
mod arithmetic;
mod bands;
mod cascade;
mod config;
mod feed;
mod folded;
mod golden;
mod level;
mod line;
mod line_marks;
mod line_store;
mod lines;
mod mallat;
mod nearest;
mod pairs;
mod parallel;
mod raster;
mod scheme;
mod subband;
mod timed;
mod transfers;
mod turns;
mod width;
mod window;

pub use config::{Direction, Hardware, LiftingConfig, Subbands, check_scheme};
pub use golden::{forward, forward_line, inverse, inverse_line, low_shape};
pub use level::Level;
pub use line::{Line, forward_line as forward_line_unit, scaled_within};
pub use pairs::{Pair, Pairs, Sample, Samples};
pub use raster::{Point, Points, raster, reframed};
pub use scheme::{Extension, Kind, Order, Scheme, SchemeConfig, Sign, Step};
pub use subband::{Band, Subband, range, subbands};
pub use window::{Beats, Frames, lines_ahead};

use super::footprint::line_bits;
use super::{Config, Datapath, Figure, Footprint, IntType, LaneStream, Tensor};
use crate::blocks::Size;
use crate::hdl::{Module, Range, Stream};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Axis, Draw, Field, Frame, Port, Ports, Tokens, Transfers, corners_of};
use parallel::ended;

/// A transform of frames of samples into their subbands, or back.
pub struct Lifting {
    scheme: Scheme,
    direction: Direction,
    levels: u32,
    input: IntType,
    /// The outermost axis first.
    size: Vec<usize>,
    varying: bool,
    lanes: usize,
    hardware: Hardware,
    subbands: Subbands,
}

impl Lifting {
    fn level(&self, number: u32) -> Level<'_> {
        Level {
            scheme: &self.scheme,
            input: (self.input.lo(), self.input.hi()),
            first: number,
            last: number,
            most: low_shape(&self.size, number - 1),
            fixed: !self.varying,
        }
    }

    /// Whether each frame comes with its size: a line's `last` says where it ends, but not in time for what must know where its
    /// bands do.
    fn has_size(&self) -> bool {
        let streams_on = self.hardware == Hardware::Cascade && self.subbands == Subbands::Streams;
        self.varying && (self.size.len() > 1 || self.direction == Direction::Inverse || !streams_on)
    }

    /// A beat for each frame: how long it is along each axis.
    fn size_port(&self) -> Port {
        let frame = self.whole_frame();
        let field = |axis: &Axis| Field::single(axis.name, Range::new(1, axis.length));
        Port::single("size", frame.axes().iter().map(field).collect())
    }

    /// Of samples, or of coefficients in Mallat's layout.
    fn whole_frame(&self) -> Frame {
        let frame = Frame::of(&self.size);
        match self.varying {
            false => frame,
            true if self.has_size() => frame.sized_by("size"),
            true => frame.varying(),
        }
    }

    /// How long each frame of `tokens` is along its axes.
    fn shapes(&self, tokens: &[Tokens]) -> Vec<Vec<usize>> {
        if self.has_size() {
            let lengths = |size: &[i64]| size.iter().map(|length| *length as usize).collect();
            return tokens[0].values.chunks(self.size.len()).map(lengths).collect();
        }
        let (port, tokens) = (&self.ports().inputs[0], &tokens[0]);
        let shape = |frame: &[i64]| if self.varying { vec![frame.len()] } else { self.size.clone() };
        tokens.frames(port).map(shape).collect()
    }

    fn samples_port(&self, name: &str) -> Port {
        Port::new(name, "sample", self.lanes, self.input.range(), self.whole_frame())
    }

    /// The subbands of the largest frame that have values, in the order of their ports.
    fn bands(&self) -> Vec<Subband> {
        let bands = subbands(&self.size, self.levels).into_iter();
        bands.filter(|band| band.shape.iter().all(|length| *length > 0)).collect()
    }

    fn details(&self) -> Vec<Subband> {
        self.bands().split_off(1)
    }

    /// All subbands of a frame in Mallat's layout.
    fn coefficients_port(&self, name: &str) -> Port {
        let words = self.band_ports().into_iter().map(|port| port.fields[0].range.clone());
        let word = words.reduce(|all, word| all.union(&word)).expect("the approximation is one");
        Port::new(name, "coefficient", 1, word.word(), self.whole_frame())
    }

    fn band_ports(&self) -> Vec<Port> {
        let port = |band: Subband| {
            let bands: Vec<_> = band.bands.iter().copied().map(Some).collect();
            let (lo, hi) = range(&self.scheme, (self.input.lo(), self.input.hi()), band.level, &bands);
            let word = Range::new(lo, hi).word();
            let lanes = (self.lanes >> band.level).max(1);
            let frame = Frame::of(&band.shape);
            let frame = if self.varying { frame.varying() } else { frame };
            Port::new(&band.name(), "coefficient", lanes, word, frame)
        };
        self.bands().into_iter().map(port).collect()
    }

    /// `count` copies of the sizes of the frames.
    #[track_caller]
    fn sizes<'m>(&self, stream: Option<LaneStream<'m>>, count: usize) -> Vec<Size<'m>> {
        match stream {
            None => (0..count).map(|_| Size::Fixed(self.size.clone())).collect(),
            Some(stream) => {
                let doc = "the size of each frame for each that wants it, when it likes";
                let copies = stream.module().part("sizes", doc, |part| {
                    let copies = part.input_stream("x", stream).fork(count).into_iter().enumerate();
                    let leave = |(copy, stream): (_, LaneStream<'m>)| {
                        part.output_stream(&format!("size_{copy}"), stream.fifo(4))
                    };
                    copies.map(leave).collect::<Vec<_>>()
                });
                let size = |lengths| Size::PerFrame { lengths, most: self.size.clone() };
                copies.into_iter().map(size).collect()
            }
        }
    }

    #[track_caller]
    fn forward_streams<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let mut inputs = inputs;
        let x = inputs.pop().expect("a stream of samples");
        let in_one = self.subbands == Subbands::Mallat;
        let mut sizes = self.sizes(inputs.pop(), 1 + usize::from(in_one));
        let size = sizes.pop().expect("a size for the transform");
        let bands = match self.hardware {
            Hardware::Folded => self.folded_forward(m, x, size),
            Hardware::Cascade => self.cascade_forward(m, x, size),
        };
        match sizes.pop() {
            Some(size) => vec![self.put_together(m, bands, size)],
            None => bands,
        }
    }

    #[track_caller]
    fn inverse_stream<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> LaneStream<'m> {
        let stream = self.has_size().then(|| inputs.remove(0));
        let in_one = self.subbands == Subbands::Mallat;
        let passes = if self.hardware == Hardware::Folded { 1 } else { self.levels as usize };
        let mut sizes = self.sizes(stream, passes + usize::from(in_one));
        if in_one {
            let size = sizes.pop().expect("a size for the order");
            let x = inputs.remove(0);
            inputs = self.taken_apart(m, x, size);
        }
        let samples = match self.hardware {
            Hardware::Folded => self.folded_inverse(m, inputs, sizes.remove(0)),
            Hardware::Cascade => self.cascade_inverse(m, inputs, sizes),
        };
        let clamped = samples
            .map(|values| values.iter().map(|value| value.saturate(self.input.range())).collect::<Vec<_>>());
        match (self.beat(1), clamped.last()) {
            (Some(beat), Some(last)) => {
                let values = clamped.payload().clone();
                clamped.with_payload(ended(values, beat.tail, last))
            }
            _ => clamped,
        }
    }
}

impl Datapath for Lifting {
    fn kind(&self) -> &'static str {
        LiftingConfig::KIND
    }

    fn doc(&self) -> String {
        let Self { levels, input, size, varying, .. } = self;
        let up_to = if *varying { "up to " } else { "" };
        let what = match self.direction {
            Direction::Forward => "samples to subbands",
            Direction::Inverse => "subbands to samples",
        };
        format!("lifting, {what}: {levels} levels of frames of {up_to}{size:?} samples ({input})")
    }

    fn ports(&self) -> Ports {
        let size = self.has_size().then(|| self.size_port());
        let (x, y) = match (self.direction, self.subbands) {
            (Direction::Forward, Subbands::Streams) => (vec![self.samples_port("x")], self.band_ports()),
            (Direction::Forward, Subbands::Mallat) => {
                (vec![self.samples_port("x")], vec![self.coefficients_port("y")])
            }
            (Direction::Inverse, Subbands::Streams) => (self.band_ports(), vec![self.samples_port("y")]),
            (Direction::Inverse, Subbands::Mallat) => {
                (vec![self.coefficients_port("x")], vec![self.samples_port("y")])
            }
        };
        Ports { inputs: size.into_iter().chain(x).collect(), outputs: y }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let streams = match self.direction {
            Direction::Forward => self.forward_streams(m, inputs),
            Direction::Inverse => vec![self.inverse_stream(m, inputs)],
        };
        let framed = |(stream, port): (LaneStream<'m>, Port)| {
            let stream: Stream<'m, _> = if port.is_framed() { stream } else { stream.unframed() };
            stream.named(port.name)
        };
        streams.into_iter().zip(self.ports().outputs).map(framed).collect()
    }

    fn timed(
        &self,
        timeline: &mut Timeline,
        inputs: Vec<Channel>,
        tokens: &[Tokens],
    ) -> Option<Vec<Channel>> {
        self.timed_streams(timeline, inputs, &self.shapes(tokens).into())
    }

    /// A line or plane for each that the steps of the first level look at, at least one.
    fn footprint(&self) -> Footprint {
        Footprint::of_streams(&self.ports()).with_memory(line_bits(&self.size, self.input.bits, 1))
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        self.transform(inputs)
    }

    fn corners(&self) -> Vec<Transfers> {
        if self.has_size() || self.direction == Direction::Inverse && self.varying {
            self.corner_frames()
        } else {
            // Of a large frame the extremes in turn: each is simulated many times.
            let large = self.size.iter().product::<usize>() > 1 << 16;
            corners_of(&self.ports()).into_iter().skip(if large { 3 } else { 0 }).collect()
        }
    }

    fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        if self.has_size() { self.random_frames(frames, draw) } else { draw.transfers(&self.ports(), frames) }
    }

    fn carry(&self, tensor: &Tensor) -> Option<Result<Transfers, String>> {
        (self.direction == Direction::Forward).then(|| self.carried(tensor))
    }

    fn figures(&self, inputs: &Transfers, outputs: &Transfers) -> Vec<Figure> {
        match self.direction {
            Direction::Forward => self.pictures(inputs, outputs),
            Direction::Inverse => self.pictures(outputs, inputs),
        }
    }
}
