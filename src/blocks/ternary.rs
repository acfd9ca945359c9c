//! Products with ternary weights, and how such weights lie in a memory.

use super::adder_tree::{Dot, tree_with_carries};
use crate::hdl::{Range, Shape, Signal, signed, unsigned};
use crate::stream::packing;
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

/// A weight of -1, 0 or +1 as two conditions; `negative` is 1 only where `nonzero` is.
#[derive(Clone, Copy)]
pub struct Trit<'m> {
    pub nonzero: Signal<'m>,
    pub negative: Signal<'m>,
}

crate::payload!(Trit { nonzero, negative } of bits TritBits);

impl<'m> Trit<'m> {
    /// The weight in two bits of two's complement: 01 is +1, 11 is -1, 00 is 0, and 10 does not come.
    #[track_caller]
    pub fn of_bits(word: Signal<'m>) -> Self {
        TritBits.cut(word)
    }

    /// Of the weights that take this one's activation with a sign of plus and with one of minus: each is 1 or 0.
    #[track_caller]
    pub fn apart(self) -> [Self; 2] {
        let negative = self.nonzero.module().never();
        let plus = Self { nonzero: self.nonzero & !self.negative, negative };
        // A weight that is negative is not 0.
        [plus, Self { nonzero: self.negative, negative }]
    }

    /// 0 where `masked` is 1.
    #[track_caller]
    pub fn unless(self, masked: Signal<'m>) -> Self {
        Self { nonzero: self.nonzero & !masked, negative: self.negative & !masked }
    }

    /// `x * weight - negative`: the one's complement where the weight is negative. One look-up table a bit; what is
    /// missing, +1, goes into the carry-in of an adder.
    #[track_caller]
    pub fn complement(self, x: Signal<'m>) -> Signal<'m> {
        let m = x.module();
        let range = x.range();
        let width = range.width() as usize;
        let bits = (x.to_bits() ^ self.negative.repeat(width)) & self.nonzero.repeat(width);
        if range.is_signed() {
            bits.int(signed(range.width()))
        } else {
            m.concat(&[bits, self.negative.to_bits()]).int(signed(range.width() + 1))
        }
    }
}

/// `sum of weights[i] * x[i]`.
///
/// The arithmetic of a lane is `(x ^ negative) & nonzero`; each adder of the tree takes the +1 of one lane as its carry-in,
/// and one lane more than adders is left.
///
/// # Panics
/// If there are no lanes.
#[track_caller]
pub fn ternary_dot<'m>(x: &[Signal<'m>], weights: &[Trit<'m>]) -> Dot<'m> {
    let lanes: Vec<_> = x.iter().zip(weights).map(|(&x, weight)| weight.complement(x)).collect();
    let carries: Vec<_> = weights.iter().map(|weight| weight.negative).collect();
    tree_with_carries(&lanes, &carries)
}

/// How ternary weights lie in a memory word, from the least significant bits up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// Two bits a weight, in two's complement.
    #[default]
    Bits2,
    /// Five weights in eight bits: the digits of a number in base 3, the first the least significant; 0 stands for 0, 1
    /// for +1 and 2 for -1. 1.6 bits a weight.
    Trits5,
}

const TRITS: usize = 5;

impl Packing {
    /// Weights that are one integer of a word.
    pub fn unit(self) -> usize {
        match self {
            Packing::Bits2 => 1,
            Packing::Trits5 => TRITS,
        }
    }

    /// The range of those integers.
    pub fn units(self) -> Range {
        match self {
            Packing::Bits2 => Range::new(-1, 1),
            Packing::Trits5 => Range::new(0, 3i64.pow(TRITS as u32) - 1),
        }
    }

    /// Bits of a word of `count` weights.
    pub fn width(self, count: usize) -> u32 {
        self.units().width() * count.div_ceil(self.unit()) as u32
    }

    /// The integers that stand for `weights`, each -1, 0 or +1.
    pub fn packed(self, weights: &[i8]) -> Vec<i64> {
        let number = |group: &[i8]| {
            group.iter().rev().fold(0, |number, weight| number * 3 + i64::from(weight.rem_euclid(3)))
        };
        match self {
            Packing::Bits2 => weights.iter().map(|weight| i64::from(*weight)).collect(),
            Packing::Trits5 => weights.chunks(TRITS).map(number).collect(),
        }
    }

    /// The word of `weights`, each -1, 0 or +1.
    pub fn pack(self, weights: &[i8]) -> BigInt {
        let units = self.units();
        packing::word(self.packed(weights).into_iter().map(|unit| (&units, unit)))
    }

    /// The `count` weights of `word`. Bytes above 242, which [`Packing::pack`] never makes, give weights that mean nothing.
    #[track_caller]
    pub fn unpack<'m>(self, word: Signal<'m>, count: usize) -> Vec<Trit<'m>> {
        match self {
            Packing::Bits2 => vec![TritBits; count].cut(word),
            Packing::Trits5 => (0..count.div_ceil(TRITS) as u32)
                .flat_map(|byte| digits(word.slice(8 * byte, 8).int(unsigned(8))))
                .take(count)
                .collect(),
        }
    }
}

/// The five digits of `byte` in base 3, least significant first, by subtraction of the greatest multiple that fits.
#[track_caller]
fn digits(byte: Signal<'_>) -> Vec<Trit<'_>> {
    let mut digits = Vec::new();
    let mut rest = byte;
    for power in [81, 27, 9, 3, 1] {
        let (one, two) = (rest.ge(power), rest.ge(2 * power));
        digits.push(Trit { nonzero: one, negative: two });
        let part = two.mux(2 * power, one.mux(power, 0));
        // What is left is less than the power, or less than 16 where the byte is no five digits.
        let left = Range::new(0, (power - 1).max(15)).word();
        rest = (rest - part).wrap(left);
    }
    digits.reverse();
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module};

    #[test]
    fn every_byte_of_five_weights_is_unpacked_again() {
        let m = Module::new("unpack");
        let weights = Packing::Trits5.unpack(m.input_bits("word", 8), 5);
        for (place, weight) in weights.iter().enumerate() {
            m.output(format!("w{place}"), weight.nonzero.to_bits().int(unsigned(1)) - (weight.negative << 1));
        }
        let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
        for number in 0..243 {
            let weights: Vec<i8> = (0..5).map(|place| [0, 1, -1][number / 3usize.pow(place) % 3]).collect();
            let word = Packing::Trits5.pack(&weights);
            assert_eq!(word, BigInt::from(number));
            let expected: Vec<BigInt> = weights.iter().map(|&weight| weight.into()).collect();
            assert_eq!(interpreter.cycle(false, &[word]), expected);
        }
    }

    #[test]
    fn packed_sizes() {
        assert_eq!(Packing::Bits2.width(4096), 8192);
        assert_eq!(Packing::Trits5.width(4096), 6560, "20 times less than 4,096 numbers of 32 bits");
        assert_eq!(Packing::Bits2.pack(&[1, -1, 0, 1]), BigInt::from(0b01_00_11_01));
    }
}
