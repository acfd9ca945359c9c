//! What the sender of a stream promises of its frames, checked in simulation.

use super::ast::*;
use super::lower::Lowering;
use crate::hdl::Wire;
use std::rc::Rc;

impl Lowering<'_> {
    /// Stops the simulation at a clock edge at which a beat passes whose `last` is not as was promised. What is unknown (`x`) is not
    /// checked, for `if` takes it as false.
    pub(super) fn promised_frames(&mut self) {
        let (Some(clock), Some(rst)) = (self.clk.clone(), self.rst.clone()) else { return };
        let mut items = Vec::new();
        for (stream, beats) in self.circuit.frames.iter().filter(|(_, beats)| **beats > 1) {
            let port = |wire: Wire| self.nets.iter().find(|net| net.name == wire.of(stream)).map(Expr::net);
            let ports = [Wire::Valid, Wire::Ready, Wire::Last].map(port);
            let [Some(valid), Some(ready), Some(last)] = ports else { continue };
            let width = usize::BITS - (beats - 1).leading_zeros();
            let counter = self.fresh(&format!("{stream}_beat"), width, false);
            let body = checked(&counter, *beats, [valid, ready, last], Expr::net(&rst), stream);
            items.push(Item::Reg { net: counter, comment: format!("of the {beats} of a frame") });
            items.push(Item::Clocked { clock: clock.clone(), body });
        }
        if !items.is_empty() {
            self.after(None, Item::Heading("frames, as the senders promise them".into()));
            self.after(None, Item::Simulation(items));
        }
    }
}

fn checked(counter: &Rc<Net>, beats: usize, ports: [Expr; 3], rst: Expr, stream: &str) -> Vec<Statement> {
    let [valid, ready, last] = ports;
    let number = |value: usize| Expr::literal(value.into(), counter.width);
    let assign = |value: Expr| Statement::Assign { target: Expr::net(counter), value };
    let is_last = Expr::binary(Binary::Eq, Expr::net(counter), number(beats - 1));
    let message = format!("%m: {stream}_last is %0d in beat %0d of 0 to {} of a frame", beats - 1);
    let wrong = Statement::If {
        condition: Expr::binary(Binary::Ne, last.clone(), is_last),
        then: vec![
            Statement::Display { message, arguments: vec![last.clone(), Expr::net(counter)] },
            Statement::Finish,
        ],
        otherwise: Vec::new(),
    };
    let next = Expr::binary(Binary::Add, Expr::net(counter), number(1));
    let next = Expr::Conditional(Rc::new(last), Rc::new(number(0)), Rc::new(next));
    let passes = Statement::If {
        condition: Expr::binary(Binary::LogicalAnd, valid, ready),
        then: vec![wrong, assign(next)],
        otherwise: Vec::new(),
    };
    vec![Statement::If { condition: rst, then: vec![assign(number(0))], otherwise: vec![passes] }]
}
