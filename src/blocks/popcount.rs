//! Counting conditions that are 1.

use crate::hdl::{Signal, unsigned};

/// The number of `conditions` that are 1, by full adders: two look-up tables for each condition but the last few, where
/// adders with carry chains would take twice as many. The range is the whole word.
///
/// # Panics
/// If there are no conditions.
///
/// ```
/// use ternlet::hdl::{Module, Range};
/// let m = Module::new("count");
/// let x: Vec<_> = (0..3).map(|lane| m.input(format!("x{lane}"), Range::condition())).collect();
/// assert_eq!(ternlet::blocks::popcount(&x).range(), Range::new(0, 3));
/// ```
#[track_caller]
pub fn popcount<'m>(conditions: &[Signal<'m>]) -> Signal<'m> {
    let m = conditions[0].module();
    let _section = m.section("count");
    let mut bits = Vec::new();
    let mut column = conditions.to_vec();
    while !column.is_empty() {
        let mut carries = Vec::new();
        let place = bits.len();
        while column.len() > 1 {
            let (a, b) = (column.remove(0), column.remove(0));
            let named =
                |signal: Signal<'m>, name: &str| signal.hint(format!("{name}_{place}_{}", carries.len()));
            let differ = named(a ^ b, "half");
            if column.is_empty() {
                column.push(differ);
                let carry = named(a & b, "carry");
                carries.push(carry);
            } else {
                let carry_in = column.remove(0);
                column.push(named(differ ^ carry_in, "ones"));
                let carry = named(differ.mux(carry_in, a), "carry");
                carries.push(carry);
            }
        }
        bits.push(column[0]);
        column = carries;
    }
    let width = bits.len() as u32;
    // No assumption that it is at most their number: where a pipeline cuts the adders, the stages hold no beat at first.
    m.concat(&bits).int(unsigned(width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module, Range};
    use num_bigint::BigInt;

    #[test]
    fn every_word_of_up_to_9_bits() {
        for width in 1..=9 {
            let m = Module::new("count");
            let x: Vec<_> = (0..width).map(|lane| m.input(format!("x{lane}"), Range::condition())).collect();
            m.output("ones", popcount(&x));
            let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
            for word in 0..1u32 << width {
                let bits: Vec<BigInt> = (0..width).map(|lane| (word >> lane & 1).into()).collect();
                assert_eq!(interpreter.cycle(false, &bits), [BigInt::from(word.count_ones())]);
            }
        }
    }
}
