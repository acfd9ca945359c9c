//! Products in look-up tables, two bits of the multiplier at a time.

use crate::hdl::{Range, Signal, signed, unsigned};

/// `x * w` as a term and perhaps a condition that is still to be added to it: by a `*` where it gets a hard multiplier of the family and
/// `w` has more than the two bits of a digit; otherwise by [`digit_product`].
#[track_caller]
pub fn product_term<'m>(x: Signal<'m>, w: Signal<'m>) -> (Signal<'m>, Option<Signal<'m>>) {
    let is_one_digit = w.width() <= if w.range().is_signed() { 2 } else { 1 };
    let (m, factors) = (x.module(), [x.range(), w.range()]);
    let gets_one =
        |[x, w]: &[Range; 2]| m.timing().has_hard_multiplier(x, w) || m.takes_hard_multiplier(x, w);
    if !is_one_digit && gets_one(&factors) {
        return ((x * w).named("product"), None);
    }
    let (term, carry) = digit_product(x, w);
    (term, Some(carry))
}

/// `x * w` as a term and a condition that is still to be added to it, for the carry-in of an adder.
///
/// The multiplier `w` is read in digits of two bits, each worth -2 to 2: `d[k] = w[2k-1] + w[2k] - 2 w[2k+1]` (Booth, "A signed
/// binary multiplication technique", 1951, radix 4). A digit makes of `x` one of 0, `x` and `2x`, or the one's complement of it;
/// the missing +1 is the carry-in of the adder that takes the digit, and of the lowest digit it is the condition that is
/// left. The lowest digit, which has no bit below it, takes a look-up table a bit, every other one two; with their adders
/// that is half of what synthesis makes of `x * w`.
///
/// # Panics
/// If one of them is a word.
#[track_caller]
pub fn digit_product<'m>(x: Signal<'m>, w: Signal<'m>) -> (Signal<'m>, Signal<'m>) {
    let m = x.module();
    let (x_range, w_range) = (x.range(), w.range());
    // One bit more for 2x, and one for the sign of what has none.
    let term = signed(x_range.width() + if x_range.is_signed() { 1 } else { 2 });
    let [once, twice] = [x, x << 1].map(|multiple| multiple.wrap(term.clone()).to_bits());
    // A multiplier without a sign has a 0 above.
    let digits = if w_range.is_signed() { w.width().div_ceil(2) } else { w.width() / 2 + 1 };
    let w = w.wrap(signed(2 * digits)).to_bits();
    let digit = |k: u32| {
        let (low, high) = (w.bit(2 * k), w.bit(2 * k + 1));
        let (is_one, is_two) = match k.checked_sub(1) {
            None => (low, high),
            Some(below) => (low ^ w.bit(2 * below + 1), high ^ low),
        };
        let all = |condition: Signal<'m>| condition.repeat(term.width() as usize);
        let multiple = is_one.mux(once, twice & all(is_two)) ^ all(high);
        (multiple.int(term.clone()).named("digit"), high)
    };
    let (mut sum, carry) = digit(0);
    let mut passed = Vec::new();
    for k in 1..digits {
        let (multiple, negative) = digit(k);
        passed.push(sum.wrap(unsigned(2)).to_bits());
        sum = (sum >> 2).add_with_carry(multiple, Some(negative));
    }
    passed.push(sum.to_bits());
    let word = m.concat(&passed);
    let ends = [x_range.lo(), x_range.hi()].map(|x| [x * w_range.lo(), x * w_range.hi()]);
    let hull = Range::hull(ends.into_iter().flatten());
    let exact = Range::new(hull.lo() - 1, hull.hi().clone()).word();
    (word.int(signed(word.width())).wrap(exact).named("product"), carry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Family;
    use crate::hdl::{Interpreter, Module, Timing};
    use num_bigint::BigInt;

    /// All values of both, of every kind of sign, of one digit and of several, whole words and parts of them.
    #[test]
    fn every_product() {
        let factors =
            [signed(1), signed(2), signed(3), signed(5), unsigned(1), unsigned(2), unsigned(3), unsigned(4)];
        let parts = [Range::new(-3, 2), Range::new(-5, -4), Range::new(2, 9)];
        for x_range in [signed(4), unsigned(3), Range::new(-2, 4)] {
            for w_range in factors.iter().chain(&parts) {
                let m = Module::new("product");
                let (x, w) = (m.input("x", x_range.clone()), m.input("w", w_range.clone()));
                let (term, carry) = digit_product(x, w);
                assert!(term.width() <= x.width() + w.width() + 1);
                m.output("y", term + carry);
                let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
                let values = |range: &Range| {
                    let end = |end: &BigInt| i64::try_from(end.clone()).unwrap();
                    end(range.lo())..=end(range.hi())
                };
                for x in values(&x_range) {
                    for w in values(w_range) {
                        let inputs = [x.into(), w.into()];
                        assert_eq!(interpreter.cycle(false, &inputs), [BigInt::from(x * w)], "{x} * {w}");
                    }
                }
            }
        }
    }

    #[test]
    fn hard_multipliers_take_what_is_more_than_a_digit() {
        let carry = |family: Family, x_range: Range, w_range: Range| {
            let m = Module::with_timing("product", Timing::clock(family, 20.0));
            let (x, w) = (m.input("x", x_range), m.input("w", w_range));
            product_term(x, w).1.is_some()
        };
        assert!(carry(Family::ICE40_HX, signed(8), signed(8)));
        assert!(!carry(Family::ECP5, signed(8), signed(8)));
        assert!(!carry(Family::ICE40_UP, signed(8), unsigned(3)));
        assert!(carry(Family::ICE40_UP, signed(8), unsigned(2)), "synthesis takes none for 10 bits");
        assert!(carry(Family::ICE40_UP, signed(8), signed(2)));
        assert!(carry(Family::ICE40_UP, signed(20), signed(8)));
    }
}
