//! The language: integers with known ranges, registers, memories, streams; see `docs/language.md`.

mod node;
mod range;

pub use node::{
    BlackBox, Circuit, Comparison, Definition, Instance, Memory, Node, NodeId, Op, OutputPort, Type, Write,
};
pub use range::{Range, signed, unsigned};
