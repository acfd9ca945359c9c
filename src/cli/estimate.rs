//! `ternlet estimate`

use super::answer::{Answer, Failure};
use super::arguments::ChoicesArguments;
use crate::datapath::Catalog;
use crate::design::Design;
use crate::project::estimate;
use clap::Args;
use std::path::PathBuf;

/// Say what a design will take on its board and how fast it will be, before it is synthesized: in milliseconds, without any tool.
///
/// Look-up tables, flip-flops and carry cells are near what `synthesize` counts, block RAM and DSP nearly always the same; docs/estimates.md
/// says how near.
/// Cycles a frame and latencies are exact. The clock is that of the slowest path by levels of logic and the family's delays; a placement decides it.
/// A design that will not fit ends with status 1, and what to change. Nothing is written but to the cache.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet estimate examples/tcnn.toml\n  \
                    ternlet estimate examples/tcnn.toml --board ulx3s --frequency 60      on another board\n  \
                    ternlet estimate network.toml --json | jq .lut4                       for a script that tries many")]
pub struct Arguments {
    /// The design file; `ternlet new KIND` writes one to start from.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    #[command(flatten)]
    choices: ChoicesArguments,
}

pub fn run(arguments: Arguments, catalog: &Catalog) -> Result<Answer, Failure> {
    let Arguments { design, choices } = arguments;
    let design = Design::read(&design, &choices.choices(), catalog)?;
    let estimated = estimate(design, choices.dsp())?;
    Ok(Answer::new(&estimated, estimated.to_string()).unless(estimated.unmet()))
}
