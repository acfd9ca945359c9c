//! A step across lines: the window of a line's step with block RAM in place of its registers.

use super::feed::{Feed, From, Operands, compute, split};
use super::line::step_name;
use super::line_marks::{Slot, Walk};
use super::line_store::{Beside, Lines, Store};
use super::pairs::{Pair, Pairs};
use super::scheme::{Scheme, Step};
use super::window::{Beats, Ends, kernel, tap};
use crate::blocks::Kernel;
use crate::hdl::{Module, Range, Register, Signal};

/// A step and where its window reaches.
struct Across<'m, 's> {
    m: &'m Module,
    scheme: &'s Scheme,
    step: &'s Step,
    name: &'s str,
    kernel: Kernel,
    lines: Lines,
    /// Whether lines come one by one, the odd one joining the even one before it.
    is_samples: bool,
}

/// The position in the window's register stage: what came in, what the memories gave, and what of it the step reads.
struct Window<'m> {
    /// Of each age from the youngest on, that of the line which comes first.
    pairs: Vec<Pair<'m>>,
    targets: Vec<Signal<'m>>,
    sources: Vec<Signal<'m>>,
    /// The sources of lines that have left.
    earlier: Vec<(Store<'m>, Vec<Signal<'m>>)>,
}

/// The position that entered last: it is written in the cycle after.
struct Written<'m> {
    position: Register<'m>,
    writes: Register<'m>,
}

/// One step on the lines of `feed`.
#[track_caller]
pub(super) fn across<'m>(scheme: &Scheme, step: &Step, feed: Feed<'m>, lines: Lines) -> Pairs<'m> {
    let (m, kernel) = (feed.m, kernel(step, scheme.extension));
    let (name, is_samples) = (&*step_name(step), matches!(feed.from, From::Samples(..)));
    let across = Across { m, scheme, step, name, kernel, lines, is_samples };
    let at = m.register(lines.positions(), 0).named(format!("{name}_position"));
    let slots = across.slots(&feed.pair);
    let walk = Walk::new(name, at, &slots, &feed, lines);
    let (second, last) = (walk.second, walk.last);

    let written = across.written();
    // A position must not be read in the cycle in which it is written.
    let clash = written.writes.get() & written.position.get().eq(at.get());
    let stage = Beside::new(m, name, (walk.idle | feed.valid) & !clash);
    let enters = stage.enters;
    let moves = (enters & !second).named(format!("{name}_moves"));
    let window = across.window(&stage, &slots, &feed.pair, at.get(), moves);
    let since = m.register(Range::new(0, kernel.before), 0).named(format!("{name}_since"));
    m.ignore(since.get());
    let ends = across.ends(&stage, &slots, since, &feed.pair);
    let taps = across.taps(&window, &ends);
    let centre = walk.centre;
    let flags = stage.hold(&format!("{name}_flag"), &[walk.gives, walk.last_given, centre.whole, centre.end]);
    let [gives_now, last_now, whole_now, end_now] = flags[..] else { unreachable!("four flags are held") };
    let marks = [&[whole_now, end_now], &window.pairs[kernel.after].marks[..]].concat();
    let operands: Operands<'m> = (window.targets.clone(), taps, window.sources.clone(), marks);

    let free = stage.entrance_free();
    let (stream, _) = stage.leave(name, gives_now, last_now, operands);
    let goes_in = free & !walk.idle & !clash;
    let (last_in, whole_in) = (feed.last, feed.pair.whole);
    let end = walk.of_line("end", enters, feed.pair.marks[0]);
    match feed.from {
        From::Pairs(pairs) => drop(pairs.take(goes_in)),
        From::Samples(samples, second) => {
            samples.take(goes_in);
            second.set_when(enters & !walk.flush & last, !second.get() & !end);
        }
    }
    written.writes.set(enters);
    written.position.set_when(enters, at.get());
    across.keep(&window, &slots, &written, second.delay(enters), gives_now);
    let line_moves = enters & last & !second;
    walk.age(&slots, whole_in, (enters, end), line_moves, is_samples);
    walk.step(enters, last_in);
    let next = (since.get() + 1).saturate(Range::new(0, kernel.before));
    since.set_when(line_moves & centre.valid, centre.end.mux(0, next));
    compute(step, stream.after(feed.stages))
}

