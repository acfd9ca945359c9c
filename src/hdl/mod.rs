//! The language: integers with known ranges, registers, memories, instances.

mod bits;
mod check;
mod flatten;
mod formula;
mod instance;
mod interpret;
mod memory;
mod module;
mod node;
mod operands;
mod ops;
mod range;
mod register;
mod signal;
mod slots;

pub use interpret::{InterpretError, Interpreter};
pub use memory::Memory;
pub use module::{Module, Violation};
pub use node::{
    BlackBox, Circuit, Comparison, Definition, Instance, Memory as MemoryNode, Node, NodeId, Op, OutputPort,
    Type, Write,
};
pub use ops::Rounding;
pub use range::{Range, signed, unsigned};
pub use register::Register;
pub use signal::{Operand, Signal};
