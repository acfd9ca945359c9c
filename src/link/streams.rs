//! The part of a link that stands at the streams of a design: a ring of bytes for each, and beats of bytes.

use super::beats::beat_bytes;
use super::line::finished;
use super::packet::{Asked, HEADER};
use super::{MOST_DATA, signals};
use crate::hdl::{Circuit, Module, Range, Register, Signal, Stream, Timing, unsigned};
use crate::stream::{Port, Ports};

/// Bytes of a block of a frame with its code, at most.
const MOST_BLOCK: i64 = (MOST_DATA + HEADER + 1) as i64;

/// Bytes of a frame in a ring, at most, are two to the power of this: with the zero after it.
const FRAME_BITS: u32 = 7;

/// The host hears of each eighth of a ring that becomes free, or of two to the power of this if that is more: some frames.
const TOLD_BITS: u32 = 8;

/// Bits of the rings of a design's streams, as powers of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rings {
    pub into: Vec<u32>,
    pub out: Vec<u32>,
}

impl Rings {
    /// A ring of 512 bytes for each stream: a block RAM of iCE40.
    pub fn least(ports: &Ports) -> Self {
        Self { into: vec![9; ports.inputs.len()], out: vec![9; ports.outputs.len()] }
    }
}

/// A stream among those of its direction.
#[derive(Clone, Copy)]
struct Place {
    number: usize,
    of: usize,
}

/// What the line says.
#[derive(Clone, Copy)]
struct FromLine<'m> {
    packet: [Signal<'m>; 9],
    turn: [Signal<'m>; 4],
}

impl<'m> FromLine<'m> {
    fn session(&self) -> Signal<'m> {
        self.packet[8]
    }

    /// Whether the packet asks this of this stream, one of so many: a host that knows the design names no other.
    fn is(&self, asked: Asked, Place { number, of }: Place) -> Signal<'m> {
        let [.., kind, for_stream, _, _] = self.packet;
        let is_kind = kind.eq(i64::from(asked.number()));
        match usize::BITS - (of - 1).leading_zeros() {
            0 => is_kind,
            bits => is_kind & for_stream.wrap(unsigned(bits)).eq(number as i64),
        }
    }

    fn position(&self, bits: u32) -> Signal<'m> {
        self.packet[7].wrap(unsigned(bits))
    }
}

/// The circuit between the line and the streams of `ports`: those that go into a design leave it, the others enter it.
///
/// # Panics
/// If there is not a ring for each stream, or it is not of 256 to 8,192 bytes; or if there are more than 32 streams a way.
pub fn streams(name: &str, ports: &Ports, rings: &Rings, timing: Timing) -> Circuit {
    assert!(
        rings.into.len() == ports.inputs.len() && rings.out.len() == ports.outputs.len(),
        "a ring for each stream"
    );
    assert!(rings.into.len() <= 32 && rings.out.len() <= 32, "the host names 32 streams a way");
    rings
        .into
        .iter()
        .chain(&rings.out)
        .for_each(|bits| assert!((8..=13).contains(bits), "a ring of 2^{bits} bytes"));
    let m = Module::with_timing(name, timing);
    m.doc("the link at the design: a ring of bytes for each stream");
    let line = FromLine {
        packet: signals::PACKET.map(|(name, bits)| m.input(name, unsigned(bits))),
        turn: signals::TURN.map(|(name, bits)| m.input(name, unsigned(bits))),
    };
    // One stream a way needs no number, and a way without any nothing of its own.
    m.ignore(line.packet[6]);
    let [data, byte, ends, _, broken, ..] = line.packet;
    let [between, picks, moves, hears] = line.turn;
    let of_inputs = [data, byte, ends, broken, hears].into_iter().filter(|_| ports.inputs.is_empty());
    let of_outputs = [between, picks, moves, line.session()].into_iter().filter(|_| ports.outputs.is_empty());
    of_inputs.chain(of_outputs).for_each(|signal| m.ignore(signal));
    let into: Vec<Told> = ports
        .inputs
        .iter()
        .zip(&rings.into)
        .enumerate()
        .map(|(stream, (port, bits))| {
            let place = Place { number: stream, of: ports.inputs.len() };
            let (bytes, told) = ring_in(&m, line, place, *bits);
            m.output_stream(&port.name, beats_of_bytes(bytes, port));
            told
        })
        .collect();
    let out: Vec<Frames> = ports
        .outputs
        .iter()
        .zip(&rings.out)
        .enumerate()
        .map(|(stream, (port, bits))| {
            let beats = m.input_stream(&port.name, port.is_framed(), &unsigned(port.width().max(1) as u32));
            let place = Place { number: stream, of: ports.outputs.len() };
            ring_out(&m, line, (place, *bits), bytes(beats, port))
        })
        .collect();
    told(&m, line, into);
    frames(&m, line, &out);
    finished(m)
}

