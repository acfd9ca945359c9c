//! The whole way from a design's Verilog to a bitstream and its figures.

use super::FlowError;
use super::board_top::{Around, BoardTop, board_top};
use super::design::Design;
use super::nextpnr::{self, Placed, Run};
use super::placed::{correct, corrections};
use super::report::{CriticalPath, Usage};
use super::yosys;
use crate::device::{Board, Counts, Family, Resources};
use crate::tools::{ToolError, Toolchain, key};
use rayon::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::Value;
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

/// A design on a board: its cells, and what came of placing them.
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
    pub frequency_mhz: f64,
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What the clock runs at on the board.
    pub board_clock_mhz: f64,
    /// What the design must reach: the frequency that was asked for, or the board's clock if that is higher.
    pub needed_mhz: f64,
    /// What a person should know of the board top.
    pub notes: Vec<String>,
    /// The netlist of the design alone as Verilog, and its name by content.
    pub netlist: PathBuf,
    pub netlist_hash: String,
    pub tools: Vec<ToolUsed>,
    /// Whether an earlier run's result was taken.
    pub cached: bool,
}

/// Whether the device has room.
#[derive(Clone, Debug)]
pub enum Outcome {
    Placed(Box<Placement>),
    /// More of `over` is needed than the board has, or nearly all of it, so that no placement was found.
    TooLarge {
        over: Vec<Usage>,
    },
}

/// A design in its place, timed and packed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Placement {
    /// What is used of the device by the design and the board top around it.
    pub used: Vec<Usage>,
    pub fmax_mhz: f64,
    pub timing_met: bool,
    pub critical_path: Option<CriticalPath>,
    /// Every placement that was found.
    pub seeds: Vec<SeedResult>,
    pub median_fmax_mhz: f64,
    /// The seed of the placement that was taken.
    pub seed: u32,
    pub bitstream: PathBuf,
    /// What was packed, in the format of the place-and-route program.
    #[serde(skip)]
    pub placed: PathBuf,
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

impl Synthesis {
    /// Where the design is, if it fits.
    pub fn placement(&self) -> Option<&Placement> {
        match &self.outcome {
            Outcome::Placed(placement) => Some(placement),
            Outcome::TooLarge { .. } => None,
        }
    }
}

/// `fits`, `over`, and the keys of a placement, each null where there is none.
impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a, P> {
            fits: bool,
            over: &'a [Usage],
            #[serde(flatten)]
            placement: P,
        }
        match self {
            Outcome::Placed(placement) => Row { fits: true, over: &[], placement }.serialize(serializer),
            Outcome::TooLarge { over } => {
                let mut nulls = serde_json::json!(Placement::default());
                nulls.as_object_mut().into_iter().flatten().for_each(|(_, value)| *value = Value::Null);
                Row { fits: false, over, placement: nulls }.serialize(serializer)
            }
        }
    }
}

