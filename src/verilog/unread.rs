//! Bits that nothing reads.

use super::ast::*;
use super::visit::Use;
use num_bigint::BigInt;
use std::rc::Rc;

/// Which bits of each net of a module are read.
struct Reads {
    /// By net index; empty as long as no bit is read.
    bits: Vec<Vec<bool>>,
}

/// The expression that reads every bit of `nets` that `items` do not, if there is one: it tells linters that those
/// bits are left out on purpose. Names that hold `unused` say so themselves. The module has `count` nets in all.
pub fn unread_bits(count: usize, nets: &[Rc<Net>], items: &[Item]) -> Option<Expr> {
    let mut reads = Reads { bits: vec![Vec::new(); count] };
    for item in items {
        item.for_each_use(&mut |used| reads.add(&used));
    }
    let mut parts = vec![Expr::literal(BigInt::ZERO, 1)];
    for net in nets.iter().filter(|net| !net.name.contains("unused")) {
        reads.add_unread(net, &mut parts);
    }
    (parts.len() > 1).then(|| Expr::unary(Unary::ReduceAnd, Expr::Concat(parts)))
}

impl Reads {
    fn add(&mut self, used: &Use<'_>) {
        if used.reads {
            let bits = &mut self.bits[used.net.index];
            bits.resize(used.net.width as usize, false);
            bits[used.low as usize..=used.high as usize].fill(true);
        }
    }

    fn add_unread(&self, net: &Rc<Net>, parts: &mut Vec<Expr>) {
        let read = &self.bits[net.index];
        if read.is_empty() {
            parts.push(Expr::net(net));
            return;
        }
        let mut bit = 0;
        for run in read.chunk_by(|a, b| a == b) {
            let width = run.len() as u32;
            if !run[0] {
                parts.push(Expr::select(net, bit + width - 1, bit));
            }
            bit += width;
        }
    }
}
