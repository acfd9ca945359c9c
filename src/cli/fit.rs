//! `ternlet fit`

use super::answer::{Answer, Failure};
use crate::project::{FitRequest, fit, write_new};
use clap::Args;
use std::path::{Path, PathBuf};

/// Choose the bits and steps of a wavelet quantizer for a bit budget, from a tensor or picture, and write the design file.
///
/// Each subband gets the bits that lower the mean squared error most. What the same bits do without a transform, and with equal
/// bits for every subband, is reported next to it.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet fit examples/data/camera.png --bits 2 --levels 1\n  \
                    ternlet fit weights.safetensors:layer1.weight --bits 3 --scheme jpeg2000_5_3 -o weights.toml\n  \
                    ternlet fit examples/data/camera.png --bits 2 -o -          prints the design file")]
pub struct Arguments {
    /// A .safetensors, .npy or .png file of 1 to 3 axes.
    #[arg(value_name = "FILE[:TENSOR]")]
    input: String,
    /// Bits a value on average, at most.
    #[arg(long)]
    bits: f64,
    /// A built-in scheme of `ternlet new lifting`.
    #[arg(long, default_value = "haar")]
    scheme: String,
    #[arg(long, default_value_t = 1)]
    levels: u32,
    /// The innermost axes that make a frame, 1 to 3; those before them count frames [default: all].
    #[arg(long)]
    axes: Option<usize>,
    /// The design file, which must not be there yet; `-` prints it [default: none is written].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> Result<Answer, Failure> {
    let Arguments { input, bits, scheme, levels, axes, output } = arguments;
    let fitted = fit(&FitRequest { input, bits, scheme, levels, axes }, output.as_deref())?;
    let text = match output.as_deref() {
        None => fitted.to_string(),
        Some(path) if path == Path::new("-") => fitted.design.trim_end().into(),
        Some(path) => {
            write_new(path, &fitted.design)?;
            let shown = path.display();
            format!("{fitted}\n{shown} is written; run\n  ternlet simulate {shown}")
        }
    };
    Ok(Answer::new(&fitted, text))
}
