//! Putting back what [`compact`](super::compact) left out: zeros between values, by a bitmap or by places.

use super::compact::{gated, ranks};
use crate::hdl::{Range, Signal, Stream};

/// For each beat of flags, the next of the values where a flag is 1, and 0 elsewhere: the inverse of [`compact`](super::compact)
/// where flags and values leave it side by side. `values` has a frame of its own, of at least one beat, for each frame of
/// `flags`. A beat a clock cycle.
///
/// # Panics
/// If a beat of the one has not as many lanes as one of the other.
#[track_caller]
pub fn expand<'m>(
    flags: Stream<'m, Vec<Signal<'m>>>,
    values: Stream<'m, Vec<Signal<'m>>>,
) -> Stream<'m, Vec<Signal<'m>>> {
    let m = flags.module();
    let count = flags.payload().len();
    assert!(values.payload().len() == count, "{count} flags a beat, but {} values", values.payload().len());
    let (most, used) = (count as i64, Range::new(0, count));
    let flag = |name: &str, reset: i64| m.register(Range::condition(), reset).named(name);
    let row = |name: &str| -> Vec<_> {
        let lanes = values.payload().iter().enumerate();
        lanes.map(|(lane, value)| m.unreset_register(value.ty()).named(format!("{name}_{lane}"))).collect()
    };
    let (valid, last) = (flag("expand_valid", 0), flags.is_framed().then(|| flag("expand_last", 0)));
    // How many values of the held row are used up, and the row behind it. A frame starts with a row of its own.
    let (at, starts) = (m.register(used.clone(), most).named("expand_at"), flag("expand_starts", 1));
    let (held, next, next_valid) = (row("expand_held"), row("expand_next"), flag("expand_next_valid", 0));

    let flags = flags.map(|flags| (ranks(&flags), flags));
    let (upto, flagged) = flags.payload().clone();
    let total = (at.get() + upto[count - 1]).named("expand_total");
    let needs = (starts.get() | total.gt(most)).named("expand_needs");
    let window = held.iter().zip(&next).enumerate();
    let window = window.map(|(lane, (held, next))| at.get().le(lane as i64).mux(held.get(), next.get()));
    // What is given is kept in registers until it passes, so that neither side waits for the other in one clock cycle.
    let kept = |signals: &[Signal<'m>]| -> Vec<_> {
        signals.iter().map(|signal| (*signal, m.unreset_register(signal.ty()))).collect()
    };
    let given = [kept(&window.collect::<Vec<_>>()), kept(&upto), kept(&flagged), kept(&[at.get()])];
    let payload: Vec<Vec<Signal<'m>>> =
        given.iter().map(|kept| kept.iter().map(|(_, register)| register.get()).collect()).collect();
    let (stream, ready) = Stream::offer("expand", valid.get(), last.map(|last| last.get()), payload);
    let goes = (!valid.get() | ready).named("expand_goes");
    let taken = flags.take(goes & (!needs | next_valid.get()));
    let uses = (taken.passes & needs).named("expand_uses");
    let filled = values.take(!next_valid.get() | uses);
    if let Some(last) = filled.last {
        m.ignore(last);
    }
    next_valid.set((filled.passes) | (next_valid.get() & !uses));
    for ((held, next), value) in held.iter().zip(&next).zip(filled.payload) {
        held.set_when(uses, next.get());
        next.set_when(filled.passes, value);
    }
    let ends = taken.last.unwrap_or_else(|| m.always());
    let fresh = (total - most).assume_when(needs, Range::new(0, count));
    let left = needs.mux(fresh, total.assume_when(!needs, used));
    at.set_when(taken.passes, ends.mux(most, left));
    starts.set_when(taken.passes, ends);
    valid.set_when(goes, taken.passes);
    for (signal, register) in given.into_iter().flatten() {
        register.set_when(taken.passes, signal);
    }
    if let Some((register, last)) = last.zip(taken.last) {
        register.set_when(taken.passes, last);
    }
    stream.map(|payload| {
        let [window, upto, flags, at] = &payload[..] else { unreachable!("four lists were kept") };
        let lane = |(upto, flag): (&Signal<'m>, &Signal<'m>)| {
            // The place behind the values of the lanes before this one, around the end.
            let place = at[0] + *upto - *flag;
            let around = place.ge(most).mux(place - most, place);
            let around = around.saturate(Range::new(0, count - 1));
            gated(*flag, around.choose(window))
        };
        upto.iter().zip(flags).map(lane).collect()
    })
}

