//! From a finished circuit to Verilog-2001 text.
//!
//! [`emit`] walks the hierarchy; `lower` turns one circuit into a tree in which every extension, truncation, literal
//! width and name is explicit (`formula`, `boundary`, `state`, `assumption`, `unread` and `wanted` are its parts); `print` spells the tree and decides nothing.
//!
//! The text is the same for the same circuit on every machine. Verilator's `-Wall` has nothing to say about it,
//! and it means the same to Verilator, Icarus and Yosys.

mod adder;
mod arrange;
mod assumption;
mod ast;
mod boundary;
mod design;
mod fold;
mod formula;
mod frames;
mod lower;
mod names;
mod payload;
mod place;
mod print;
mod state;
mod unread;
mod visit;
mod wanted;

pub use design::{Part, cell_models, emit, emit_part, emit_with};
pub use names::is_reserved;

/// What the text says besides the hardware.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comments {
    /// A heading over each part of a module, and the range of a number where it is not that of its whole word.
    #[default]
    Headings,
    /// The line of the description that made it, too, after each declaration.
    Source,
}

/// One file of Verilog: one module, called as the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// `<module>.v`
    pub name: String,
    pub text: String,
}
