//! A transform along a line, as hardware: samples or pairs in, pairs out, one a clock cycle, lines behind each other without
//! a gap.
//!
//! Each step is a window over the pairs of the line. The pair that a step finishes is `ahead` pairs old; what borders need is
//! chosen by multiplexers in front of the arithmetic, so an end takes no cycle of its own: while the last pairs of a line leave,
//! the first of the next come in.

use super::arithmetic::{divided, held, lifted, narrowed, scaled};
use super::scheme::{Kind, Scheme, Step};
use super::window::{Ends, Reach, elsewhere, tap};
use crate::hdl::{Module, Payload, Range, Register, Signal, Stream};

/// Two neighbours of a line, for one or more lines side by side, which share their control.
#[derive(Clone)]
pub struct Pair<'m> {
    /// The even sample, or the low band, of each line.
    pub even: Vec<Signal<'m>>,
    /// The odd sample, or the high band.
    pub odd: Vec<Signal<'m>>,
    /// 0 in the last pair of lines of an odd length, whose odd samples mean nothing.
    pub whole: Signal<'m>,
    /// What else goes along with a line; all pairs of a line have the same.
    pub marks: Vec<Signal<'m>>,
}

impl<'m> Payload<'m> for Pair<'m> {
    fn signals(&self) -> Vec<Signal<'m>> {
        [&self.even[..], &self.odd, &[self.whole], &self.marks].concat()
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        let even = self.even.rebuild(signals);
        let odd = self.odd.rebuild(signals);
        Self { even, odd, whole: self.whole.rebuild(signals), marks: self.marks.rebuild(signals) }
    }
}

/// A sample of each of one or more lines side by side, and what goes along with the lines.
#[derive(Clone)]
pub struct Sample<'m> {
    pub values: Vec<Signal<'m>>,
    pub marks: Vec<Signal<'m>>,
}

impl<'m> Payload<'m> for Sample<'m> {
    fn signals(&self) -> Vec<Signal<'m>> {
        [&self.values[..], &self.marks].concat()
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        Self { values: self.values.rebuild(signals), marks: self.marks.rebuild(signals) }
    }
}

/// A frame for each line.
pub type Pairs<'m> = Stream<'m, Pair<'m>>;
/// A frame for each line.
pub type Samples<'m> = Stream<'m, Sample<'m>>;

/// What a line's transform takes: one sample a beat, or two.
pub enum Line<'m> {
    Samples(Samples<'m>),
    Pairs(Pairs<'m>),
}

/// The steps of `scheme` along lines: pairs of a low and a high value. A pair leaves for two samples. [`scaled_within`] makes
/// the bands of them.
#[track_caller]
pub fn forward_line<'m>(scheme: &Scheme, line: Line<'m>) -> Pairs<'m> {
    let mut steps = scheme.steps.iter();
    let first = scheme.steps.first().map(|step| (step, Reach::of(step, scheme.extension)));
    let mut pairs = match (line, first) {
        (Line::Pairs(pairs), _) => pairs,
        (Line::Samples(samples), Some((step, reach))) if step.kind == Kind::Predict && reach.ahead > 0 => {
            steps.next();
            window(scheme, step, reach, Feed::of_samples(samples, step))
        }
        (Line::Samples(samples), _) => pair_up(samples),
    };
    for step in steps {
        pairs = lift(scheme, step, pairs);
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
pub fn inverse_line<'m>(scheme: &Scheme, pairs: Pairs<'m>) -> Pairs<'m> {
    scheme.inverse_steps().iter().fold(pairs, |pairs, step| lift(scheme, step, pairs))
}

/// The samples of pairs, one a beat.
#[track_caller]
pub fn interleave<'m>(pairs: Pairs<'m>) -> Samples<'m> {
    let m = pairs.module();
    let second = m.register(Range::condition(), 0).named("interleave_second");
    let pair = pairs.payload().clone();
    let last = pairs.last().expect("lines end with `last`");
    let ends = second.get() | !pair.whole;
    let values = pair.even.iter().zip(&pair.odd).map(|(even, odd)| second.get().mux(*odd, *even)).collect();
    let (stream, ready) =
        Stream::offer("samples", pairs.valid(), Some(last & ends), Sample { values, marks: pair.marks });
    let valid = pairs.valid();
    pairs.take(ready & ends);
    second.set_when(valid & ready, !ends);
    stream
}

