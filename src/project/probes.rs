//! The probes of a design: copies of inner streams, which only a model of its own has, so that what is synthesized is what is
//! simulated without them.

use super::expected::expected;
use super::stage::Stage;
use super::stimuli::{STALL_LIMIT, Stimuli};
use crate::datapath::{Datapath, circuit};
use crate::design::Design;
use crate::stream::Ports;
use crate::verify::{Bench, Case, Plan, RunOptions};
use crate::verilog::{SourceFile, cell_models, emit};

/// A design with its probes.
pub struct Probed<'d> {
    design: &'d Design,
    datapath: &'d dyn Datapath,
    ports: Ports,
    sources: Vec<SourceFile>,
}

impl<'d> Probed<'d> {
    /// `design` with its probes; none if it has none, or at a stage where they are gone.
    pub fn of(design: &'d Design, stage: Stage) -> Option<Self> {
        let datapath = design.probed.as_deref().filter(|_| stage == Stage::Rtl)?;
        let circuit = circuit(datapath, &design.name, design.timing());
        let sources = [emit(&circuit), cell_models(&circuit)].concat();
        Some(Self { design, datapath, ports: datapath.ports(), sources })
    }

    /// How it is simulated.
    pub fn plan(&self, stimuli: &Stimuli) -> Plan<'_> {
        Plan {
            sources: &self.sources,
            top: &self.design.name,
            ports: &self.ports,
            defines: Vec::new(),
            cases: &[],
            seed: stimuli.seed,
            waves: None,
            stall_limit: STALL_LIMIT,
        }
    }

    /// Simulates the inputs of `cases` as `options` say, against its golden model, in a bench of its plan; the first fault, if there is one.
    pub fn simulate(&self, bench: &Bench, cases: &[Case], options: RunOptions) -> Option<String> {
        let probed = |Case { inputs, .. }: &Case| Case {
            expected: expected(self.datapath, inputs),
            inputs: inputs.clone(),
        };
        let cases: Vec<Case> = cases.iter().map(probed).collect();
        bench.run_cases(&cases, options).err().map(|failure| format!("with its probes: {failure}"))
    }
}
