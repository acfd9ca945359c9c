//! The circuit that reads the flash.

use super::image::{bytes, mark};
use crate::hdl::{Circuit, Module, Range, Register, Signal, Stream, Timing, Type, unsigned};
use crate::link::{beats_of_bytes, finished};
use crate::stream::Port;

/// Commands of all SPI flash chips: end of power-down, in which an iCE40 leaves its chip, and read.
const WAKE: u8 = 0xab;
const READ: u8 = 0x03;

/// A chip has the next bit so long after its clock has fallen, pins and wires included.
const LATE_NS: f64 = 40.0;

/// How long a chip takes to wake, at most.
const WAKES_US: f64 = 50.0;

/// Bits of what is said to the chip, up to which the chip is woken, and up to which it is asked; then comes the mark.
const WOKEN: i64 = 8;
const ASKED: i64 = WOKEN + 32;

/// Where an image begins, and the clock of who reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// In bytes from the beginning of the flash; 24 bits.
    pub address: u32,
    pub clock_mhz: f64,
}

impl Place {
    /// Clock cycles of half a bit: two at least, so that what is said is there before the chip's clock rises.
    fn half(self) -> i64 {
        ((self.clock_mhz * LATE_NS / 1000.0).ceil() as i64).max(2)
    }

    /// Cycles in which an image of so many bytes has surely been read after a reset.
    pub fn cycles(self, bytes: usize) -> u64 {
        (bytes as u64 + ASKED as u64) * 16 * self.half() as u64 + (2 << self.rest())
    }

    /// Cycles in which a chip surely wakes, as a power of two.
    fn rest(self) -> u32 {
        (self.clock_mhz * WAKES_US).log2().ceil().max(1.0) as u32
    }
}

/// The circuit between the pins of a flash (`cs`, low while the chip listens; `sck`, `mosi`, `miso`: SPI mode 0) and `ports`, streams that it gives in this
/// order after a reset, one frame each, from the image at `place`. Where the mark is another one it rests and looks again.
///
/// # Panics
/// If there are no ports, or the address has more than 24 bits.
pub fn reader(name: &str, ports: &[Port], place: Place, timing: Timing) -> Circuit {
    assert!(!ports.is_empty() && place.address < 1 << 24, "streams, and an address of 24 bits");
    let m = Module::with_timing(name, timing);
    m.doc(
        "reads streams from the flash after a reset: wakes the chip, looks for their mark, gives their beats",
    );
    let miso = m.input("miso", Range::condition());
    let marks = mark(ports);
    let [_, high, middle, low] = place.address.to_be_bytes();
    let said: Vec<u8> = [&[WAKE, READ, high, middle, low][..], &marks].concat();
    let said = said.iter().flat_map(|byte| (0..8).rev().map(move |bit| i64::from(byte >> bit & 1)));
    let script: Vec<Signal> = said.map(|bit| m.constant(bit)).collect();
    let marked = script.len() as i64;

    // Between the wake and the read the chip rests, and before it is woken once more.
    let rests = m.register(Range::condition(), 1).named("rests");
    let rested = m.register(unsigned(place.rest()), 0).named("rested");
    let step = m.register(Range::new(0, marked), 0).named("step");
    let (full, done, wrong) = (m.flag("full"), m.flag("done"), m.flag("wrong"));
    let reads = step.get().eq(marked).named("reads");
    let awake = rested.get().eq((1 << place.rest()) - 1).named("awake");
    rested.set(rests.get().mux((rested.get() + 1).wrap(unsigned(place.rest())), 0));

    // The clock of the chip: it rises and falls where half a bit is over.
    let runs = (!rests.get() & !full.get() & !done.get()).named("runs");
    let half = m.register(Range::new(0, place.half() - 1), 0).named("half");
    let is_over = half.get().eq(place.half() - 1);
    let ticks = (runs & is_over).named("ticks");
    half.set(runs.mux(half.get().next_count(is_over), 0));
    let sck = m.flag("clock");
    sck.set(sck.get() ^ ticks);
    let (rises, falls) = ((ticks & !sck.get()).named("rises"), (ticks & sck.get()).named("falls"));

    let bit = step.get().choose(&[&script[..], &[m.never()]].concat()).named("script_bit");
    let at_mark = step.get().ge(ASKED) & !reads;
    let differs = (wrong.get() | (at_mark & miso.ne(bit))).named("differs");
    let (wakes, ends) = (falls & step.get().eq(WOKEN - 1), falls & step.get().eq(marked - 1));
    let misses = (ends & wrong.get()).named("misses");
    wrong.set(rises.mux(differs, wrong.get()) & !misses);
    rests.set(wakes | misses | (rests.get() & !awake));
    step.set_when(falls & !reads, step.get().next_count(misses | reads));

    // Bytes come with their highest bit first.
    let byte = m.unreset_register(Type::Bits(8)).named("byte");
    byte.set_when(rises, m.concat(&[miso, byte.get().slice(0, 7)]));
    let bits = m.register(unsigned(3), 0).named("bit_count");
    bits.set((bits.get() + (rises & reads)).wrap(unsigned(3)));
    let comes = rises & reads & bits.get().eq(7);
    let taken = deal(&m, ports, full.get(), byte.get().int(unsigned(8)), done);
    full.set((full.get() & !taken) | comes);

    let cs = m.register(Range::condition(), 1).named("cs_high");
    cs.set(rests.get() | done.get());
    let mosi = m.flag("mosi_bit");
    mosi.set(bit);
    m.output("cs", cs.get());
    m.output("sck", sck.get());
    m.output("mosi", mosi.get());
    finished(m)
}

/// Gives each byte to the port whose turn it is, and says whether it was taken; `done` is set with the last one.
fn deal<'m>(
    m: &'m Module,
    ports: &[Port],
    there: Signal<'m>,
    byte: Signal<'m>,
    done: Register<'m>,
) -> Signal<'m> {
    let _section = m.section("streams");
    let counts: Vec<i64> = ports.iter().map(|port| bytes(port) as i64).collect();
    let most = counts.iter().max().expect("a port") - 1;
    let count = m.register(Range::new(0, most), 0).named("byte_count");
    let turn = m.register(Range::new(0, ports.len() as i64 - 1), 0).named("turn");
    let mut taken = m.never();
    for (number, port) in ports.iter().enumerate() {
        let ours = there & turn.get().eq(number as i64);
        let (bytes, ready) = Stream::offer(format!("bytes_{number}"), ours, None, byte);
        taken = taken | (ours & ready);
        m.output_stream(&port.name, beats_of_bytes(bytes, port));
    }
    let taken = taken.named("taken");
    let last_bytes: Vec<Signal> = counts.iter().map(|count| m.constant(count - 1)).collect();
    let at_end = count.get().eq(turn.get().choose(&last_bytes));
    count.set_when(taken, count.get().next_count(at_end));
    let ends = (taken & at_end).named("stream_ends");
    let is_last = turn.get().eq(ports.len() as i64 - 1);
    turn.set_when(ends, turn.get().next_count(is_last));
    done.set(done.get() | (ends & is_last));
    taken
}
