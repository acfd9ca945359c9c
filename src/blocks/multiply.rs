//! Products: with constants, as sums of shifted copies, and of two integers, in stages where one is too short.

use super::adder_tree::tree;
use crate::hdl::{Operand, Range, Signal, signed, unsigned};
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

/// `a * b`. A `*`, which is a hard multiplier where the family has one and there are enough, if that fits in a stage; otherwise a tree
/// of adders, one row for each bit of the narrower, which the pipeliner may cut.
#[track_caller]
pub fn product<'m>(a: Signal<'m>, b: Signal<'m>) -> Signal<'m> {
    let m = a.module();
    let (a_range, b_range) = (a.range(), b.range());
    if m.timing().multiplies(&a_range, &b_range) || m.takes_hard_multiplier(&a_range, &b_range) {
        return a * b;
    }
    let (wide, narrow) = if a.width() < b.width() { (b, a) } else { (a, b) };
    let row = |place: u32| {
        // The highest bit of a signed integer counts negatively.
        let is_sign = narrow.range().is_signed() && place + 1 == narrow.width();
        let copy = if is_sign { -wide } else { wide };
        let bits = copy.to_bits() & narrow.bit(place).repeat(copy.width() as usize);
        let range = copy.range();
        (
            bits.int(range.word()),
            place,
            Range::hull([range.lo().clone(), range.hi().clone(), BigInt::from(0)]),
        )
    };
    let rows: Vec<_> = (0..narrow.width()).map(row).collect();
    // `low * 2^at + high * 2^above`, of which the low bits need no adder; with the range that it can have, so that the word
    // does not grow beyond it.
    let (sum, ..) =
        tree(&rows, &mut |(low, at, low_range): (Signal<'m>, u32, Range),
                          (high, above, high_range): (Signal<'m>, u32, Range)| {
            let shift = above - at;
            let range = Range::new(
                low_range.lo() + (high_range.lo() << shift),
                low_range.hi() + (high_range.hi() << shift),
            );
            let sum = (low >> shift).add_with_carry(high, None);
            let word = m.concat(&[low.wrap(unsigned(shift)), sum]);
            let whole = if sum.range().is_signed() { signed(word.width()) } else { unsigned(word.width()) };
            (word.int(whole).wrap(range.word()), at, range)
        });
    // The rows count as if the narrower factor could be any word of its bits.
    let (a, b) = (a.range(), b.range());
    let ends = [a.lo() * b.lo(), a.lo() * b.hi(), a.hi() * b.lo(), a.hi() * b.hi()];
    sum.wrap(Range::hull(ends).word())
}

#[cfg(test)]
mod tests {
    use super::{product, signed_digits};
    use crate::device::Family;
    use crate::hdl::{Interpreter, Module, Range, Timing, signed, unsigned};
    use std::rc::Rc;

    /// Of every two integers of small ranges, and at the ends of wide ones.
    #[test]
    fn rows_sum_to_the_product() {
        let slow = Timing::clock(Family::ICE40_HX, 400.0);
        let whole = |bits: u32| (unsigned(bits), (0..1i64 << bits).collect::<Vec<_>>());
        let whole_signed = |bits: u32| (signed(bits), (-(1i64 << (bits - 1))..1 << (bits - 1)).collect());
        let ends_signed = |bits: u32| {
            let most = 1i64 << (bits - 1);
            (signed(bits), vec![0, 1, -1, most - 1, -most, 12345 % most, -54321 % most])
        };
        let ends =
            |bits: u32| (unsigned(bits), vec![0, 1, (1 << bits) - 1, 1 << (bits - 1), 12345 % (1 << bits)]);
        let pairs = [
            (whole(1), whole(5)),
            (whole(4), whole(3)),
            ((Range::new(0, 10), (0..=10).collect()), (Range::new(3, 12), (3..=12).collect())),
            (ends(16), ends(15)),
            (ends(32), ends(31)),
            (whole_signed(1), whole(4)),
            (whole_signed(4), whole(3)),
            (whole(3), whole_signed(5)),
            (whole_signed(5), whole_signed(4)),
            ((Range::new(-3, 0), (-3..=0).collect()), (Range::new(-12, -3), (-12..=-3).collect())),
            (ends_signed(16), ends(12)),
            (ends(32), ends_signed(7)),
            (ends_signed(32), ends_signed(32)),
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
