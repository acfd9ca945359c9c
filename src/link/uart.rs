//! Bytes on a line: a start bit, eight bits with the least significant first, a stop bit, no parity.

use crate::hdl::{Module, Range, Register, Signal, Type, unsigned};

/// How far the rate of a circuit is from what is asked, at most: a twentieth of a bit until the last bit of a byte, so that as much is left to the other
/// side and to samples.
const OFF: f64 = 0.005;

/// How fast a line is next to a clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// What the phase of a bit moves in a clock cycle, of two to the power of `bits` a bit.
    step: u32,
    bits: u32,
}

impl Rate {
    /// Clock cycles that a bit takes at least: its middle is the majority of three samples.
    pub const LEAST_CYCLES: f64 = 6.0;

    /// The rate of `baud` bits a second at a clock of `mhz`; none where a bit has too few cycles, or more than the counter counts.
    pub fn of(baud: u32, mhz: f64) -> Option<Self> {
        let cycles = mhz * 1e6 / f64::from(baud);
        let rates = (2..=16).map(|bits| Self { step: (f64::from(1 << bits) / cycles).round() as u32, bits });
        let is_near = |rate: &Self| (rate.baud(mhz) / f64::from(baud) - 1.0).abs() <= OFF;
        rates.into_iter().find(is_near).filter(|_| cycles >= Self::LEAST_CYCLES)
    }

    /// Bits a second at a clock of `mhz`, as the circuit makes them.
    pub fn baud(self, mhz: f64) -> f64 {
        mhz * 1e6 * f64::from(self.step) / f64::from(1 << self.bits)
    }
}

/// What comes from a line.
#[derive(Clone, Copy)]
pub struct Received<'m> {
    /// Whether `bit` is a bit of a byte, and whether it is the last one of it.
    pub bit_valid: Signal<'m>,
    pub bit: Signal<'m>,
    pub is_last: Signal<'m>,
    /// Whether `byte` is a byte, in a cycle after that of its last bit.
    pub valid: Signal<'m>,
    pub byte: Signal<'m>,
    /// Whether something came that is no byte: a break, or a bit that was lost.
    pub broken: Signal<'m>,
}

/// The phase of a bit: with `restart` it is in the middle of one. A condition says where the next one begins.
fn phase<'m>(m: &'m Module, name: &str, rate: Rate, first: u32, restart: Signal<'m>) -> Signal<'m> {
    let phase = m.register(unsigned(rate.bits), first).named(format!("{name}_phase"));
    let next = (phase.get() + i64::from(rate.step)).named(format!("{name}_phase_next"));
    phase.set(restart.mux(i64::from(first), next.wrap(unsigned(rate.bits))));
    next.bit(rate.bits) & !restart
}

/// The bytes of `line`, a pin.
pub fn receiver<'m>(m: &'m Module, line: Signal<'m>, rate: Rate) -> Received<'m> {
    let _section = m.section("uart_receiver");
    let mut samples = Vec::new();
    let mut sample = line;
    // The first two only bring the pin to the clock.
    for number in 0..4 {
        let register = m.register(Range::condition(), 1).named(format!("sample_{number}"));
        register.set(sample);
        sample = register.get();
        samples.push(sample);
    }
    let [_, a, b, c] = samples[..] else { unreachable!("four samples") };
    let bit = ((a & b) | (a & c) | (b & c)).named("bit");
    let busy = m.flag("receiving");
    let count = m.register(unsigned(4), 0).named("receive_count");
    let middle = phase(m, "receive", rate, 1 << (rate.bits - 1), !busy.get());
    let (is_start, is_stop) = (count.get().eq(0), count.get().eq(9));
    let ends = middle & (is_stop | (is_start & bit));
    busy.set((busy.get() & !ends) | (!busy.get() & !a));
    count.set(busy.get().mux((count.get() + middle).wrap(unsigned(4)), 0));
    let bit_valid = (middle & !is_start & !is_stop).named("bit_valid");
    let byte = shifted(m, "received", bit_valid, bit);
    let stops = middle & is_stop;
    let valid = m.flag("byte_valid");
    valid.set(stops & bit);
    let broken = m.flag("byte_broken");
    broken.set(stops & !bit);
    let is_last = count.get().eq(8);
    Received { bit_valid, bit, is_last, valid: valid.get(), byte, broken: broken.get() }
}

/// A byte into which bits come from the top.
fn shifted<'m>(m: &'m Module, name: &str, enable: Signal<'m>, bit: Signal<'m>) -> Signal<'m> {
    let byte = m.unreset_register(Type::Bits(8)).named(name);
    byte.set_when(enable, m.concat(&[byte.get().slice(1, 7), bit]));
    byte.get().int(unsigned(8))
}

/// What sends bytes on a line.
pub struct Transmitter<'m> {
    m: &'m Module,
    busy: Register<'m>,
    byte: Register<'m>,
    count: Register<'m>,
    /// Where the time of a bit is over, and that of a byte.
    begins: Signal<'m>,
    ends: Signal<'m>,
}

/// What a transmitter does.
pub struct Sending<'m> {
    /// The pin.
    pub line: Signal<'m>,
    /// Whether a bit of the byte begins in this cycle.
    pub bit_begins: Signal<'m>,
}

impl<'m> Transmitter<'m> {
    pub fn new(m: &'m Module, rate: Rate) -> Self {
        let _section = m.section("uart_transmitter");
        let busy = m.flag("transmitting");
        let byte = m.unreset_register(Type::Bits(8)).named("transmitted");
        let count = m.register(unsigned(4), 0).named("transmit_count");
        let begins = phase(m, "transmit", rate, 0, !busy.get());
        let ends = begins & count.get().eq(9);
        Self { m, busy, byte, count, begins, ends }
    }

    /// Whether a byte may be given: with the end of the one before it, so that the line never waits.
    pub fn is_free(&self) -> Signal<'m> {
        !self.busy.get() | self.ends
    }

    /// The bit that begins next, as it is in the byte.
    pub fn bit(&self) -> Signal<'m> {
        self.byte.get().slice(0, 1).int(Range::condition())
    }

    /// Whether it is the last of the byte.
    pub fn is_last(&self) -> Signal<'m> {
        self.count.get().eq(7)
    }

    /// Sends `byte` where `gives`, which is only when it is free; on the line each of its bits is what `bit` is when it begins.
    pub fn send(self, gives: Signal<'m>, byte: Signal<'m>, bit: Signal<'m>) -> Sending<'m> {
        let Self { m, busy, byte: held, count, begins, ends } = self;
        let _section = m.section("uart_transmitter");
        let bit_begins = (begins & count.get().lt(8)).named("bit_begins");
        // 0 from the give on, then the bits, then 1 for a bit at least.
        let line = m.register(Range::condition(), 1).named("line");
        let next = count.get().lt(8).mux(bit, 1);
        line.set(gives.mux(0, begins.mux(next, line.get())));
        busy.set((busy.get() & !ends) | gives);
        count.set(gives.mux(0, (count.get() + begins).wrap(unsigned(4))));
        let rest = m.concat(&[held.get().slice(1, 7), m.never()]);
        held.set_when(gives | bit_begins, gives.mux(byte.to_bits(), rest));
        Sending { line: line.get(), bit_begins }
    }
}
