//! Places and routes a board's netlist with the family's program, and packs the bitstream.

use super::FlowError;
use super::report::{Report, Usage, overfull, usage};
use crate::device::{Board, Family};
use crate::tools::{ToolError, Toolchain};
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
    /// The router came to no end, and was ended.
    Endless,
}

/// A run of nextpnr that found a placement.
#[derive(Debug)]
pub struct Placed {
    pub seed: u32,
    pub fmax_mhz: f64,
    /// What is used of the device.
    pub used: Vec<Usage>,
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
    let board_arguments = board.place_arguments(NETLIST, &result_file(seed));
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
    let (output, log) = nextpnr.output_while(folder, &arguments, |log| !is_endless(log))?;
    super::write(folder, &log_file(seed), &log)?;
    match output {
        Some(output) if !output.status.success() && overfull(board.family, &log).is_empty() => {
            Err(nextpnr.failure(&output).into())
        }
        _ => Ok(()),
    }
}

/// The router's iterations for each wire that it has to route, above which it comes to no end: nextpnr has no bound of its own, and with
/// some seeds two wires push each other away for ever (its issues 179 and 1341). What ends takes fewer than 3.
const ITERATIONS_A_WIRE: u64 = 30;

/// Whether the router has had [`ITERATIONS_A_WIRE`], and has not ended.
fn is_endless(log: &str) -> bool {
    let Some((_, routing)) = log.split_once("Info: Routing ") else { return false };
    let number = |text: &str| text.split_whitespace().next()?.parse::<u64>().ok();
    let mut iterations =
        routing.lines().filter_map(|line| number(line.strip_prefix("Info:")?.split_once('|')?.0));
    let ended = routing.contains("Routing complete");
    match (number(routing), iterations.next_back()) {
        (Some(wires), Some(last)) => !ended && last > ITERATIONS_A_WIRE * wires.max(1000),
        _ => false,
    }
}

/// What came of the run with this seed in `folder`; none if there was no such run.
pub fn run(family: Family, folder: &Path, seed: u32) -> Result<Option<Run>, FlowError> {
    let log = folder.join(log_file(seed));
    if !log.is_file() {
        return Ok(None);
    }
    let log = super::read(&log)?;
    let report = folder.join(report_file(seed));
    if !report.is_file() {
        return Ok(Some(match is_endless(&log) {
            true => Run::Endless,
            false => Run::TooLarge { over: overfull(family, &log) },
        }));
    }
    let report: Report = super::read_json(&report)?;
    let fmax_mhz = report.fmax_mhz().ok_or_else(|| ToolError::Failed {
        tool: "nextpnr".into(),
        status: "no clock".into(),
        tail: "the design has no clock to report a frequency of".into(),
    })?;
    Ok(Some(Run::Placed(Placed { seed, fmax_mhz, used: usage(family, &log), report })))
}

/// Packs the result of the run with this seed into the file `bitstream`, both in `folder`.
pub fn pack(
    toolchain: &Toolchain,
    folder: &Path,
    board: &Board,
    seed: u32,
    bitstream: &str,
) -> Result<(), FlowError> {
    let arguments = board.pack_arguments(&result_file(seed), bitstream);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    toolchain.find(board.family.pack.name)?.run(folder, &arguments)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(iterations: u64, end: &str) -> String {
        format!(
            "Info: Placed.\nInfo: Routing 4000 arcs.\nInfo:            |   (re-)routed arcs  |\nInfo:    IterCnt |  w/ripup   wo/ripup |\n\
             Info:       1000 |        6        194 |\nInfo:     {iterations} |        6        194 |    6   194 |         2|\n{end}"
        )
    }

    #[test]
    fn a_router_that_goes_on_and_on_is_seen() {
        assert!(!is_endless("Info: Placing.\n"));
        assert!(!is_endless(&log(9_000, "")));
        assert!(is_endless(&log(120_001, "")));
        assert!(!is_endless(&log(120_001, "Info: Routing complete.\n")), "it has ended");
    }
}
