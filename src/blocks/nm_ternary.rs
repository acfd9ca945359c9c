//! A kept activation with a ternary weight, in two look-up tables a bit.

use super::ternary::Trit;
use crate::hdl::{Shape, Signal, signed};

/// Which of three activations is taken, with which sign, or none: the choice and the sign in one code.
///
/// A bit of the result is `inner = choose ? (second ? x1 : x0) : second`, then `third ? inner & (x2 ^ negative) : inner ^ negative`:
/// two functions of four inputs. A multiplexer with a ternary weight after it would take three.
#[derive(Clone, Copy)]
pub struct TernaryChoice<'m> {
    pub choose: Signal<'m>,
    pub second: Signal<'m>,
    pub negative: Signal<'m>,
    pub third: Signal<'m>,
}

crate::payload!(TernaryChoice { choose, second, negative, third } of bits TernaryBits);

impl<'m> TernaryChoice<'m> {
    /// The four bits for a weight of -1, 0 or +1 of activation `which`, 0 to 2.
    pub fn encode(weight: i64, which: usize) -> u8 {
        let nonzero = weight != 0;
        let bits = [nonzero && which < 2, nonzero && which > 0, weight < 0, nonzero && which == 2];
        bits.iter().rev().fold(0, |code, &bit| code << 1 | u8::from(bit))
    }

    /// The choice of the four bits of [`TernaryChoice::encode`].
    #[track_caller]
    pub fn of_bits(code: Signal<'m>) -> Self {
        TernaryBits.cut(code.to_bits())
    }

    /// The choice of activation `place - first`, read as the nearest of 0 to 2.
    #[track_caller]
    pub fn of(weight: Trit<'m>, place: Signal<'m>, first: i64) -> Self {
        let (beyond_first, third) = (place.gt(first), place.gt(first + 1));
        let Trit { nonzero, negative } = weight;
        Self { choose: nonzero & !third, second: nonzero & beyond_first, negative, third }
    }

    /// `weight * x[which] - negative`: the one's complement where the weight is negative, as [`Trit::complement`].
    ///
    /// # Panics
    /// If the three activations are not of one range.
    #[track_caller]
    pub fn complement(self, x: [Signal<'m>; 3]) -> Signal<'m> {
        let m = x[0].module();
        let range = x[0].range();
        let width = range.width() as usize;
        let [x0, x1, x2] = x.map(|x| x.to_bits());
        let negative = self.negative.repeat(width);
        let inner = self.choose.mux(self.second.mux(x1, x0), self.second.repeat(width));
        let bits = self.third.mux(inner & (x2 ^ negative), inner ^ negative);
        if range.is_signed() {
            bits.int(signed(range.width()))
        } else {
            m.concat(&[bits, self.negative.to_bits()]).int(signed(range.width() + 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module, Range, unsigned};
    use num_bigint::BigInt;

    /// Every weight of every place, possible or not, by its code and by its metadata.
    #[test]
    fn every_choice_of_three() {
        for range in [signed(4), unsigned(3)] {
            let m = Module::new("choice");
            let x = [0, 1, 2].map(|lane| m.input(format!("x{lane}"), range.clone()));
            let code = m.input_bits("code", 4);
            let (weight, place) = (m.input("weight", Range::new(-1, 1)), m.input("place", unsigned(2)));
            let choices =
                [TernaryChoice::of_bits(code), TernaryChoice::of(Trit::of_bits(weight.to_bits()), place, 1)];
            for (name, choice) in ["by_code", "by_place"].iter().zip(choices) {
                m.output(*name, choice.complement(x) + choice.negative);
            }
            let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
            for weight in -1..=1i64 {
                for place in 0..4usize {
                    let which = place.clamp(1, 3) - 1;
                    let x = [3i64, 2, 1].map(|value| if range.is_signed() { value - 6 } else { value });
                    let code = i64::from(TernaryChoice::encode(weight, which));
                    let inputs: Vec<BigInt> =
                        x.into_iter().chain([code, weight, place as i64]).map(Into::into).collect();
                    let expected = BigInt::from(weight * x[which]);
                    assert_eq!(interpreter.cycle(false, &inputs), [expected.clone(), expected]);
                }
            }
        }
    }
}
