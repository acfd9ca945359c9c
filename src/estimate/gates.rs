//! A circuit as gates of single bits, and the cells between them that are no gates.

use crate::device::Counts;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A bit: twice the index of its gate, plus 1 where it is the complement of what the gate makes.
pub type Bit = u32;

pub const ZERO: Bit = 0;
pub const ONE: Bit = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    Zero,
    And(Bit, Bit),
    Xor(Bit, Bit),
    /// `if .0 { .1 } else { .2 }`
    Mux(Bit, Bit, Bit),
    /// What is known only after the instance that reads it is lowered.
    Later(Option<Bit>),
    /// Bit `place` of what a cell makes.
    Made {
        cell: usize,
        place: u32,
    },
}

/// A reset to `value` in cycles with `when`; `enabled` says that it acts only in those that enable the flip-flop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reset {
    pub when: Bit,
    pub value: bool,
    pub enabled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flop {
    pub next: Bit,
    pub enable: Bit,
    pub reset: Option<Reset>,
}

/// `a + b + carry_in`, bit by bit; the bit above the highest is the carry. `b` is what is added: complemented where the
/// chain subtracts.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    pub a: Vec<Bit>,
    pub b: Vec<Bit>,
    pub carry_in: Bit,
    pub subtracts: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    pub words: usize,
    pub width: u32,
    /// Enable, and the bits of address and value.
    pub writes: Vec<Bit>,
    pub written: bool,
    /// In look-up tables that the family can use as memory.
    pub in_luts: bool,
    /// In a large memory of one port.
    pub is_large: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// What comes from outside.
    Port,
    Flop(Flop),
    Chain(Chain),
    /// An adder that synthesis takes as it is.
    Adder {
        a: Vec<Bit>,
        b: Vec<Bit>,
        carry_in: Bit,
        counts: Counts,
    },
    /// Another module that synthesis takes as it is; what leaves a clocked one comes from registers.
    Whole {
        inputs: Vec<Bit>,
        counts: Counts,
        clocked: bool,
    },
    Product {
        a: Vec<Bit>,
        b: Vec<Bit>,
        /// Whether the highest bit of each is its sign.
        signs: [bool; 2],
        /// Whether it may be made in hard multipliers.
        hard: bool,
    },
    Store(Store),
    /// A read of the cell `store`.
    Read {
        store: usize,
        inputs: Vec<Bit>,
    },
}

