//! Rungs 1 and 2 of the verification ladder, for any datapath.

pub use ternlet::datapath::NoFiles;
use ternlet::datapath::{Config, Datapath};
use ternlet::hdl::Timing;
use ternlet::project::{cases_of, check_interpreted, check_simulated};
use ternlet::stream::Transfers;
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::{Case, Report, VerilatorTools};

/// The datapath of the keys of a `[datapath]` table.
pub fn datapath<C: Config>(toml: &str) -> Box<dyn Datapath> {
    let config: C = toml::from_str(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
    config.load(&NoFiles).unwrap_or_else(|errors| panic!("{}\n{toml}", errors[0]))
}

/// The problems of a configuration, one a line.
pub fn problems<C: Config>(toml: &str) -> String {
    match toml::from_str::<C>(toml) {
        Err(error) => error.to_string(),
        Ok(config) => match config.load(&NoFiles) {
            Ok(_) => panic!("no problem"),
            Err(errors) => errors.iter().map(|error| format!("{error}\n")).collect(),
        },
    }
}

/// Corner transfers and `frames` random frames from `seed`.
pub fn stimuli(datapath: &dyn Datapath, frames: usize, seed: u64) -> Vec<Transfers> {
    cases_of(datapath, frames, seed).into_iter().map(|case| case.inputs).collect()
}

/// Rung 1: the interpreter computes the golden tokens at several pipeline depths, with stalls.
pub fn interpreter(datapath: &dyn Datapath, frames: usize, seed: u64) {
    for timing in [Timing::combinational(), Timing::levels(4), Timing::levels(1)] {
        interpreter_at(timing, datapath, frames, seed);
    }
}

/// The same at one pipeline depth.
pub fn interpreter_at(timing: Timing, datapath: &dyn Datapath, frames: usize, seed: u64) {
    check_interpreted(datapath, &cases_of(datapath, frames, seed), timing)
        .unwrap_or_else(|error| panic!("{}: {error}", datapath.doc()));
}

pub fn tools() -> VerilatorTools {
    let toolchain = Toolchain::new(Progress::quiet()).expect("a cache folder");
    VerilatorTools::of(&toolchain).unwrap_or_else(|error| panic!("{error}"))
}

/// Rung 2: the Verilog under Verilator computes the golden tokens, under every kind of stall.
pub fn verilator(datapath: &dyn Datapath, frames: usize, seed: u64, timing: Timing) -> Report {
    verilator_on(datapath, &cases_of(datapath, frames, seed), seed, timing)
}

/// The Verilog under Verilator gives what the `cases` expect, whoever says it.
pub fn verilator_on(datapath: &dyn Datapath, cases: &[Case], seed: u64, timing: Timing) -> Report {
    check_simulated(&tools(), datapath, cases, seed, timing)
        .unwrap_or_else(|error| panic!("{}: {error}", datapath.doc()))
}
