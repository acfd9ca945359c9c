//! `ternlet simulate`

use super::answer::{Answer, Failure};
use super::arguments::{DesignArguments, StimulusArguments};
use crate::datapath::Catalog;
use crate::design::extension_of;
use crate::project::{Dut, Simulated, Stage, Waves, check_folder, folder_of, simulate};
use crate::tools::{Progress, Toolchain};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Simulate the Verilog of a design against its golden model, bit for bit.
///
/// Extreme frames first, then random ones, then the data of `--input` or of the design file; each several times: never
/// stalled, with random stalls, with each stream held back in turn, and with a reset in the middle. What `[expected]` lists is
/// compared with the golden model's results, and `[labels]` are counted.
///
/// A mismatch is reported with its stream, frame, beat and lane, and the waveform that ends there is kept.
///
/// `--stage netlist` simulates the cells that synthesis makes of the Verilog, with models of the cells of the board's family:
/// the netlist that `synthesize` counts and places. `--stage placed` simulates what nextpnr makes of that netlist for a Gowin
/// board, and what becomes its bitstream; inputs that nothing is wired to read registers of the design. `--stage bitstream` simulates the very bits that `synthesize` writes
/// for an iCE40 board, turned back into a circuit by Project IceStorm, through the board's pins.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet simulate examples/requantize.toml\n  \
                    ternlet simulate design.toml --input digits.safetensors:test.image --frames 1000 --seed 7\n  \
                    ternlet simulate design.toml --waves run.vcd\n  \
                    ternlet simulate design.toml --stage netlist --board ulx3s\n  \
                    ternlet simulate design.toml --stage placed --board tangnano9k --link scan --no-dsp\n  \
                    ternlet simulate design.toml --stage bitstream --no-dsp")]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    #[command(flatten)]
    stimuli: StimulusArguments,
    /// What is simulated.
    #[arg(long, value_enum, default_value = "rtl")]
    stage: Stage,
    /// With `--stage bitstream`: this bitstream of the design, instead of the one that `synthesize` writes.
    #[arg(long, value_name = "FILE.bin")]
    bitstream: Option<PathBuf>,
    /// Record a waveform: of the first fault, else of the last frames that are sent.
    #[arg(long, value_name = "FILE.vcd")]
    waves: Option<PathBuf>,
}

impl ValueEnum for Stage {
    fn value_variants<'a>() -> &'a [Self] {
        &[Stage::Rtl, Stage::Netlist, Stage::Placed, Stage::Bitstream]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Stage::Rtl => ("rtl", "The Verilog as it is generated"),
            Stage::Netlist => (
                "netlist",
                "The cells that Yosys makes of it for the board's family, the same that are counted and placed",
            ),
            Stage::Placed => (
                "placed",
                "The cells as nextpnr packed and placed them on a Gowin board, at the board's pins",
            ),
            Stage::Bitstream => (
                "bitstream",
                "The bits that are loaded into an iCE40, turned back into a circuit, at the board's pins",
            ),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, stimuli, stage, bitstream, waves } = arguments;
    if bitstream.is_some() && stage != Stage::Bitstream {
        return Err(Failure::BadInput("--bitstream is of no use without --stage bitstream; add it".into()));
    }
    let (project, output) = design.open(stimuli.input.as_deref(), catalog, progress)?;
    let waves = match waves {
        Some(path) => Waves::Always(checked(&path)?),
        None => Waves::OfFault(output.claim(Simulated::FAULT)?),
    };
    let toolchain = Toolchain::new(progress.clone())?;
    let dut = Dut::of(stage, &toolchain, &project, bitstream.as_deref())?;
    let simulated = simulate(&toolchain, &project, &dut, &stimuli.stimuli(&project.design)?, &waves)?;
    output.publish_simulation(&project, &simulated)?;
    Ok(Answer::new(&simulated, simulated.to_string()).unless(simulated.unmet()))
}

/// `path`, where a waveform can be written.
fn checked(path: &Path) -> Result<PathBuf, Failure> {
    if extension_of(path) != "vcd" {
        let why = format!("--waves {}: waveforms are VCD; call the file .vcd", path.display());
        return Err(Failure::BadInput(why));
    }
    check_folder(&folder_of(path))?;
    Ok(path.into())
}
