//! Proves that the netlist of a project does what its Verilog says, for all time and whatever comes in.

use super::error::Error;
use super::generate::Project;
use crate::device::Counts;
use crate::flow;
use crate::tools::Toolchain;
use crate::verify::{Proof, Proven, Sides, proof};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// Block RAM beyond which nothing is tried: every bit of it would be a register of the circuit that a solver looks at.
const MOST_BLOCK_RAM: u64 = 8;

/// What a solver says of a design and its netlist.
#[derive(Clone, Debug, Serialize)]
pub struct Proved {
    pub design: String,
    pub datapath: &'static str,
    pub board: String,
    pub verilog_hash: String,
    pub netlist_hash: String,
    #[serde(flatten)]
    pub proof: Proof,
    /// Registers of one bit of both sides, and how many of them are bits of memories.
    pub registers: usize,
    pub memory_bits: usize,
    /// Of processor time, of each attempt of the solver.
    pub seconds: u64,
    /// Why it is not decided, and what would decide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The waveform of inputs that tell the two apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waveform: Option<PathBuf>,
    pub solver: String,
}

/// Whether the netlist that Yosys makes of `project` for its board's family equals the Verilog; each attempt of a solver has `seconds` of
/// processor time.
///
/// # Errors
/// If the family has no cells, or a tool fails. That the two differ is a result: [`Proved::unmet`].
pub fn prove(toolchain: &Toolchain, project: &Project, seconds: u64) -> Result<Proved, Error> {
    let netlist =
        flow::netlist_of(toolchain, &project.described(), project.design.board.family, project.dsp)?;
    let gates = netlist.gates(toolchain)?.in_use();
    let verilog = project.simulated_sources();
    let (design, ports) = (&project.design, project.design.datapath.ports());
    let sides = Sides {
        top: &design.name,
        ports: &ports,
        clocked: project.clocked,
        verilog: &verilog,
        netlist: &gates.sources,
        defines: &gates.defines,
        net_endings: netlist.family.net_endings,
    };
    let counts = netlist.counts;
    let proven = match counts.spram > 0 || counts.block_ram > MOST_BLOCK_RAM {
        true => Proven::untried(),
        false => proof(toolchain, &sides, seconds)?,
    };
    let Proven { proof, registers, memory_bits, trace } = proven;
    let why = matches!(proof, Proof::NotDecided { .. }).then(|| why(registers, memory_bits, counts, seconds));
    Ok(Proved {
        design: design.name.clone(),
        datapath: design.datapath.kind(),
        board: design.board.name.clone(),
        verilog_hash: project.hash.clone(),
        netlist_hash: netlist.hash,
        proof,
        registers,
        memory_bits,
        seconds,
        why,
        waveform: trace,
        solver: format!("ABC of Yosys {}", netlist.yosys_version),
    })
}

/// Why no proof was found, and what may help.
fn why(registers: usize, memory_bits: usize, counts: Counts, seconds: u64) -> String {
    let Counts { block_ram, spram, .. } = counts;
    let smaller = "make its memory smaller (shorter lines, fewer channels, a smaller frame)";
    let simulate = "`ternlet simulate --stage netlist` simulates it at this size";
    if registers == 0 && (spram > 0 || block_ram > MOST_BLOCK_RAM) {
        return format!(
            "{block_ram} block RAM and {spram} SPRAM are more than the {MOST_BLOCK_RAM} block RAM of which each bit can be a register of \
             a solver's circuit; {smaller}: {simulate}"
        );
    }
    let more = format!("give it more processor time (--seconds {})", seconds.saturating_mul(10).max(1));
    match (registers, memory_bits) {
        (0, _) => {
            format!("making a circuit of both took too long; {more}, or {smaller}: {simulate}")
        }
        (_, 0) => format!(
            "no attempt came to an end within {seconds} s; {more}, or make the design smaller: {simulate}"
        ),
        _ => format!(
            "{memory_bits} of its {registers} registers are bits of memories, each of which a solver sees as a register of its own; {smaller}, \
             or {more}: {simulate}"
        ),
    }
}

impl Proved {
    /// The file of the waveform in the folder of the results.
    pub const WAVEFORM: &str = "difference.vcd";

    /// What is not proved, as a person reads it.
    pub fn unmet(&self) -> Option<String> {
        let Self { design, board, .. } = self;
        match &self.proof {
            Proof::Proved { .. } => None,
            Proof::Differs { cycle, ports } => {
                let waveform =
                    self.waveform.as_ref().map(|path| format!("; the waveform is {}", path.display()));
                Some(format!(
                    "the netlist of {design} for {board} is not its Verilog: {} differs in cycle {cycle}{}",
                    ports.join(", "),
                    waveform.unwrap_or_default()
                ))
            }
            Proof::NotDecided { .. } => {
                let why = self.why.as_deref().unwrap_or_default();
                Some(format!(
                    "whether the netlist of {design} for {board} is its Verilog is not decided: {why}"
                ))
            }
        }
    }
}

impl fmt::Display for Proved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, board, registers, memory_bits, solver, .. } = self;
        match &self.proof {
            Proof::Proved { by } => {
                write!(
                    f,
                    "{design}: the netlist for {board} is its Verilog for all time, whatever comes in ({solver})"
                )?;
                write!(f, "\n  proved by {}", by.noun())?;
            }
            Proof::Differs { cycle, ports } => {
                write!(f, "{design}: the netlist for {board} is not its Verilog ({solver})")?;
                write!(f, "\n  {} differs in cycle {cycle} from the reset on", ports.join(", "))?;
            }
            Proof::NotDecided { cycles } => {
                write!(f, "{design}: not decided whether the netlist for {board} is its Verilog ({solver})")?;
                write!(f, "\n  equal in the first {cycles} cycles from the reset on, whatever comes in")?;
            }
        }
        write!(f, "\n  {registers} registers of both, {memory_bits} of them bits of memories")
    }
}
