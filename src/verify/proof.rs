//! Whether a netlist does the same as the Verilog that it was made of, for all time and whatever comes in.

use super::SimulationError;
use super::blif::latch;
use super::mutants::{read, write};
use super::one_edge::of_one_edge;
use super::one_state::Shared;
use super::solver::{AS_LATCHES, Circuit, DIFFERENCE, Said, solved};
use super::trace::{DIFFERS, Trace};
use super::verdict::kept;
use crate::stream::{Pin, Ports, Wire};
use crate::tools::{Tool, ToolError, Toolchain};
use crate::verilog::SourceFile;
use askama::Template;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// A design and its netlist.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    pub top: &'a str,
    pub ports: &'a Ports,
    /// Whether they have ports `clk` and `rst`.
    pub clocked: bool,
    pub verilog: &'a [SourceFile],
    /// With models of its cells.
    pub netlist: &'a [SourceFile],
    /// Macros that the models need.
    pub defines: &'a [String],
    /// What the names of nets that synthesis made have in them: a register of the netlist is then called as the Verilog's.
    pub net_endings: &'a [&'a str],
}

/// What a solver says of a design and its netlist, in each cycle after a first one of reset. Both start with the same in their registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Proof {
    /// They are equal for all time, whatever comes in.
    Proved { by: Method },
    /// Some inputs tell them apart, in this cycle at these ports.
    Differs { cycle: u32, ports: Vec<String> },
    /// They do not differ in any of the first `cycles` cycles.
    NotDecided { cycles: u32 },
}

/// What proved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Registers that are always equal were merged, and nothing was left.
    EqualRegisters,
    /// Whatever state both are in, they go on to the same.
    OneState,
    /// No state that they can be in tells them apart.
    Reachability,
    /// No difference from the first cycle on, and no state is left to go to.
    Unrolled,
}

impl Method {
    /// How it is called in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::EqualRegisters => "registers that are always equal",
            Self::OneState => "one state of both",
            Self::Reachability => "the states that both can be in",
            Self::Unrolled => "cycles from the reset on",
        }
    }
}

/// A proof and what it was about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proven {
    pub proof: Proof,
    /// One-bit registers of both sides, and how many of them are bits of memories.
    pub registers: usize,
    pub memory_bits: usize,
    /// The waveform (VCD) of inputs that tell them apart.
    #[serde(skip)]
    pub trace: Option<PathBuf>,
}

impl Proven {
    /// Of a design that was not looked at.
    pub fn untried() -> Self {
        Self { proof: Proof::NotDecided { cycles: 0 }, registers: 0, memory_bits: 0, trace: None }
    }
}

/// What makes circuits for the solver and reads its answers: a verdict in the cache is of this code, too.
const PROVER: [&str; 8] = [
    include_str!("alike.rs"),
    include_str!("blif.rs"),
    include_str!("logic.rs"),
    include_str!("one_edge.rs"),
    include_str!("one_state.rs"),
    include_str!("proof.rs"),
    include_str!("solver.rs"),
    include_str!("trace.rs"),
];

/// What ABC does, one after the other: what proves most designs in seconds, what finds most faults in seconds, then what takes longer.
const ATTEMPTS: [(Method, Circuit, &str); 8] = [
    (Method::EqualRegisters, Circuit::Both, "strash"),
    (Method::OneState, Circuit::OneState(Shared::All), "pdr"),
    (Method::Unrolled, Circuit::Both, "bmc3 -F 25"),
    (Method::OneState, Circuit::OneState(Shared::Alike), "pdr"),
    (Method::Reachability, Circuit::Both, "pdr"),
    (Method::Unrolled, Circuit::Both, "bmc3 -F 50"),
    (Method::Unrolled, Circuit::Both, "bmc3 -F 100"),
    (Method::Unrolled, Circuit::Both, "bmc3 -F 200"),
];

#[derive(Template)]
#[template(path = "side_by_side.v", escape = "none")]
struct Miter<'a> {
    top: &'a str,
    clocked: bool,
    inputs: Vec<Pin>,
    outputs: Vec<Compared>,
}

/// A port that both drive.
struct Compared {
    pin: Pin,
    /// The port that says whether it means something, if one does.
    valid: Option<String>,
}

impl<'a> Miter<'a> {
    fn of(sides: &Sides<'a>) -> Self {
        let (inputs, outputs): (Vec<Pin>, Vec<Pin>) = sides.ports.pins().partition(|pin| pin.enters);
        let valid_of = |pin: &Pin| {
            let of = |wire| sides.ports.outputs.iter().find(|port| port.wire(wire) == pin.name);
            [Wire::Payload, Wire::Last].into_iter().find_map(of).map(|port| port.wire(Wire::Valid))
        };
        let outputs = outputs.into_iter().map(|pin| Compared { valid: valid_of(&pin), pin }).collect();
        Self { top: sides.top, clocked: sides.clocked, inputs, outputs }
    }
}

