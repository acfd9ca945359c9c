//! A frame, held and given again and again.

use super::walk::{Loop, Walk};
use crate::hdl::{Payload, Range, Register, Signal, Stream, unsigned};
use crate::stream::timeline::{Channel, Repeat, Replay, Timeline};

/// Each frame of `beats` beats `passes` times, each pass a frame of its own. While one frame is given, the next one is
/// taken: without stalls a beat leaves in every clock cycle. The two frames lie in one memory; the payload's ranges
/// widen to the words that hold them. Frames end with `last`, or are counted where there is none. A frame of one beat is held where it
/// comes from.
#[track_caller]
pub fn replay<'m, P: Payload<'m>>(stream: Stream<'m, P>, beats: usize, passes: usize) -> Stream<'m, P> {
    if beats == 1 {
        return stream.unframed().repeated(passes);
    }
    if passes == 1 {
        return stream;
    }
    let doc = format!("each frame of {beats} beats {passes} times; the next one is taken meanwhile");
    replay_walk(stream, &Walk::new([Loop::Again(passes), Loop::Each(beats)]), doc)
}

/// The beats of each frame in the order of the numbers of `walk`, of which there are as many as beats; each run of its innermost loop is a
/// frame, if that counts. Otherwise as [`replay`].
#[track_caller]
pub fn replay_walk<'m, P: Payload<'m>>(
    stream: Stream<'m, P>,
    walk: &Walk,
    doc: impl Into<String>,
) -> Stream<'m, P> {
    stream.module().part("replay", doc, |part| {
        let replayed = replayed(part.input_stream("x", stream), walk);
        part.output_stream("replayed", replayed)
    })
}

/// [`replay`] as a timed run.
pub fn timed_replay(t: &mut Timeline, stream: Channel, beats: usize, passes: usize) -> Channel {
    match (beats, passes) {
        (_, 1) => stream,
        (1, _) => t.through(stream, 0, Repeat::new(passes, passes)),
        _ => t.part("replay", |t| {
            let x = t.crossing(stream, "x");
            let replayed = t.through(x, 1, Replay::new(beats, passes));
            t.crossing(replayed, "replayed")
        }),
    }
}

/// Words of the memory of a replay of frames of so many beats.
pub fn replay_words(beats: usize) -> usize {
    if beats == 1 { 0 } else { 2 * beats.next_power_of_two() }
}

fn replayed<'m, P: Payload<'m>>(stream: Stream<'m, P>, walk: &Walk) -> Stream<'m, P> {
    let m = stream.module();
    let _section = m.section("replay");
    let beats = walk.count();
    let place_range = unsigned(Range::new(0, beats - 1).width());
    let address = |bank: Signal<'m>, place: Signal<'m>| {
        m.concat(&[place.to_bits_of(&place_range), bank.to_bits()]).int(unsigned(place_range.width() + 1))
    };

    let shape = stream.payload().clone();
    let word = shape.word();
    let memory = m.memory("replay_frames", 2 << place_range.width(), word.ty());
    let full = ["replay_full_0", "replay_full_1"].map(|name| m.flag(name));

    let fill_bank = m.flag("replay_fill_bank");
    let fill_place = m.register(Range::new(0, beats - 1), 0).named("replay_fill_place");
    let taken = stream.take(fill_bank.get().mux(!full[1].get(), !full[0].get()));
    let fill_end = fill_place.get().eq(beats as i64 - 1);
    let filled = taken.passes & taken.last.unwrap_or(if beats == 1 { m.always() } else { fill_end });
    memory.write_when(taken.passes, address(fill_bank.get(), fill_place.get()), word);
    fill_place.set_when(taken.passes, fill_place.get().next_count(fill_end));
    fill_bank.set(fill_bank.get() ^ filled);

    let bank = m.flag("replay_bank");
    let counters: Vec<Register<'m>> = walk.counters(m, ["replay_place", "replay_pass"]);
    let digits: Vec<Signal<'m>> = counters.iter().map(|counter| counter.get()).collect();
    let (next, ends) = walk.next(m, &digits);
    let valid = bank.get().mux(full[1].get(), full[0].get());
    let place = walk.number(m, &digits);
    let (addresses, ready) =
        Stream::offer("replay", valid, walk.run_ends(&digits), address(bank.get(), place));
    let given = valid & ready;
    let frame_given = (given & ends).named("replay_done");
    counters.iter().zip(next).for_each(|(counter, next)| counter.set_when(given, next));
    bank.set(bank.get() ^ frame_given);
    for (index, full) in full.into_iter().enumerate() {
        let is = |bank: Signal<'m>| if index == 1 { bank } else { !bank };
        full.set((filled & is(fill_bank.get())) | (full.get() & !(frame_given & is(bank.get()))));
    }

    addresses
        .after(taken.stages.plus(1))
        .map(|address| shape.cut(memory.read(address)).each("replayed", |signal, name| signal.hint(name)))
}
