//! Lines that pass alone, so that a frame's last windows leave.

use super::Along;
use super::kernel::Departures;
use crate::hdl::{Module, Range, Register, Signal};

/// Decides at a line's start whether it comes or passes alone.
pub(super) struct Flush<'m> {
    m: &'m Module,
    /// Whether the last windows leave before the next frame comes.
    alone: bool,
    /// Whether the next beat is its line's first, and whether its line passes alone; where lines have several beats.
    line: Option<[Register<'m>; 2]>,
    /// Whether the beat that came last ended its frame.
    between: Register<'m>,
    /// How many lines are still to pass that belong to the frame, as it has more windows than lines.
    extra: Option<Register<'m>>,
}

/// A beat that enters a window.
pub(super) struct Entering<'m> {
    /// Whether one enters.
    pub steps: Signal<'m>,
    /// Whether its line passes alone.
    pub flushes: Signal<'m>,
    pub ends_line: Signal<'m>,
    /// Whether the line that comes is its frame's last.
    pub ends_frame: Signal<'m>,
}

impl<'m> Flush<'m> {
    pub fn new(m: &'m Module, name: &str, departures: &Departures, along: &Along) -> Flush<'m> {
        let flag =
            |what: &str, reset: i64| m.register(Range::condition(), reset).named(format!("{name}_{what}"));
        let extra = || m.register(Range::new(0, departures.extra), 0).named(format!("{name}_extra"));
        Flush {
            m,
            alone: along.flushes_alone(),
            line: (along.inner.beats() > 1).then(|| [flag("line_start", 1), flag("flushing", 0)]),
            between: flag("between", 0),
            extra: (departures.extra > 0).then(extra),
        }
    }

    /// Whether the next beat is its line's first.
    pub fn starts(&self) -> Signal<'m> {
        self.line.map_or(self.m.always(), |[start, _]| start.get())
    }

    /// Whether the next line passes alone: `wait` says whether windows are still to leave, `valid` whether a beat comes.
    pub fn flushes(&self, wait: Signal<'m>, valid: Signal<'m>) -> Signal<'m> {
        let pending = self.between.get() & wait;
        let begins = if self.alone { pending } else { pending & !valid };
        let begins = if self.extra.is_some() { begins | self.fills() } else { begins };
        self.line.map_or(begins, |[start, flushing]| start.get().mux(begins, flushing.get()))
    }

    /// Whether a line that passes alone belongs to a frame.
    pub fn fills(&self) -> Signal<'m> {
        self.extra.map_or(self.m.never(), |extra| extra.get().ne(0))
    }

    pub fn step(self, entering: &Entering<'m>) {
        let Entering { steps, flushes, ends_line, ends_frame } = *entering;
        self.between.set_when(steps & !flushes, ends_frame);
        if let Some([start, flushing]) = self.line {
            flushing.set_when(steps & start.get(), flushes);
            start.set_when(steps, ends_line);
        }
        if let Some(extra) = self.extra {
            let most = self.m.constant(extra.get().range().hi().clone());
            let left = (extra.get() - 1).saturate(extra.get().range());
            extra.set_when(steps & ends_line, flushes.mux(left, ends_frame.mux(most, 0)));
        }
    }
}
