//! What the flow needs to know of a design: its Verilog and the streams at its top.

use crate::stream::Ports;
use crate::verilog::SourceFile;

/// A design in Verilog.
#[derive(Clone, Debug)]
pub struct Design<'a> {
    /// The top module's name.
    pub name: &'a str,
    pub sources: &'a [SourceFile],
    pub ports: Ports,
    /// Whether the top module has ports `clk` and `rst`.
    pub clocked: bool,
}
