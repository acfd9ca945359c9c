//! Tests the tests of a project: small faults in its Verilog, and whether simulation finds each.

use super::error::Error;
use super::generate::Project;
use super::mutated::{Fate, Mutated, Trial};
use super::stage::Stage;
use super::stimuli::Stimuli;
use crate::tools::Toolchain;
use crate::verify::{
    Bench, Bound, Case, Mutant, Plan, Report, RunOptions, SELECT, SimulationError, Verdict, VerilatorTools,
    equivalent, mutants,
};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Cycles without any transfer after which a mutant is stuck.
const STALL_LIMIT: u64 = 10_000;

/// What is planted, and what it must stand.
#[derive(Clone, Copy, Debug)]
pub struct Mutation {
    pub mutants: u32,
    /// Their seed decides the mutants too.
    pub stimuli: Stimuli,
    /// Of processor time, of each attempt of a solver at a survivor.
    pub proof_seconds: u64,
}

/// Plants faults in the Verilog of `project`, simulates each until its first fault shows, and lets a solver look at the rest.
///
/// # Errors
/// If the design itself has a fault, or a tool fails. Survivors are a result: [`Mutated::unmet`].
pub fn mutate(toolchain: &Toolchain, project: &Project, mutation: &Mutation) -> Result<Mutated, Error> {
    let Mutation { mutants: count, stimuli, proof_seconds } = *mutation;
    let (design, progress) = (&project.design, toolchain.progress());
    let task = progress.task(&format!("mutating {}", design.name));
    let mutants = mutants(toolchain, &project.simulated_sources(), &design.name, count, stimuli.seed)?;
    drop(task);
    let frames = stimuli.frames_of(design, Stage::Rtl);
    let summary = |bound, trials| {
        Mutated::of(&design.name, design.datapath.kind(), stimuli.seed, frames, bound, trials)
    };
    if mutants.list.is_empty() {
        // Wires alone, and no input that would choose a fault.
        return Ok(summary(Bound { cycles: 0, seconds: proof_seconds }, Vec::new()));
    }
    let ports = design.datapath.ports();
    let cases = stimuli.cases(design, Stage::Rtl).map(|sent| Ok(sent?.case));
    let cases = cases.collect::<Result<Vec<Case>, Error>>()?;
    let plan = Plan {
        sources: std::slice::from_ref(&mutants.source),
        top: &design.name,
        ports: &ports,
        defines: Vec::new(),
        cases: &cases,
        seed: stimuli.seed,
        waves: None,
        stall_limit: STALL_LIMIT,
    };
    let tools = VerilatorTools::of(toolchain)?;
    let task = progress.task(&format!("compiling {} mutants", mutants.list.len()));
    let bench = Bench::selecting(&tools, &plan, SELECT)?;
    drop(task);
    let whole = bench.run(RunOptions::default()).map_err(SimulationError::Failed)?;
    let bound = Bound { cycles: bound_cycles(&whole), seconds: proof_seconds };
    let simulate = |mutant: &Mutant| Ok::<_, Error>(simulated(&bench, mutant, &whole));
    let text = format!("simulating {} mutants", mutants.list.len());
    let fates = all_of(toolchain, &text, &mutants.list, simulate)?;
    let left = mutants.list.iter().zip(&fates).filter(|(_, fate)| fate.is_none());
    let left: Vec<Mutant> = left.map(|(mutant, _)| mutant.clone()).collect();
    let prove = |mutant: &Mutant| Ok(equivalent(toolchain, &mutants, mutant, &ports, bound).map(fate)?);
    let text = format!("proving survivors equivalent, at most {} s each", bound.most_seconds());
    let mut proved = all_of(toolchain, &text, &left, prove)?.into_iter();
    let trials = mutants.list.iter().zip(fates).map(|(mutant, fate)| {
        let fate = fate.or_else(|| proved.next()).expect("each mutant that simulation left has a proof");
        Trial { mutant: mutant.clone(), fate }
    });
    Ok(summary(bound, trials.collect()))
}

/// The results of all `items`, several at a time.
fn all_of<T: Sync, R: Send>(
    toolchain: &Toolchain,
    text: &str,
    items: &[T],
    one: impl Fn(&T) -> Result<R, Error> + Sync,
) -> Result<Vec<R>, Error> {
    let task = toolchain.progress().task(text);
    let done = AtomicUsize::new(0);
    let counted = |item| {
        let result = one(item);
        task.at(done.fetch_add(1, Ordering::Relaxed) + 1, items.len());
        result
    };
    items.par_iter().map(counted).collect()
}

/// Cycles in which three frames pass, and what is between a reset and the first.
fn bound_cycles(whole: &Report) -> u32 {
    let interval = whole.initiation_interval.unwrap_or(1.0);
    let first = whole.outputs.iter().filter_map(|output| output.latency_first_cycles).min();
    let cycles = first.unwrap_or(1) + (3.0 * interval).ceil() as u64 + 6;
    cycles.clamp(12, 60) as u32
}

/// What simulation says of a mutant; none if nothing.
fn simulated(bench: &Bench, mutant: &Mutant, whole: &Report) -> Option<Fate> {
    // A mutant that runs on and on has failed too.
    let limit = 4 * whole.cycles + 100_000;
    match bench.run(RunOptions { select: mutant.number, limit, ..RunOptions::default() }) {
        Err(failure) => Some(Fate::Killed { fault: failure.to_string() }),
        Ok(report) if report.pace != whole.pace => Some(Fate::Retimed),
        Ok(_) => None,
    }
}

/// What a proof says of a mutant that simulation left.
fn fate(verdict: Verdict) -> Fate {
    match verdict {
        Verdict::Equivalent => Fate::Equivalent,
        Verdict::EquivalentFor { cycles } => Fate::EquivalentFor { cycles },
        Verdict::Different => Fate::Survived { distinguishable: Some(true) },
        Verdict::Unknown => Fate::Survived { distinguishable: None },
    }
}
