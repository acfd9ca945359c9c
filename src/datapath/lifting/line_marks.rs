//! The lines in a window across lines: which are there, and how far they have gone.

use super::feed::{Feed, From};
use super::line_store::{Lines, Store, next_position};
use crate::hdl::{Module, Range, Register, Signal};

/// What is known of a line in the window, of which the first is the youngest.
pub(super) struct Slot<'m> {
    pub valid: Register<'m>,
    /// Whether the line is its frame's last.
    pub end: Register<'m>,
    pub whole: Register<'m>,
    /// Even values, marks and odd values of each position.
    pub pair: Store<'m>,
    /// Where lines vary.
    extent: Option<Extent<'m>>,
}

/// How far a line in the window goes.
#[derive(Clone, Copy)]
struct Extent<'m> {
    /// Its last position.
    end: Register<'m>,
    /// Whether the others have gone on after it, where they can.
    passed: Option<Register<'m>>,
}

/// The same of a line at this moment.
#[derive(Clone, Copy)]
pub(super) struct Line<'m> {
    pub valid: Signal<'m>,
    pub end: Signal<'m>,
    pub whole: Signal<'m>,
}

impl<'m> Slot<'m> {
    /// `like` are the values of a position.
    pub fn new(m: &'m Module, name: &str, age: usize, lines: Lines, like: &[Signal<'m>]) -> Slot<'m> {
        let flag = |what: &str| m.register(Range::condition(), 0).named(format!("{name}_{age}_{what}"));
        Slot {
            valid: flag("valid"),
            end: flag("end"),
            whole: flag("whole"),
            pair: Store::new(m, &format!("{name}_{age}_pair"), lines.length, like),
            extent: (!lines.fixed).then(|| Extent {
                end: m.unreset_register(lines.positions()).named(format!("{name}_{age}_end_position")),
                passed: lines.pause.map(|_| flag("passed")),
            }),
        }
    }

    fn line(&self) -> Line<'m> {
        Line { valid: self.valid.get(), end: self.end.get(), whole: self.whole.get() }
    }

    /// Where lines vary: whether this one ends at position `at` or has ended before, and whether it has ended before.
    fn is_over(&self, at: Signal<'m>) -> Option<(Signal<'m>, Signal<'m>)> {
        let Extent { end, passed } = self.extent?;
        let passed = passed.map_or(at.module().never(), |passed| passed.get());
        Some((passed | at.eq(end.get()), passed))
    }
}

/// How the lines of a window go on: position by position, all together, until the longest of them ends.
pub(super) struct Walk<'m> {
    name: String,
    pub at: Register<'m>,
    /// Whether the lines go on by themselves: none comes.
    pub flush: Signal<'m>,
    /// Whether the line that comes is the odd one of a pair.
    pub second: Signal<'m>,
    /// Whether nothing comes at this position.
    pub idle: Signal<'m>,
    /// Whether the line that came in has ended, while others go on.
    in_passed: Option<Register<'m>>,
    /// Whether the position is the last of all lines.
    pub last: Signal<'m>,
    /// Whether a pair leaves at this position, and whether it is its line's last.
    pub gives: Signal<'m>,
    pub last_given: Signal<'m>,
    /// The line whose targets the step changes.
    pub centre: Line<'m>,
}

impl<'m> Walk<'m> {
    pub fn new(name: &str, at: Register<'m>, slots: &[Slot<'m>], feed: &Feed<'m>, lines: Lines) -> Walk<'m> {
        let m = feed.m;
        let flush = flush(m, name, at.get(), slots, feed.valid, lines.pause);
        let second = match &feed.from {
            From::Pairs(_) => m.never(),
            From::Samples(_, second) => second.get() & !flush,
        };
        let comes = Line { valid: m.always(), end: feed.pair.marks[0], whole: feed.pair.whole };
        let centre = slots.last().map_or(comes, Slot::line);
        let goes_on = lines.pause.is_some() && !lines.fixed && !slots.is_empty();
        let in_passed = goes_on.then(|| m.register(Range::condition(), 0).named(format!("{name}_in_passed")));
        let idle = in_passed.map_or(flush, |passed| flush | passed.get());
        let last = match slots.first() {
            None => feed.last,
            Some(_) if lines.fixed => {
                m.ignore(feed.last);
                at.get().eq(lines.length as i64 - 1)
            }
            Some(_) => {
                let over =
                    slots.iter().filter_map(|slot| Some(!slot.valid.get() | slot.is_over(at.get())?.0));
                let over = over.reduce(|a, b| a & b).expect("the window has slots");
                (idle | feed.last) & (over | second)
            }
        };
        let (gives, last_given) = match slots.last().and_then(|slot| slot.is_over(at.get())) {
            Some((over, passed)) => (centre.valid & !second & !passed, over),
            None => (centre.valid & !second, last),
        };
        let name = name.to_string();
        Walk { name, at, flush, second, idle, in_passed, last, gives, last_given, centre }
    }

