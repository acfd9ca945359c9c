//! The upper rungs of the verification ladder: netlists of every family, bitstreams, and the checks themselves.

mod cells;
mod command;
mod flips;
mod mutants;
mod placed;
mod rungs;
#[path = "../support/small.rs"]
mod small;

use std::path::Path;
use std::process::{Command, Output};
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::VerilatorTools;

/// The installed tools, and what they have made before.
fn toolchain() -> Toolchain {
    Toolchain::new(Progress::quiet()).expect("a cache folder")
}

fn verilator(toolchain: &Toolchain) -> VerilatorTools {
    VerilatorTools::of(toolchain).unwrap_or_else(|error| panic!("{error}"))
}

fn ternlet_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    command.args(arguments).current_dir(folder).output().expect("the command line starts")
}

/// What was said on standard error.
fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}
