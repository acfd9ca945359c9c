//! A transform across lines, as hardware: along the vertical axis of a picture, whose lines are its rows, or along the depth of
//! a volume, whose lines are its planes. It is the window of a line's transform with block RAM in place of its registers: for
//! each position of a line a memory holds what the window holds of that position.
//!
//! Lines come and go position by position and end with `last`; the first mark says that a line is its frame's last. Further
//! marks belong to positions, and are the same in every line of a frame.
//!
//! A step that looks `ahead` lines ahead gives its last lines when its frame has ended: while the first lines of the next
//! frame come in, or before.

use super::feed::{Feed, From, Operands, compute, split};
use super::pairs::{Pair, Pairs, Sample, Samples};
use super::scheme::{Kind, Scheme, Step};
use super::window::{Beats, Ends, Reach, tap};
use crate::hdl::{Memory, Module, Payload, Range, Register, Signal, Stream, Type};

/// How long lines are.
#[derive(Clone, Copy)]
pub struct Lines {
    /// The most positions.
    pub length: usize,
    /// Whether all lines have as many.
    pub fixed: bool,
    /// Cycles without a beat that may lie between the lines of two frames which follow each other. None where the next frame may
    /// wait for what this one leaves, so that all of this one leaves first.
    pub pause: Option<i64>,
}

/// One level across lines: pairs of lines, the low and the high one side by side.
#[track_caller]
pub fn forward_lines<'m>(scheme: &Scheme, name: &str, samples: Samples<'m>, lines: Lines) -> Pairs<'m> {
    let mut steps = scheme.steps.iter().enumerate();
    let first = scheme.steps.first().map(|step| (step, Reach::of(step, scheme.extension)));
    let mut pairs = match first {
        Some((step, reach)) if step.kind == Kind::Predict && reach.ahead > 0 => {
            steps.next();
            window(scheme, step, reach, &step_of(name, 0), Feed::of_samples(samples, step, "odd_line"), lines)
        }
        _ => pair_lines(name, samples, lines.length),
    };
    for (place, step) in steps {
        pairs = lift_lines(scheme, step, &step_of(name, place), pairs, lines);
    }
    pairs
}

/// Undoes [`forward_lines`]: pairs of lines of samples.
#[track_caller]
pub fn inverse_lines<'m>(scheme: &Scheme, name: &str, pairs: Pairs<'m>, lines: Lines) -> Pairs<'m> {
    let steps = scheme.inverse_steps();
    let steps = steps.iter().enumerate();
    steps.fold(pairs, |pairs, (place, step)| lift_lines(scheme, step, &step_of(name, place), pairs, lines))
}

/// The position behind `at`, which is 0 behind a line's `last`; asked for where a beat `enters`.
fn next_position<'m>(at: Signal<'m>, enters: Signal<'m>, last: Signal<'m>) -> Signal<'m> {
    let range = at.range();
    if range.lo() == range.hi() { at } else { last.mux(0, (at + 1).assume_when(enters & !last, range)) }
}

fn step_of(name: &str, place: usize) -> String {
    format!("{name}_step{}", place + 1)
}

/// One step on pairs of lines.
#[track_caller]
fn lift_lines<'m>(scheme: &Scheme, step: &Step, name: &str, pairs: Pairs<'m>, lines: Lines) -> Pairs<'m> {
    let reach = Reach::of(step, scheme.extension);
    window(scheme, step, reach, name, Feed::of_pairs(pairs, step), lines)
}

/// Several words of one position side by side in one memory.
struct Store<'m> {
    memory: Option<Memory<'m>>,
    types: Vec<Type>,
}

impl<'m> Store<'m> {
    fn new(m: &'m Module, name: &str, length: usize, like: &[Signal<'m>]) -> Store<'m> {
        let types: Vec<Type> = like.iter().map(|signal| signal.ty()).collect();
        let width: u32 = types.iter().map(Type::width).sum();
        let memory = (width > 0).then(|| m.memory(name, length, Type::Bits(width)));
        Store { memory, types }
    }

    fn read(&self, when: Signal<'m>, at: Signal<'m>) -> Vec<Signal<'m>> {
        let Some(memory) = self.memory else { return Vec::new() };
        let word = memory.read_when(when, at);
        let mut lsb = 0;
        let cut = |ty: &Type| {
            let bits = word.slice(lsb, ty.width());
            lsb += ty.width();
            match ty {
                Type::Int(range) if range.is_condition() => bits.int(Range::condition()),
                Type::Int(range) => bits.int(range.word()),
                Type::Bits(_) => bits,
            }
        };
        self.types.iter().map(cut).collect()
    }

    fn write(&self, when: Signal<'m>, at: Signal<'m>, signals: &[Signal<'m>]) {
        let Some(memory) = self.memory else { return };
        let words = signals.iter().zip(&self.types).map(|(signal, ty)| signal.to_bits_of(&ty.range().word()));
        let words: Vec<_> = words.collect();
        memory.write_when(when, at, signals[0].module().concat(&words));
    }
}

