//! Points of a frame in raster order, with what is known of their place: what the axes of a transform hand to each other.

use crate::datapath::LaneStream;
use crate::hdl::{Module, Payload, Range, Register, Signal, Stream};

/// The values of a point of a frame, or of as many frames side by side.
#[derive(Clone)]
pub struct Point<'m> {
    pub values: Vec<Signal<'m>>,
    /// For each axis, the innermost first: whether the point is the last along it.
    pub ends: Vec<Signal<'m>>,
    /// For each axis that has been transformed, in that order: whether the high values exist here.
    pub wholes: Vec<Signal<'m>>,
}

impl<'m> Point<'m> {
    /// Whether the point is its frame's last.
    pub fn ends_frame(&self) -> Signal<'m> {
        self.ends.iter().copied().reduce(|a, b| a & b).expect("a frame has axes")
    }
}

impl<'m> Payload<'m> for Point<'m> {
    fn signals(&self) -> Vec<Signal<'m>> {
        [&self.values[..], &self.ends, &self.wholes].concat()
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        let values = self.values.rebuild(signals);
        let ends = self.ends.rebuild(signals);
        Self { values, ends, wholes: self.wholes.rebuild(signals) }
    }
}

/// Points in raster order; the stream is not framed, the points say where they are.
pub type Points<'m> = Stream<'m, Point<'m>>;

/// How long a frame is along each axis, the outermost first.
pub enum Size<'m> {
    Fixed(Vec<usize>),
    /// A beat for each frame, and the most that it can say.
    Stream(LaneStream<'m>, Vec<usize>),
}

impl<'m> Size<'m> {
    /// The length along each axis, the outermost first.
    pub fn lengths(&self, m: &'m Module) -> Vec<Signal<'m>> {
        match self {
            Size::Fixed(size) => size.iter().map(|length| m.constant(*length)).collect(),
            Size::Stream(stream, _) => stream.payload().clone(),
        }
    }

    /// The most points along each axis.
    pub fn most(&self) -> &[usize] {
        match self {
            Size::Fixed(size) => size,
            Size::Stream(_, most) => most,
        }
    }

    /// The size of the low band.
    pub fn halved(self) -> Size<'m> {
        match self {
            Size::Fixed(size) => Size::Fixed(size.iter().map(|length| length.div_ceil(2)).collect()),
            Size::Stream(stream, most) => {
                // Combinational, so that the size itself stays beside its half.
                let halves = stream.payload().iter().map(|length| (*length + 1) >> 1).collect();
                let most = most.iter().map(|length| length.div_ceil(2)).collect();
                Size::Stream(stream.carrying(halves), most)
            }
        }
    }
}

/// The same beats with other contents and another `last`.
#[track_caller]
pub fn reframed<'m, P: Payload<'m>, Q: Payload<'m>>(
    stream: Stream<'m, P>,
    last: Option<Signal<'m>>,
    payload: Q,
) -> Stream<'m, Q> {
    let (reframed, ready) = Stream::offer("points", stream.valid(), last, payload);
    stream.take(ready);
    reframed
}

/// The values of points, with `last` at the end of each frame.
#[track_caller]
pub fn framed_values<'m>(points: Points<'m>) -> LaneStream<'m> {
    let (last, values) = (points.payload().ends_frame(), points.payload().values.clone());
    reframed(points, Some(last), values)
}

/// Counts the places of a frame of `size`, as its points pass. `valid` says whether there is a point, and gets whether there is
/// a size too; the rest is told of the place: the ends, the innermost axis first.
pub struct Counter<'m> {
    pub valid: Signal<'m>,
    pub ends: Vec<Signal<'m>>,
    places: Vec<Register<'m>>,
    size: Option<LaneStream<'m>>,
}

impl<'m> Counter<'m> {
    #[track_caller]
    pub fn new(m: &'m Module, name: &str, size: Size<'m>, valid: Signal<'m>) -> Counter<'m> {
        let most: Vec<usize> = size.most().iter().rev().copied().collect();
        let place = |(axis, length): (usize, &usize)| {
            m.register(Range::new(0, length - 1), 0).named(format!("{name}_place_{axis}"))
        };
        let places: Vec<_> = most.iter().enumerate().map(place).collect();
        match size {
            Size::Fixed(_) => {
                let ends = places.iter().zip(&most).map(|(place, length)| place.get().eq(*length as i64 - 1));
                Counter { valid, ends: ends.collect(), places, size: None }
            }
            Size::Stream(size, _) => {
                let lengths: Vec<Signal<'m>> = size.payload().iter().rev().copied().collect();
                let ends = places.iter().zip(&lengths).map(|(place, length)| (place.get() + 1).eq(*length));
                Counter { valid: valid & size.valid(), ends: ends.collect(), places, size: Some(size) }
            }
        }
    }

    /// Whether there is a size.
    pub fn there(&self, m: &'m Module) -> Signal<'m> {
        self.size.as_ref().map_or(m.always(), Stream::valid)
    }

    /// The place itself, the innermost axis first.
    pub fn places(&self) -> Vec<Signal<'m>> {
        self.places.iter().map(|place| place.get()).collect()
    }

    /// Counts on where a point passes.
    pub fn count(self, passes: Signal<'m>) {
        let mut carry = passes;
        for (place, end) in self.places.iter().zip(&self.ends) {
            place.set_when(carry, place.get().counted(*end));
            carry = carry & *end;
        }
        if let Some(size) = self.size {
            size.take(carry);
        }
    }
}

/// The points of a stream of samples in raster order.
#[track_caller]
pub fn raster<'m>(m: &'m Module, samples: LaneStream<'m>, size: Size<'m>) -> Points<'m> {
    let samples = samples.unframed();
    let counter = Counter::new(m, "raster", size, samples.valid());
    let point = Point { values: samples.payload().clone(), ends: counter.ends.clone(), wholes: Vec::new() };
    let (points, ready) = Stream::offer("raster", counter.valid, None, point);
    let passes = counter.valid & ready;
    let there = counter.there(m);
    samples.take(ready & there);
    counter.count(passes);
    points
}
