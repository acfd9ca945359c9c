//! One circuit as a Verilog module in which nothing is implicit.
//!
//! Every node becomes an expression of exactly its type's width. It is declared under its author's name, or that of its use
//! where it has none; nameless constants, selected bits, and small expressions that are read once stand where they are read.

use super::Comments;
use super::adder::Form;
use super::arrange::{Placed, arrange};
use super::ast::*;
use super::names::Names;
use super::place::{place, range};
use super::unread::unread_bits;
use super::wanted::Wanted;
use crate::hdl::{Circuit, Node, NodeId, Op, Range, Type};
use num_bigint::BigInt;
use std::collections::{HashMap, HashSet};
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

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
    /// The names inside it.
    pub names: Names,
    /// What it holds.
    pub inside: Vec<Rc<Interface>>,
}

impl Interface {
    /// Whether a net inside it, or inside what it holds, is called `name`: an instance of it is not.
    fn has_net(&self, name: &str) -> bool {
        self.names.has_net(name) || self.inside.iter().any(|inner| inner.has_net(name))
    }
}

/// The module of `circuit` under its own name, and its interface. Its instances have the given `interfaces`; `adder`
/// gives the module for a form of adder.
pub fn lower(
    circuit: &Circuit,
    interfaces: &[Rc<Interface>],
    comments: Comments,
    adder: &mut dyn FnMut(Form) -> String,
) -> (Module, Interface) {
    let mut lowering = Lowering::new(circuit, comments);
    let (ports, mut interface) = lowering.declare_ports();
    lowering.is_port.fill(true);
    lowering.claim_names(interfaces);
    for &id in &circuit.order {
        lowering.node(id, interfaces, adder);
    }
    lowering.outputs();
    lowering.instances(interfaces);
    lowering.registers();
    lowering.memories();
    lowering.assertions();
    lowering.promised_frames();
    let mut items = lowering.arranged();
    let inner: Vec<Rc<Net>> =
        lowering.nets.iter().filter(|net| !lowering.is_output[net.index]).cloned().collect();
    if let Some(value) = unread_bits(lowering.nets.len(), &inner, &items) {
        let net = lowering.fresh("unused_bits", 1, false);
        items.push(Item::Wire { net, value: Some(value), comment: String::new() });
    }
    interface.names = lowering.names;
    let mut known = HashSet::new();
    interface.inside = interfaces.iter().filter(|inner| known.insert(Rc::as_ptr(inner))).cloned().collect();
    let module = Module {
        name: circuit.name.clone(),
        doc: circuit.doc.clone(),
        keep_hierarchy: circuit.kept,
        parameters: Vec::new(),
        ports,
        items,
    };
    (module, interface)
}

/// That `bits`, of which the types promise `given`, lie in the range of node `id`.
pub(super) struct Assumption {
    pub id: NodeId,
    /// Where it is to hold; always, where there is none.
    pub when: Option<Expr>,
    pub bits: Expr,
    pub given: Range,
}

/// A module in the making.
pub(super) struct Lowering<'c> {
    pub(super) circuit: &'c Circuit,
    comments: Comments,
    pub(super) names: Names,
    pub(super) wanted: Wanted<'c>,
    /// All nets, by index.
    pub(super) nets: Vec<Rc<Net>>,
    /// By index: ports, of which some are outputs.
    pub(super) is_port: Vec<bool>,
    pub(super) is_output: Vec<bool>,
    pub(super) output_nets: Vec<Rc<Net>>,
    pub(super) clk: Option<Rc<Net>>,
    pub(super) rst: Option<Rc<Net>>,
    /// For each node with a name, the net that will hold it; an output port if the node is all that drives it.
    pub(super) homes: Vec<Option<Rc<Net>>>,
    /// How often each node is read.
    pub(super) reads: Vec<u32>,
    /// The bits of each node lowered so far.
    pub(super) values: Vec<Option<Expr>>,
    /// For each port of each instance, the net that it drives.
    pub(super) driven: Vec<Vec<Option<Rc<Net>>>>,
    pub(super) instance_names: Vec<String>,
    pub(super) memory_names: Vec<Rc<str>>,
    /// The position of each node in the order of evaluation.
    pub(super) position: Vec<usize>,
    /// The parts of the module, and that of each node.
    parts: Vec<Arc<str>>,
    pub(super) part_of: Vec<usize>,
    /// What is written at a node, with the node's position.
    written: Vec<(usize, Item)>,
    /// What is written after all nodes of its part.
    pub(super) behind: Vec<Placed>,
    /// Assumptions met so far, with the bits that they are about.
    pub(super) assumptions: Vec<Assumption>,
}