/// Beats beside the words that memories give for them: a register stage whose beats leave where they give something, and
/// are gone in a cycle where not.
struct Beside<'m> {
    /// Whether a beat enters the stage in this cycle.
    enters: Signal<'m>,
    free: Signal<'m>,
    full: Register<'m>,
    entrance: Stream<'m, Vec<Signal<'m>>>,
}

impl<'m> Beside<'m> {
    fn new(m: &'m Module, name: &str, valid: Signal<'m>) -> Beside<'m> {
        let (entrance, free) = Stream::offer(format!("{name}_enter"), valid, None, Vec::new());
        let full = m.register(Range::condition(), 0).named(format!("{name}_full"));
        Beside { enters: (valid & free).named(format!("{name}_enters")), free, full, entrance }
    }

    /// Whether a beat may enter.
    fn entrance_free(&self) -> Signal<'m> {
        self.free
    }

    /// `signals` of the beat in the stage.
    fn hold(&self, name: &str, signals: &[Signal<'m>]) -> Vec<Signal<'m>> {
        let held = signals.iter().enumerate();
        held.map(|(place, signal)| signal.delay(self.enters).named(format!("{name}_{place}"))).collect()
    }

    /// The beats that give something as a stream, and whether the beat in the stage leaves it.
    fn leave<P: Payload<'m>>(
        self,
        name: &str,
        gives: Signal<'m>,
        last: Signal<'m>,
        payload: P,
    ) -> (Stream<'m, P>, Signal<'m>) {
        let full = self.full;
        let (stream, ready) = Stream::offer(name, full.get() & gives, Some(last), payload);
        let leaves = full.get() & (!gives | ready);
        full.set(self.enters | (full.get() & !leaves));
        self.entrance.take(!full.get() | leaves);
        (stream, leaves)
    }
}

/// Pairs of lines from lines one by one: the even line waits in a memory for the odd one.
#[track_caller]
fn pair_lines<'m>(name: &str, samples: Samples<'m>, length: usize) -> Pairs<'m> {
    let m = samples.module();
    let second = m.register(Range::condition(), 0).named(format!("{name}_second"));
    let at = m.register(Range::new(0, length - 1), 0).named(format!("{name}_position"));
    let Sample { values, marks } = samples.payload().clone();
    let last = samples.last().expect("lines end with `last`");
    let gives = second.get() | marks[0];
    let stage = Beside::new(m, &format!("{name}_pair"), samples.valid());
    let store = Store::new(m, &format!("{name}_pair_even"), length, &values);
    let waiting = store.read(stage.enters, at.get());
    store.write(stage.enters & !second.get(), at.get(), &values);
    let kept = stage.hold(&format!("{name}_pair_value"), &values);
    let flags =
        stage.hold(&format!("{name}_pair_flag"), &[&[gives, last, second.get()], &marks[..]].concat());
    let (gives, last_kept, whole) = (flags[0], flags[1], flags[2]);
    let even = waiting.iter().zip(&kept).map(|(waiting, now)| whole.mux(*waiting, *now)).collect();
    let pair = Pair { even, odd: kept, whole, marks: flags[3..].to_vec() };
    let enters = stage.enters;
    samples.take(stage.entrance_free());
    at.set_when(enters, next_position(at.get(), enters, last));
    second.set_when(enters & last, !second.get() & !marks[0]);
    stage.leave(&format!("{name}_pair"), gives, last_kept, pair).0
}

