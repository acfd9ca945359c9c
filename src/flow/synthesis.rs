//! The whole way from a design's Verilog to a bitstream and its figures.

use super::FlowError;
use super::board_top::board_top;
use super::design::Design;
use super::nextpnr::{self, Placed};
use super::report::{CriticalPath, Usage};
use super::yosys;
use crate::device::{Board, Counts, Family, Resources};
use crate::tools::{ToolError, Toolchain, key};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// What the user may choose.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The clock frequency that the design must reach.
    pub frequency_mhz: f64,
    /// How many placements to try, from seed 1; the fastest is taken.
    pub seeds: u32,
    /// Whether products may be made in DSP blocks.
    pub dsp: bool,
}

/// A design on a board.
#[derive(Clone, Debug, Serialize)]
pub struct Synthesis {
    pub design: String,
    pub board: String,
    pub family: Family,
    /// The cells of the design alone, without the board top.
    #[serde(flatten)]
    pub counts: Counts,
    /// What the device has.
    pub device: Resources,
    /// What is used of the device by the design and the board top around it, after placement.
    pub used: Vec<Usage>,
    pub fmax_mhz: f64,
    pub frequency_mhz: f64,
    pub timing_met: bool,
    pub critical_path: Option<CriticalPath>,
    /// Every placement tried.
    pub seeds: Vec<SeedResult>,
    pub median_fmax_mhz: f64,
    /// The seed of the placement that was taken.
    pub seed: u32,
    /// What the clock runs at on the board with this bitstream.
    pub board_clock_mhz: f64,
    /// What a person should know of the board top.
    pub notes: Vec<String>,
    pub bitstream: PathBuf,
    /// The netlist of the design alone as Verilog, and its name by content.
    pub netlist: PathBuf,
    pub netlist_hash: String,
    pub tools: Vec<ToolUsed>,
    /// Whether an earlier run's result was taken.
    pub cached: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SeedResult {
    pub seed: u32,
    pub fmax_mhz: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToolUsed {
    pub name: String,
    pub version: String,
}

/// Synthesizes `design`, places it on `board` and packs its bitstream; cached by content.
///
/// The design's own cells are counted in the netlist of the design alone, which is then placed, unchanged, inside a
/// board top that holds it behind a shift register. A missed frequency is an error that carries the result.
pub fn synthesize(
    toolchain: &Toolchain,
    design: &Design,
    board: &Board,
    options: Options,
) -> Result<Synthesis, FlowError> {
    if options.seeds == 0 {
        return Err(FlowError::NoSeeds);
    }
    let netlist = yosys::netlist_of(toolchain, design, board.family, options.dsp)?;
    let top = board_top(design, board, options.frequency_mhz);
    let programs = [board.family.place.name, board.family.pack.name];
    let (nextpnr, packer) = (toolchain.find(programs[0])?, toolchain.find(programs[1])?);
    let numbers = format!("{board:?} {options:?}");
    let versions = [&netlist.yosys_version, &nextpnr.version, &packer.version].map(String::as_str);
    let parts = [&netlist.hash, &numbers, &top.source.text, board.constraints];
    let key = key(parts.into_iter().chain(versions));
    let bitstream = format!("{}.{}", design.name, board.family.bitstream_extension);
    let entry = toolchain.cache().entry("synthesis", &key, |folder| -> Result<(), FlowError> {
        let step = toolchain.progress().step(&format!("synthesizing the board top for {}", board.title));
        yosys::join(toolchain, folder, design, &netlist, &top.source)?;
        super::write(folder, board.family.constraints_file, board.constraints)?;
        drop(step);
        let placed = try_seeds(toolchain, folder, board, options)?;
        let _step = toolchain.progress().step("packing the bitstream");
        nextpnr::pack(toolchain, folder, board, fastest(&placed)?.seed, &bitstream)?;
        placed.iter().try_for_each(|run| {
            let file = folder.join(nextpnr::result_file(run.seed));
            Ok(fs::remove_file(&file).map_err(ToolError::at(&file))?)
        })
    })?;
    let placed: Result<Vec<Placed>, _> =
        (1..=options.seeds).map(|seed| nextpnr::placed(&entry.path, seed)).collect();
    let placed = placed?;
    let best = fastest(&placed)?;
    let tools = [("yosys", versions[0]), (programs[0], versions[1]), (programs[1], versions[2])];
    let tools = tools.map(|(name, version)| ToolUsed { name: name.into(), version: version.into() });
    let result = Synthesis {
        design: design.name.into(),
        board: board.name.clone(),
        family: board.family,
        counts: netlist.counts,
        device: board.resources,
        used: best.report.usage(board.family),
        fmax_mhz: best.fmax_mhz,
        frequency_mhz: options.frequency_mhz,
        timing_met: best.fmax_mhz >= options.frequency_mhz,
        critical_path: best.report.critical_path(board.family, |net| top.port_name(net)),
        seeds: placed.iter().map(|run| SeedResult { seed: run.seed, fmax_mhz: run.fmax_mhz }).collect(),
        median_fmax_mhz: median(placed.iter().map(|run| run.fmax_mhz).collect()),
        seed: best.seed,
        board_clock_mhz: top.clock_mhz,
        notes: notes(board, options.frequency_mhz, top.clock_mhz, best.fmax_mhz),
        bitstream: entry.path.join(bitstream),
        netlist: netlist.verilog,
        netlist_hash: netlist.hash,
        tools: tools.into(),
        cached: entry.cached,
    };
    if result.timing_met { Ok(result) } else { Err(FlowError::TimingMissed(Box::new(result))) }
}

/// The run that reached the highest frequency, the first of equals.
fn fastest(placed: &[Placed]) -> Result<&Placed, FlowError> {
    placed.iter().min_by(|a, b| b.fmax_mhz.total_cmp(&a.fmax_mhz)).ok_or(FlowError::NoSeeds)
}

/// Places with each seed, two at a time.
fn try_seeds(
    toolchain: &Toolchain,
    folder: &Path,
    board: &Board,
    options: Options,
) -> Result<Vec<Placed>, FlowError> {
    let seeds: Vec<u32> = (1..=options.seeds).collect();
    let mut placed = Vec::new();
    for pair in seeds.chunks(2) {
        let named: Vec<String> = pair.iter().map(u32::to_string).collect();
        let text = format!("placing and routing, seed {} of {}", named.join(" and "), options.seeds);
        let _step = toolchain.progress().step(&text);
        let runs: Vec<_> = std::thread::scope(|scope| {
            let one = |seed| nextpnr::place_and_route(toolchain, folder, board, options.frequency_mhz, seed);
            let running: Vec<_> = pair.iter().map(|&seed| scope.spawn(move || one(seed))).collect();
            running.into_iter().map(|run| run.join().expect("a placement does not panic")).collect()
        });
        for run in runs {
            placed.push(run?);
        }
    }
    Ok(placed)
}

/// The middle value, or the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
}

fn notes(board: &Board, frequency_mhz: f64, clock_mhz: f64, fmax_mhz: f64) -> Vec<String> {
    let mut notes = vec![format!(
        "The board top holds the design behind a shift register ({}), a means to place, time and load it; \
         it is no fast link to a host.",
        board.connector
    )];
    if clock_mhz < frequency_mhz {
        notes.push(format!("Timed for {frequency_mhz} MHz; on the board the clock runs at {clock_mhz} MHz."));
    }
    if clock_mhz > fmax_mhz {
        notes.push(format!(
            "The board's {clock_mhz} MHz is more than the {fmax_mhz:.1} MHz that the design reaches."
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0]), 2.5);
    }

    #[test]
    fn notes_tell_of_a_clock_that_is_not_the_one_asked_for() {
        let board = Board::named("ulx3s").unwrap();
        assert_eq!(
            notes(&board, 50.0, 25.0, 61.0)[1],
            "Timed for 50 MHz; on the board the clock runs at 25 MHz."
        );
        assert_eq!(notes(&board, 25.0, 25.0, 61.0).len(), 1);
        assert!(notes(&board, 10.0, 25.0, 20.0)[1].contains("more than the 20.0 MHz"));
    }
}
