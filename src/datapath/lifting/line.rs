//! A transform along a line, as hardware: samples or pairs in, pairs out, one a clock cycle, lines behind each other without
//! a gap.
//!
//! Each step is a window over the pairs of the line. The pair that a step finishes is `ahead` pairs old; what borders need is
//! chosen by multiplexers in front of the arithmetic, so an end takes no cycle of its own: while the last pairs of a line leave,
//! the first of the next come in.

use super::arithmetic::{divided, held, narrowed, scaled};
use super::feed::{Feed, From, Operands, compute, split};
use super::nearest;
use super::pairs::{Pair, Pairs, Samples, get, load, pair_up, registers};
use super::scheme::{Kind, Scheme, Step};
use super::window::{Beats, Ends, Frames, elsewhere, kernel, tap};
use crate::blocks::Kernel;
use crate::hdl::{Module, Payload, Range, Register, Signal, Stream};

/// What a line's transform takes: one sample a beat, or one or more pairs.
pub enum Line<'m> {
    Samples(Samples<'m>),
    Pairs(Pairs<'m>, Beats),
}

/// The steps of `scheme` along lines: pairs of a low and a high value. A pair leaves for two samples. [`scaled_within`] makes
/// the bands of them.
#[track_caller]
pub fn forward_line<'m>(scheme: &Scheme, line: Line<'m>, frames: Frames) -> Pairs<'m> {
    let mut steps = scheme.steps.iter();
    let first = scheme.steps.first().map(|step| (step, kernel(step, scheme.extension)));
    let (mut pairs, beats) = match (line, first) {
        (Line::Pairs(pairs, beats), _) => (pairs, beats),
        (Line::Samples(samples), _) if nearest::applies(scheme) => {
            steps.nth(1);
            let doc = scheme.steps[..2].iter().map(Step::formula).collect::<Vec<_>>().join(", then ");
            let samples = nearest::in_time(scheme, samples);
            let pairs = samples.module().part("predict_update", doc + ", along lines", |part| {
                part.output_stream("y", nearest::forward(scheme, part.input_stream("x", samples)))
            });
            (pairs, Beats::SINGLE)
        }
        (Line::Samples(samples), Some((step, kernel))) if step.kind == Kind::Predict && kernel.after > 0 => {
            steps.next();
            let pairs = step_part(step, "along lines", samples, |samples| {
                let feed = Feed::of_samples(samples, step, "second");
                window(scheme, step, (Beats::SINGLE, frames), kernel, feed)
            });
            (pairs, Beats::SINGLE)
        }
        (Line::Samples(samples), _) => (pair_up(samples), Beats::SINGLE),
    };
    for step in steps {
        pairs = lift(scheme, step, (beats, frames), pairs);
    }
    pairs
}

/// The final scaling. Each line's bands are in the words of `ranges`, low and high, which hold what can come
/// (`subband::range`).
#[track_caller]
pub fn scaled_within<'m>(scheme: &Scheme, pairs: Pairs<'m>, ranges: &[[Range; 2]]) -> Pairs<'m> {
    pairs.map(|pair| {
        let band = |values: &[Signal<'m>], band: usize| {
            let each = values.iter().zip(ranges);
            each.map(|(value, ranges)| narrowed(scaled(*value, scheme.scaling[band]), &ranges[band]))
                .collect()
        };
        Pair { even: band(&pair.even, 0), odd: band(&pair.odd, 1), ..pair }
    })
}

/// Undoes [`scaled_within`].
#[track_caller]
pub fn unscaled<'m>(scheme: &Scheme, pairs: Pairs<'m>) -> Pairs<'m> {
    let [low, high] = scheme.scaling;
    pairs.map(|pair| {
        let even = pair.even.iter().map(|value| divided(*value, low)).collect();
        let odd = pair.odd.iter().map(|value| divided(*value, high)).collect();
        Pair { even, odd, ..pair }
    })
}

/// Undoes [`forward_line`]: pairs of samples.
#[track_caller]
pub fn inverse_line<'m>(scheme: &Scheme, pairs: Pairs<'m>, beats: Beats, frames: Frames) -> Pairs<'m> {
    scheme.inverse_steps().iter().fold(pairs, |pairs, step| lift(scheme, step, (beats, frames), pairs))
}

