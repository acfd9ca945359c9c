//! Names that a person gives to designs, nodes and streams: what Verilog, C++ and a file system take, before anything is built.

use super::value::{ONLY, WORLD};

/// The most letters of a name: a module's, which joins several, is the name of a file.
const LONGEST: usize = 64;

/// Modules that stand around a design, next to those of its nodes.
const AROUND: [&str; 8] = ["board", "host", "link", "linked", "link_line", "link_streams", "fed", "flash"];

/// What is wrong with a name of any kind.
///
/// Ports are called `<stream>_valid` and inner modules `<design>_<node>`: single underscores keep these apart from each other, and
/// Verilator from renaming them.
pub fn fault(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts || !name.chars().all(allowed) || name.contains("__") || name.ends_with('_') {
        let rule = "a name is lower-case letters, digits and single underscores between them, a letter first";
        Some(format!("{name:?}: {rule}; write such a name"))
    } else if name.len() > LONGEST {
        Some(format!("\"{name}\" has {} letters; write at most {LONGEST}", name.len()))
    } else {
        None
    }
}

/// What is wrong with the name of a node.
pub fn node_fault(name: &str) -> Option<String> {
    let taken = |what: &str| Some(format!("\"{name}\" {what}; choose another name"));
    match name {
        WORLD => taken("stands for what is outside"),
        ONLY => taken("stands for the only node of a design with a table [datapath]"),
        _ if AROUND.contains(&name) => taken("is what stands around a design"),
        _ => fault(name),
    }
}

/// Names with their keys, of which none may be there twice.
#[derive(Default)]
pub struct Once<'a> {
    known: std::collections::HashMap<&'a str, String>,
}

impl<'a> Once<'a> {
    /// What is wrong if `name` is given to `key` too.
    pub fn add(&mut self, name: &'a str, key: &str) -> Option<String> {
        let before = self.known.insert(name, key.to_owned())?;
        Some(format!("\"{name}\": {before} has this name too; rename one"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_every_tool_takes() {
        for name in ["a", "hidden_2", "x9", &"a".repeat(64)] {
            assert_eq!(node_fault(name), None);
        }
        for name in [
            "",
            "A",
            "2a",
            "_a",
            "a_",
            "a__b",
            "a b",
            "a.b",
            "ä",
            "a\n",
            &"a".repeat(65),
            "input",
            "datapath",
            "board",
            "host",
        ] {
            assert!(node_fault(name).is_some(), "{name:?}");
        }
        assert!(fault("a\u{1b}[2J").unwrap().starts_with("\"a\\u{1b}[2J\": a name is"));
        assert_eq!(fault("board"), None, "a stream may be called so");
    }
}
