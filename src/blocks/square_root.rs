//! Square roots, digit by digit.

use crate::hdl::{Signal, unsigned};

/// `floor(sqrt(x))`: from the greatest bit down, a bit of the root is 1 where the square still fits under `x`. A
/// subtraction a bit.
///
/// # Panics
/// If `x` may be negative.
#[track_caller]
pub fn square_root(x: Signal<'_>) -> Signal<'_> {
    assert!(!x.range().is_signed(), "a square root of an integer in {}", x.range());
    let m = x.module();
    let digits = x.width().div_ceil(2);
    let (mut root, mut rest) = (m.constant(0), m.constant(0));
    for digit in (0..digits).rev() {
        // (2 root + 1)^2 - (2 root)^2 is what the digit takes of the rest; the rest is never more than twice the root.
        let length = digits - digit;
        let next = (rest << 2) + (x >> (2 * digit)).wrap(unsigned(2));
        let left = next - ((root << 2) + 1);
        let fits = left.ge(0);
        rest = fits.mux(left, next).wrap(unsigned(length + 1)).named(format!("rest_{digit}"));
        root = ((root << 1) + fits).wrap(unsigned(length)).named(format!("root_{digit}"));
    }
    m.ignore(rest);
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module, Range};
    use num_bigint::BigInt;

    /// Against the definition: the square of the root is no greater than `x`, that of the next integer is.
    #[test]
    fn the_root_is_the_greatest_whose_square_fits() {
        for width in [1, 2, 3, 8, 11] {
            let m = Module::new("root");
            m.output("root", square_root(m.input("x", unsigned(width))));
            let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
            for x in 0..1i64 << width {
                interpreter.set("x", x);
                let root = i64::try_from(&interpreter.get("root")).unwrap();
                assert!(root * root <= x && x < (root + 1) * (root + 1), "{x}: {root}");
            }
        }
    }

    #[test]
    fn no_width_is_a_limit() {
        let m = Module::new("root");
        m.output("root", square_root(m.input("x", Range::new(0, BigInt::from(1) << 75))));
        let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
        for x in [0u128, 1, (1 << 75) - 1, 1 << 75, 12_345_678_901_234_567_890_123] {
            interpreter.set("x", x);
            assert_eq!(interpreter.get("root"), BigInt::from(x).sqrt());
        }
    }
}
