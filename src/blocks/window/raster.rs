//! Beats marked with the ends of the axes of their frame.

use super::counter::Counter;
use super::{Position, Positions};
use crate::hdl::{Boundary, Module, Payload, Range, Register, Signal, Stream, unsigned};

/// How long frames are along each axis, the outermost first.
pub enum Size<'m> {
    /// As long always.
    Fixed(Vec<usize>),
    /// As long as a beat for each frame says.
    PerFrame {
        /// Of all axes, or of all but the outermost one, along which `last` then ends a frame.
        lengths: Stream<'m, Vec<Signal<'m>>>,
        /// The most that it can say, along all axes.
        most: Vec<usize>,
    },
}

impl<'m> Size<'m> {
    /// The length along each axis, the outermost first.
    pub fn lengths(&self, m: &'m Module) -> Vec<Signal<'m>> {
        match self {
            Size::Fixed(size) => size.iter().map(|length| m.constant(*length)).collect(),
            Size::PerFrame { lengths, .. } => lengths.payload().clone(),
        }
    }

    /// The most points along each axis.
    pub fn most(&self) -> &[usize] {
        match self {
            Size::Fixed(size) => size,
            Size::PerFrame { most, .. } => most,
        }
    }

    /// The same size, whose beats enter `part` by ports `size_valid` and so on.
    pub fn entering(self, part: &Boundary<'m>) -> Size<'m> {
        match self {
            Size::Fixed(size) => Size::Fixed(size),
            Size::PerFrame { lengths, most } => {
                Size::PerFrame { lengths: part.input_stream("size", lengths), most }
            }
        }
    }

    /// The size of the low band.
    pub fn halved(self) -> Size<'m> {
        match self {
            Size::Fixed(size) => Size::Fixed(size.iter().map(|length| length.div_ceil(2)).collect()),
            Size::PerFrame { lengths, most } => {
                // Combinational, so that the size itself stays next to its half.
                let halves = lengths.payload().iter().map(|length| (*length + 1) >> 1).collect();
                let most = most.iter().map(|length| length.div_ceil(2)).collect();
                Size::PerFrame { lengths: lengths.with_payload(halves), most }
            }
        }
    }
}

/// The positions of frames of this size, in raster order, each beat one position. `last` of the stream is looked at only where it
/// alone ends frames. A beat with lengths is held until its frame's last position has passed.
///
/// # Panics
/// If `last` has to end frames, but the stream is not framed.
#[track_caller]
pub fn raster<'m, P: Payload<'m>>(name: &str, beats: Stream<'m, P>, size: Size<'m>) -> Positions<'m, P> {
    match size {
        Size::PerFrame { lengths, most } if lengths.payload().len() < most.len() => {
            until_last(name, beats, lengths, &most)
        }
        size => counted(name, beats.unframed(), size),
    }
}

/// Of frames whose lengths are all known.
#[track_caller]
fn counted<'m, P: Payload<'m>>(name: &str, beats: Stream<'m, P>, size: Size<'m>) -> Positions<'m, P> {
    let m = beats.module();
    let counter = Counter::new(m, name, size, beats.valid());
    let ends = counter.ends.iter().rev().copied().collect();
    let (positions, ready) = Stream::offer(name, counter.valid, None, position(&beats, ends));
    let passes = counter.valid & ready;
    let there = counter.there(m);
    let known = counter.stages().map_or(beats.stages(), |size| beats.stages().meet(size));
    beats.take(ready & there);
    counter.count(passes);
    positions.after(known)
}

/// Counts down along an axis, so that only 1 is subtracted from its length.
struct Countdown<'m> {
    left: Register<'m>,
    /// Whether the next position is the first.
    start: Register<'m>,
    now: Signal<'m>,
    end: Signal<'m>,
}

impl<'m> Countdown<'m> {
    fn new(m: &'m Module, name: &str, axis: usize, length: Signal<'m>, most: usize) -> Countdown<'m> {
        let range = unsigned(Range::new(0, most).width());
        let left = m.register(range, 0).named(format!("{name}_left_{axis}"));
        let start = m.register(Range::condition(), 1).named(format!("{name}_start_{axis}"));
        let now = start.get().mux(length, left.get()).named(format!("{name}_now_{axis}"));
        Countdown { left, start, now, end: now.eq(1).named(format!("{name}_end_{axis}")) }
    }
}

/// Of frames whose lengths are known but for the outermost axis, which ends with `last`.
#[track_caller]
fn until_last<'m, P: Payload<'m>>(
    name: &str,
    beats: Stream<'m, P>,
    lengths: Stream<'m, Vec<Signal<'m>>>,
    most: &[usize],
) -> Positions<'m, P> {
    let m = beats.module();
    let last = beats.frame_end("raster");
    let axes = lengths.payload().iter().zip(&most[1..]).enumerate();
    let counted: Vec<_> =
        axes.map(|(inner, (&length, &most))| Countdown::new(m, name, inner + 1, length, most)).collect();
    let ends = std::iter::once(last).chain(counted.iter().map(|axis| axis.end)).collect();
    let (comes, known) = (beats.valid(), lengths.valid());
    let valid = (comes & known).named(format!("{name}_valid"));
    let (positions, ready) = Stream::offer(name, valid, None, position(&beats, ends));
    let stages = beats.stages().meet(lengths.stages());
    let mut moves = beats.take(ready & known).passes;
    lengths.take(ready & comes & last);
    for axis in counted.into_iter().rev() {
        axis.left.set_when(moves, (axis.now - 1).wrap(axis.left.get().range()));
        axis.start.set_when(moves, axis.end);
        moves = moves & axis.end;
    }
    positions.after(stages)
}

fn position<'m, P: Payload<'m>>(beats: &Stream<'m, P>, ends: Vec<Signal<'m>>) -> Position<'m, P> {
    Position { of: "tap", taps: vec![beats.payload().clone()], carried: Vec::new(), ends }
}
