//! The whole intermediate representation: what a finished circuit is made of.
//!
//! The values of `Int` nodes are integers; those of `Bits` nodes are words, given as the unsigned integer of
//! their bits. `a`, `b` stand for the values of the operands with these names.

use super::range::{Range, unsigned};
use super::stages::Latency;
use crate::device::Family;
use num_bigint::BigInt;
use std::collections::BTreeMap;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

/// Index of a node in [`Circuit::nodes`].
pub type NodeId = usize;

/// What a node's value may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// An integer of this range.
    Int(Range),
    /// A word of this many bits (at least 1) with no number in it.
    Bits(u32),
}

impl Type {
    pub fn width(&self) -> u32 {
        match self {
            Type::Int(range) => range.width(),
            Type::Bits(width) => *width,
        }
    }

    pub fn is_signed(&self) -> bool {
        matches!(self, Type::Int(range) if range.is_signed())
    }

    /// The integers that stand for the values of this type.
    pub fn range(&self) -> Range {
        match self {
            Type::Int(range) => range.clone(),
            Type::Bits(width) => unsigned(*width),
        }
    }
}

impl From<Range> for Type {
    fn from(range: Range) -> Self {
        Type::Int(range)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
}

/// How a node's value follows from others. The node's type is the exact hull of the values unless said.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A port of the module.
    Input,
    Constant(BigInt),
    /// `a + b`
    Add(NodeId, NodeId),
    /// `a - b`
    Sub(NodeId, NodeId),
    /// `a * b`
    Mul(NodeId, NodeId),
    /// `a + b + carry_in`, or `a - b + carry_in` where it subtracts, or the complement of either, `-v - 1` for `v`, where it
    /// is inverted; emitted as a module of its own that synthesis may not merge with its neighbours.
    Adder {
        a: NodeId,
        b: NodeId,
        carry_in: Option<NodeId>,
        subtracts: bool,
        inverted: bool,
    },
    /// `a * 2^k`
    ShiftLeft(NodeId, u32),
    /// `floor(a / 2^k)`
    ShiftRight(NodeId, u32),
    /// `a ? b`, two integers or two words of one width; the result is a condition (0 or 1).
    Compare(Comparison, NodeId, NodeId),
    /// `condition ? then : otherwise`, both integers or both words of one width.
    Mux {
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    },
    /// The low bits of two's-complement `a`, read as this node's type, a whole word: `a` modulo `2^width`.
    Wrap(NodeId),
    /// The integer of this node's type that is nearest to `a`.
    Clamp(NodeId),
    /// `a`, of which the author says that it lies in this node's type where `when` is 1 (always, where there is
    /// none). Simulation asserts it; elsewhere the value is any of the type.
    Assume {
        a: NodeId,
        when: Option<NodeId>,
    },
    /// The two's-complement word of integer `a`.
    ToBits(NodeId),
    /// Word `a` read as this node's type, which has the same width, signed or not.
    ToInt(NodeId),
    /// Bitwise, on a word or a condition.
    Not(NodeId),
    /// Bitwise, on two words of one width or two conditions.
    And(NodeId, NodeId),
    Or(NodeId, NodeId),
    Xor(NodeId, NodeId),
    /// The words of all parts behind each other; the first is the least significant.
    Concat(Vec<NodeId>),
    /// Bits `lsb .. lsb + width` of word `a`; the width is the type's.
    Slice {
        a: NodeId,
        lsb: u32,
    },
    /// `next` of the clock cycle before if `enable` was 1 then (always, where there is none), otherwise its
    /// own value of then. `reset`, where given, is the value after a cycle with `rst`; where not, the register
    /// holds any value of its type until it is first enabled.
    Register {
        next: Option<NodeId>,
        enable: Option<NodeId>,
        reset: Option<BigInt>,
    },
    /// The value of `driver`, which may be made later. Made by streams for `ready` and by instances.
    Wire {
        driver: Option<NodeId>,
    },
    /// The word of `memory` at `address` in the last clock cycle in which `enable` was 1 (always, where there is
    /// none). If that same cycle wrote this address, the value is unspecified.
    Read {
        memory: usize,
        address: NodeId,
        enable: Option<NodeId>,
    },
    /// Port `port` of instance `instance`.
    Output {
        instance: usize,
        port: usize,
    },
}

/// One node, with what a reader of the Verilog wants to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub op: Op,
    pub ty: Type,
    /// As the author gave it: the Verilog has a net of this name.
    pub name: Option<String>,
    /// What the net is called if the Verilog needs one: a part of a payload, a copy of a cycle before.
    pub hint: Option<String>,
    /// The part of the module that it belongs to, as `accumulator`, with those around it as `x/accumulator`; may be empty.
    pub scope: Arc<str>,
    /// The line of the description that made it.
    pub at: &'static Location<'static>,
}

/// A memory with at most one write port; block RAM where the family has it. Reads are nodes ([`Op::Read`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    pub name: String,
    pub words: usize,
    pub ty: Type,
    /// Initial contents, `words` values of `ty`; without them the contents are unspecified until written.
    pub init: Option<Vec<BigInt>>,
    pub write: Option<Write>,
    /// Whether it has one port, which writes in a clock cycle or reads: a large memory of the family, where there is one.
    pub is_large: bool,
    /// What it is made for, if that is known.
    pub family: Option<Family>,
    pub at: &'static Location<'static>,
}