/// Frames of `beats` beats in which each value of an entry `(value, place)` is at its place, and 0 elsewhere: the
/// inverse of [`compact`](super::compact) where values leave it with their places, as many entries a beat as lanes. An entry with the value 0 is
/// none. It takes a clock cycle for each beat that it gives, and one for each that it takes but the last.
#[track_caller]
pub fn scatter<'m>(
    entries: Stream<'m, Vec<(Signal<'m>, Signal<'m>)>>,
    beats: usize,
) -> Stream<'m, Vec<Signal<'m>>> {
    let m = entries.module();
    let count = entries.payload().len();
    let shape = entries.payload().clone();
    let flag = |name: &str| m.register(Range::condition(), 0).named(name);
    let (valid, ends) = (flag("scatter_valid"), flag("scatter_ends"));
    let beat = m.register(Range::new(0, beats - 1), 0).named("scatter_beat");
    let row: Vec<_> = shape
        .iter()
        .enumerate()
        .map(|(lane, (value, place))| {
            let register = |signal: &Signal<'m>, name| {
                m.unreset_register(signal.ty()).named(format!("scatter_{name}_{lane}"))
            };
            (register(value, "value"), register(place, "place"))
        })
        .collect();
    let held: Vec<(Signal<'m>, Signal<'m>)> =
        row.iter().map(|(value, place)| (value.get(), place.get())).collect();
    // A step gives what the held entries have for this beat, and ends it where they have more for later ones.
    let first = beat.get() * count as i64;
    let later = held.iter().map(|(value, place)| value.ne(0) & (*place - first).ge(count as i64));
    let later = later.reduce(|a, b| a | b).expect("at least one lane").named("scatter_later");
    let beat_ends = (later | ends.get()).named("scatter_beat_ends");
    let (steps, ready) = Stream::offer("scatter_step", valid.get(), Some(beat_ends), (held, beat.get()));
    let steps_on = (valid.get() & ready).named("scatter_steps");
    let frame_ends = ends.get() & beat.get().eq(beats as i64 - 1);
    let released = steps_on & (!beat_ends | frame_ends);
    beat.set_when(steps_on & beat_ends, beat.get().counted(beat.get().eq(beats as i64 - 1)));
    let taken = entries.take(!valid.get() | released);
    valid.set(taken.passes | (valid.get() & !released));
    ends.set_when(taken.passes, taken.last.unwrap_or_else(|| m.always()));
    for ((value, place), (new_value, new_place)) in row.iter().zip(taken.payload) {
        value.set_when(taken.passes, new_value);
        place.set_when(taken.passes, new_place);
    }
    let found = steps.map(|(entries, beat)| {
        let first = beat * count as i64;
        let lane = |lane: usize| {
            let hits =
                entries.iter().map(|(value, place)| ((*place - first).eq(lane as i64) & value.ne(0), *value));
            hits.fold((m.never(), m.constant(0)), |(any, found), (hit, value)| {
                (any | hit, hit.mux(value, found))
            })
        };
        (0..count).map(lane).collect::<Vec<_>>()
    });
    let ranges: Vec<Range> = shape.iter().map(|(value, _)| value.range().union(&Range::only(0))).collect();
    let frames = found.fold("scatter_lane", &ranges, &vec![0; count], |lanes, found| {
        lanes.into_iter().zip(found).map(|(lane, (hit, value))| hit.mux(value, lane)).collect()
    });
    frames.framed(beats)
}
