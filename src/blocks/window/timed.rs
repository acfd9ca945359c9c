//! When windows leave, cycle by cycle: the handshakes of the hardware as plain code, for streams that are held up.

use super::Window;
use super::cursor::Inner;
use super::kernel::{Departures, Kernel};
use super::slide::Along;
use crate::blocks::Loop;
use crate::hdl::Timing;
use crate::stream::timeline::{Actor, Beat, Channel, Timeline, passing};

impl Window {
    /// The windows of [`Window::of`] in a timed run, called and joined as there.
    pub fn timed(&self, t: &mut Timeline, beats: Channel, name: &str, lengths: &[usize]) -> Channel {
        let turns = self.loops().into_iter().map(|each| each.count());
        let all: Vec<usize> = lengths.iter().copied().chain(turns).collect();
        let beats = self.timed_again(t, beats);
        let marked = timed_raster(t, beats, &all);
        let windows = self.axes(lengths).fold(marked, |positions, (kernel, along)| {
            timed_slide(t, positions, &format!("{name}_axis_{}", along.outer), kernel, &along)
        });
        timed_framed(t, windows, all.len())
    }
}

/// [`raster`](super::raster) of frames of these lengths, the outermost first.
pub fn timed_raster(t: &mut Timeline, beats: Channel, lengths: &[usize]) -> Channel {
    t.through(beats, 0, Raster::new(lengths))
}

/// [`slide`](super::slide) along an axis of frames of one size.
pub fn timed_slide(
    t: &mut Timeline,
    positions: Channel,
    name: &str,
    kernel: &Kernel,
    along: &Along,
) -> Channel {
    if kernel.is_point() {
        positions
    } else {
        let slide = Slide::new(kernel, along, &t.timing());
        t.block(name, positions, 1, slide)
    }
}

/// [`framed`](super::framed) of positions of so many axes.
pub fn timed_framed(t: &mut Timeline, windows: Channel, axes: usize) -> Channel {
    t.through(windows, 0, Last(axes))
}

/// Counts the positions of frames and says along which axes each is the last.
struct Raster {
    /// Of each axis, the innermost first.
    lengths: Vec<usize>,
    places: Vec<usize>,
}

impl Raster {
    fn new(lengths: &[usize]) -> Self {
        Self { lengths: lengths.iter().rev().copied().collect(), places: vec![0; lengths.len()] }
    }

    fn ends(&self) -> u8 {
        let at_end = self.places.iter().zip(&self.lengths).map(|(place, length)| place + 1 == *length);
        at_end.enumerate().map(|(axis, end)| u8::from(end) << axis).sum()
    }
}

impl Actor for Raster {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].map(|_| Beat { ends: self.ends(), ..Beat::default() });
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if passing(inputs, ready, 0).is_none() {
            return;
        }
        for (place, length) in self.places.iter_mut().zip(&self.lengths) {
            *place = (*place + 1) % length;
            if *place > 0 {
                break;
            }
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// Sets `last` where a position is the last along so many axes.
struct Last(usize);

impl Actor for Last {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let last = |beat: Beat| Beat { last: false, ..beat }.ends_frame(self.0);
        outputs[0] = inputs[0].map(|beat| Beat { last: last(beat), ..Beat::default() });
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0];
    }

    fn step(&mut self, _: &[Option<Beat>], _: &[bool], _: &[bool]) {}

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// What is known of a line in a window.
#[derive(Clone, Copy, Default)]
struct Line {
    there: bool,
    end: bool,
    /// The ends along the axes further out, where they are in a beat.
    outer: u8,
}

/// One axis, as [`slide`](super::slide) makes it of frames of one size.
struct Slide {
    departures: Departures,
    /// Its place in the ends of a beat.
    axis: usize,
    /// The lengths further in, the innermost first.
    inner: Raster,
    /// Of each of these whether its beats come again.
    again: Vec<bool>,
    /// Whether lines are read and written in turns.
    has_one_port: bool,
    /// The youngest first.
    lines: Vec<Line>,
    skips: usize,
    had: usize,
    /// The inner ends of the beat that entered last, while it is there.
    fresh: Option<u8>,
    line_start: bool,
    flushing: bool,
    between: bool,
    extra: usize,
}

