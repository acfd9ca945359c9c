//! Frames that come over the line, unstuffed and summed.

use super::crc;
use super::packet::{Asked, HEADER, SESSION_BITS};
use super::uart::Received;
use crate::hdl::{Module, Range, Signal, Type, unsigned};

/// The packets of the frames that come in, byte by byte.
pub struct Packets<'m> {
    /// Whether a byte of a packet's data is there, and the byte.
    pub data: Signal<'m>,
    pub byte: Signal<'m>,
    /// Whether a frame ends, and whether it is whole.
    pub ends: Signal<'m>,
    pub good: Signal<'m>,
    /// What the header says, from the first byte of data on until the frame ends.
    pub kind: Signal<'m>,
    pub stream: Signal<'m>,
    pub position: Signal<'m>,
    /// Whether it is of the session that the board is in.
    pub is_ours: Signal<'m>,
    pub session: Signal<'m>,
    /// In the cycle after that in which a session begins.
    pub begins: Signal<'m>,
}

/// Contents of a packet that a frame is made of, byte by byte.
struct Unstuffed<'m> {
    valid: Signal<'m>,
    byte: Signal<'m>,
    ends: Signal<'m>,
    good: Signal<'m>,
}

/// The next sum, where `feedback` is what is added at the powers of the polynomial.
pub(super) fn next_sum<'m>(m: &'m Module, sum: Signal<'m>, feedback: Signal<'m>) -> Signal<'m> {
    let bits = (0..crc::BITS).map(|place| {
        let before = place.checked_sub(1).map(|before| sum.slice(before, 1).int(Range::condition()));
        let before = before.unwrap_or_else(|| m.never());
        if crc::POLYNOMIAL >> place & 1 == 1 { before ^ feedback } else { before }
    });
    m.concat(&bits.collect::<Vec<_>>())
}

fn unstuffed<'m>(m: &'m Module, received: Received<'m>) -> Unstuffed<'m> {
    let _section = m.section("unstuffing");
    let Received { bit_valid, bit, is_last, valid, byte, broken } = received;
    // Bytes until the next code, and whether nothing of a frame was there yet.
    let left = m.register(unsigned(7), 1).named("block_left");
    let fresh = m.register(Range::condition(), 1).named("frame_fresh");
    let summing = m.flag("frame_summing");
    let bad = m.flag("frame_bad");
    let sum = m.register(Type::Bits(crc::BITS), 0).named("frame_sum");

    let at_code = left.get().eq(1).named("at_code");
    let is_zero = byte.eq(0);
    let ends = (valid & is_zero).named("frame_ends");
    let takes = valid & !is_zero & !summing.get();
    let is_sum = at_code & byte.bit(7);
    let code = takes & at_code & !is_sum;
    let within = takes & !at_code;
    let fewer = (left.get() - within).wrap(unsigned(7));
    left.set(ends.mux(1, code.mux(byte.wrap(unsigned(7)), fewer)));
    fresh.set(ends | (fresh.get() & !(valid & !is_zero)));
    summing.set(!ends & (summing.get() | (takes & is_sum)));
    bad.set(!ends & (bad.get() | broken | (takes & is_sum & fresh.get())));
    // The top of a byte that carries the sum is no bit of it. The zero at the end leaves a sum of zero as it is.
    let of_sum = summing.get() | (at_code & !fresh.get());
    let counts = bit_valid & !(is_last & bit & of_sum);
    let top = sum.get().slice(crc::BITS - 1, 1).int(Range::condition());
    let next = counts.mux(next_sum(m, sum.get(), top ^ bit), sum.get());
    sum.set(ends.mux(m.concat(&vec![m.never(); crc::BITS as usize]), next));
    let good = ends & summing.get() & !bad.get() & sum.get().int(unsigned(crc::BITS)).eq(0);
    let valid = ((code & !fresh.get()) | within).named("content_valid");
    Unstuffed {
        valid,
        byte: at_code.mux(0, byte).named("content"),
        ends: ends & !fresh.get(),
        good: good.named("frame_good"),
    }
}

/// The packets of what is received.
pub fn packets<'m>(m: &'m Module, received: Received<'m>) -> Packets<'m> {
    let Unstuffed { valid, byte, ends, good } = unstuffed(m, received);
    let _section = m.section("packets");
    let place = m.register(Range::new(0, HEADER), 0).named("header_place");
    let at_data = place.get().eq(HEADER as i64).named("at_data");
    let next = (place.get() + (valid & !at_data)).wrap(unsigned(3)).assume(Range::new(0, HEADER));
    place.set(ends.mux(0, next));
    let held = |at: i64, name: &str| {
        let register = m.unreset_register(unsigned(8)).named(name);
        register.set_when(valid & place.get().eq(at), byte);
        register.get()
    };
    let [head, asked, low, high] =
        [(0, "head"), (1, "asked_session"), (2, "position_low"), (3, "position_high")]
            .map(|(at, name)| held(at, name));
    let (head, asked) = (head.to_bits(), asked.wrap(unsigned(SESSION_BITS)));
    let kind = head.slice(6, 2).int(unsigned(2));
    let session = m.register(unsigned(SESSION_BITS), 0).named("session");
    let resets = (good & at_data & kind.eq(i64::from(Asked::Reset.number()))).named("session_asked");
    session.set_when(resets, asked);
    let begins = m.flag("session_begins");
    begins.set(resets);
    Packets {
        data: (valid & at_data).named("data_valid"),
        byte,
        ends,
        good: good & at_data,
        kind,
        stream: head.slice(0, 6).int(unsigned(6)),
        position: m.concat(&[low, high]).int(unsigned(16)),
        is_ours: asked.eq(session.get()).named("is_ours"),
        session: session.get(),
        begins: begins.get(),
    }
}
