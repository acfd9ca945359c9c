//! Putting back what [`compact`](super::compact) left out: zeros between values, by a bitmap or by indices.

use super::compact::{Flagged, gated, ranks};
use crate::hdl::{Range, Registers, Signal, Stream};

/// What each lane of a beat is found by.
#[derive(Clone)]
struct Wanted<'m> {
    /// The held row of values, from the first that is not used up, around the end.
    window: Vec<Signal<'m>>,
    /// How many of the flags up to this one are 1.
    upto: Vec<Signal<'m>>,
    flags: Vec<Signal<'m>>,
    /// How many values of the held row are used up.
    at: Signal<'m>,
}

crate::payload!(Wanted { window, upto, flags, at });

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
    let row = |name: &str| Registers::like(name, values.payload(), |ty| ty);
    let (valid, last) = (m.flag("expand_valid"), flags.is_framed().then(|| m.flag("expand_last")));
    // How many values of the held row are used up, and the row after it. A frame starts with a row of its own.
    let at = m.register(used.clone(), most).named("expand_at");
    let starts = m.register(Range::condition(), 1).named("expand_starts");
    let (held, next, next_valid) = (row("expand_held"), row("expand_next"), m.flag("expand_next_valid"));

    let flags = flags.map(|flags| (ranks(&flags), flags));
    let (upto, flagged) = flags.payload().clone();
    let total = (at.get() + upto[count - 1]).named("expand_total");
    let needs = (starts.get() | total.gt(most)).named("expand_needs");
    let (held_now, next_now) = (held.get(), next.get());
    let window = held_now.iter().zip(&next_now).enumerate();
    let window = window.map(|(lane, (held, next))| at.get().le(lane as i64).mux(*held, *next)).collect();
    // What is given is kept in registers until it passes, so that neither side waits for the other in one clock cycle.
    let wanted = Wanted { window, upto, flags: flagged, at: at.get() };
    let given = Registers::like("expand", &wanted, |ty| ty);
    let (stream, ready) = Stream::offer("expand", valid.get(), last.map(|last| last.get()), given.get());
    let goes = (!valid.get() | ready).named("expand_goes");
    let taken = flags.take(goes & (!needs | next_valid.get()));
    let uses = (taken.passes & needs).named("expand_uses");
    let filled = values.take(!next_valid.get() | uses);
    if let Some(last) = filled.last {
        m.ignore(last);
    }
    next_valid.set((filled.passes) | (next_valid.get() & !uses));
    held.set_when(uses, &next_now);
    next.set_when(filled.passes, &filled.payload);
    let ends = taken.last.unwrap_or_else(|| m.always());
    let fresh = (total - most).assume_when(needs, Range::new(0, count));
    let left = needs.mux(fresh, total.assume_when(!needs, used));
    at.set_when(taken.passes, ends.mux(most, left));
    starts.set_when(taken.passes, ends);
    valid.set_when(goes, taken.passes);
    given.set_when(taken.passes, &wanted);
    if let Some((register, last)) = last.zip(taken.last) {
        register.set_when(taken.passes, last);
    }
    stream.map(|Wanted { window, upto, flags, at }| {
        let lane = |(upto, flag): (&Signal<'m>, &Signal<'m>)| {
            // The index after the values of the lanes before this one, around the end.
            let index = at + *upto - *flag;
            let around = index.ge(most).mux(index - most, index);
            let around = around.saturate(Range::new(0, count - 1));
            gated(*flag, around.choose(&window))
        };
        upto.iter().zip(&flags).map(lane).collect()
    })
}

/// A value and its index in a frame.
#[derive(Clone)]
pub struct Entry<'m> {
    pub value: Signal<'m>,
    pub index: Signal<'m>,
}

crate::payload!(Entry { value, index });

/// Entries, and a beat of the frame that they are in.
#[derive(Clone)]
struct Step<'m> {
    entries: Vec<Entry<'m>>,
    beat: Signal<'m>,
}

crate::payload!(Step { entries, beat });

/// Frames of `beats` beats in which each value of an entry is at its index, and 0 elsewhere: the inverse of
/// [`compact`](super::compact) where values leave it with their indices, as many entries a beat as lanes. An entry with the value 0 is
/// none. It takes a clock cycle for each beat that it gives, and one for each that it takes but the last.
#[track_caller]
pub fn scatter<'m>(entries: Stream<'m, Vec<Entry<'m>>>, beats: usize) -> Stream<'m, Vec<Signal<'m>>> {
    let m = entries.module();
    let count = entries.payload().len();
    let (valid, ends) = (m.flag("scatter_valid"), m.flag("scatter_ends"));
    let beat = m.register(Range::new(0, beats - 1), 0).named("scatter_beat");
    let row = Registers::like("scatter", entries.payload(), |ty| ty);
    let held = row.get();
    // A step gives what the held entries have for this beat, and ends it where they have more for later ones.
    let first = beat.get() * count as i64;
    let later = held.iter().map(|entry| entry.value.ne(0) & (entry.index - first).ge(count as i64));
    let later = later.reduce(|a, b| a | b).expect("at least one lane").named("scatter_later");
    let beat_ends = (later | ends.get()).named("scatter_beat_ends");
    let ranges: Vec<Range> = held.iter().map(|entry| entry.value.range().union(&Range::only(0))).collect();
    let step = Step { entries: held, beat: beat.get() };
    let (steps, ready) = Stream::offer("scatter_step", valid.get(), Some(beat_ends), step);
    let steps_on = (valid.get() & ready).named("scatter_steps");
    let frame_ends = ends.get() & beat.get().eq(beats as i64 - 1);
    let released = steps_on & (!beat_ends | frame_ends);
    beat.set_when(steps_on & beat_ends, beat.get().next_count(beat.get().eq(beats as i64 - 1)));
    let taken = entries.take(!valid.get() | released);
    valid.set(taken.passes | (valid.get() & !released));
    ends.set_when(taken.passes, taken.last.unwrap_or_else(|| m.always()));
    row.set_when(taken.passes, &taken.payload);
    let found = steps.map(|Step { entries, beat }| {
        let first = beat * count as i64;
        let lane = |lane: usize| {
            let hits = entries
                .iter()
                .map(|entry| ((entry.index - first).eq(lane as i64) & entry.value.ne(0), entry.value));
            let (flag, lane) = hits.fold((m.never(), m.constant(0)), |(any, found), (hit, value)| {
                (any | hit, hit.mux(value, found))
            });
            Flagged { flag, lane }
        };
        (0..count).map(lane).collect::<Vec<_>>()
    });
    let frames = found.fold("scatter_lane", &ranges, &vec![0; count], |lanes, found| {
        lanes.into_iter().zip(found).map(|(lane, hit)| hit.flag.mux(hit.lane, lane)).collect()
    });
    frames.framed(beats)
}
