//! The part of a link that stands at the pins: it is the same whatever the design, but for what it says that this is.

use super::packet::{HELLO, IDENTITY, REFUSED, TOLD};
use super::receive::{Packets, next_sum, packets};
use super::uart::{Rate, Sending, Transmitter, receiver};
use super::{crc, signals};
use crate::hdl::{Circuit, Module, Range, Signal, Timing, Type, unsigned};

/// What is being given.
const CONTENTS: i64 = 0;
const SUM: i64 = 1;
const ZERO: i64 = 4;

/// The circuit of the pins `rx` and `tx`, which says that it is `identity`, groups of 7 bits.
pub fn line(name: &str, rate: Rate, identity: [u8; IDENTITY], timing: Timing) -> Circuit {
    let m = Module::with_timing(name, timing);
    m.doc("the link at its pins: frames from bytes, and bytes from what there is to tell and from the frames of streams");
    let rx = m.input("rx", Range::condition());
    let told = signals::TOLD.map(|(name, bits)| m.input(name, unsigned(bits)));
    let frame = signals::FRAME.map(|(name, bits)| m.input(name, unsigned(bits)));
    let packets = packets(&m, receiver(&m, rx, rate));
    transmit(&m, rate, &packets, told, frame, identity);
    let Packets { data, byte, ends, good, kind, stream, position, is_ours, begins, session } = packets;
    let values = [data, byte, ends, good & is_ours, ends & !good, kind, stream, position, session];
    signals::PACKET.iter().zip(values).for_each(|((name, _), value)| m.output(*name, value));
    m.output("streams_rst", begins);
    finished(m)
}

/// A frame after the other: first the greeting, then what is told of streams into the design, then frames of those that come out.
fn transmit<'m>(
    m: &'m Module,
    rate: Rate,
    packets: &Packets<'m>,
    [told_due, told_stream, told_refused, told_expected, told_read]: [Signal<'m>; 5],
    [frame_there, frame_byte]: [Signal<'m>; 2],
    identity: [u8; IDENTITY],
) {
    let uart = Transmitter::new(m, rate);
    let _section = m.section("transmit");
    let sending = m.flag("sending");
    let stage = m.register(Range::new(CONTENTS, ZERO), CONTENTS).named("stage");
    let index = m.register(unsigned(4), 0).named("byte_index");
    let (tells, greets) = (m.flag("tells"), m.flag("greets"));
    let hello_due = m.flag("hello_due");

    let between = !sending.get();
    let starts_hello = (between & hello_due.get()).named("starts_hello");
    let hears = (between & !hello_due.get() & told_due).named("hears");
    let picks = (between & !hello_due.get() & !told_due & frame_there).named("picks");
    let starts = starts_hello | hears | picks;
    hello_due.set(packets.begins | (hello_due.get() & !starts_hello));
    greets.set_when(starts, starts_hello);
    tells.set_when(starts, hears);
    let held = |signal: Signal<'m>, name: &str| {
        let register = m.unreset_register(signal.ty()).named(name);
        register.set_when(hears, signal);
        register.get()
    };
    let expected = held(told_expected, "expected_held").to_bits();
    let read = held(told_read, "read_held");
    let (stream, refused) = (held(told_stream, "stream_held"), held(told_refused, "refused_held"));

    let seven = |bits: Signal<'m>, lsb: u32| bits.slice(lsb, 7).int(unsigned(7));
    let kind = refused.mux(i64::from(REFUSED) << 5, i64::from(TOLD) << 5);
    let of_told = [
        m.constant(6 - 128),
        (kind + stream).wrap(unsigned(7)),
        packets.session,
        seven(expected, 0),
        seven(expected, 7),
        read,
        m.constant(0),
        m.constant(0),
    ];
    let of_told = index.get().wrap(unsigned(3)).choose(&of_told).wrap(unsigned(7));
    let greeting = [16 - 128, i64::from(HELLO) << 5].map(|number| m.constant(number));
    let own = identity.iter().map(|bits| m.constant(i64::from(*bits)));
    let of_hello: Vec<Signal<'m>> = greeting.into_iter().chain([packets.session]).chain(own).collect();
    let of_hello = index.get().choose(&of_hello).wrap(unsigned(7));
    let mark = index.get().ne(0);
    let ours = m.concat(&[greets.get().mux(of_hello, of_told), mark]).int(unsigned(8)).named("told_byte");
    let ours_ends = index.get().eq(greets.get().mux(15, 5));
    let is_data = !(greets.get() | tells.get());

    let free = (sending.get() & uart.is_free()).named("line_free");
    let at_contents = stage.get().eq(CONTENTS);
    let data_ends = at_contents & is_data & frame_byte.eq(0);
    let gives = (free & !data_ends).named("gives");
    let moves = free & at_contents & is_data;
    let leaves = free & at_contents & (is_data.mux(frame_byte.eq(0), ours_ends));
    let at_zero = stage.get().eq(ZERO);
    let on = (stage.get() + 1).wrap(unsigned(3)).assume_when(gives & !at_zero, Range::new(CONTENTS, ZERO));
    let next = leaves.mux(SUM, (gives & !at_contents).mux(at_zero.mux(CONTENTS, on), stage.get()));
    stage.set(next.wrap(unsigned(3)).assume(Range::new(CONTENTS, ZERO)));
    index.set(starts.mux(0, (index.get() + (gives & at_contents)).wrap(unsigned(4))));
    sending.set(starts | (sending.get() & !(gives & at_zero)));

    // Bits of the sum go straight from where it is made.
    let of_contents = m.flag("of_contents");
    of_contents.set_when(gives, at_contents);
    let of_sum = m.flag("of_sum");
    of_sum.set_when(gives, !at_contents & !at_zero);
    let sum = m.register(Type::Bits(crc::BITS), 0).named("sum");
    let top = sum.get().slice(crc::BITS - 1, 1).int(Range::condition());
    let (last, bit) = (uart.is_last(), uart.bit());
    let out = of_sum.get().mux(last.mux(1, top), bit).named("bit_out");
    let byte = at_zero.mux(0, is_data.mux(frame_byte, ours)).wrap(unsigned(8));
    let Sending { line, bit_begins } = uart.send(gives, byte, out);
    // When its bits have been given it is zero again.
    let fed = of_contents.get() & bit;
    let feedback = of_contents.get() & top;
    let steps = bit_begins & (of_contents.get() | (of_sum.get() & !last));
    sum.set_when(steps, next_sum(m, sum.get(), feedback ^ fed));
    m.output("tx", line);
    let values = [between, picks, moves, hears];
    signals::TURN.iter().zip(values).for_each(|((name, _), value)| m.output(*name, value));
}

/// The circuit of a description of ours.
pub(crate) fn finished(m: Module) -> Circuit {
    m.finish().unwrap_or_else(|violations| {
        let violations: Vec<String> = violations.iter().map(ToString::to_string).collect();
        panic!("a circuit of ours:\n{}", violations.join("\n"))
    })
}
