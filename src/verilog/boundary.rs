//! Where nets meet modules: the ports of this one, its instances, its adders.

use super::adder::{Number, Shape};
use super::ast::*;
use super::lower::{Interface, Lowering, only_value};
use super::place::{place, range};
use crate::hdl::{NodeId, Op, Type};
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
                ports.push(Port { direction: Direction::Input, net: net.clone(), comment: comment.into() });
            }
            (self.clk, self.rst) = (Some(clk), Some(rst));
        }
        let mut interface = Interface {
            module: circuit.name.clone(),
            parameters: Vec::new(),
            clocked: circuit.clocked,
            inputs: Vec::new(),
            outputs: Vec::new(),
        };
        for &id in &circuit.inputs {
            let node = &circuit.nodes[id];
            let net =
                self.fresh(node.name.as_deref().unwrap_or("input"), node.ty.width(), node.ty.is_signed());
            self.values[id] = Some(Expr::net(&net));
            interface.inputs.push((net.name.clone(), node.ty.clone()));
            ports.push(Port {
                direction: Direction::Input,
                net,
                comment: range(&node.ty).unwrap_or_default(),
            });
        }
        for output in &circuit.outputs {
            let node = &circuit.nodes[output.node];
            let net = self.fresh(&output.name, output.ty.width(), output.ty.is_signed());
            self.is_output[net.index] = true;
            self.output_nets.push(net.clone());
            interface.outputs.push((net.name.clone(), output.ty.clone()));
            let same_type = (node.ty.width(), node.ty.is_signed()) == (net.width, net.signed);
            let same_name = self.wanted.given(output.node).is_none_or(|name| name == output.name);
            let free = self.homes[output.node].is_none() && node.op != Op::Input;
            let adopted = same_type && same_name && free;
            if adopted {
                self.homes[output.node] = Some(net.clone());
            }
            let register = matches!(node.op, Op::Register { .. } | Op::Read { .. });
            let direction = if adopted && register && only_value(&node.ty).is_none() {
                Direction::OutputReg
            } else {
                Direction::Output
            };
            ports.push(Port { direction, net, comment: range(&output.ty).unwrap_or_default() });
        }
        (ports, interface)
    }

    pub(super) fn outputs(&mut self) {
        for (output, net) in self.circuit.outputs.iter().zip(std::mem::take(&mut self.output_nets)) {
            let adopted = self.homes[output.node].as_ref().is_some_and(|home| home.index == net.index);
            if !adopted {
                let value = self.fitted(output.node, net.width);
                let item = Item::Assign { target: Expr::net(&net), value, comment: String::new() };
                self.behind.push(item);
            }
        }
    }

    pub(super) fn adder(&mut self, id: NodeId, module: &mut dyn FnMut(Shape) -> String) {
        let &Op::Adder { a, b, carry_in, subtracts, inverted } = &self.circuit.nodes[id].op else {
            unreachable!("the node is an adder")
        };
        let number = |ty: &Type, most: u32| Number { width: ty.width().min(most), signed: ty.is_signed() };
        let sum = number(self.ty(id), u32::MAX);
        let shape = Shape {
            a: number(self.ty(a), sum.width),
            b: number(self.ty(b), sum.width),
            carry_in: carry_in.is_some(),
            subtracts,
            inverted,
            sum,
        };
        let mut inputs = vec![
            ("a".to_string(), self.fitted(a, shape.a.width)),
            ("b".to_string(), self.fitted(b, shape.b.width)),
        ];
        if let Some(carry_in) = carry_in {
            inputs.push(("carry_in".into(), self.fitted(carry_in, 1)));
        }
        let net = self.home(id);
        self.drive(id, &net);
        let instance = Instance {
            module: module(shape),
            parameters: Vec::new(),
            name: self.names.claim(&format!("{}_adder", net.name)),
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

    /// Each instance stands behind the last of the nets that it is connected to.
    pub(super) fn instances(&mut self, interfaces: &[Rc<Interface>]) {
        let mut last = vec![0; interfaces.len()];
        for (id, node) in self.circuit.nodes.iter().enumerate() {
            if let Op::Output { instance, .. } = node.op {
                last[instance] = last[instance].max(self.position[id]);
            }
        }
        self.driven.resize_with(interfaces.len(), Vec::new);
        for (index, instance) in self.circuit.instances.iter().enumerate() {
            let interface = &interfaces[index];
            let clock = [("clk", self.clk.clone()), ("rst", self.rst.clone())];
            let clock =
                clock.into_iter().filter_map(|(port, net)| Some((port.to_string(), Expr::net(&net?))));
            let mut inputs: Vec<(String, Expr)> = clock.filter(|_| interface.clocked).collect();
            for ((port, ty), &id) in interface.inputs.iter().zip(&instance.inputs) {
                inputs.push((port.clone(), self.fitted(id, ty.width())));
                last[index] = last[index].max(self.position[id]);
            }
            self.driven[index].resize(interface.outputs.len(), None);
            let mut outputs = Vec::new();
            for (port, (name, ty)) in interface.outputs.iter().enumerate() {
                let net = self.driven[index][port].clone().unwrap_or_else(|| {
                    let wanted = format!("unused_{}_{name}", self.instance_names[index]);
                    let net = self.fresh(&wanted, ty.width(), ty.is_signed());
                    let wire = Item::Wire { net: net.clone(), value: None, comment: String::new() };
                    self.slots[last[index]].push(wire);
                    net
                });
                outputs.push((name.clone(), net));
            }
            let item = Item::Instance(Instance {
                module: interface.module.clone(),
                parameters: interface.parameters.clone(),
                name: self.instance_names[index].clone(),
                inputs,
                outputs,
                comment: place(instance.at),
            });
            match self.slots.get_mut(last[index]) {
                Some(slot) => slot.push(item),
                None => self.behind.push(item),
            }
        }
    }
}
