//! A frame, held and given again and again.

use crate::hdl::{Payload, Range, Signal, Stream, unsigned};

/// Each frame of `beats` beats `passes` times, each pass a frame of its own. While one frame is given, the next one is
/// taken: without stalls a beat leaves in every clock cycle. The two frames lie in one memory; the payload's ranges
/// widen to the words that hold them.
///
/// # Panics
/// If the stream is not framed though its frames have more than one beat.
#[track_caller]
pub fn replay<'m, P: Payload<'m>>(stream: Stream<'m, P>, beats: usize, passes: usize) -> Stream<'m, P> {
    if passes == 1 {
        return stream;
    }
    assert!(beats == 1 || stream.is_framed(), "a replay of frames of {beats} beats wants a framed stream");
    let doc = format!("each frame of {beats} beats {passes} times; the next one is taken meanwhile");
    stream.module().part("replay", doc, |part| {
        let replayed = replayed(part.input_stream("x", stream), beats, passes);
        part.output_stream("replayed", replayed)
    })
}

fn replayed<'m, P: Payload<'m>>(stream: Stream<'m, P>, beats: usize, passes: usize) -> Stream<'m, P> {
    let m = stream.module();
    let _section = m.section("replay");
    let counter = |name: &str, count: usize| m.register(Range::new(0, count - 1), 0).named(name);
    let place_range = unsigned(Range::new(0, beats - 1).width());
    let address = |bank: Signal<'m>, place: Signal<'m>| {
        m.concat(&[place.to_bits_of(&place_range), bank.to_bits()]).int(unsigned(place_range.width() + 1))
    };

    let shape = stream.payload().clone();
    let word = shape.word();
    let memory = m.memory("replay_frames", 2 << place_range.width(), word.ty());
    let full = ["replay_full_0", "replay_full_1"].map(|name| m.flag(name));

    let (fill_bank, fill_place) = (m.flag("replay_fill_bank"), counter("replay_fill_place", beats));
    let taken = stream.take(fill_bank.get().mux(!full[1].get(), !full[0].get()));
    let filled = taken.last.map_or(taken.passes, |last| taken.passes & last);
    memory.write_when(taken.passes, address(fill_bank.get(), fill_place.get()), word);
    fill_place.set_when(taken.passes, fill_place.get().next_count(fill_place.get().eq(beats as i64 - 1)));
    fill_bank.set(fill_bank.get() ^ filled);

    let (bank, place) = (m.flag("replay_bank"), counter("replay_place", beats));
    let pass = counter("replay_pass", passes);
    let valid = bank.get().mux(full[1].get(), full[0].get());
    let place_end = place.get().eq(beats as i64 - 1);
    let pass_end = pass.get().eq(passes as i64 - 1);
    let last = (beats > 1).then_some(place_end);
    let (addresses, ready) = Stream::offer("replay", valid, last, address(bank.get(), place.get()));
    let given = valid & ready;
    let frame_given = (given & place_end & pass_end).named("replay_done");
    place.set_when(given, place.get().next_count(place_end));
    pass.set_when(given & place_end, pass.get().next_count(pass_end));
    bank.set(bank.get() ^ frame_given);
    for (index, full) in full.into_iter().enumerate() {
        let is = |bank: Signal<'m>| if index == 1 { bank } else { !bank };
        full.set((filled & is(fill_bank.get())) | (full.get() & !(frame_given & is(bank.get()))));
    }

    addresses
        .after(taken.stages.plus(1))
        .map(|address| shape.cut(memory.read(address)).each("replayed", |signal, name| signal.hint(name)))
}
