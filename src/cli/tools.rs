//! `ternlet tools`, `ternlet tools install`

use super::answer::{Answer, Failure};
use crate::tools::{Progress, ToolStatus, Toolchain};
use clap::{Args, Subcommand};
use serde::Serialize;

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Install what is missing, pinned and without root, into the cache folder.
    Install,
}

#[derive(Serialize)]
struct Tools {
    tools: Vec<ToolStatus>,
}

pub fn run(arguments: Arguments, progress: &Progress) -> Result<Answer, Failure> {
    let toolchain = Toolchain::new(progress.clone())?;
    if let Some(Action::Install) = arguments.action {
        toolchain.install()?;
    }
    let tools = Tools { tools: toolchain.status() };
    let versions = tools.tools.iter().map(|tool| tool.version.len()).max().unwrap_or(0);
    let lines: Vec<String> = tools
        .tools
        .iter()
        .map(|tool| {
            let state = if tool.installed { "installed" } else { "missing" };
            format!("{:<20} {:<versions$} {state:<10} {}", tool.name, tool.version, tool.place)
        })
        .collect();
    Ok(Answer::new(&tools, lines.join("\n")))
}
