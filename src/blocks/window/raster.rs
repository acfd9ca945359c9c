//! Beats marked with the ends of the axes of their frame.

use super::{Position, Positions};
use crate::hdl::{Module, Payload, Range, Register, Signal, Stream, unsigned};

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

/// The positions of frames of this size, in raster order, each beat one position. `last` of the stream is looked at only where it
/// alone ends frames. A beat with lengths is held until its frame's last position has passed.
///
/// # Panics
/// If `last` has to end frames, but the stream is not framed.
#[track_caller]
pub fn raster<'m, P: Payload<'m>>(name: &str, beats: Stream<'m, P>, size: Size<'m>) -> Positions<'m, P> {
    match size {
        Size::Fixed(lengths) => fixed(name, beats.unframed(), &lengths),
        Size::PerFrame { lengths, most } => per_frame(name, beats, lengths, &most),
    }
}

#[track_caller]
fn fixed<'m, P: Payload<'m>>(name: &str, beats: Stream<'m, P>, lengths: &[usize]) -> Positions<'m, P> {
    let m = beats.module();
    let axes: Vec<_> = lengths
        .iter()
        .enumerate()
        .map(|(axis, &length)| {
            let count = m.register(Range::new(0, length - 1), 0).named(format!("{name}_position_{axis}"));
            let end = if length == 1 { m.always() } else { count.get().eq(length as i64 - 1) };
            m.ignore(count.get());
            (count, end.named(format!("{name}_end_{axis}")))
        })
        .collect();
    let ends = axes.iter().map(|(_, end)| *end).collect();
    let (positions, ready) = Stream::offer(name, beats.valid(), None, position(&beats, ends));
    let mut moves = beats.take(ready).passes;
    for (count, end) in axes.into_iter().rev() {
        count.set_when(moves, count.get().counted(end));
        moves = moves & end;
    }
    positions
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

#[track_caller]
fn per_frame<'m, P: Payload<'m>>(
    name: &str,
    beats: Stream<'m, P>,
    lengths: Stream<'m, Vec<Signal<'m>>>,
    most: &[usize],
) -> Positions<'m, P> {
    let m = beats.module();
    let without_length = most.len() - lengths.payload().len();
    let counted: Vec<_> = lengths
        .payload()
        .iter()
        .enumerate()
        .map(|(index, &length)| {
            let axis = index + without_length;
            Countdown::new(m, name, axis, length, most[axis])
        })
        .collect();
    let mut ends: Vec<_> = counted.iter().map(|axis| axis.end).collect();
    let ends_frame = match without_length {
        0 => ends.iter().copied().reduce(|all, end| all & end).expect("a frame has axes"),
        _ => {
            let last = beats.last().expect("frames whose lengths `last` says are framed");
            ends.insert(0, last);
            last
        }
    };
    let (comes, known) = (beats.valid(), lengths.valid());
    let valid = (comes & known).named(format!("{name}_valid"));
    let (positions, ready) = Stream::offer(name, valid, None, position(&beats, ends));
    let mut moves = beats.take(ready & known).passes;
    lengths.take(ready & comes & ends_frame);
    for axis in counted.into_iter().rev() {
        axis.left.set_when(moves, (axis.now - 1).wrap(axis.left.get().range()));
        axis.start.set_when(moves, axis.end);
        moves = moves & axis.end;
    }
    positions
}

fn position<'m, P: Payload<'m>>(beats: &Stream<'m, P>, ends: Vec<Signal<'m>>) -> Position<'m, P> {
    Position { taps: vec![beats.payload().clone()], carried: Vec::new(), ends }
}
