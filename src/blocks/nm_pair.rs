//! The two kept ones of a group of four, in three look-up tables a bit.

use crate::hdl::{Circuit, Module, Payload, Range, Shape, Signal};
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

crate::payload!(PairChoice { first, last, crossed } of bits PairBits);

impl<'m> PairChoice<'m> {
    /// The three bits for two ascending places below 4.
    pub fn encode(places: [i64; 2]) -> u8 {
        let crossed = places[0] == 2 || places[1] == 1;
        u8::from(places[0] == 0) | u8::from(places[1] == 3) << 1 | u8::from(crossed) << 2
    }

    /// The choice of the three bits of [`PairChoice::encode`].
    #[track_caller]
    pub fn of_bits(code: Signal<'m>) -> Self {
        PairBits.cut(code.to_bits())
    }

    /// The kept ones of `x`, in their order.
    ///
    /// # Panics
    /// If the four are not of one range.
    #[track_caller]
    pub fn select(self, x: [Signal<'m>; 4]) -> [Signal<'m>; 2] {
        let range = x[0].range().word();
        let m = x[0].module();
        let words = x.map(|x| x.to_bits());
        let inputs = [&words[..], &self.signals()].concat();
        let kept = m.instance(m.numbered("pair"), pair_choice(range.width()), &inputs);
        [kept[0], kept[1]].map(|bits| bits.int(range.clone()))
    }
}

/// The choice of two of four words, in modules that synthesis keeps: it would make multiplexers of both, and mix them with what
/// reads them.
fn pair_choice(width: u32) -> Rc<Circuit> {
    let m = Module::new(format!("pair_choice_{width}"));
    m.doc("the first and the second kept one of x0 to x3");
    m.keep();
    let [x0, x1, x2, x3] = [0, 1, 2, 3].map(|place| m.input_bits(format!("x{place}"), width));
    let [first, last, crossed] = ["first", "last", "crossed"].map(|name| m.input(name, Range::condition()));
    let cross = m.instance("crossing", crossing(width), &[x1, x2, crossed])[0];
    m.output("kept0", first.mux(x0, x1 ^ cross));
    m.output("kept1", last.mux(x3, x2 ^ cross));
    Rc::new(m.finish().expect("no rule is broken"))
}

/// `crossed & (a ^ b)`.
fn crossing(width: u32) -> Rc<Circuit> {
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
