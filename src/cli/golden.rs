//! `ternlet golden`

use super::output::{check_folder, folder_of, write};
use super::{Answer, Failure, Session};
use crate::datapath::{Catalog, Tensor};
use crate::design::{Choices, Design, results, to_npy, to_safetensors};
use crate::stream::Port;
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
struct Golden {
    design: String,
    /// The shape of each output: frames, integers in a frame.
    outputs: BTreeMap<String, Vec<usize>>,
    output: PathBuf,
}

pub fn run(arguments: Arguments, session: Session) -> Result<Answer, Failure> {
    let Arguments { design, input, output } = arguments;
    let refused = |why: &str| Err(Failure::BadInput(format!("--output {}: {why}", output.display())));
    let numpy = match output.extension().and_then(|extension| extension.to_str()) {
        Some("safetensors") => false,
        Some("npy") => true,
        _ => return refused("results are written as .safetensors or .npy"),
    };
    let mut design = Design::read(&design, &Choices::default(), &Catalog::standard())?;
    if let Some(input) = input {
        design.replace_input(&input)?;
    }
    let Some(inputs) = &design.input else {
        let why =
            format!("design {} has no data; give some with --input, or in its table [input]", design.name);
        return Err(Failure::BadInput(why));
    };
    let ports = design.datapath.ports().outputs;
    if numpy && ports.len() > 1 {
        return refused(
            "a .npy file holds one tensor, but there are several output streams; write .safetensors",
        );
    }
    session.note(design.datapath.doc());
    check_folder(&folder_of(&output))?;
    let outputs = design.datapath.golden(inputs);
    let tensors: Vec<(String, Tensor)> = results(&*design.datapath, &outputs)
        .into_iter()
        .zip(&ports)
        .map(|((name, values), port)| (name, Tensor { shape: shape(port, values.len()), values }))
        .collect();
    let bytes = if numpy { to_npy(&tensors[0].1) } else { to_safetensors(&tensors) };
    write(&output, bytes)?;
    let line = |(name, tensor): &(String, Tensor)| format!("  {name} {:?}", tensor.shape);
    let text = tensors.iter().map(line).collect::<Vec<_>>().join("\n");
    let text = format!("{}: golden results in {}\n{text}", design.name, output.display());
    let outputs = tensors.into_iter().map(|(name, tensor)| (name, tensor.shape)).collect();
    Ok(Answer::new(&Golden { design: design.name.clone(), outputs, output }, text))
}

/// Frames by integers in a frame; only the integers where frames are not equally long.
fn shape(port: &Port, values: usize) -> Vec<usize> {
    if port.is_varying() { vec![values] } else { vec![values / port.frame_values(), port.frame_values()] }
}
