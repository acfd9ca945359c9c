//! Whether hardware computes what its golden model computes: co-simulation of Verilog, seeded stalls, equality.
//!
//! [`simulate`] is the whole check. Beneath it, [`Model`] compiles Verilog into this process and runs it; [`compare`] finds
//! the first wrong integer.

mod abi;
mod alike;
mod blif;
mod case;
pub mod compare;
mod equivalence;
mod failure;
mod harness;
mod interpreted;
mod logic;
mod model;
mod mutants;
mod one_edge;
mod one_state;
mod plan;
mod proof;
mod report;
mod schedule;
mod simulate;
mod solver;
mod timing;
mod trace;
mod twin;
mod vcd;
mod verdict;
mod verilator;

pub use abi::Ending;
pub use case::Case;
pub use compare::Mismatch;
pub use equivalence::{Bound, Verdict, equivalent};
pub use failure::{Failure, Fault, Pass, Waveform};
pub use interpreted::{Readiness, interpret, interpret_with};
pub use model::{Model, Outcome, Run, Stalls};
pub use mutants::{Mutant, Mutants, SELECT, mutants};
pub use plan::Plan;
pub use proof::{Method, Proof, Proven, Sides, proof};
pub use report::Report;
pub use schedule::off_schedule;
pub use simulate::{Bench, RunOptions, simulate};
pub use timing::{OutputTiming, tenths};
pub use twin::{Desk, Twin};
pub use verilator::{Options, VerilatorTools};

use crate::tools::ToolError;
use std::path::PathBuf;

/// Why a simulation gave no good result.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// The design does not do what it must.
    #[error("{0}")]
    Failed(Box<Failure>),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error(transparent)]
    CannotLoad(#[from] CannotLoad),
}

/// A compiled model that cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[error("the compiled model {} cannot be loaded; remove it and try again: {source}", .path.display())]
pub struct CannotLoad {
    path: PathBuf,
    source: libloading::Error,
}
