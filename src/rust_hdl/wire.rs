//! Values of rust-hdl's types as integers.

use num_bigint::BigInt;
use rust_hdl_core::prelude::{Bits, Clock, Signed, Synth, signed_cast};

/// A type of rust-hdl that can cross the ports of a circuit.
pub trait Wire: Synth {
    /// Whether its values are two's-complement numbers.
    const SIGNED: bool;

    /// The bits as an unsigned integer.
    fn to_word(self) -> BigInt;

    /// The value whose bits are those of `word`, an unsigned integer of no more bits than the type has.
    fn of_word(word: &BigInt) -> Self;
}

impl Wire for bool {
    const SIGNED: bool = false;

    fn to_word(self) -> BigInt {
        BigInt::from(u8::from(self))
    }

    fn of_word(word: &BigInt) -> Self {
        word.bit(0)
    }
}

impl Wire for Clock {
    const SIGNED: bool = false;

    fn to_word(self) -> BigInt {
        self.clk.to_word()
    }

    fn of_word(word: &BigInt) -> Self {
        Clock { clk: word.bit(0) }
    }
}

impl<const N: usize> Wire for Bits<N> {
    const SIGNED: bool = false;

    fn to_word(self) -> BigInt {
        let mut word = BigInt::ZERO;
        for index in (0..N).rev().filter(|&index| self.get_bit(index)) {
            word.set_bit(index as u64, true);
        }
        word
    }

    fn of_word(word: &BigInt) -> Self {
        let ones = (0..N).filter(|&index| word.bit(index as u64));
        ones.fold(Self::default(), |bits, index| bits.replace_bit(index, true))
    }
}

impl<const N: usize> Wire for Signed<N> {
    const SIGNED: bool = true;

    fn to_word(self) -> BigInt {
        self.inner().to_word()
    }

    fn of_word(word: &BigInt) -> Self {
        signed_cast(Bits::of_word(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_width_come_back() {
        let wide = (BigInt::from(1) << 199) + 5;
        assert_eq!(Bits::<200>::of_word(&wide).to_word(), wide);
        assert_eq!(Signed::<13>::of_word(&BigInt::from(0x1fff)), Signed::from(-1));
        assert_eq!(Signed::<13>::from(-1).to_word(), BigInt::from(0x1fff));
        assert_eq!(Bits::<8>::from(0xa5).to_word(), BigInt::from(0xa5));
        assert!(bool::of_word(&BigInt::from(1)) && Clock::of_word(&BigInt::from(1)).clk);
    }
}
