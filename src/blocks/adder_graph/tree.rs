//! In which order the terms of a sum are added.

use super::terms::{Pair, Term};
use std::cmp::Reverse;

/// A term with the range of its node.
pub type Operand = (Term, (i64, i64));

/// Adds up terms, always the two narrowest first; the list is empty then. `add` gets each sum and its range, and gives its
/// node. The term of the whole sum, if there are terms.
pub fn narrow_first(
    operands: &mut Vec<Operand>,
    mut add: impl FnMut(Pair, (i64, i64)) -> u32,
) -> Option<Term> {
    // Among equals those of one sign meet: a plain sum is never dearer than a difference.
    let order = |(term, (lo, hi)): &Operand| Reverse(((hi - lo) << term.shift, term.negative));
    operands.sort_unstable_by_key(order);
    loop {
        let s = operands.pop()?;
        let Some(t) = operands.pop() else { return Some(s.0) };
        let sum = join(s, t, &mut add);
        let at = operands.partition_point(|operand| order(operand) < order(&sum));
        operands.insert(at, sum);
    }
}

fn join(
    (s, s_range): Operand,
    (t, t_range): Operand,
    add: &mut impl FnMut(Pair, (i64, i64)) -> u32,
) -> Operand {
    let (mut pair, mut term) = (Pair::of(s, t), Pair::stands_for(s, t, s.node));
    let (mut a, mut b) = if pair.a == s.node { (s_range, t_range) } else { (t_range, s_range) };
    if pair.shift == 0 && pair.subtracts && term.negative {
        // b - a in place of -(a - b): nothing has to be negated after it.
        (pair.a, pair.b, a, b, term.negative) = (pair.b, pair.a, b, a, false);
    }
    let range = pair.range(a, b);
    term.node = add(pair, range);
    (term, range)
}