/// One step on pairs, which lie in beats as `beats` says.
#[track_caller]
pub fn lift<'m>(
    scheme: &Scheme,
    step: &Step,
    (beats, frames): (Beats, Frames),
    pairs: Pairs<'m>,
) -> Pairs<'m> {
    let kernel = beats.kernel(kernel(step, scheme.extension));
    step_part(step, "along lines", pairs, |pairs| match kernel {
        Kernel { after: 0, before: 0 | 1, .. } if beats == Beats::SINGLE => {
            at_once(scheme, step, kernel, pairs)
        }
        _ => window(scheme, step, (beats, frames), kernel, Feed::of_pairs(pairs, step)),
    })
}

/// A step as a part of the module, named after its kind.
#[track_caller]
pub(super) fn step_part<'m, P: Payload<'m>>(
    step: &Step,
    along: &str,
    stream: Stream<'m, P>,
    f: impl FnOnce(Stream<'m, P>) -> Pairs<'m>,
) -> Pairs<'m> {
    let (name, m) = (step_name(step), stream.module());
    let doc = format!("{}, {along}", step.formula());
    m.part(name, doc, |part| part.output_stream("y", f(part.input_stream("x", stream))))
}

/// A step that reads no later pair and at most one earlier one. Its operands wait in registers behind the multiplexers of the
/// borders, which cost nothing there, and the source in them is also the earlier one for the next pair.
#[track_caller]
fn at_once<'m>(scheme: &Scheme, step: &Step, kernel: Kernel, pairs: Pairs<'m>) -> Pairs<'m> {
    let m = pairs.module();
    let name = step_name(step);
    let flag = |what: &str| m.register(Range::condition(), 0).named(format!("{name}_{what}"));
    let (full, inside) = (flag("valid"), flag("inside"));
    let pair = pairs.payload().clone();
    let last = pairs.frame_end("lifting");
    let (targets, sources) = split(step, &pair);
    let held: Vec<_> = targets.iter().map(|target| held(step, *target)).collect();
    let beside = registers(m, &format!("{name}_source"), &sources);
    let starts = if kernel.before == 1 { vec![!inside.get()] } else { Vec::new() };
    m.ignore(inside.get());
    let ends = Ends { beats: Beats::SINGLE, starts, lasts: vec![last], wholes: vec![pair.whole] };
    let read = |place: i64, line: usize| {
        tap(step, scheme.extension, (0, place), &ends, |place| {
            if place == 0 { sources[line] } else { beside[line].get() }
        })
    };
    let own = elsewhere(step, scheme.extension, (0, 0), &ends);
    // Where the last pair has no source of its own, the register keeps the one before.
    let keeps = own.get(&Some(-1)).copied().unwrap_or(m.never());
    let empties = own.get(&None).copied().unwrap_or(m.never());
    let mut loads: Vec<(Register<'m>, Signal<'m>)> = Vec::new();
    let mut load = |what: &str, signals: &[Signal<'m>]| -> Vec<Signal<'m>> {
        // What is the same for every pair needs no register.
        let is_known = |signal: &Signal<'m>| signal.constant_value().is_some();
        let changing: Vec<Signal<'m>> = signals.iter().copied().filter(|signal| !is_known(signal)).collect();
        let registers = registers(m, &format!("{name}_{what}"), &changing);
        loads.extend(registers.iter().copied().zip(changing));
        let mut held = registers.iter().map(|register| register.get());
        let now = signals.iter().map(|signal| if is_known(signal) { Some(*signal) } else { held.next() });
        now.map(|signal| signal.expect("a register for each that changes")).collect()
    };
    let operands = load("target", &held);
    let flags = load("mark", &[&[pair.whole], &pair.marks[..]].concat());
    let held_last = load("last", &[last])[0];
    let taps: Vec<Vec<Signal<'m>>> = (0..sources.len())
        .map(|line| {
            let places = step.first..=step.last();
            places
                .map(|place| match place {
                    0 => beside[line].get(),
                    _ => load("earlier", &[read(place, line)])[0],
                })
                .collect()
        })
        .collect();
    let besides = beside.iter().map(|register| register.get()).collect();
    let (stream, ready) = Stream::offer(&name, full.get(), Some(held_last), (operands, taps, besides, flags));
    let taken = pairs.take(!full.get() | ready);
    full.set_when(!full.get() | ready, taken.valid);
    inside.set_when(taken.passes, !last);
    loads.into_iter().for_each(|(register, next)| register.set_when(taken.passes, next));
    for (register, source) in beside.iter().zip(&sources) {
        register.set_when(taken.passes & !keeps, empties.mux(0, *source));
    }
    compute(step, stream.after(taken.stages))
}

/// A pair in a window, of which the first is the youngest.
struct Slot<'m> {
    valid: Register<'m>,
    last: Register<'m>,
    whole: Register<'m>,
    even: Vec<Register<'m>>,
    odd: Vec<Register<'m>>,
    marks: Vec<Register<'m>>,
}

