//! The formula of each operation in Verilog, on operands of equal widths.

use super::ast::*;
use super::fold;
use super::lower::Lowering;
use crate::hdl::{Comparison, Node, NodeId, Op, Range, Type};
use num_bigint::BigInt;

impl Lowering<'_> {
    /// The bits of a node whose value is a formula over others.
    pub(super) fn expression(&mut self, node: &Node) -> Expr {
        let width = node.ty.width();
        match &node.op {
            Op::Constant(value) => {
                let radix = match node.ty {
                    Type::Bits(_) => Radix::Hexadecimal,
                    Type::Int(_) => Radix::Decimal,
                };
                Expr::Literal { width, value: value.clone(), signed: false, radix }
            }
            &Op::Add(a, b) => fold::add(self.fitted(a, width), self.fitted(b, width)),
            // -1 - b is the complement of b.
            &Op::Sub(a, b) if self.circuit.nodes[a].op == Op::Constant((-1).into()) => {
                fold::inverted(self.fitted(b, width))
            }
            &Op::Sub(a, b) => fold::sub(self.fitted(a, width), self.fitted(b, width)),
            &Op::Mul(a, b) => {
                // Synthesis sees through the extension of a signed operand only where the product is signed.
                let signed = self.ty(a).is_signed() || self.ty(b).is_signed();
                let [a, b] = [a, b].map(|id| self.fitted(id, width).with_sign(signed));
                Expr::binary(Binary::Mul, a, b)
            }
            &Op::ShiftLeft(a, 0) => self.fitted(a, width),
            &Op::ShiftLeft(a, by) => {
                Expr::concat([self.fitted(a, width - by), Expr::literal(BigInt::ZERO, by)])
            }
            &Op::ShiftRight(a, by) => {
                let (signed, top) = (self.ty(a).is_signed(), self.ty(a).width() - 1);
                if by > top && !signed {
                    return Expr::literal(BigInt::ZERO, width);
                }
                // After the highest bit there are only copies of the sign.
                self.select(a, top.min(by.saturating_add(width - 1)), by.min(top)).extended(signed, width)
            }
            &Op::Compare(comparison, a, b) => {
                let ranges = [self.ty(a).range(), self.ty(b).range()];
                let width = ranges[0].union(&ranges[1]).width();
                let [a, b] = [a, b].map(|id| self.fitted(id, width));
                compare(comparison, (a, &ranges[0]), (b, &ranges[1]))
            }
            &Op::Mux { condition, then, otherwise } => {
                let [then, otherwise] = [then, otherwise].map(|id| self.fitted(id, width));
                fold::choose(self.bits_of(condition).clone(), then, otherwise)
            }
            &(Op::Wrap(a) | Op::Assume { a, .. } | Op::ToBits(a) | Op::ToInt(a)) => self.fitted(a, width),
            &Op::Clamp(a) => self.clamp(a, &node.ty),
            &Op::Not(a) => fold::inverted(self.fitted(a, width)),
            &Op::And(a, b) => fold::gate(Binary::And, self.fitted(a, width), self.fitted(b, width)),
            &Op::Or(a, b) => fold::gate(Binary::Or, self.fitted(a, width), self.fitted(b, width)),
            &Op::Xor(a, b) => fold::xor(self.fitted(a, width), self.fitted(b, width)),
            Op::Concat(parts) => Expr::concat(parts.iter().rev().map(|&part| self.bits_of(part).clone())),
            &Op::Slice { a, lsb } => self.select(a, lsb + width - 1, lsb),
            Op::Wire { driver } => {
                self.fitted(driver.expect("every wire of a finished circuit is driven"), width)
            }
            Op::Input | Op::Adder { .. } | Op::Register { .. } | Op::Read { .. } | Op::Output { .. } => {
                unreachable!("this node has a net of its own")
            }
        }
    }

    fn clamp(&mut self, a: NodeId, ty: &Type) -> Expr {
        let (given, kept) = (self.ty(a).range(), ty.range());
        let width = given.union(&kept).width();
        self.selectable(a);
        let bits = self.fitted(a, width);
        let mut result = self.fitted(a, ty.width());
        for (bound, is_low) in [(kept.hi(), false), (kept.lo(), true)] {
            let bits = (bits.clone(), &given);
            let only = Range::only(bound.clone());
            let limit = (Expr::literal(bound.clone(), width), &only);
            let (smaller, larger) = if is_low { (bits, limit) } else { (limit, bits) };
            let outside = compare(Comparison::Lt, smaller, larger);
            result = fold::choose(outside, Expr::literal(bound.clone(), ty.width()), result);
        }
        result
    }
}

/// `a ? b` for numbers of these ranges, in equal widths; a constant where the ranges decide it.
pub(super) fn compare(comparison: Comparison, (a, of_a): (Expr, &Range), (b, of_b): (Expr, &Range)) -> Expr {
    let below = of_a.hi() < of_b.lo();
    let above = of_b.hi() < of_a.lo();
    let known = match comparison {
        Comparison::Eq if below || above => Some(false),
        Comparison::Ne if below || above => Some(true),
        Comparison::Lt if below || of_b.hi() <= of_a.lo() => Some(below),
        Comparison::Le if above || of_a.hi() <= of_b.lo() => Some(!above),
        _ => None,
    };
    if let Some(known) = known {
        return Expr::bit(known);
    }
    let op = match comparison {
        Comparison::Eq => Binary::Eq,
        Comparison::Ne => Binary::Ne,
        Comparison::Lt => Binary::Lt,
        Comparison::Le => Binary::Le,
    };
    let signed = of_a.is_signed() || of_b.is_signed();
    Expr::binary(op, a.with_sign(signed), b.with_sign(signed))
}