/// Synthesizes `design`, places it on `board` and packs its bitstream; cached by content.
///
/// The design's own cells are counted in the netlist of the design alone, which is then placed, unchanged, inside a
/// board top that holds it after a shift register. Neither a missed frequency nor a device that is too small is an error:
/// [`Synthesis::unmet`] tells of them.
pub fn synthesize(
    toolchain: &Toolchain,
    design: &Design,
    board: &Board,
    options: Options,
) -> Result<Synthesis, FlowError> {
    if options.seeds == 0 {
        return Err(FlowError::NoSeeds);
    }
    let top = board_top(design, board, options.frequency_mhz)?;
    let netlist = yosys::netlist_of(toolchain, design, board.family, options.dsp)?;
    let constraints = top.constraints(board);
    let programs = [board.family.place.name, board.family.pack.name];
    let (nextpnr, packer) = (toolchain.find(programs[0])?, toolchain.find(programs[1])?);
    let numbers = format!("{board:?} {options:?} {:?}", board.family.corrections);
    let versions = [&netlist.yosys_version, &nextpnr.version, &packer.version].map(String::as_str);
    let needed_mhz = options.frequency_mhz.max(top.clock_mhz);
    let texts = top.sources.iter().map(|source| source.text.as_str());
    let key = key([&netlist.hash, &numbers, constraints.as_str()].into_iter().chain(texts).chain(versions));
    let bitstream = format!("{}.{}", design.name, board.family.bitstream_extension);
    let entry = toolchain.cache().entry("synthesis", &key, |folder| -> Result<(), FlowError> {
        let task = toolchain.progress().task(&format!("synthesizing the board top for {}", board.title));
        yosys::join(toolchain, folder, design, &netlist, &top.sources)?;
        super::write(folder, board.family.constraints_file, &constraints)?;
        drop(task);
        try_seeds(toolchain, folder, board, needed_mhz, options.seeds)?;
        let Runs { placed, .. } = runs(board.family, folder, options.seeds)?;
        let Some(best) = fastest(&placed) else { return Ok(()) };
        let _task = toolchain.progress().task("packing the bitstream");
        correct(board.family, folder, &nextpnr::result_file(best.seed))?;
        nextpnr::pack(toolchain, folder, board, best.seed, &bitstream)?;
        placed.iter().filter(|run| run.seed != best.seed).try_for_each(|run| {
            let file = folder.join(nextpnr::result_file(run.seed));
            Ok(fs::remove_file(&file).map_err(ToolError::at(&file))?)
        })
    })?;
    let Runs { placed, over, endless } = runs(board.family, &entry.path, options.seeds)?;
    let tools = [("yosys", versions[0]), (programs[0], versions[1]), (programs[1], versions[2])];
    let tools = tools.map(|(name, version)| ToolUsed { name: name.into(), version: version.into() });
    let best = fastest(&placed);
    let placement = |best: &Placed| Placement {
        used: best.used.clone(),
        fmax_mhz: best.fmax_mhz,
        timing_met: best.fmax_mhz >= needed_mhz,
        critical_path: best.report.critical_path(board.family, |net| top.port_name(net)),
        seeds: placed.iter().map(|run| SeedResult { seed: run.seed, fmax_mhz: run.fmax_mhz }).collect(),
        median_fmax_mhz: median(placed.iter().map(|run| run.fmax_mhz).collect()),
        seed: best.seed,
        bitstream: entry.path.join(&bitstream),
        placed: entry.path.join(nextpnr::result_file(best.seed)),
    };
    Ok(Synthesis {
        design: design.name.into(),
        board: board.name.clone(),
        family: board.family,
        counts: netlist.counts,
        device: board.resources,
        frequency_mhz: options.frequency_mhz,
        board_clock_mhz: top.clock_mhz,
        needed_mhz,
        notes: [
            notes(board, options.frequency_mhz, &top),
            best.map_or(Ok(Vec::new()), |_| corrections(&entry.path))?,
            endless.iter().map(|seed| format!("With seed {seed} the router came to no end.")).collect(),
        ]
        .concat(),
        outcome: best.map_or(Outcome::TooLarge { over }, |best| Outcome::Placed(Box::new(placement(best)))),
        netlist: netlist.verilog,
        netlist_hash: netlist.hash,
        tools: tools.into(),
        cached: entry.cached,
    })
}

/// The run that reached the highest frequency, the first of equals.
fn fastest(placed: &[Placed]) -> Option<&Placed> {
    placed.iter().min_by(|a, b| b.fmax_mhz.total_cmp(&a.fmax_mhz))
}

/// What all seeds came to.
#[derive(Default)]
struct Runs {
    placed: Vec<Placed>,
    /// Of the last seed without a placement.
    over: Vec<Usage>,
    /// The seeds whose router was ended.
    endless: Vec<u32>,
}

fn runs(family: Family, folder: &Path, seeds: u32) -> Result<Runs, FlowError> {
    let mut runs = Runs::default();
    for seed in 1..=seeds + MORE_SEEDS {
        match nextpnr::run(family, folder, seed)? {
            Some(Run::Placed(placed)) => runs.placed.push(placed),
            Some(Run::TooLarge { over }) => runs.over = over,
            Some(Run::Endless) => runs.endless.push(seed),
            None => {}
        }
    }
    Ok(runs)
}

/// How many seeds more are tried, one at a time, where no router has come to an end.
const MORE_SEEDS: u32 = 3;

