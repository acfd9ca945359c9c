//! The only place that starts a process.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A program of another project, found or installed, ready to run.
#[derive(Clone, Debug)]
pub struct Tool {
    /// The name that a person knows it by: `yosys`, `nextpnr-ice40`.
    pub name: &'static str,
    pub program: PathBuf,
    /// Environment that every run needs.
    pub environment: Vec<(OsString, OsString)>,
    /// Its version, for reports and cache keys.
    pub version: String,
}

/// Why a tool is missing or failed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error("{tool} is not installed: {mend}")]
    Missing { tool: String, mend: String },
    #[error("{tool} failed ({status})\n{tail}")]
    Failed { tool: String, status: String, tail: String },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
}

impl Tool {
    /// Runs the tool in folder `cwd` to its end; an exit status other than 0 is an error that carries the last
    /// lines of its output. Arguments that are paths must be relative to `cwd`: the tools compiled to WebAssembly see no other.
    pub fn run(&self, cwd: &Path, args: &[&str]) -> Result<Output, ToolError> {
        let output = Command::new(&self.program)
            .args(args)
            .envs(self.environment.iter().cloned())
            .current_dir(cwd)
            .output()
            .map_err(|source| ToolError::Io { path: self.program.clone(), source })?;
        if output.status.success() {
            return Ok(output);
        }
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(20)..].join("\n");
        Err(ToolError::Failed { tool: self.name.into(), status: output.status.to_string(), tail })
    }
}
