//! One circuit as a Verilog module in which nothing is implicit.
//!
//! Every node becomes an expression of exactly its type's width. It is declared under its author's name, or a number
//! where it has none; nameless constants, selected bits, and small expressions that are read once stand where they are read.

use super::adder::{Number, Shape};
use super::assumption::Assumption;
use super::ast::*;
use super::names::Names;
use super::place::{describe, place, range};
use super::unread::unread_bits;
use crate::hdl::{Circuit, Comparison, Node, NodeId, Op, Range, Type};
use num_bigint::BigInt;
use std::rc::Rc;

/// A nameless expression with more names and literals than this is declared, though it is read only once.
const INLINE_LEAVES: usize = 4;

/// How a module is instantiated.
#[derive(Debug)]
pub struct Interface {
    pub module: String,
    pub parameters: Vec<(String, i64)>,
    pub clocked: bool,
    pub inputs: Vec<(String, Type)>,
    pub outputs: Vec<(String, Type)>,
}

/// The module of `circuit` under its own name, and its interface. Its instances have the given `interfaces`; `adder`
/// gives the module for a shape of adder.
pub fn lower(
    circuit: &Circuit,
    interfaces: &[Rc<Interface>],
    adder: &mut dyn FnMut(Shape) -> String,
) -> (Module, Interface) {
    let mut lowering = Lowering::new(circuit);
    let (ports, interface) = lowering.declare_ports();
    lowering.claim_names();
    for &id in &circuit.order {
        lowering.node(id, interfaces, adder);
    }
    lowering.outputs();
    lowering.instances(interfaces);
    lowering.registers();
    lowering.memories();
    lowering.assertions();
    let mut items: Vec<Item> = std::mem::take(&mut lowering.slots).into_iter().flatten().collect();
    items.append(&mut lowering.behind);
    let inner: Vec<Rc<Net>> =
        lowering.nets.iter().filter(|net| !lowering.is_output[net.index]).cloned().collect();
    if let Some(value) = unread_bits(lowering.nets.len(), &inner, &items) {
        let net = lowering.fresh("unused_bits", 1, false);
        items.push(Item::Wire { net, value: Some(value), comment: String::new() });
    }
    let module =
        Module { name: circuit.name.clone(), doc: circuit.doc.clone(), keep_hierarchy: false, ports, items };
    (module, interface)
}

/// A module in the making.
pub(super) struct Lowering<'c> {
    pub(super) circuit: &'c Circuit,
    names: Names,
    /// All nets, by index.
    nets: Vec<Rc<Net>>,
    is_output: Vec<bool>,
    output_nets: Vec<Rc<Net>>,
    pub(super) clk: Option<Rc<Net>>,
    pub(super) rst: Option<Rc<Net>>,
    /// For each node with a name, the net that will hold it; an output port if the node is all that drives it.
    homes: Vec<Option<Rc<Net>>>,
    /// How often each node is read.
    reads: Vec<u32>,
    /// The bits of each node lowered so far.
    values: Vec<Option<Expr>>,
    /// For each port of each instance, the net that it drives.
    driven: Vec<Vec<Option<Rc<Net>>>>,
    instance_names: Vec<String>,
    pub(super) memory_names: Vec<Rc<str>>,
    /// The position of each node in the order of evaluation.
    position: Vec<usize>,
    /// What is written at each position.
    slots: Vec<Vec<Item>>,
    /// What is written behind all nodes.
    pub(super) behind: Vec<Item>,
    /// Assumptions met so far, with the bits that they are about.
    pub(super) assumptions: Vec<Assumption>,
}

impl<'c> Lowering<'c> {
    fn new(circuit: &'c Circuit) -> Self {
        let count = circuit.nodes.len();
        let mut position = vec![0; count];
        for (place, &id) in circuit.order.iter().enumerate() {
            position[id] = place;
        }
        Self {
            circuit,
            names: Names::new(),
            nets: Vec::new(),
            is_output: Vec::new(),
            output_nets: Vec::new(),
            clk: None,
            rst: None,
            homes: vec![None; count],
            reads: count_reads(circuit),
            values: vec![None; count],
            driven: Vec::new(),
            instance_names: Vec::new(),
            memory_names: Vec::new(),
            position,
            slots: (0..circuit.order.len()).map(|_| Vec::new()).collect(),
            behind: Vec::new(),
            assumptions: Vec::new(),
        }
    }