    /// What is known of the line that came in, also where longer ones go on after its end.
    pub fn of_line(&self, what: &str, enters: Signal<'m>, now: Signal<'m>) -> Signal<'m> {
        let Some(passed) = self.in_passed else { return now };
        let then = now.module().unreset_register(now.range()).named(format!("{}_in_{what}", self.name));
        then.set_when(enters & !self.idle, now);
        passed.get().mux(then.get(), now)
    }

    /// With the last position of all lines each becomes one older. Of lines that come one by one the
    /// odd joins the even one.
    pub fn age(
        &self,
        slots: &[Slot<'m>],
        whole_in: Signal<'m>,
        (enters, end): (Signal<'m>, Signal<'m>),
        line_moves: Signal<'m>,
        is_samples: bool,
    ) {
        for (age, slot) in slots.iter().enumerate() {
            let younger = age.checked_sub(1).map(|younger| &slots[younger]);
            let joins = younger.is_none() && is_samples;
            let line = match younger {
                None if is_samples => Line { valid: !self.flush, end, whole: self.second },
                None => Line { valid: !self.flush, end, whole: self.of_line("whole", enters, whole_in) },
                Some(younger) => younger.line(),
            };
            slot.valid.set_when(line_moves, line.valid);
            if let Some(extent) = slot.extent {
                let younger = younger.and_then(|younger| younger.extent);
                let end = || self.of_line("position", enters, self.at.get());
                extent.end.set_when(line_moves, younger.map_or_else(end, |younger| younger.end.get()));
                if let Some(passed) = extent.passed {
                    let over = passed.get() | self.at.get().eq(extent.end.get());
                    passed.set_when(enters, !self.last & over);
                }
            }
            let moves = if joins { enters & self.last } else { line_moves };
            slot.end.set_when(moves, line.end);
            slot.whole.set_when(moves, line.whole);
        }
    }

    /// On to the next position where a beat `enters`.
    pub fn step(&self, enters: Signal<'m>, last_in: Signal<'m>) {
        if let Some(passed) = self.in_passed {
            passed.set_when(enters, !self.last & !self.flush & (self.idle | last_in));
        }
        self.at.set_when(enters, next_position(self.at.get(), enters, self.last));
    }
}

/// Whether the lines go on by themselves. A line that ended a frame does, and the empty places after it too; where the next frame
/// comes in time, with its first lines.
fn flush<'m>(
    m: &'m Module,
    name: &str,
    at: Signal<'m>,
    slots: &[Slot<'m>],
    valid: Signal<'m>,
    pause: Option<i64>,
) -> Signal<'m> {
    let Some((youngest, older)) = slots.split_first() else { return m.never() };
    let older = older.iter().map(|slot| slot.valid.get()).reduce(|a, b| a | b).unwrap_or(m.never());
    let waits = youngest.valid.get().mux(youngest.end.get(), older);
    let flush = match pause {
        None => waits,
        Some(pause) => {
            let flushing = m.register(Range::condition(), 0).named(format!("{name}_flushing"));
            m.ignore(flushing.get());
            let starts = at.eq(0);
            let misses = starts & waits & !valid;
            let begins = if pause == 0 {
                misses
            } else {
                let missed = m.register(Range::new(0, pause), 0).named(format!("{name}_missed"));
                let more = (missed.get() + 1).saturate(Range::new(0, pause));
                missed.set(misses.mux(more, 0));
                misses & missed.get().eq(pause)
            };
            let flush = starts.mux(begins, flushing.get());
            flushing.set(flush);
            flush
        }
    };
    flush.named(format!("{name}_flush"))
}
