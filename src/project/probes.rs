//! The probes of a design: copies of inner streams, which only a model of its own has, so that what is synthesized is what is
//! simulated without them.

use super::error::Error;
use super::expected::expected;
use super::stimuli::{STALL_LIMIT, Stimuli};
use crate::datapath::{Datapath, circuit};
use crate::design::Design;
use crate::tools::Toolchain;
use crate::verify::{Bench, Case, Plan, RunOptions, VerilatorTools};
use crate::verilog::{SourceFile, cell_models, emit};

/// A design with its probes.
pub struct Probed<'d> {
    design: &'d Design,
    datapath: &'d dyn Datapath,
    sources: Vec<SourceFile>,
}

impl<'d> Probed<'d> {
    /// `design`, whose datapath with its probes is `datapath`.
    pub fn of(design: &'d Design, datapath: &'d dyn Datapath) -> Self {
        let circuit = circuit(datapath, &design.name, design.timing());
        Self { design, datapath, sources: [emit(&circuit), cell_models(&circuit)].concat() }
    }

    /// Simulates the inputs of `cases`, before which there were `first_case`, against its golden model; the first fault, if there is one.
    ///
    /// # Errors
    /// If a tool fails.
    pub fn simulate(
        &self,
        toolchain: &Toolchain,
        cases: &[Case],
        first_case: usize,
        stimuli: &Stimuli,
    ) -> Result<Option<String>, Error> {
        let (name, ports) = (&self.design.name, self.datapath.ports());
        let probed = |Case { inputs, .. }: &Case| Case {
            expected: expected(self.datapath, inputs),
            inputs: inputs.clone(),
        };
        let cases: Vec<Case> = cases.iter().map(probed).collect();
        let plan = Plan {
            sources: &self.sources,
            top: name,
            ports: &ports,
            defines: Vec::new(),
            cases: &cases,
            seed: stimuli.seed,
            waves: None,
            stall_limit: STALL_LIMIT,
        };
        let (tools, progress) = (VerilatorTools::of(toolchain)?, toolchain.progress());
        let task = progress.task(&format!("compiling {name} with its probes"));
        let bench = Bench::compile(&tools, &plan)?;
        drop(task);
        let task = progress.task(&format!("simulating {name} with its probes"));
        let watch = |done, all| task.at(done, all);
        let options = RunOptions { first_case, watch: &watch, ..RunOptions::default() };
        Ok(bench.run(options).err().map(|failure| format!("with its probes: {failure}")))
    }
}
