//! Leaving out: the kept lanes of all beats of a frame one after the other, as many a beat as before.

use super::adder_tree::tree;
use crate::hdl::{Payload, Range, Registers, Signal, Stream, Type};

/// A lane of a beat, and whether it is kept.
#[derive(Clone)]
pub struct Flagged<'m, P> {
    pub flag: Signal<'m>,
    pub lane: P,
}

crate::payload!(Flagged<P> { flag, lane });

/// A beat whose flagged lanes are in front, and how many they are.
#[derive(Clone)]
struct Front<'m, P> {
    lanes: Vec<Flagged<'m, P>>,
    kept: Signal<'m>,
}

crate::payload!(Front<P> { lanes, kept });

/// A beat, how many lanes were held before it, and how many they are with those of the beat.
#[derive(Clone)]
struct Counted<'m, P> {
    lanes: Vec<Flagged<'m, P>>,
    held: Signal<'m>,
    total: Signal<'m>,
}

crate::payload!(Counted<P> { lanes, held, total });

/// The lanes with a flag of 1, in their order, in frames of their own: full beats, then one that is filled up with zeros. A
/// frame without any is a beat of zeros. Without `last` each beat is a frame; the result is framed.
///
/// A beat a clock cycle; a frame whose last beat leaves more than a beat takes one more. Lanes move to the front of
/// their beat, turn by as many places as lanes are held already, and wait in a row of registers until it is sure that they
/// are not the frame's last.
#[track_caller]
pub fn compact<'m, P: Payload<'m>>(stream: Stream<'m, Vec<Flagged<'m, P>>>) -> Stream<'m, Vec<P>> {
    let doc = "the kept lanes of a frame, one next to the other";
    stream
        .module()
        .part("compact", doc, |part| part.output_stream("y", compacted(part.input_stream("x", stream))))
}

fn compacted<'m, P: Payload<'m>>(stream: Stream<'m, Vec<Flagged<'m, P>>>) -> Stream<'m, Vec<P>> {
    let m = stream.module();
    let count = stream.payload().len();
    let (most, held) = (count as i64, Range::new(0, count));
    let front = stream.map(|lanes| {
        let flags: Vec<Signal<'m>> = lanes.iter().map(|lane| lane.flag).collect();
        Front { lanes: to_front(lanes), kept: tree(&flags, &mut |a, b| a + b).named("compact_kept") }
    });
    let counted = front.scan("compact_held", &held, &[0], |now, Front { lanes, kept }, last| {
        let total = (now + kept).named("compact_total");
        let over = total.gt(most);
        let rest = (total - most).assume_when(over, held.clone());
        let left = over.mux(rest, total.assume_when(!over, held.clone()));
        (last.mux(0, left), Counted { lanes, held: now, total })
    });
    let turned =
        counted.map(|Counted { lanes, held, total }| Counted { lanes: turn(lanes, held), held, total });

    // The beat that leaves, and whether the held lanes leave after it without another one coming.
    let valid = m.flag("compact_valid");
    let last = m.unreset_register(Range::condition()).named("compact_last");
    let rest = m.flag("compact_rest");
    let rest_count = m.unreset_register(held).named("compact_rest_count");
    let Counted { lanes, held, total } = turned.payload().clone();
    let registers = |name: &str, of: fn(Type) -> Type| -> Vec<Registers<'m, P>> {
        let lanes = lanes.iter().enumerate();
        lanes.map(|(index, lane)| Registers::like(&format!("{name}_{index}"), &lane.lane, of)).collect()
    };
    let (rows, leaving) = (registers("compact_row", |ty| ty), registers("compact_leaving", with_zero));
    let payload: Vec<P> = leaving.iter().map(Registers::get).collect();
    let (result, ready) = Stream::offer("compact", valid.get(), Some(last.get()), payload);

    let goes = (!valid.get() | ready).named("compact_goes");
    let taken = turned.take(goes & !rest.get());
    let ends = taken.last.unwrap_or_else(|| m.always());
    let over = total.gt(most).named("compact_over");
    for (index, ((Flagged { flag, lane }, row), leaving)) in lanes.iter().zip(&rows).zip(&leaving).enumerate()
    {
        let index = index as i64;
        let waits = rest.get().mux(rest_count.get().gt(index), held.gt(index));
        let comes = !rest.get() & total.gt(index);
        row.set_when(taken.passes & *flag, lane);
        let fresh = lane.each("", |signal, _| gated(comes, signal));
        leaving.set_when(goes, &either(waits, &row.get(), &fresh));
    }
    valid.set_when(goes, rest.get() | (taken.valid & (over | ends)));
    last.set_when(goes, rest.get() | !over);
    rest.set((taken.passes & ends & over) | (rest.get() & !goes));
    rest_count.set_when(taken.passes, (total - most).saturate(rest_count.get().range()));
    result
}