/// The same words, each held until it is taken, so that no path of a design goes through the link. One comes in two cycles at most, which is far more than a
/// line carries.
fn held<'m>(words: Stream<'m, Signal<'m>>, name: &str) -> Stream<'m, Signal<'m>> {
    let m = words.module();
    let valid = m.flag(format!("{name}_held_valid"));
    let word = m.unreset_register(words.payload().ty()).named(format!("{name}_held"));
    let (held, ready) = Stream::offer(format!("{name}_held"), valid.get(), None, word.get());
    let taken = words.take(!valid.get());
    word.set_when(taken.passes, taken.payload);
    valid.set(taken.passes | (valid.get() & !ready));
    held
}

/// The beats of a port from their bytes.
pub fn beats_of_bytes<'m>(bytes: Stream<'m, Signal<'m>>, port: &Port) -> Stream<'m, Signal<'m>> {
    let width = port.width().max(1) as u32;
    let mut words = bytes.chunk_whole(beat_bytes(port)).map(|bytes| bytes[0].module().concat(&bytes));
    if port.is_framed() && !port.is_varying() {
        // Where frames have one length `last` is counted, and held with its beat.
        let beats = words.map(|word| word.slice(0, width)).framed(port.frame_beats());
        let last = beats.frame_end("a framed port");
        let word = beats.module().concat(&[*beats.payload(), last]);
        words = beats.unframed().with_payload(word);
    }
    let words = held(words, &port.name);
    let word = *words.payload();
    let last = port.is_framed().then(|| word.slice(width, 1).int(Range::condition()));
    let payload = word.slice(0, width).int(unsigned(width));
    let (beats, ready) = Stream::offer("beats", words.valid(), last, payload);
    words.take(ready);
    beats
}

/// The bytes of the beats of a port.
fn bytes<'m>(beats: Stream<'m, Signal<'m>>, port: &Port) -> Stream<'m, Signal<'m>> {
    let m = beats.module();
    let count = beat_bytes(port);
    let last = beats.last().filter(|_| port.is_varying());
    beats.last().filter(|_| !port.is_varying()).into_iter().for_each(|last| m.ignore(last));
    let bits = m.concat(&[&[*beats.payload()][..], last.as_slice()].concat());
    let padding = 8 * count as u32 - bits.width();
    let bits = if padding > 0 { m.concat(&[bits, m.bits(padding, 0)]) } else { bits };
    let words = held(beats.unframed().with_payload(bits), &port.name);
    let bytes = words.map(|bits| bits.lanes(count, &unsigned(8)));
    bytes.flatten(count)
}

/// What the host is to be told of a stream into the design.
struct Told<'m> {
    due: Register<'m>,
    refused: Register<'m>,
    /// What makes them due.
    sets: [Signal<'m>; 2],
    expected: Signal<'m>,
    read: Signal<'m>,
}

