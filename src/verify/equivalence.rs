//! Whether a mutant is a mutant at all: many a change of a circuit changes nothing that can be seen.

use super::SimulationError;
use super::mutants::{Mutant, Mutants, read, write};
use crate::datapath::{Ports, StreamPort};
use crate::tools::{Tool, ToolError, Toolchain, key};
use askama::Template;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use std::time::Duration;

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
    /// The time bound was reached.
    Unknown,
}

/// How far a proof goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// Cycles from the reset on.
    pub cycles: u32,
    /// Of the solver, for each mutant.
    pub seconds: u64,
}

/// Memories as registers. The emulated first state of a transparent read port would be an asynchronous reset.
const MEMORIES: &str = "memory_map";

#[derive(Template)]
#[template(path = "equivalence.v", escape = "none")]
struct Miter<'a> {
    top: &'a str,
    inputs: Vec<Port<'a>>,
    outputs: Vec<Port<'a>>,
}

struct Port<'a> {
    name: &'a str,
    width: usize,
    /// The payload's highest bit; of an empty payload a bit stands there all the same.
    high: usize,
    framed: bool,
    /// Beats of each frame; 0 where frames vary or there are none.
    frame_beats: usize,
    /// Whether a lane is out of its range.
    impossible: String,
}

impl<'a> Port<'a> {
    fn of(port: &'a StreamPort) -> Self {
        let (mut at, mut lanes) = (0, vec!["1'b0".to_owned()]);
        for range in port.lane_ranges() {
            let (width, name) = (range.width() as usize, &port.name);
            if range.word() != *range {
                let lane = format!("{name}_payload[{}:{at}]", at + width - 1);
                let lane = if range.is_signed() { format!("$signed({lane})") } else { lane };
                lanes.push(format!("{lane} < {}", range.lo()));
                lanes.push(format!("{lane} > {}", range.hi()));
            }
            at += width;
        }
        Self {
            name: &port.name,
            width: port.width(),
            high: port.width().max(1) - 1,
            framed: port.framed,
            frame_beats: if port.framed && !port.varying { port.frame_beats } else { 0 },
            impossible: lanes.join(" || "),
        }
    }
}

/// Whether the design with these `ports` and its `mutant` can be told apart, by what may come, from a reset on. Both start with
/// the same in their registers, as simulation has shown that nothing of it reaches the outputs.
///
/// ABC's property-directed reachability proves it for all time, or finds inputs that tell them apart; where it can do
/// neither, its bounded model checker unrolls the cycles of `bound`. Each has the time of `bound`. Verdicts are cached by content.
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
        inputs: ports.inputs.iter().map(Port::of).collect(),
        outputs: ports.outputs.iter().map(Port::of).collect(),
    };
    let miter = miter.render().expect("writing to a string does not fail");
    // Solvers know neither memories nor registers with enable or reset. All registers start at 0.
    let script = format!(
        "read_rtlil design.il\nrename {top} gold\nread_rtlil design.il\n{}\nrename {top} gate\n\
         read_verilog equivalence.v\nhierarchy -check -top equivalence\nproc\nflatten\n{MEMORIES}\nopt -full\n\
         delete t:$scopeinfo\ntechmap\nopt -fast\nsimplemap\n\
         dfflegalize -cell $_DFF_P_ 01 -mince 999999 -minsrst 999999\nsetundef -init -zero\nsimplemap\naigmap\n\
         write_aiger -zinit miter.aig\n",
        mutant.command
    );
    let commands = commands(bound);
    let parts = [&yosys.version, &design, &miter, &script, &commands[0], &commands[1]];
    let entry = toolchain.cache().entry("proof", &key(parts), |work| -> Result<(), ToolError> {
        for (name, text) in [("design.il", &design), ("equivalence.v", &miter), ("miter.ys", &script)] {
            write(work, name, text)?;
        }
        yosys.run(work, &["-q", "-s", "miter.ys"])?;
        let verdict = decided(&yosys, work, &commands, bound)?;
        for file in fs::read_dir(work).map_err(ToolError::at(work))?.flatten() {
            fs::remove_file(file.path()).map_err(ToolError::at(&file.path()))?;
        }
        write(work, VERDICT, &serde_json::to_string(&verdict).expect("a verdict is text"))
    })?;
    let verdict = read(&entry.path, VERDICT)?;
    let unreadable = |error: serde_json::Error| ToolError::at(&entry.path)(error.into());
    Ok(serde_json::from_str(&verdict).map_err(unreadable)?)
}

