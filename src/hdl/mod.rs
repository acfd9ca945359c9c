//! The language: integers with known ranges, registers, memories, instances, streams.

mod bits;
mod buffer;
mod check;
mod cut;
mod flatten;
mod fold;
mod formula;
mod instance;
mod interpret;
mod large_fifo;
mod layout;
mod memory;
mod module;
mod node;
mod operands;
mod ops;
mod order;
mod part;
mod payload;
mod pipeline;
mod ports;
mod range;
mod register;
mod signal;
mod slots;
mod sparse;
mod stages;
mod stream;
mod timing;
mod wire;

pub use buffer::{Entrance, Step};
pub use interpret::{InterpretError, Interpreter, State};
pub use memory::Memory;
pub use module::{Module, Section, Violation};
pub use node::{
    BlackBox, Circuit, Comparison, Definition, Instance, Memory as MemoryNode, Node, NodeId, Op, OutputPort,
    Type, Write,
};
pub use operands::Operands;
pub use ops::Rounding;
pub use part::Boundary;
pub use payload::{Fields, Payload, Shape, of_field};
pub use range::{Range, signed, unsigned};
pub use register::{Register, Registers};
pub use signal::{Operand, Signal};
pub use stages::{Latency, Stages};
pub use stream::{Stream, Taken};
pub use timing::{HardProducts, Timing};
pub use wire::Wire;