/// The type that holds 0 too.
fn with_zero(ty: Type) -> Type {
    match ty {
        Type::Int(range) => Type::Int(range.union(&Range::only(0))),
        bits @ Type::Bits(_) => bits,
    }
}

/// `signal` where `flag`, else 0.
pub(super) fn gated<'m>(flag: Signal<'m>, signal: Signal<'m>) -> Signal<'m> {
    match signal.ty() {
        Type::Int(_) => flag.mux(signal, 0),
        Type::Bits(width) => flag.mux(signal, flag.module().bits(width, 0)),
    }
}

/// `then` where `flag`, else `otherwise`.
fn either<'m, P: Payload<'m>>(flag: Signal<'m>, then: &P, otherwise: &P) -> P {
    let pairs = then.signals().into_iter().zip(otherwise.signals());
    then.rebuild(&mut pairs.map(|(then, otherwise)| flag.mux(then, otherwise)))
}

/// For each flag, how many of those up to it are 1: prefix sums of the least depth.
pub(super) fn ranks<'m>(flags: &[Signal<'m>]) -> Vec<Signal<'m>> {
    let mut sums = flags.to_vec();
    let mut reach = 1;
    while reach < sums.len() {
        sums = (0..sums.len())
            .map(|place| if place < reach { sums[place] } else { sums[place] + sums[place - reach] })
            .collect();
        reach *= 2;
    }
    sums
}

/// A lane on its way to the front, and by how many places it moves.
#[derive(Clone)]
struct Moving<'m, P> {
    flagged: Flagged<'m, P>,
    by: Signal<'m>,
}

/// The flagged lanes first, in their order. Each moves by the number of lanes before it that are left out, by 1, then by 2,
/// then by 4 and so on, in which order none meets another (Warren, Hacker's Delight, section 7-4).
fn to_front<'m, P: Payload<'m>>(lanes: Vec<Flagged<'m, P>>) -> Vec<Flagged<'m, P>> {
    let m = lanes[0].flag.module();
    let count = lanes.len();
    let left_out = ranks(&lanes.iter().map(|lane| !lane.flag).collect::<Vec<_>>());
    let moves = std::iter::once(m.constant(0)).chain(left_out);
    let mut moving: Vec<Moving<'m, P>> =
        lanes.into_iter().zip(moves).map(|(flagged, by)| Moving { flagged, by }).collect();
    for step in 0..count.next_power_of_two().trailing_zeros() {
        let goes = |lane: &Moving<'m, P>| lane.flagged.flag & lane.by.bit(step);
        let stays = |lane: &Moving<'m, P>| lane.flagged.flag & !lane.by.bit(step);
        let arrival = |index: usize| {
            let here = &moving[index];
            let Some(there) = moving.get(index + (1 << step)) else {
                let flagged = Flagged { flag: stays(here), lane: here.flagged.lane.clone() };
                return Moving { flagged, by: here.by };
            };
            let comes = goes(there);
            let lane = either(comes, &there.flagged.lane, &here.flagged.lane);
            let flagged = Flagged { flag: comes | stays(here), lane };
            Moving { flagged, by: comes.mux(there.by, here.by) }
        };
        moving = (0..count).map(arrival).collect();
    }
    moving.into_iter().map(|lane| lane.flagged).collect()
}

/// Lane `i` at place `i + by`, around the end.
fn turn<'m, P: Payload<'m>>(mut lanes: Vec<P>, by: Signal<'m>) -> Vec<P> {
    let count = lanes.len();
    let by = if count.is_power_of_two() { by } else { by.eq(count as i64).mux(0, by) };
    for step in 0..count.next_power_of_two().trailing_zeros() {
        let distance = (1usize << step) % count;
        let turns = by.bit(step);
        lanes = (0..count)
            .map(|place| either(turns, &lanes[(place + count - distance) % count], &lanes[place]))
            .collect();
    }
    if count == 1 {
        by.module().ignore(by);
    }
    lanes
}
