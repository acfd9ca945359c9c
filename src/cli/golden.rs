//! `ternlet golden`

use super::answer::{Answer, Failure};
use super::arguments::{check_results, refused_output, results_format};
use crate::datapath::Catalog;
use crate::design::{Accuracy, Choices, Design};
use crate::project::{Error, Golden, golden};
use crate::tools::Progress;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Run the golden model alone: the integers that the hardware must compute.
///
/// Writes a safetensors file with a tensor of I64 for each output stream, one row a frame; or, where there is one output
/// stream, a .npy file of int64. Where there are labels it prints how many outputs equal theirs, and of maps the Dice of each class.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet golden design.toml --input digits.safetensors:test.image --labels digits.safetensors:test.label --output scores.safetensors"
)]
pub struct Arguments {
    /// The design file.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    /// The data, instead of the design file's: a .safetensors, .npy or .png file.
    #[arg(long, value_name = "FILE[:TENSOR]")]
    input: Option<String>,
    /// The classes of that data, for the output that the table [labels] of the design file names.
    #[arg(long, value_name = "FILE[:TENSOR]", requires = "input")]
    labels: Option<String>,
    /// Where the results go.
    #[arg(long, short, value_name = "FILE.safetensors|FILE.npy")]
    output: PathBuf,
}

#[derive(Serialize)]
struct Written {
    design: String,
    /// The shape of each output: frames, integers in a frame.
    outputs: BTreeMap<String, Vec<usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy: Option<Accuracy>,
    output: PathBuf,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, input, labels, output } = arguments;
    let format = results_format(&output)?;
    let mut design = Design::read(&design, &Choices::default(), catalog)?;
    match (input, labels) {
        (Some(input), Some(labels)) => design.replace_input_and_labels(&input, &labels)?,
        (Some(input), None) => design.replace_input(&input)?,
        (None, _) => {}
    }
    progress.note(design.datapath.doc());
    check_results(&design, &output)?;
    let golden = golden(&design, &output, format).map_err(|error| match error {
        Error::Refused(why) => refused_output(&output, &why),
        error => error.into(),
    })?;
    let line = |(name, shape): &(String, Vec<usize>)| format!("  {name} {shape:?}");
    let accuracy = golden.accuracy.iter().map(|accuracy| format!("  accuracy {accuracy}"));
    let text = golden.outputs.iter().map(line).chain(accuracy).collect::<Vec<_>>().join("\n");
    let Golden { design, outputs, accuracy } = golden;
    let text = format!("{design}: golden results in {}\n{text}", output.display());
    let outputs = outputs.into_iter().collect();
    Ok(Answer::new(&Written { design, outputs, accuracy, output }, text))
}
