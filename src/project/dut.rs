//! What is simulated of a project: the Verilog as it is generated, the netlist that synthesis makes of it, what is placed of
//! that, or the bitstream.

use super::error::Error;
use super::generate::Project;
use super::on_line::Line;
use super::stage::Stage;
use super::stimuli::STALL_LIMIT;
use crate::design::{Design, read_file};
use crate::flow::{self, Around, FlowError, Gates, Open, Options, Outcome, Placement};
use crate::stream::Ports;
use crate::tools::{ToolError, Toolchain, key};
use crate::verify::Plan;
use crate::verilog::SourceFile;
use std::fs;
use std::path::Path;

/// A stage of a project as Verilog, ready to be simulated: the device under test.
#[derive(Clone, Debug)]
pub struct Dut {
    pub stage: Stage,
    pub sources: Vec<SourceFile>,
    /// The module whose streams are the design's, or the board top behind its line.
    pub top: String,
    pub line: Option<Line>,
    pub defines: Vec<String>,
    /// Whether it can be reset while it runs.
    pub resets: bool,
    /// Names the netlist or bitstream by its content.
    pub hash: Option<String>,
    /// What a person should know.
    pub notes: Vec<String>,
}

impl Dut {
    /// The Verilog itself.
    pub fn rtl(project: &Project) -> Self {
        Self {
            stage: Stage::Rtl,
            sources: project.simulated_sources(),
            top: project.design.name.clone(),
            line: None,
            defines: Vec::new(),
            resets: true,
            hash: None,
            notes: Vec::new(),
        }
    }

    /// How it is simulated, between streams of these ports; of no cases so far, and without a waveform.
    pub fn plan<'a>(&'a self, ports: &'a Ports, seed: u64) -> Plan<'a> {
        Plan {
            sources: &self.sources,
            top: &self.top,
            ports,
            defines: self.defines.clone(),
            cases: &[],
            seed,
            waves: None,
            stall_limit: STALL_LIMIT,
        }
    }

    /// What `stage` is of the project; synthesized, placed and packed where it has not been. `given` is a bitstream to take in
    /// place of the design's own.
    ///
    /// # Errors
    /// If there is no such stage of this design on its board, or a tool fails.
    pub fn of(
        stage: Stage,
        toolchain: &Toolchain,
        project: &Project,
        given: Option<&Path>,
    ) -> Result<Self, Error> {
        match stage {
            Stage::Rtl => Ok(Self::rtl(project)),
            Stage::Netlist => Self::netlist(toolchain, project),
            Stage::Placed => Self::placed(toolchain, project, Open::Registers),
            Stage::Bitstream => Self::bitstream(toolchain, project, given),
        }
    }

    fn netlist(toolchain: &Toolchain, project: &Project) -> Result<Self, Error> {
        let Project { design, dsp, .. } = project;
        let netlist = flow::netlist_of(toolchain, &project.described(), design.board.family, *dsp)?;
        let Gates { sources, defines } = netlist.gates(toolchain)?;
        let counts = netlist.counts;
        let spram = if counts.spram > 0 { format!(", {} SPRAM", counts.spram) } else { String::new() };
        let cells = format!(
            "{} LUT4, {} flip-flops, {} carries, {} block RAM, {} DSP{spram} of {}, simulated with models of the cells",
            counts.lut4, counts.ff, counts.carry, counts.block_ram, counts.dsp, netlist.family.name
        );
        Ok(Self {
            stage: Stage::Netlist,
            sources,
            top: design.name.clone(),
            line: None,
            defines,
            resets: true,
            hash: Some(netlist.hash),
            notes: vec![cells],
        })
    }

    /// The placed design whose bitstream `synthesize` writes; `open` is what is read where nothing is wired.
    ///
    /// # Errors
    /// If it does not fit, or there are no models of what is placed for the board's family.
    pub fn placed(toolchain: &Toolchain, project: &Project, open: Open) -> Result<Self, Error> {
        let design = &project.design;
        if design.board.family.placed.is_none() {
            return Err(FlowError::NoPlacedCells { board: design.board.title.clone() }.into());
        }
        let (placement, notes) = made(toolchain, project)?;
        let cells =
            fs::read(&placement.placed).map_err(ToolError::at(&placement.placed)).map_err(FlowError::from)?;
        let (board, mhz) = (&design.board, design.frequency_mhz);
        let gates = flow::placed(toolchain, &project.described(), board, mhz, &placement.placed, open)?;
        Self::at_pins(Stage::Placed, project, gates, key([cells]), notes)
    }