/// Samples two by two. The even one waits for its neighbour; a last even one leaves alone while the next line begins.
#[track_caller]
pub fn pair_up<'m>(samples: Samples<'m>) -> Pairs<'m> {
    let m = samples.module();
    let flag = |name: &str| m.register(Range::condition(), 0).named(name);
    let (second, alone) = (flag("pair_second"), flag("pair_alone"));
    let Sample { values, marks } = samples.payload().clone();
    let last = samples.last().expect("lines end with `last`");
    let waiting: Vec<Register<'m>> = registers(m, "pair_even", &values);
    let waiting_marks: Vec<Register<'m>> = registers(m, "pair_marks", &marks);
    let valid = alone.get() | (second.get() & samples.valid());
    let even = waiting.iter().map(|register| register.get()).collect();
    let kept = waiting_marks.iter().map(|register| register.get()).collect();
    let pair = Pair { even, odd: values.clone(), whole: !alone.get(), marks: kept };
    let (stream, ready) = Stream::offer("pairs", valid, Some(alone.get() | last), pair);
    let taken = samples.take((second.get() & ready) | (!second.get() & (!alone.get() | ready)));
    let even_comes = taken.passes & !second.get();
    waiting.iter().zip(&values).for_each(|(register, value)| register.set_when(even_comes, *value));
    waiting_marks.iter().zip(&marks).for_each(|(register, mark)| register.set_when(even_comes, *mark));
    alone.set((even_comes & last) | (alone.get() & !ready));
    second.set_when(taken.passes, !second.get() & !last);
    stream
}

fn registers<'m>(m: &'m Module, name: &str, like: &[Signal<'m>]) -> Vec<Register<'m>> {
    let register = |(place, signal): (usize, &Signal<'m>)| {
        let name = if like.len() == 1 { name.to_string() } else { format!("{name}_{place}") };
        m.unreset_register(signal.ty()).named(name)
    };
    like.iter().enumerate().map(register).collect()
}

/// One step on pairs.
#[track_caller]
pub fn lift<'m>(scheme: &Scheme, step: &Step, pairs: Pairs<'m>) -> Pairs<'m> {
    let reach = Reach::of(step, scheme.extension);
    match reach {
        Reach { ahead: 0, behind: 0 | 1 } => at_once(scheme, step, reach, pairs),
        _ => window(scheme, step, reach, Feed::of_pairs(pairs, step)),
    }
}

/// What the arithmetic of a step takes: its targets (held), the sources of its taps, the source beside each target, and the
/// pair's flag and marks.
pub(super) type Operands<'m> = (Vec<Signal<'m>>, Vec<Vec<Signal<'m>>>, Vec<Signal<'m>>, Vec<Signal<'m>>);

/// The arithmetic of a step, in as many stages as the clock asks.
#[track_caller]
pub(super) fn compute<'m>(step: &Step, operands: Stream<'m, Operands<'m>>) -> Pairs<'m> {
    operands.map(|(targets, taps, sources, flags)| {
        let lifted = targets.iter().zip(&taps).map(|(target, taps)| lifted(step, *target, taps)).collect();
        let (even, odd) = if step.kind == Kind::Predict { (sources, lifted) } else { (lifted, sources) };
        Pair { even, odd, whole: flags[0], marks: flags[1..].to_vec() }
    })
}

pub(super) fn split<'m>(step: &Step, pair: &Pair<'m>) -> (Vec<Signal<'m>>, Vec<Signal<'m>>) {
    match step.kind {
        Kind::Predict => (pair.odd.clone(), pair.even.clone()),
        Kind::Update => (pair.even.clone(), pair.odd.clone()),
    }
}

