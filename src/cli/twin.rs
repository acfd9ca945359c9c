//! `ternlet twin`

use super::answer::{Answer, Failure};
use super::arguments::ChoicesArguments;
use crate::datapath::Catalog;
use crate::design::Design;
use crate::link::Terminal;
use crate::project::{Noise, Project, serve, twin};
use crate::tools::{Progress, Toolchain};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// Be the board: the whole board top of a design under Verilator, behind a port.
///
/// The pins of the serial line are those of the board, and `ternlet run` talks to the port as to a board's. It ends with Ctrl-C.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet twin examples/requantize.toml --pty /tmp/board &\n  ternlet run examples/requantize.toml --port /tmp/board --check"
)]
pub struct Arguments {
    /// The design file.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    #[command(flatten)]
    choices: ChoicesArguments,
    /// A name for the port: a link that is there as long as the twin.
    #[arg(long, value_name = "PATH")]
    pty: Option<PathBuf>,
    /// Turn over, lose and invent bytes on the line, three of a thousand.
    #[arg(long, value_name = "SEED")]
    noise: Option<u64>,
    /// What is in the flash of the board, in place of the image of the design's weights, where it takes some from there.
    #[arg(long, value_name = "FILE")]
    flash: Option<PathBuf>,
    /// What registers hold after power up.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Whether somebody has ended it.
static ENDS: AtomicBool = AtomicBool::new(false);

extern "C" fn end(_: libc::c_int) {
    ENDS.store(true, Ordering::Relaxed);
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, choices, pty, noise, flash, seed } = arguments;
    let design = Design::read(&design, &choices.choices(), catalog)?;
    let project = Project::generate(design, choices.dsp())?;
    let image = flash.map(|path| {
        let wrong = |error| Failure::BadInput(format!("--flash {}: {error}; name an image", path.display()));
        std::fs::read(&path).map_err(wrong)
    });
    let image = image.transpose()?;
    let (mut twin, serial) = twin(&Toolchain::new(progress.clone())?, &project, seed, image)?;
    let no_port = |error: std::io::Error| match &pty {
        Some(pty) => Failure::BadInput(format!("--pty {}: {error}; name a path that is free", pty.display())),
        None => Failure::ToolFailed(format!("this machine gives no pseudo-terminal: {error}")),
    };
    let mut terminal = Terminal::open(pty.as_deref()).map_err(no_port)?;
    let end = end as extern "C" fn(libc::c_int) as libc::sighandler_t;
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: the handler only sets a flag.
        unsafe { libc::signal(signal, end) };
    }
    let port = pty.clone().unwrap_or_else(|| terminal.path.clone());
    let name = &project.design.name;
    let _task = progress.task(&format!("{name} is at {}; Ctrl-C ends it", port.display()));
    serve(&mut twin, &mut terminal, noise.map(Noise::seeded), &ENDS)
        .map_err(|error| Failure::CheckFailed(format!("the twin of {name} stopped: {error}")))?;
    let seconds = twin.now().as_secs_f64();
    let text = format!("{name} was a board for {seconds:.3} s of its own time");
    Ok(Answer::new(&json!({ "design": name, "port": port, "baud": serial.baud, "seconds": seconds }), text))
}
