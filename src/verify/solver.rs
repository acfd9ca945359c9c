//! ABC, which says whether the output of a circuit can be 1.

use super::mutants::write;
use super::one_state::{Shared, of_one_output, with_one_state};
use crate::tools::{Tool, ToolError, text};
use std::fs;
use std::path::Path;

/// Yosys's commands that make a circuit for a solver, which knows no registers with enable or reset, and write it as `miter.blif`.
pub(super) const AS_LATCHES: &str = "delete t:$scopeinfo\ntechmap\nopt -fast\nsimplemap\n\
                                     dfflegalize -cell $_DFF_?_ 01 -mince 999999 -minsrst 999999\nsimplemap\naigmap\n\
                                     write_blif miter.blif\n";

/// What a solver looks at.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Circuit {
    /// Two designs, side by side.
    Both,
    /// Both with registers of one.
    OneState(Shared),
}

impl Circuit {
    fn name(self) -> &'static str {
        match self {
            Self::Both => "both.blif",
            Self::OneState(Shared::All) => "one_state.blif",
            Self::OneState(Shared::Unreached) => "one_unreached_state.blif",
            Self::OneState(Shared::Alike) => "one_alike_state.blif",
        }
    }

    fn of(self, miter: &str) -> String {
        match self {
            Self::Both => of_one_output(miter),
            Self::OneState(shared) => with_one_state(miter, shared),
        }
    }
}

/// What a solver says of two designs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    /// They never differ.
    Never,
    /// Some inputs tell them apart: those in [`DIFFERENCE`].
    Sometimes,
    /// They do not differ in any of so many cycles from the first on, which were unrolled.
    NotWithin(u32),
    Nothing,
}

/// The file of inputs that tell two designs apart, as ABC writes it: what registers hold at first, then a line of bits for each cycle.
pub(super) const DIFFERENCE: &str = "difference.txt";

/// What ABC says of `circuit` of `miter` after it has merged registers that are always equal, and then after `commands`; nothing if it
/// takes more than `seconds` of processor time. The limit is the kernel's: ABC's own goes by the clock on the wall where it is WebAssembly.
///
/// # Errors
/// If Yosys fails.
pub(super) fn solved(
    yosys: &Tool,
    work: &Path,
    miter: &str,
    circuit: Circuit,
    commands: &str,
    seconds: u64,
) -> Result<Said, ToolError> {
    write(work, circuit.name(), &circuit.of(miter))?;
    let [status, reduced] = ["status.txt", "reduced.aig"].map(|name| work.join(name));
    for file in [&status, &reduced] {
        let _ = fs::remove_file(file); // of the run before, if there was one
    }
    // Yosys runs ABC only on a module; that it gets back another circuit, and fails, is of no matter. Its checkers want
    // registers that start at 0. The status before all is "unknown": of a native Yosys, which ABC's end does not end, it stays.
    let script = format!(
        "read_verilog carrier.v\ntechmap\n\
         abc -script \"+read_blif {};write_status status.txt;strash;zero;scorr;write_aiger reduced.aig;{commands};\
         write_status status.txt;write_cex -a {DIFFERENCE}\"\n",
        circuit.name()
    );
    write(work, "solve.ys", &script)?;
    write(work, "carrier.v", "module carrier (input a, input b, output y); assign y = a ^ b; endmodule\n")?;
    let output = yosys.output_within(work, &["-q", "-s", "solve.ys"], seconds)?;
    if fs::read(&reduced).is_ok_and(|reduced| is_never(&reduced)) {
        return Ok(Said::Never);
    }
    let Some(output) = output else { return Ok(Said::Nothing) };
    let Ok(said) = fs::read_to_string(&status) else {
        // ABC looks through gates recursively, and the stack of WebAssembly may be too short for that.
        return if text(&output).contains("call stack exhausted") {
            Ok(Said::Nothing)
        } else {
            Err(yosys.failure(&output))
        };
    };
    let mut words = said.split_whitespace();
    let (verdict, passed) = (words.next(), words.next().and_then(|word| word.parse::<u32>().ok()));
    Ok(match (verdict, passed) {
        (Some("snl_UNSAT"), _) => Said::Never,
        // That a register may differ does not say that it is seen.
        (Some("snl_SAT"), _) if circuit == Circuit::Both => Said::Sometimes,
        // Of other checkers the number is none of cycles.
        (Some("snl_UNK"), Some(passed)) if commands.starts_with("bmc3") => Said::NotWithin(passed + 1),
        _ => Said::Nothing,
    })
}

/// Whether a circuit in the AIGER format has no register, no gate, and one output that is 0.
fn is_never(aiger: &[u8]) -> bool {
    let mut lines = aiger.split(|byte| *byte == b'\n');
    let header = lines.next().unwrap_or_default().split(|byte| *byte == b' ');
    let counts: Vec<&[u8]> = header.skip(3).collect();
    counts.first_chunk() == Some(&[&b"0"[..], b"1", b"0"]) && lines.next() == Some(b"0")
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
