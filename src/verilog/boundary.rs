//! Where nets meet modules: the ports of this one, its instances, its adders.

use super::adder::{Form, WIDTH};
use super::ast::*;
use super::lower::{Interface, Lowering, only_value};
use super::names::Names;
use super::payload::bit_map;
use super::place::range;
use crate::hdl::{NodeId, Op, Type};
use std::borrow::Cow;
use std::rc::Rc;

impl Lowering<'_> {
    /// Ports get their names before anything else in the module. An output that one node alone drives, whole, is that node's net.
    pub(super) fn declare_ports(&mut self) -> (Vec<Port>, Interface) {
        let circuit = self.circuit;
        let mut ports = Vec::new();
        if circuit.clocked {
            let clk = self.fresh("clk", 1, false);
            let rst = self.fresh("rst", 1, false);
            for (net, comment) in [(&clk, ""), (&rst, "synchronous")] {
                ports.push(port(Direction::Input, net.clone(), comment.into()));
            }
            (self.clk, self.rst) = (Some(clk), Some(rst));
        }
        let mut interface = Interface {
            module: circuit.name.clone(),
            parameters: Vec::new(),
            clocked: circuit.clocked,
            inputs: Vec::new(),
            outputs: Vec::new(),
            names: Names::new(),
            inside: Vec::new(),
        };
        for &id in &circuit.inputs {
            let node = &circuit.nodes[id];
            let net =
                self.fresh(node.name.as_deref().unwrap_or("input"), node.ty.width(), node.ty.is_signed());
            self.values[id] = Some(Expr::net(&net));
            interface.inputs.push((net.name.clone(), node.ty.clone()));
            let comment = self.describe_port(node.name.as_deref(), &node.ty);
            ports.push(port(Direction::Input, net, comment));
        }
        for output in &circuit.outputs {
            let net = self.fresh(&output.name, output.ty.width(), output.ty.is_signed());
            self.is_output[net.index] = true;
            self.output_nets.push(net.clone());
            interface.outputs.push((net.name.clone(), output.ty.clone()));
            let source = self.wanted.source(output.node);
            let node = &circuit.nodes[source];
            let same_type = (node.ty.width(), node.ty.is_signed()) == (net.width, net.signed);
            let same_name = self.wanted.given(source).is_none_or(|name| *name == *output.name);
            let free = self.homes[source].is_none() && node.op != Op::Input;
            let adopted = same_type && same_name && free;
            if adopted {
                self.homes[source] = Some(net.clone());
            }
            let register = matches!(node.op, Op::Register { .. } | Op::Read { .. });
            let direction = if adopted && register && only_value(&node.ty).is_none() {
                Direction::OutputReg
            } else {
                Direction::Output
            };
            ports.push(port(direction, net, self.describe_port(Some(&output.name), &output.ty)));
        }
        (ports, interface)
    }

    /// The map of a payload's bits, or the range of a number where its declaration does not say it.
    fn describe_port(&self, name: Option<&str>, ty: &Type) -> Comment {
        let parts = name.and_then(|name| self.circuit.payloads.get(name));
        parts.map_or_else(|| range(ty).unwrap_or_default(), |parts| bit_map(parts))
    }

    pub(super) fn outputs(&mut self) {
        for (output, net) in self.circuit.outputs.iter().zip(std::mem::take(&mut self.output_nets)) {
            let source = self.wanted.source(output.node);
            let adopted = self.homes[source].as_ref().is_some_and(|home| home.index == net.index);
            if !adopted {
                let value = self.fitted(output.node, net.width);
                let item = Item::Assign { target: Expr::net(&net), value, comment: String::new() };
                self.after(Some(output.node), item);
            }
        }
    }

    pub(super) fn adder(&mut self, id: NodeId, module: &mut dyn FnMut(Form) -> String) {
        let &Op::Adder { a, b, carry_in, subtracts, inverted } = &self.circuit.nodes[id].op else {
            unreachable!("the node is an adder")
        };
        let (of_a, of_b, sum) = (self.ty(a), self.ty(b), self.ty(id).width());
        let operands = of_a.width().max(of_b.width());
        let unsigned = !of_a.is_signed() && !of_b.is_signed() && !subtracts;
        let widens = unsigned && sum == operands + 1 + u32::from(inverted);
        let width = if widens { operands } else { sum };
        let form = Form { carry_in: carry_in.is_some(), subtracts, inverted, widens };
        let mut inputs = vec![("a".into(), self.fitted(a, width)), ("b".into(), self.fitted(b, width))];
        if let Some(carry_in) = carry_in {
            inputs.push(("carry_in".into(), self.fitted(carry_in, 1)));
        }
        let net = self.home(id);
        self.drive(id, &net);
        let instance = Instance {
            module: module(form),
            parameters: vec![(WIDTH.into(), i64::from(width))],
            name: self.names.claim_outside(&format!("{}_adder", net.name), |_| false),
            inputs,
            outputs: vec![("sum".into(), net)],
            comment: String::new(),
        };
        self.write(id, Item::Instance(instance));
    }

    /// Declares `net` at node `id`, unless it is a port, and lets the node be its value.
    pub(super) fn drive(&mut self, id: NodeId, net: &Rc<Net>) {
        if !self.is_output[net.index] {
            let wire = Item::Wire { net: net.clone(), value: None, comment: self.describe(id) };
            self.write(id, wire);
        }
        self.values[id] = Some(Expr::net(net));
    }

    pub(super) fn instance_output(
        &mut self,
        id: NodeId,
        instance: usize,
        port: usize,
        interfaces: &[Rc<Interface>],
    ) {
        let interface = &interfaces[instance];
        self.driven.resize_with(self.circuit.instances.len(), Vec::new);
        self.driven[instance].resize(interface.outputs.len(), None);
        if let Some(net) = &self.driven[instance][port] {
            let bits = Expr::net(net);
            return self.settle(id, bits);
        }
        let net = self.home(id);
        self.drive(id, &net);
        self.driven[instance][port] = Some(net);
    }

    /// Each instance stands at the end of the part of the module that its outputs belong to.
    pub(super) fn instances(&mut self, interfaces: &[Rc<Interface>]) {
        let mut part: Vec<Option<NodeId>> =
            self.circuit.instances.iter().map(|instance| instance.inputs.last().copied()).collect();
        for (id, node) in self.circuit.nodes.iter().enumerate() {
            if let Op::Output { instance, .. } = node.op {
                part[instance] = Some(id);
            }
        }
        self.driven.resize_with(interfaces.len(), Vec::new);
        for (index, instance) in self.circuit.instances.iter().enumerate() {
            let interface = &interfaces[index];
            let clock = [("clk", self.clk.clone()), ("rst", self.rst.clone())];
            let clock = clock.into_iter().filter_map(|(port, net)| Some((Cow::from(port), Expr::net(&net?))));
            let mut inputs: Vec<(Cow<'static, str>, Expr)> = clock.filter(|_| interface.clocked).collect();
            for ((port, ty), &id) in interface.inputs.iter().zip(&instance.inputs) {
                inputs.push((port.clone().into(), self.fitted(id, ty.width())));
            }
            self.driven[index].resize(interface.outputs.len(), None);
            let mut outputs = Vec::new();
            for (port, (name, ty)) in interface.outputs.iter().enumerate() {
                let net = self.driven[index][port].clone().unwrap_or_else(|| {
                    let wanted = format!("unused_{}_{name}", self.instance_names[index]);
                    let net = self.fresh(&wanted, ty.width(), ty.is_signed());
                    let wire = Item::Wire { net: net.clone(), value: None, comment: String::new() };
                    self.after(part[index], wire);
                    net
                });
                outputs.push((name.clone().into(), net));
            }
            let parameters = interface.parameters.iter();
            let item = Item::Instance(Instance {
                module: interface.module.clone(),
                parameters: parameters.map(|(name, value)| (name.clone().into(), *value)).collect(),
                name: self.instance_names[index].clone(),
                inputs,
                outputs,
                comment: self.line(instance.at),
            });
            self.after(part[index], item);
        }
    }
}

fn port(direction: Direction, net: Rc<Net>, comment: Comment) -> Port {
    Port { direction, net, high: None, comment }
}
