//! What a simulation is of.

use super::case::Case;
use crate::stream::Ports;
use crate::verilog::SourceFile;
use std::path::Path;

/// What to check.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    pub sources: &'a [SourceFile],
    pub top: &'a str,
    pub ports: &'a Ports,
    /// Macros for the Verilog.
    pub defines: Vec<String>,
    /// Corners first.
    pub cases: &'a [Case],
    pub seed: u64,
    /// Where the waveform (VCD) of a fault goes.
    pub waves: Option<&'a Path>,
    /// Cycles without any transfer after which a design is stuck.
    pub stall_limit: u64,
}
