//! What comments say of a node: the source line that made it, and its range.

use crate::hdl::Type;
use std::panic::Location;

/// `src/datapath/foo.rs:31`, relative to the crate of the file, so that it is the same on every machine.
pub fn place(at: &Location<'_>) -> String {
    let file = at.file().replace('\\', "/");
    let parts: Vec<&str> = file.split('/').collect();
    let root = parts.iter().rposition(|part| ["src", "tests", "examples", "benches"].contains(part));
    format!("{}:{}", parts[root.unwrap_or(parts.len() - 1)..].join("/"), at.line())
}

/// `-128..=127`; nothing for words, and for integers too long to read.
pub fn range(ty: &Type) -> Option<String> {
    match ty {
        Type::Int(range) if range.width() <= 64 => Some(range.to_string()),
        _ => None,
    }
}

/// Place and range of a node.
pub fn describe(at: &Location<'_>, ty: &Type) -> String {
    match range(ty) {
        Some(range) => format!("{}, {range}", place(at)),
        None => place(at),
    }
}
