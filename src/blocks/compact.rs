//! Leaving out: the kept lanes of all beats of a frame behind each other, as many a beat as before.

use super::adder_tree::tree;
use crate::hdl::{Payload, Range, Signal, Stream, Type};

/// The lanes with a flag of 1, in their order, in frames of their own: full beats, then one that is filled up with zeros. A
/// frame without any is a beat of zeros. Without `last` each beat is a frame; the result is framed.
///
/// A beat a clock cycle; a frame whose last beat leaves more than a beat behind takes one more. Lanes move to the front of
/// their beat, turn by as many places as lanes are held already, and wait in a row of registers until it is sure that they
/// are not the frame's last.
#[track_caller]
pub fn compact<'m, P: Payload<'m>>(stream: Stream<'m, Vec<(Signal<'m>, P)>>) -> Stream<'m, Vec<P>> {
    let doc = "the kept lanes of a frame, one next to the other";
    stream
        .module()
        .part("compact", doc, |part| part.output_stream("y", compacted(part.input_stream("x", stream))))
}

fn compacted<'m, P: Payload<'m>>(stream: Stream<'m, Vec<(Signal<'m>, P)>>) -> Stream<'m, Vec<P>> {
    let m = stream.module();
    let count = stream.payload().len();
    let (most, held) = (count as i64, Range::new(0, count));
    let front = stream.map(|lanes| {
        let flags: Vec<Signal<'m>> = lanes.iter().map(|(flag, _)| *flag).collect();
        (to_front(lanes), tree(&flags, &mut |a, b| a + b))
    });
    let counted = front.scan("compact_held", &held, &[0], |now, (lanes, kept), last| {
        let total = (now + kept).named("compact_total");
        let over = total.gt(most);
        let rest = (total - most).assume_when(over, held.clone());
        let left = over.mux(rest, total.assume_when(!over, held.clone()));
        (last.mux(0, left), (lanes, now, total))
    });
    let turned = counted.map(|(lanes, held, total)| (turn(lanes, held), held, total));

    // The beat that leaves, and whether the held lanes leave behind it without another one coming.
    let valid = m.register(Range::condition(), 0).named("compact_valid");
    let last = m.unreset_register(Range::condition()).named("compact_last");
    let rest = m.register(Range::condition(), 0).named("compact_rest");
    let rest_count = m.unreset_register(held).named("compact_rest_count");
    let (lanes, held, total) = turned.payload().clone();
    let shapes: Vec<P> = lanes.iter().map(|(_, lane)| lane.clone()).collect();
    let rows: Vec<Vec<_>> = shapes
        .iter()
        .map(|lane| lane.signals().iter().map(|signal| m.unreset_register(signal.ty())).collect())
        .collect();
    let leaving: Vec<Vec<_>> = shapes
        .iter()
        .map(|lane| lane.signals().iter().map(|signal| m.unreset_register(with_zero(signal.ty()))).collect())
        .collect();
    let payload = shapes.iter().zip(&leaving).map(|(lane, registers)| {
        let signals = registers.iter().enumerate();
        lane.rebuild(
            &mut signals.map(|(part, register)| register.named(format!("compact_leaving_{part}")).get()),
        )
    });
    let (result, ready) =
        Stream::offer("compact", valid.get(), Some(last.get()), payload.collect::<Vec<P>>());

    let goes = (!valid.get() | ready).named("compact_goes");
    let taken = turned.take(goes & !rest.get());
    let ends = taken.last.unwrap_or_else(|| m.always());
    let over = total.gt(most).named("compact_over");
    for (place, (kept, lane)) in lanes.iter().enumerate() {
        let place_here = place as i64;
        let waits = rest.get().mux(rest_count.get().gt(place_here), held.gt(place_here));
        let comes = !rest.get() & total.gt(place_here);
        for ((signal, row), leaves) in lane.signals().into_iter().zip(&rows[place]).zip(&leaving[place]) {
            let row = row.named(format!("compact_row_{place}"));
            row.set_when(taken.passes & *kept, signal);
            leaves.set_when(goes, waits.mux(row.get(), gated(comes, signal)));
        }
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

/// The flagged lanes first, in their order. Each moves by the number of lanes before it that are left out, by 1, then by 2,
/// then by 4 and so on, in which order none meets another (Warren, Hacker's Delight, section 7-4).
fn to_front<'m, P: Payload<'m>>(lanes: Vec<(Signal<'m>, P)>) -> Vec<(Signal<'m>, P)> {
    let m = lanes[0].0.module();
    let count = lanes.len();
    let left_out = ranks(&lanes.iter().map(|(flag, _)| !*flag).collect::<Vec<_>>());
    let moves = std::iter::once(m.constant(0)).chain(left_out);
    let mut moving: Vec<((Signal<'m>, Signal<'m>), P)> =
        lanes.into_iter().zip(moves).map(|((flag, lane), by)| ((flag, by), lane)).collect();
    for step in 0..count.next_power_of_two().trailing_zeros() {
        let goes = |((flag, by), _): &((Signal<'m>, Signal<'m>), P)| *flag & by.bit(step);
        let stays = |((flag, by), _): &((Signal<'m>, Signal<'m>), P)| *flag & !by.bit(step);
        let arrival = |place: usize| {
            let here = &moving[place];
            let Some(there) = moving.get(place + (1 << step)) else {
                return ((stays(here), here.0.1), here.1.clone());
            };
            let comes = goes(there);
            ((comes | stays(here), comes.mux(there.0.1, here.0.1)), either(comes, &there.1, &here.1))
        };
        moving = (0..count).map(arrival).collect();
    }
    moving.into_iter().map(|((flag, _), lane)| (flag, lane)).collect()
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
