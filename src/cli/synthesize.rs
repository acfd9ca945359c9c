//! `ternlet synthesize`

use super::answer::{Answer, Failure};
use super::arguments::{DesignArguments, PlacementArguments};
use crate::datapath::Catalog;
use crate::project::{Dut, Simulated, Stimuli, Waves, check_board, simulate, synthesize};
use crate::tools::{Progress, Toolchain};
use clap::Args;

/// Synthesize a design for its board: netlist, placement, timing, bitstream.
///
/// The design is simulated first: no area is reported of Verilog that was not seen to compute the right bits. Results are cached
/// by content. A design that does not fit or misses its clock ends with status 1, and what to change.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet synthesize examples/requantize.toml --board hx8k --frequency 60 --seeds 4"
)]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    #[command(flatten)]
    placements: PlacementArguments,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let (project, output) = arguments.design.open(None, catalog, progress)?;
    check_board(&project.design)?;
    let toolchain = Toolchain::new(progress.clone())?;
    let waves = Waves::OfFault(output.claim(Simulated::FAULT)?);
    let dut = Dut::rtl(&project);
    let simulated = simulate(&toolchain, &project, &dut, &Stimuli::default(), &waves)?;
    output.publish_simulation(&project, &simulated)?;
    let synthesized = synthesize(&toolchain, &project, &simulated, arguments.placements.seeds)?;
    let synthesized = output.publish_synthesis(synthesized)?;
    Ok(Answer::new(&synthesized, synthesized.synthesis.to_string()).unless(synthesized.unmet()))
}