/// A step that reads no later pair and at most one earlier one. Its operands wait in registers behind the multiplexers of the
/// borders, which cost nothing there, and the source in them is also the earlier one for the next pair.
#[track_caller]
fn at_once<'m>(scheme: &Scheme, step: &Step, reach: Reach, pairs: Pairs<'m>) -> Pairs<'m> {
    let m = pairs.module();
    let name = step_name(step);
    let flag = |what: &str| m.register(Range::condition(), 0).named(format!("{name}_{what}"));
    let (full, inside) = (flag("valid"), flag("inside"));
    let pair = pairs.payload().clone();
    let last = pairs.last().expect("lines end with `last`");
    let (targets, sources) = split(step, &pair);
    let held: Vec<_> = targets.iter().map(|target| held(step, *target)).collect();
    let beside = registers(m, &format!("{name}_source"), &sources);
    let starts = if reach.behind == 1 { vec![!inside.get()] } else { Vec::new() };
    m.ignore(inside.get());
    let ends = Ends { starts, lasts: vec![last], wholes: vec![pair.whole] };
    let read =
        |place: i64, line: usize| {
            tap(step, scheme.extension, place, &ends, |place| {
                if place == 0 { sources[line] } else { beside[line].get() }
            })
        };
    let own = elsewhere(step, scheme.extension, 0, &ends);
    // Where the last pair has no source of its own, the register keeps the one before.
    let keeps = own.get(&Some(-1)).copied().unwrap_or(m.never());
    let empties = own.get(&None).copied().unwrap_or(m.never());
    let mut loads: Vec<(Register<'m>, Signal<'m>)> = Vec::new();
    let mut load = |what: &str, signals: &[Signal<'m>]| -> Vec<Signal<'m>> {
        let registers = registers(m, &format!("{name}_{what}"), signals);
        loads.extend(registers.iter().copied().zip(signals.iter().copied()));
        registers.iter().map(|register| register.get()).collect()
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
    compute(step, stream)
}

pub(super) fn step_name(step: &Step) -> String {
    if step.kind == Kind::Predict { "predict".into() } else { "update".into() }
}

/// What comes into a window.
struct Feed<'m> {
    m: &'m Module,
    valid: Signal<'m>,
    pair: Pair<'m>,
    last: Signal<'m>,
    from: From<'m>,
}

enum From<'m> {
    Pairs(Pairs<'m>),
    /// An odd sample joins the even one that came before it: of the pair that comes in there is only the even one. The
    /// register is 1 where the odd one is awaited.
    Samples(Samples<'m>, Register<'m>),
}

