//! Which nets an item of a module is about.

use super::ast::*;
use std::rc::Rc;

/// How an item uses bits `low ..= high` of a net.
pub struct Use<'a> {
    pub net: &'a Rc<Net>,
    pub high: u32,
    pub low: u32,
    /// Whether it reads them; otherwise it drives them.
    pub reads: bool,
}

impl<'a> Use<'a> {
    fn whole(net: &'a Rc<Net>, reads: bool) -> Self {
        Self { net, high: net.width - 1, low: 0, reads }
    }
}

impl Item {
    /// Calls `f` with every use of a net that is declared elsewhere. A declaration with a value drives its own net only.
    pub fn for_each_use<'a>(&'a self, f: &mut dyn FnMut(Use<'a>)) {
        match self {
            Item::Wire { value: Some(value), .. } => value.for_each_use(f),
            Item::Assign { target, value, .. } => {
                target.for_each_target(f);
                value.for_each_use(f);
            }
            Item::Wire { value: None, .. } | Item::Reg { .. } | Item::Memory { .. } => {}
            Item::Comment(_) | Item::Heading(_) => {}
            Item::Instance(instance) => {
                instance.inputs.iter().for_each(|(_, expr)| expr.for_each_use(f));
                instance.outputs.iter().for_each(|(_, net)| f(Use::whole(net, false)));
            }
            Item::Clocked { clock, body } => {
                f(Use::whole(clock, true));
                body.iter().for_each(|statement| statement.for_each_use(f));
            }
            Item::Simulation(items) => items.iter().for_each(|item| item.for_each_use(f)),
        }
    }
}

impl Statement {
    fn for_each_use<'a>(&'a self, f: &mut dyn FnMut(Use<'a>)) {
        match self {
            Statement::Assign { target, value } => {
                target.for_each_target(f);
                value.for_each_use(f);
            }
            Statement::If { condition, then, otherwise } => {
                condition.for_each_use(f);
                then.iter().chain(otherwise).for_each(|statement| statement.for_each_use(f));
            }
            Statement::Display { arguments, .. } => arguments.iter().for_each(|expr| expr.for_each_use(f)),
            Statement::Finish => {}
        }
    }
}

impl Expr {
    fn for_each_target<'a>(&'a self, f: &mut dyn FnMut(Use<'a>)) {
        match self {
            Expr::Net(net) => f(Use::whole(net, false)),
            Expr::Word { index, .. } => index.for_each_use(f),
            _ => unreachable!("only nets and words of memories are driven"),
        }
    }

    fn for_each_use<'a>(&'a self, f: &mut dyn FnMut(Use<'a>)) {
        match self {
            Expr::Net(net) => f(Use::whole(net, true)),
            Expr::Select { net, high, low } => f(Use { net, high: *high, low: *low, reads: true }),
            Expr::Literal { .. } => {}
            Expr::Word { index: a, .. }
            | Expr::Unary(_, a)
            | Expr::Repeat(_, a)
            | Expr::Signed(a)
            | Expr::Unsigned(a) => a.for_each_use(f),
            Expr::Binary(_, a, b) => [a, b].into_iter().for_each(|expr| expr.for_each_use(f)),
            Expr::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|expr| expr.for_each_use(f)),
            Expr::Concat(parts) => parts.iter().for_each(|expr| expr.for_each_use(f)),
        }
    }
}
