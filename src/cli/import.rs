//! `ternlet import`

use super::answer::{Answer, Failure};
use super::arguments::GoalArguments;
use crate::datapath::Catalog;
use crate::design::DEFAULT_BOARD;
use crate::device::Board;
use crate::flow::clock_mhz;
use crate::fold::{Folded, Target};
use crate::import::{Check, InputMeaning, Report, Request, Wishes, import};
use crate::project::write_new;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Import a trained network, an ONNX file: write a design that computes exactly what the file means.
///
/// Reads what Brevitas exports as QONNX and QCDQ, what onnxruntime quantizes (QDQ and QOperator), and FINN-ONNX with MultiThreshold. Scales,
/// batch norms and quantizers between two layers become thresholds or a multiplier, by exact arithmetic, compared with the file's meaning for
/// every accumulator that can come. With --rate, --cycles or --fit the layers are folded for it, as `ternlet fold` does. Without --output nothing is
/// written.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  ternlet import network.onnx --input u8/256 --rate 3000 -o network.toml\n  \
                    ternlet import unet.onnx --input-shape 1x1x36x90x78 --board ulx3s --frequency 40 -o unet.toml\n  \
                    ternlet import network.onnx --json      what became of each node"
)]
pub struct Arguments {
    /// The model.
    #[arg(value_name = "FILE.onnx")]
    model: PathBuf,
    /// The design file, which must not be there yet; next to it a file of tensors is written.
    #[arg(long, short, value_name = "FILE.toml")]
    output: Option<PathBuf>,
    /// The board; `ternlet boards` lists them.
    #[arg(long)]
    board: Option<String>,
    /// The clock frequency in MHz.
    #[arg(long, value_name = "MHZ")]
    frequency: Option<f64>,
    #[command(flatten)]
    goal: GoalArguments,
    /// The integers that come in, and what they are divided by to be the numbers that the model takes: u8/256
    /// [default: the codes of the model's first quantizer].
    #[arg(long, value_name = "TYPE[/DIVISOR]")]
    input: Option<String>,
    /// The shape of the model's input, where the file leaves it open or another is wanted: 1x1x28x28.
    #[arg(long, value_name = "1xCxHxW")]
    input_shape: Option<String>,
    /// Run the golden model on a tensor of integers, and compare the codes and classes that another program has recorded in the same file
    /// under the model's names.
    #[arg(long, value_name = "FILE.safetensors[:TENSOR]")]
    check: Option<String>,
}

/// What became of each node, and of the check.
#[derive(Serialize)]
struct Answered {
    #[serde(flatten)]
    report: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folded: Option<Folded>,
}

pub fn run(arguments: Arguments, catalog: &Catalog) -> Result<Answer, Failure> {
    let Arguments { model, output, board, frequency, goal, input, input_shape, check } = arguments;
    let refused = |option: &str, why: String| Failure::BadInput(format!("{option}: {why}"));
    let input =
        input.map(|text| InputMeaning::parse(&text)).transpose().map_err(|why| refused("--input", why))?;
    let shape =
        input_shape.map(|text| shape(&text)).transpose().map_err(|why| refused("--input-shape", why))?;
    let on = match &board {
        Some(board) => Board::named(board).map_err(|error| refused("--board", error.to_string()))?,
        None => Board::named(DEFAULT_BOARD).expect("a board"),
    };
    let mhz = frequency.unwrap_or(on.oscillator_mhz);
    let goal = goal.goal(clock_mhz(&on, mhz))?;
    let name = output.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
    let request = Request { model, name, board, frequency_mhz: frequency, wishes: Wishes { shape, input } };
    let imported = import(&request, catalog).map_err(|error| Failure::BadInput(error.to_string()))?;
    let (imported, folded) = match goal {
        None => (imported, None),
        Some(goal) => {
            let (imported, folded) = imported.folded(Target::of(&on, mhz), goal, catalog)?;
            (imported, Some(folded))
        }
    };
    let report = imported.report();
    let check = check
        .map(|given| imported.check(&given, catalog))
        .transpose()
        .map_err(|why| refused("--check", why))?;
    let mut shown = report.to_string();
    if let Some(folded) = &folded {
        shown = format!("{shown}\n{folded}");
    }
    if let Some(check) = &check {
        shown = format!("{shown}\n{check}");
    }
    let unexplained = check.as_ref().filter(|check| !check.is_explained());
    let unmet =
        unexplained.map(|check| format!("what is recorded differs where no close pair explains it: {check}"));
    let text = match output {
        None => shown,
        Some(path) => {
            for (path, bytes) in imported.files(&path) {
                write_new(&path, bytes)?;
            }
            let path = path.display();
            format!("{shown}\n{path} is written; run\n  ternlet simulate {path}\n  ternlet flow {path}")
        }
    };
    Ok(Answer::new(&Answered { report, check, folded }, text).unless(unmet))
}

/// `1x1x28x28`.
fn shape(text: &str) -> Result<Vec<usize>, String> {
    let lengths = text.split(['x', ',']).map(|length| length.parse().ok()).collect::<Option<Vec<usize>>>();
    lengths.ok_or(format!("{text:?} is no shape; write one such as 1x1x28x28"))
}
