//! `ternlet tools`, `ternlet tools install`

use crate::tools::{Progress, ToolError, ToolStatus, Toolchain};
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

pub fn run(arguments: Arguments, json: bool, progress: Progress) -> Result<(), ToolError> {
    let toolchain = Toolchain::new(progress)?;
    if let Some(Action::Install) = arguments.action {
        toolchain.install()?;
    }
    let tools = Tools { tools: toolchain.status() };
    let text = tools.tools.iter().map(|tool| {
        let state = if tool.installed { "installed" } else { "missing" };
        format!("{:<24} {:<22} {state:<10} {}", tool.name, tool.version, tool.place)
    });
    super::print(json, &tools, text)
}
