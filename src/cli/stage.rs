//! What `simulate` simulates: the Verilog as it is generated, the netlist that synthesis makes of it, or the bitstream.

use super::generate::Generated;
use super::{Failure, Session};
use crate::design::Design;
use crate::flow::{self, FlowError, Gates, Options, Synthesis};
use crate::tools::{Toolchain, key};
use crate::verilog::SourceFile;
use clap::ValueEnum;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// A rung of the ladder from the description to what is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The Verilog as it is generated
    Rtl,
    /// The cells that Yosys makes of it for the board's family, the same that are counted and placed
    Netlist,
    /// The bits that are loaded into an iCE40, turned back into a circuit, at the board's pins
    Bitstream,
}

/// A stage of a design as Verilog, ready to be simulated.
pub struct Subject {
    pub stage: Stage,
    pub sources: Vec<SourceFile>,
    /// The module whose streams are the design's.
    pub top: String,
    pub defines: Vec<String>,
    /// Whether it can be reset while it runs.
    pub resets: bool,
    /// Names the netlist or bitstream by its content.
    pub hash: Option<String>,
    /// What a person should know.
    pub notes: Vec<String>,
}

impl Stage {
    /// How it is called in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Stage::Rtl => "Verilog",
            Stage::Netlist => "netlist",
            Stage::Bitstream => "bitstream",
        }
    }

    /// The file of the results.
    pub fn file(self) -> &'static str {
        match self {
            Stage::Rtl => "simulate.json",
            Stage::Netlist => "simulate_netlist.json",
            Stage::Bitstream => "simulate_bitstream.json",
        }
    }

    /// The random frames of at most `beats` beats where no count is asked for: 300, of short ones more, of long ones fewer. A beat of
    /// a bitstream takes hundreds of cycles on its four pins.
    pub fn frames(self, beats: usize) -> usize {
        match self {
            Stage::Rtl | Stage::Netlist => (30_000 / beats).clamp(300, 3_000).min((1_000_000 / beats).max(1)),
            Stage::Bitstream => (2_000 / beats).clamp(1, 20),
        }
    }
}

impl Subject {
    /// The Verilog itself.
    pub fn rtl(design: &Design, generated: &Generated) -> Self {
        Self {
            stage: Stage::Rtl,
            sources: [&generated.sources[..], &generated.models].concat(),
            top: design.name.clone(),
            defines: Vec::new(),
            resets: true,
            hash: None,
            notes: Vec::new(),
        }
    }

    /// What `stage` is of the design; synthesized, placed and packed where it has not been. `given` is a bitstream to take in
    /// place of the design's own.
    pub fn of(
        stage: Stage,
        toolchain: &Toolchain,
        design: &Design,
        generated: &Generated,
        given: Option<&Path>,
        session: Session,
    ) -> Result<Self, Failure> {
        match stage {
            Stage::Rtl => Ok(Self::rtl(design, generated)),
            Stage::Netlist => Self::netlist(toolchain, design, generated),
            Stage::Bitstream => Self::bitstream(toolchain, design, generated, given, session),
        }
    }

    fn netlist(toolchain: &Toolchain, design: &Design, generated: &Generated) -> Result<Self, Failure> {
        let described = generated.described(design);
        let netlist = flow::netlist_of(toolchain, &described, design.board.family, generated.dsp)?;
        let Gates { sources, defines } = netlist.gates(toolchain)?;
        let counts = netlist.counts;
        let cells = format!(
            "{} LUT4, {} flip-flops, {} carries, {} block RAM, {} DSP of {}, simulated with models of the cells",
            counts.lut4, counts.ff, counts.carry, counts.block_ram, counts.dsp, netlist.family.name
        );
        Ok(Self {
            stage: Stage::Netlist,
            sources,
            top: design.name.clone(),
            defines,
            resets: true,
            hash: Some(netlist.hash),
            notes: vec![cells],
        })
    }

    fn bitstream(
        toolchain: &Toolchain,
        design: &Design,
        generated: &Generated,
        given: Option<&Path>,
        session: Session,
    ) -> Result<Self, Failure> {
        let described = generated.described(design);
        check_cells(toolchain, design, generated)?;
        let (path, mut notes) = match given {
            Some(path) => (path.to_owned(), vec![format!("the bitstream is {}", path.display())]),
            None => made(toolchain, design, generated)?,
        };
        let bits = fs::read(&path).map_err(|error| {
            Failure::BadInput(format!("{}: {error}; name a bitstream that is there", path.display()))
        })?;
        session.note(format_args!("  the bitstream is {}", path.display()));
        let (board, mhz) = (&design.board, design.frequency_mhz);
        let Gates { sources, defines } = flow::unpacked(toolchain, &described, board, mhz, &path)?;
        notes.push(
            "streams pass through the shift register of the board top, a beat a round, as on the board; \
             a reset in the middle and beats in every cycle are for the netlist to show"
                .into(),
        );
        Ok(Self {
            stage: Stage::Bitstream,
            sources,
            top: format!("{}_host", design.name),
            defines,
            resets: false,
            hash: Some(key([bits])),
            notes,
        })
    }
}

/// That nothing of the design would be missing in the circuit that is read from its bitstream.
fn check_cells(toolchain: &Toolchain, design: &Design, generated: &Generated) -> Result<(), Failure> {
    if !design.board.family.unpacks {
        return Err(FlowError::NotUnpackable { board: design.board.title.clone() }.into());
    }
    let described = generated.described(design);
    let netlist = flow::netlist_of(toolchain, &described, design.board.family, generated.dsp)?;
    if netlist.counts.dsp > 0 {
        return Err(Failure::BadInput(format!(
            "{} uses {} DSP on {}, which Project IceStorm's icebox_vlog leaves out of the circuit that it reads from a \
             bitstream; place it without any (--no-dsp, and load what `synthesize --no-dsp` writes), choose --board hx8k, \
             or simulate the netlist (--stage netlist), which has them",
            design.name, netlist.counts.dsp, design.board.title
        )));
    }
    Ok(())
}

/// The bitstream that `synthesize` writes, and what to say of it. One whose clock is too slow computes the same.
fn made(
    toolchain: &Toolchain,
    design: &Design,
    generated: &Generated,
) -> Result<(PathBuf, Vec<String>), Failure> {
    let described = generated.described(design);
    let options = Options { frequency_mhz: design.frequency_mhz, seeds: 1, dsp: generated.dsp };
    let mut notes = Vec::new();
    let Synthesis { bitstream, .. } = match flow::synthesize(toolchain, &described, &design.board, options) {
        Ok(synthesis) => synthesis,
        Err(FlowError::TimingMissed(synthesis)) => {
            notes.push(format!(
                "timing is not met: {:.1} MHz of {} MHz; a simulation has no delays",
                synthesis.fmax_mhz, synthesis.frequency_mhz
            ));
            *synthesis
        }
        Err(error) => return Err(error.into()),
    };
    if !generated.dsp {
        notes.push("placed without DSP blocks (--no-dsp)".into());
    }
    Ok((bitstream, notes))
}
