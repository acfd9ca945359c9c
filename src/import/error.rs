//! Why a model does not become a design.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What cannot be imported, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The node or tensor: `node "/net/net.7" (Conv)`; empty where it is the whole file.
    pub at: String,
    /// What is wrong and what to do, in a sentence.
    pub why: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{}: {source}; name an ONNX file that is there", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// All that can be said at once.
    #[error("{}: {}", .path.display(), listed(.problems))]
    Wrong { path: PathBuf, problems: Vec<Problem> },
}

impl Problem {
    pub fn new(at: impl Into<String>, why: impl fmt::Display) -> Self {
        Self { at: at.into(), why: why.to_string() }
    }

    pub fn of_file(why: impl fmt::Display) -> Self {
        Self::new("", why)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() { f.write_str(&self.why) } else { write!(f, "{}: {}", self.at, self.why) }
    }
}

fn listed(problems: &[Problem]) -> String {
    match problems {
        [one] => one.to_string(),
        _ => problems.iter().map(|problem| format!("\n  {problem}")).collect(),
    }
}
