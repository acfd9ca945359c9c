//! Gates of a circuit and of all circuits inside it.

use super::chain::kept_adder;
use super::gates::{Bit, Cell, Chain, Flop, Gate, Graph, ONE, Reset, ZERO};
use super::rom::constant_bits;
use crate::device::{AccumulatorForm, Counts, Family};
use crate::hdl::{BlackBox, Circuit, Comparison, Definition, Node, NodeId, Op, Type};
use num_bigint::BigInt;
use std::collections::HashMap;

pub fn lower(circuit: &Circuit, family: Family, dsp: bool) -> Graph {
    let mut graph = Graph::new();
    graph.dsp = dsp;
    let outside = graph.cell(Cell::Port);
    let reset = graph.made(outside, 1)[0];
    let inputs = circuit.inputs.iter().map(|&id| {
        let port = graph.cell(Cell::Port);
        graph.made(port, circuit.nodes[id].ty.width())
    });
    let inputs: Vec<Vec<Bit>> = inputs.collect();
    let outputs = Scope::lower(&mut graph, family, circuit, reset, inputs);
    graph.outputs = outputs.into_iter().flatten().collect();
    graph
}

/// A circuit on the way.
pub(super) struct Scope<'g> {
    pub graph: &'g mut Graph,
    pub family: Family,
    circuit: &'g Circuit,
    /// Of each node lowered so far.
    bits: Vec<Vec<Bit>>,
    reset: Bit,
}

impl<'g> Scope<'g> {
    /// The bits of each output.
    fn lower(
        graph: &'g mut Graph,
        family: Family,
        circuit: &'g Circuit,
        reset: Bit,
        inputs: Vec<Vec<Bit>>,
    ) -> Vec<Vec<Bit>> {
        let bits = vec![Vec::new(); circuit.nodes.len()];
        let mut scope = Scope { graph, family, circuit, bits, reset };
        for (&id, bits) in circuit.inputs.iter().zip(inputs) {
            scope.bits[id] = bits;
        }
        let stores: Vec<usize> = circuit.memories.iter().map(|memory| scope.store(memory)).collect();
        let mut reads = HashMap::new();
        let around = scope.graph.part;
        let instances = circuit.instances.iter().zip(1..).map(|(instance, number)| {
            scope.graph.part = if around == 0 { number } else { around };
            scope.instance(&instance.definition)
        });
        let (later, made): (Vec<_>, Vec<_>) = instances.unzip();
        scope.graph.part = around;
        for (id, node) in circuit.nodes.iter().enumerate() {
            let width = node.ty.width();
            match node.op {
                Op::Read { memory, .. } if scope.in_block_ram(&circuit.memories[memory]) => {
                    let cell = scope.graph.cell(Cell::Read { store: stores[memory], inputs: Vec::new() });
                    reads.insert(id, cell);
                    let made = scope.graph.made(cell, width);
                    let constant = constant_bits(&circuit.memories[memory]);
                    let bits = made.into_iter().zip(constant).map(|(bit, constant)| constant.unwrap_or(bit));
                    scope.bits[id] = bits.collect();
                }
                Op::Register { .. } | Op::Read { .. } => {
                    scope.bits[id] = (0..width).map(|_| scope.flop()).collect();
                }
                _ => {}
            }
        }
        for &id in &circuit.order {
            let node = &circuit.nodes[id];
            match node.op {
                Op::Register { .. } | Op::Read { .. } | Op::Input => {}
                Op::Output { instance, port } => {
                    let made: &Vec<Vec<Bit>> = &made[instance];
                    scope.bits[id] = made[port].clone();
                }
                _ => scope.bits[id] = scope.node(node),
            }
        }
        scope.connect(&later);
        scope.registers();
        scope.memories(&stores, &reads);
        let outputs = circuit.outputs.iter();
        outputs.map(|output| scope.fitted(output.node, output.ty.width())).collect()
    }

    fn flop(&mut self) -> Bit {
        let cell = self.graph.cell(Cell::Flop(Flop { next: ZERO, enable: ONE, reset: None }));
        self.graph.made(cell, 1)[0]
    }

