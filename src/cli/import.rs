//! `ternlet import`

use super::answer::{Answer, Failure};
use super::arguments::GoalArguments;
use crate::datapath::Catalog;
use crate::design::DEFAULT_BOARD;
use crate::device::{Board, Family};
use crate::flow::clock_mhz;
use crate::fold::{Folded, Target};
use crate::import::{Check, Imported, InputMeaning, Report, Request, Wishes, import};
use crate::project::{CheckError, check_on, write_new};
use crate::tools::{Progress, Toolchain};
use clap::Args;
use serde::Serialize;
use std::fmt;
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
    /// With --check: simulate the Verilog too, on the first frames of that tensor, under every kind of stall.
    #[arg(long, requires = "check", value_name = "FRAMES", num_args = 0..=1, default_missing_value = "4")]
    hardware: Option<usize>,
}

/// What became of each node, and of the check.
#[derive(Serialize)]
struct Answered {
    #[serde(flatten)]
    report: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hardware: Option<Hardware>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folded: Option<Folded>,
}

/// What the Verilog gave for the first frames of a check.
#[derive(Serialize)]
struct Hardware {
    frames: usize,
    /// Runs of each frame, each with other stalls.
    passes: usize,
    beats: usize,
    cycles: u64,
    /// The first integer that is not the golden model's, as a person reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

impl Hardware {
    /// Simulates the design on up to `frames` frames of a file.
    fn of(
        imported: &Imported,
        (given, frames): (&str, usize),
        clock: (Family, f64),
        catalog: &Catalog,
        progress: &Progress,
    ) -> Result<Self, Failure> {
        let (network, inputs) = imported
            .simulated(given, frames, catalog)
            .map_err(|why| Failure::BadInput(format!("--check: {why}")))?;
        match check_on(&Toolchain::new(progress.clone())?, &network, inputs, clock) {
            Ok(report) => Ok(Self {
                frames: report.frames,
                passes: report.passes,
                beats: report.beats_out,
                cycles: report.cycles,
                fault: None,
            }),
            Err(CheckError::Tool(error)) => Err(error.into()),
            Err(error) => Ok(Self { frames, passes: 0, beats: 0, cycles: 0, fault: Some(error.to_string()) }),
        }
    }
}

impl fmt::Display for Hardware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Some(fault) => write!(f, "the Verilog differs: {fault}"),
            None => write!(
                f,
                "the Verilog gives the same {} beats of {} frames, each in {} runs of other stalls, {} cycles",
                self.beats, self.frames, self.passes, self.cycles
            ),
        }
    }
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { model, output, board, frequency, goal, input, input_shape, check, hardware } = arguments;
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
    let report = imported.report_on(Target::of(&on, mhz), catalog)?;
    let simulated = check
        .as_deref()
        .zip(hardware)
        .map(|given| Hardware::of(&imported, given, (on.family, clock_mhz(&on, mhz)), catalog, progress));
    let hardware = simulated.transpose()?;
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
    if let Some(hardware) = &hardware {
        shown = format!("{shown}\n{hardware}");
    }
    let wrong = hardware.as_ref().filter(|hardware| hardware.fault.is_some()).map(ToString::to_string);
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
    Ok(Answer::new(&Answered { report, check, hardware, folded }, text).unless(wrong.or(unmet)))
}

/// `1x1x28x28`.
fn shape(text: &str) -> Result<Vec<usize>, String> {
    let lengths = text.split(['x', ',']).map(|length| length.parse().ok()).collect::<Option<Vec<usize>>>();
    lengths.ok_or(format!("{text:?} is no shape; write one such as 1x1x28x28"))
}
