//! `ternlet generate`

use super::answer::{Answer, Failure};
use super::arguments::DesignArguments;
use crate::datapath::Catalog;
use crate::project::{Comments, Manifest};
use crate::tools::Progress;
use clap::Args;

/// Write the Verilog of a design, and a manifest of its streams.
///
/// The pipeline registers are placed for the design's clock on its board; everything lands in `build/<design name>/`:
/// `verilog/*.v`, one module a file, and `manifest.json` with the streams, their fields, ranges and lanes.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet generate examples/requantize.toml --board ulx3s --frequency 50"
)]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    /// What the Verilog says besides the hardware: headings, or also the source line of the generator after each declaration.
    #[arg(long, value_enum, default_value_t = CommentsArgument::Headings)]
    comments: CommentsArgument,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum CommentsArgument {
    Headings,
    Source,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let comments = match arguments.comments {
        CommentsArgument::Headings => Comments::Headings,
        CommentsArgument::Source => Comments::Source,
    };
    let (project, output) = arguments.design.open_with(None, comments, catalog, progress)?;
    output.publish_verilog(&project, None)?;
    let lines: usize = project.sources.iter().map(|source| source.text.lines().count()).sum();
    let modules = match project.sources.len() {
        1 => "1 module".to_owned(),
        count => format!("{count} modules"),
    };
    let text = format!(
        "{}: {}\n  {modules} of Verilog, {lines} lines, in {}\n  the streams are described in {}",
        project.design.name,
        project.design.datapath.doc(),
        output.path("verilog").display(),
        output.path("manifest.json").display()
    );
    Ok(Answer::new(&Manifest::of(&project, None), text))
}
