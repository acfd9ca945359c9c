//! What comments say of a node: the source line that made it, and its range where that is not the whole word.

use crate::hdl::Type;
use std::panic::Location;

/// `src/datapath/foo.rs:31`, relative to the crate of the file, so that it is the same on every machine.
pub fn place(at: &Location<'_>) -> String {
    let file = at.file().replace('\\', "/");
    let parts: Vec<&str> = file.split('/').collect();
    let root = parts.iter().rposition(|part| ["src", "tests", "examples", "benches"].contains(part));
    format!("{}:{}", parts[root.unwrap_or(parts.len() - 1)..].join("/"), at.line())
}

/// `-100..=100`; nothing for bits and words, for integers of a whole word, whose declaration says it, and for those too long
/// to read.
pub fn range(ty: &Type) -> Option<String> {
    match ty {
        Type::Int(range) if (2..=64).contains(&range.width()) && *range != range.word() => {
            Some(range.to_string())
        }
        _ => None,
    }
}
