//! The whole check: every case under every kind of stall, and a waveform of the first fault.

use super::SimulationError;
use super::case::Case;
use super::failure::{Failure, Fault, Pass, Waveform};
use super::model::{Model, Run};
use super::plan::Plan;
use super::report::Report;
use super::timing::Timing;
use super::verilator::{Options, VerilatorTools};
use crate::stream::{Port, Ports, Tokens};
use crate::tools::ToolError;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A plan's design, compiled, to be run as often as one likes.
pub struct Bench<'a> {
    tools: &'a VerilatorTools,
    plan: &'a Plan<'a>,
    options: Options,
    model: Model,
}

/// How a compiled design is run.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    /// What the input holds that [`Bench::selecting`] names.
    pub select: u32,
    /// Whether each case also runs with a reset in its middle.
    pub resets: bool,
    /// Whether each case runs once alone, never stalled.
    pub once: bool,
    /// Cycles after which a run has failed.
    pub limit: u64,
    /// How many cases ran before the first of these: a case keeps its number, its stalls and its seeds.
    pub first_case: usize,
    /// Hears how many runs of how many are done.
    pub watch: &'a (dyn Fn(usize, usize) + Sync),
}

impl Default for RunOptions<'_> {
    fn default() -> Self {
        Self { select: 0, resets: true, once: false, limit: u64::MAX, first_case: 0, watch: &|_, _| {} }
    }
}

/// Simulates every case: never stalled, with random stalls, with each stream held back in turn, and with a reset in
/// the middle; what comes out must be the same each time. Runs go side by side on all cores, and what they show does not depend on that.
///
/// # Errors
/// [`SimulationError::Failed`] with the first fault, else what hindered the simulation.
///
/// # Panics
/// If the streams of a case are not those of the ports.
pub fn simulate(tools: &VerilatorTools, plan: &Plan) -> Result<Report, SimulationError> {
    let bench = Bench::compile(tools, plan)?;
    bench.run(RunOptions::default()).map_err(SimulationError::Failed)
}

impl<'a> Bench<'a> {
    /// Compiles the design of `plan`.
    ///
    /// # Errors
    /// As of [`Model::compile`].
    pub fn compile(tools: &'a VerilatorTools, plan: &'a Plan<'a>) -> Result<Self, SimulationError> {
        let options = Options { defines: plan.defines.clone(), ..Options::default() };
        Self::with(tools, plan, options)
    }

    /// As [`Bench::compile`], of a design whose input `select` each run sets.
    ///
    /// # Errors
    /// As of [`Model::compile`].
    pub fn selecting(
        tools: &'a VerilatorTools,
        plan: &'a Plan<'a>,
        select: &str,
    ) -> Result<Self, SimulationError> {
        let (defines, select) = (plan.defines.clone(), Some(select.into()));
        Self::with(tools, plan, Options { defines, select, ..Options::default() })
    }

    fn with(
        tools: &'a VerilatorTools,
        plan: &'a Plan<'a>,
        options: Options,
    ) -> Result<Self, SimulationError> {
        let model = Model::compile(tools, plan.sources, plan.top, plan.ports, &options)?;
        Ok(Self { tools, plan, options, model })
    }

    /// The whole check, as of [`simulate`].
    ///
    /// # Errors
    /// The first fault.
    ///
    /// # Panics
    /// If the streams of a case are not those of the ports.
    pub fn run(&self, options: RunOptions) -> Result<Report, Box<Failure>> {
        self.run_cases(self.plan.cases, options)
    }

