//! Wavelet transforms by lifting, forward and inverse, of lines, pictures and volumes.
//!
//! The equations stand with [`Scheme`], the transform on plain integers is [`forward`] and [`inverse`]; the hardware is
//! [`Level`], a level of it.

mod arithmetic;
mod bands;
mod config;
mod feed;
mod golden;
mod level;
mod line;
mod lines;
mod pairs;
mod raster;
mod scheme;
mod subband;
mod transfers;
mod window;

pub use config::{Direction, LiftingConfig, check_scheme};
pub use golden::{forward, forward_line, inverse, inverse_line, low_shape};
pub use level::{Level, Values};
pub use line::{Line, forward_line as forward_line_unit, scaled_within};
pub use pairs::{Pair, Pairs, Sample, Samples};
pub use raster::{Point, Points, Size, raster, reframed};
pub use scheme::{Extension, Kind, Order, Scheme, SchemeConfig, Sign, Step};
pub use subband::{Band, Subband, range, subbands};

use super::stimulus::Draw;
use super::{
    Config, Datapath, Field, Figure, IntType, LaneStream, Ports, StreamPort, Tensor, Transfers, corners_of,
};
use crate::hdl::{Module, Range, Stream};

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
}

impl Lifting {
    fn level(&self, number: u32) -> Level<'_> {
        Level {
            scheme: &self.scheme,
            input: (self.input.lo(), self.input.hi()),
            number,
            most: low_shape(&self.size, number - 1),
            fixed: !self.varying,
        }
    }

    /// Whether each frame comes with its size: a line's `last` says where it ends, but not where bands do.
    fn has_size(&self) -> bool {
        self.varying && (self.size.len() > 1 || self.direction == Direction::Inverse)
    }

    /// A beat for each frame: how long it is along each axis.
    fn size_port(&self) -> StreamPort {
        let names = &["depth", "height", "width"][3 - self.size.len()..];
        let fields = names.iter().zip(&self.size);
        let field = |(name, length): (&&str, &usize)| Field {
            name: (*name).into(),
            lanes: 1,
            range: Range::new(1, *length),
        };
        let fields: Vec<Field> = fields.map(field).collect();
        let frame_values = fields.len();
        StreamPort {
            name: "size".into(),
            fields,
            framed: false,
            varying: false,
            frame_beats: 1,
            frame_values,
        }
    }

    fn samples_port(&self, name: &str) -> StreamPort {
        let values = self.size.iter().product();
        let port = StreamPort::frames(name, "sample", self.lanes, self.input.range(), values);
        if self.varying { port.varying() } else { port }
    }

    /// The subbands of the largest frame that have values, in the order of their ports.
    fn bands(&self) -> Vec<Subband> {
        let bands = subbands(&self.size, self.levels).into_iter();
        bands.filter(|band| band.shape.iter().all(|length| *length > 0)).collect()
    }

    fn band_ports(&self) -> Vec<StreamPort> {
        let port = |band: Subband| {
            let bands: Vec<_> = band.bands.iter().copied().map(Some).collect();
            let (lo, hi) = range(&self.scheme, (self.input.lo(), self.input.hi()), band.level, &bands);
            let values = band.shape.iter().product();
            let word = Range::new(lo, hi).word();
            let port = StreamPort::frames(&band.name(), "coefficient", 1, word, values);
            if self.varying { port.varying() } else { port }
        };
        self.bands().into_iter().map(port).collect()
    }

    fn fixed_size<'m>(&self) -> Size<'m> {
        Size::Fixed(self.size.clone())
    }

    fn build_forward<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let x = inputs.pop().expect("a stream of samples");
        let size = match inputs.pop() {
            Some(size) => Size::Stream(size, self.size.clone()),
            None => self.fixed_size(),
        };
        let first = self.level(1);
        let mut points = if self.lanes == 2 {
            first.forward_pairs(self.pairs(m, x))
        } else {
            let points = if self.size.len() == 1 && self.varying {
                let last = x.last().expect("lines that vary end with `last`");
                let values = x.payload().clone();
                reframed(x, None, Point { values, ends: vec![last], wholes: Vec::new() })
            } else {
                raster(m, x, size)
            };
            first.forward(points)
        };
        let mut outputs: Vec<LaneStream<'m>> = Vec::new();
        for number in 1..=self.levels {
            let level = self.level(number);
            if number > 1 {
                points = level.forward(points);
            }
            let (low, details) = level.apart(m, points);
            let details = details.into_iter().map(|band| band.map(|value| vec![value]));
            outputs.splice(0..0, details);
            points = low;
        }
        let Point { values, ends, .. } = points.payload().clone();
        let last = ends.into_iter().reduce(|a, b| a & b).expect("a frame has axes");
        outputs.insert(0, reframed(points, Some(last), values));
        outputs
    }

    /// The pairs of a line that comes two samples a beat.
    fn pairs<'m>(&self, m: &'m Module, x: LaneStream<'m>) -> Pairs<'m> {
        let values = x.payload().clone();
        let last = x.last().unwrap_or(m.always());
        let odd = !self.varying && self.size[0] % 2 == 1;
        let whole = if odd { !last } else { m.always() };
        let pair = Pair { even: vec![values[0]], odd: vec![values[1]], whole, marks: Vec::new() };
        reframed(x, Some(last), pair)
    }

    fn build_inverse<'m>(&self, mut inputs: Vec<LaneStream<'m>>) -> LaneStream<'m> {
        let mut sizes: Vec<Size<'m>> = if self.has_size() {
            let copies = inputs.remove(0).fork(self.levels as usize).into_iter();
            copies.map(|copy| Size::Stream(copy.spill(), self.size.clone())).collect()
        } else {
            (0..self.levels).map(|_| self.fixed_size()).collect()
        };
        let mut low = inputs.remove(0);
        for number in (1..=self.levels).rev() {
            let level = self.level(number);
            let details = self.bands().iter().skip(1).filter(|band| band.level == number).count();
            let details = inputs.drain(..details).map(|band| {
                let value = band.payload()[0];
                band.carrying(value)
            });
            let size = sizes.pop().expect("a size for each level");
            let size = (1..number).fold(size, |size, _| size.halved());
            let points = level.inverse(level.together(low, details.collect(), size));
            let Point { values, ends, .. } = points.payload().clone();
            let last = ends.into_iter().reduce(|a, b| a & b).expect("a frame has axes");
            low = reframed(points, Some(last), values);
        }
        low.map(|values| values.iter().map(|value| value.saturate(self.input.range())).collect())
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
        match self.direction {
            Direction::Forward => Ports {
                inputs: size.into_iter().chain([self.samples_port("x")]).collect(),
                outputs: self.band_ports(),
            },
            Direction::Inverse => Ports {
                inputs: size.into_iter().chain(self.band_ports()).collect(),
                outputs: vec![self.samples_port("y")],
            },
        }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let streams = match self.direction {
            Direction::Forward => self.build_forward(m, inputs),
            Direction::Inverse => vec![self.build_inverse(inputs)],
        };
        let framed = |(stream, port): (LaneStream<'m>, StreamPort)| {
            let stream: Stream<'m, _> = if port.framed { stream } else { stream.unframed() };
            stream.named(port.name)
        };
        streams.into_iter().zip(self.ports().outputs).map(framed).collect()
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
