//! The magnitude of a signed integer.

use crate::hdl::{Signal, unsigned};

/// `|x|`, unsigned in as many bits as `x` has: the most negative word's too.
///
/// Bit `i` of a negative `x` is turned over where a lower bit is 1. Written so, about one look-up table a bit does on every family, and no
/// carry chain; `0 - x` and a multiplexer take two on iCE40.
#[track_caller]
pub fn magnitude(x: Signal<'_>) -> Signal<'_> {
    if !x.range().is_signed() {
        return x;
    }
    x.module().part("magnitude", "magnitude = |x|", |part| {
        part.output("magnitude", unsigned_size(part.input("x", x)).named("magnitude"))
    })
}

fn unsigned_size(x: Signal<'_>) -> Signal<'_> {
    let (m, width) = (x.module(), x.width());
    let negative = x.bit(width - 1);
    let mut below = x.bit(0);
    let mut bits = vec![below];
    for place in 1..width {
        let bit = x.bit(place);
        bits.push(bit ^ (negative & below));
        below = (below | bit).hint(format!("any_up_to_{place}"));
    }
    m.concat(&bits).int(unsigned(width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module, Range, signed};
    use num_bigint::BigInt;

    #[test]
    fn of_every_word_of_up_to_6_bits() {
        for range in (1..=6).map(signed).chain([unsigned(3), Range::new(-3, 9)]) {
            let m = Module::new("magnitude_of");
            m.output("y", magnitude(m.input("x", range.clone())));
            let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
            let mut x = range.lo().clone();
            while range.contains(&x) {
                let expected = BigInt::from(x.magnitude().clone());
                assert_eq!(interpreter.cycle(false, std::slice::from_ref(&x)), [expected], "{x} of {range}");
                x += 1;
            }
        }
    }
}
