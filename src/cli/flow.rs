//! `ternlet flow`

use super::answer::pretty;
use super::arguments::{DesignArguments, StimulusArguments};
use super::manifest::Manifest;
use super::page::page;
use super::simulate::{Job, Simulated, simulate};
use super::stage::Subject;
use super::synthesize::{PlacementArguments, Synthesized, synthesize};
use super::{Answer, Failure, Session};
use crate::tools::Toolchain;
use clap::Args;
use serde::Serialize;

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

/// The objects of the steps; none of a step that was not reached.
#[derive(Serialize)]
struct Steps<'a> {
    design: &'a str,
    generate: Manifest<'a>,
    simulate: &'a Simulated,
    synthesize: Option<&'a Synthesized>,
}

pub fn run(arguments: Arguments, session: Session) -> Result<Answer, Failure> {
    let Arguments { design, stimuli, placements } = arguments;
    let (design, generated, output) = design.open(stimuli.input.as_deref(), session)?;
    let toolchain = Toolchain::new(session.progress)?;
    let subject = Subject::rtl(&design, &generated);
    let job = Job { design: &design, generated: &generated, output: &output };
    let simulated = simulate(&toolchain, job, &subject, &stimuli, None, session)?;
    let steps = |synthesize| Steps {
        design: &design.name,
        generate: Manifest::new(&design, &generated, Some(&simulated.report)),
        simulate: &simulated,
        synthesize,
    };
    if let Some(failure) = simulated.failure() {
        return Ok(Answer::new(&steps(None), simulated.to_string()).failed(Some(failure)));
    }
    let synthesized = synthesize(&toolchain, &design, &generated, &simulated, placements.seeds, &output)?;
    let steps = steps(Some(&synthesized));
    output.write("flow.json", pretty(&steps))?;
    output.write("report.html", page(&design, &simulated, &synthesized.synthesis))?;
    let report = output.path("report.html");
    let text = format!("{simulated}\n{}\n  the report is {}", synthesized.synthesis, report.display());
    Ok(Answer::new(&steps, text).failed(synthesized.failure()))
}
