//! `ternlet golden`

use super::answer::{Answer, Failure};
use crate::datapath::Catalog;
use crate::design::{Choices, Design, extension_of};
use crate::project::{Error, TensorFormat, check_folder, folder_of, golden};
use crate::tools::Progress;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Run the golden model alone: the integers that the hardware must compute.
///
/// Writes a safetensors file with a tensor of I64 for each output stream, one row a frame; or, where there is one output
/// stream, a .npy file of int64.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet golden design.toml --input digits.safetensors:test.image --output scores.safetensors"
)]
pub struct Arguments {
    /// The design file.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    /// The data, instead of the design file's: a .safetensors, .npy or .png file.
    #[arg(long, value_name = "FILE[:TENSOR]")]
    input: Option<String>,
    /// Where the results go.
    #[arg(long, short, value_name = "FILE.safetensors|FILE.npy")]
    output: PathBuf,
}

#[derive(Serialize)]
struct Written {
    design: String,
    /// The shape of each output: frames, integers in a frame.
    outputs: BTreeMap<String, Vec<usize>>,
    output: PathBuf,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, input, output } = arguments;
    let refused = |why: &str| Failure::BadInput(format!("--output {}: {why}", output.display()));
    let format = match extension_of(&output).as_str() {
        "safetensors" => TensorFormat::Safetensors,
        "npy" => TensorFormat::Npy,
        _ => return Err(refused("results are written as .safetensors or .npy")),
    };
    let mut design = Design::read(&design, &Choices::default(), catalog)?;
    if let Some(input) = input {
        design.replace_input(&input)?;
    }
    if design.is_from(&output) {
        return Err(refused("the design is read from this file; name another one"));
    }
    progress.note(design.datapath.doc());
    check_folder(&folder_of(&output))?;
    let golden = golden(&design, &output, format).map_err(|error| match error {
        Error::Refused(why) => refused(&why),
        error => error.into(),
    })?;
    let line = |(name, shape): &(String, Vec<usize>)| format!("  {name} {shape:?}");
    let text = golden.outputs.iter().map(line).collect::<Vec<_>>().join("\n");
    let text = format!("{}: golden results in {}\n{text}", golden.design, output.display());
    let outputs = golden.outputs.into_iter().collect();
    Ok(Answer::new(&Written { design: golden.design, outputs, output }, text))
}
