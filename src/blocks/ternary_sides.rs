//! Dot products with ternary weights whose positive and negative side are kept apart: what a weight of +1 takes, and what one of -1
//! takes.

use super::adder_tree::{Dot, tree_with_carries};
use super::ternary::Trit;
use crate::hdl::Signal;

/// Activations in pairs with their sums, which all rows share.
///
/// A side of a row takes of two activations none, one, the other, or both: with the sum at hand that is a choice of two look-up tables a
/// bit, where both masked and added are three.
#[derive(Clone)]
pub struct Paired<'m> {
    x: Vec<Signal<'m>>,
    /// The sum of each two that lie next to each other; one that is left has none.
    sums: Vec<Signal<'m>>,
}

crate::payload!(Paired { x, sums });

/// The weights of a row.
#[derive(Clone)]
struct Weights<'m> {
    weight: Vec<Trit<'m>>,
}

crate::payload!(Weights { weight });

/// Both sides of a row.
#[derive(Clone)]
struct Sides<'m> {
    plus: Signal<'m>,
    minus: Signal<'m>,
}

crate::payload!(Sides { plus, minus });

impl<'m> Paired<'m> {
    /// # Panics
    /// If there are no activations.
    #[track_caller]
    pub fn of(x: &[Signal<'m>]) -> Self {
        let sum = |pair: &[Signal<'m>]| pair[0].add_with_carry(pair[1], None);
        let sums = x.chunks_exact(2).enumerate();
        let sums = sums.map(|(pair, x)| sum(x).hint(format!("pair_{}_{}", 2 * pair, 2 * pair + 1)));
        Self { x: x.to_vec(), sums: sums.collect() }
    }

    /// The sum of the activations with a weight of +1, and that of those with one of -1.
    #[track_caller]
    pub fn sides(&self, weights: &[Trit<'m>]) -> [Dot<'m>; 2] {
        let m = self.x[0].module();
        let doc = "plus, minus: the sums of the activations of a beat that a row's weights of +1 take, and of those of -1";
        let Sides { plus, minus } = m.part("row_sides", doc, |part| {
            let own: Self = part.input("x", self.clone());
            let Weights { weight } = part.input("w", Weights { weight: weights.to_vec() });
            let side = |is_taken: fn(&Trit<'m>) -> Signal<'m>| {
                own.taken(&weight.iter().map(is_taken).collect::<Vec<_>>())
            };
            let plus = side(|weight| weight.nonzero & !weight.negative);
            // A weight that is negative is not 0.
            let minus = side(|weight| weight.negative);
            part.output("y", Sides { plus, minus })
        });
        [plus, minus].map(|sum| Dot { sum, carry: None })
    }

    /// The sum of those that are taken.
    #[track_caller]
    fn taken(&self, taken: &[Signal<'m>]) -> Signal<'m> {
        let term = |(pair, x): (usize, &[Signal<'m>])| match *x {
            [first, second] => {
                let (takes_first, takes_second) = (taken[2 * pair], taken[2 * pair + 1]);
                let one = takes_first.mux(first, takes_second.mux(second, 0));
                (takes_first & takes_second).mux(self.sums[pair], one)
            }
            _ => taken[2 * pair].mux(x[0], 0),
        };
        let terms: Vec<Signal<'m>> = self.x.chunks(2).enumerate().map(term).collect();
        tree_with_carries(&terms, &[]).sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module, Range, signed, unsigned};
    use num_bigint::BigInt;

    /// Every weight of three activations.
    #[test]
    fn sides_take_what_they_should() {
        for range in [signed(3), unsigned(3)] {
            let m = Module::new("sides");
            let x: Vec<_> = (0..3).map(|lane| m.input(format!("x{lane}"), range.clone())).collect();
            let weights: Vec<_> = (0..3)
                .map(|lane| Trit::of_bits(m.input(format!("w{lane}"), Range::new(-1, 1)).to_bits()))
                .collect();
            for (side, dot) in ["plus", "minus"].iter().zip(Paired::of(&x).sides(&weights)) {
                m.output(*side, dot.whole());
            }
            let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
            let x: Vec<i64> = if range.is_signed() { vec![-4, 3, -1] } else { vec![7, 5, 3] };
            for number in 0..27 {
                let weights: Vec<i64> = (0..3).map(|place| number / 3i64.pow(place) % 3 - 1).collect();
                let of = |side: i64| -> BigInt {
                    x.iter()
                        .zip(&weights)
                        .filter(|(_, weight)| **weight == side)
                        .map(|(x, _)| *x)
                        .sum::<i64>()
                        .into()
                };
                let inputs: Vec<BigInt> = x.iter().chain(&weights).map(|&value| value.into()).collect();
                assert_eq!(interpreter.cycle(false, &inputs), [of(1), of(-1)]);
            }
        }
    }
}