    /// What stands for the inputs of an instance until they are known, and its outputs.
    fn instance(&mut self, definition: &'g Definition) -> (Vec<Vec<Bit>>, Vec<Vec<Bit>>) {
        match definition {
            Definition::Circuit(inner) => {
                let width = |&id: &NodeId| inner.nodes[id].ty.width();
                let later: Vec<Vec<Bit>> = inner
                    .inputs
                    .iter()
                    .map(|id| (0..width(id)).map(|_| self.graph.later()).collect())
                    .collect();
                let made = Scope::lower(self.graph, self.family, inner, self.reset, later.clone());
                (later, made)
            }
            Definition::BlackBox(inner) => {
                let later: Vec<Vec<Bit>> = inner
                    .inputs
                    .iter()
                    .map(|(_, ty)| (0..ty.width()).map(|_| self.graph.later()).collect())
                    .collect();
                let mut inputs: Vec<Bit> = later.iter().flatten().copied().collect();
                inputs.extend(inner.clocked.then_some(self.reset));
                let counts = hand_written(inner, self.family);
                let cell = self.graph.cell(Cell::Whole { inputs, counts, clocked: inner.clocked });
                let width = inner.outputs.iter().map(|(_, ty)| ty.width()).sum();
                let mut made = self.graph.made(cell, width).into_iter();
                let outputs = inner.outputs.iter();
                (later, outputs.map(|(_, ty)| made.by_ref().take(ty.width() as usize).collect()).collect())
            }
        }
    }

    fn connect(&mut self, later: &[Vec<Vec<Bit>>]) {
        for (instance, later) in self.circuit.instances.iter().zip(later) {
            for (&id, later) in instance.inputs.iter().zip(later) {
                let drivers = self.fitted(id, later.len() as u32);
                for (&bit, driver) in later.iter().zip(drivers) {
                    self.graph.gates[(bit >> 1) as usize] = Gate::Later(Some(driver));
                }
            }
        }
    }

    fn registers(&mut self) {
        for (id, node) in self.circuit.nodes.iter().enumerate() {
            let Op::Register { next, enable, reset } = &node.op else { continue };
            let own = self.bits[id].clone();
            let width = node.ty.width();
            let next = next.map_or_else(|| own.clone(), |next| self.fitted(next, width));
            let enable = enable.map_or(ONE, |enable| self.bits[enable][0]);
            for (place, (own, next)) in own.into_iter().zip(next).enumerate() {
                let reset = reset.as_ref().map(|value| Reset {
                    when: self.reset,
                    value: value.bit(place as u64),
                    enabled: false,
                });
                self.set_flop(own, Flop { next, enable, reset });
            }
        }
    }

    pub(super) fn set_flop(&mut self, own: Bit, flop: Flop) {
        let Gate::Made { cell, .. } = self.graph.gate(own) else { unreachable!("a flip-flop is a cell") };
        self.graph.cells[cell] = Cell::Flop(flop);
    }

    pub(super) fn new_flop(&mut self, flop: Flop) -> Bit {
        let own = self.flop();
        self.set_flop(own, flop);
        own
    }

    /// The bits of node `id`, or its lowest `width`, or extended by its sign.
    pub(super) fn fitted(&self, id: NodeId, width: u32) -> Vec<Bit> {
        fitted(&self.bits[id], self.circuit.nodes[id].ty.is_signed(), width)
    }

    pub(super) fn bits(&self, id: NodeId) -> &[Bit] {
        &self.bits[id]
    }

