//! Points of a frame in raster order, with what is known of their place: what the axes of a transform hand to each other.

use crate::blocks::{self, Position, Size};
use crate::datapath::LaneStream;
use crate::hdl::{Payload, Signal, Stream};

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

crate::payload!(Point { values, ends, wholes });

/// Points in raster order; the stream is not framed, the points say where they are.
pub type Points<'m> = Stream<'m, Point<'m>>;

/// The same beats with other contents and another `last`.
#[track_caller]
pub fn reframed<'m, P: Payload<'m>, Q: Payload<'m>>(
    stream: Stream<'m, P>,
    last: Option<Signal<'m>>,
    payload: Q,
) -> Stream<'m, Q> {
    let (reframed, ready) = Stream::offer("points", stream.valid(), last, payload);
    reframed.after(stream.take(ready).stages)
}

/// The values of points, with `last` at the end of each frame.
#[track_caller]
pub fn framed_values<'m>(points: Points<'m>) -> LaneStream<'m> {
    let (last, values) = (points.payload().ends_frame(), points.payload().values.clone());
    reframed(points, Some(last), values)
}

/// The points of a stream of samples in raster order.
#[track_caller]
pub fn raster<'m>(samples: LaneStream<'m>, size: Size<'m>) -> Points<'m> {
    let positions = blocks::raster("raster", samples, size);
    let Position { taps, ends, .. } = positions.payload().clone();
    let ends = ends.into_iter().rev().collect();
    positions.with_payload(Point { values: taps.concat(), ends, wholes: Vec::new() })
}
