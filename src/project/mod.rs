//! A design, generated, simulated, synthesized: values that a program can hold.
//!
//! [`Project::generate`] makes the Verilog of a design. [`Dut`] is what of it is simulated: the Verilog, the netlist or the
//! bitstream. [`simulate`], [`synthesize`], [`flow`], [`mutate`] and [`prove`] compute, and write nothing but the caches of the tools;
//! [`Output`] writes what they give into a folder. Nothing here prints: a [`crate::tools::Progress`] says what is being done.
//!
//! [`estimate`] says without any tool what a synthesis would say. [`check`] is the verification of one datapath, for whoever writes one.
//!
//! A fault, a missed clock or a device that is too small is no [`Error`] but a result with all its numbers, whose `unmet()`
//! says what does not hold.

mod budget;
mod check;
mod cycles;
mod data;
mod described;
mod dut;
mod error;
mod estimate;
mod expected;
mod figures;
mod files;
mod fit;
mod flashed;
mod flow;
mod generate;
mod golden;
mod hosted;
mod identity;
mod json;
mod load;
mod manifest;
mod mutate;
mod mutated;
mod on_line;
mod output;
mod page;
mod probes;
mod products;
mod prove;
mod publish;
mod record;
mod references;
mod results;
mod run;
mod serve;
mod shown;
mod simulate;
mod stage;
mod stimuli;
mod synthesize;
mod talk;

pub use crate::verilog::Comments;
pub use budget::check_board;
pub use check::{CheckError, Checked, cases_of, check, check_interpreted, check_on, check_simulated};
pub use data::{Digits, Mnist};
pub use dut::Dut;
pub use error::Error;
pub use estimate::{Estimated, Part, estimate};
pub use figures::figures;
pub use files::{check_folder, folder_of, write, write_new};
pub use fit::{FitRequest, Fitted, fit};
pub use flow::{Flow, flow};
pub use generate::Project;
pub use golden::{Golden, golden};
pub use hosted::{Hosted, RunRequest, run};
pub use identity::shown as shown_identity;
pub use json::{Formatted, json};
pub use load::{Loaded, load};
pub use manifest::Manifest;
pub use mutate::{Mutation, mutate};
pub use mutated::{Fate, Mutated, Trial};
pub use output::Output;
pub use page::page;
pub use products::shared_out;
pub use prove::{Proved, prove};
pub use results::TensorFormat;
pub use serve::{Noise, serve, twin};
pub use shown::Shown;
pub use simulate::{Simulated, Waves, simulate};
pub use stage::Stage;
pub use stimuli::Stimuli;
pub use synthesize::{Passed, Synthesized, synthesize};