    pub(super) fn circuit(&self) -> &'g Circuit {
        self.circuit
    }

    fn node(&mut self, node: &Node) -> Vec<Bit> {
        let width = node.ty.width();
        let nodes = &self.circuit.nodes;
        match &node.op {
            Op::Constant(value) => constant(value, width),
            &Op::Add(a, b) => self.sum(self.fitted(a, width), self.fitted(b, width), ZERO, false),
            &Op::Sub(a, b) if nodes[a].op == Op::Constant((-1).into()) => inverted(&self.fitted(b, width)),
            &Op::Sub(a, b) => self.sum(self.fitted(a, width), inverted(&self.fitted(b, width)), ONE, true),
            &Op::Mul(a, b) => self.product(a, b, width),
            Op::Adder { .. } => self.adder(node),
            &Op::ShiftLeft(a, by) => {
                let mut bits = vec![ZERO; by as usize];
                bits.extend(self.fitted(a, width.saturating_sub(by)));
                bits.truncate(width as usize);
                bits
            }
            &Op::ShiftRight(a, by) => {
                let wide = self.fitted(a, (by + width).max(nodes[a].ty.width()));
                wide[by as usize..(by + width) as usize].to_vec()
            }
            &Op::Compare(comparison, a, b) => vec![self.compare(comparison, a, b)],
            &Op::Mux { condition, then, otherwise } => {
                let (then, otherwise) = (self.fitted(then, width), self.fitted(otherwise, width));
                let condition = self.bits[condition][0];
                self.choose(condition, &then, &otherwise)
            }
            &(Op::Wrap(a) | Op::Assume { a, .. } | Op::ToBits(a) | Op::ToInt(a)) => self.fitted(a, width),
            &Op::Clamp(a) => self.clamp(a, &node.ty),
            &Op::Not(a) => inverted(&self.fitted(a, width)),
            &Op::And(a, b) => self.gates(a, b, width, Graph::and),
            &Op::Or(a, b) => self.gates(a, b, width, Graph::or),
            &Op::Xor(a, b) => self.gates(a, b, width, Graph::xor),
            Op::Concat(parts) => parts.iter().flat_map(|&part| self.bits[part].clone()).collect(),
            &Op::Slice { a, lsb } => self.bits[a][lsb as usize..(lsb + width) as usize].to_vec(),
            Op::Wire { driver } => self.fitted(driver.expect("every wire is driven"), width),
            Op::Input | Op::Register { .. } | Op::Read { .. } | Op::Output { .. } => {
                unreachable!("made before")
            }
        }
    }

    fn gates(&mut self, a: NodeId, b: NodeId, width: u32, gate: fn(&mut Graph, Bit, Bit) -> Bit) -> Vec<Bit> {
        let (a, b) = (self.fitted(a, width), self.fitted(b, width));
        a.into_iter().zip(b).map(|(a, b)| gate(self.graph, a, b)).collect()
    }

    pub(super) fn choose(&mut self, condition: Bit, then: &[Bit], otherwise: &[Bit]) -> Vec<Bit> {
        let sides = then.iter().zip(otherwise);
        sides.map(|(&then, &otherwise)| self.graph.mux(condition, then, otherwise)).collect()
    }

    /// The lowest bits of `a + b + carry_in`.
    fn sum(&mut self, a: Vec<Bit>, b: Vec<Bit>, carry_in: Bit, subtracts: bool) -> Vec<Bit> {
        let width = a.len() as u32;
        let cell = self.graph.cell(Cell::Chain(Chain { a, b, carry_in, subtracts }));
        self.graph.made(cell, width)
    }

    fn adder(&mut self, node: &Node) -> Vec<Bit> {
        let &Op::Adder { a, b, carry_in, subtracts, inverted } = &node.op else { unreachable!("an adder") };
        let [of_a, of_b] = [a, b].map(|id| &self.circuit.nodes[id].ty);
        let counts = kept_adder(self.family, of_a, of_b, &node.ty, subtracts, inverted);
        let carry_in = carry_in.map_or(ZERO, |id| self.bits[id][0]);
        let (a, b) = (self.bits[a].clone(), self.bits[b].clone());
        let cell = self.graph.cell(Cell::Adder { a, b, carry_in, counts });
        self.graph.made(cell, node.ty.width())
    }

    fn product(&mut self, a: NodeId, b: NodeId, width: u32) -> Vec<Bit> {
        let signs = [a, b].map(|id| self.circuit.nodes[id].ty.is_signed());
        let (a, b) = (self.bits[a].clone(), self.bits[b].clone());
        let hard = self.graph.dsp;
        let cell = self.graph.cell(Cell::Product { a, b, signs, hard });
        self.graph.made(cell, width)
    }

    fn compare(&mut self, comparison: Comparison, a: NodeId, b: NodeId) -> Bit {
        let [of_a, of_b] = [a, b].map(|id| self.circuit.nodes[id].ty.range());
        let width = of_a.union(&of_b).width();
        let (a, b) = (self.fitted(a, width), self.fitted(b, width));
        let signed = of_a.is_signed() || of_b.is_signed();
        match comparison {
            Comparison::Eq => self.equal(&a, &b),
            Comparison::Ne => self.equal(&a, &b) ^ 1,
            Comparison::Lt if of_a.hi() < of_b.lo() => ONE,
            Comparison::Lt if of_b.hi() <= of_a.lo() => ZERO,
            Comparison::Lt => self.less(&a, &b, signed),
            Comparison::Le if of_b.hi() < of_a.lo() => ZERO,
            Comparison::Le if of_a.hi() <= of_b.lo() => ONE,
            // Between two variables synthesis asks for both, less and equal.
            Comparison::Le if of_a.lo() < of_a.hi() && of_b.lo() < of_b.hi() => {
                let (less, equal) = (self.less(&a, &b, signed), self.equal(&a, &b));
                self.graph.or(less, equal)
            }
            Comparison::Le => self.less(&b, &a, signed) ^ 1,
        }
    }

    fn equal(&mut self, a: &[Bit], b: &[Bit]) -> Bit {
        let same: Vec<Bit> = a.iter().zip(b).map(|(&a, &b)| self.graph.xor(a, b) ^ 1).collect();
        self.graph.all(&same)
    }

    /// `a < b`: no carry leaves `a - b`; where they are signed, the other way round if the highest bits differ.
    fn less(&mut self, a: &[Bit], b: &[Bit], signed: bool) -> Bit {
        let is_constant = |bits: &[Bit]| bits.iter().all(|bit| *bit <= ONE);
        if a.len() as u32 <= self.family.numbers().carry.compared && (is_constant(a) || is_constant(b)) {
            return self.less_in_gates(a, b, signed);
        }
        let width = a.len();
        let chain = Chain { a: a.to_vec(), b: inverted(b), carry_in: ONE, subtracts: true };
        let cell = self.graph.cell(Cell::Chain(chain));
        let below = self.graph.made(cell, width as u32 + 1)[width] ^ 1;
        match (signed, a.last(), b.last()) {
            (true, Some(&a), Some(&b)) => {
                let differ = self.graph.xor(a, b);
                self.graph.xor(differ, below)
            }
            _ => below,
        }
    }

    /// The same bit by bit, from the lowest: the highest bits that differ decide.
    fn less_in_gates(&mut self, a: &[Bit], b: &[Bit], signed: bool) -> Bit {
        let mut less = ZERO;
        for (place, (&a_bit, &b_bit)) in a.iter().zip(b).enumerate() {
            let is_sign = signed && place + 1 == a.len();
            let differ = self.graph.xor(a_bit, b_bit);
            less = self.graph.mux(differ, if is_sign { a_bit } else { b_bit }, less);
        }
        less
    }

    fn clamp(&mut self, a: NodeId, ty: &Type) -> Vec<Bit> {
        let (given, kept) = (self.circuit.nodes[a].ty.range(), ty.range());
        let width = given.union(&kept).width();
        let wide = self.fitted(a, width);
        let mut result = self.fitted(a, ty.width());
        let signed = given.is_signed() || kept.is_signed();
        let limits = [(kept.hi(), given.hi() > kept.hi(), false), (kept.lo(), given.lo() < kept.lo(), true)];
        for (bound, passed, is_low) in limits {
            if passed {
                let limit = constant(bound, width);
                let (smaller, larger) = if is_low { (&wide, &limit) } else { (&limit, &wide) };
                let outside = self.less(smaller, larger, signed);
                result = self.choose(outside, &constant(bound, ty.width()), &result);
            }
        }
        result
    }
}

pub(super) fn constant(value: &BigInt, width: u32) -> Vec<Bit> {
    (0..width).map(|place| Bit::from(value.bit(place.into()))).collect()
}

pub(super) fn inverted(bits: &[Bit]) -> Vec<Bit> {
    bits.iter().map(|bit| bit ^ 1).collect()
}

fn fitted(bits: &[Bit], signed: bool, width: u32) -> Vec<Bit> {
    let mut fitted = bits.to_vec();
    let above = if signed { bits.last().copied().unwrap_or(ZERO) } else { ZERO };
    fitted.resize(width as usize, above);
    fitted
}

/// What a hand-written module takes, where the family knows it.
fn hand_written(module: &BlackBox, family: Family) -> Counts {
    match family.accumulators {
        AccumulatorForm::Cell(written) if written.name == module.name => {
            let width = module.outputs.iter().map(|(_, ty)| ty.width()).sum();
            (written.counts)(width)
        }
        _ => Counts::default(),
    }
}
