//! What a node reads.

use super::node::{NodeId, Op};

/// The nodes that one reads: see [`Op::operands`].
#[derive(Clone)]
pub struct Operands<'o> {
    next: usize,
    count: usize,
    /// All of them, unless they are `many`.
    few: [NodeId; 3],
    many: &'o [NodeId],
}

impl<'o> Operands<'o> {
    fn of(few: [NodeId; 3], count: usize) -> Self {
        Self { next: 0, count, few, many: &[] }
    }

    /// `first`, and a second one if there is one.
    fn with(first: NodeId, second: Option<NodeId>) -> Self {
        second.map_or(Self::of([first, 0, 0], 1), |second| Self::of([first, second, 0], 2))
    }

    /// All of `many`.
    pub(super) fn many(many: &'o [NodeId]) -> Self {
        Self { next: 0, count: many.len(), few: [0; 3], many }
    }
}

impl Iterator for Operands<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next == self.count {
            return None;
        }
        let ids = if self.many.is_empty() { &self.few } else { self.many };
        self.next += 1;
        Some(ids[self.next - 1])
    }
}

impl Op {
    /// The nodes that this one reads, in this cycle or at its end, in the order of the formula.
    pub fn operands(&self) -> Operands<'_> {
        match self {
            Op::Input | Op::Constant(_) | Op::Output { .. } => Operands::of([0; 3], 0),
            &Op::Add(a, b)
            | &Op::Sub(a, b)
            | &Op::Mul(a, b)
            | &Op::Compare(_, a, b)
            | &Op::And(a, b)
            | &Op::Or(a, b)
            | &Op::Xor(a, b) => Operands::of([a, b, 0], 2),
            &(Op::ShiftLeft(a, _)
            | Op::ShiftRight(a, _)
            | Op::Wrap(a)
            | Op::Clamp(a)
            | Op::ToBits(a)
            | Op::ToInt(a)
            | Op::Not(a)
            | Op::Slice { a, .. }) => Operands::of([a, 0, 0], 1),
            &Op::Assume { a, when } => Operands::with(a, when),
            &Op::Adder { a, b, carry_in: None, .. } => Operands::of([a, b, 0], 2),
            &Op::Adder { a, b, carry_in: Some(carry_in), .. } => Operands::of([a, b, carry_in], 3),
            &Op::Mux { condition, then, otherwise } => Operands::of([condition, then, otherwise], 3),
            Op::Concat(parts) => Operands::many(parts),
            &Op::Register { next: Some(a), enable, .. } => Operands::with(a, enable),
            &(Op::Register { next: None, enable: Some(a), .. } | Op::Wire { driver: Some(a) }) => {
                Operands::of([a, 0, 0], 1)
            }
            Op::Register { .. } | Op::Wire { .. } => Operands::of([0; 3], 0),
            &Op::Read { address, enable, .. } => Operands::with(address, enable),
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
