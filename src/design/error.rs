//! What is wrong with a design file, and where.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Why a design or its data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DesignError {
    #[error("{}: {source}{}", .path.display(), mend(source))]
    Unreadable { path: PathBuf, source: io::Error },
    /// All problems of a design file.
    #[error("{}", listed(.path, .problems))]
    Wrong { path: PathBuf, problems: Vec<Problem> },
    /// Something given beside the design file: `--input x.png`.
    #[error("--input {given}: {why}")]
    Given { given: String, why: String },
}

/// What to do about a file that cannot be read.
fn mend(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound => "; `ternlet new KIND` writes one to start from",
        io::ErrorKind::InvalidData => "; a design file is TOML, text in UTF-8",
        _ => "",
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1, and its text.
    pub line: Option<(usize, String)>,
    pub message: String,
}

fn listed(path: &Path, problems: &[Problem]) -> String {
    let one = |problem: &Problem| match &problem.line {
        Some((number, text)) => {
            format!("{}:{number}: {}\n  {number} | {}", path.display(), problem.message, shortened(text))
        }
        None => format!("{}: {}", path.display(), problem.message),
    };
    problems.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The start of a line that is too long to be shown, such as one with a whole matrix.
fn shortened(line: &str) -> String {
    const MOST: usize = 120;
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line.to_owned(),
    }
}

/// The text of a design file, in which keys are found again.
pub struct Text<'a> {
    pub raw: &'a str,
    root: DeValue<'a>,
}

impl<'a> Text<'a> {
    /// # Errors
    /// What is no TOML.
    pub fn parse(raw: &'a str) -> Result<Self, Problem> {
        match DeTable::parse(raw) {
            Ok(table) => Ok(Self { raw, root: DeValue::Table(table.into_inner()) }),
            Err(error) => Err(of_toml(raw, &error)),
        }
    }

    /// What is wrong at `key`, such as `datapath.layer[1].lanes`: its line, or that of the nearest table around it.
    pub fn problem(&self, key: &str, message: impl fmt::Display) -> Problem {
        let line = self.span_of(key).map(|span| line_at(self.raw, span.start));
        Problem { line, message: message.to_string() }
    }

    /// The string at `key`, if there is one.
    pub fn string(&self, key: &str) -> Option<&str> {
        let mut value = &self.root;
        for step in steps(key) {
            value = inside(value, step)?.1;
        }
        value.as_str()
    }

    fn span_of(&self, key: &str) -> Option<Range<usize>> {
        let (mut value, mut span) = (&self.root, None);
        for step in steps(key) {
            let Some((place, next)) = inside(value, step) else { break };
            (value, span) = (next, Some(place));
        }
        span
    }
}

fn steps(key: &str) -> impl Iterator<Item = &str> {
    key.split(['.', '[', ']']).filter(|step| !step.is_empty())
}

fn inside<'v, 'a>(value: &'v DeValue<'a>, step: &str) -> Option<(Range<usize>, &'v DeValue<'a>)> {
    match value {
        DeValue::Table(table) => {
            let (key, value) = table.get_key_value(step)?;
            Some((key.span(), value.get_ref()))
        }
        DeValue::Array(list) => {
            let value = list.get(step.parse::<usize>().ok()?)?;
            Some((value.span(), value.get_ref()))
        }
        _ => None,
    }
}

