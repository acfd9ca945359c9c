//! `ternlet load`

use super::answer::{Answer, Failure};
use super::arguments::ChoicesArguments;
use crate::datapath::Catalog;
use crate::design::Design;
use crate::project::{Project, check_board, load};
use crate::tools::{Progress, Toolchain};
use clap::Args;
use std::path::PathBuf;

/// Load the bitstream of a design into its board.
///
/// The bitstream is that of `ternlet synthesize`, made where it has not been. It is loaded by the first of the board's programs
/// that is on PATH, such as openFPGALoader or iceprog; where there is none the command is shown that would do.
///
/// Streams that a design takes from the flash of its board (link = { flash = ["w"] }) are written there before.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet load examples/requantize.toml && ternlet run examples/requantize.toml --check"
)]
pub struct Arguments {
    /// The design file.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    #[command(flatten)]
    choices: ChoicesArguments,
    /// Write only what stands in the flash: other weights for the bitstream that is there.
    #[arg(long)]
    only_flash: bool,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, choices, only_flash } = arguments;
    let design = Design::read(&design, &choices.choices(), catalog)?;
    let project = Project::generate(design, choices.dsp())?;
    check_board(&project.design)?;
    let loaded = load(&Toolchain::new(progress.clone())?, &project, only_flash)?;
    let notes = loaded.notes.iter().map(|note| format!("\n  {note}"));
    let text =
        format!("{} is loaded: {}{}", loaded.design, loaded.commands.join(" && "), notes.collect::<String>());
    Ok(Answer::new(&loaded, text))
}