    /// A stage that is reached through the board's pins.
    fn at_pins(
        stage: Stage,
        project: &Project,
        gates: Gates,
        hash: String,
        mut notes: Vec<String>,
    ) -> Result<Self, Error> {
        let Gates { sources, defines } = gates;
        let Design { name, board, frequency_mhz, .. } = &project.design;
        let top = flow::board_top(&project.described(), board, *frequency_mhz)?;
        let line = match top.around {
            Around::Uart(serial) => Some(Line { serial: *serial, mhz: top.clock_mhz }),
            Around::Scan(_) => None,
        };
        notes.push(if line.is_some() { AT_LINE.into() } else { AT_PINS.into() });
        let top = if line.is_some() { format!("{name}_board") } else { format!("{name}_host") };
        Ok(Self { stage, sources, top, line, defines, resets: false, hash: Some(hash), notes })
    }

    fn bitstream(toolchain: &Toolchain, project: &Project, given: Option<&Path>) -> Result<Self, Error> {
        let design = &project.design;
        check_cells(toolchain, project)?;
        let (path, notes) = match given {
            Some(path) => (path.to_owned(), vec![format!("the bitstream is {}", path.display())]),
            None => {
                let (placement, notes) = made(toolchain, project)?;
                (placement.bitstream, notes)
            }
        };
        let bits = read_file(&path).map_err(|source| Error::NoBitstream { path: path.clone(), source })?;
        toolchain.progress().note(format_args!("  the bitstream is {}", path.display()));
        let (board, mhz) = (&design.board, design.frequency_mhz);
        let gates = flow::unpacked(toolchain, &project.described(), board, mhz, &path)?;
        Self::at_pins(Stage::Bitstream, project, gates, key([bits]), notes)
    }
}

const AT_LINE: &str = "streams pass over the serial line of the board top, as on the board, each case in a session of its own; beats in every \
                       cycle are for the netlist to show";

const AT_PINS: &str = "streams pass through the shift register of the board top, a beat a round, as on the board; a reset in the \
                       middle and beats in every cycle are for the netlist to show";

/// That nothing of the design would be missing in the circuit that is read from its bitstream.
fn check_cells(toolchain: &Toolchain, project: &Project) -> Result<(), Error> {
    let Project { design, dsp, .. } = project;
    let board = &design.board;
    if !board.family.unpacks {
        return Err(FlowError::NotUnpackable { board: board.title.clone() }.into());
    }
    let netlist = flow::netlist_of(toolchain, &project.described(), board.family, *dsp)?;
    match netlist.counts.dsp {
        0 => Ok(()),
        dsp => {
            let (design, board) = (design.name.clone(), board.title.clone());
            Err(Error::DspNotUnpackable { design, dsp, board })
        }
    }
}

/// The placement that `synthesize` finds and packs, and what to say of it. One whose clock is too slow computes the same.
pub(super) fn made(toolchain: &Toolchain, project: &Project) -> Result<(Placement, Vec<String>), Error> {
    let Project { design, dsp, .. } = project;
    let options = Options { frequency_mhz: design.frequency_mhz, seeds: 1, dsp: *dsp };
    let synthesis = flow::synthesize(toolchain, &project.described(), &design.board, options)?;
    let unmet = synthesis.unmet();
    let Outcome::Placed(placement) = synthesis.outcome else {
        return Err(Error::DoesNotFit(unmet.unwrap_or_default()));
    };
    let mut notes = Vec::new();
    if !placement.timing_met {
        notes.push(format!(
            "timing is not met: {:.1} MHz of {} MHz; a simulation has no delays",
            placement.fmax_mhz, design.frequency_mhz
        ));
    }
    if !dsp {
        notes.push("placed without DSP blocks (--no-dsp)".into());
    }
    Ok((*placement, notes))
}
