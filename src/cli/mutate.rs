//! `ternlet mutate`

use super::answer::pretty;
use super::arguments::{DesignArguments, StimulusArguments};
use super::simulate::cases;
use super::stage::Stage;
use super::{Answer, Failure, Session};
use crate::stream::Ports;
use crate::tools::Toolchain;
use crate::verify::{
    Bench, Bound, Mutant, Mutants, Plan, Report, RunOptions, SELECT, SimulationError, Verdict,
    VerilatorTools, equivalent, mutants,
};
use clap::Args;
use serde::Serialize;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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
    /// Seconds that a solver has for each of its attempts at a survivor.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    proof_seconds: u64,
}

/// The least share of mutants that compute something else that must be killed.
const BOUND: f64 = 0.99;

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
enum Fate {
    /// A wrong integer, a broken protocol, a stop.
    Killed {
        fault: String,
    },
    /// The right integers in other cycles: for a datapath, a function of streams, no wrong result.
    Retimed,
    Equivalent,
    EquivalentFor {
        cycles: u32,
    },
    /// Inputs that tell it apart exist, but not among the stimuli; or nobody knows.
    Survived {
        distinguishable: Option<bool>,
    },
}

#[derive(Serialize)]
struct Trial {
    #[serde(flatten)]
    mutant: Mutant,
    #[serde(flatten)]
    fate: Fate,
}

/// The mutants of a design, and what became of them.
#[derive(Serialize)]
struct Mutated {
    design: String,
    datapath: &'static str,
    seed: u64,
    frames: usize,
    mutants: usize,
    killed: usize,
    retimed: usize,
    equivalent: usize,
    survived: usize,
    /// Killed, of those that are neither equivalent nor only retimed.
    score: f64,
    /// How far a proof of equivalence goes that is not for all time.
    bound: Bound,
    /// All that were not killed.
    trials: Vec<Trial>,
}

pub fn run(arguments: Arguments, session: Session) -> Result<Answer, Failure> {
    let Arguments { design, count, frames, seed, proof_seconds } = arguments;
    let (design, generated, output) = design.open(None, session)?;
    let toolchain = Toolchain::new(session.progress)?;
    let step = session.progress.step(&format!("mutating {}", design.name));
    let sources = [&generated.sources[..], &generated.models].concat();
    let mutants = mutants(&toolchain, &sources, &design.name, count, seed)?;
    drop(step);
    let ports = design.datapath.ports();
    let frames = StimulusArguments { input: None, frames, seed }.frames(&ports, Stage::Rtl);
    let cases = cases(&design, frames, seed);
    let plan = Plan {
        sources: std::slice::from_ref(&mutants.source),
        top: &design.name,
        ports: &ports,
        defines: Vec::new(),
        cases: &cases,
        seed,
        waves: None,
        stall_limit: 10_000,
    };
    let tools = VerilatorTools::of(&toolchain)?;
    let step = session.progress.step(&format!("compiling {} mutants", mutants.list.len()));
    let bench = Bench::selecting(&tools, &plan, SELECT)?;
    drop(step);
    let whole = bench.run(RunOptions::default()).map_err(SimulationError::Failed)?;
    let bound = Bound { cycles: bound_cycles(&whole), seconds: proof_seconds };
    let bar = session.progress.bar(&format!("simulating {} mutants", mutants.list.len()));
    let at = |done| bar.at(done, mutants.list.len());
    let fates = side_by_side(&mutants.list, at, |mutant| Ok(simulated(&bench, mutant, &whole)))?;
    drop(bar);
    let left = mutants.list.iter().zip(fates).collect::<Vec<_>>();
    let open = left.iter().filter(|(_, fate)| fate.is_none()).map(|(mutant, _)| *mutant);
    let open: Vec<Mutant> = open.cloned().collect();
    let text = format!("proving survivors equivalent, at most {} s each", bound.most_seconds());
    let bar = session.progress.bar(&text);
    let proved = side_by_side(
        &open,
        |done| bar.at(done, open.len()),
        |mutant| proved(&toolchain, &mutants, mutant, &ports, bound),
    )?;
    drop(bar);
    let mut proved = proved.into_iter();
    let trials = left.into_iter().map(|(mutant, fate)| {
        let fate = fate.or_else(|| proved.next()).expect("each mutant that simulation left has a proof");
        Trial { mutant: mutant.clone(), fate }
    });
    let trials: Vec<Trial> = trials.collect();
    let mutated = Mutated::of(&design.name, design.datapath.kind(), seed, frames, bound, trials);
    output.write("mutate.json", pretty(&mutated))?;
    let failure = mutated.failure();
    Ok(Answer::new(&mutated, mutated.to_string()).failed(failure))
}

