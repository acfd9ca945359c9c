//! What stands around a design, as its board top needs it.

use crate::device::ClockCell;
use crate::verilog::SourceFile;

/// Texts, pins and modules for a board top.
pub struct Parts {
    /// The comment above the module.
    pub head: String,
    /// What is in it besides clock and reset.
    pub body: String,
    /// Direction, name in the module, name of the package; without the clock's.
    pub pins: Vec<(&'static str, &'static str, String)>,
    /// Whether it needs a reset, whatever the design does.
    pub resets: bool,
    /// What drives the clock of the flash, where no pin does: the net `flash_sck`.
    pub flash_clock: Option<ClockCell>,
    /// Further modules.
    pub sources: Vec<SourceFile>,
}