/// The lines of pairs one by one: the odd line waits in a memory while the even one leaves.
#[track_caller]
pub fn interleave_lines<'m>(name: &str, pairs: Pairs<'m>, length: usize) -> Samples<'m> {
    let m = pairs.module();
    let second = m.register(Range::condition(), 0).named(format!("{name}_second"));
    let at = m.register(Range::new(0, length - 1), 0).named(format!("{name}_position"));
    let width = m.unreset_register(Range::new(0, length - 1)).named(format!("{name}_end_position"));
    let Pair { even, odd, whole, marks } = pairs.payload().clone();
    let last_in = pairs.last().expect("lines end with `last`");
    let stage = Beside::new(m, &format!("{name}_lines"), second.get() | pairs.valid());
    let store = Store::new(m, &format!("{name}_odd"), length, &[&odd[..], &marks].concat());
    let words = store.read(stage.enters, at.get());
    let (odd_words, mark_words) = words.split_at(odd.len());
    let takes = stage.enters & !second.get();
    store.write(takes, at.get(), &[&odd[..], &marks].concat());
    let last = second.get().mux(at.get().eq(width.get()), last_in);
    let now = stage.hold(&format!("{name}_even_now"), &even);
    // The end of the frame is its last line's: of the two, the odd one where it exists.
    let ends = [&[marks[0] & !whole], &marks[1..]].concat();
    let mark_now = stage.hold(&format!("{name}_mark_now"), &ends);
    let flags = stage.hold(&format!("{name}_flag"), &[second.get(), last]);
    let choose = |then: &[Signal<'m>], now: &[Signal<'m>]| -> Vec<Signal<'m>> {
        then.iter().zip(now).map(|(then, now)| flags[0].mux(*then, *now)).collect()
    };
    let sample = Sample { values: choose(odd_words, &now), marks: choose(mark_words, &mark_now) };
    let enters = stage.enters;
    pairs.take(stage.entrance_free() & !second.get());
    at.set_when(enters, next_position(at.get(), enters, last));
    width.set_when(takes & last_in, at.get());
    second.set_when(enters & last, !second.get() & whole);
    stage.leave(&format!("{name}_lines"), m.always(), flags[1], sample).0
}

/// What is known of a line in the window, of which the first is the youngest.
struct Slot<'m> {
    valid: Register<'m>,
    end: Register<'m>,
    whole: Register<'m>,
    /// Even values, marks and odd values of each position.
    pair: Store<'m>,
    /// Where lines vary.
    extent: Option<Extent<'m>>,
}

/// How far a line in the window goes.
#[derive(Clone, Copy)]
struct Extent<'m> {
    /// Its last position.
    end: Register<'m>,
    /// Whether the others have gone on behind it, where they can.
    passed: Option<Register<'m>>,
}

