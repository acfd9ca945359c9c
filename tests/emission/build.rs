//! Circuits made node by node, below the language.

use num_bigint::BigInt;
use std::panic::Location;
use std::rc::Rc;
use ternlet::hdl::*;

/// A circuit under construction; the operands of a node exist before it, but for registers.
pub struct Build {
    pub circuit: Circuit,
}

impl Build {
    pub fn new(name: &str) -> Self {
        let circuit = Circuit {
            name: name.into(),
            doc: String::new(),
            nodes: Vec::new(),
            memories: Vec::new(),
            instances: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            payloads: Default::default(),
            frames: Default::default(),
            order: Vec::new(),
            paths: Vec::new(),
            clocked: false,
            kept: false,
            latency: Latency::default(),
        };
        Self { circuit }
    }

    #[track_caller]
    pub fn typed(&mut self, op: Op, ty: impl Into<Type>) -> NodeId {
        self.circuit.nodes.push(Node {
            op,
            ty: ty.into(),
            name: None,
            hint: None,
            scope: "".into(),
            at: Location::caller(),
        });
        self.circuit.nodes.len() - 1
    }

    /// A node whose type is the hull of its values.
    #[track_caller]
    pub fn node(&mut self, op: Op) -> NodeId {
        let ty = self.hull(&op);
        self.typed(op, ty)
    }

    #[track_caller]
    pub fn input(&mut self, name: &str, ty: impl Into<Type>) -> NodeId {
        let id = self.typed(Op::Input, ty);
        self.circuit.inputs.push(id);
        self.named(id, name)
    }

    pub fn named(&mut self, id: NodeId, name: &str) -> NodeId {
        self.circuit.nodes[id].name = Some(name.into());
        id
    }

    #[track_caller]
    pub fn constant(&mut self, value: i64) -> NodeId {
        self.typed(Op::Constant(value.into()), Range::only(value))
    }

    #[track_caller]
    pub fn register(
        &mut self,
        ty: impl Into<Type>,
        next: NodeId,
        enable: Option<NodeId>,
        reset: Option<i64>,
    ) -> NodeId {
        self.circuit.clocked = true;
        self.typed(Op::Register { next: Some(next), enable, reset: reset.map(BigInt::from) }, ty)
    }

    #[track_caller]
    pub fn memory(
        &mut self,
        name: &str,
        ty: impl Into<Type>,
        words: usize,
        init: Option<Vec<BigInt>>,
    ) -> usize {
        self.circuit.clocked = true;
        let at = Location::caller();
        let memory = MemoryNode {
            name: name.into(),
            words,
            ty: ty.into(),
            init,
            write: None,
            is_large: false,
            family: None,
            at,
        };
        self.circuit.memories.push(memory);
        self.circuit.memories.len() - 1
    }

    #[track_caller]
    pub fn read(&mut self, memory: usize, address: NodeId, enable: Option<NodeId>) -> NodeId {
        let ty = self.circuit.memories[memory].ty.clone();
        self.typed(Op::Read { memory, address, enable }, ty)
    }

    /// The nodes of the outputs of a new instance.
    #[track_caller]
    pub fn instance(&mut self, name: &str, inner: &Rc<Circuit>, inputs: Vec<NodeId>) -> Vec<NodeId> {
        self.circuit.clocked |= inner.clocked;
        let instance = self.circuit.instances.len();
        self.circuit.instances.push(Instance {
            name: name.into(),
            definition: Definition::Circuit(inner.clone()),
            inputs,
            at: Location::caller(),
        });
        let ports = inner.outputs.iter().enumerate();
        ports.map(|(port, output)| self.typed(Op::Output { instance, port }, output.ty.clone())).collect()
    }

    pub fn output(&mut self, name: &str, node: NodeId) {
        let ty = self.circuit.nodes[node].ty.clone();
        self.circuit.outputs.push(OutputPort { name: name.into(), node, ty });
    }

    pub fn finish(mut self) -> Rc<Circuit> {
        self.circuit.order = (0..self.circuit.nodes.len()).collect();
        Rc::new(self.circuit)
    }

    pub fn ty(&self, id: NodeId) -> &Type {
        &self.circuit.nodes[id].ty
    }

    pub fn range(&self, id: NodeId) -> Range {
        self.ty(id).range()
    }

    fn hull(&self, op: &Op) -> Type {
        let corners = |a: NodeId, b: NodeId, f: &dyn Fn(&BigInt, &BigInt) -> BigInt| {
            let (a, b) = (self.range(a), self.range(b));
            let pairs = [(a.lo(), b.lo()), (a.lo(), b.hi()), (a.hi(), b.lo()), (a.hi(), b.hi())];
            Type::Int(Range::hull(pairs.map(|(a, b)| f(a, b))))
        };
        let ends = |a: NodeId, f: &dyn Fn(&BigInt) -> BigInt| {
            Type::Int(Range::hull([f(self.range(a).lo()), f(self.range(a).hi())]))
        };
        match *op {
            Op::Add(a, b) => corners(a, b, &|a, b| a + b),
            Op::Adder { a, b, carry_in, subtracts, inverted } => {
                let sum = corners(a, b, &|a, b| if subtracts { a - b } else { a + b }).range();
                let carry = carry_in.map_or(Range::only(0), |carry_in| self.range(carry_in));
                let (lo, hi) = (sum.lo() + carry.lo(), sum.hi() + carry.hi());
                if inverted { Range::new(-hi - 1, -lo - 1) } else { Range::new(lo, hi) }.into()
            }
            Op::Sub(a, b) => corners(a, b, &|a, b| a - b),
            Op::Mul(a, b) => corners(a, b, &|a, b| a * b),
            Op::ShiftLeft(a, k) => ends(a, &|a| a << k),
            Op::ShiftRight(a, k) => ends(a, &|a| a >> k),
            Op::Compare(..) => Range::condition().into(),
            Op::Mux { then, otherwise, .. } => match self.ty(then) {
                Type::Bits(width) => Type::Bits(*width),
                Type::Int(range) => range.union(&self.range(otherwise)).into(),
            },
            Op::ToBits(a) => Type::Bits(self.ty(a).width()),
            Op::Not(a) | Op::And(a, _) | Op::Or(a, _) | Op::Xor(a, _) => match self.ty(a) {
                Type::Bits(width) => Type::Bits(*width),
                Type::Int(_) => Range::condition().into(),
            },
            Op::Concat(ref parts) => Type::Bits(parts.iter().map(|&part| self.ty(part).width()).sum()),
            Op::Wire { driver: Some(driver) } => self.ty(driver).clone(),
            _ => panic!("{op:?} has no type of its own"),
        }
    }
}
