//! `ternlet new`

use super::answer::{Answer, Failure};
use crate::datapath::Catalog;
use crate::graph::examples;
use crate::project::write_new;
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Write a commented design file to start from.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet new requantize               writes requantize.toml\n  \
                    ternlet new requantize -o scale.toml\n  ternlet new requantize -o -          prints it")]
pub struct Arguments {
    /// The datapath, of which `ternlet datapaths` lists all; or `graph`, of several.
    kind: String,
    /// The design file, which must not be there yet; `-` prints it [default: <KIND>.toml].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(arguments: Arguments, catalog: &Catalog) -> Result<Answer, Failure> {
    let Arguments { kind, output } = arguments;
    let examples = examples(catalog);
    let Some(example) = examples.iter().find(|example| example.kind == kind) else {
        let kinds = catalog.kinds();
        return Err(Failure::BadInput(format!(
            "there is no datapath \"{kind}\"; the datapaths are {kinds}, and `graph` is several of them"
        )));
    };
    if output.as_deref() == Some(Path::new("-")) {
        return Ok(Answer::new(&json!({ "kind": kind, "design": example.text }), example.text.trim_end()));
    }
    let path = output.unwrap_or_else(|| format!("{kind}.toml").into());
    write_new(&path, example.text)?;
    let shown = path.display();
    let text =
        format!("{shown} is written; edit it, then run\n  ternlet simulate {shown}\n  ternlet flow {shown}");
    Ok(Answer::new(&json!({ "kind": kind, "file": path }), text))
}
