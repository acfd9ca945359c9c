//! A transform across lines, as hardware: along the vertical axis of a picture, whose lines are its rows, or along the depth of
//! a volume, whose lines are its planes. It is the window of a line's transform with block RAM in place of its registers: for
//! each position of a line a memory holds what the window holds of that position.
//!
//! Lines come and go position by position and end with `last`; the first mark says that a line is its frame's last. Further
//! marks belong to positions, and are the same in every line of a frame.
//!
//! A step that looks `ahead` lines ahead gives its last lines when its frame has ended: while the first lines of the next
//! frame come in, or before.

use super::across::across;
use super::feed::Feed;
use super::line::step_part;
use super::line_store::{Beside, Lines, Store, next_position};
use super::pairs::{Pair, Pairs, Sample, Samples};
use super::scheme::{Kind, Scheme, Step};
use super::window::kernel;
use crate::hdl::{Range, Signal};

/// One level across lines: pairs of lines, the low and the high one side by side.
#[track_caller]
pub fn forward_lines<'m>(scheme: &Scheme, samples: Samples<'m>, lines: Lines) -> Pairs<'m> {
    let mut steps = scheme.steps.iter();
    let first = scheme.steps.first().map(|step| (step, kernel(step, scheme.extension)));
    let mut pairs = match first {
        Some((step, kernel)) if step.kind == Kind::Predict && kernel.after > 0 => {
            steps.next();
            step_part(step, "across lines", samples, |samples| {
                across(scheme, step, Feed::of_samples(samples, step, "odd_line"), lines)
            })
        }
        _ => pair_lines(samples, lines.length),
    };
    for step in steps {
        pairs = lift_lines(scheme, step, pairs, lines);
    }
    pairs
}

/// Undoes [`forward_lines`]: pairs of lines of samples.
#[track_caller]
pub fn inverse_lines<'m>(scheme: &Scheme, pairs: Pairs<'m>, lines: Lines) -> Pairs<'m> {
    scheme.inverse_steps().iter().fold(pairs, |pairs, step| lift_lines(scheme, step, pairs, lines))
}

/// One step on pairs of lines.
#[track_caller]
fn lift_lines<'m>(scheme: &Scheme, step: &Step, pairs: Pairs<'m>, lines: Lines) -> Pairs<'m> {
    step_part(step, "across lines", pairs, |pairs| across(scheme, step, Feed::of_pairs(pairs, step), lines))
}

/// Pairs of lines from lines one by one: the even line waits in a memory for the odd one.
#[track_caller]
fn pair_lines<'m>(samples: Samples<'m>, length: usize) -> Pairs<'m> {
    let doc = "pairs of lines: the even one waits in a memory for the odd one";
    samples.module().part("pair_lines", doc, |part| {
        part.output_stream("y", paired_lines(part.input_stream("x", samples), length))
    })
}

#[track_caller]
fn paired_lines<'m>(samples: Samples<'m>, length: usize) -> Pairs<'m> {
    let m = samples.module();
    let second = m.register(Range::condition(), 0).named("second");
    let at = m.register(Range::new(0, length - 1), 0).named("position");
    let Sample { values, marks } = samples.payload().clone();
    let last = samples.frame_end("lifting");
    let gives = second.get() | marks[0];
    let stage = Beside::new(m, "pair", samples.valid());
    let store = Store::new(m, "pair_even", length, &values);
    let waiting = store.read(stage.enters, at.get());
    store.write(stage.enters & !second.get(), at.get(), &values);
    let kept = stage.hold("pair_value", &values);
    let flags = stage.hold("pair_flag", &[&[gives, last, second.get()], &marks[..]].concat());
    let (gives, last_kept, whole) = (flags[0], flags[1], flags[2]);
    let even = waiting.iter().zip(&kept).map(|(waiting, now)| whole.mux(*waiting, *now)).collect();
    let pair = Pair { even, odd: kept, whole, marks: flags[3..].to_vec() };
    let enters = stage.enters;
    let taken = samples.take(stage.entrance_free());
    at.set_when(enters, next_position(at.get(), enters, last));
    second.set_when(enters & last, !second.get() & !marks[0]);
    stage.leave("pair", gives, last_kept, pair).0.after(taken.stages)
}

/// The lines of pairs one by one: the odd line waits in a memory while the even one leaves.
#[track_caller]
pub fn interleave_lines<'m>(pairs: Pairs<'m>, length: usize) -> Samples<'m> {
    let doc = "the lines of pairs one by one: the odd one waits in a memory while the even one leaves";
    pairs.module().part("interleave_lines", doc, |part| {
        part.output_stream("y", interleaved_lines(part.input_stream("x", pairs), length))
    })
}

#[track_caller]
fn interleaved_lines<'m>(pairs: Pairs<'m>, length: usize) -> Samples<'m> {
    let m = pairs.module();
    let second = m.register(Range::condition(), 0).named("second");
    let at = m.register(Range::new(0, length - 1), 0).named("position");
    let width = m.unreset_register(Range::new(0, length - 1)).named("end_position");
    let Pair { even, odd, whole, marks } = pairs.payload().clone();
    let last_in = pairs.frame_end("lifting");
    let stage = Beside::new(m, "lines", second.get() | pairs.valid());
    let store = Store::new(m, "odd", length, &[&odd[..], &marks].concat());
    let words = store.read(stage.enters, at.get());
    let (odd_words, mark_words) = words.split_at(odd.len());
    let takes = stage.enters & !second.get();
    store.write(takes, at.get(), &[&odd[..], &marks].concat());
    let last = second.get().mux(at.get().eq(width.get()), last_in);
    let now = stage.hold("even_now", &even);
    // The end of the frame is its last line's: of the two, the odd one where it exists.
    let ends = [&[marks[0] & !whole], &marks[1..]].concat();
    let mark_now = stage.hold("mark_now", &ends);
    let flags = stage.hold("flag", &[second.get(), last]);
    let choose = |then: &[Signal<'m>], now: &[Signal<'m>]| -> Vec<Signal<'m>> {
        then.iter().zip(now).map(|(then, now)| flags[0].mux(*then, *now)).collect()
    };
    let sample = Sample { values: choose(odd_words, &now), marks: choose(mark_words, &mark_now) };
    let enters = stage.enters;
    let taken = pairs.take(stage.entrance_free() & !second.get());
    at.set_when(enters, next_position(at.get(), enters, last));
    width.set_when(takes & last_in, at.get());
    second.set_when(enters & last, !second.get() & whole);
    stage.leave("lines", m.always(), flags[1], sample).0.after(taken.stages)
}
