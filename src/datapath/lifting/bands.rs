//! Subbands as streams of their own: what a transform's beats bring together leaves apart.

use super::pairs::registers;
use crate::hdl::{Payload, Range, Signal, Stream};

/// The values of those beats that have one, with `last` at the last of each frame; a frame without values has no beats. A beat
/// is a value and whether it exists. A value waits until the next one comes or the frame ends, as only then it is known
/// whether it is the last. All is a part `name` of the module.
#[track_caller]
pub fn existing<'m, P: Payload<'m>>(name: &str, stream: Stream<'m, (P, Signal<'m>)>) -> Stream<'m, P> {
    let (value, exists) = stream.payload().clone();
    if exists.constant_value().is_some_and(|exists| exists == 1.into()) {
        return stream.with_payload(value);
    }
    let doc = "the values that exist, each once it is known whether it is its frame's last";
    stream.module().part(name, doc, |part| {
        let value = part.input("value", value);
        let exists = part.input("exists", exists);
        part.output_stream(
            "y",
            held_until_known(part.input_stream("x", stream.with_payload((value, exists)))),
        )
    })
}

#[track_caller]
fn held_until_known<'m, P: Payload<'m>>(stream: Stream<'m, (P, Signal<'m>)>) -> Stream<'m, P> {
    let m = stream.module();
    let (value, exists) = stream.payload().clone();
    let flag = |what: &str| m.register(Range::condition(), 0).named(what);
    let (full, ended) = (flag("full"), flag("ended"));
    let signals = value.signals();
    let held = registers(m, "held", &signals);
    let last = stream.last().expect("bands are framed");
    // The frame of the value that is held ends here without another one.
    let ends = (last & !exists & full.get() & !ended.get()).named("ends");
    let valid = full.get() & (ended.get() | (stream.valid() & (exists | ends)));
    let payload = value.rebuild(&mut held.iter().map(|register| register.get()));
    let (result, ready) = Stream::offer("y", valid, Some(ended.get() | (stream.valid() & ends)), payload);
    let waits = (exists & full.get()) | ends;
    let taken = stream.take(!waits | ready);
    let comes = taken.passes & exists;
    held.iter().zip(&signals).for_each(|(register, value)| register.set_when(comes, *value));
    ended.set_when(comes, last);
    full.set(comes | (full.get() & !(valid & ready)));
    result.after(taken.stages)
}
