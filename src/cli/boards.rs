//! `ternlet boards`

use super::answer::{Answer, Failure};
use crate::device::{Board, Family, Resources};
use clap::Args;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct Row {
    board: String,
    title: String,
    family: Family,
    device: String,
    package: String,
    oscillator_mhz: f64,
    resources: Resources,
}

#[derive(Serialize)]
struct Boards {
    boards: Vec<Row>,
}

/// The boards that a design can be made for.
///
/// A design may also name a file that describes its board: `--show` prints one to start from.
#[derive(Args)]
#[command(after_long_help = "Example:\n  ternlet boards --show icebreaker > mine.toml")]
pub struct Arguments {
    /// Print the description of this board.
    #[arg(long, value_name = "BOARD")]
    show: Option<String>,
}

pub fn run(arguments: Arguments) -> Result<Answer, Failure> {
    if let Some(name) = arguments.show {
        let text =
            Board::description(&name).map_err(|error| Failure::BadInput(format!("--show: {error}")))?;
        return Ok(Answer::new(&json!({ "board": name, "description": text }), text.trim_end()));
    }
    let row = |board: Board| Row {
        board: board.name,
        title: board.title,
        family: board.family,
        device: board.device,
        package: board.package,
        oscillator_mhz: board.oscillator_mhz,
        resources: board.resources,
    };
    let boards = Boards { boards: Board::all().into_iter().map(row).collect() };
    let lines: Vec<String> = boards
        .boards
        .iter()
        .map(|row| {
            let Resources { lut4, ff, block_ram, dsp, .. } = row.resources;
            format!(
                "{:<12} {:<28} {:>6} LUT4 {:>6} FF {:>4} block RAM {:>4} DSP {:>5} MHz oscillator",
                row.board, row.title, lut4, ff, block_ram, dsp, row.oscillator_mhz
            )
        })
        .collect();
    Ok(Answer::new(&boards, lines.join("\n")))
}