impl<'m> Across<'m, '_> {
    fn slots(&self, pair: &Pair<'m>) -> Vec<Slot<'m>> {
        let like = [&pair.even[..], &pair.marks[1..], &pair.odd].concat();
        (1..=self.kernel.after).map(|age| Slot::new(self.m, self.name, age, self.lines, &like)).collect()
    }

    fn written(&self) -> Written<'m> {
        let position = self.m.register(self.lines.positions(), 0).named(format!("{}_written", self.name));
        let writes = self.m.register(Range::condition(), 0).named(format!("{}_writes", self.name));
        Written { position, writes }
    }

    /// Reads what the window has of position `at`.
    fn window(
        &self,
        stage: &Beside<'m>,
        slots: &[Slot<'m>],
        pair: &Pair<'m>,
        at: Signal<'m>,
        moves: Signal<'m>,
    ) -> Window<'m> {
        let name = self.name;
        // Next to an odd line its even one stays, in the same word.
        let read = |(age, slot): (usize, &Slot<'m>)| {
            slot.pair.read(if age == 0 && self.is_samples { stage.enters } else { moves }, at)
        };
        let words: Vec<Vec<Signal<'m>>> = slots.iter().enumerate().map(read).collect();
        let now = Pair {
            even: stage.hold(&format!("{name}_even_now"), &pair.even),
            odd: stage.hold(&format!("{name}_odd_now"), &pair.odd),
            whole: pair.whole,
            marks: stage.hold(&format!("{name}_mark_now"), &pair.marks[1..]),
        };
        let (marks_at, odd_at) = (now.even.len(), now.even.len() + now.marks.len());
        let of_word = |word: &Vec<Signal<'m>>| Pair {
            even: word[..marks_at].to_vec(),
            odd: word[odd_at..].to_vec(),
            whole: pair.whole,
            marks: word[marks_at..odd_at].to_vec(),
        };
        let pairs: Vec<Pair<'m>> = std::iter::once(now).chain(words.iter().map(of_word)).collect();
        let (targets, sources) = split(self.step, &pairs[self.kernel.after]);
        let store = |age| Store::new(self.m, &format!("{name}_earlier_{age}"), self.lines.length, &sources);
        let earlier: Vec<Store<'m>> = (1..=self.kernel.before).map(store).collect();
        let words: Vec<_> = earlier.iter().map(|store| store.read(moves, at)).collect();
        Window { pairs, targets, sources, earlier: earlier.into_iter().zip(words).collect() }
    }

    /// The ends of the frame as seen from the middle line.
    fn ends(&self, stage: &Beside<'m>, slots: &[Slot<'m>], since: Register<'m>, pair: &Pair<'m>) -> Ends<'m> {
        let name = self.name;
        let mut lasts: Vec<Signal<'m>> = slots.iter().rev().map(|slot| slot.end.get()).collect();
        // An even line does not say yet where its frame ends, but a predict step need not know.
        lasts.push(if self.is_samples { self.m.never() } else { pair.marks[0] });
        let mut wholes: Vec<Signal<'m>> = slots.iter().rev().map(|slot| slot.whole.get()).collect();
        wholes.push(pair.whole);
        let starts: Vec<Signal<'m>> =
            (0..self.kernel.before as i64).map(|start| since.get().eq(start)).collect();
        let ends = Ends {
            beats: Beats::SINGLE,
            starts: stage.hold(&format!("{name}_start"), &starts),
            lasts: stage.hold(&format!("{name}_ends"), &lasts),
            wholes: stage.hold(&format!("{name}_wholes"), &wholes),
        };
        [&ends.starts[..], &ends.lasts, &ends.wholes]
            .concat()
            .into_iter()
            .for_each(|flag| self.m.ignore(flag));
        ends
    }

    /// For each line side by side, what the taps of the step read.
    fn taps(&self, window: &Window<'m>, ends: &Ends<'m>) -> Vec<Vec<Signal<'m>>> {
        let Across { step, scheme, .. } = self;
        let of_line = |line: usize| {
            let read = |place: i64| match usize::try_from(place) {
                Ok(ahead) => split(step, &window.pairs[self.kernel.after - ahead]).1[line],
                Err(_) => window.earlier[(-place) as usize - 1].1[line],
            };
            let places = step.first..=step.last();
            places.map(|place| tap(step, scheme.extension, (0, place), ends, read)).collect()
        };
        (0..window.sources.len()).map(of_line).collect()
    }

    /// Writes the position in the stage: each line's values to the next older line's. `second` says that the line which came is the
    /// odd one, `gave` that a pair leaves.
    fn keep(
        &self,
        window: &Window<'m>,
        slots: &[Slot<'m>],
        written: &Written<'m>,
        second: Signal<'m>,
        gave: Signal<'m>,
    ) {
        let second = second.named(format!("{}_odd_now", self.name));
        self.m.ignore(second);
        let (writes, position) = (written.writes.get(), written.position.get());
        let moved = writes & !second;
        for (age, slot) in slots.iter().enumerate() {
            let from = &window.pairs[age];
            let mut word = [&from.even[..], &from.marks, &from.odd].concat();
            if age == 0 && self.is_samples {
                let Pair { even, marks, .. } = &window.pairs[1];
                let kept = even.iter().chain(marks);
                word.iter_mut().zip(kept).for_each(|(new, old)| *new = second.mux(*old, *new));
                slot.pair.write(writes, position, &word);
            } else {
                slot.pair.write(moved, position, &word);
            }
        }
        let younger = std::iter::once(&window.sources).chain(window.earlier.iter().map(|(_, words)| words));
        for ((store, _), younger) in window.earlier.iter().zip(younger) {
            store.write(moved & gave, position, younger);
        }
    }
}