/// The bytes of `stream` from its ring of two to the power of `bits` bytes.
fn ring_in<'m>(
    m: &'m Module,
    line: FromLine<'m>,
    place: Place,
    bits: u32,
) -> (Stream<'m, Signal<'m>>, Told<'m>) {
    let stream = place.number;
    let name = format!("ring_in_{stream}");
    let _section = m.section(&name);
    let [data, byte, ends, good, broken, ..] = line.packet;
    let pointer = |what: &str| m.register(unsigned(bits + 1), 0).named(format!("{what}_{stream}"));
    let (written, expected, read) = (pointer("written"), pointer("expected"), pointer("read"));
    let address = |position: Signal<'m>| position.wrap(unsigned(bits));
    let more = |position: Signal<'m>, by: Signal<'m>| (position + by).wrap(unsigned(bits + 1));

    // A byte is written when it comes; that it was is only true when its frame has ended well.
    let for_us = line.is(Asked::Data, place).named(format!("data_for_{stream}"));
    let fits = line.position(bits + 1).eq(expected.get()).named(format!("fits_{stream}"));
    // No more than the ring is ever written, so that it is full where both differ in nothing but the highest bit.
    let is_far = written.get().bit(bits).ne(read.get().bit(bits));
    let full = (is_far & address(written.get()).eq(address(read.get()))).named(format!("full_{stream}"));
    let comes = data & for_us & fits;
    let writes = (comes & !full).named(format!("writes_{stream}"));
    let over = m.flag(format!("over_{stream}"));
    over.set(!ends & (over.get() | (comes & full)));
    let memory = m.memory(name.clone(), 1 << bits, unsigned(8));
    memory.write_when(writes, address(written.get()), byte);
    let takes = (good & for_us & fits & !over.get()).named(format!("takes_{stream}"));
    let back = takes.mux(written.get(), expected.get());
    written.set(ends.mux(back, more(written.get(), writes)));
    expected.set_when(takes, written.get());

    let there = read.get().ne(expected.get());
    let (addresses, ready) = Stream::offer(name, there, None, address(read.get()));
    read.set(more(read.get(), there & ready));
    let bytes = addresses.map(|address| memory.read(address));

    // The host hears when so much has become free, of what is refused, and where it asks with a frame without data.
    let part = read.get().bit(TOLD_BITS.max(bits - 3));
    let before = m.flag(format!("part_{stream}"));
    before.set(part);
    let filled = m.flag(format!("filled_{stream}"));
    filled.set(!ends & (filled.get() | data));
    let wrong = (broken | (good & for_us & !takes)).named(format!("wrong_{stream}"));
    let asked = good & for_us & !filled.get();
    let due = asked | wrong | before.get().ne(part);
    let told = Told {
        due: m.flag(format!("due_{stream}")),
        refused: m.flag(format!("refused_{stream}")),
        sets: [due, wrong],
        expected: expected.get(),
        // Its upper bits: the host need not know each byte.
        read: read.get() >> (bits + 1 - 7),
    };
    (bytes, told)
}

/// What the host is told next: of the first stream of which something is due.
fn told<'m>(m: &'m Module, line: FromLine<'m>, streams: Vec<Told<'m>>) {
    let _section = m.section("told");
    let [_, _, _, hears] = line.turn;
    let mut none_before = m.always();
    let mut chosen = [m.constant(0); 4];
    let mut turns = Vec::new();
    for (number, stream) in streams.iter().enumerate() {
        let due = stream.due.get();
        let turn = none_before & due;
        let own = [m.constant(number as i64), stream.refused.get(), stream.expected, stream.read];
        chosen = match number {
            0 => own,
            _ => std::array::from_fn(|part| turn.mux(own[part], chosen[part])),
        };
        turns.push(turn & hears);
        none_before = none_before & !due;
    }
    for (stream, heard) in streams.iter().zip(turns) {
        let [due, wrong] = stream.sets;
        stream.due.set(due | (stream.due.get() & !heard));
        stream.refused.set(wrong | (stream.refused.get() & !heard));
    }
    let values = [!none_before].into_iter().chain(chosen);
    for ((name, bits), value) in signals::TOLD.iter().zip(values) {
        m.output(*name, value.wrap(unsigned(*bits)));
    }
}

/// The frames of a stream that comes out of the design.
struct Frames<'m> {
    bits: u32,
    there: Signal<'m>,
    byte: Signal<'m>,
    /// Where the next byte is, what is kept as the host may not have it, and whether that is to be given again.
    sent: Register<'m>,
    kept: Register<'m>,
    repeats: Register<'m>,
    /// Whether the host asks for it, and whether it has all before `position`.
    again: Signal<'m>,
    have: Signal<'m>,
    position: Signal<'m>,
}