impl<'c> Lowering<'c> {
    fn new(circuit: &'c Circuit, comments: Comments) -> Self {
        let count = circuit.nodes.len();
        let mut position = vec![0; count];
        for (place, &id) in circuit.order.iter().enumerate() {
            position[id] = place;
        }
        let (parts, part_of) = parts(circuit);
        Self {
            circuit,
            comments,
            names: Names::new(),
            wanted: Wanted::of(circuit),
            nets: Vec::new(),
            is_port: Vec::new(),
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
            parts,
            part_of,
            written: Vec::with_capacity(count),
            behind: Vec::new(),
            assumptions: Vec::new(),
        }
    }

    pub(super) fn fresh(&mut self, wanted: &str, width: u32, signed: bool) -> Rc<Net> {
        let net = Rc::new(Net { name: self.names.claim(wanted), width, signed, index: self.nets.len() });
        self.nets.push(net.clone());
        self.is_port.push(false);
        self.is_output.push(false);
        net
    }

    pub(super) fn ty(&self, id: NodeId) -> &'c Type {
        &self.circuit.nodes[id].ty
    }

    /// What the declaration of node `id` says of it.
    pub(super) fn describe(&self, id: NodeId) -> Comment {
        let node = &self.circuit.nodes[id];
        self.describe_type(node.at, &node.ty)
    }

    /// What a declaration of this type that was made `at` that line says of it.
    pub(super) fn describe_type(&self, at: &Location<'_>, ty: &Type) -> Comment {
        let line = (self.comments == Comments::Source).then(|| place(at));
        line.into_iter().chain(range(ty)).collect::<Vec<_>>().join(", ")
    }

    /// The line `at` which something was made, where the text has source lines.
    pub(super) fn line(&self, at: &Location<'_>) -> Comment {
        if self.comments == Comments::Source { place(at) } else { String::new() }
    }

    /// Writes `item` at the end of part `part` of the module; at the very end, where there is none.
    pub(super) fn after(&mut self, part: Option<NodeId>, item: Item) {
        self.behind.push((part.map_or(self.parts.len(), |id| self.part_of[id]), item));
    }

    /// All items so far, part by part.
    fn arranged(&mut self) -> Vec<Item> {
        let mut written = std::mem::take(&mut self.written);
        written.sort_by_key(|(position, _)| *position);
        let part = |position: usize| self.part_of[self.circuit.order[position]];
        let nodes = written.into_iter().map(|(position, item)| (part(position), item));
        let items = nodes.chain(std::mem::take(&mut self.behind));
        arrange(&self.circuit.name, items, &self.parts, &self.is_port)
    }

    /// The author's names come before those made here. Verilator takes a net for hidden that is called as an instance around it.
    pub(super) fn claim_names(&mut self, interfaces: &[Rc<Interface>]) {
        let circuit = self.circuit;
        let instances = circuit.instances.iter().zip(interfaces);
        self.instance_names = instances
            .map(|(instance, interface)| {
                self.names.claim_outside(&instance.name, |name| interface.has_net(name))
            })
            .collect();
        self.memory_names =
            circuit.memories.iter().map(|memory| self.names.claim(&memory.name).into()).collect();
        for (id, node) in circuit.nodes.iter().enumerate() {
            if self.homes[id].is_none()
                && node.op != Op::Input
                && let Some(name) = self.wanted.given(id)
            {
                self.homes[id] = Some(self.fresh(name, node.ty.width(), node.ty.is_signed()));
            }
        }
    }

    /// The net that holds node `id`.
    pub(super) fn home(&mut self, id: NodeId) -> Rc<Net> {
        if let Some(net) = &self.homes[id] {
            return net.clone();
        }
        let ty = self.ty(id);
        let net = self.fresh(&self.wanted.name(self.circuit, id), ty.width(), ty.is_signed());
        self.homes[id] = Some(net.clone());
        net
    }

    pub(super) fn node(
        &mut self,
        id: NodeId,
        interfaces: &[Rc<Interface>],
        adder: &mut dyn FnMut(Form) -> String,
    ) {
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
                let net = self.home(id);
                if !self.is_output[net.index] {
                    let comment = self.describe(id);
                    self.write(id, Item::Reg { net: net.clone(), comment });
                }
                self.values[id] = Some(Expr::net(&net));
            }
            Op::Output { instance, port } => self.instance_output(id, *instance, *port, interfaces),
            Op::Adder { .. } => self.adder(id, adder),
            _ => {
                let value = self.expression(node);
                self.settle(id, value);
            }
        }
    }

    /// Makes `value` the bits of node `id`: in its own net if it has a name or is too much to stand where it is read.
    pub(super) fn settle(&mut self, id: NodeId, value: Expr) {
        let selected = matches!(value, Expr::Net(_) | Expr::Select { .. } | Expr::Literal { .. });
        let sum = matches!(value, Expr::Binary(Binary::Add | Binary::Sub | Binary::Mul, ..));
        let small = !sum && !matches!(value, Expr::Conditional(..)) && value.leaves() <= INLINE_LEAVES;
        self.values[id] = Some(value);
        if self.homes[id].is_some() || !(selected || small && self.reads[id] <= 1) {
            self.declare(id);
        }
    }

    /// Gives node `id` its own net.
    pub(super) fn declare(&mut self, id: NodeId) {
        let value = self.values[id].take();
        let net = self.home(id);
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
    pub(super) fn write(&mut self, id: NodeId, item: Item) {
        self.written.push((self.position[id], item));
    }

    pub(super) fn bits_of(&self, id: NodeId) -> &Expr {
        self.values[id].as_ref().expect("an operand is lowered before its user")
    }

    /// Bits `low ..= high` of node `id`.
    pub(super) fn select(&mut self, id: NodeId, high: u32, low: u32) -> Expr {
        if low == 0 && high + 1 == self.ty(id).width() {
            return self.bits_of(id).clone();
        }
        match self.selectable(id) {
            Expr::Net(net) => Expr::select(net, high, low),
            Expr::Select { net, low: base, .. } => Expr::select(net, base + high, base + low),
            Expr::Literal { value, radix, .. } => {
                let width = high - low + 1;
                let value = (value >> low) & ((BigInt::from(1) << width) - 1);
                Expr::Literal { width, value, signed: false, radix: *radix }
            }
            _ => unreachable!("only nets and literals are selectable"),
        }
    }

    /// The bits of node `id` as something that bits can be selected of.
    pub(super) fn selectable(&mut self, id: NodeId) -> &Expr {
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
        if width > ty.width() && ty.is_signed() && !self.bits_of(id).has_msb() {
            self.declare(id);
        }
        self.bits_of(id).clone().extended(ty.is_signed(), width)
    }
}

/// The one value of a type that has no other.
pub(super) fn only_value(ty: &Type) -> Option<&BigInt> {
    match ty {
        Type::Int(range) if range.lo() == range.hi() => Some(range.lo()),
        _ => None,
    }
}

/// The parts of `circuit` in the order of their first nodes, and the index of each node's.
fn parts(circuit: &Circuit) -> (Vec<Arc<str>>, Vec<usize>) {
    let mut parts: Vec<Arc<str>> = Vec::new();
    let mut index_of: HashMap<&str, usize> = HashMap::new();
    let mut part_of: Vec<usize> = Vec::with_capacity(circuit.nodes.len());
    for Node { scope, .. } in &circuit.nodes {
        let part = match part_of.last() {
            // Most nodes stand in the part of the one before, and share its name.
            Some(&before) if Arc::ptr_eq(&parts[before], scope) => before,
            _ => *index_of.entry(scope).or_insert_with(|| {
                parts.push(scope.clone());
                parts.len() - 1
            }),
        };
        part_of.push(part);
    }
    (parts, part_of)
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
