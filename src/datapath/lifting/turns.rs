//! Streams by turns: one of several passes at a time.

use crate::datapath::LaneStream;
use crate::hdl::{Signal, Stages, Stream};

/// The stream of number `choice`, which changes but where a beat passes; the others wait.
#[track_caller]
pub fn chosen<'m>(name: &str, choice: Signal<'m>, streams: Vec<LaneStream<'m>>) -> LaneStream<'m> {
    let valids: Vec<Signal<'m>> = streams.iter().map(Stream::valid).collect();
    let lanes = streams[0].payload().len();
    let lane = |lane: usize| {
        let values: Vec<Signal<'m>> = streams.iter().map(|stream| stream.payload()[lane]).collect();
        choice.choose(&values)
    };
    let (stream, ready) =
        Stream::offer(name, choice.choose(&valids), None, (0..lanes).map(lane).collect::<Vec<_>>());
    let stages = streams.iter().map(Stream::stages).reduce(Stages::meet).expect("streams");
    for (number, other) in streams.into_iter().enumerate() {
        other.unframed().take(ready & choice.eq(number as i64));
    }
    stream.after(stages)
}

/// `count` streams of which number `choice` gets each beat.
#[track_caller]
pub fn routed<'m>(
    name: &str,
    choice: Signal<'m>,
    stream: LaneStream<'m>,
    count: usize,
) -> Vec<LaneStream<'m>> {
    let branch = |number: usize| {
        let valid = stream.valid() & choice.eq(number as i64);
        let (branch, ready) =
            Stream::offer(format!("{name}_{number}"), valid, stream.last(), stream.payload().clone());
        (branch.after(stream.stages()), ready)
    };
    let (streams, readies): (Vec<_>, Vec<_>) = (0..count).map(branch).unzip();
    stream.take(choice.choose(&readies));
    streams
}
