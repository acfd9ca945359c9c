//! The language: integers with known ranges, registers, memories, streams; see `docs/language.md`.

mod flatten;
mod formula;
mod interpret;
mod node;
mod operands;
mod range;
mod slots;

pub use interpret::{InterpretError, Interpreter};
pub use node::{
    BlackBox, Circuit, Comparison, Definition, Instance, Memory, Node, NodeId, Op, OutputPort, Type, Write,
};
pub use range::{Range, signed, unsigned};