    /// As [`Bench::run`], of `cases` in place of those of the plan: many need not be held at once.
    ///
    /// # Errors
    /// The first fault.
    ///
    /// # Panics
    /// If the streams of a case are not those of the ports.
    pub fn run_cases(&self, cases: &[Case], options: RunOptions) -> Result<Report, Box<Failure>> {
        let Self { plan, model, .. } = self;
        let passes = chains(plan.ports, options).map(|chain| chain.len()).sum::<usize>();
        let all = passes * cases.len();
        let (done, first_fault) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
        let chains: Vec<(usize, Vec<Pass>)> = (0..cases.len())
            .flat_map(|case| chains(plan.ports, options).map(move |chain| (case, chain)))
            .collect();
        let run_chain = |number: usize, (case, chain): &(usize, Vec<Pass>)| {
            let runs = self.run_chain(&cases[*case], *case, chain, options, || {
                number > first_fault.load(Ordering::Relaxed)
            });
            if runs.last().is_some_and(|run| run.fault.is_some()) {
                first_fault.fetch_min(number, Ordering::Relaxed);
            }
            (options.watch)(done.fetch_add(chain.len(), Ordering::Relaxed) + chain.len(), all);
            runs
        };
        let beats = |(case, _): &(usize, Vec<Pass>)| cases[*case].beats();
        let runs = longest_first(&chains, beats, run_chain);
        let (mut cycles, mut seconds) = (0, 0.0);
        let mut timing = (0, 0, Timing::default());
        let mut pace = DefaultHasher::new();
        for run in runs.into_iter().flatten() {
            run.pace.hash(&mut pace);
            cycles += run.cycles;
            seconds += run.seconds;
            if let Some((fault, cycle)) = run.fault {
                let held = held_stream(plan.ports, run.pass);
                let waves = self.show(self.run_of(&cases[run.case], run.pass, run.seed, options), cycle);
                let (case, pass, seed) = (options.first_case + run.case, run.pass, plan.seed);
                return Err(Box::new(Failure { fault, case, pass, held, cycle, seed, waves }));
            }
            if let Some(measured) = run.timing {
                let frames = cases[run.case].frames(plan.ports);
                if frames >= timing.0 {
                    timing = (frames, run.case, measured);
                }
            }
        }
        Ok(Report {
            passes,
            cycles,
            latency_cycles: timing.2.outputs.iter().filter_map(|output| output.latency_last_cycles).max(),
            outputs: timing.2.outputs,
            timed_case: options.first_case + timing.1,
            timed_frames: timing.0,
            initiation_interval: timing.2.initiation_interval,
            frame_latencies: timing.2.frame_latencies,
            pace: pace.finish(),
            cycles_per_second: cycles as f64 / f64::max(seconds, 1e-9),
            cached: model.cached(),
            ..Report::before(plan, cases)
        })
    }

    /// Runs the passes of a case, one after the other, up to the first fault; none where another makes them needless.
    fn run_chain(
        &self,
        case: &Case,
        number: usize,
        chain: &[Pass],
        options: RunOptions,
        needless: impl Fn() -> bool,
    ) -> Vec<Done> {
        let Self { plan, model, .. } = self;
        let mut runs = Vec::new();
        let mut middle = 1;
        for &pass in chain {
            if needless() {
                break;
            }
            let mut rng = ChaCha8Rng::seed_from_u64(plan.seed);
            rng.set_stream(((options.first_case + number) as u64) << 32 | place_of(pass));
            let pass = match pass {
                Pass::Reset(_) => Pass::Reset(rng.random_range(1..=middle)),
                pass => pass,
            };
            let seed = rng.random();
            let outcome = model.run(&self.run_of(case, pass, seed, options));
            let mut pace = DefaultHasher::new();
            (&outcome.input_cycles, &outcome.output_cycles).hash(&mut pace);
            let fault = Fault::of(plan.ports, case, &outcome, plan.stall_limit);
            let is_free = pass == Pass::Free && fault.is_none();
            middle = if is_free { outcome.last_transfer.max(1) } else { middle };
            let timing = is_free.then(|| case.timing(plan.ports, &outcome));
            let (cycles, seconds, pace, stops) =
                (outcome.all_cycles, outcome.seconds, pace.finish(), fault.is_some());
            runs.push(Done { case: number, pass, seed, cycles, seconds, pace, timing, fault });
            if stops {
                break;
            }
        }
        runs
    }

