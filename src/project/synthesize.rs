//! A project on its board.

use super::error::Error;
use super::generate::Project;
use super::simulate::Simulated;
use crate::flow::{self, Options, Synthesis};
use crate::tools::Toolchain;
use serde::Serialize;

/// A design on its board, and the simulation that its Verilog has passed.
#[derive(Clone, Debug, Serialize)]
pub struct Synthesized {
    #[serde(flatten)]
    pub synthesis: Synthesis,
    pub verilog_hash: String,
    pub simulated: Passed,
    /// Why the design is not good enough, as a person reads it: it does not fit, or misses its clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<String>,
}

/// The simulation of the same Verilog.
#[derive(Clone, Debug, Serialize)]
pub struct Passed {
    pub verilog_hash: String,
    pub frames: usize,
    pub seed: u64,
}

/// Synthesizes what `simulated` has passed: netlist, the fastest of `seeds` placements, timing, bitstream.
///
/// # Errors
/// If the simulation was of other Verilog or has found a fault, or a tool fails. A design that does not fit or misses its
/// clock is a result: [`Synthesized::unmet`].
pub fn synthesize(
    toolchain: &Toolchain,
    project: &Project,
    simulated: &Simulated,
    seeds: u32,
) -> Result<Synthesized, Error> {
    if let Some(unmet) = simulated.unmet() {
        return Err(Error::NotProven(unmet));
    }
    if simulated.verilog_hash != project.hash {
        let why = format!("what was simulated is not the Verilog of {}; simulate it", project.design.name);
        return Err(Error::NotProven(why));
    }
    let Project { design, dsp, .. } = project;
    let options = Options { frequency_mhz: design.frequency_mhz, seeds, dsp: *dsp };
    let synthesis = flow::synthesize(toolchain, &project.described(), &design.board, options)?;
    let passed = Passed {
        verilog_hash: project.hash.clone(),
        frames: simulated.report.frames,
        seed: simulated.report.seed,
    };
    let missed = synthesis.unmet().map(|unmet| match synthesis.lacks_memory() {
        true => [vec![unmet], design.datapath.footprint().denser].concat().join("\n"),
        false => unmet,
    });
    Ok(Synthesized { synthesis, verilog_hash: project.hash.clone(), simulated: passed, missed })
}

impl Synthesized {
    /// What does not hold, as a person reads it.
    pub fn unmet(&self) -> Option<String> {
        self.missed.clone()
    }
}
