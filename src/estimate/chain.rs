//! What carry chains take.

use super::gates::{Bit, Chain, Graph, ONE};
use crate::device::{Counts, Family};
use crate::hdl::Type;
use std::ops::Range;

/// An adder that is a module of its own: `a + b`, or `a - b`, in the width of `sum`, or the complement of it.
///
/// Where sums are made in look-up tables, each bit takes one, and each bit of a subtrahend one more. Where neither operand has
/// a sign, the bit above them is the carry itself, which takes a look-up table only to be complemented, or where it is a gate of
/// two bits.
pub fn kept_adder(family: Family, a: &Type, b: &Type, sum: &Type, subtracts: bool, inverted: bool) -> Counts {
    let width = sum.width();
    if !family.numbers().carry.sums_in_luts() {
        return cells(family, width);
    }
    let operands = a.width().max(b.width());
    let sums = if a.is_signed() || b.is_signed() || subtracts {
        width
    } else {
        let is_gate = inverted || operands == 1;
        operands.min(width) + u32::from(is_gate && width > operands)
    };
    let inverters = if subtracts { b.width().min(width) } else { 0 };
    Counts { lut4: (sums + inverters).into(), ..cells(family, width.min(operands + 1).saturating_sub(1)) }
}

/// Carry cells for `width` bits, with the look-up tables in them.
pub fn cells(family: Family, width: u32) -> Counts {
    let carry = family.numbers().carry;
    let cells = u64::from(width.div_ceil(carry.bits));
    Counts { carry: cells, lut4: cells * u64::from(carry.lut4), ..Counts::default() }
}

/// `chain` without its lowest bits, where no carry can come from them, and the sums of these bits; their carry goes in above.
pub fn trimmed(graph: &mut Graph, chain: &Chain, family: Family) -> (Chain, Vec<Bit>) {
    let in_luts = family.numbers().carry.sums_in_luts();
    let mut carry = chain.carry_in;
    let mut sums = Vec::new();
    for (&a, &b) in chain.a.iter().zip(&chain.b) {
        let is_constant = |bit: Bit| bit <= ONE;
        // Where a chain's cell holds the whole adder, synthesis only takes away bits that nothing is added to.
        let next = match [a, b, carry].map(is_constant) {
            [_, true, true] if b == carry => b,
            [true, _, true] if a == carry => a,
            [_, true, true] if in_luts => a,
            [true, _, true] if in_luts => b,
            [true, true, _] if in_luts && a == b => a,
            [true, true, _] if in_luts => carry,
            _ => break,
        };
        let half = graph.xor(a, b);
        sums.push(graph.xor(half, carry));
        carry = next;
    }
    let (a, b) = (chain.a[sums.len()..].to_vec(), chain.b[sums.len()..].to_vec());
    (Chain { a, b, carry_in: carry, subtracts: chain.subtracts }, sums)
}

/// Where synthesis takes carry cells away whose carry is known, `chain` up to the highest bit in which both operands are the same constant,
/// and what is above it, into which that constant is carried.
pub fn cut(chain: &Chain, family: Family) -> Option<(Chain, Chain)> {
    let in_luts = family.numbers().carry.sums_in_luts();
    let known = |place: &usize| chain.a[*place] <= ONE && chain.a[*place] == chain.b[*place];
    let place = (0..chain.a.len()).rev().find(known).filter(|_| in_luts)?;
    let part = |places: Range<usize>, carry_in: Bit| {
        let [a, b] = [&chain.a, &chain.b].map(|bits| bits[places.clone()].to_vec());
        Chain { a, b, carry_in, subtracts: chain.subtracts }
    };
    Some((part(0..place + 1, chain.carry_in), part(place + 1..chain.a.len(), chain.a[place])))
}

/// The operands of a chain as they enter it: a difference inverts its subtrahend inside where the chain can.
pub fn entering(chain: &Chain, family: Family, place: usize) -> [Bit; 2] {
    let inside = chain.subtracts && !family.numbers().carry.sums_in_luts();
    let b = chain.b[place];
    [chain.a[place], if inside && b > ONE { b ^ 1 } else { b }]
}