    fn run_of<'c>(&self, case: &'c Case, pass: Pass, seed: u64, options: RunOptions) -> Run<'c> {
        let RunOptions { select, limit, .. } = options;
        Run { select, limit, ..self.plan.run(case, pass, seed) }
    }

    /// Writes the waveform (VCD) of a whole case that is never stalled to `path`.
    ///
    /// # Errors
    /// If a tool fails or the file can't be written; then there is none.
    pub fn record(&self, case: &Case, path: &Path) -> Result<(), SimulationError> {
        self.write_waves(self.plan.run(case, Pass::Free, self.plan.seed), 0, path)
    }

    /// Repeats a run until a little after `cycle`, with the waveform of what led there.
    fn show(&self, run: Run, cycle: u64) -> Waveform {
        const BEFORE: u64 = 5_000;
        const BEHIND: u64 = 3;
        let Some(path) = self.plan.waves else { return Waveform::NotAsked };
        let run = Run { limit: cycle + 1 + BEHIND, ..run };
        match self.write_waves(run, cycle.saturating_sub(BEFORE), path) {
            Ok(()) => Waveform::At(path.into()),
            Err(why) => Waveform::Missing(why.to_string()),
        }
    }

    /// Repeats a run with a waveform from cycle `from` on, which is written aside and then renamed.
    fn write_waves(&self, run: Run, from: u64, path: &Path) -> Result<(), SimulationError> {
        let denied = |source| ToolError::Io { path: path.into(), source };
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(denied)?;
        // As readable as what is written next to it: a temporary file is its owner's alone otherwise.
        let mut builder = tempfile::Builder::new();
        builder.permissions(fs::Permissions::from_mode(0o666)).prefix(".waves-");
        let aside = builder.tempfile_in(folder).map_err(denied)?;
        let aside = aside.into_temp_path();
        let Self { tools, plan, .. } = self;
        let options = Options { waves: true, ..self.options.clone() };
        let model = Model::compile(tools, plan.sources, plan.top, plan.ports, &options)?;
        model.run(&Run { waves: Some((&aside, from)), ..run });
        aside.persist(path).map_err(|error| denied(error.error))?;
        Ok(())
    }
}

/// A run that is over.
struct Done {
    case: usize,
    pass: Pass,
    seed: u64,
    cycles: u64,
    seconds: f64,
    /// Names the cycles of its transfers.
    pace: u64,
    /// Of a run that is never stalled.
    timing: Option<Timing>,
    fault: Option<(Fault, u64)>,
}

/// What `run` makes of each of `all`, by their places, on all cores. Those that take longest begin first: else one may be left for a core
/// alone at the end.
fn longest_first<T: Sync, R: Send>(
    all: &[T],
    cost: impl Fn(&T) -> usize,
    run: impl Fn(usize, &T) -> R + Sync,
) -> Vec<R> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&place| Reverse(cost(&all[place])));
    let next = AtomicUsize::new(0);
    let work = |_| {
        let places = std::iter::from_fn(|| order.get(next.fetch_add(1, Ordering::Relaxed)).copied());
        places.map(|place| (place, run(place, &all[place]))).collect::<Vec<_>>()
    };
    let cores = 0..rayon::current_num_threads();
    let mut done: Vec<(usize, R)> = cores.into_par_iter().with_max_len(1).flat_map_iter(work).collect();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The passes of a case. Those of one list go one after the other: the free run tells where the middle is. Lists go side by side.
fn chains(ports: &Ports, RunOptions { resets, once, .. }: RunOptions) -> impl Iterator<Item = Vec<Pass>> {
    let streams = ports.inputs.len() + ports.outputs.len();
    let first = [Pass::Free].into_iter().chain((resets && !once).then_some(Pass::Reset(1))).collect();
    let others = [Pass::Random].into_iter().chain((0..streams).map(Pass::Held));
    [first].into_iter().chain(others.filter(move |_| !once).map(|pass| vec![pass]))
}

/// A number of its own for each pass of a case.
fn place_of(pass: Pass) -> u64 {
    match pass {
        Pass::Free => 0,
        Pass::Random => 1,
        Pass::Reset(_) => 2,
        Pass::Held(stream) => 3 + stream as u64,
    }
}

fn held_stream(ports: &Ports, pass: Pass) -> String {
    let Pass::Held(stream) = pass else { return String::new() };
    let streams: Vec<&Port> = ports.inputs.iter().chain(&ports.outputs).collect();
    streams[stream].name.clone()
}

impl Plan<'_> {
    fn run<'a>(&self, case: &'a Case, pass: Pass, seed: u64) -> Run<'a> {
        let expected_beats = case.expected.iter().map(Tokens::beats).collect();
        let reset_at = if let Pass::Reset(cycle) = pass { Some(cycle) } else { None };
        let run = Run::new(seed, &case.inputs, expected_beats);
        Run { stalls: pass.stalls(), reset_at, stall_limit: self.stall_limit, ..run }
    }
}
