//! The probes of a design: copies of inner streams, which only a model of its own has, so that what is synthesized is what is
//! simulated without them.

use super::error::Error;
use super::stimuli::{STALL_LIMIT, Stimuli};
use crate::datapath::circuit;
use crate::design::Design;
use crate::stream::Transfers;
use crate::tools::Toolchain;
use crate::verify::{Bench, Case, Plan, RunOptions, VerilatorTools};
use crate::verilog::{cell_models, emit};

/// Simulates `design` with its probes against its golden model, with the inputs of `cases`; the first fault, if there is one. A
/// design without probes has none.
///
/// # Errors
/// If a tool fails.
pub fn simulate_probed(
    toolchain: &Toolchain,
    design: &Design,
    cases: &[Case],
    stimuli: &Stimuli,
) -> Result<Option<String>, Error> {
    let Some(probed) = &design.probed else { return Ok(None) };
    let circuit = circuit(&**probed, &design.name, design.timing());
    let ports = probed.ports();
    let case = |inputs: &Transfers| Case { expected: probed.golden(inputs), inputs: inputs.clone() };
    let cases: Vec<Case> = cases.iter().map(|own| case(&own.inputs)).collect();
    let plan = Plan {
        sources: &[emit(&circuit), cell_models(&circuit)].concat(),
        top: &design.name,
        ports: &ports,
        defines: Vec::new(),
        cases: &cases,
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
