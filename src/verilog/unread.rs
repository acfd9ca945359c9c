//! Bits that nothing reads.

use super::ast::*;
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
    items.iter().for_each(|item| reads.item(item));
    let mut parts = vec![Expr::literal(BigInt::ZERO, 1)];
    for net in nets.iter().filter(|net| !net.name.contains("unused")) {
        reads.add_unread(net, &mut parts);
    }
    (parts.len() > 1).then(|| Expr::unary(Unary::ReduceAnd, Expr::Concat(parts)))
}

impl Reads {
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

    fn read(&mut self, net: &Net, high: u32, low: u32) {
        let bits = &mut self.bits[net.index];
        bits.resize(net.width as usize, false);
        bits[low as usize..=high as usize].fill(true);
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Wire { value: Some(value), .. } | Item::Assign { value, .. } => self.expr(value),
            Item::Wire { value: None, .. } | Item::Reg { .. } | Item::Memory { .. } | Item::Comment(_) => {}
            Item::Instance(instance) => instance.inputs.iter().for_each(|(_, expr)| self.expr(expr)),
            Item::Clocked { clock, body } => {
                self.read(clock, 0, 0);
                self.statements(body);
            }
            Item::Simulation(items) => items.iter().for_each(|item| self.item(item)),
        }
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Assign { target, value } => {
                    if let Expr::Word { index, .. } = target {
                        self.expr(index);
                    }
                    self.expr(value);
                }
                Statement::If { condition, then, otherwise } => {
                    self.expr(condition);
                    self.statements(then);
                    self.statements(otherwise);
                }
                Statement::Display { arguments, .. } => arguments.iter().for_each(|expr| self.expr(expr)),
                Statement::Finish => {}
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Net(net) => self.read(net, net.width - 1, 0),
            Expr::Select { net, high, low } => self.read(net, *high, *low),
            Expr::Literal { .. } => {}
            Expr::Word { index: a, .. }
            | Expr::Unary(_, a)
            | Expr::Repeat(_, a)
            | Expr::Signed(a)
            | Expr::Unsigned(a) => self.expr(a),
            Expr::Binary(_, a, b) => {
                self.expr(a);
                self.expr(b);
            }
            Expr::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|expr| self.expr(expr)),
            Expr::Concat(parts) => parts.iter().for_each(|expr| self.expr(expr)),
        }
    }
}