impl<'m> Slot<'m> {
    fn new(m: &'m Module, name: &str, like: &Pair<'m>) -> Slot<'m> {
        Slot {
            valid: m.register(Range::condition(), 0).named(format!("{name}_valid")),
            last: m.unreset_register(Range::condition()).named(format!("{name}_last")),
            whole: m.unreset_register(Range::condition()).named(format!("{name}_whole")),
            even: registers(m, &format!("{name}_even"), &like.even),
            odd: registers(m, &format!("{name}_odd"), &like.odd),
            marks: registers(m, &format!("{name}_mark"), &like.marks),
        }
    }

    fn seen(&self) -> Seen<'m> {
        let (even, odd, marks) = (get(&self.even), get(&self.odd), get(&self.marks));
        let pair = Pair { even, odd, whole: self.whole.get(), marks };
        Seen { pair, valid: self.valid.get(), last: self.last.get() }
    }
}

pub(super) fn step_name(step: &Step) -> String {
    if step.kind == Kind::Predict { "predict".into() } else { "update".into() }
}

/// Any step. The pairs move on when the next one comes, or when none has to come, since the youngest is its line's last.
#[track_caller]
fn window<'m>(
    scheme: &Scheme,
    step: &Step,
    (beats, frames): (Beats, Frames),
    kernel: Kernel,
    feed: Feed<'m>,
) -> Pairs<'m> {
    let window = Window::new(step, (beats, kernel), &feed, frames);
    let operands = window.operands(scheme, step);
    let (name, moves, centre) = (&window.name, window.moves, window.centre());
    let (centre_valid, centre_last) = (centre.valid, centre.last);
    let out_valid = (centre_valid & moves).named(format!("{name}_out_valid"));
    let (stream, ready) = Stream::offer(name, out_valid, Some(centre_last), operands);
    let goes = (out_valid & ready).named(format!("{name}_goes"));
    let free = if window.slots.is_empty() { ready } else { ready | !centre_valid };
    let shift = (moves & free).named(format!("{name}_shift"));
    let takes = window.drains.map_or(free, |drains| free & !drains);
    let odd_comes = match feed.from {
        From::Pairs(pairs) => {
            pairs.take(takes);
            None
        }
        From::Samples(samples, second) => {
            let taken = samples.take(second.get() | takes);
            second.set_when(taken.passes, !second.get() & !feed.last);
            Some((taken.passes & second.get()).named(format!("{name}_odd_comes")))
        }
    };
    window.shift(step, shift, goes, odd_comes);
    compute(step, stream.after(feed.stages))
}

/// Whether a frame's last pair is in one of `slots` and another one after it, where the next frame waits for that. In the oldest slot it
/// waits for nobody: what comes then moves it on.
fn drains<'m>(slots: &[Slot<'m>], frames: Frames) -> Option<Signal<'m>> {
    let Frames::Apart { marks } = frames else { return None };
    let (_, younger) = slots.split_last()?;
    let ends = younger.iter().map(|slot| {
        let marks = slot.marks[..marks].iter().map(|mark| mark.get());
        marks.fold(slot.valid.get() & slot.last.get(), |ends, mark| ends & mark)
    });
    ends.reduce(|a, b| a | b)
}

/// What a window sees of one age.
#[derive(Clone)]
struct Seen<'m> {
    pair: Pair<'m>,
    valid: Signal<'m>,
    last: Signal<'m>,
}

/// The window of a step over the pairs of lines.
struct Window<'m> {
    name: String,
    beats: Beats,
    kernel: Kernel,
    slots: Vec<Slot<'m>>,
    /// Of each age from the youngest on: the pair that comes in, then the slots.
    seen: Vec<Seen<'m>>,
    /// Whether the pairs may move on.
    moves: Signal<'m>,
    /// Whether the next frame waits for the last pairs of this one.
    drains: Option<Signal<'m>>,
    /// The sources of pairs that have left, the youngest first.
    earlier: Vec<Vec<Register<'m>>>,
    /// How many pairs of the line have left, as far as is asked.
    since: Register<'m>,
    is_samples: bool,
}