/// An error of the TOML reader, in the words of design files.
pub fn of_toml(raw: &str, error: &toml::de::Error) -> Problem {
    const WORDS: [(&str, &str); 6] = [
        ("expected usize", "expected a whole number, 0 or more"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected i64", "expected a whole number"),
        ("expected f64", "expected a number"),
        ("expected a sequence", "expected a list"),
        ("expected struct TensorRef", "expected a table { file = \"...\", tensor = \"...\" }"),
    ];
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    let message = WORDS.iter().fold(message, |message, (theirs, ours)| message.replace(theirs, ours));
    let line = error.span().map(|span| line_at(raw, span.start));
    let line = line.map(|line| culprit(raw, &line, &message).unwrap_or(line));
    Problem { line, message }
}

/// Where a table is told apart by its `kind`, the reader forgets places inside it and names the table's header: then
/// the first line below it, or below a table inside it, with the word that the message quotes.
fn culprit(raw: &str, header: &(usize, String), message: &str) -> Option<(usize, String)> {
    let table = |line: &str| line.trim_start_matches('[').split(']').next().unwrap_or_default().to_owned();
    let path = table(header.1.strip_prefix('[')?) + ".";
    if message.starts_with("missing field") {
        return None;
    }
    let word = message.split(['`', '"']).nth(1)?;
    let inside =
        |line: &str| !line.starts_with('[') || (!line.starts_with("[[") && table(line).starts_with(&path));
    let below = raw.lines().map(str::trim).enumerate().skip(header.0).take_while(|(_, line)| inside(line));
    let quotes = |line: &str| {
        let line = line.split('#').next().unwrap_or_default();
        line.split(|c: char| !c.is_alphanumeric() && !"_-.".contains(c)).any(|found| found == word)
    };
    below.filter(|(_, line)| quotes(line)).map(|(number, line)| (number + 1, line.to_owned())).next()
}

fn line_at(raw: &str, at: usize) -> (usize, String) {
    let before = &raw.as_bytes()[..at.min(raw.len())];
    let number = before.iter().filter(|&&byte| byte == b'\n').count();
    (number + 1, raw.lines().nth(number).unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "name = \"a\"\n[datapath]\nkind = \"network\"\n[[datapath.layer]]\nrows = 3\n\
                       [[datapath.layer]]\nrows = 4\n  lanes = 0 # none\n";

    #[test]
    fn keys_are_found_in_the_text() {
        let text = Text::parse(RAW).unwrap();
        let line = |key: &str| text.problem(key, "").line;
        assert_eq!(line("datapath.layer[1].lanes"), Some((8, "lanes = 0 # none".into())));
        assert_eq!(line("datapath.layer[0].lanes").unwrap().0, 4, "the table around it");
        assert_eq!(line("datapath.depth").unwrap().0, 2);
        assert_eq!(line("board"), None);
        assert_eq!(text.string("datapath.kind"), Some("network"));
    }

    #[test]
    fn a_layer_is_searched_for_the_culprit() {
        let raw = "[datapath.layer.datapath] # rows\nkind = \"a\"\n[datapath.layer.datapath.scale]\nshft = 3\n\
                   [[datapath.layer]]\nname = \"s65\"\n";
        let header = (1, "[datapath.layer.datapath] # rows".to_owned());
        let found = |message: &str| culprit(raw, &header, message).map(|(number, _)| number);
        assert_eq!(found("unknown field `shft`, expected `shift`"), Some(4));
        assert_eq!(found("unknown variant `a`"), Some(2));
        assert_eq!(found("type `s65` has 65 bits"), None, "another layer");
        assert_eq!(found("missing field `kind`"), None);
    }

    #[test]
    fn a_line_with_a_whole_matrix_is_shown_by_its_start() {
        let problem = Problem {
            line: Some((3, format!("values = [{}]", "0, ".repeat(4000)))),
            message: "wrong".into(),
        };
        let shown = listed(Path::new("a.toml"), &[problem]);
        assert!(
            shown.starts_with("a.toml:3: wrong\n  3 | values = [0, 0,") && shown.ends_with(" ..."),
            "{shown}"
        );
        assert!(shown.len() < 160, "{shown}");
    }

    #[test]
    fn what_is_no_toml_is_shown() {
        let problem = Text::parse("name = \"a\"\nlanes 4\n").err().unwrap();
        assert_eq!(problem.line, Some((2, "lanes 4".into())));
    }
}
