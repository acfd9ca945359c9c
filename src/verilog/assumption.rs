//! What the author of a circuit assumes, checked in simulation at each clock edge.

use super::ast::*;
use super::formula::compare;
use super::lower::{Assumption, Lowering};
use super::place::place;
use crate::hdl::{Comparison, NodeId, Op, Range};

impl Lowering<'_> {
    /// Remembers node `id` if it assumes more than its operand's type promises.
    pub(super) fn note_assumption(&mut self, id: NodeId) {
        let Op::Assume { a, when } = self.circuit.nodes[id].op else { return };
        let given = self.ty(a).range();
        if !self.ty(id).range().covers(&given) {
            let bits = self.selectable(a).clone();
            let when = when.map(|when| self.bits_of(when).clone());
            self.assumptions.push(Assumption { id, when, bits, given });
        }
    }

    /// Stops the simulation at a clock edge without `rst` at which an assumption does not hold. What is unknown
    /// (`x`) is not checked, for `if` takes it as false.
    pub(super) fn assertions(&mut self) {
        let mut body = Vec::new();
        for assumption in std::mem::take(&mut self.assumptions) {
            let node = &self.circuit.nodes[assumption.id];
            let name = self.wanted.name(self.circuit, assumption.id);
            let message = format!("{name} is assumed to be {} ({})", node.ty.range(), place(node.at));
            let Some(rst) = &self.rst else {
                let text = format!("{message}: not checked, for there is no clock");
                self.after(None, Item::Comment(text));
                continue;
            };
            let Some(outside) = outside(&assumption, &node.ty.range()) else { continue };
            let arguments = vec![assumption.bits.with_sign(assumption.given.is_signed())];
            let display = Statement::Display { message: format!("%m: {message}, not %0d"), arguments };
            let running = Expr::unary(Unary::Not, Expr::net(rst));
            let running = match &assumption.when {
                Some(when) => Expr::binary(Binary::LogicalAnd, running, when.clone()),
                None => running,
            };
            body.push(Statement::If {
                condition: Expr::binary(Binary::LogicalAnd, running, outside),
                then: vec![display, Statement::Finish],
                otherwise: Vec::new(),
            });
        }
        if let (Some(clock), false) = (self.clk.clone(), body.is_empty()) {
            self.after(None, Item::Heading("assumptions".into()));
            self.after(None, Item::Simulation(vec![Item::Clocked { clock, body }]));
        }
    }
}

/// The condition that the bits lie below or above `assumed`; none where they cannot.
fn outside(Assumption { bits, given, .. }: &Assumption, assumed: &Range) -> Option<Expr> {
    let width = given.union(assumed).width();
    let bits = bits.clone().extended(given.is_signed(), width);
    let bound =
        |value: &num_bigint::BigInt| (Expr::literal(value.clone(), width), Range::only(value.clone()));
    let (low, only_low) = bound(assumed.lo());
    let (high, only_high) = bound(assumed.hi());
    let below = compare(Comparison::Lt, (bits.clone(), given), (low, &only_low));
    let above = compare(Comparison::Lt, (high, &only_high), (bits, given));
    [below, above]
        .into_iter()
        .filter(|side| *side != Expr::bit(false))
        .reduce(|below, above| Expr::binary(Binary::LogicalOr, below, above))
}
