//! `ternlet flow`

use super::answer::{Answer, Failure};
use super::arguments::{DesignArguments, PlacementArguments, StimulusArguments};
use crate::datapath::Catalog;
use crate::project::{Simulated, Waves, check_board, flow};
use crate::tools::{Progress, Toolchain};
use clap::Args;

/// Do everything: generate, simulate, synthesize.
///
/// Ends at the first step that does not hold; `flow.json` holds the objects of the steps, and `report.html` tells them to
/// a person.
#[derive(Args)]
#[command(after_long_help = "Example:\n  ternlet flow examples/requantize.toml --seeds 4")]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    #[command(flatten)]
    stimuli: StimulusArguments,
    #[command(flatten)]
    placements: PlacementArguments,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, stimuli, placements } = arguments;
    let (project, output) = design.open(stimuli.input.as_deref(), catalog, progress)?;
    check_board(&project.design)?;
    let toolchain = Toolchain::new(progress.clone())?;
    let waves = Waves::OfFault(output.claim(Simulated::FAULT)?);
    let stimuli = stimuli.stimuli(&project.design)?;
    let flow = flow(&toolchain, &project, &stimuli, &waves, placements.seeds)?;
    let flow = output.publish_flow(&project, flow)?;
    let report = output.path("report.html");
    let text = match &flow.synthesized {
        Some(_) => format!("{flow}\n  the report is {}", report.display()),
        None => flow.to_string(),
    };
    Ok(Answer::new(&flow.steps(&project), text).unless(flow.unmet()))
}