/// Places with each seed, two at a time, until two seeds find that there is no room.
fn try_seeds(
    toolchain: &Toolchain,
    folder: &Path,
    board: &Board,
    frequency_mhz: f64,
    seeds: u32,
) -> Result<(), FlowError> {
    let all: Vec<u32> = (1..=seeds).collect();
    for pair in all.chunks(2) {
        let named: Vec<String> = pair.iter().map(u32::to_string).collect();
        let text = format!("placing and routing, seed {} of {seeds}", named.join(" and "));
        let _task = toolchain.progress().task(&text);
        let one = |&seed: &u32| nextpnr::place_and_route(toolchain, folder, board, frequency_mhz, seed);
        pair.par_iter().try_for_each(one)?;
        let Runs { placed, over, .. } = runs(board.family, folder, seeds)?;
        if placed.is_empty() && !over.is_empty() {
            return Ok(());
        }
    }
    for seed in seeds + 1..=seeds + MORE_SEEDS {
        let Runs { placed, over, endless } = runs(board.family, folder, seeds)?;
        if !placed.is_empty() || !over.is_empty() {
            return Ok(());
        }
        let tried = endless.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let text = format!("the router came to no end with seed {tried}; placing and routing, seed {seed}");
        let _task = toolchain.progress().task(&text);
        nextpnr::place_and_route(toolchain, folder, board, frequency_mhz, seed)?;
    }
    let Runs { placed, over, endless } = runs(board.family, folder, seeds)?;
    match placed.is_empty() && over.is_empty() {
        true => Err(FlowError::Unroutable { board: board.name.clone(), seeds: endless }),
        false => Ok(()),
    }
}

/// The middle value, or the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
}

fn notes(board: &Board, frequency_mhz: f64, top: &BoardTop) -> Vec<String> {
    let clock_mhz = top.clock_mhz;
    let pins = &board.pins;
    let mut notes = vec![match &top.around {
        Around::Uart(serial) => {
            let connector = pins.uart.as_ref().and_then(|uart| uart.connector.as_ref());
            format!(
                "The board top holds the design behind a serial line of {} bits a second{}; `ternlet run` talks to it.",
                serial.baud,
                connector.map_or(String::new(), |connector| format!(" ({connector})"))
            )
        }
        Around::Scan(_) => format!(
            "The board top holds the design after a shift register ({}), a means to place, time and load it; \
             it is no fast link to a host.",
            pins.scan.as_ref().map_or("", |scan| scan.connector.as_str())
        ),
    }];
    if clock_mhz < frequency_mhz {
        notes.push(format!(
            "Timed for {frequency_mhz} MHz; the nearest that the board makes is {clock_mhz:.3} MHz."
        ));
    }
    if clock_mhz > frequency_mhz {
        notes.push(format!(
            "The board makes no {frequency_mhz} MHz: its clock runs at {clock_mhz} MHz, which the design must reach."
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Access;
    use crate::hdl::unsigned;
    use crate::stream::{Field, Port, Ports};

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0]), 2.5);
    }

    /// Scripts find each key in either case.
    #[test]
    fn what_has_no_place_has_the_keys_of_what_has_one() {
        let keys = |outcome: Outcome| -> Vec<String> {
            serde_json::json!(outcome).as_object().unwrap().keys().cloned().collect()
        };
        let over = vec![Usage { resource: "dsp".into(), used: 12, there_is: 8 }];
        let too_large = Outcome::TooLarge { over };
        let json = serde_json::json!(too_large);
        assert_eq!((&json["fits"], &json["over"][0]["used"]), (&false.into(), &12.into()));
        assert!(json["bitstream"].is_null() && json["timing_met"].is_null());
        assert_eq!(keys(too_large), keys(Outcome::Placed(Box::default())));
    }

    #[test]
    fn notes_tell_of_a_clock_that_is_not_the_one_asked_for() {
        let board = Board::named("ulx3s").unwrap();
        let design = Design {
            name: "none",
            sources: &[],
            ports: Ports {
                inputs: vec![Port::single("x", vec![Field::single("value", unsigned(8))])],
                outputs: vec![],
            },
            clocked: true,
            access: Access::Scan,
        };
        let top = |mhz: f64| BoardTop { clock_mhz: mhz, ..board_top(&design, &board, 25.0).unwrap() };
        assert_eq!(
            notes(&board, 50.0, &top(49.5))[1],
            "Timed for 50 MHz; the nearest that the board makes is 49.500 MHz."
        );
        assert_eq!(notes(&board, 25.0, &top(25.0)).len(), 1);
        assert!(notes(&board, 2.0, &top(25.0))[1].contains("25 MHz, which the design must reach"));
    }
}
