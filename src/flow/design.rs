//! What the flow needs to know of a design: its Verilog and the streams at its top.

use crate::link::IDENTITY;
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
    pub access: Access,
}

/// How its streams are reached at the pins of a board.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// By a shift register on four pins.
    Scan,
    /// By a serial line.
    Uart(UartAccess),
}

/// What is asked of a serial line.
#[derive(Clone, Debug, PartialEq)]
pub struct UartAccess {
    /// What the board says that it is, in groups of 7 bits.
    pub identity: [u8; IDENTITY],
    /// Bytes of the ring of each stream, a power of two from 256 to 8,192; where nothing is said, a block RAM's.
    pub ring: Option<usize>,
    /// Bits a second, at most; where nothing is said, what the board's chip can do.
    pub baud: Option<u32>,
    /// Streams that do not come over the line but from the flash of the board.
    pub flash: Vec<String>,
}
