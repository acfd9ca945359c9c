//! A process for each design: what panics, locks or grows there is a finding here.

use crate::arguments::Depth;
use crate::outcome::{Outcome, read};
use std::fs::{self, File};
use std::process::{Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Seconds after which a design has locked: many times what any takes, also on a machine that does much else.
const MOST_SECONDS: u64 = 600;
/// Kilobytes that a process may map. Yosys alone maps more than 4 GB, of which it touches little.
const MOST_KILOBYTES: u64 = 12 << 20;

/// What becomes of the design of `seed`.
pub fn outcome(seed: u64, depth: Depth) -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (said, panicked) = (folder.path().join("said"), folder.path().join("panicked"));
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MOST_KILOBYTES}; exec \"$0\" \"$@\"")]).arg(program);
    command.args(["--child", &seed.to_string(), depth.word()]).arg(folder.path());
    command.stdout(File::create(&said).expect("a file")).stderr(File::create(&panicked).expect("a file"));
    let status = ended(command.env("RUST_BACKTRACE", "0"));
    let text = |path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
    match (status, read(&text(&said))) {
        (Some(status), Some(outcome)) if status.success() => outcome,
        (Some(status), _) => found(format!("{status}: {}", text(&panicked).trim())),
        (None, _) => found(format!("no end within {MOST_SECONDS} s")),
    }
}

fn found(finding: String) -> Outcome {
    Outcome { finding: Some(finding), ..Outcome::default() }
}

/// How it ends; none if it does not, and is ended.
fn ended(command: &mut Command) -> Option<ExitStatus> {
    let mut child = command.spawn().expect("a shell");
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(MOST_SECONDS) {
        if let Some(status) = child.try_wait().expect("a child") {
            return Some(status);
        }
        sleep(Duration::from_millis(20));
    }
    _ = child.kill();
    _ = child.wait();
    None
}
