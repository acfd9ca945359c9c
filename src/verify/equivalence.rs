//! Whether a mutant is a mutant at all: many a change of a circuit changes nothing that can be seen.

use super::SimulationError;
use super::mutants::{Mutant, Mutants, read, write};
use super::one_edge::of_one_edge;
use super::one_state::Shared;
use super::solver::{AS_LATCHES, Circuit, Said, solved};
use super::verdict::kept;
use crate::hdl::Range;
use crate::stream::{self, Ports, Wire};
use crate::tools::{Tool, ToolError, Toolchain};
use askama::Template;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a solver says of a design and its mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// For all inputs that may come, for all time.
    Equivalent,
    /// For all inputs that may come, in every one of so many cycles from a reset on.
    EquivalentFor { cycles: u32 },
    /// Some inputs that may come tell them apart within these cycles.
    Different,
    /// The processor time of the bound was used up.
    Unknown,
}

/// How far a proof goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// Cycles from the reset on.
    pub cycles: u32,
    /// Of processor time, of each attempt of the solver at a mutant.
    pub seconds: u64,
}

impl Bound {
    /// Of all attempts at a mutant.
    pub fn most_seconds(self) -> u64 {
        self.seconds * commands(self).len() as u64
    }
}

/// What makes circuits for the solver and reads its answers: a verdict in the cache is of this code, too.
const PROVER: [&str; 5] = [
    include_str!("blif.rs"),
    include_str!("equivalence.rs"),
    include_str!("one_edge.rs"),
    include_str!("one_state.rs"),
    include_str!("solver.rs"),
];

/// Memories as registers. The emulated first state of a transparent read port would be an asynchronous reset.
const MEMORIES: &str = "memory_map";

#[derive(Template)]
#[template(path = "equivalence.v", escape = "none")]
struct Miter<'a> {
    top: &'a str,
    inputs: Vec<Port<'a>>,
    outputs: Vec<Port<'a>>,
}

/// A stream with what a proof must know of it besides.
struct Port<'a> {
    stream: &'a stream::Port,
    /// The payload's highest bit; of an empty payload a bit stands there all the same.
    high: usize,
    /// The highest bit of a number of beats in a frame.
    beat_high: u32,
    /// Whether a lane is out of its range.
    impossible: String,
    /// Whether a frame is longer or shorter than it may be, at a beat that is offered.
    wrong_length: String,
}

impl<'a> Port<'a> {
    fn of(port: &'a stream::Port, ports: &Ports) -> Self {
        let mut lanes = vec!["1'b0".to_owned()];
        for (lane, range) in lanes_of(port) {
            if range.word() != *range {
                let lane = if range.is_signed() { format!("$signed({lane})") } else { lane };
                lanes.push(format!("{lane} < {}", range.lo()));
                lanes.push(format!("{lane} > {}", range.hi()));
            }
        }
        Self {
            stream: port,
            high: port.width().max(1) - 1,
            beat_high: port.frame_beats().ilog2(),
            impossible: lanes.join(" || "),
            wrong_length: wrong_length(port, ports),
        }
    }
}

/// Each lane of a beat as Verilog, and its range.
fn lanes_of(port: &stream::Port) -> impl Iterator<Item = (String, &Range)> {
    let mut at = 0;
    port.lane_ranges().map(move |range| {
        let low = at;
        at += range.width();
        (format!("{}[{}:{low}]", port.wire(Wire::Payload), at - 1), range)
    })
}

fn wrong_length(port: &stream::Port, ports: &Ports) -> String {
    let (name, last, frame_beats) = (&port.name, port.wire(Wire::Last), port.frame_beats());
    match ports.size_of(port) {
        _ if !port.is_framed() => "1'b0".into(),
        _ if !port.is_varying() => format!("{last} != ({name}_beat == {})", frame_beats - 1),
        None => format!("{name}_beat == {} && !{last}", frame_beats - 1),
        Some(size) => {
            let mut lengths: Vec<String> = lanes_of(size).map(|(length, _)| length).collect();
            let across = lengths.pop().expect("a size has lengths");
            lengths.push(format!("(({across} + {}) / {})", port.lanes() - 1, port.lanes()));
            let beats = lengths.join(" * ");
            format!("{} && {last} != ({name}_beat + 1 == {beats})", size.wire(Wire::Valid))
        }
    }
}

