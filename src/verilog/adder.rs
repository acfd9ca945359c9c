//! The adder modules: an addition that synthesis may not merge with its neighbours.

use super::ast::*;
use std::rc::Rc;

/// Width and sign of a number on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    pub width: u32,
    pub signed: bool,
}

/// What tells one adder module from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    pub a: Number,
    pub b: Number,
    pub carry_in: bool,
    /// Whether `b` is subtracted.
    pub subtracts: bool,
    /// Whether the result is complemented.
    pub inverted: bool,
    pub sum: Number,
}

impl Shape {
    /// As `adder_s9_s8_c_s10`: a signed 9-bit and a signed 8-bit operand and a carry-in, a signed 10-bit sum. A
    /// `subtractor` subtracts; an `_n` at the end says that the result is complemented.
    pub fn name(&self) -> String {
        let letter = |number: Number| if number.signed { 's' } else { 'u' };
        let port = |number: Number| format!("{}{}", letter(number), number.width);
        let carry = if self.carry_in { "_c" } else { "" };
        let kind = if self.subtracts { "subtractor" } else { "adder" };
        let inverted = if self.inverted { "_n" } else { "" };
        format!("{kind}_{}_{}{carry}_{}{inverted}", port(self.a), port(self.b), port(self.sum))
    }

    /// The module. In a module of its own, `a + b + carry_in` becomes one carry chain of a look-up table a bit, with the
    /// carry-in at its start.
    pub fn module(&self, name: String) -> Module {
        let mut nets = 0;
        let mut net = |name: &str, number: Number| {
            nets += 1;
            Rc::new(Net { name: name.into(), width: number.width, signed: number.signed, index: nets - 1 })
        };
        let (a, b, sum) = (net("a", self.a), net("b", self.b), net("sum", self.sum));
        let wide = |operand: &Rc<Net>| Expr::net(operand).extended(operand.signed, self.sum.width);
        let port = |direction, net: &Rc<Net>| Port { direction, net: net.clone(), comment: String::new() };
        let mut ports = vec![port(Direction::Input, &a), port(Direction::Input, &b)];
        let operation = if self.subtracts { Binary::Sub } else { Binary::Add };
        let mut value = Expr::binary(operation, wide(&a), wide(&b));
        if self.carry_in {
            let carry_in = net("carry_in", Number { width: 1, signed: false });
            ports.push(port(Direction::Input, &carry_in));
            value = Expr::binary(Binary::Add, value, wide(&carry_in));
        }
        if self.inverted {
            value = Expr::unary(Unary::Not, value);
        }
        let items = vec![Item::Assign { target: Expr::net(&sum), value, comment: String::new() }];
        ports.push(port(Direction::Output, &sum));
        let sign = if self.subtracts { "-" } else { "+" };
        let carry = if self.carry_in { " + carry_in" } else { "" };
        let formula = format!("a {sign} b{carry}");
        let doc = if self.inverted { format!("sum = ~({formula})") } else { format!("sum = {formula}") };
        Module { name, doc, keep_hierarchy: true, ports, items }
    }
}
