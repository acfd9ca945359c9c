//! One design through all that is to hold of it.

use crate::arguments::Depth;
use crate::designs;
use crate::draw::Draw;
use crate::measured::{filled, measured, stalls_alike};
use crate::outcome::Outcome;
use rand::RngExt;
use std::fs;
use std::path::Path;
use std::rc::Rc;
use ternlet::datapath::{Catalog, Datapath, circuit, schedule};
use ternlet::design::{Choices, Design, DesignError};
use ternlet::hdl::Circuit;
use ternlet::project::{Dut, Project, Stage, cases_of, check_simulated};
use ternlet::stream::{self, Tokens};
use ternlet::tools::{Cache, Progress, Toolchain};
use ternlet::verify::{Case, Plan, VerilatorTools, interpret_with, simulate};

/// What any design may take until it is Verilog or refused.
const MOST_SECONDS: f64 = 10.0;
const MOST_BYTES: u64 = 1 << 30;

/// Beats of the cases in the interpreter, as far as whole cases allow.
const INTERPRETED_BEATS: usize = 600;
/// Random frames under Verilator.
const SIMULATED_FRAMES: usize = 20;
/// Frames in whose cycles the schedule is seen.
const SCHEDULED_FRAMES: usize = 6;
const STALL_LIMIT: u64 = 100_000;

/// What becomes of the design of `seed`, whose file goes into `folder`.
pub fn all(seed: u64, depth: Depth, folder: &Path) -> Outcome {
    let mut outcome = Outcome::default();
    let project = generated(seed, folder, &mut outcome);
    (outcome.generated_seconds, outcome.generated_bytes) = used();
    if outcome.generated_seconds > MOST_SECONDS || outcome.generated_bytes > MOST_BYTES {
        outcome.finding = Some("takes more than 10 s or 1 GB until it is Verilog or refused".into());
    }
    if let (None, Some(project)) = (&outcome.finding, project)
        && let Err(finding) = checked(seed, depth, &project, &mut outcome.checks)
    {
        outcome.finding = Some(finding);
    }
    outcome
}

/// The project of the design, unless it is refused.
fn generated(seed: u64, folder: &Path, outcome: &mut Outcome) -> Option<Project> {
    let (path, text) = (folder.join("design.toml"), designs::design(seed));
    fs::write(&path, &text).expect("the temporary folder");
    let design = match Design::read(&path, &Choices::default(), &Catalog::standard()) {
        Ok(design) => design,
        Err(error) => {
            outcome.finding = nameless(&error, &text);
            outcome.refused = Some(first_message(&error));
            return None;
        }
    };
    match Project::generate(design, seed.is_multiple_of(2)) {
        Ok(project) => Some(project),
        Err(error) => {
            outcome.refused = Some(error.to_string());
            None
        }
    }
}

fn first_message(error: &DesignError) -> String {
    match error {
        DesignError::Wrong { problems, .. } if !problems.is_empty() => problems[0].message.clone(),
        _ => error.to_string(),
    }
}

/// A refusal that does not name a key of the file.
fn nameless(error: &DesignError, text: &str) -> Option<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words = |text: &str| text.split(|c| !is_word(c)).map(str::to_owned).collect::<Vec<_>>();
    let keys: Vec<String> = words(text);
    let DesignError::Wrong { problems, .. } = error else {
        return Some(format!("refused, but not for what is written: {error}"));
    };
    let named = |message: &str| {
        let field = message.split([':', '=', ' ']).next().unwrap_or_default();
        words(field).iter().any(|word| !word.is_empty() && keys.contains(word))
    };
    // The line is printed with its message: that names the key too.
    let nameless = problems.iter().find(|problem| problem.line.is_none() && !named(&problem.message));
    nameless.map(|problem| format!("refused without a key: {}", problem.message))
}

fn checked(seed: u64, depth: Depth, project: &Project, checks: &mut Vec<String>) -> Result<(), String> {
    let design = &project.design;
    let (datapath, timing) = (&*design.datapath, design.timing());
    let circuit = Rc::new(circuit(datapath, &design.name, timing));
    // Cells of a family's own are known to Verilog simulators alone.
    let depth = if project.models.is_empty() { depth } else { depth.max(Depth::Verilator) };
    if project.models.is_empty() {
        let cases = few(cases_of(datapath, 3, seed), seed);
        interpreted(&circuit, datapath, &cases, seed)?;
        checks.push("interpreter".into());
        if scheduled(&circuit, project, seed)? {
            checks.push("schedule".into());
        }
        if waits(&circuit, project, seed)? {
            checks.push("stalls".into());
        }
    }
    if depth >= Depth::Verilator {
        let tools = tools();
        let cases = cases_of(datapath, SIMULATED_FRAMES, seed);
        check_simulated(&tools, datapath, &cases, seed, timing).map_err(|error| error.to_string())?;
        checks.push("Verilator".into());
    }
    if depth >= Depth::Netlist {
        netlist(project, seed)?;
        checks.push("netlist".into());
    }
    Ok(())
}