/// Frames of `bytes` in a ring of two to the power of `bits` bytes: stuffed, each with a zero after it.
fn ring_out<'m>(
    m: &'m Module,
    line: FromLine<'m>,
    (place, bits): (Place, u32),
    bytes: Stream<'m, Signal<'m>>,
) -> Frames<'m> {
    let stream = place.number;
    let name = format!("ring_out_{stream}");
    let _section = m.section(&name);
    let pointer = |what: &str| m.register(unsigned(bits + 1), 0).named(format!("{what}_{stream}"));
    let (filled, whole, sent, kept) = (pointer("filled"), pointer("whole"), pointer("sent"), pointer("kept"));
    let flag = |what: &str| m.flag(format!("{what}_{stream}"));
    let address = |position: Signal<'m>| position.wrap(unsigned(bits));
    let memory = m.memory(name, 1 << bits, unsigned(8));
    let [between, ..] = line.turn;

    // A frame is begun, its header is written, then its data; then its last code and a zero.
    let (open, closing, repeats) = (flag("open"), flag("closing"), flag("repeats"));
    let header = m.register(Range::new(0, HEADER), 0).named(format!("header_{stream}"));
    let at_data = header.get().eq(HEADER as i64).named(format!("at_data_{stream}"));
    // Of the upper bits alone: less is used than one frame more than they say, which is why a frame then has room.
    let [filled_frames, kept_frames] = [filled, kept].map(|position| position.get() >> FRAME_BITS);
    let used = (filled_frames - kept_frames).wrap(unsigned(bits + 1 - FRAME_BITS));
    let has_room = used.lt((1 << (bits - FRAME_BITS)) - 1);
    let begins = !open.get() & bytes.valid() & has_room & !repeats.get();
    let length = (filled.get() - whole.get()).wrap(unsigned(7)).named(format!("length_{stream}"));
    let is_full = length.eq(MOST_BLOCK).named(format!("is_full_{stream}"));
    let ends = open.get() & !closing.get() & at_data & (is_full | (!bytes.valid() & between));
    let ends = ends.named(format!("ends_{stream}"));
    let taken = bytes.take(open.get() & at_data & !closing.get() & !is_full);
    let writes_header = (open.get() & !at_data).named(format!("writes_header_{stream}"));
    let next = (header.get() + writes_header).wrap(unsigned(3)).assume(Range::new(0, HEADER));
    header.set(begins.mux(0, next));
    let position = whole.get().wrap(unsigned(16)).to_bits();
    let parts = [
        m.constant(stream as i64),
        line.session(),
        position.slice(0, 8).int(unsigned(8)),
        position.slice(8, 8).int(unsigned(8)),
    ];
    let of_header = header.get().wrap(unsigned(2)).choose(&parts);
    let content = at_data.mux(taken.payload, of_header).wrap(unsigned(8)).named(format!("content_{stream}"));
    let writes = writes_header | taken.passes;
    let slot = m.unreset_register(unsigned(bits)).named(format!("slot_{stream}"));
    let is_code = (ends | (writes & content.eq(0))).named(format!("is_code_{stream}"));
    let distance = (address(filled.get()) - slot.get()).wrap(unsigned(8));
    let value = is_code.mux(distance, closing.get().mux(0, content));
    let at = is_code.mux(slot.get(), address(filled.get()));
    memory.write_when(writes | ends | closing.get(), at, value);
    slot.set_when(begins | (writes & is_code), address(filled.get()));
    filled.set((filled.get() + (begins | writes | closing.get())).wrap(unsigned(bits + 1)));
    open.set(begins | (open.get() & !closing.get()));
    closing.set(ends);
    whole.set_when(closing.get(), (filled.get() + 1).wrap(unsigned(bits + 1)));

    let asks = |asked| line.packet[3] & line.is(asked, place);
    let (have, again, position) = (asks(Asked::Have), asks(Asked::Again), line.position(bits + 1));
    let there = !repeats.get() & sent.get().ne(whole.get());
    let byte = memory.read(address(sent.get()));
    Frames { bits, there, byte, sent, kept, repeats, again, have, position }
}

/// The frame that is given: of the first stream of which one is there when the line is free.
fn frames<'m>(m: &'m Module, line: FromLine<'m>, streams: &[Frames<'m>]) {
    let _section = m.section("frames");
    let [between, picks, moves, _] = line.turn;
    let mut none_before = m.always();
    let mut byte = m.constant(0);
    for (number, stream) in streams.iter().enumerate() {
        let turn = none_before & stream.there;
        let chosen = m.flag(format!("chosen_{number}"));
        chosen.set_when(picks, turn);
        none_before = none_before & !stream.there;
        byte = if number == 0 { stream.byte } else { chosen.get().mux(stream.byte, byte) };
        stream.go_on(between, moves & chosen.get());
    }
    m.output("frame_there", !none_before);
    m.output("frame_byte", byte.wrap(unsigned(8)));
}

impl<'m> Frames<'m> {
    /// What has come is given up. To give again waits until no frame is on its way; until then no new one is begun, so that none is written over what is
    /// given. While something is given again the host may have more than that: this is not given up before it was given.
    fn go_on(&self, between: Signal<'m>, moves: Signal<'m>) {
        let Self { bits, sent, kept, repeats, again, have, position, .. } = *self;
        let wide = unsigned(bits + 1);
        let turns = repeats.get() & between;
        repeats.set(again | (repeats.get() & !turns));
        let was_sent = !(sent.get() - position).wrap(wide.clone()).bit(bits);
        kept.set_when(again | (have & was_sent), position);
        sent.set(turns.mux(kept.get(), (sent.get() + moves).wrap(wide)));
    }
}