/// The file of a verdict in the cache.
const VERDICT: &str = "verdict.json";

/// What ABC does: for all time, then for the cycles of the bound.
fn commands(Bound { cycles, seconds }: Bound) -> [String; 2] {
    // Merging registers that are always equal is often all it takes: then nothing is left of the circuit.
    [
        format!("scorr;write_aiger reduced.aig;pdr -T {seconds};write_status status.txt"),
        format!("scorr;bmc3 -F {cycles} -T {seconds};write_status status.txt"),
    ]
}

/// What ABC says of `miter.aig` in `work`.
fn decided(yosys: &Tool, work: &Path, commands: &[String; 2], bound: Bound) -> Result<Verdict, ToolError> {
    let Bound { cycles, seconds } = bound;
    let said = solved(yosys, work, &commands[0], seconds)?;
    if fs::read(work.join("reduced.aig")).is_ok_and(|reduced| is_never(&reduced)) {
        return Ok(Verdict::Equivalent);
    }
    match said {
        Some(("snl_UNSAT", _)) => return Ok(Verdict::Equivalent),
        Some(("snl_SAT", _)) => return Ok(Verdict::Different),
        _ => {}
    }
    match solved(yosys, work, &commands[1], seconds)? {
        Some(("snl_SAT", _)) => Ok(Verdict::Different),
        Some((_, passed)) if passed + 1 >= cycles => Ok(Verdict::EquivalentFor { cycles }),
        _ => Ok(Verdict::Unknown),
    }
}

/// Whether a circuit in the AIGER format has no register, no gate, and one output that is 0.
fn is_never(aiger: &[u8]) -> bool {
    let mut lines = aiger.split(|byte| *byte == b'\n');
    let header = lines.next().unwrap_or_default().split(|byte| *byte == b' ');
    let counts: Vec<&[u8]> = header.skip(3).collect();
    counts.first_chunk() == Some(&[&b"0"[..], b"1", b"0"]) && lines.next() == Some(b"0")
}

/// What ABC says of `miter.aig` in `work` after `commands`, and how many cycles it went through; none if it says nothing within
/// a little more than `seconds`.
fn solved(
    yosys: &Tool,
    work: &Path,
    commands: &str,
    seconds: u64,
) -> Result<Option<(&'static str, u32)>, ToolError> {
    let status = work.join("status.txt");
    let _ = fs::remove_file(&status); // of the run before, if there was one
    // Yosys runs ABC only on a module; that it gets back another circuit, and fails, is of no matter.
    let script =
        format!("read_verilog carrier.v\ntechmap\nabc -script \"+read_aiger miter.aig;{commands}\"\n");
    write(work, "solve.ys", &script)?;
    write(work, "carrier.v", "module carrier (input a, input b, output y); assign y = a ^ b; endmodule\n")?;
    let time = Duration::from_secs(2 * seconds + 10);
    let Some(output) = yosys.output_within(work, &["-q", "-s", "solve.ys"], time)? else { return Ok(None) };
    let Ok(said) = fs::read_to_string(&status) else { return Err(yosys.failure(&output)) };
    let mut words = said.split_whitespace();
    let word = words.next().unwrap_or_default();
    let verdict = ["snl_UNSAT", "snl_SAT", "snl_UNK"].into_iter().find(|known| word == *known);
    Ok(verdict.map(|verdict| (verdict, words.next().and_then(|word| word.parse().ok()).unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circuit_that_is_never_1_is_seen() {
        assert!(is_never(b"aig 29 29 0 1 0\n0\n"));
        assert!(!is_never(b"aig 29 29 0 1 0\n1\n"), "it is always 1");
        assert!(!is_never(b"aig 29 29 0 1 0\n2\n"), "it is an input");
        assert!(!is_never(b"aig 30 29 1 1 0\n0\n"), "it has a register");
        assert!(!is_never(b"aig 30 29 0 2 0\n0\n0\n"), "it is two");
        assert!(!is_never(b""));
    }
}
