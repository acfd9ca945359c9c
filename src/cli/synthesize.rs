//! `ternlet synthesize`

use super::answer::pretty;
use super::arguments::{DesignArguments, StimulusArguments};
use super::generate::Generated;
use super::output::Output;
use super::simulate::{Job, Simulated, simulate};
use super::stage::Subject;
use super::{Answer, Failure, Session};
use crate::design::Design;
use crate::flow::{self, FlowError, Options, Synthesis};
use crate::tools::Toolchain;
use clap::Args;
use serde::Serialize;

/// Synthesize a design for its board: netlist, placement, timing, bitstream.
///
/// The design is simulated first: no area is told of Verilog that was not seen to compute the right bits. Results are cached
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

#[derive(Args)]
pub struct PlacementArguments {
    /// How many placements to try; the fastest is taken.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
}

/// A design on its board, and the simulation that its Verilog has passed.
#[derive(Serialize)]
pub struct Synthesized {
    #[serde(flatten)]
    pub synthesis: Synthesis,
    pub verilog_hash: String,
    pub simulated: Passed,
    /// Why the design is not good enough, as a person is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<String>,
}

/// The simulation of the same Verilog.
#[derive(Serialize)]
pub struct Passed {
    pub verilog_hash: String,
    pub frames: usize,
    pub seed: u64,
}

pub fn run(arguments: Arguments, session: Session) -> Result<Answer, Failure> {
    let (design, generated, output) = arguments.design.open(None, session)?;
    let toolchain = Toolchain::new(session.progress)?;
    let stimuli = StimulusArguments::default();
    let subject = Subject::rtl(&design, &generated);
    let job = Job { design: &design, generated: &generated, output: &output };
    let simulated = simulate(&toolchain, job, &subject, &stimuli, None, session)?;
    if let Some(failure) = simulated.failure() {
        return Err(failure);
    }
    let seeds = arguments.placements.seeds;
    let synthesized = synthesize(&toolchain, &design, &generated, &simulated, seeds, &output)?;
    let failure = synthesized.failure();
    Ok(Answer::new(&synthesized, synthesized.synthesis.to_string()).failed(failure))
}

/// Synthesizes what `simulated` has passed, and writes the bitstream, the netlist and the figures. A missed clock is
/// in the result; a design that does not fit has none.
pub fn synthesize(
    toolchain: &Toolchain,
    design: &Design,
    generated: &Generated,
    simulated: &Simulated,
    seeds: u32,
    output: &Output,
) -> Result<Synthesized, Failure> {
    assert_eq!(simulated.verilog_hash, generated.hash, "what is synthesized was simulated");
    let described = generated.described(design);
    let options = Options { frequency_mhz: design.frequency_mhz, seeds, dsp: generated.dsp };
    let (mut synthesis, missed) = match flow::synthesize(toolchain, &described, &design.board, options) {
        Ok(synthesis) => (synthesis, None),
        Err(error) => {
            let text = error.to_string();
            let FlowError::TimingMissed(synthesis) = error else { return Err(error.into()) };
            (*synthesis, Some(text))
        }
    };
    let extension = synthesis.bitstream.extension().unwrap_or_default().to_string_lossy();
    let bitstream = format!("{}.{extension}", design.name);
    synthesis.bitstream = output.copy(&synthesis.bitstream, &bitstream)?;
    synthesis.netlist = output.copy(&synthesis.netlist, "netlist.v")?;
    let simulated = Passed {
        verilog_hash: generated.hash.clone(),
        frames: simulated.report.frames,
        seed: simulated.report.seed,
    };
    let synthesized = Synthesized { synthesis, verilog_hash: generated.hash.clone(), simulated, missed };
    output.write("synthesize.json", pretty(&synthesized))?;
    Ok(synthesized)
}

impl Synthesized {
    /// That the clock was missed.
    pub fn failure(&self) -> Option<Failure> {
        self.missed.clone().map(Failure::CheckFailed)
    }
}
