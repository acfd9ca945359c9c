//! Rungs 1 and 2 of the verification ladder for any datapath, also one of another crate.

use crate::datapath::{Datapath, circuit, schedule};
use crate::device::Family;
use crate::hdl::{InterpretError, Timing};
use crate::stream::{Draw, Transfers};
use crate::tools::{ToolError, Toolchain};
use crate::verify::{
    Case, Fault, Plan, Readiness, Report, SimulationError, VerilatorTools, interpret, off_schedule, simulate,
};
use crate::verilog::{cell_models, emit};
use std::rc::Rc;

/// Random frames for the interpreter, which is slow, at most.
const INTERPRETED_FRAMES: usize = 30;

/// Cycles without any transfer after which a datapath is stuck.
const STALL_LIMIT: u64 = 100_000;

/// Why a datapath is not its golden model, or cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The interpreter shows the first wrong integer, or another fault.
    #[error("{fault}\nin case {case} in the interpreter, pipelined by {timing:?}")]
    Interpreted { fault: Box<Fault>, case: usize, timing: Timing },
    #[error(transparent)]
    NotInterpreted(#[from] InterpretError),
    /// Verilator does, or fails itself.
    #[error("{error}\npipelined by {timing:?}")]
    Simulated { error: Box<SimulationError>, timing: Timing },
    /// It takes other cycles than its schedule says: a sentence for each difference.
    #[error("{}\npipelined by {timing:?}", .differences.join("; "))]
    OffSchedule { differences: Box<[String]>, timing: Timing },
    #[error(transparent)]
    Tool(#[from] ToolError),
}

/// What a check has shown of a datapath that holds.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Runs in the interpreter: each case at each pipeline depth.
    pub interpreted: usize,
    /// The deepest pipeline under Verilator.
    pub simulated: Report,
}

/// Checks `datapath` against its golden model, bit for bit: corners and random frames in the interpreter, with stalls and without, and `frames` random ones of
/// `seed` under Verilator with every kind of stall and a reset in the middle; without pipeline registers, with one for each four
/// levels of logic, and with one for each level.
///
/// ```no_run
/// use ternlet::datapath::{Config, NoFiles, RequantizeConfig};
/// use ternlet::tools::{Progress, Toolchain};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config: RequantizeConfig = toml::from_str("rows = 2\ninput = \"s8\"\n[requantize]\noutput = \"s4\"\nshift = 3")?;
/// let datapath = config.load(&NoFiles).map_err(|errors| errors[0].to_string())?;
/// let checked = ternlet::project::check(&Toolchain::new(Progress::quiet())?, &*datapath, 300, 1)?;
/// assert_eq!(checked.simulated.mismatches, 0);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The first fault, which names the first wrong integer with its stream, frame, beat and lane, or a tool that fails.
///
/// # Panics
/// If the datapath breaks a design rule or a node leaves its range, which is a mistake of its author.
pub fn check(
    toolchain: &Toolchain,
    datapath: &dyn Datapath,
    frames: usize,
    seed: u64,
) -> Result<Checked, CheckError> {
    let few = cases_of(datapath, frames.min(INTERPRETED_FRAMES), seed);
    let timings = [Timing::combinational(), Timing::levels(4), Timing::levels(1)];
    timings.iter().try_for_each(|&timing| check_interpreted(datapath, &few, timing))?;
    let (tools, cases) = (VerilatorTools::of(toolchain)?, cases_of(datapath, frames, seed));
    let simulated = |&timing: &Timing| check_simulated(&tools, datapath, &cases, seed, timing);
    let [.., deepest] = &timings;
    timings[..timings.len() - 1].iter().try_for_each(|timing| simulated(timing).map(drop))?;
    Ok(Checked { interpreted: timings.len() * few.len(), simulated: simulated(deepest)? })
}

/// The corners of `datapath`, then `frames` random frames, or the multiple of that which it wants, with what the golden model makes of them.
pub fn cases_of(datapath: &dyn Datapath, frames: usize, seed: u64) -> Vec<Case> {
    let random = datapath.random(frames * datapath.frame_multiple(), &mut Draw::seeded(seed));
    let inputs = datapath.corners().into_iter().chain([random]);
    inputs.map(|inputs| Case { expected: datapath.golden(&inputs), inputs }).collect()
}

/// That the Verilog of `datapath`, pipelined for this clock on this family, gives under Verilator what the golden model makes of `inputs`: as
/// [`check_simulated`].
///
/// # Errors
/// As of [`check_simulated`].
pub fn check_on(
    toolchain: &Toolchain,
    datapath: &dyn Datapath,
    inputs: Transfers,
    (family, mhz): (Family, f64),
) -> Result<Report, CheckError> {
    let case = Case { expected: datapath.golden(&inputs), inputs };
    check_simulated(&VerilatorTools::of(toolchain)?, datapath, &[case], 1, Timing::clock(family, mhz))
}

/// That the interpreter gives what `cases` expect, whoever says it, at one pipeline depth: all with stalls, and the last one, which is
/// the random frames of [`cases_of`], also without any.
///
/// # Errors
/// The first fault.
pub fn check_interpreted(datapath: &dyn Datapath, cases: &[Case], timing: Timing) -> Result<(), CheckError> {
    let (circuit, ports) = (Rc::new(circuit(datapath, NAME, timing)), datapath.ports());
    let stalled = (0..cases.len()).map(|case| (case, Readiness::InTurns));
    // In a long row of frames each meets the next one.
    let never_stalled = cases.len().checked_sub(1).map(|case| (case, Readiness::Always));
    for (number, readiness) in stalled.chain(never_stalled) {
        if let Some(fault) = interpret(&circuit, &ports, &cases[number], readiness)? {
            return Err(CheckError::Interpreted { fault: Box::new(fault), case: number, timing });
        }
    }
    Ok(())
}

/// That the Verilog under Verilator gives what `cases` expect, whoever says it, under every kind of stall; and, never stalled, in
/// the cycles that its schedule says, where that is known.
///
/// # Errors
/// The first fault, what takes other cycles, or a tool that fails.
pub fn check_simulated(
    tools: &VerilatorTools,
    datapath: &dyn Datapath,
    cases: &[Case],
    seed: u64,
    timing: Timing,
) -> Result<Report, CheckError> {
    let (circuit, ports) = (circuit(datapath, NAME, timing), datapath.ports());
    let sources = [emit(&circuit), cell_models(&circuit)].concat();
    let plan = Plan {
        sources: &sources,
        top: NAME,
        ports: &ports,
        defines: Vec::new(),
        cases,
        seed,
        waves: None,
        stall_limit: STALL_LIMIT,
    };
    let report =
        simulate(tools, &plan).map_err(|error| CheckError::Simulated { error: Box::new(error), timing })?;
    let sent = cases.get(report.timed_case).map_or(&[][..], |case| &case.inputs);
    let differences = off_schedule(&schedule(datapath, &circuit.latency, timing, sent), &report);
    let differences = differences.into_boxed_slice();
    if differences.is_empty() { Ok(report) } else { Err(CheckError::OffSchedule { differences, timing }) }
}

/// The module's name.
const NAME: &str = "dut";
