//! Places and routes a board's netlist with the family's program, and packs the bitstream.

use super::FlowError;
use super::report::{Report, overfull};
use crate::device::Board;
use crate::tools::{ToolError, Toolchain, text};
use std::path::Path;

/// The netlist of a board's top.
pub const NETLIST: &str = "board.json";

/// One run of nextpnr.
#[derive(Debug)]
pub struct Placed {
    pub seed: u32,
    pub fmax_mhz: f64,
    pub report: Report,
}

/// The result of the run with this seed, in nextpnr's own format.
pub fn result_file(seed: u32) -> String {
    format!("seed{seed}.placed")
}

fn report_file(seed: u32) -> String {
    format!("seed{seed}.json")
}

/// Places and routes [`NETLIST`] in `folder` with this seed. A missed frequency is no error here.
pub fn place_and_route(
    toolchain: &Toolchain,
    folder: &Path,
    board: &Board,
    frequency_mhz: f64,
    seed: u32,
) -> Result<Placed, FlowError> {
    let nextpnr = toolchain.find(board.family.place.name)?;
    let (report, frequency, seed_text) = (report_file(seed), frequency_mhz.to_string(), seed.to_string());
    let board_arguments = board.family.place_arguments(board, NETLIST, &result_file(seed));
    let mut arguments: Vec<&str> = board_arguments.iter().map(String::as_str).collect();
    arguments.extend([
        "--report",
        &report,
        "--freq",
        &frequency,
        "--seed",
        &seed_text,
        "--timing-allow-fail",
    ]);
    let output = nextpnr.output(folder, &arguments)?;
    let log = text(&output);
    super::write(folder, &format!("seed{seed}.log"), &log)?;
    if !output.status.success() {
        let over = overfull(board.family, &log);
        if over.is_empty() {
            return Err(nextpnr.failure(&output).into());
        }
        return Err(FlowError::does_not_fit(board, over));
    }
    placed(folder, seed)
}

/// The finished run with this seed in `folder`.
pub fn placed(folder: &Path, seed: u32) -> Result<Placed, FlowError> {
    let report: Report = super::read_json(&folder.join(report_file(seed)))?;
    let fmax_mhz = report.fmax_mhz().ok_or_else(|| ToolError::Failed {
        tool: "nextpnr".into(),
        status: "no clock".into(),
        tail: "the design has no clock to report a frequency of".into(),
    })?;
    Ok(Placed { seed, fmax_mhz, report })
}

/// Packs the result of the run with this seed into the file `bitstream`, both in `folder`.
pub fn pack(
    toolchain: &Toolchain,
    folder: &Path,
    board: &Board,
    seed: u32,
    bitstream: &str,
) -> Result<(), FlowError> {
    let arguments = board.family.pack_arguments(board, &result_file(seed), bitstream);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    toolchain.find(board.family.pack.name)?.run(folder, &arguments)?;
    Ok(())
}
