//! Windows along one axis of what streams by.

use super::border::{Reach, Taps};
use super::cursor::{Cursor, Inner};
use super::flush::{Entering, Flush};
use super::kernel::{Departures, Kernel};
use super::marks::{Line, Marks};
use super::position::{Position, Positions};
use super::store::{Lane, Steps, Store, places};
use crate::hdl::{Payload, Range, Signal, Stream, Timing};
use crate::stream::Pace;

/// An axis of frames: where it is among their axes, how long it is, and what is further in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Along {
    /// Axes further out.
    pub outer: usize,
    /// Positions along the axis; none where that differs from frame to frame.
    pub length: Option<usize>,
    pub inner: Inner,
    /// Whether lines of several beats wait in a large memory of the family, if it has such: then two clock cycles pass a beat.
    pub is_large: bool,
}

/// For each position the windows along an axis of what came so far: each tap becomes `kernel.size` taps, and what is carried is
/// that of the window's middle, the position `o` for window `o`.
///
/// All beats at one position of the axis are a line. A line of one beat waits in registers; longer ones wait in one memory of
/// as many words as the line has beats, each of which holds what the window has of one place in a line: `span - 1` values. Beats
/// that come again within their line read the same word, and the last time they come it is written.
///
/// A beat passes in each clock cycle, of one frame after the other. The last windows of a frame leave while the first lines of
/// the next one come, or by themselves where none comes in time. Lines that vary are as long as the frame's, so that the
/// last windows leave before the next frame comes; where they are of one beat, but might be longer, two clock cycles pass a beat.
/// So they do where lines wait in a large memory, whose one port reads in the one and writes in the other; a beat that comes again takes one.
///
/// # Panics
/// If the axis is none as [`Kernel`] says, or values are carried though there are not as many windows as positions.
#[track_caller]
pub fn slide<'m, P: Payload<'m>>(
    positions: Positions<'m, P>,
    name: &str,
    kernel: &Kernel,
    along: &Along,
) -> Positions<'m, P> {
    kernel.check(along.length);
    let carries = !positions.payload().carried.is_empty();
    assert!(!carries || kernel.is_same(), "a position's own values go along only with a window of its own");
    if kernel.is_point() {
        return positions;
    }
    let doc = format!("windows of {} along an axis, {} apart", kernel.size, kernel.dilation);
    positions.module().part(name, doc, |part| {
        part.output_stream("y", slid(part.input_stream("x", positions), "window", kernel, along))
    })
}