/// Any step.
#[track_caller]
fn window<'m>(
    scheme: &Scheme,
    step: &Step,
    reach: Reach,
    name: &str,
    feed: Feed<'m>,
    Lines { length, fixed, pause }: Lines,
) -> Pairs<'m> {
    let Feed { m, pair, valid, last: last_in, from } = feed;
    let flag = |what: &str, reset: i64| m.register(Range::condition(), reset).named(format!("{name}_{what}"));
    let position = || Range::new(0, length - 1);
    let at = m.register(position(), 0).named(format!("{name}_position"));
    let (end_in, position_marks) = (pair.marks[0], pair.marks[1..].to_vec());
    let like = [&pair.even[..], &position_marks, &pair.odd].concat();
    let slots: Vec<Slot<'m>> = (1..=reach.ahead)
        .map(|age| Slot {
            valid: flag(&format!("{age}_valid"), 0),
            end: flag(&format!("{age}_end"), 0),
            whole: flag(&format!("{age}_whole"), 0),
            pair: Store::new(m, &format!("{name}_{age}_pair"), length, &like),
            extent: (!fixed).then(|| Extent {
                end: m.unreset_register(position()).named(format!("{name}_{age}_end_position")),
                passed: pause.map(|_| flag(&format!("{age}_passed"), 0)),
            }),
        })
        .collect();
    // A line that ended a frame goes on by itself, and the empty places behind it too; where the next frame comes in time, with its
    // first lines.
    let waits = |from: usize| slots[from..].iter().map(|slot| slot.valid.get()).reduce(|a, b| a | b);
    let flush = match slots.first() {
        None => m.never(),
        Some(youngest) => {
            let older = waits(1).unwrap_or(m.never());
            let waits = youngest.valid.get().mux(youngest.end.get(), older);
            let flush = match pause {
                None => waits,
                Some(pause) => {
                    let flushing = flag("flushing", 0);
                    m.ignore(flushing.get());
                    let starts = at.get().eq(0);
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
    };
    let second = match &from {
        From::Pairs(_) => m.never(),
        From::Samples(_, second) => second.get() & !flush,
    };
    let (centre_valid, centre_end, centre_whole) = match slots.last() {
        Some(slot) => (slot.valid.get(), slot.end.get(), slot.whole.get()),
        None => (m.always(), end_in, pair.whole),
    };
    // Lines go on position by position, all together, until the longest of them ends.
    let in_passed = pause.filter(|_| !fixed && reach.ahead > 0).map(|_| flag("in_passed", 0));
    let idle = in_passed.map_or(flush, |passed| flush | passed.get());
    let is_over = |slot: &Slot<'m>| {
        let Extent { end, passed } = slot.extent?;
        let passed = passed.map_or(m.never(), |passed| passed.get());
        Some((passed | at.get().eq(end.get()), passed))
    };
    let last = match slots.first() {
        None => last_in,
        Some(_) if fixed => {
            m.ignore(last_in);
            at.get().eq(length as i64 - 1)
        }
        Some(_) => {
            let over = slots.iter().filter_map(|slot| Some(!slot.valid.get() | is_over(slot)?.0));
            let over = over.reduce(|a, b| a & b).expect("the window has slots");
            (idle | last_in) & (over | second)
        }
    };
    let (gives, last_given) = match slots.last().and_then(is_over) {
        Some((over, passed)) => (centre_valid & !second & !passed, over),
        None => (centre_valid & !second, last),
    };

    // A position must not be read in the cycle in which it is written.
    let written = m.register(position(), 0).named(format!("{name}_written"));
    let writes = m.register(Range::condition(), 0).named(format!("{name}_writes"));
    let clash = writes.get() & written.get().eq(at.get());
    let stage = Beside::new(m, name, (idle | valid) & !clash);
    let enters = stage.enters;
    let moves = (enters & !second).named(format!("{name}_moves"));

    let is_samples = matches!(from, From::Samples(..));
    // Beside an odd line its even one stays, in the same word.
    let read = |(age, slot): (usize, &Slot<'m>)| {
        slot.pair.read(if age == 0 && is_samples { enters } else { moves }, at.get())
    };
    let words: Vec<Vec<Signal<'m>>> = slots.iter().enumerate().map(read).collect();
    let now = Pair {
        even: stage.hold(&format!("{name}_even_now"), &pair.even),
        odd: stage.hold(&format!("{name}_odd_now"), &pair.odd),
        whole: pair.whole,
        marks: stage.hold(&format!("{name}_mark_now"), &position_marks),
    };
    // Of each age from the youngest on: the even and the odd values of the position in the stage, and its marks.
    let (odd_at, marks_at) = (now.even.len() + now.marks.len(), now.even.len());
    let mut held_pairs = vec![now.clone()];
    held_pairs.extend(words.iter().map(|word| Pair {
        even: word[..marks_at].to_vec(),
        odd: word[odd_at..].to_vec(),
        whole: pair.whole,
        marks: word[marks_at..odd_at].to_vec(),
    }));
    let centre = held_pairs[reach.ahead].clone();
    let (targets, sources) = split(step, &centre);
    let earlier: Vec<Store<'m>> = (1..=reach.behind)
        .map(|age| Store::new(m, &format!("{name}_earlier_{age}"), length, &sources))
        .collect();
    let earlier_words: Vec<Vec<Signal<'m>>> =
        earlier.iter().map(|store| store.read(moves, at.get())).collect();

    let since = m.register(Range::new(0, reach.behind), 0).named(format!("{name}_since"));
    m.ignore(since.get());
    let mut lasts: Vec<Signal<'m>> = slots.iter().rev().map(|slot| slot.end.get()).collect();
    lasts.push(if is_samples { m.never() } else { end_in });
    let mut wholes: Vec<Signal<'m>> = slots.iter().rev().map(|slot| slot.whole.get()).collect();
    wholes.push(pair.whole);
    let starts: Vec<Signal<'m>> = (0..reach.behind as i64).map(|start| since.get().eq(start)).collect();
    let ends = Ends {
        beats: Beats::SINGLE,
        starts: stage.hold(&format!("{name}_start"), &starts),
        lasts: stage.hold(&format!("{name}_ends"), &lasts),
        wholes: stage.hold(&format!("{name}_wholes"), &wholes),
    };
    [&ends.starts[..], &ends.lasts, &ends.wholes].concat().into_iter().for_each(|flag| m.ignore(flag));
    let taps = (0..sources.len()).map(|line| {
        let read = |place: i64| match usize::try_from(place) {
            Ok(ahead) => split(step, &held_pairs[reach.ahead - ahead]).1[line],
            Err(_) => earlier_words[(-place) as usize - 1][line],
        };
        (step.first..=step.last()).map(|place| tap(step, scheme.extension, (0, place), &ends, read)).collect()
    });
    let flags = stage.hold(&format!("{name}_flag"), &[gives, last_given, centre_whole, centre_end]);
    let (gives_now, last_now) = (flags[0], flags[1]);
    let passed = [&[flags[2], flags[3]], &centre.marks[..]].concat();
    let operands: Operands<'m> = (targets, taps.collect(), sources.clone(), passed);

    let free = stage.entrance_free();
    let (stream, _) = stage.leave(name, gives_now, last_now, operands);
    let goes_in = free & !idle & !clash;
    // What is known of the line that came in, also where longer ones go on behind its end.
    let of_line = |what: &str, now: Signal<'m>| match in_passed {
        Some(passed) => {
            let then = m.unreset_register(now.range()).named(format!("{name}_in_{what}"));
            then.set_when(enters & !idle, now);
            passed.get().mux(then.get(), now)
        }
        None => now,
    };
    let end_of_line = of_line("end", end_in);
    match from {
        From::Pairs(pairs) => drop(pairs.take(goes_in)),
        From::Samples(samples, second) => {
            samples.take(goes_in);
            second.set_when(enters & !flush & last, !second.get() & !end_of_line);
        }
    }

    // The cycle behind that in which a beat entered.
    writes.set(enters);
    written.set_when(enters, at.get());
    let second_now = second.delay(enters).named(format!("{name}_odd_now"));
    m.ignore(second_now);
    let gave_now = gives_now;
    let moved = writes.get() & !second_now;
    for (age, slot) in slots.iter().enumerate() {
        let from = &held_pairs[age];
        let mut word = [&from.even[..], &from.marks, &from.odd].concat();
        if age == 0 && is_samples {
            word.iter_mut().zip(&words[0][..odd_at]).for_each(|(new, old)| *new = second_now.mux(*old, *new));
            slot.pair.write(writes.get(), written.get(), &word);
        } else {
            slot.pair.write(moved, written.get(), &word);
        }
    }
    for (age, store) in earlier.iter().enumerate() {
        store.write(
            moved & gave_now,
            written.get(),
            if age == 0 { &sources } else { &earlier_words[age - 1] },
        );
    }
    let line_moves = enters & last & !second;
    for (age, slot) in slots.iter().enumerate() {
        let younger = age.checked_sub(1).map(|younger| &slots[younger]);
        let (valid, end, whole) = match younger {
            None if is_samples => (!flush, end_of_line, second),
            None => (!flush, end_of_line, of_line("whole", pair.whole)),
            Some(younger) => (younger.valid.get(), younger.end.get(), younger.whole.get()),
        };
        slot.valid.set_when(line_moves, valid);
        if let Some(Extent { end, passed }) = slot.extent {
            let younger = younger.and_then(|younger| younger.extent);
            end.set_when(
                line_moves,
                younger.map_or_else(|| of_line("position", at.get()), |younger| younger.end.get()),
            );
            if let Some(passed) = passed {
                passed.set_when(enters, !last & (passed.get() | at.get().eq(end.get())));
            }
        }
        if age == 0 && is_samples {
            slot.end.set_when(enters & last, end);
            slot.whole.set_when(enters & last, whole);
        } else {
            slot.end.set_when(line_moves, end);
            slot.whole.set_when(line_moves, whole);
        }
    }
    if let Some(passed) = in_passed {
        passed.set_when(enters, !last & !flush & (idle | last_in));
    }
    at.set_when(enters, next_position(at.get(), enters, last));
    let next = (since.get() + 1).saturate(Range::new(0, reach.behind));
    since.set_when(line_moves & centre_valid, centre_end.mux(0, next));
    compute(step, stream)
}
