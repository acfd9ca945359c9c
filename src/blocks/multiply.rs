//! Products: with constants, as sums of shifted copies, and of two integers, in stages where one is too short.

use super::adder_tree::tree;
use crate::hdl::{Operand, Range, Signal, unsigned};
use num_bigint::BigInt;

/// The canonical signed digits of `value`: pairs of a shift and a sign whose sum of `sign * 2^shift` is `value`, with no
/// two shifts next to each other, which is the least number of terms.
pub fn signed_digits(value: i64) -> Vec<(u32, i64)> {
    let mut digits = Vec::new();
    let mut rest = i128::from(value);
    let mut shift = 0;
    while rest != 0 {
        if rest & 1 == 1 {
            let digit = if rest & 3 == 3 { -1 } else { 1 };
            digits.push((shift, digit));
            rest -= i128::from(digit);
        }
        rest >>= 1;
        shift += 1;
    }
    digits
}

/// `x * constant` without a multiplier.
#[track_caller]
pub fn constant_multiple<'m>(x: Signal<'m>, constant: i64) -> Signal<'m> {
    let m = x.module();
    let terms = |sign: i64| {
        let shifts = signed_digits(constant).into_iter().filter(|digit| digit.1 == sign);
        shifts.map(|(shift, _)| x << shift).collect::<Vec<_>>()
    };
    let sum = |terms: Vec<Signal<'m>>| tree(&terms, &mut |a: Signal<'m>, b| a.add_with_carry(b, None));
    let (plus, minus) = (terms(1), terms(-1));
    match (plus.is_empty(), minus.is_empty()) {
        (true, true) => {
            m.ignore(x);
            0.operand(m)
        }
        (false, true) => sum(plus),
        (true, false) => -sum(minus),
        (false, false) => sum(plus) - sum(minus),
    }
}

/// `a * b` of two integers that are not negative. A `*`, which is a hard multiplier where the family has one, if that fits in
/// a stage; otherwise a tree of adders, one row for each bit of the narrower, which the pipeliner may cut.
///
/// # Panics
/// If one of them may be negative.
#[track_caller]
pub fn product<'m>(a: Signal<'m>, b: Signal<'m>) -> Signal<'m> {
    let m = a.module();
    assert!(
        !a.range().is_signed() && !b.range().is_signed(),
        "a product of rows wants integers that are not negative, not {} and {}",
        a.range(),
        b.range()
    );
    if m.timing().multiplies(a.width(), b.width()) {
        return a * b;
    }
    let (wide, narrow) = if a.width() < b.width() { (b, a) } else { (a, b) };
    let most = wide.range().hi().clone();
    let row = |place: u32| {
        let bits = wide.to_bits() & narrow.bit(place).repeat(wide.width() as usize);
        (bits.int(unsigned(wide.width())), place, most.clone())
    };
    let rows: Vec<_> = (0..narrow.width()).map(row).collect();
    // `low * 2^at + high * 2^above`, of which the low bits need no adder; with the most that it can be, so that the word
    // does not grow beyond it.
    let (sum, ..) = tree(&rows, &mut |(low, at, low_most): (Signal<'m>, u32, BigInt),
                                      (high, above, high_most)| {
        let shift = above - at;
        let most = low_most + (high_most << shift);
        let sum = (low >> shift).add_with_carry(high, None);
        let word = m.concat(&[low.wrap(unsigned(shift)), sum]);
        (word.int(unsigned(word.width())).wrap(Range::new(0, most.clone()).word()), at, most)
    });
    // The rows count as if the narrower factor could be all ones.
    sum.wrap(Range::new(0, a.range().hi() * b.range().hi()).word())
}

#[cfg(test)]
mod tests {
    use super::{product, signed_digits};
    use crate::hdl::{Interpreter, Module, Range, Timing, unsigned};
    use std::rc::Rc;

    /// Of every two integers of small ranges, and at the ends of wide ones.
    #[test]
    fn rows_sum_to_the_product() {
        let slow = Timing::clock("ice40hx", 400.0).expect("a family");
        let whole = |bits: u32| (unsigned(bits), (0..1i64 << bits).collect::<Vec<_>>());
        let ends =
            |bits: u32| (unsigned(bits), vec![0, 1, (1 << bits) - 1, 1 << (bits - 1), 12345 % (1 << bits)]);
        let pairs = [
            (whole(1), whole(5)),
            (whole(4), whole(3)),
            ((Range::new(0, 10), (0..=10).collect()), (Range::new(3, 12), (3..=12).collect())),
            (ends(16), ends(15)),
            (ends(32), ends(31)),
        ];
        for ((a_range, a_values), (b_range, b_values)) in pairs {
            let m = Module::with_timing("product", slow);
            let (a, b) = (m.input("a", a_range.clone()), m.input("b", b_range.clone()));
            let y = product(a, b);
            assert_eq!(y.width(), (a * b).width());
            m.output("y", y);
            let mut run = Interpreter::new(Rc::new(m.finish().expect("no violation"))).expect("no black box");
            for a in &a_values {
                for b in &b_values {
                    run.set("a", *a);
                    run.set("b", *b);
                    assert_eq!(run.get("y"), (i128::from(*a) * i128::from(*b)).into(), "{a} * {b}");
                }
            }
        }
    }

    #[test]
    fn digits_sum_to_their_value_and_are_never_neighbours() {
        for value in (-5000..5000).chain([i64::MAX, i64::MIN, 0x5555_5555, -0x7fff_0001]) {
            let digits = signed_digits(value);
            let sum: i128 = digits.iter().map(|&(shift, sign)| i128::from(sign) << shift).sum();
            assert_eq!(sum, i128::from(value));
            assert!(digits.windows(2).all(|pair| pair[1].0 > pair[0].0 + 1));
        }
    }
}
