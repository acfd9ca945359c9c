//! Places and routes a board's netlist with the family's program, and packs the bitstream.

use super::FlowError;
use super::report::{Report, Usage, overfull};
use crate::device::{Board, Family};
use crate::tools::{ToolError, Toolchain, text};
use std::path::Path;

/// The netlist of a board's top.
pub const NETLIST: &str = "board.json";

/// What a run of nextpnr came to.
#[derive(Debug)]
pub enum Run {
    Placed(Placed),
    /// There is no room.
    TooLarge {
        over: Vec<Usage>,
    },
}

/// A run of nextpnr that found a placement.
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

fn log_file(seed: u32) -> String {
    format!("seed{seed}.log")
}

fn report_file(seed: u32) -> String {
    format!("seed{seed}.json")
}

/// Places and routes [`NETLIST`] in `folder` with this seed; what came of it is [`run`]'s to say. A missed frequency or a
/// device that is too small is no error here.
pub fn place_and_route(
    toolchain: &Toolchain,
    folder: &Path,
    board: &Board,
    frequency_mhz: f64,
    seed: u32,
) -> Result<(), FlowError> {
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
    super::write(folder, &log_file(seed), &log)?;
    if !output.status.success() && overfull(board.family, &log).is_empty() {
        return Err(nextpnr.failure(&output).into());
    }
    Ok(())
}

/// What came of the run with this seed in `folder`; none if there was no such run.
pub fn run(family: Family, folder: &Path, seed: u32) -> Result<Option<Run>, FlowError> {
    let log = folder.join(log_file(seed));
    if !log.is_file() {
        return Ok(None);
    }
    let report = folder.join(report_file(seed));
    if !report.is_file() {
        return Ok(Some(Run::TooLarge { over: overfull(family, &super::read(&log)?) }));
    }
    let report: Report = super::read_json(&report)?;
    let fmax_mhz = report.fmax_mhz().ok_or_else(|| ToolError::Failed {
        tool: "nextpnr".into(),
        status: "no clock".into(),
        tail: "the design has no clock to report a frequency of".into(),
    })?;
    Ok(Some(Run::Placed(Placed { seed, fmax_mhz, report })))
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
