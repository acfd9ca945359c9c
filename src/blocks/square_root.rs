//! Square roots, digit by digit.

use crate::hdl::{Range, Signal, unsigned};
use num_bigint::BigInt;

/// `floor(sqrt(x))` of an `x` of at most `most`; of a greater one anything. From the greatest bit down, a bit of the root is 1 where
/// the square still fits under `x`. A subtraction a bit.
///
/// # Panics
/// If `x` may be negative, or `most` is.
#[track_caller]
pub fn square_root<'m>(x: Signal<'m>, most: &BigInt) -> Signal<'m> {
    assert!(!x.range().is_signed(), "a square root of an integer in {}", x.range());
    let doc = format!("root = floor(sqrt(x)) of an x of at most {most}");
    x.module().part("square_root", doc, |part| part.output("root", root(part.input("x", x), most)))
}

fn root<'m>(x: Signal<'m>, most: &BigInt) -> Signal<'m> {
    let m = x.module();
    let digits = most.bits().div_ceil(2);
    let (mut root, mut rest) = (m.constant(0), m.constant(0));
    for digit in (0..digits).rev().map(|digit| digit as u32) {
        // (2 root + 1)^2 - (2 root)^2 is what the digit takes of the rest. Of what is at most `high` the greatest rest is that of
        // `high` itself, or of the last integer below the square of its root.
        let high: BigInt = most >> (2 * digit);
        let greatest = high.sqrt();
        let most_rest = (&high - greatest.pow(2)).max((&greatest - 1) * 2);
        let named = |signal: Signal<'m>, name: &str| signal.hint(format!("{name}_{digit}"));
        let next = named((rest << 2) + (x >> (2 * digit)).wrap(unsigned(2)), "next");
        let left = named(next - named((root << 2) + 1, "taken"), "left");
        let fits = named(left.ge(0), "fits");
        rest = named(fits.mux(left, next), "chosen")
            .wrap(Range::new(0, most_rest).word())
            .named(format!("rest_{digit}"));
        root = ((root << 1) + fits).wrap(Range::new(0, greatest).word()).named(format!("root_{digit}"));
    }
    m.ignore(rest);
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module};

    /// Against the definition: the square of the root is no greater than `x`, that of the next integer is.
    #[test]
    fn the_root_is_the_greatest_whose_square_fits() {
        for most in (1..=70).chain([255, 600, 2047]) {
            let m = Module::new("root");
            m.output("root", square_root(m.input("x", Range::new(0, most)), &most.into()));
            let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
            for x in 0..=most {
                interpreter.set("x", x);
                let root = i64::try_from(&interpreter.get("root")).unwrap();
                assert!(root * root <= x && x < (root + 1) * (root + 1), "{x}: {root}");
            }
        }
    }

    #[test]
    fn no_width_is_a_limit() {
        let m = Module::new("root");
        let most: BigInt = BigInt::from(1) << 75;
        m.output("root", square_root(m.input("x", Range::new(0, most.clone())), &most));
        let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
        for x in [0u128, 1, (1 << 75) - 1, 1 << 75, 12_345_678_901_234_567_890_123] {
            interpreter.set("x", x);
            assert_eq!(interpreter.get("root"), BigInt::from(x).sqrt());
        }
    }
}
