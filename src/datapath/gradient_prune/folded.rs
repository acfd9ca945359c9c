//! Magnitudes without an adder.
//!
//! A gradient of B bits with the sign `s` is folded: the low B - 1 bits, turned over where it is negative, with `s` below
//! them. That is `z = 2 |g| - s`, which needs no adder, and says all that must be known of a magnitude: `|g| > h` where
//! `z > 2 h`, and `|g| >= t` where `z > 2 (t - 1)`. Likewise `-t` is `t - 1` with every bit turned over.

use crate::hdl::{Payload, Range, Signal, Stream, unsigned};

/// A gradient, folded.
#[derive(Clone, Copy)]
pub(super) struct Folded<'m> {
    /// Whether it is negative.
    pub sign: Signal<'m>,
    /// `|g| - s`.
    pub low: Signal<'m>,
}

impl<'m> Folded<'m> {
    pub fn of(g: Signal<'m>) -> Self {
        let bits = g.width() - 1;
        let sign = g.bit(bits).named("sign");
        let low = g.to_bits().slice(0, bits) ^ sign.repeat(bits as usize);
        Self { sign, low: low.int(unsigned(bits)).hint("low") }
    }

    /// Whether `|g| > bound`, which is not negative: `2 bound + 1 <= z`; called `name`. The sum with the complement of `z` overflows where it
    /// is not so; a comparison would turn the bound over, which takes a look-up table a bit on iCE40.
    pub fn exceeds(self, bound: Signal<'m>, name: &str) -> Signal<'m> {
        let m = self.sign.module();
        let bits = self.low.width();
        let turned = (!m.concat(&[self.sign, self.low])).int(unsigned(bits + 1)).hint("turned");
        let odd = m.concat(&[m.always(), bound.to_bits_of(&unsigned(bits))]).int(unsigned(bits + 1));
        let sum = (odd.hint(format!("{name}_bound")) + turned).hint(format!("{name}_sum"));
        !sum.bit(bits + 1)
    }
}

/// What `add` makes of a frame, from 0 on. Without `last` each beat is a frame.
pub(super) fn frame_sums<'m, P: Payload<'m>>(
    stream: Stream<'m, P>,
    name: &str,
    range: &Range,
    add: impl FnOnce(Signal<'m>, P) -> Signal<'m>,
) -> Stream<'m, Signal<'m>> {
    if stream.is_framed() {
        return stream.fold(name, range, &[0], |sum, part| add(sum, part).assume(range.clone()));
    }
    let m = stream.module();
    stream.map(|part| add(m.constant(0), part).assume(range.clone()))
}
