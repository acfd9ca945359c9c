//! The only place that starts a process.

use std::ffi::OsString;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A program of another project, found or installed, ready to run.
#[derive(Clone, Debug)]
pub struct Tool {
    /// The name that a person knows it by: `yosys`, `nextpnr-ice40`.
    pub name: &'static str,
    pub program: PathBuf,
    /// Arguments that every run needs, before its own.
    pub arguments: Vec<OsString>,
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

impl ToolError {
    /// For `map_err`: an input or output error at `path`.
    pub fn at(path: &Path) -> impl FnOnce(std::io::Error) -> ToolError + '_ {
        |source| ToolError::Io { path: path.into(), source }
    }
}

impl Tool {
    /// A program that needs no arguments or environment of its own.
    pub fn new(name: &'static str, program: impl Into<PathBuf>, version: impl Into<String>) -> Tool {
        let (arguments, environment) = (Vec::new(), Vec::new());
        Tool { name, program: program.into(), arguments, environment, version: version.into() }
    }

    /// Runs the tool in folder `cwd` to its end; an exit status other than 0 is an error that carries the last
    /// lines of its output. Arguments that are paths must be relative to `cwd`: the tools compiled to WebAssembly see no other.
    pub fn run(&self, cwd: &Path, args: &[&str]) -> Result<Output, ToolError> {
        let output = self.output(cwd, args)?;
        if output.status.success() { Ok(output) } else { Err(self.failure(&output)) }
    }

    /// As [`Tool::run`], but a failure is the caller's to read in the output's status and text.
    pub fn output(&self, cwd: &Path, args: &[&str]) -> Result<Output, ToolError> {
        Command::new(&self.program)
            .args(&self.arguments)
            .args(args)
            .envs(self.environment.iter().cloned())
            .current_dir(cwd)
            .stdin(Stdio::null())
            .output()
            .map_err(ToolError::at(&self.program))
    }

    /// As [`Tool::output`], but ends the run after `time`; then there is no output.
    pub fn output_within(
        &self,
        cwd: &Path,
        args: &[&str],
        time: Duration,
    ) -> Result<Option<Output>, ToolError> {
        let failed = |source| ToolError::at(&self.program)(source);
        // Into files, as a pipe that nobody reads stops the run when it is full.
        let mut said = [tempfile::tempfile().map_err(failed)?, tempfile::tempfile().map_err(failed)?];
        let [stdout, stderr] = [said[0].try_clone().map_err(failed)?, said[1].try_clone().map_err(failed)?];
        let mut running = Command::new(&self.program)
            .args(&self.arguments)
            .args(args)
            .envs(self.environment.iter().cloned())
            .current_dir(cwd)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
            .map_err(failed)?;
        let end = Instant::now() + time;
        let status = loop {
            if let Some(status) = running.try_wait().map_err(failed)? {
                break status;
            }
            if Instant::now() >= end {
                running.kill().and_then(|()| running.wait()).map_err(failed)?;
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let mut texts = [Vec::new(), Vec::new()];
        for (file, text) in said.iter_mut().zip(&mut texts) {
            file.rewind().and_then(|()| file.read_to_end(text)).map_err(failed)?;
        }
        let [stdout, stderr] = texts;
        Ok(Some(Output { status, stdout, stderr }))
    }

    /// The error that says what `output`, of a run that failed, ends with.
    pub fn failure(&self, output: &Output) -> ToolError {
        let text = text(output);
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(20)..].join("\n");
        ToolError::Failed { tool: self.name.into(), status: output.status.to_string(), tail }
    }
}

/// What a run printed: standard output, then standard error.
pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// The program called `name` on PATH; a `name` with a slash is a path already.
pub fn on_path(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Path::new(name).is_file().then(|| name.into());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_carries_the_last_lines() {
        let shell = Tool::new("sh", "/bin/sh", "");
        let error =
            shell.run(Path::new("/"), &["-c", "echo first; echo 'no such net' >&2; exit 3"]).unwrap_err();
        assert_eq!(error.to_string(), "sh failed (exit status: 3)\nfirst\nno such net");
    }

    #[test]
    fn leading_arguments_and_environment_reach_the_program() {
        let mut shell = Tool::new("sh", "/bin/sh", "");
        shell.arguments = vec!["-c".into(), "echo $LANE $0".into()];
        shell.environment = vec![("LANE".into(), "7".into())];
        assert_eq!(shell.run(Path::new("/"), &["x"]).unwrap().stdout, b"7 x\n");
    }

    #[test]
    fn a_run_ends_with_its_time() {
        let shell = Tool::new("sh", "/bin/sh", "");
        let run = |script: &str, time| shell.output_within(Path::new("/"), &["-c", script], time).unwrap();
        assert!(run("sleep 600", Duration::from_millis(1)).is_none());
        let output = run("echo sum; echo net >&2; exit 3", Duration::from_secs(600)).unwrap();
        assert_eq!((output.status.code(), text(&output)), (Some(3), "sum\nnet\n".into()));
    }

    #[test]
    fn a_program_that_is_not_there_names_its_path() {
        let error = Tool::new("yosys", "/nowhere/yosys", "").run(Path::new("/"), &[]).unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/yosys: "), "{error}");
        assert_eq!(on_path("no such program"), None);
        assert!(on_path("sh").is_some());
    }
}
