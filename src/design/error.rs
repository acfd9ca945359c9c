//! What is wrong with a design file, and where.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

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

pub fn listed(path: &Path, problems: &[Problem]) -> String {
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

    /// As [`Text::problem`] of a message that may quote what is wrong inside the table at `key`: then the line of that.
    pub fn culprit(&self, key: &str, message: &str) -> Problem {
        let (value, span) = self.at(key);
        let missing = message.starts_with("missing field");
        let word = message.split(['`', '"']).nth(1).filter(|_| !missing);
        let span = word.and_then(|word| quoted(value, word)).or(span);
        let line = span.map(|span| line_at(self.raw, span.start));
        Problem { line, message: in_plain_words(message) }
    }

    fn span_of(&self, key: &str) -> Option<Range<usize>> {
        self.at(key).1
    }

    /// The value at `key`, or the nearest one around it, and the place of its key.
    fn at(&self, key: &str) -> (&DeValue<'a>, Option<Range<usize>>) {
        let (mut value, mut span) = (&self.root, None);
        for step in steps(key) {
            let Some((place, next)) = inside(value, step) else { break };
            (value, span) = (next, Some(place));
        }
        (value, span)
    }
}

/// The problems of a design file, as many as a person reads.
pub struct Noted<'t, 'a> {
    text: &'t Text<'a>,
    problems: Vec<Problem>,
    more: usize,
}

impl<'t, 'a> Noted<'t, 'a> {
    /// Problems that are listed.
    const MOST: usize = 20;

    pub fn of(text: &'t Text<'a>) -> Self {
        Self { text, problems: Vec::new(), more: 0 }
    }

    /// What is wrong in the table at `key`, as [`Text::culprit`] finds it.
    pub fn add(&mut self, key: &str, message: &str) {
        self.push(|text| text.culprit(key, message));
    }

    /// What is wrong at `key` itself.
    pub fn add_at(&mut self, key: &str, why: &str) {
        self.push(|text| text.problem(key, format!("{key}: {why}")));
    }

    /// Lines are looked for only where they are listed.
    fn push(&mut self, problem: impl FnOnce(&Text) -> Problem) {
        match self.problems.len() {
            Self::MOST => self.more += 1,
            _ => self.problems.push(problem(self.text)),
        }
    }

    pub fn finish(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let message = format!("and {} problems more", self.more);
            self.problems.push(Problem { line: None, message });
        }
        self.problems
    }
}

/// The place of the key or string `word` in a table, or in a table inside it.
fn quoted(value: &DeValue, word: &str) -> Option<Range<usize>> {
    let DeValue::Table(table) = value else { return None };
    let own = |(key, value): (&Spanned<DeString>, &Spanned<DeValue>)| {
        let says = key.get_ref() == word || value.get_ref().as_str() == Some(word);
        says.then(|| key.span())
    };
    table.iter().find_map(own).or_else(|| table.values().find_map(|value| quoted(value.get_ref(), word)))
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

/// An error of the TOML reader.
pub fn of_toml(raw: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|span| line_at(raw, span.start));
    Problem { line, message: in_plain_words(error.message()) }
}

/// The words of the TOML reader as those of design files: no type of Rust means anything there.
fn in_plain_words(message: &str) -> String {
    const WORDS: [(&str, &str); 19] = [
        ("expected string or map", "expected a word in quotes"),
        ("invalid value: map, expected map with a single key", "expected a word in quotes"),
        ("invalid type: unit variant, expected string only", "expected a word in quotes"),
        ("expected usize", "expected a whole number, 0 or more"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected i64", "expected a whole number"),
        ("expected f64", "expected a number"),
        ("expected variant identifier", "expected a table with `from = \"...\"`"),
        ("wanted string or table", "expected a word in quotes"),
        ("u64 value was too large", "the number has more than 63 bits"),
        ("expected a map", "expected a table"),
        ("expected a sequence", "expected a list"),
        ("expected an array of length", "expected a list of length"),
        ("a tuple of size", "a list of length"),
        ("invalid type: map", "invalid type: table"),
        ("invalid type: sequence", "invalid type: list"),
        ("unknown variant", "unknown word"),
        ("missing field", "missing key"),
    ];
    let message =
        WORDS.iter().fold(message.to_owned(), |message, (theirs, ours)| message.replace(theirs, ours));
    let message = message.replace("unknown field", "unknown key").replace("duplicate field", "two of key");
    // A type that says nothing else of itself.
    match message
        .split_once("expected struct ")
        .or_else(|| message.split_once("expected internally tagged enum "))
    {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
            format!("{before}expected a table{rest}")
        }
        None => message,
    }
}

fn line_at(raw: &str, at: usize) -> (usize, String) {
    let before = &raw.as_bytes()[..at.min(raw.len())];
    let number = before.iter().filter(|&&byte| byte == b'\n').count();
    (number + 1, raw.lines().nth(number).unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "name = \"a\"\n[[node]]\nkind = \"argmax\"\nrows = 3\n[[node]]\nrows = 4\n  lanes = 0 # none\n\
                       [node.scale] # shft\nshft = 3\nwidth = \"s65\"\n[outputs]\nx = \"s65\"\n";

    #[test]
    fn keys_are_found_in_the_text() {
        let text = Text::parse(RAW).unwrap();
        let line = |key: &str| text.problem(key, "").line;
        assert_eq!(line("node[1].lanes"), Some((7, "lanes = 0 # none".into())));
        assert_eq!(line("node[0].lanes").unwrap().0, 2, "the table around it");
        assert_eq!(line("node[1].scale.width").unwrap().0, 10);
        assert_eq!(line("board"), None);
    }

    #[test]
    fn a_table_is_searched_for_the_culprit() {
        let text = Text::parse(RAW).unwrap();
        let line = |key: &str, message: &str| text.culprit(key, message).line.map(|(number, _)| number);
        assert_eq!(line("node[1]", "unknown field `shft`, expected `shift`"), Some(9));
        assert_eq!(line("node[1].scale", "type `s65` has 65 bits"), Some(10));
        assert_eq!(line("node[0]", "unknown variant `argmax`"), Some(3));
        assert_eq!(line("node[0]", "type `s65` has 65 bits"), Some(2), "another node");
        assert_eq!(line("node[1]", "missing field `scale`"), Some(5));
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