    pub(super) fn fresh(&mut self, wanted: &str, width: u32, signed: bool) -> Rc<Net> {
        let net = Rc::new(Net { name: self.names.claim(wanted), width, signed, index: self.nets.len() });
        self.nets.push(net.clone());
        self.is_output.push(false);
        net
    }

    pub(super) fn ty(&self, id: NodeId) -> &'c Type {
        &self.circuit.nodes[id].ty
    }

    pub(super) fn describe(&self, id: NodeId) -> Comment {
        describe(self.circuit.nodes[id].at, &self.circuit.nodes[id].ty)
    }

    /// Ports get their names before anything else in the module. An output that one node alone drives, whole, is that node's net.
    fn declare_ports(&mut self) -> (Vec<Port>, Interface) {
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
            let same_name = node.name.as_ref().is_none_or(|name| *name == output.name);
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

    /// The author's names come before those made here.
    fn claim_names(&mut self) {
        let circuit = self.circuit;
        self.instance_names =
            circuit.instances.iter().map(|instance| self.names.claim(&instance.name)).collect();
        self.memory_names =
            circuit.memories.iter().map(|memory| self.names.claim(&memory.name).into()).collect();
        for (id, node) in circuit.nodes.iter().enumerate() {
            if let Some(name) = &node.name
                && self.homes[id].is_none()
                && node.op != Op::Input
            {
                self.homes[id] = Some(self.fresh(name, node.ty.width(), node.ty.is_signed()));
            }
        }
    }

    /// The net that holds node `id`, called `otherwise` where its author gave no name.
    fn home(&mut self, id: NodeId, otherwise: impl FnOnce() -> String) -> Rc<Net> {
        if let Some(net) = &self.homes[id] {
            return net.clone();
        }
        let ty = self.ty(id);
        let net = self.fresh(&otherwise(), ty.width(), ty.is_signed());
        self.homes[id] = Some(net.clone());
        net
    }

    fn node(&mut self, id: NodeId, interfaces: &[Rc<Interface>], adder: &mut dyn FnMut(Shape) -> String) {
        let node = &self.circuit.nodes[id];
        self.note_assumption(id);
        if let Some(value) = only_value(&node.ty)
            && node.op != Op::Input
        {
            return self.settle(id, Expr::literal(value.clone(), node.ty.width()));
        }
        match &node.op {
            Op::Input => {}
            Op::Register { .. } | Op::Read { .. } => {
                let net = self.home(id, || format!("n{id}"));
                if !self.is_output[net.index] {
                    let comment = self.describe(id);
                    self.write(id, Item::Reg { net: net.clone(), comment });
                }
                self.values[id] = Some(Expr::net(&net));
            }
            Op::Output { instance, port } => self.instance_output(id, *instance, *port, interfaces),
            Op::Adder { a, b, carry_in } => self.adder(id, *a, *b, *carry_in, adder),
            _ => {
                let value = self.expression(node);
                self.settle(id, value);
            }
        }
    }

    /// Makes `value` the bits of node `id`: in its own net if it has a name or is too much to stand where it is read.
    fn settle(&mut self, id: NodeId, value: Expr) {
        let selected = matches!(value, Expr::Net(_) | Expr::Select { .. } | Expr::Literal { .. });
        let sum = matches!(value, Expr::Binary(Binary::Add | Binary::Sub | Binary::Mul, ..));
        let small = !sum && !matches!(value, Expr::Conditional(..)) && value.leaves() <= INLINE_LEAVES;
        self.values[id] = Some(value);
        if self.homes[id].is_some() || !(selected || small && self.reads[id] <= 1) {
            self.declare(id);
        }
    }

    /// Gives node `id` its own net.
    fn declare(&mut self, id: NodeId) {
        let value = self.values[id].take();
        let net = self.home(id, || format!("n{id}"));
        let comment = self.describe(id);
        let item = match value {
            Some(value) if self.is_output[net.index] => {
                Item::Assign { target: Expr::net(&net), value, comment }
            }
            value => Item::Wire { net: net.clone(), value, comment },
        };
        self.write(id, item);
        self.values[id] = Some(Expr::net(&net));
    }

    /// Writes `item` at the place of node `id`.
    fn write(&mut self, id: NodeId, item: Item) {
        self.slots[self.position[id]].push(item);
    }

    fn bits_of(&self, id: NodeId) -> Expr {
        self.values[id].clone().expect("an operand is lowered before its user")
    }

    /// Bits `low ..= high` of node `id`.
    fn select(&mut self, id: NodeId, high: u32, low: u32) -> Expr {
        if low == 0 && high + 1 == self.ty(id).width() {
            return self.bits_of(id);
        }
        match self.selectable(id) {
            Expr::Net(net) => Expr::select(&net, high, low),
            Expr::Select { net, low: base, .. } => Expr::select(&net, base + high, base + low),
            Expr::Literal { value, radix, .. } => {
                let width = high - low + 1;
                let value = (value >> low) & ((BigInt::from(1) << width) - 1);
                Expr::Literal { width, value, signed: false, radix }
            }
            _ => unreachable!("only nets and literals are selectable"),
        }
    }

    /// The bits of node `id` as something that bits can be selected of.
    pub(super) fn selectable(&mut self, id: NodeId) -> Expr {
        if !matches!(self.bits_of(id), Expr::Net(_) | Expr::Select { .. } | Expr::Literal { .. }) {
            self.declare(id);
        }
        self.bits_of(id)
    }

    /// Node `id` in `width` bits: its low bits, or extended by its sign or zeros.
    pub(super) fn fitted(&mut self, id: NodeId, width: u32) -> Expr {
        let ty = self.ty(id);
        if width < ty.width() {
            return self.select(id, width - 1, 0);
        }
        if width > ty.width() && ty.is_signed() && self.bits_of(id).msb().is_none() {
            self.declare(id);
        }
        self.bits_of(id).extended(ty.is_signed(), width)
    }

    /// The bits of a node whose value is a formula over others.
    fn expression(&mut self, node: &Node) -> Expr {
        let width = node.ty.width();
        match &node.op {
            Op::Constant(value) => {
                let radix = match node.ty {
                    Type::Bits(_) => Radix::Hexadecimal,
                    Type::Int(_) => Radix::Decimal,
                };
                Expr::Literal { width, value: value.clone(), signed: false, radix }
            }
            &Op::Add(a, b) => Expr::binary(Binary::Add, self.fitted(a, width), self.fitted(b, width)),
            &Op::Sub(a, b) => Expr::binary(Binary::Sub, self.fitted(a, width), self.fitted(b, width)),
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
                // Beyond the last bit there are only copies of the sign.
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
                choose(self.bits_of(condition), then, otherwise)
            }
            &(Op::Wrap(a) | Op::Assume(a) | Op::ToBits(a) | Op::ToInt(a)) => self.fitted(a, width),
            &Op::Clamp(a) => self.clamp(a, &node.ty),
            &Op::Not(a) => Expr::unary(Unary::Not, self.fitted(a, width)),
            &Op::And(a, b) => Expr::binary(Binary::And, self.fitted(a, width), self.fitted(b, width)),
            &Op::Or(a, b) => Expr::binary(Binary::Or, self.fitted(a, width), self.fitted(b, width)),
            &Op::Xor(a, b) => Expr::binary(Binary::Xor, self.fitted(a, width), self.fitted(b, width)),
            Op::Concat(parts) => Expr::concat(parts.iter().rev().map(|&part| self.bits_of(part))),
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
        let bits = self.fitted(a, width);
        let mut result = self.fitted(a, ty.width());
        for (bound, is_low) in [(kept.hi(), false), (kept.lo(), true)] {
            let bits = (bits.clone(), &given);
            let only = Range::only(bound.clone());
            let limit = (Expr::literal(bound.clone(), width), &only);
            let (smaller, larger) = if is_low { (bits, limit) } else { (limit, bits) };
            let outside = compare(Comparison::Lt, smaller, larger);
            result = choose(outside, Expr::literal(bound.clone(), ty.width()), result);
        }
        result
    }

    fn adder(
        &mut self,
        id: NodeId,
        a: NodeId,
        b: NodeId,
        carry_in: Option<NodeId>,
        module: &mut dyn FnMut(Shape) -> String,
    ) {
        let number = |ty: &Type, most: u32| Number { width: ty.width().min(most), signed: ty.is_signed() };
        let sum = number(self.ty(id), u32::MAX);
        let shape = Shape {
            a: number(self.ty(a), sum.width),
            b: number(self.ty(b), sum.width),
            carry_in: carry_in.is_some(),
            sum,
        };
        let mut inputs = vec![
            ("a".to_string(), self.fitted(a, shape.a.width)),
            ("b".to_string(), self.fitted(b, shape.b.width)),
        ];
        if let Some(carry_in) = carry_in {
            inputs.push(("carry_in".into(), self.fitted(carry_in, 1)));
        }
        let net = self.home(id, || format!("n{id}"));
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
    fn drive(&mut self, id: NodeId, net: &Rc<Net>) {
        if !self.is_output[net.index] {
            let wire = Item::Wire { net: net.clone(), value: None, comment: self.describe(id) };
            self.write(id, wire);
        }
        self.values[id] = Some(Expr::net(net));
    }

    fn instance_output(&mut self, id: NodeId, instance: usize, port: usize, interfaces: &[Rc<Interface>]) {
        let interface = &interfaces[instance];
        self.driven.resize_with(self.circuit.instances.len(), Vec::new);
        self.driven[instance].resize(interface.outputs.len(), None);
        if let Some(net) = &self.driven[instance][port] {
            let bits = Expr::net(net);
            return self.settle(id, bits);
        }
        let name = format!("{}_{}", self.instance_names[instance], interface.outputs[port].0);
        let net = self.home(id, || name);
        self.drive(id, &net);
        self.driven[instance][port] = Some(net);
    }

    fn outputs(&mut self) {
        for (output, net) in self.circuit.outputs.iter().zip(std::mem::take(&mut self.output_nets)) {
            let adopted = self.homes[output.node].as_ref().is_some_and(|home| home.index == net.index);
            if !adopted {
                let value = self.fitted(output.node, net.width);
                let item = Item::Assign { target: Expr::net(&net), value, comment: String::new() };
                self.behind.push(item);
            }
        }
    }

    /// Each instance stands behind the last of the nets that it is connected to.
    fn instances(&mut self, interfaces: &[Rc<Interface>]) {
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

/// The one value of a type that has no other.
pub(super) fn only_value(ty: &Type) -> Option<&BigInt> {
    match ty {
        Type::Int(range) if range.lo() == range.hi() => Some(range.lo()),
        _ => None,
    }
}

/// `condition ? then : otherwise`
fn choose(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    match condition {
        Expr::Literal { value, .. } if value == BigInt::ZERO => otherwise,
        Expr::Literal { .. } => then,
        condition => Expr::Conditional(condition.into(), then.into(), otherwise.into()),
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

fn count_reads(circuit: &Circuit) -> Vec<u32> {
    let mut reads = vec![0; circuit.nodes.len()];
    for node in &circuit.nodes {
        for id in node.op.operands() {
            reads[id] += 1;
        }
    }
    let writes = circuit.memories.iter().filter_map(|memory| memory.write.as_ref());
    let written = writes.flat_map(|write| [write.enable, write.address, write.value]);
    let connected = circuit.instances.iter().flat_map(|instance| instance.inputs.iter().copied());
    let shown = circuit.outputs.iter().map(|output| output.node);
    for id in written.chain(connected).chain(shown) {
        reads[id] += 1;
    }
    reads
}
