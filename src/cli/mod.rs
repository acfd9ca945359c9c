//! The command line: one file per subcommand.

mod boards;
mod tools;

use crate::tools::{Progress, ToolError};
use clap::{CommandFactory, Parser, Subcommand};
use serde::Serialize;
use std::process::ExitCode;

/// A tool is missing or failed.
const TOOL_FAILED: u8 = 3;

/// Quantized, sparse datapaths as FPGA hardware that is proven to compute the right bits.
///
/// Exit status: 0 all held; 1 a check failed; 2 bad input; 3 a tool is missing or failed.
#[derive(Parser)]
#[command(name = "ternlet", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON object on stdout.
    #[arg(long, global = true)]
    json: bool,
    /// Say nothing of the progress.
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// The boards that a design can be made for.
    Boards,
    /// The programs that ternlet runs, and which of them are installed.
    Tools(tools::Arguments),
    /// A completion script for a shell: `ternlet completions bash > ~/.local/share/bash-completion/completions/ternlet`.
    Completions { shell: clap_complete::Shell },
}

/// Runs the command line of this process. Bad arguments end it here with status 2.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let progress = if cli.quiet { Progress::quiet() } else { Progress::new() };
    let result = match cli.command {
        Command::Boards => boards::run(cli.json),
        Command::Tools(arguments) => tools::run(arguments, cli.json, progress),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "ternlet", &mut std::io::stdout());
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(TOOL_FAILED)
        }
    }
}

/// Prints `value` as JSON, or as the lines of `text`.
fn print(json: bool, value: &impl Serialize, text: impl Iterator<Item = String>) -> Result<(), ToolError> {
    if json {
        let text = serde_json::to_string_pretty(value).expect("tables of numbers and strings");
        println!("{text}");
    } else {
        text.for_each(|line| println!("{line}"));
    }
    Ok(())
}
