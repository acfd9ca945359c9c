//! The probes of a design: copies of inner streams, which only a model of its own has, so that what is synthesized is what is
//! simulated without them.

use super::error::Error;
use super::stimuli::{STALL_LIMIT, Stimuli};
use crate::datapath::{Datapath, circuit};
use crate::design::Design;
use crate::stream::Transfers;
use crate::tools::Toolchain;
use crate::verify::{Bench, Case, Plan, RunOptions, VerilatorTools};
use crate::verilog::{cell_models, emit};

/// A design with its probes, and what its golden model gives for some inputs.
pub struct Probed<'d> {
    design: &'d Design,
    pub datapath: &'d dyn Datapath,
    pub cases: Vec<Case>,
}

impl<'d> Probed<'d> {
    /// `design` with the inputs of `cases`; none where it has no probes.
    pub fn of(design: &'d Design, cases: &[Case]) -> Option<Self> {
        let datapath = design.probed.as_deref()?;
        let case = |inputs: &Transfers| Case { expected: datapath.golden(inputs), inputs: inputs.clone() };
        let cases = cases.iter().map(|own| case(&own.inputs)).collect();
        Some(Self { design, datapath, cases })
    }
}

/// Simulates a design with its probes against its golden model; the first fault, if there is one.
///
/// # Errors
/// If a tool fails.
pub fn simulate_probed(
    toolchain: &Toolchain,
    Probed { design, datapath, cases }: &Probed<'_>,
    stimuli: &Stimuli,
) -> Result<Option<String>, Error> {
    let circuit = circuit(*datapath, &design.name, design.timing());
    let ports = datapath.ports();
    let plan = Plan {
        sources: &[emit(&circuit), cell_models(&circuit)].concat(),
        top: &design.name,
        ports: &ports,
        defines: Vec::new(),
        cases,
        seed: stimuli.seed,
        waves: None,
        stall_limit: STALL_LIMIT,
    };
    let (tools, progress) = (VerilatorTools::of(toolchain)?, toolchain.progress());
    let task = progress.task(&format!("compiling {} with its probes", design.name));
    let bench = Bench::compile(&tools, &plan)?;
    drop(task);
    let task = progress.task(&format!("simulating {} with its probes", design.name));
    let options = RunOptions { watch: &|done, all| task.at(done, all), ..RunOptions::default() };
    Ok(bench.run(options).err().map(|failure| format!("with its probes: {failure}")))
}
