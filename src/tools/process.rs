//! The only place that starts a process.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::Duration;
use tempfile::NamedTempFile;

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
    /// Of our own environment what no run may see.
    pub without: Vec<OsString>,
    /// Its version, for reports and cache keys.
    pub version: String,
}

/// Why a tool is missing or failed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error("{tool} is not installed: {help}")]
    Missing { tool: String, help: String },
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
        Tool {
            name,
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            without: Vec::new(),
            version: version.into(),
        }
    }

    /// Runs the tool in folder `cwd` to its end; an exit status other than 0 is an error that carries the last
    /// lines of its output. Arguments that are paths must be relative to `cwd`: the tools compiled to WebAssembly see no other.
    pub fn run(&self, cwd: &Path, args: &[&str]) -> Result<Output, ToolError> {
        let output = self.output(cwd, args)?;
        if output.status.success() { Ok(output) } else { Err(self.failure(&output)) }
    }

    /// As [`Tool::run`], but a failure is the caller's to read in the output's status and text.
    pub fn output(&self, cwd: &Path, args: &[&str]) -> Result<Output, ToolError> {
        self.command(cwd, args).output().map_err(ToolError::at(&self.program))
    }

    fn command(&self, cwd: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).args(args).current_dir(cwd).stdin(Stdio::null());
        for name in &self.without {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().cloned());
        end_with_us(&mut command);
        command
    }

    /// As [`Tool::output`], but ends the run after `seconds` of processor time, which a busy machine does not use up; then there is no
    /// output. Each process that the run starts has as many for itself.
    pub fn output_within(
        &self,
        cwd: &Path,
        args: &[&str],
        seconds: u64,
    ) -> Result<Option<Output>, ToolError> {
        let mut command = self.command(cwd, args);
        limit_processor_time(&mut command, seconds);
        let output = command.output().map_err(ToolError::at(&self.program))?;
        Ok((output.status.signal() != Some(libc::SIGXCPU)).then_some(output))
    }

    /// As [`Tool::output`], but ends the run when what it has printed on standard error so far no longer satisfies `goes_on`; then
    /// there is no output. Gives also what was printed, standard output first.
    pub fn output_while(
        &self,
        cwd: &Path,
        args: &[&str],
        goes_on: impl Fn(&str) -> bool,
    ) -> Result<(Option<Output>, String), ToolError> {
        let mut polls = 0;
        let is_going_on = |log: &Path| {
            polls += 1;
            polls % 25 != 0 || fs::read(log).is_ok_and(|log| goes_on(&String::from_utf8_lossy(&log)))
        };
        let watched = self.watched(cwd, args, is_going_on)?;
        let text = String::from_utf8_lossy(&[&watched.stdout[..], &watched.stderr[..]].concat()).into_owned();
        Ok((watched.output(), text))
    }

    /// Runs the tool as long as `goes_on`, asked every 20 ms with the file of its standard error, says so.
    fn watched(
        &self,
        cwd: &Path,
        args: &[&str],
        mut goes_on: impl FnMut(&Path) -> bool,
    ) -> Result<Watched, ToolError> {
        let failed = |source| ToolError::at(&self.program)(source);
        // Into files, as a pipe that nobody reads stops the run when it is full.
        let said = [NamedTempFile::new().map_err(failed)?, NamedTempFile::new().map_err(failed)?];
        let [stdout, stderr] = [said[0].reopen().map_err(failed)?, said[1].reopen().map_err(failed)?];
        let mut running = self.command(cwd, args).stdout(stdout).stderr(stderr).spawn().map_err(failed)?;
        let status = loop {
            if let Some(status) = running.try_wait().map_err(failed)? {
                break Some(status);
            }
            if !goes_on(said[1].path()) {
                running.kill().and_then(|()| running.wait()).map_err(failed)?;
                break None;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let [stdout, stderr] = [fs::read(&said[0]).map_err(failed)?, fs::read(&said[1]).map_err(failed)?];
        Ok(Watched { status, stdout, stderr })
    }

    /// The error that says what `output`, of a run that failed, ends with.
    pub fn failure(&self, output: &Output) -> ToolError {
        let text = text(output);
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(20)..].join("\n");
        ToolError::Failed { tool: self.name.into(), status: output.status.to_string(), tail }
    }
}