impl<'m> Window<'m> {
    #[track_caller]
    fn new(step: &Step, (beats, kernel): (Beats, Kernel), feed: &Feed<'m>, frames: Frames) -> Self {
        let Feed { m, valid, pair, last, from, .. } = feed;
        let valid = match from {
            From::Pairs(_) => *valid,
            From::Samples(_, second) => *valid & !second.get(),
        };
        let name = step_name(step);
        let slots: Vec<Slot<'m>> =
            (1..=kernel.after).map(|age| Slot::new(m, &format!("{name}_{age}"), pair)).collect();
        let drains = drains(&slots, frames).map(|drains| drains.named(format!("{name}_drains")));
        let valid = drains.map_or(valid, |drains| valid & !drains);
        let comes = Seen { pair: pair.clone(), valid, last: *last };
        let seen: Vec<Seen<'m>> = std::iter::once(comes).chain(slots.iter().map(Slot::seen)).collect();
        let moves = match slots.first() {
            Some(youngest) => valid | !(youngest.valid.get() & !youngest.last.get()),
            None => valid,
        };
        let (_, sources) = split(step, &seen[kernel.after].pair);
        let earlier: Vec<Vec<Register<'m>>> =
            (1..=kernel.before).map(|age| registers(m, &format!("{name}_earlier_{age}"), &sources)).collect();
        let since = m.register(Range::new(0, kernel.before), 0).named(format!("{name}_since"));
        m.ignore(since.get());
        // Of a beat of several pairs a step may read but the last ones.
        earlier.iter().flatten().for_each(|register| m.ignore(register.get()));
        let is_samples = matches!(from, From::Samples(..));
        Window { name, beats, kernel, slots, seen, moves, drains, earlier, since, is_samples }
    }

    /// The pair that the step finishes.
    fn centre(&self) -> &Seen<'m> {
        &self.seen[self.kernel.after]
    }

    /// The ends of the line as seen from the centre.
    fn ends(&self) -> Ends<'m> {
        let seen = self.seen.iter().enumerate().rev();
        let last = |(age, seen): (usize, &Seen<'m>)| {
            // An even sample does not tell yet where its line ends, but a predict step need not know.
            if age == 0 && self.is_samples { seen.last.module().never() } else { seen.last }
        };
        Ends {
            beats: self.beats,
            starts: (0..self.kernel.before as i64).map(|start| self.since.get().eq(start)).collect(),
            lasts: seen.clone().map(last).collect(),
            wholes: seen.map(|(_, seen)| seen.pair.whole).collect(),
        }
    }

    /// What the step's arithmetic takes.
    fn operands(&self, scheme: &Scheme, step: &Step) -> Operands<'m> {
        let centre = &self.centre().pair;
        let (targets, sources) = split(step, centre);
        let ends = self.ends();
        let taps = (0..sources.len()).map(|line| {
            let pair = line % self.beats.pairs;
            let at = |place: i64| {
                let (beat, source) = self.beats.find(pair, place);
                let source = line - pair + source;
                match usize::try_from(beat) {
                    Ok(ahead) => split(step, &self.seen[self.kernel.after - ahead].pair).1[source],
                    Err(_) => self.earlier[(-beat) as usize - 1][source].get(),
                }
            };
            (step.first..=step.last())
                .map(|place| tap(step, scheme.extension, (pair, place), &ends, at))
                .collect()
        });
        let flags = [&[centre.whole], &centre.marks[..]].concat();
        (targets, taps.collect(), sources, flags)
    }

    /// All grow older where they `shift`, and the sources of the centre stay where it `goes`. Of samples an odd one joins the youngest
    /// where it comes.
    fn shift(&self, step: &Step, shift: Signal<'m>, goes: Signal<'m>, odd_comes: Option<Signal<'m>>) {
        for (age, slot) in self.slots.iter().enumerate() {
            let Seen { pair, valid, last } = &self.seen[age];
            slot.valid.set_when(shift, *valid);
            load(&slot.even, shift, &pair.even);
            load(&slot.marks, shift, &pair.marks);
            match odd_comes.filter(|_| age == 0) {
                Some(odd_comes) => {
                    load(&slot.odd, odd_comes, &pair.odd);
                    slot.whole.set_when(shift | odd_comes, odd_comes);
                    slot.last.set_when(shift | odd_comes, *last);
                }
                None => {
                    load(&slot.odd, shift, &pair.odd);
                    slot.whole.set_when(shift, pair.whole);
                    slot.last.set_when(shift, *last);
                }
            }
        }
        let (_, sources) = split(step, &self.centre().pair);
        for (age, registers) in self.earlier.iter().enumerate() {
            for (line, register) in registers.iter().enumerate() {
                register
                    .set_when(goes, if age == 0 { sources[line] } else { self.earlier[age - 1][line].get() });
            }
        }
        let next = (self.since.get() + 1).saturate(Range::new(0, self.kernel.before));
        self.since.set_when(goes, self.centre().last.mux(0, next));
    }
}
