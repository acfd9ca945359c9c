//! Places and routes a board's netlist with the family's nextpnr, and packs the bitstream.

use super::FlowError;
use super::board::{Board, Family};
use super::report::{Report, overfull};
use crate::tools::{ToolError, Toolchain, text};
use std::path::Path;

/// One run of nextpnr.
#[derive(Debug)]
pub struct Placed {
    pub seed: u32,
    pub fmax_mhz: f64,
    pub report: Report,
}

/// The names of a family's programs: place and route, packing.
pub fn programs(family: Family) -> (&'static str, &'static str) {
    match family {
        Family::Ice40Hx | Family::Ice40Up => ("nextpnr-ice40", "icepack"),
        Family::Ecp5 => ("nextpnr-ecp5", "ecppack"),
        Family::Gowin => ("nextpnr-himbaechel", "gowin_pack"),
    }
}

/// The file that nextpnr reads the board's pins from.
pub fn constraints_file(family: Family) -> &'static str {
    match family {
        Family::Ice40Hx | Family::Ice40Up => "pins.pcf",
        Family::Ecp5 => "pins.lpf",
        Family::Gowin => "pins.cst",
    }
}

/// What nextpnr is told of the board, and of where the result goes.
fn arguments(board: &Board, result: &str) -> Vec<String> {
    let pins = constraints_file(board.family);
    let device = format!("--{}", board.device);
    let list: Vec<&str> = match board.family {
        Family::Ice40Hx | Family::Ice40Up => {
            vec![&device, "--package", &board.package, "--json", "board.json", "--pcf", pins, "--asc", result]
        }
        Family::Ecp5 => {
            vec![
                &device,
                "--package",
                &board.package,
                "--json",
                "board.json",
                "--lpf",
                pins,
                "--textcfg",
                result,
            ]
        }
        Family::Gowin => vec!["--device", &board.device, "--json", "board.json", "--write", result],
    };
    let mut arguments: Vec<String> = list.into_iter().map(str::to_owned).collect();
    if let (Family::Gowin, Some(die)) = (board.family, &board.die) {
        for option in [format!("family={die}"), format!("cst={pins}")] {
            arguments.extend(["--vopt".into(), option]);
        }
    }
    arguments
}

/// The result of the run with this seed, in nextpnr's own format.
pub fn result_file(seed: u32) -> String {
    format!("seed{seed}.placed")
}

fn report_file(seed: u32) -> String {
    format!("seed{seed}.json")
}

/// Places and routes `board.json` in `folder` with this seed. A missed frequency is no error here.
pub fn place_and_route(
    toolchain: &Toolchain,
    folder: &Path,
    board: &Board,
    frequency_mhz: f64,
    seed: u32,
) -> Result<Placed, FlowError> {
    let nextpnr = toolchain.find(programs(board.family).0)?;
    let (report, frequency, seed_text) = (report_file(seed), frequency_mhz.to_string(), seed.to_string());
    let board_arguments = arguments(board, &result_file(seed));
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
        let over = overfull(&log);
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
    let placed = result_file(seed);
    let arguments: Vec<&str> = match board.family {
        Family::Ice40Hx | Family::Ice40Up => vec![&placed, bitstream],
        Family::Ecp5 => vec!["--compress", &placed, bitstream],
        Family::Gowin => vec!["-d", board.die.as_deref().unwrap_or(&board.device), "-o", bitstream, &placed],
    };
    toolchain.find(programs(board.family).1)?.run(folder, &arguments)?;
    Ok(())
}

/// How the family's bitstreams are called.
pub fn bitstream_extension(family: Family) -> &'static str {
    match family {
        Family::Ice40Hx | Family::Ice40Up => "bin",
        Family::Ecp5 => "bit",
        Family::Gowin => "fs",
    }
}