/// What came of a run; no status where it was ended.
struct Watched {
    status: Option<ExitStatus>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Watched {
    fn output(self) -> Option<Output> {
        let Watched { status, stdout, stderr } = self;
        status.map(|status| Output { status, stdout, stderr })
    }
}

/// Has the kernel end the run when the thread that waits for it is gone, whatever signal ended ternlet.
#[cfg(target_os = "linux")]
fn end_with_us(command: &mut Command) {
    let parent = std::process::id();
    let prepare = move || {
        // SAFETY: both are system calls that may be made between fork and exec.
        let (set, is_orphan) =
            unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL), libc::getppid() as u32 != parent) };
        match (set, is_orphan) {
            (0, false) => Ok(()),
            (0, true) => Err(std::io::Error::other("ternlet ended")),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    // SAFETY: `prepare` allocates nothing where ternlet is there, and takes no lock.
    unsafe { command.pre_exec(prepare) };
}

#[cfg(not(target_os = "linux"))]
fn end_with_us(_: &mut Command) {}

/// Has the kernel end the run after so many seconds of processor time, without a dump of its memory.
fn limit_processor_time(command: &mut Command, seconds: u64) {
    let limits = [(libc::RLIMIT_CPU, seconds.max(1)), (libc::RLIMIT_CORE, 0)];
    let prepare = move || {
        for (resource, most) in limits {
            let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            // SAFETY: both are system calls that may be made between fork and exec; `limit` is theirs while they run.
            let is_set = unsafe {
                libc::getrlimit(resource, &mut limit) == 0 && {
                    limit.rlim_cur = limit.rlim_cur.min(most);
                    libc::setrlimit(resource, &limit) == 0
                }
            };
            if !is_set {
                return Err(std::io::Error::last_os_error());
            }
        }
        Ok(())
    };
    // SAFETY: `prepare` allocates nothing and takes no lock.
    unsafe { command.pre_exec(prepare) };
}

/// What a run printed: standard output, then standard error.
pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Runs a program of the user's to its end; all that it prints goes to standard error.
///
/// # Errors
/// If it cannot be started, or ends with a status other than 0.
pub fn run_shown(program: &Path, arguments: &[String]) -> Result<(), ToolError> {
    let failed = ToolError::at(program);
    let status = Command::new(program).args(arguments).stdout(std::io::stderr()).status().map_err(failed)?;
    match status.success() {
        true => Ok(()),
        false => Err(ToolError::Failed {
            tool: program.display().to_string(),
            status: status.to_string(),
            tail: "what it printed is above".into(),
        }),
    }
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
    fn a_run_ends_with_its_processor_time() {
        let shell = Tool::new("sh", "/bin/sh", "");
        let run = |script: &str| shell.output_within(Path::new("/"), &["-c", script], 1).unwrap();
        assert!(run("while true; do :; done").is_none());
        let output = run("sleep 2; echo sum; echo net >&2; exit 3").expect("waiting takes no processor time");
        assert_eq!((output.status.code(), text(&output)), (Some(3), "sum\nnet\n".into()));
        let output =
            run("sh -c 'while true; do :; done'; exit 4").expect("a process of the run ended, not the run");
        assert_eq!(output.status.code(), Some(4));
    }

    #[test]
    fn a_run_ends_when_what_it_says_is_no_good() {
        let shell = Tool::new("sh", "/bin/sh", "");
        let run = |script: &str| {
            shell.output_while(Path::new("/"), &["-c", script], |said| said.lines().count() < 3).unwrap()
        };
        let (ended, said) = run("while true; do echo again >&2; sleep 0.01; done");
        assert!(ended.is_none() && said.starts_with("again\nagain\nagain\n"));
        let (output, said) = run("echo net >&2; echo sum");
        assert_eq!((output.unwrap().stdout, said.as_str()), (b"sum\n".to_vec(), "sum\nnet\n"));
    }

    /// Whatever ends ternlet, what it started ends too.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_run_ends_with_the_thread_that_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let id = folder.path().join("id");
        let script = format!("echo $$ > {0}.new; mv {0}.new {0}; sleep 600", id.display());
        let shell = Tool::new("sh", "/bin/sh", "");
        let thread = std::thread::spawn(move || {
            drop(shell.command(Path::new("/"), &["-c", &script]).spawn().unwrap())
        });
        thread.join().unwrap();
        // It was killed before it could say its number, or after.
        let gone = || match fs::read_to_string(&id) {
            Ok(id) => fs::read_to_string(format!("/proc/{}/stat", id.trim()))
                .map_or(true, |stat| stat.contains(") Z ")),
            Err(_) => true,
        };
        assert!((0..500).any(|_| gone() || {
            std::thread::sleep(Duration::from_millis(20));
            false
        }));
    }

    #[test]
    fn a_program_that_is_not_there_names_its_path() {
        let error = Tool::new("yosys", "/nowhere/yosys", "").run(Path::new("/"), &[]).unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/yosys: "), "{error}");
        assert_eq!(on_path("no such program"), None);
        assert!(on_path("sh").is_some());
    }
}
