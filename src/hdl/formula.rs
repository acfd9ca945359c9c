//! The formula of each operation, on integers of any kind.

use super::node::{Comparison, Node, NodeId, Op};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};
use std::ops::{BitAnd, BitOr, BitXor, Shl, Shr};

/// The integers that formulas are computed on: machine integers where they suffice, otherwise big ones.
pub trait Number:
    Clone
    + Integer
    + Signed
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    fn of(value: &BigInt) -> Self;
}

impl Number for BigInt {
    fn of(value: &BigInt) -> Self {
        value.clone()
    }
}

impl Number for i128 {
    fn of(value: &BigInt) -> Self {
        value.to_i128().expect("the ranges say that this value is small")
    }
}

/// The value of node `id` of `nodes`, whose type has this `width` and sign; `value` gives those of its operands.
///
/// # Panics
/// If the node is a port or has state, which no formula describes.
pub fn evaluate<N: Number>(
    nodes: &[Node],
    id: NodeId,
    width: u32,
    signed: bool,
    value: impl Fn(NodeId) -> N,
) -> N {
    let node = &nodes[id];
    let truth = |holds: bool| if holds { N::one() } else { N::zero() };
    match &node.op {
        Op::Constant(constant) => N::of(constant),
        &Op::Add(a, b) => value(a) + value(b),
        &Op::Sub(a, b) => value(a) - value(b),
        &Op::Mul(a, b) => value(a) * value(b),
        &Op::Adder { a, b, carry_in, subtracts, inverted } => {
            let b = if subtracts { -value(b) } else { value(b) };
            let sum = value(a) + b + carry_in.map_or(N::zero(), value);
            if inverted { -sum - N::one() } else { sum }
        }
        &Op::ShiftLeft(a, k) => value(a) << k,
        &Op::ShiftRight(a, k) => value(a) >> k,
        &Op::Compare(Comparison::Eq, a, b) => truth(value(a) == value(b)),
        &Op::Compare(Comparison::Ne, a, b) => truth(value(a) != value(b)),
        &Op::Compare(Comparison::Lt, a, b) => truth(value(a) < value(b)),
        &Op::Compare(Comparison::Le, a, b) => truth(value(a) <= value(b)),
        &Op::Mux { condition, then, otherwise } => {
            value(if value(condition).is_one() { then } else { otherwise })
        }
        &(Op::Wrap(a) | Op::ToBits(a) | Op::ToInt(a)) => word(value(a), width, signed),
        &Op::Clamp(a) => {
            let range = node.ty.range();
            value(a).max(N::of(range.lo())).min(N::of(range.hi()))
        }
        &Op::Assume { a, .. } => value(a),
        &Op::Not(a) => (N::one() << width) - N::one() - value(a),
        &Op::And(a, b) => value(a) & value(b),
        &Op::Or(a, b) => value(a) | value(b),
        &Op::Xor(a, b) => value(a) ^ value(b),
        Op::Concat(parts) => {
            parts.iter().rev().fold(N::zero(), |high, &part| (high << nodes[part].ty.width()) | value(part))
        }
        &Op::Slice { a, lsb } => word(value(a) >> lsb, width, false),
        &Op::Wire { driver } => value(driver.expect("every wire of a finished circuit is driven")),
        Op::Input | Op::Register { .. } | Op::Read { .. } | Op::Output { .. } => {
            unreachable!("no formula describes this node")
        }
    }
}

/// The low `width` bits of `value` as a number, signed or not.
fn word<N: Number>(value: N, width: u32, signed: bool) -> N {
    let modulus = N::one() << width;
    let low = value.mod_floor(&modulus);
    if signed && low.clone() + low.clone() >= modulus { low - modulus } else { low }
}