/// Whether the two can be told apart; each attempt of the solver has `seconds` of processor time, the making of its circuit
/// four times as many.
/// Verdicts are cached by content.
///
/// # Errors
/// If Yosys fails, or what a solver found is no difference.
pub fn proof(toolchain: &Toolchain, sides: &Sides, seconds: u64) -> Result<Proven, SimulationError> {
    let yosys = toolchain.yosys()?;
    let miter = Miter::of(sides).render().expect("writing to a string does not fail");
    let script = script(sides);
    let limit = format!("{seconds} s");
    let attempts = ATTEMPTS.map(|(_, _, commands)| commands);
    let mut parts = vec![yosys.version.as_str(), &miter, &script, &limit];
    parts.extend(sides.verilog.iter().chain(sides.netlist).flat_map(|file| [file.name.as_str(), &file.text]));
    parts.extend(PROVER.iter().chain(&attempts));
    let (proven, entry): (Proven, _) = kept(toolchain, "equal", parts, &[WAVEFORM], |work| {
        for (folder, files) in [("verilog", sides.verilog), ("netlist", sides.netlist)] {
            fs::create_dir(work.join(folder)).map_err(ToolError::at(work))?;
            files.iter().try_for_each(|file| write(&work.join(folder), &file.name, &file.text))?;
        }
        write(work, "equivalence.v", &miter)?;
        write(work, "miter.ys", &script)?;
        decided(toolchain, &yosys, work, seconds)
    })?;
    let trace = matches!(proven.proof, Proof::Differs { .. }).then(|| entry.path.join(WAVEFORM));
    Ok(Proven { trace, ..proven })
}

/// Where memories become registers, the circuit takes longer than the proof.
const MAKING: u64 = 4;

/// The file of a waveform in the cache.
const WAVEFORM: &str = "difference.vcd";

/// Yosys's commands that make the circuit of both.
fn script(sides: &Sides) -> String {
    let Sides { top, verilog, netlist, defines, net_endings, .. } = sides;
    let files = |folder: &str, files: &[SourceFile]| -> String {
        files.iter().map(|file| format!(" {folder}/{}", file.name)).collect()
    };
    let flat = format!("hierarchy -check -top {top}\nsetattr -mod -unset keep_hierarchy *\nproc\nflatten\n");
    let defines: String = defines.iter().map(|define| format!(" -D{define}")).collect();
    let made: String = net_endings.iter().map(|ending| format!(" w:*{ending}*")).collect();
    // What a model leaves open, such as a read that meets a write, is a value like any other: optimizations would choose the one that suits.
    // What registers start with is nothing that a reset leaves, and a netlist's own start may be another.
    format!(
        "read_verilog{}\n{flat}opt_clean\nrename {top} _gold\ndesign -stash gold\n\
         read_verilog{defines}{}\n{flat}setattr -unset init w:*\nrename -hide{made}\nopt_clean\nrename {top} _gate\ndesign -stash gate\n\
         design -copy-from gold _gold\ndesign -copy-from gate _gate\nread_verilog equivalence.v\n\
         hierarchy -check -top _equivalence\nproc\nflatten\nmemory_map\nsetundef -init -zero\nsetundef -zero\nopt -full\n{AS_LATCHES}",
        files("verilog", verilog),
        files("netlist", netlist),
    )
}

/// What comes of all attempts in `work`.
fn decided(toolchain: &Toolchain, yosys: &Tool, work: &Path, seconds: u64) -> Result<Proven, ToolError> {
    let progress = toolchain.progress();
    let task = progress.task("making a circuit of the Verilog and the netlist");
    let Some(output) =
        yosys.output_within(work, &["-q", "-s", "miter.ys"], seconds.saturating_mul(MAKING))?
    else {
        return Ok(Proven::untried());
    };
    if !output.status.success() {
        return Err(yosys.failure(&output));
    }
    let miter = of_one_edge(&read(work, "miter.blif")?);
    drop(task);
    // A bit of a memory is called `memory[3][0]`.
    let latches: Vec<&str> = miter.lines().filter_map(latch).map(|latch| latch.q).collect();
    let memory_bits = latches.iter().filter(|name| name.contains("][")).count();
    let registers = latches.len();
    let proven = |proof| Ok(Proven { proof, registers, memory_bits, trace: None });
    let (mut cycles, mut unrolls) = (0, true);
    for (method, circuit, commands) in ATTEMPTS {
        if method == Method::Unrolled && !unrolls {
            continue;
        }
        let unseen = if cycles > 0 { format!(", no difference in {cycles} cycles") } else { String::new() };
        let _task = progress.task(&format!("proving by {}, at most {seconds} s{unseen}", method.noun()));
        match solved(yosys, work, &miter, circuit, commands, seconds)? {
            Said::Never => return proven(Proof::Proved { by: method }),
            Said::Sometimes => {
                let trace = Trace::of(&miter, &read(work, DIFFERENCE)?);
                let (cycle, ports) = trace.difference().ok_or_else(|| ToolError::Failed {
                    tool: yosys.name.into(),
                    status: "a difference that is none".into(),
                    tail: "the inputs that ABC gave do not tell the design from its netlist".into(),
                })?;
                write(work, WAVEFORM, &trace.vcd())?;
                return proven(Proof::Differs { cycle, ports });
            }
            Said::NotWithin(within) => cycles = cycles.max(within),
            // More cycles take longer.
            Said::Nothing => unrolls &= method != Method::Unrolled,
        }
    }
    proven(Proof::NotDecided { cycles })
}
