//! `ternlet mutate`

use super::answer::{Answer, Failure};
use super::arguments::DesignArguments;
use crate::datapath::Catalog;
use crate::project::{Mutation, Stimuli, mutate};
use crate::tools::{Progress, Toolchain};
use clap::Args;

/// Test the tests of a design: plant small faults in its Verilog, and see whether simulation finds each.
///
/// Yosys inverts, fixes or mixes bits of the generated Verilog, one place for each mutant. Each mutant runs through the usual
/// simulation, extreme frames and random ones under every kind of stall, until its first fault: then it is killed. One
/// that computes the right integers under all of them, but in other cycles than the design, is retimed: a fault of speed. Of the
/// others a solver proves, if it can, that nothing can tell them from the design: at best for all
/// time, else for all inputs in the first cycles from a reset on. What is left has survived: a mistake that the stimuli
/// would not find. Where those are more than one of a hundred that compute something else, the exit status is 1.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet mutate examples/requantize.toml --count 500\n  \
                    ternlet mutate design.toml --seed 7 --proof-seconds 120 --json")]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    /// How many mutants.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// How many random frames each mutant must stand; otherwise as many as `simulate` takes.
    #[arg(long)]
    frames: Option<usize>,
    /// Decides the mutants, the random frames and the stalls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds of processor time that a solver has for each of its attempts at a survivor.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    proof_seconds: u64,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, count, frames, seed, proof_seconds } = arguments;
    let (project, output) = design.open(None, catalog, progress)?;
    let toolchain = Toolchain::new(progress.clone())?;
    let mutation =
        Mutation { mutants: count, stimuli: Stimuli { frames, seed, ..Stimuli::default() }, proof_seconds };
    let mutated = mutate(&toolchain, &project, &mutation)?;
    output.publish_mutants(&mutated)?;
    Ok(Answer::new(&mutated, mutated.to_string()).unless(mutated.unmet()))
}
