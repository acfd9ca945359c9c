//! The command line: one file per subcommand.

mod answer;
mod arguments;
mod boards;
mod datapaths;
mod estimate;
mod fault;
mod fit;
mod flow;
mod fold;
mod generate;
mod golden;
mod import;
mod load;
mod mutate;
mod new;
mod progress;
mod prove;
mod run;
mod simulate;
mod synthesize;
mod tools;
mod train;
mod twin;

pub use progress::shown as shown_progress;

use crate::datapath::Catalog;
use crate::tools::Progress;
use answer::{Answer, Failure};
use clap::{CommandFactory, Parser, Subcommand};
use fault::caught;
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;

/// Quantized, sparse datapaths as FPGA hardware that is proven to compute the right bits.
///
/// A design file names a datapath, a board and a clock. Start with `ternlet new requantize`, then `ternlet flow requantize.toml`.
///
/// Exit status: 0 all held; 1 a check failed; 2 bad input; 3 a tool is missing or failed; 4 a fault of ternlet itself.
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
    /// Say also what was read, made and written.
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Subcommand)]
enum Command {
    New(new::Arguments),
    Fit(fit::Arguments),
    Import(import::Arguments),
    Train(train::Arguments),
    Estimate(estimate::Arguments),
    Generate(generate::Arguments),
    Simulate(simulate::Arguments),
    Synthesize(synthesize::Arguments),
    Flow(flow::Arguments),
    Load(load::Arguments),
    Run(run::Arguments),
    Twin(twin::Arguments),
    Fold(fold::Arguments),
    Golden(golden::Arguments),
    Mutate(mutate::Arguments),
    Prove(prove::Arguments),
    /// The datapaths that there are.
    Datapaths,
    Boards(boards::Arguments),
    /// The programs that ternlet runs, and which of them are installed.
    Tools(tools::Arguments),
    /// A completion script for a shell: `ternlet completions bash > ~/.local/share/bash-completion/completions/ternlet`.
    Completions {
        shell: clap_complete::Shell,
    },
}

/// Runs the command line of this process. Bad arguments end it here with status 2.
pub fn main() -> ExitCode {
    main_with(&Catalog::standard())
}

/// As [`main`], with the datapaths of `catalog`: the whole command line of a crate that adds its own.
///
/// ```no_run
/// use ternlet::cli::main_with;
/// use ternlet::datapath::Catalog;
///
/// fn main() -> std::process::ExitCode {
///     main_with(&Catalog::standard()) // .with::<MyConfig>()
/// }
/// ```
pub fn main_with(catalog: &Catalog) -> ExitCode {
    let cli = Cli::parse();
    let progress = if cli.quiet { Progress::quiet() } else { shown_progress(cli.verbose) };
    let run = || match cli.command {
        Command::New(arguments) => new::run(arguments, catalog),
        Command::Fit(arguments) => fit::run(arguments),
        Command::Import(arguments) => import::run(arguments, catalog, &progress),
        Command::Train(arguments) => train::run(arguments, catalog, &progress),
        Command::Estimate(arguments) => estimate::run(arguments, catalog),
        Command::Generate(arguments) => generate::run(arguments, catalog, &progress),
        Command::Simulate(arguments) => simulate::run(arguments, catalog, &progress),
        Command::Synthesize(arguments) => synthesize::run(arguments, catalog, &progress),
        Command::Flow(arguments) => flow::run(arguments, catalog, &progress),
        Command::Load(arguments) => load::run(arguments, catalog, &progress),
        Command::Run(arguments) => run::run(arguments, catalog, &progress),
        Command::Twin(arguments) => twin::run(arguments, catalog, &progress),
        Command::Fold(arguments) => fold::run(arguments, catalog, &progress),
        Command::Golden(arguments) => golden::run(arguments, catalog, &progress),
        Command::Mutate(arguments) => mutate::run(arguments, catalog, &progress),
        Command::Prove(arguments) => prove::run(arguments, catalog, &progress),
        Command::Datapaths => datapaths::run(catalog),
        Command::Boards(arguments) => boards::run(arguments),
        Command::Tools(arguments) => tools::run(arguments, &progress),
        Command::Completions { shell } => Ok(completions(shell)),
    };
    end(cli.json, caught(run))
}

fn completions(shell: clap_complete::Shell) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ternlet", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    Answer::new(&json!({ "shell": shell.to_string(), "script": script }), script.trim_end())
}

/// Prints `text` on standard output. Whoever reads may have read enough and closed the pipe.
fn printed(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout();
    let print = || match text.is_empty() {
        true => Ok(()),
        false => writeln!(output, "{text}").and_then(|()| output.flush()),
    };
    match { print }() {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::BadInput(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// `text` without characters that a terminal obeys, or that turn what follows: names of files and keys may hold them.
fn shown(text: &str) -> String {
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t';
    let turning =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let escaped =
        |c: char| if obeyed(c) || turning(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

/// Prints the answer on standard output and what is wrong on standard error.
fn end(json: bool, result: Result<Answer, Failure>) -> ExitCode {
    let answer = result.unwrap_or_else(Answer::of_failure);
    let text = if json { answer.json } else { answer.text };
    let failure = answer.failure.or(printed(&text).err());
    match failure {
        None => ExitCode::SUCCESS,
        Some(failure) => {
            eprintln!("error: {}", shown(&failure.to_string()));
            ExitCode::from(failure.status())
        }
    }
}
