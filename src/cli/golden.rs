//! `ternlet golden`

use super::output::{check_folder, folder_of, write};
use super::{Answer, Failure, Session};
use crate::datapath::Tensor;
use crate::design::{Choices, Design, results, to_safetensors};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Run the golden model alone: the integers that the hardware must compute.
///
/// Writes a safetensors file with a tensor of I64 for each output stream, one row a frame.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet golden design.toml --input digits.safetensors:test.image --output scores.safetensors"
)]
pub struct Arguments {
    /// The design file.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    /// The data, instead of the design file's: a .safetensors or .png file.
    #[arg(long, value_name = "FILE[:TENSOR]")]
    input: Option<String>,
    /// Where the results go.
    #[arg(long, short, value_name = "FILE.safetensors")]
    output: PathBuf,
}

#[derive(Serialize)]
struct Golden {
    design: String,
    /// The shape of each output: frames, integers in a frame.
    outputs: BTreeMap<String, Vec<usize>>,
    output: PathBuf,
}

pub fn run(arguments: Arguments, session: Session) -> Result<Answer, Failure> {
    let Arguments { design, input, output } = arguments;
    if output.extension().is_none_or(|extension| extension != "safetensors") {
        let why = format!("--output {}: results are written as .safetensors", output.display());
        return Err(Failure::BadInput(why));
    }
    let mut design = Design::read(&design, &Choices::default())?;
    if let Some(input) = input {
        design.replace_input(&input)?;
    }
    let Some(inputs) = &design.input else {
        let why =
            format!("design {} has no data; give some with --input, or in its table [input]", design.name);
        return Err(Failure::BadInput(why));
    };
    session.note(design.datapath.doc());
    check_folder(&folder_of(&output))?;
    let outputs = design.datapath.golden(inputs);
    let frames = design.datapath.ports().outputs.into_iter().map(|port| port.frame_values);
    let tensors = results(&*design.datapath, &outputs).into_iter().zip(frames);
    let tensors: Vec<(String, Tensor)> = tensors
        .map(|((name, values), frame)| (name, Tensor { shape: vec![values.len() / frame, frame], values }))
        .collect();
    write(&output, to_safetensors(&tensors))?;
    let line = |(name, tensor): &(String, Tensor)| format!("  {name} {:?}", tensor.shape);
    let text = tensors.iter().map(line).collect::<Vec<_>>().join("\n");
    let text = format!("{}: golden results in {}\n{text}", design.name, output.display());
    let outputs = tensors.into_iter().map(|(name, tensor)| (name, tensor.shape)).collect();
    Ok(Answer::new(&Golden { design: design.name.clone(), outputs, output }, text))
}
