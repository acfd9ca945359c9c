//! What became of one design, and its line between processes.

use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// The message of a design that cannot be.
    pub refused: Option<String>,
    /// What was shown to hold.
    pub checks: Vec<String>,
    /// What should not be.
    pub finding: Option<String>,
    /// Processor seconds from the file to the Verilog.
    pub generated_seconds: f64,
    /// The most memory until then.
    pub generated_bytes: u64,
}

const MARK: &str = "outcome: ";

/// The line that a process prints.
pub fn written(outcome: &Outcome) -> String {
    format!("{MARK}{}", serde_json::to_string(outcome).expect("plain values"))
}

/// That of a process that printed `text`.
pub fn read(text: &str) -> Option<Outcome> {
    text.lines().rev().find_map(|line| serde_json::from_str(line.strip_prefix(MARK)?).ok())
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { refused, checks, finding, generated_seconds, generated_bytes } = self;
        if let Some(refused) = refused {
            writeln!(f, "refused: {refused}")?;
        }
        if let Some(finding) = finding {
            writeln!(f, "FINDING: {finding}")?;
        }
        let megabytes = generated_bytes >> 20;
        write!(f, "holds: {}; Verilog after {generated_seconds:.2} s and {megabytes} MB", checks.join(", "))
    }
}