impl Slide {
    /// # Panics
    /// If lines vary.
    fn new(kernel: &Kernel, along: &Along, timing: &Timing) -> Self {
        let Inner::Fixed(inner) = &along.inner else { panic!("a timed run is of frames of one size") };
        let departures = Departures::of(kernel, along.length);
        Self {
            departures,
            axis: inner.len(),
            inner: Raster::new(&inner.iter().map(|each| each.count()).collect::<Vec<_>>()),
            again: inner.iter().rev().map(|each| matches!(each, Loop::Again(_))).collect(),
            has_one_port: along.has_one_port(timing),
            lines: vec![Line::default(); departures.lag + departures.extra + 1],
            skips: departures.first,
            had: 0,
            fresh: None,
            line_start: true,
            flushing: false,
            between: false,
            extra: 0,
        }
    }

    fn frame_end(&self) -> bool {
        self.lines[self.departures.lag + self.departures.extra].end
    }

    fn is_due(&self) -> bool {
        self.skips == 0 && self.departures.stops != Some(self.had)
    }

    /// The ends of the window that leaves, if one does.
    fn emitted(&self) -> Option<u8> {
        let middle = self.lines[self.departures.lag];
        let inner = self.fresh.filter(|_| middle.there && self.is_due())?;
        let end = self.departures.stops.map_or(self.frame_end(), |windows| self.had + 1 == windows);
        Some(middle.outer | u8::from(end) << self.axis | inner)
    }

    /// Whether a beat may enter, where what leaves is taken: it reads what no other must be written for.
    fn is_clear(&self) -> bool {
        let comes_again =
            |ends: u8| self.again.iter().enumerate().any(|(axis, again)| *again && ends >> axis & 1 == 0);
        !self.has_one_port || self.fresh.is_none_or(comes_again)
    }

    /// Whether the next beat passes alone; `comes` says whether there is another.
    fn flushes(&self, comes: bool) -> bool {
        let wait = self.lines[..self.departures.lag].iter().any(|line| line.there);
        let begins = self.between && wait && !comes || self.extra > 0;
        if self.line_start { begins } else { self.flushing }
    }

    /// All lines grow older, and one more comes in; `flushes` says whether it passes alone.
    fn turn(&mut self, flushes: bool) {
        let Departures { lag, stride, first, stops, .. } = self.departures;
        let middle = self.lines[lag].there && !self.frame_end();
        let due = self.is_due();
        self.had = if !middle { 0 } else { self.had + usize::from(due && stops.is_some()) };
        self.skips = match (middle, self.skips) {
            (false, _) => first,
            (true, 0) => stride - 1,
            (true, skips) => skips - 1,
        };
        // A line that passes alone belongs to the frame before it.
        let Line { outer, .. } = self.lines[0];
        self.lines.rotate_right(1);
        self.lines[0] = Line { there: !flushes || self.extra > 0, end: false, outer };
    }
}

impl Actor for Slide {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.emitted().map(|ends| Beat { ends, ..Beat::default() });
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let may = self.emitted().is_none() || free[0];
        ready[0] = may && self.is_clear() && !self.flushes(inputs[0].is_some());
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let may = self.emitted().is_none() || free[0];
        let flushes = self.flushes(inputs[0].is_some());
        let comes = passing(inputs, ready, 0);
        if !may || !self.is_clear() || !(flushes || comes.is_some()) {
            self.fresh = self.fresh.filter(|_| !may);
            return;
        }
        if self.line_start {
            self.turn(flushes);
            self.flushing = flushes;
        }
        if let Some(Beat { ends, .. }) = comes {
            self.lines[0].end = ends >> self.axis & 1 == 1;
            self.lines[0].outer = ends >> (self.axis + 1) << (self.axis + 1);
            self.between = self.lines[0].end;
        }
        let inner = self.inner.ends();
        self.line_start = usize::from(inner) + 1 == 1 << self.inner.lengths.len();
        if self.line_start {
            self.extra = match comes {
                None => self.extra.saturating_sub(1),
                Some(_) if self.lines[0].end => self.departures.extra,
                Some(_) => 0,
            };
        }
        self.inner.step(&[Some(Beat::default())], &[true], &[]);
        self.fresh = Some(inner);
    }

    fn rests(&self, inputs: &[Option<Beat>], free: &[bool]) -> bool {
        let may = self.emitted().is_none() || free[0];
        !may || self.fresh.is_none() && !self.flushes(inputs[0].is_some())
    }
}
