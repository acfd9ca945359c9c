//! The two kept ones of a group of four, in three look-up tables a bit.

use crate::hdl::{Circuit, Module, Payload, Range, Signal};
use std::rc::Rc;

/// Which two of four activations are kept, as three conditions.
///
/// Two multiplexers of three values would take four look-up tables a bit. But what both choose of the middle two goes together:
/// with `t = crossed & (x1 ^ x2)`, the first kept one is `first ? x0 : x1 ^ t` and the second `last ? x3 : x2 ^ t`; each of the three
/// has at most four inputs.
#[derive(Clone, Copy)]
pub struct PairChoice<'m> {
    /// Whether place 0 is kept.
    pub first: Signal<'m>,
    /// Whether place 3 is kept.
    pub last: Signal<'m>,
    /// Whether the first kept place is 2, or the second is 1.
    pub crossed: Signal<'m>,
}

impl<'m> Payload<'m> for PairChoice<'m> {
    fn signals(&self) -> Vec<Signal<'m>> {
        vec![self.first, self.last, self.crossed]
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        let [first, last, crossed] = [self.first, self.last, self.crossed].map(|part| part.rebuild(signals));
        Self { first, last, crossed }
    }
}

impl<'m> PairChoice<'m> {
    /// The three bits for two ascending places below 4: from the least significant `first`, `last`, `crossed`.
    pub fn encode(places: [i64; 2]) -> u8 {
        let crossed = places[0] == 2 || places[1] == 1;
        u8::from(places[0] == 0) | u8::from(places[1] == 3) << 1 | u8::from(crossed) << 2
    }

    /// The choice of the three bits of [`PairChoice::encode`].
    #[track_caller]
    pub fn of_bits(code: Signal<'m>) -> Self {
        let [first, last, crossed] = [0, 1, 2].map(|place| code.bit(place));
        Self { first, last, crossed }
    }

    /// The kept ones of `x`, in their order.
    ///
    /// # Panics
    /// If the four are not of one range.
    #[track_caller]
    pub fn select(self, x: [Signal<'m>; 4]) -> [Signal<'m>; 2] {
        let range = x[0].range().word();
        let [x0, x1, x2, x3] = x.map(|x| x.to_bits());
        let m = x0.module();
        let crossing = m.numbered("crossing");
        let cross = m.instance(crossing, crossing_of(range.width()), &[x1, x2, self.crossed])[0];
        [self.first.mux(x0, x1 ^ cross), self.last.mux(x3, x2 ^ cross)].map(|bits| bits.int(range.clone()))
    }
}

/// `crossed & (a ^ b)`, in a module that synthesis keeps: it would make multiplexers of what is around it, a look-up table a bit
/// dearer.
fn crossing_of(width: u32) -> Rc<Circuit> {
    let m = Module::new(format!("crossing_{width}"));
    m.doc("crossed & (a ^ b)");
    m.keep();
    let (a, b) = (m.input_bits("a", width), m.input_bits("b", width));
    let crossed = m.input("crossed", Range::condition());
    m.output("cross", (a ^ b) & crossed.repeat(width as usize));
    Rc::new(m.finish().expect("no rule is broken"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, signed};
    use num_bigint::BigInt;

    #[test]
    fn every_pair_of_four() {
        let m = Module::new("pair");
        let x = [0, 1, 2, 3].map(|lane| m.input(format!("x{lane}"), signed(4)));
        let kept = PairChoice::of_bits(m.input_bits("code", 3)).select(x);
        kept.iter().enumerate().for_each(|(index, kept)| m.output(format!("kept{index}"), *kept));
        let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
        let x = [-8i64, 5, -3, 7];
        for second in 0..4usize {
            for first in 0..second {
                let code = PairChoice::encode([first as i64, second as i64]);
                let inputs: Vec<BigInt> = x.into_iter().chain([i64::from(code)]).map(Into::into).collect();
                let expected: Vec<BigInt> = [x[first], x[second]].map(Into::into).into();
                assert_eq!(interpreter.cycle(false, &inputs), expected, "{first} and {second}");
            }
        }
    }
}