/// Whether something of the schedule is known; all of it then holds in the interpreter.
fn scheduled(circuit: &Rc<Circuit>, project: &Project, seed: u64) -> Result<bool, String> {
    let datapath = &*project.design.datapath;
    let sent = datapath.random(SCHEDULED_FRAMES * datapath.frame_multiple(), &mut stream::Draw::seeded(seed));
    let said = schedule(datapath, &circuit.latency, project.design.timing(), &sent);
    let starts = said.outputs.iter().any(|output| output.latency_first_cycles.is_some());
    if said.initiation_interval.is_none() && !starts {
        return Ok(false);
    }
    let shown = measured(circuit, datapath, &sent);
    if filled(&said, &shown) == shown {
        return Ok(true);
    }
    Err(format!("the schedule says {said:?}, the interpreter shows {shown:?}"))
}

/// Whether there is a timed run, which then waits as the circuit does where its outputs are ready in some cycles only.
fn waits(circuit: &Rc<Circuit>, project: &Project, seed: u64) -> Result<bool, String> {
    let datapath = &*project.design.datapath;
    let sent = datapath.random(SCHEDULED_FRAMES * datapath.frame_multiple(), &mut stream::Draw::seeded(seed));
    let mut draw = Draw::seeded(seed);
    let runs = (0..draw.0.random_range(2..8)).map(|run| (run % 2 == 0, draw.0.random_range(1..40)));
    let ready: Vec<bool> = runs.flat_map(|(ready, cycles)| std::iter::repeat_n(ready, cycles)).collect();
    stalls_alike(circuit, datapath, project.design.timing(), &sent, &ready)
}

/// Whether a stream moves in a cycle.
type Moves<'a> = dyn FnMut(usize, u64) -> bool + 'a;

/// Never stalled, stalled at random, and with one stream held back.
fn interpreted(
    circuit: &Rc<Circuit>,
    datapath: &dyn Datapath,
    cases: &[Case],
    seed: u64,
) -> Result<(), String> {
    let ports = datapath.ports();
    let held = seed as usize % (ports.inputs.len() + ports.outputs.len());
    for (number, case) in cases.iter().enumerate() {
        let (mut draw, mut share) = (Draw::seeded(seed), 0.5);
        let mut bursts = |_: usize, cycle: u64| {
            if cycle.is_multiple_of(32) {
                share = draw.0.random_range(0.1..1.0);
            }
            draw.0.random_bool(share)
        };
        let mut one = |stream: usize, cycle: u64| stream != held || cycle >= 150;
        let runs: [(&str, &mut Moves); 3] = [
            ("never stalled", &mut |_, _| true),
            ("stalled at random", &mut bursts),
            ("held back", &mut one),
        ];
        for (how, moves) in runs {
            match interpret_with(circuit, &ports, case, moves) {
                Ok(None) => {}
                Ok(Some(fault)) => {
                    return Err(format!("in the interpreter, case {number}, {how} (stream {held}): {fault}"));
                }
                Err(error) => return Err(format!("not interpreted: {error}")),
            }
        }
    }
    Ok(())
}

/// Cases from another one on for each seed, the random frames first.
fn few(mut cases: Vec<Case>, seed: u64) -> Vec<Case> {
    let corners = cases.len() - 1;
    cases[..corners].rotate_left(seed as usize % corners.max(1));
    cases.rotate_right(1);
    let beats = |case: &Case| case.inputs.iter().chain(&case.expected).map(Tokens::beats).sum::<usize>();
    let mut sum = 0;
    let within = |case: &Case| {
        let before = sum;
        sum += beats(case);
        before == 0 || sum <= INTERPRETED_BEATS
    };
    cases.retain(within);
    cases
}

fn netlist(project: &Project, seed: u64) -> Result<(), String> {
    let toolchain = Toolchain::new(Progress::quiet()).map_err(|error| error.to_string())?;
    let dut = Dut::of(Stage::Netlist, &toolchain, project, None).map_err(|error| error.to_string())?;
    let (datapath, ports) = (&*project.design.datapath, project.design.datapath.ports());
    let cases = cases_of(datapath, SIMULATED_FRAMES, seed);
    let plan = Plan { cases: &cases, stall_limit: STALL_LIMIT, ..dut.plan(&ports, seed) };
    simulate(&tools(), &plan).map(drop).map_err(|error| format!("netlist: {error}"))
}

/// The installed tools. Models of designs that never come again are kept out of the user's cache.
fn tools() -> VerilatorTools {
    let toolchain = Toolchain::new(Progress::quiet()).expect("a cache folder");
    let cache = Cache::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("campaign")).expect("a folder");
    VerilatorTools { cache, ..VerilatorTools::of(&toolchain).expect("the tools") }
}

/// Processor seconds and the most memory of this process until now.
fn used() -> (f64, u64) {
    // SAFETY: zeros are a value of this structure of integers, and the call fills it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    (seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss as u64 * 1024)
}
