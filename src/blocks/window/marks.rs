//! What is known of the lines in a window: which are there, which end their frame, and which of them windows are around.

use super::border::Reach;
use super::kernel::Departures;
use crate::hdl::{Module, Range, Register, Signal};

/// Of each line from the youngest on, whose beats come in.
pub(super) struct Marks<'m> {
    m: &'m Module,
    departures: Departures,
    /// Whether what follows a frame's last line at the middle is never a line of the next frame.
    apart: bool,
    /// Whether it is a line of a frame, up to the middle.
    there: Vec<Register<'m>>,
    /// Whether it is its frame's last, up to where a frame's last window is around.
    end: Vec<Register<'m>>,
    /// For each axis further out: whether it is the last along it, up to the middle.
    outer: Vec<Vec<Register<'m>>>,
    /// How many lines of the frame are before the middle, as far as is asked.
    before: Register<'m>,
    /// How many lines of the frame are after the middle, as far as the window reaches; where that takes more than one mark.
    after: Option<Register<'m>>,
    /// How many lines the next window is away.
    skips: Option<Register<'m>>,
    /// How many windows the frame had before this middle, where no window follows its last ones.
    had: Option<Register<'m>>,
}

/// A line whose beats come in.
pub(super) struct Line<'m, 'a> {
    pub there: Signal<'m>,
    /// Whether the beat is one of a frame, not one that goes through alone.
    pub comes: Signal<'m>,
    pub end: Signal<'m>,
    pub outer: &'a [Signal<'m>],
}

impl<'m> Marks<'m> {
    pub fn new(
        m: &'m Module,
        name: &str,
        departures: Departures,
        outer: usize,
        most_before: usize,
        apart: bool,
    ) -> Marks<'m> {
        let flags = |what: &str, count: usize| -> Vec<_> {
            let flag = |age| m.register(Range::condition(), 0).named(format!("{name}_{what}_{age}"));
            (0..count).map(flag).collect()
        };
        let counter = |what: &str, most: usize, reset: usize| {
            m.register(Range::new(0, most), reset).named(format!("{name}_{what}"))
        };
        let most_skips = departures.first.max(departures.stride - 1);
        Marks {
            m,
            departures,
            apart,
            there: flags("there", departures.lag + 1),
            end: flags("end", departures.lag + departures.extra + 1),
            outer: (0..outer).map(|axis| flags(&format!("outer_{axis}"), departures.lag + 1)).collect(),
            before: counter("before", most_before, 0),
            after: (departures.lag + departures.extra > 1).then(|| {
                let range = Range::new(-(departures.extra as i64), departures.lag);
                m.register(range, 0).named(format!("{name}_after"))
            }),
            skips: (most_skips > 0).then(|| counter("skips", most_skips, departures.first)),
            had: departures.stops.map(|windows| counter("had", windows, 0)),
        }
    }

    /// Whether lines wait that no window has been around.
    pub fn wait(&self) -> Signal<'m> {
        let waiting = self.there[..self.departures.lag].iter().map(|there| there.get());
        waiting.reduce(|any, there| any | there).unwrap_or(self.m.never())
    }

    /// Whether the middle has a window.
    pub fn gives(&self) -> Signal<'m> {
        self.there[self.departures.lag].get() & self.is_due()
    }

    fn is_due(&self) -> Signal<'m> {
        let near = self.skips.map_or(self.m.always(), |skips| skips.get().eq(0));
        let more = self.had.zip(self.departures.stops).map(|(had, windows)| had.get().ne(windows as i64));
        more.map_or(near, |more| near & more)
    }

    /// For each axis up to this one: whether the middle's window is the last along it.
    pub fn ends(&self) -> Vec<Signal<'m>> {
        let end = match self.had.zip(self.departures.stops) {
            Some((had, windows)) => had.get().eq(windows as i64 - 1),
            None => self.frame_end(),
        };
        let outer = self.outer.iter().map(|marks| marks[self.departures.lag].get());
        outer.chain([end]).collect()
    }

    /// Whether no line of the middle's frame is around which a window could be follows it.
    fn frame_end(&self) -> Signal<'m> {
        self.end[self.departures.lag + self.departures.extra].get()
    }

    pub fn reach(&self) -> Reach<'m> {
        let after = self.after.map_or_else(|| self.after(&self.end[1..]), Register::get);
        Reach { before: self.before.get(), after }
    }

    /// How many lines of the frame are after the middle, where `end` says it of the second line and of those before it.
    fn after(&self, end: &[Register<'m>]) -> Signal<'m> {
        let lag = self.departures.lag as i64;
        // Of several ends the middle's frame has the oldest.
        let ends = (1..).zip(end);
        ends.fold(self.m.constant(lag), |younger, (age, end)| {
            end.get().mux(self.m.constant(lag - age), younger)
        })
    }

    /// A beat of `line` enters where it `steps`; with the first one of a line all lines grow older.
    pub fn step(&self, line: &Line<'m, '_>, steps: Signal<'m>, start: Signal<'m>) {
        let Departures { lag, stride, first, .. } = self.departures;
        let turns = steps & start;
        let there = self.there[lag].get();
        let middle = if self.apart { there } else { there & !self.frame_end() };
        self.there[0].set_when(turns, line.there);
        self.end[0].set_when(steps, line.end & line.comes);
        for (marks, &mark) in self.outer.iter().zip(line.outer) {
            // Lines that follow a frame belong to it.
            marks[0].set_when(steps & line.comes, mark);
        }
        for marks in [&self.there, &self.end].into_iter().chain(&self.outer) {
            marks.windows(2).for_each(|pair| pair[1].set_when(turns, pair[0].get()));
        }
        if let Some(after) = self.after {
            // The marks as they are before they grow older.
            after.set_when(turns, self.after(&self.end[..self.end.len() - 1]));
        }
        let one_more = |count: Register<'m>| (count.get() + 1).saturate(count.get().range());
        if self.before.get().range() != Range::only(0) {
            self.before.set_when(turns, middle.mux(one_more(self.before), 0));
        } else {
            self.before.set(0);
        }
        if let Some(skips) = self.skips {
            let left = (skips.get() - 1).saturate(skips.get().range());
            let next = skips.get().eq(0).mux(stride as i64 - 1, left);
            skips.set_when(turns, middle.mux(next, first as i64));
        }
        if let Some(had) = self.had {
            let next = self.is_due().mux(one_more(had), had.get());
            had.set_when(turns, middle.mux(next, 0));
        }
    }
}