#[track_caller]
fn slid<'m, P: Payload<'m>>(
    positions: Positions<'m, P>,
    name: &str,
    kernel: &Kernel,
    along: &Along,
) -> Positions<'m, P> {
    let m = positions.module();
    let (departures, taps) = (Departures::of(kernel, along.length), Taps::of(kernel, along.length));
    let apart = departures.lag > 0 && along.flushes_alone();
    let marks = Marks::new(m, name, departures, along.outer, taps.most_before, apart);
    let position = positions.payload().clone();
    // Where lines are of one length the ends within them are counted here.
    position.ends.iter().for_each(|&end| m.ignore(end));
    let (outer, [ends_frame, inner @ ..]) = position.ends.split_at(along.outer) else {
        unreachable!("a position has an end along each axis")
    };
    let fresh = m.register(Range::condition(), 0).named(format!("{name}_fresh"));
    let emits = (fresh.get() & marks.gives()).named(format!("{name}_emits"));

    let flush = Flush::new(m, name, &departures, along);
    let flushes = flush.flushes(marks.wait(), positions.valid()).named(format!("{name}_flushes"));
    let cursor = Cursor::new(m, name, &along.inner, inner, flushes);
    let (address, ends_line) = (cursor.address, cursor.line_end);
    let written = m.unreset_register(address.range()).named(format!("{name}_written"));
    m.ignore(written.get());
    // The memory is read when a beat passes, which `ready` decides: what it gives joins the stream below.
    let (stream, ready) = Stream::offer(name, emits, None, Vec::<Signal<'m>>::new());
    let may = !emits | ready;
    let last_time = cursor.comes_again().then(|| m.unreset_register(Range::condition()));
    let keeps = match last_time {
        Some(last_time) => (fresh.get() & last_time.get()).named(format!("{name}_keeps")),
        None => fresh.get(),
    };
    // A place must not be read in the clock cycle in which it is written, and none through one port.
    let has_one_port = along.has_one_port(m.timing());
    let is_clear = match along.inner.varies() {
        _ if has_one_port => !keeps,
        true => !(fresh.get() & written.get().eq(address)),
        false => m.always(),
    };
    let taken = positions.take(may & is_clear & !flushes);
    let steps = (may & is_clear & (taken.valid | flushes)).named(format!("{name}_steps"));
    let turns = match last_time {
        Some(_) => (steps & flush.starts()).named(format!("{name}_turns")),
        None => steps,
    };
    if let Some(last_time) = last_time {
        last_time.set_when(steps, cursor.last_time);
    }
    // What was read through one port is there until something is written.
    let keeps = if has_one_port { keeps & may } else { keeps };
    // Lines of one word are kept in registers, others in a memory.
    m.ignore(turns);
    m.ignore(keeps);
    let when = Steps { steps, turns, keeps, written: written.get(), address };
    let store = Store { name, words: along.inner.words(), is_large: has_one_port };
    let places = places(m, &store, &lanes(&position, kernel, &departures), &when);
    let there = !flushes | flush.fills();
    let line = Line { there, comes: !flushes, end: *ends_frame, outer };
    marks.step(&line, steps, flush.starts());
    fresh.set(steps | (fresh.get() & !may));
    written.set_when(steps, address);
    flush.step(&Entering { steps, flushes, ends_line, ends_frame: *ends_frame });
    let ends = [marks.ends(), cursor.step(steps)].concat();

    let (windowed, carried) = places.split_at(places.len() - position.carried.len());
    let oldest_first = windowed.iter().map(|places| places.iter().rev().copied().collect()).collect();
    let middles = carried.iter().map(|places| places[departures.lag]).collect();
    let Reach { before, after } = marks.reach();
    let stream: Stream<'m, (Vec<Vec<_>>, Vec<_>, Vec<_>, Vec<_>)> =
        stream.with_payload((oldest_first, middles, vec![before, after], ends)).after(taken.stages.plus(1));
    stream.map(|(places, carried, reach, ends)| {
        let lanes = taps.read(&places, &Reach { before: reach[0], after: reach[1] });
        position.with(windows(&position.taps, &lanes), carried, ends)
    })
}

impl Along {
    /// Whether lines wait in a large memory.
    pub(super) fn has_one_port(&self, timing: &Timing) -> bool {
        self.is_large && self.inner.words() > 1 && timing.has_large_memory()
    }

    /// Whether a frame's last windows always leave before the next frame comes.
    pub(super) fn flushes_alone(&self) -> bool {
        self.inner.varies()
    }

    /// When the windows of [`slide`] come, one for each position, where beats come in each cycle, of one frame after the other:
    /// `span - 1 - before` lines later. None of other windows, and where lines vary or wait in a large memory.
    pub fn pace(&self, beats: &Pace, kernel: &Kernel) -> Option<Pace> {
        if kernel.is_point() {
            return Some(beats.clone());
        }
        let regular = beats.is_dense() && beats.interval == Some(beats.beats);
        let fixed = self.length.is_some() && !self.inner.varies() && !self.is_large;
        let later = (kernel.span() - 1).checked_sub(kernel.before)? * self.inner.beats();
        (regular && fixed && kernel.is_same()).then(|| beats.later(later))
    }
}

/// The lanes that a window remembers: those that it sees, and those that are carried.
fn lanes<'m, P: Payload<'m>>(
    position: &Position<'m, P>,
    kernel: &Kernel,
    departures: &Departures,
) -> Vec<Lane<'m>> {
    let seen = position.taps.signals().into_iter().map(|value| Lane { value, older: kernel.span() - 1 });
    let carried = position.carried_signals().into_iter();
    seen.chain(carried.map(|value| Lane { value, older: departures.lag })).collect()
}

/// The taps of each of `like`: lane by lane they are `lanes`.
fn windows<'m, P: Payload<'m>>(like: &[P], lanes: &[Vec<Signal<'m>>]) -> Vec<P> {
    let mut lanes = lanes.iter();
    let mut all = Vec::new();
    for tap in like {
        let own: Vec<_> = lanes.by_ref().take(tap.signals().len()).collect();
        let size = own.first().map_or(0, |lane| lane.len());
        all.extend((0..size).map(|tap_of| tap.rebuild(&mut own.iter().map(|lane| lane[tap_of]))));
    }
    all
}