/// Cycles in which three frames pass, and what is between a reset and the first.
fn bound_cycles(whole: &Report) -> u32 {
    let interval = whole.initiation_interval.unwrap_or(1.0);
    let cycles = whole.latency_cycles.unwrap_or(1) + (3.0 * interval).ceil() as u64 + 6;
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

fn proved(
    toolchain: &Toolchain,
    mutants: &Mutants,
    mutant: &Mutant,
    ports: &Ports,
    bound: Bound,
) -> Result<Fate, Failure> {
    let verdict = equivalent(toolchain, mutants, mutant, ports, bound)?;
    Ok(match verdict {
        Verdict::Equivalent => Fate::Equivalent,
        Verdict::EquivalentFor { cycles } => Fate::EquivalentFor { cycles },
        Verdict::Different => Fate::Survived { distinguishable: Some(true) },
        Verdict::Unknown => Fate::Survived { distinguishable: None },
    })
}

/// The results of all `items`, two at a time; `done` hears how many there are.
fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    done: impl Fn(usize),
    one: impl Fn(&T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Result<R, Failure>)>> = Mutex::new(Vec::new());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (sender, next, results, one) = (sender.clone(), &next, &results, &one);
            scope.spawn(move || {
                while let Some((index, item)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).map(|item| (index, item))
                } {
                    let result = one(item);
                    results.lock().expect("no panic while it is held").push((index, result));
                    let _ = sender.send(());
                }
            });
        }
        drop(sender);
        receiver.iter().enumerate().for_each(|(count, ())| done(count + 1));
    });
    let mut results = results.into_inner().expect("no panic while it is held");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

impl Mutated {
    fn of(
        design: &str,
        datapath: &'static str,
        seed: u64,
        frames: usize,
        bound: Bound,
        trials: Vec<Trial>,
    ) -> Self {
        let count = |of: fn(&Fate) -> bool| trials.iter().filter(|trial| of(&trial.fate)).count();
        let killed = count(|fate| matches!(fate, Fate::Killed { .. }));
        let retimed = count(|fate| matches!(fate, Fate::Retimed));
        let equivalent = count(|fate| matches!(fate, Fate::Equivalent | Fate::EquivalentFor { .. }));
        let mutants = trials.len();
        let wrong = mutants - equivalent - retimed;
        Self {
            design: design.into(),
            datapath,
            seed,
            frames,
            mutants,
            killed,
            retimed,
            equivalent,
            survived: wrong - killed,
            score: if wrong == 0 { 1.0 } else { killed as f64 / wrong as f64 },
            bound,
            trials: trials.into_iter().filter(|trial| !matches!(trial.fate, Fate::Killed { .. })).collect(),
        }
    }

    fn failure(&self) -> Option<Failure> {
        (self.score < BOUND).then(|| {
            Failure::CheckFailed(format!(
                "{} of {} mutants survived, so that {:.1} % were killed of at least {:.0} %: the stimuli of {} would not find \
                 such mistakes; add corner cases to the datapath, or more frames (--frames)",
                self.survived,
                self.mutants,
                100.0 * self.score,
                100.0 * BOUND,
                self.design
            ))
        })
    }
}

impl fmt::Display for Mutated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, mutants, killed, retimed, equivalent, survived, score, bound, .. } = self;
        writeln!(
            f,
            "{design}: {mutants} mutants, {frames} random frames, seed {}",
            self.seed,
            frames = self.frames
        )?;
        writeln!(f, "  {killed} killed: wrong, stuck, or against the protocol")?;
        writeln!(f, "  {retimed} retimed: the right integers, but not in the design's cycles")?;
        writeln!(
            f,
            "  {equivalent} equivalent: proven for all time, or for all inputs in {} cycles from a reset on",
            bound.cycles
        )?;
        write!(
            f,
            "  {survived} survived: {:.1} % were killed of those that compute something else (at least {:.0} %)",
            100.0 * score,
            100.0 * BOUND
        )?;
        for Trial { mutant, fate } in &self.trials {
            match fate {
                Fate::Survived { distinguishable: Some(_) } => {
                    write!(f, "\n    {mutant}: inputs exist that would show it")?;
                }
                Fate::Survived { distinguishable: None } => {
                    write!(f, "\n    {mutant}: no proof within {} s", bound.seconds)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