impl Memory {
    /// From this size on a memory that is written goes into block RAM, whatever the family. Left to itself, synthesis makes flip-flops and
    /// multiplexers of a shallow one, however wide.
    const WRITTEN_BITS: usize = 256;

    /// Likewise for a memory that is only read, of which synthesis makes look-up tables.
    const READ_BITS: usize = 1024;

    /// A look-up table holds a bit of so many words of a memory that is only read, where a block RAM, of which a word takes several if
    /// it is wide, would stay nearly empty.
    const TABLE_WORDS: usize = 16;

    /// Whether synthesis is asked to put it into block RAM.
    pub fn in_block_ram(&self) -> bool {
        let bits = self.words * self.ty.width() as usize;
        match self.write {
            _ if self.is_large => true,
            Some(_) => bits >= Self::written_bits(self.family),
            None => bits >= Self::READ_BITS && self.words > Self::TABLE_WORDS,
        }
    }

    /// The bits from which on a memory that is written goes into block RAM. Where look-up tables cannot be memory each bit takes a logic cell
    /// for its flip-flop, so that a block RAM is worth it for as many bits as it is worth tables.
    pub fn written_bits(family: Option<Family>) -> usize {
        let numbers = family.map(Family::numbers).filter(|numbers| numbers.lut_ram.is_none());
        let worth = numbers.and_then(|numbers| usize::try_from(numbers.block_ram_lut4).ok());
        worth.map_or(Self::WRITTEN_BITS, |worth| worth.min(Self::WRITTEN_BITS))
    }
}

/// In each clock cycle with `enable`, the word at `address` becomes `value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    pub enable: NodeId,
    pub address: NodeId,
    pub value: NodeId,
}

/// What an instance is an instance of.
#[derive(Clone, Debug)]
pub enum Definition {
    Circuit(Rc<Circuit>),
    BlackBox(Rc<BlackBox>),
}

/// A module written by hand in `rtl/`, with its ports' types.
#[derive(Clone, Debug, PartialEq)]
pub struct BlackBox {
    /// The Verilog module's name in `source`; a design writes it after its own.
    pub name: String,
    /// Values of Verilog parameters, in order.
    pub parameters: Vec<(String, i64)>,
    /// Whether it has `clk` and `rst` ports. Its outputs then come from registers: within a clock cycle they
    /// depend on no input. Otherwise each may depend on every input.
    pub clocked: bool,
    pub inputs: Vec<(String, Type)>,
    pub outputs: Vec<(String, Type)>,
    /// The Verilog text of the module: what is simulated is what is synthesized.
    pub source: &'static str,
    /// Simulation models of the vendor's cells in `source`; synthesis knows these cells itself.
    pub cells: Option<&'static str>,
}

/// A module inside this one.
#[derive(Clone, Debug)]
pub struct Instance {
    pub name: String,
    pub definition: Definition,
    /// One node for each input port, in the order of the definition.
    pub inputs: Vec<NodeId>,
    pub at: &'static Location<'static>,
}

/// A named output port and the node that drives it. Its type is the port's: it covers the node's.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputPort {
    pub name: String,
    pub node: NodeId,
    pub ty: Type,
}

/// A finished module: every design rule holds. Ports are in the order of their making; `clk` and `rst` come
/// first and are there if [`Circuit::clocked`].
#[derive(Clone, Debug)]
pub struct Circuit {
    pub name: String,
    /// What it computes, for the head of its Verilog file.
    pub doc: String,
    pub nodes: Vec<Node>,
    pub memories: Vec<Memory>,
    pub instances: Vec<Instance>,
    /// The nodes whose [`Op`] is `Input`; each has a name.
    pub inputs: Vec<NodeId>,
    pub outputs: Vec<OutputPort>,
    /// For ports that are payloads of streams, their parts from the least significant bits up: the name and type of each.
    pub payloads: BTreeMap<String, Vec<(String, Type)>>,
    /// For input streams, the beats of each of their frames, which the sender promises.
    pub frames: BTreeMap<String, usize>,
    /// Every node once, each after the operands that its value in the same cycle depends on.
    pub order: Vec<NodeId>,
    /// For each output, the inputs (positions in `inputs`) that it depends on within one clock cycle.
    pub paths: Vec<Vec<usize>>,
    /// Whether the module, or one inside it, has state.
    pub clocked: bool,
    /// Whether synthesis keeps the module as it is, apart from what is around it.
    pub kept: bool,
    /// What the registers take between its streams; nothing is said of a part.
    pub latency: Latency,
}

impl Circuit {
    /// The factors of every product in it and in all inside it.
    pub fn products(&self) -> Vec<(Range, Range)> {
        let range = |id: NodeId| self.nodes[id].ty.range();
        let own = self.nodes.iter().filter_map(|node| match node.op {
            Op::Mul(a, b) => Some((range(a), range(b))),
            _ => None,
        });
        let inside = self.instances.iter().flat_map(|instance| match &instance.definition {
            Definition::Circuit(circuit) => circuit.products(),
            Definition::BlackBox(_) => Vec::new(),
        });
        own.chain(inside).collect()
    }
}
