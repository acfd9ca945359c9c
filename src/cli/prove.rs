//! `ternlet prove`

use super::answer::{Answer, Failure};
use super::arguments::DesignArguments;
use crate::datapath::Catalog;
use crate::project::prove;
use crate::tools::{Progress, Toolchain};
use clap::Args;

/// Prove that the netlist of a design does what its Verilog says, for all time and whatever comes in.
///
/// Yosys makes a netlist of the design for its board's family, the same that `synthesize` counts and places. The Verilog and the netlist,
/// with models of its cells, stand side by side in one circuit with the same inputs: nothing is assumed of these but a reset in the
/// first cycle. A solver (ABC) then looks for a cycle in which `valid`, `ready`, or the payload of a valid beat differ.
///
/// proved: there is none, ever. differs: there is one; the build folder then has a waveform of inputs that lead there
/// (`difference.vcd`, for GTKWave or Surfer). not_decided: the solver came to no end in its time; it says in how many
/// cycles from the reset on there is no difference, and what would help. Large memories are not decided, as each of their bits is a register.
///
/// Exit status: 0 proved; 1 differs or not decided; 2 bad input. Verdicts are cached by content.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet new argmax && ternlet prove argmax.toml\n  \
                    ternlet prove design.toml --board ulx3s --json\n  ternlet prove design.toml --seconds 600")]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    /// Seconds of processor time for each attempt of the solver, of which there are at most eight.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, seconds } = arguments;
    let (project, output) = design.open(None, catalog, progress)?;
    let toolchain = Toolchain::new(progress.clone())?;
    let proved = output.publish_proof(prove(&toolchain, &project, seconds)?)?;
    Ok(Answer::new(&proved, proved.to_string()).unless(proved.unmet()))
}
