//! The adder modules: an addition that synthesis may not merge with its neighbours.

use super::ast::*;
use std::rc::Rc;

/// What an adder does with its operands. Both have one width, the parameter of an instance, and so has the sum, but where it widens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    pub carry_in: bool,
    /// Whether `b` is subtracted.
    pub subtracts: bool,
    /// Whether the result is complemented.
    pub inverted: bool,
    /// Whether the sum of unsigned operands has a bit more, the carry, and complemented a sign above that: bits that cost nothing
    /// where their constant operands are seen.
    pub widens: bool,
}

/// The parameter of an adder: the bits of its operands.
pub const WIDTH: &str = "WIDTH";

impl Form {
    /// As `adder`, `adder_with_carry` or `inverted_subtractor`.
    pub fn name(&self) -> String {
        let inverted = if self.inverted { "inverted_" } else { "" };
        let kind = if self.subtracts { "subtractor" } else { "adder" };
        let carry = if self.carry_in { "_with_carry" } else { "" };
        let widening = if self.widens { "widening_" } else { "" };
        format!("{inverted}{widening}{kind}{carry}")
    }

    /// The module. In a module of its own, `a + b + carry_in` becomes one carry chain of a look-up table a bit, with the
    /// carry-in at its start.
    pub fn module(&self, name: String) -> Module {
        let mut nets = 0;
        let more = if self.widens { 1 + u32::from(self.inverted) } else { 0 };
        let mut port = |direction, name: &str, high: Option<&'static str>| {
            nets += 1;
            let net = Rc::new(Net { name: name.into(), width: 1, signed: false, index: nets - 1 });
            Port { direction, net, high, comment: String::new() }
        };
        let mut ports = ["a", "b"].map(|name| port(Direction::Input, name, Some("WIDTH-1"))).to_vec();
        ports.extend(self.carry_in.then(|| port(Direction::Input, "carry_in", None)));
        let read = |port: &Port| Expr::net(&port.net);
        let wide = |port: &Port| match more {
            0 => read(port),
            more => Expr::Concat(vec![Expr::literal(0.into(), more), read(port)]),
        };
        let operation = if self.subtracts { Binary::Sub } else { Binary::Add };
        let mut value = Expr::binary(operation, wide(&ports[0]), wide(&ports[1]));
        if self.carry_in {
            value = Expr::binary(Binary::Add, value, read(&ports[2]));
        }
        if self.inverted {
            value = Expr::unary(Unary::Not, value);
        }
        ports.push(port(Direction::Output, "sum", Some(["WIDTH-1", "WIDTH", "WIDTH+1"][more as usize])));
        let target = read(&ports[ports.len() - 1]);
        let items = vec![Item::Assign { target, value, comment: String::new() }];
        let sign = if self.subtracts { "-" } else { "+" };
        let carry = if self.carry_in { " + carry_in" } else { "" };
        let formula = format!("a {sign} b{carry}");
        let doc = if self.inverted { format!("sum = ~({formula})") } else { format!("sum = {formula}") };
        let unsigned = if self.widens { ", of unsigned numbers" } else { "" };
        let doc = format!(
            "{doc}{unsigned}; apart from what is around it, so that synthesis makes one carry chain of it"
        );
        Module { name, doc, keep_hierarchy: true, parameters: vec![WIDTH], ports, items }
    }
}
