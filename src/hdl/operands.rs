//! What a node reads.

use super::node::{NodeId, Op};

impl Op {
    /// The nodes that this one reads, in this cycle or at its end, in the order of the formula.
    pub fn operands(&self) -> Vec<NodeId> {
        match self {
            Op::Input | Op::Constant(_) | Op::Output { .. } => Vec::new(),
            &Op::Add(a, b)
            | &Op::Sub(a, b)
            | &Op::Mul(a, b)
            | &Op::Compare(_, a, b)
            | &Op::And(a, b)
            | &Op::Or(a, b)
            | &Op::Xor(a, b) => vec![a, b],
            &(Op::ShiftLeft(a, _)
            | Op::ShiftRight(a, _)
            | Op::Wrap(a)
            | Op::Clamp(a)
            | Op::ToBits(a)
            | Op::ToInt(a)
            | Op::Not(a)
            | Op::Slice { a, .. }) => vec![a],
            &Op::Assume { a, when } => std::iter::once(a).chain(when).collect(),
            &Op::Adder { a, b, carry_in, .. } => [a, b].into_iter().chain(carry_in).collect(),
            &Op::Mux { condition, then, otherwise } => vec![condition, then, otherwise],
            Op::Concat(parts) => parts.clone(),
            Op::Register { next, enable, .. } => next.iter().chain(enable).copied().collect(),
            Op::Wire { driver } => driver.iter().copied().collect(),
            Op::Read { address, enable, .. } => std::iter::once(*address).chain(*enable).collect(),
        }
    }

    /// Calls `f` on each node that this one reads.
    pub(super) fn for_each_operand(&mut self, mut f: impl FnMut(&mut NodeId)) {
        match self {
            Op::Input | Op::Constant(_) | Op::Output { .. } => {}
            Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b)
            | Op::Compare(_, a, b)
            | Op::And(a, b)
            | Op::Or(a, b)
            | Op::Xor(a, b) => [a, b].into_iter().for_each(f),
            Op::ShiftLeft(a, _)
            | Op::ShiftRight(a, _)
            | Op::Wrap(a)
            | Op::Clamp(a)
            | Op::ToBits(a)
            | Op::ToInt(a)
            | Op::Not(a)
            | Op::Slice { a, .. } => f(a),
            Op::Assume { a, when } => std::iter::once(a).chain(when).for_each(f),
            Op::Adder { a, b, carry_in, .. } => [a, b].into_iter().chain(carry_in).for_each(f),
            Op::Mux { condition, then, otherwise } => [condition, then, otherwise].into_iter().for_each(f),
            Op::Concat(parts) => parts.iter_mut().for_each(f),
            Op::Register { next, enable, .. } => next.iter_mut().chain(enable).for_each(f),
            Op::Wire { driver } => driver.iter_mut().for_each(f),
            Op::Read { address, enable, .. } => std::iter::once(address).chain(enable).for_each(f),
        }
    }

    /// Whether the node's value comes from earlier cycles, so that its operands may come after it in a cycle.
    pub fn is_state(&self) -> bool {
        matches!(self, Op::Register { .. } | Op::Read { .. })
    }
}