impl<'m> Feed<'m> {
    fn of_pairs(pairs: Pairs<'m>, step: &Step) -> Feed<'m> {
        let mut pair = pairs.payload().clone();
        let targets = if step.kind == Kind::Predict { &mut pair.odd } else { &mut pair.even };
        targets.iter_mut().for_each(|target| *target = held(step, *target));
        let last = pairs.last().expect("lines end with `last`");
        Feed { m: pairs.module(), valid: pairs.valid(), pair, last, from: From::Pairs(pairs) }
    }

    fn of_samples(samples: Samples<'m>, step: &Step) -> Feed<'m> {
        let m = samples.module();
        let Sample { values, marks } = samples.payload().clone();
        let second = m.register(Range::condition(), 0).named("second");
        let last = samples.last().expect("lines end with `last`");
        let odd = values.iter().map(|value| held(step, *value)).collect();
        let pair = Pair { even: values, odd, whole: m.never(), marks };
        let valid = samples.valid() & !second.get();
        Feed { m, valid, pair, last, from: From::Samples(samples, second) }
    }
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

    fn pair(&self) -> Pair<'m> {
        let get = |registers: &[Register<'m>]| registers.iter().map(|register| register.get()).collect();
        Pair { even: get(&self.even), odd: get(&self.odd), whole: self.whole.get(), marks: get(&self.marks) }
    }
}

/// Any step. The pairs move on when the next one comes, or when none has to come, since the youngest is its line's last.
#[track_caller]
fn window<'m>(scheme: &Scheme, step: &Step, reach: Reach, feed: Feed<'m>) -> Pairs<'m> {
    let Feed { m, valid, pair, last, from } = feed;
    let name = step_name(step);
    let slots: Vec<Slot<'m>> =
        (1..=reach.ahead).map(|age| Slot::new(m, &format!("{name}_{age}"), &pair)).collect();
    // Of each age from the youngest on: the pair that comes in, then the slots.
    let window: Vec<(Pair<'m>, Signal<'m>, Signal<'m>)> = std::iter::once((pair, valid, last))
        .chain(slots.iter().map(|slot| (slot.pair(), slot.valid.get(), slot.last.get())))
        .collect();
    let (centre, centre_valid, centre_last) = window[reach.ahead].clone();
    let moves = match slots.first() {
        Some(youngest) => valid | !(youngest.valid.get() & !youngest.last.get()),
        None => valid,
    };
    let (targets, sources) = split(step, &centre);
    let earlier: Vec<Vec<Register<'m>>> =
        (1..=reach.behind).map(|age| registers(m, &format!("{name}_earlier_{age}"), &sources)).collect();
    let since = m.register(Range::new(0, reach.behind), 0).named(format!("{name}_since"));
    m.ignore(since.get());
    let is_samples = matches!(from, From::Samples(..));
    let seen = window.iter().enumerate().rev();
    let ends = Ends {
        starts: (0..reach.behind as i64).map(|start| since.get().eq(start)).collect(),
        // An even sample does not tell yet where its line ends, but a predict step need not know.
        lasts: seen
            .clone()
            .map(|(age, (.., last))| if age == 0 && is_samples { m.never() } else { *last })
            .collect(),
        wholes: seen.map(|(_, (pair, ..))| pair.whole).collect(),
    };
    let taps = (0..sources.len()).map(|line| {
        let at = |place: i64| match usize::try_from(place) {
            Ok(ahead) => split(step, &window[reach.ahead - ahead].0).1[line],
            Err(_) => earlier[(-place) as usize - 1][line].get(),
        };
        (step.first..=step.last()).map(|place| tap(step, scheme.extension, place, &ends, at)).collect()
    });
    let flags = [&[centre.whole], &centre.marks[..]].concat();
    let operands: Operands<'m> = (targets, taps.collect(), sources.clone(), flags);
    let out_valid = (centre_valid & moves).named(format!("{name}_out_valid"));
    let (stream, ready) = Stream::offer(&name, out_valid, Some(centre_last), operands);
    let goes = (out_valid & ready).named(format!("{name}_goes"));
    let free = if slots.is_empty() { ready } else { ready | !centre_valid };
    let shift = (moves & free).named(format!("{name}_shift"));
    let odd_comes = match from {
        From::Pairs(pairs) => {
            pairs.take(free);
            None
        }
        From::Samples(samples, second) => {
            let taken = samples.take(second.get() | free);
            second.set_when(taken.passes, !second.get() & !last);
            Some((taken.passes & second.get()).named(format!("{name}_odd_comes")))
        }
    };
    for (age, slot) in slots.iter().enumerate() {
        let (pair, valid, last) = &window[age];
        slot.valid.set_when(shift, *valid);
        let each = |registers: &[Register<'m>], when: Signal<'m>, signals: &[Signal<'m>]| {
            registers.iter().zip(signals).for_each(|(register, next)| register.set_when(when, *next));
        };
        each(&slot.even, shift, &pair.even);
        each(&slot.marks, shift, &pair.marks);
        match odd_comes.filter(|_| age == 0) {
            Some(odd_comes) => {
                each(&slot.odd, odd_comes, &pair.odd);
                slot.whole.set_when(shift | odd_comes, odd_comes);
                slot.last.set_when(shift | odd_comes, *last);
            }
            None => {
                each(&slot.odd, shift, &pair.odd);
                slot.whole.set_when(shift, pair.whole);
                slot.last.set_when(shift, *last);
            }
        }
    }
    for (age, registers) in earlier.iter().enumerate() {
        for (line, register) in registers.iter().enumerate() {
            register.set_when(goes, if age == 0 { sources[line] } else { earlier[age - 1][line].get() });
        }
    }
    let next = (since.get() + 1).saturate(Range::new(0, reach.behind));
    since.set_when(goes, centre_last.mux(0, next));
    compute(step, stream)
}
