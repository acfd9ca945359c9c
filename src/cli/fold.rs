//! `ternlet fold`

use super::answer::{Answer, Failure};
use super::arguments::{BoardArguments, GoalArguments};
use crate::datapath::Catalog;
use crate::design::{Design, TensorFiles, read_file};
use crate::flow::clock_mhz;
use crate::fold::{Folded, Target, fold, rewritten};
use crate::project::{folder_of, write_new};
use crate::tools::Progress;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Choose how many lanes, columns and rows of each node work at once, for a rate or for what the board has.
///
/// Each node gets the folding of least cost that keeps the pace; the graph, its adaptors and FIFOs with it, is then run to see that the whole
/// keeps it. Costs are estimates, cycles are exact. The keys are written into a copy of the design file, in which all else stays as it is.
#[derive(Args)]
#[command(
    mut_group("goal", |group| group.required(true)),
    after_long_help = "Examples:\n  ternlet fold examples/tcnn.toml --rate 7500 -o examples/tcnn_faster.toml\n  \
                       ternlet fold network.toml --fit --board ulx3s --frequency 60      what it would be"
)]
pub struct Arguments {
    /// The design file.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    #[command(flatten)]
    goal: GoalArguments,
    #[command(flatten)]
    board: BoardArguments,
    /// The folded design file, which must not be there yet, in the folder of the design; `-` prints it [default: none is written].
    #[arg(long, short, value_name = "FILE.toml")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
struct Answered {
    design: String,
    board: String,
    clock_mhz: f64,
    frames_per_second: f64,
    #[serde(flatten)]
    folded: Folded,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design: path, goal, board, output } = arguments;
    let refused = |why: String| Failure::BadInput(why);
    let choices = board.choices();
    let design = Design::read(&path, &choices, catalog)?;
    let elsewhere =
        |output: &&PathBuf| output.as_path() != Path::new("-") && folder_of(output) != folder_of(&path);
    if output.as_ref().filter(elsewhere).is_some() {
        let folder = folder_of(&path);
        let why = format!(
            "--output: the design names its files from its folder; write the folded one there, in {}",
            folder.display()
        );
        return Err(refused(why));
    }
    let board = &design.board;
    let clock = clock_mhz(board, design.frequency_mhz);
    let target = Target::of(board, design.frequency_mhz);
    let files = TensorFiles::relative_to(folder_of(&path));
    let goal = goal.goal(clock)?.expect("one of the goals is required");
    let task = progress.task(&format!("folding {}", design.name));
    let folded = fold(&design.graph, catalog, &files, target, goal, &|done, all| task.at(done, all))?;
    drop(task);
    let frames_per_second = clock * 1e6 / folded.cycles_per_frame as f64;
    let mut text = format!(
        "{} for {}: {frames_per_second:.0} frames a second at {clock} MHz\n{folded}",
        design.name, board.title
    );
    if let Some(output) = output {
        let raw = String::from_utf8_lossy(&read_file(&path).map_err(|error| refused(error.to_string()))?)
            .into_owned();
        let written = rewritten(&raw, &folded, &choices)
            .map_err(|why| refused(format!("{}: {why}", path.display())))?;
        if output == Path::new("-") {
            text = written.trim_end().into();
        } else {
            write_new(&output, &written)?;
            let shown = output.display();
            text = format!("{text}\n{shown} is written; run\n  ternlet flow {shown}");
        }
    }
    let (name, board) = (design.name.clone(), design.board.name.clone());
    Ok(Answer::new(&Answered { design: name, board, clock_mhz: clock, frames_per_second, folded }, text))
}
