//! Mutants of every datapath's example and of some other forms, and the table of docs/verification.md that tells what became of them. Names of
//! rows as arguments choose rows, others stay as they are. Exit status 1 where fewer than 99 % were killed.

#[path = "../../tests/support/changed.rs"]
mod changed;

use changed::{SMALL_GRADIENTS, changed, replaced};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, ExitCode};
use std::time::Instant;
use ternlet::datapath::Catalog;
use ternlet::graph::examples;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/verification.md");
const START: &str = "<!-- mutants -->\n";
const END: &str = "<!-- /mutants -->";
const BOUND: f64 = 0.99;
/// Texts, and what is written in their place.
type Texts = &'static [(&'static str, &'static str)];

/// What is smaller than in an example, where a solver has too many registers to look at: to it every bit of a memory is one.
/// `flatten` is nothing but wires where channels stay last. Where smoothing is rounded the
/// largest gradient of a picture lies so far below its bound that no picture shows the first digits of a root: `edge_enhance` smooths exactly.
const SMALLER: [(&str, Texts); 6] = [
    ("convolution", &[("size = [5, 6]", "size = [3, 4]"), ("input = \"u4\"", "input = \"u2\"")]),
    (
        "edge_enhance",
        &[
            ("size = [48, 64]", "size = [6, 7]"),
            ("input = \"u8\"", "input = \"u2\""),
            ("threshold = 20", "threshold = 30"),
            ("smoothing = \"rounded\"", "smoothing = \"exact\""),
        ],
    ),
    ("flatten", &[("size = [4, 4]", "size = [2, 3]"), ("\"channel_last\"", "\"channel_first\"")]),
    ("pool", &[("size = [8, 8]", "size = [4, 4]")]),
    ("transposed_convolution", &[("size = [3, 4]", "size = [2, 2]"), ("input = \"u4\"", "input = \"u2\"")]),
    SMALL_GRADIENTS,
];
/// Other forms of a datapath: what they are called, which it is, and what is changed in its example, beginning with a form that is
/// quicker looked at.
const FORMS: [(&str, &str, Texts); 2] = [
    (
        "convolution, strips of two positions",
        "convolution",
        &[
            ("size = [3, 4]", "size = [3, 6]"),
            ("kernel = 3 ", "kernel = [1, 3] "),
            ("padding = 1 ", "padding = [0, 1] "),
            ("lanes = 1              # channels", "lanes = 4 # channels"),
            ("filters = 4", "filters = 2"),
            ("parallel_columns = 9", ""),
            ("parallel_rows = 2", ""),
            ("output_lanes = 1", ""),
            ("from = \"memory\"", "from = \"constant\""),
            ("packing = \"trits5\"", ""),
            ("[1, 0, -1, 1, 0, -1, 1, 0, -1, 0, 1, 0, 0, -1, 0, 0, 1, 0],", "[1, 0, -1, 1, 1, -1],"),
            ("[0, 1, 0, 1, 1, 1, 0, 1, 0, -1, -1, -1, 0, 0, 0, 1, 1, 1],", "[0, 1, 1, -1, 1, 0],"),
            ("    [-1, -1, 0, -1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1],\n", ""),
            ("    [0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 1, 0, -1],\n", ""),
        ],
    ),
    (
        "transposed_convolution, overlapping",
        "transposed_convolution",
        &[
            ("channels = 3", "channels = 2"),
            ("kernel = 2", "kernel = 3"),
            ("[1, 0, -1, 1, 0, -1, 1, 0],", "[1, 0, -1, 1, 0, -1, 1, 0, 1, -1, 1, 0, 0, -1, 0, 1, 1, -1],"),
            ("[0, 1, 1, -1, 1, 1, 1, 0],", "[0, 1, 1, -1, 1, 1, 1, 0, -1, 1, 0, 1, 1, -1, 1, 0, 0, 1],"),
            ("    [-1, -1, 0, -1, 0, 1, 0, 1],\n", ""),
        ],
    ),
];
const HEAD: &str = "| datapath | mutants | killed | retimed | equivalent | survived | killed of those that compute something else |\n\
     |---|---|---|---|---|---|---|";

/// The design file that is looked at.
const FILE: &str = "subject.toml";

/// The rows, and the design of each.
fn subjects() -> Vec<(String, String)> {
    let mut subjects = Vec::new();
    for entry in examples(&Catalog::standard()) {
        let text = changed(&entry, &SMALLER);
        for (name, _, changes) in FORMS.iter().filter(|(_, kind, _)| *kind == entry.kind) {
            subjects.push(((*name).to_owned(), replaced(&text, name, changes)));
        }
        subjects.push((entry.kind.to_owned(), text));
    }
    subjects
}

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let page = fs::read_to_string(PAGE).expect("the page");
    let (before, rest) = page.split_once(START).expect("the mark of the table");
    let (table, after) = rest.split_once(END).expect("the mark of its end");
    let row = |line: &str| Some((line.strip_prefix("| `")?.split('`').next()?.to_owned(), line.to_owned()));
    let mut rows: BTreeMap<String, String> = table.lines().filter_map(row).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut met = true;
    println!("{HEAD}");
    for (name, text) in subjects() {
        if !(chosen.is_empty() || chosen.contains(&name)) {
            continue;
        }
        fs::write(folder.path().join(FILE), text).expect("the temporary folder");
        let start = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
            .args(["mutate", FILE, "--count", "200", "--json", "--quiet"])
            .current_dir(folder.path())
            .output()
            .expect("the command line starts");
        let result: Value = serde_json::from_slice(&output.stdout).expect("an object");
        let described = || format!("{name}: {result} {}", String::from_utf8_lossy(&output.stderr));
        let number = |key: &str| result[key].as_u64().unwrap_or_else(|| panic!("{}", described()));
        let score = result["score"].as_f64().unwrap_or_else(|| panic!("{}", described()));
        met &= score >= BOUND;
        let [mutants, killed, retimed, equivalent, survived] =
            ["mutants", "killed", "retimed", "equivalent", "survived"].map(number);
        let line = format!(
            "| `{name}` | {mutants} | {killed} | {retimed} | {equivalent} | {survived} | {:.1} % |",
            100.0 * score
        );
        println!("{line} {:.0} s", start.elapsed().as_secs_f64());
        rows.insert(name, line);
        // Each row as it comes, so that a run that is stopped has not run in vain; the solver's verdicts are cached.
        let lines: Vec<&str> = rows.values().map(String::as_str).collect();
        let table = format!("{before}{START}{HEAD}\n{}\n{END}{after}", lines.join("\n"));
        fs::write(PAGE, table).expect("the page");
    }
    println!("at least {:.0} % killed: {}", 100.0 * BOUND, if met { "met" } else { "MISSED" });
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
