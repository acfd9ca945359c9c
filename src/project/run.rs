//! The run of a simulation, a batch of cases after the other: what is held does not grow with the number of frames.

use super::dut::Dut;
use super::error::Error;
use super::expected::expected;
use super::on_line::OnLine;
use super::probes::Probed;
use super::shown::Shown;
use super::stimuli::{Sent, Stimuli};
use crate::datapath::{Datapath, Tensor};
use crate::design::Design;
use crate::stream::{Tokens, Transfers};
use crate::tools::{Task, Toolchain};
use crate::verify::{Bench, Case, Failure, Plan, Report, RunOptions};
use std::collections::BTreeMap;

/// What runs cases.
pub enum Runner<'a> {
    Streams(Bench<'a>),
    Line(OnLine<'a>),
}

impl Runner<'_> {
    fn run_cases(&self, cases: &[Case], options: RunOptions) -> Result<Report, Box<Failure>> {
        match self {
            Runner::Streams(bench) => bench.run_cases(cases, options),
            Runner::Line(line) => line.run_cases(cases, options),
        }
    }
}

/// What runs, and on what.
pub struct Run<'a> {
    pub toolchain: &'a Toolchain,
    pub bench: &'a Runner<'a>,
    /// The design with its probes, where these are to be simulated.
    pub probes: Option<(&'a Probed<'a>, &'a Bench<'a>)>,
    pub plan: &'a Plan<'a>,
    pub dut: &'a Dut,
    pub stimuli: &'a Stimuli,
}

/// What a run has found.
pub struct Found {
    pub report: Report,
    /// The first fault, as a person reads it.
    pub fault: Option<String>,
    /// The inputs of the case that the report's timing is of.
    pub timed: Transfers,
    /// The last case.
    pub last: Option<Case>,
    /// Of the design's data, if there is any.
    pub shown: Option<Shown>,
    /// What the golden model makes of the design's data in the streams of which a reference says something.
    pub results: BTreeMap<String, Tensor>,
}

impl Run<'_> {
    /// Simulates all cases, up to the batch with the first fault; the others are still compared with references.
    ///
    /// # Errors
    /// If a tool fails, or the data cannot be read.
    pub fn all(&self, design: &Design, task: &Task) -> Result<Found, Error> {
        let mut cases = self.stimuli.cases(design, self.dut.stage);
        let all = cases.len();
        let probed = design.probed.as_deref();
        let mut results = Results::of(design, probed.unwrap_or(&*design.datapath));
        let mut found = Found {
            report: Report::before(self.plan, &[]),
            fault: None,
            timed: Transfers::new(),
            last: None,
            shown: None,
            results: BTreeMap::new(),
        };
        let mut first_case = 0;
        loop {
            let batch = cases.batch()?;
            if batch.is_empty() {
                break;
            }
            for Sent { case, .. } in batch.iter().filter(|sent| sent.is_data) {
                found.shown.get_or_insert_with(|| Shown::of(design, case));
                match probed {
                    Some(probed) => results.add(&expected(probed, &case.inputs)),
                    None => results.add(&case.expected),
                }
            }
            let batch: Vec<Case> = batch.into_iter().map(|sent| sent.case).collect();
            self.note(first_case, &batch);
            self.simulate(&batch, first_case, all, task, &mut found);
            if let (None, Some((probes, bench))) = (&found.fault, self.probes) {
                let task =
                    self.toolchain.progress().task(&format!("simulating {} with its probes", design.name));
                let watch = |done, all| task.at(done, all);
                found.fault = probes.simulate(bench, &batch, self.options(first_case, &watch));
            }
            first_case += batch.len();
            found.last = batch.into_iter().last();
        }
        found.results = results.tensors();
        Ok(found)
    }

    fn note(&self, first_case: usize, batch: &[Case]) {
        for (number, case) in (first_case..).zip(batch) {
            let beats: usize = case.inputs.iter().map(Tokens::beats).sum();
            self.toolchain.progress().note(format_args!("  case {number}: {beats} beats in"));
        }
    }

    /// How a batch is run, before which there were `first_case` cases.
    fn options<'w>(&self, first_case: usize, watch: &'w (dyn Fn(usize, usize) + Sync)) -> RunOptions<'w> {
        let (resets, once) = (self.dut.resets, self.stimuli.once);
        RunOptions { resets, once, first_case, watch, ..RunOptions::default() }
    }

    /// Adds what a batch shows; after a fault only its size.
    fn simulate(&self, batch: &[Case], first_case: usize, all: usize, task: &Task, found: &mut Found) {
        let watch = |done: usize, of: usize| {
            let passes = of / batch.len();
            task.at(first_case * passes + done, all * passes);
        };
        let options = self.options(first_case, &watch);
        let report = if found.fault.is_some() {
            Report::before(self.plan, batch)
        } else {
            self.bench.run_cases(batch, options).unwrap_or_else(|failure| {
                found.fault = Some(failure.to_string());
                Report::of_failure(self.plan, batch, &failure)
            })
        };
        found.report = found.report.then(&report);
        if let Some(case) = found.report.timed_case.checked_sub(first_case).and_then(|at| batch.get(at)) {
            found.timed.clone_from(&case.inputs);
        }
    }
}

/// The results of the data in the streams of which a reference says something; the others may be many.
pub(super) struct Results<'d> {
    design: &'d Design,
    observed: &'d dyn Datapath,
    outputs: Transfers,
}

impl<'d> Results<'d> {
    pub(super) fn of(design: &'d Design, observed: &'d dyn Datapath) -> Self {
        let outputs = observed.ports().outputs.iter().map(|_| Tokens::default()).collect();
        Self { design, observed, outputs }
    }

    fn is_wanted(&self, stream: &str) -> bool {
        let mut wanted = self.design.expected.iter().map(|expected| &expected.stream);
        wanted.any(|wanted| wanted == stream)
            || self.design.labels.as_ref().is_some_and(|labels| labels.stream == stream)
    }

    pub(super) fn add(&mut self, expected: &Transfers) {
        for (at, port) in self.observed.ports().outputs.iter().enumerate() {
            if self.is_wanted(&port.name) {
                self.outputs[at].append(&expected[at]);
            }
        }
    }

    /// None where there is no data.
    pub(super) fn tensors(&self) -> BTreeMap<String, Tensor> {
        let ports = self.observed.ports().outputs;
        let streams = ports.iter().zip(&self.outputs).filter(|(_, tokens)| !tokens.values.is_empty());
        streams.map(|(port, tokens)| (port.name.clone(), self.design.tensor(port, tokens))).collect()
    }
}