/// A hash of the few numbers of a gate: quick, as nobody chooses gates that collide.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }

    fn write_u64(&mut self, number: u64) {
        // An odd number near 2^64 divided by the golden ratio spreads neighbours.
        self.0 = (self.0.rotate_left(23) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// An instance in the circuit, counted from 1; 0 is what stands in none.
pub type Part = u32;

#[derive(Clone, Debug)]
pub struct Graph {
    pub gates: Vec<Gate>,
    pub cells: Vec<Cell>,
    pub outputs: Vec<Bit>,
    /// The part that each gate and each cell was first made for.
    pub gate_parts: Vec<Part>,
    pub cell_parts: Vec<Part>,
    /// For which gates and cells are made now.
    pub part: Part,
    /// Whether the products that are made now may be in hard multipliers.
    pub dsp: bool,
    /// Whether flip-flops have their resets and enables and sums are merged, so that what is left are gates and chains.
    pub settled: bool,
    known: HashMap<Gate, Bit, BuildHasherDefault<Mixed>>,
}

impl Graph {
    pub fn new() -> Self {
        Self {
            gates: vec![Gate::Zero],
            cells: Vec::new(),
            outputs: Vec::new(),
            gate_parts: vec![0],
            cell_parts: Vec::new(),
            part: 0,
            dsp: true,
            settled: false,
            known: [(Gate::Zero, ZERO)].into_iter().collect(),
        }
    }

    pub fn gate(&self, bit: Bit) -> Gate {
        self.gates[(bit >> 1) as usize]
    }

    /// The bit of a new gate, or of the equal one that there is.
    pub fn add(&mut self, gate: Gate) -> Bit {
        let Self { gates, gate_parts, part, .. } = self;
        *self.known.entry(gate).or_insert_with(|| {
            gates.push(gate);
            gate_parts.push(*part);
            (gates.len() as Bit - 1) << 1
        })
    }

    /// A bit that is known later.
    pub fn later(&mut self) -> Bit {
        self.gates.push(Gate::Later(None));
        self.gate_parts.push(self.part);
        (self.gates.len() as Bit - 1) << 1
    }

    pub fn and(&mut self, a: Bit, b: Bit) -> Bit {
        let (a, b) = (a.min(b), a.max(b));
        match (a, b) {
            (ZERO, _) => ZERO,
            (ONE, _) => b,
            _ if a == b => a,
            _ if a == b ^ 1 => ZERO,
            _ => self.add(Gate::And(a, b)),
        }
    }

    pub fn or(&mut self, a: Bit, b: Bit) -> Bit {
        self.and(a ^ 1, b ^ 1) ^ 1
    }

    pub fn xor(&mut self, a: Bit, b: Bit) -> Bit {
        let complemented = (a ^ b) & 1;
        let (a, b) = (a & !1, b & !1);
        let (a, b) = (a.min(b), a.max(b));
        let bit = match (a, b) {
            (ZERO, _) => b,
            _ if a == b => ZERO,
            _ => self.add(Gate::Xor(a, b)),
        };
        bit ^ complemented
    }

    /// Where one side is a constant it stays a multiplexer, until the graph is `settled`: of such synthesis makes resets.
    pub fn mux(&mut self, condition: Bit, then: Bit, otherwise: Bit) -> Bit {
        if condition & 1 == 1 {
            return self.mux(condition ^ 1, otherwise, then);
        }
        if self.settled
            && condition > ONE
            && then & !1 != otherwise & !1
            && let Some(gate) = self.settled_mux(condition, then, otherwise)
        {
            return gate;
        }
        match (condition, then, otherwise) {
            (ZERO, _, _) => otherwise,
            (ONE, _, _) => then,
            _ if then == otherwise => then,
            _ if then == otherwise ^ 1 => self.xor(condition, otherwise),
            _ => self.add(Gate::Mux(condition, then, otherwise)),
        }
    }

    /// A multiplexer as gates of constants, with its first side plain, or with a condition that also stands for that of the multiplexer
    /// on one of its sides, where both give the same: many bits share it.
    fn settled_mux(&mut self, condition: Bit, then: Bit, otherwise: Bit) -> Option<Bit> {
        match (then, otherwise) {
            (ZERO, _) => return Some(self.and(condition ^ 1, otherwise)),
            (ONE, _) => return Some(self.or(condition, otherwise)),
            (_, ZERO) => return Some(self.and(condition, then)),
            (_, ONE) => return Some(self.or(condition ^ 1, then)),
            _ if then & 1 == 1 => return Some(self.mux(condition, then ^ 1, otherwise ^ 1) ^ 1),
            _ => {}
        }
        if let Some((inner, yes, no)) = self.sides(otherwise) {
            if yes == then {
                let either = self.or(condition, inner);
                return Some(self.mux(either, then, no));
            }
            if no == then {
                let neither = self.and(condition ^ 1, inner);
                return Some(self.mux(neither, yes, then));
            }
        }
        let (inner, yes, no) = self.sides(then)?;
        if no == otherwise {
            let both = self.and(condition, inner);
            return Some(self.mux(both, yes, otherwise));
        }
        (yes == otherwise).then(|| {
            let other = self.and(condition, inner ^ 1);
            self.mux(other, no, otherwise)
        })
    }

    /// The condition and the sides of a multiplexer.
    fn sides(&self, bit: Bit) -> Option<(Bit, Bit, Bit)> {
        match self.gate(bit) {
            Gate::Mux(condition, then, otherwise) => {
                Some((condition, then ^ (bit & 1), otherwise ^ (bit & 1)))
            }
            _ => None,
        }
    }

    /// Whether all `bits` are 1; a balanced tree.
    pub fn all(&mut self, bits: &[Bit]) -> Bit {
        match bits {
            [] => ONE,
            [bit] => *bit,
            _ => {
                let (low, high) = bits.split_at(bits.len() / 2);
                let (low, high) = (self.all(low), self.all(high));
                self.and(low, high)
            }
        }
    }

    pub fn cell(&mut self, cell: Cell) -> usize {
        self.cells.push(cell);
        self.cell_parts.push(self.part);
        self.cells.len() - 1
    }

    pub fn made(&mut self, cell: usize, width: u32) -> Vec<Bit> {
        (0..width).map(|place| self.add(Gate::Made { cell, place })).collect()
    }
}

/// The bits from which a gate's follows in the same cycle.
pub fn operands(gate: Gate) -> impl Iterator<Item = Bit> {
    let operands = match gate {
        Gate::Zero | Gate::Made { .. } | Gate::Later(None) => [None; 3],
        Gate::Later(driver) => [driver, None, None],
        Gate::And(a, b) | Gate::Xor(a, b) => [Some(a), Some(b), None],
        Gate::Mux(condition, then, otherwise) => [Some(condition), Some(then), Some(otherwise)],
    };
    operands.into_iter().flatten()
}

impl Cell {
    /// Every bit that the cell reads, to be replaced by another.
    pub fn inputs_mut(&mut self) -> Vec<&mut Bit> {
        match self {
            Cell::Port => Vec::new(),
            Cell::Flop(Flop { next, enable, reset }) => {
                let reset = reset.as_mut().map(|reset| &mut reset.when);
                [next, enable].into_iter().chain(reset).collect()
            }
            Cell::Chain(Chain { a, b, carry_in, .. }) | Cell::Adder { a, b, carry_in, .. } => {
                a.iter_mut().chain(b).chain([carry_in]).collect()
            }
            Cell::Whole { inputs, .. } | Cell::Read { inputs, .. } => inputs.iter_mut().collect(),
            Cell::Product { a, b, .. } => a.iter_mut().chain(b).collect(),
            Cell::Store(store) => store.writes.iter_mut().collect(),
        }
    }
}
