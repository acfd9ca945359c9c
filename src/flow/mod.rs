//! From Verilog to a bitstream with the open FPGA tools. Knows no datapath.

mod bitstream;
mod board_top;
mod cells;
mod design;
mod error;
mod fed;
mod nextpnr;
mod parts;
mod placed;
mod report;
mod scan;
mod scan_host;
mod serial;
mod summary;
mod synthesis;
mod unmet;
mod yosys;

pub use bitstream::unpacked;
pub use board_top::{Around, BoardTop, board_top, clock_mhz};
pub use cells::Gates;
pub use design::{Access, Design, UartAccess};
pub use error::FlowError;
pub use fed::{Fed, PINS as FLASH_PINS};
pub use placed::{Open, placed};
pub use report::{CriticalPath, PathStep, Usage};
pub use scan::Scanned;
pub use serial::Serial;
pub use summary::resources;
pub use synthesis::{Options, Outcome, Placement, SeedResult, Synthesis, ToolUsed, synthesize};
pub use unmet::does_not_fit;
pub use yosys::{Netlist, netlist, netlist_of};

use crate::tools::ToolError;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::Path;

fn write(folder: &Path, name: &str, text: &str) -> Result<(), FlowError> {
    let path = folder.join(name);
    Ok(fs::write(&path, text).map_err(ToolError::at(&path))?)
}

fn read(path: &Path) -> Result<String, FlowError> {
    Ok(fs::read_to_string(path).map_err(ToolError::at(path))?)
}

/// A file that a tool or an earlier run of ours wrote.
fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FlowError> {
    serde_json::from_str(&read(path)?).map_err(|source| FlowError::Unreadable { path: path.into(), source })
}