/// Whether the design with these `ports` and its `mutant` can be distinguished, by what may come, from a reset on. Both start with
/// the same in their registers, as simulation has shown that nothing of it reaches the outputs.
///
/// ABC merges registers that are always equal, often all there are. Else its property-directed reachability looks for a state that
/// the design can be in, from which the mutant goes on in another way ([`with_one_state`]); then whether the two can be
/// distinguished. Where it can do neither, its bounded model checker unrolls the cycles of `bound`. Each of these has the processor
/// time of `bound`, so that a verdict does not depend on what else the machine does. Verdicts are cached by content.
///
/// # Errors
/// If Yosys fails.
pub fn equivalent(
    toolchain: &Toolchain,
    mutants: &Mutants,
    mutant: &Mutant,
    ports: &Ports,
    bound: Bound,
) -> Result<Verdict, SimulationError> {
    let yosys = toolchain.yosys()?;
    let top = &mutants.top;
    let design = read(&mutants.folder, "design.il")?;
    let miter = Miter {
        top,
        inputs: ports.inputs.iter().map(|port| Port::of(port, ports)).collect(),
        outputs: ports.outputs.iter().map(|port| Port::of(port, ports)).collect(),
    };
    let miter = miter.render().expect("writing to a string does not fail");
    // What a register holds at first is reported before Yosys takes
    // one whose clock stands still for any constant.
    let script = format!(
        "read_rtlil design.il\nrename {top} _gold\nread_rtlil design.il\n{}\nrename {top} _gate\n\
         read_verilog equivalence.v\nhierarchy -check -top _equivalence\nproc\nflatten\n{MEMORIES}\n\
         setundef -init -zero\nopt -full\n{AS_LATCHES}",
        mutant.command
    );
    let commands = commands(bound);
    let time = format!("{} s", bound.seconds);
    let mut parts = vec![yosys.version.as_str(), &design, &miter, &script, &time];
    parts.extend(PROVER);
    parts.extend(commands.iter().map(|(_, commands)| commands.as_str()));
    let (verdict, _) = kept(toolchain, "proof", parts, &[], |work| {
        for (name, text) in [("design.il", &design), ("equivalence.v", &miter), ("miter.ys", &script)] {
            write(work, name, text)?;
        }
        yosys.run(work, &["-q", "-s", "miter.ys"])?;
        decided(&yosys, work, &commands, bound)
    })?;
    Ok(verdict)
}

/// What ABC does, one after the other.
fn commands(Bound { cycles, .. }: Bound) -> [(Circuit, String); 5] {
    [
        (Circuit::Both, "strash".into()),
        (Circuit::OneState(Shared::All), "pdr".into()),
        (Circuit::OneState(Shared::Unreached), "pdr".into()),
        (Circuit::Both, "pdr".into()),
        (Circuit::Both, format!("bmc3 -F {cycles}")),
    ]
}

/// What ABC says of `miter.blif` in `work`.
fn decided(
    yosys: &Tool,
    work: &Path,
    commands: &[(Circuit, String)],
    bound: Bound,
) -> Result<Verdict, ToolError> {
    let Bound { cycles, seconds } = bound;
    let miter = of_one_edge(&read(work, "miter.blif")?);
    for (circuit, commands) in commands {
        match solved(yosys, work, &miter, *circuit, commands, seconds)? {
            Said::Never => return Ok(Verdict::Equivalent),
            Said::Sometimes => return Ok(Verdict::Different),
            Said::NotWithin(within) if within >= cycles => return Ok(Verdict::EquivalentFor { cycles }),
            Said::NotWithin(_) | Said::Nothing => {}
        }
    }
    Ok(Verdict::Unknown)
}
