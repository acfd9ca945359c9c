//! ONNX's own tests of its operators (PyPI's `onnx`, `backend/test/data/node`): each becomes a design that computes what the test expects, or is
//! refused by a rule. `make nodes` writes the table of docs/node-tests.md. Exit status 1 where one gives something else, panics, or is refused
//! although its operator is imported as the test has it.
//!
//! Names as arguments choose tests, and print what became of each.

mod case;
#[path = "../../tests/import/reals.rs"]
mod reals;
mod rules;

use case::Case;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::catch_unwind;
use std::process::ExitCode;
use ternlet::tools::{Progress, Toolchain};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/node-tests.md");
const START: &str = "<!-- nodes -->\n";
const END: &str = "<!-- /nodes -->";

/// What became of a test.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// So many numbers are those that are expected.
    Equal(usize),
    Refused(String),
    /// It gives something else, in a sentence.
    Wrong(String),
}

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let toolchain = Toolchain::new(Progress::quiet()).expect("a cache");
    let folder = toolchain.onnx_node_tests().unwrap_or_else(|error| panic!("{error}"));
    let mut names: Vec<String> = (fs::read_dir(&folder).expect("the tests"))
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_prefix("test_")?.to_owned()))
        .filter(|name| chosen.is_empty() || chosen.contains(name))
        .collect();
    names.sort();
    std::panic::set_hook(Box::new(|_| {}));
    let of = |name: &String| {
        let run = || {
            Case::read(&folder.join(format!("test_{name}"))).map_or_else(Outcome::Refused, |case| case.run())
        };
        let outcome = catch_unwind(run).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            Outcome::Wrong(format!("it panics: {}", text.unwrap_or_default()))
        });
        (name.clone(), outcome)
    };
    let outcomes: Vec<(String, Outcome)> = names.par_iter().map(of).collect();
    if !chosen.is_empty() {
        outcomes.iter().for_each(|(name, outcome)| println!("{name}: {outcome:?}"));
    }
    let wrong: Vec<String> =
        outcomes.iter().filter_map(|(name, outcome)| rules::fault(name, outcome)).collect();
    wrong.iter().for_each(|fault| println!("FAULT {fault}"));
    let (table, counts) = table(&outcomes);
    println!("{counts}");
    if chosen.is_empty() && wrong.is_empty() {
        let page = fs::read_to_string(PAGE).expect("the page");
        let (before, rest) = page.split_once(START).expect("the mark of the table");
        let (_, after) = rest.split_once(END).expect("the mark of its end");
        fs::write(PAGE, format!("{before}{START}{counts}\n\n{table}{END}{after}")).expect("the page");
    }
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A row for what is imported, and one for each rule by which tests are refused.
fn table(outcomes: &[(String, Outcome)]) -> (String, String) {
    let mut equal: Vec<&str> = Vec::new();
    let mut numbers = 0;
    let mut refused: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut operators: BTreeSet<&str> = BTreeSet::new();
    for (name, outcome) in outcomes {
        match outcome {
            Outcome::Equal(count) => {
                equal.push(name);
                numbers += count;
            }
            Outcome::Refused(why) => {
                refused.entry(rules::rule(why)).or_default().push(name);
                operators.extend(rules::operators(why));
            }
            Outcome::Wrong(_) => {}
        }
    }
    let contradicting: Vec<String> = rules::CONTRADICTING
        .iter()
        .map(|(name, _, why)| format!("`{name}` contradicts the standard: {why}."))
        .collect();
    let all: usize = refused.values().map(Vec::len).sum();
    let counts = format!(
        "Of {} tests {} give what is expected, in all of {numbers} numbers; {all} are refused. {}",
        outcomes.len(),
        equal.len(),
        contradicting.join(" ")
    );
    let listed = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let mut rows: Vec<(&str, Vec<&str>)> = refused.into_iter().collect();
    rows.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    let operators: Vec<&str> = operators.into_iter().collect();
    let row = |(rule, names): &(&str, Vec<&str>)| {
        if *rule == rules::UNKNOWN {
            return format!("| {rule} | {} | {} |\n", names.len(), listed(&operators));
        }
        let few = listed(&names[..names.len().min(rules::SHOWN)]);
        let more = if names.len() > rules::SHOWN { ", ..." } else { "" };
        format!("| {rule} | {} | {few}{more} |\n", names.len())
    };
    let rows: String = rows.iter().map(row).collect();
    let text = format!(
        "What gives what is expected: {}.\n\n| refused, as | tests | such as |\n|---|---|---|\n{rows}",
        listed(&equal)
    );
    (text, counts)
}
