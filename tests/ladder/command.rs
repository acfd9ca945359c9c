//! What `simulate --stage` and `mutate` say, and their exit statuses.

use crate::{json, said, ternlet_in};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use ternlet::datapath::entries;

/// A folder with the example of this kind as `design.toml`.
fn example(kind: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let entries = entries();
    let entry = entries.iter().find(|entry| entry.kind == kind).expect("a datapath of this kind");
    fs::write(folder.path().join("design.toml"), entry.example).unwrap();
    folder
}

fn simulate(folder: &Path, more: &[&str]) -> (Option<i32>, String, Option<Value>) {
    let output = ternlet_in(folder, &[&["simulate", "design.toml", "--json", "--quiet"], more].concat());
    let value = output.status.success().then(|| json(&output));
    (output.status.code(), said(&output), value)
}

#[test]
fn only_an_ice40s_bitstream_can_be_simulated() {
    let folder = example("argmax");
    for board in ["ulx3s", "tangnano9k"] {
        let (status, error, _) = simulate(folder.path(), &["--stage", "bitstream", "--board", board]);
        assert_eq!(status, Some(2), "{error}");
        assert!(error.contains("only those of iCE40 boards can"), "{error}");
        assert!(error.contains("--stage netlist"), "{error}");
    }
    let (status, error, _) = simulate(folder.path(), &["--bitstream", "x.bin"]);
    assert_eq!(status, Some(2));
    assert!(error.contains("--bitstream is of no use without --stage bitstream"), "{error}");
    let (status, error, _) = simulate(folder.path(), &["--stage", "bitstream", "--bitstream", "nowhere.bin"]);
    assert_eq!(status, Some(2), "{error}");
    assert!(error.contains("nowhere.bin"), "{error}");
    let (status, error, _) = simulate(folder.path(), &["--stage", "gates"]);
    assert_eq!(status, Some(2));
    assert!(error.contains("possible values: rtl, netlist, bitstream"), "{error}");
}

#[test]
fn a_bitstream_with_dsp_is_refused_with_the_mend() {
    let folder = example("requantize");
    let (status, error, _) = simulate(folder.path(), &["--stage", "bitstream"]);
    assert_eq!(status, Some(2), "{error}");
    for words in ["my_requantize uses 1 DSP on iCEBreaker", "--no-dsp", "--board hx8k", "--stage netlist"] {
        assert!(error.contains(words), "no {words:?} in: {error}");
    }
    let stage = ["--stage", "bitstream", "--no-dsp", "--frames", "3"];
    let (status, error, result) = simulate(folder.path(), &stage);
    assert_eq!(status, Some(0), "{error}");
    let notes = result.unwrap()["notes"].to_string();
    assert!(notes.contains("placed without DSP blocks") && notes.contains("shift register"), "{notes}");
}

#[test]
fn the_netlist_that_is_simulated_is_the_one_that_is_counted() {
    let folder = example("requantize");
    let synthesized = ternlet_in(folder.path(), &["synthesize", "design.toml", "--json", "--quiet"]);
    assert!(synthesized.status.success(), "{}", said(&synthesized));
    let (status, error, result) = simulate(folder.path(), &["--stage", "netlist", "--frames", "40"]);
    assert_eq!(status, Some(0), "{error}");
    let result = result.unwrap();
    assert_eq!(result["netlist_hash"], json(&synthesized)["netlist_hash"]);
    assert_eq!(result["board"], "icebreaker");
    assert!(result["notes"].to_string().contains("1 DSP of ice40up"), "{result}");
    let file = folder.path().join("build/my_requantize/simulate_netlist.json");
    assert_eq!(serde_json::from_slice::<Value>(&fs::read(file).unwrap()).unwrap(), result);
    let (_, _, again) = simulate(folder.path(), &["--stage", "netlist", "--frames", "40"]);
    assert_eq!(again.unwrap()["cached"], true);
}

#[test]
fn mutants_of_an_example_are_found() {
    let folder = example("argmax");
    let mutate = ["mutate", "design.toml", "--json", "--quiet", "--count", "24", "--frames", "30"];
    let output = ternlet_in(folder.path(), &mutate);
    let result = json(&output);
    assert_eq!(output.status.code(), Some(0), "{result}");
    let count = |key: &str| result[key].as_u64().unwrap();
    assert_eq!(count("mutants"), 24);
    assert_eq!(count("killed") + count("retimed") + count("equivalent"), 24, "{result}");
    assert!(count("killed") >= 15, "{result}");
    assert_eq!((count("survived"), &result["score"]), (0, &1.0.into()));
    assert!(folder.path().join("build/my_argmax/mutate.json").is_file());
    let none = ternlet_in(folder.path(), &["mutate", "design.toml", "--count", "0"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(said(&none).contains("0 is not in 1..=100000"), "{}", said(&none));
}

#[test]
fn help_teaches() {
    let of =
        |command: &str| String::from_utf8(ternlet_in(Path::new("."), &[command, "--help"]).stdout).unwrap();
    let simulate = of("simulate");
    for words in ["--stage netlist --board ulx3s", "the very bits that `synthesize` writes", "--no-dsp"] {
        assert!(simulate.contains(words), "no {words:?} in: {simulate}");
    }
    let mutate = of("mutate");
    for words in ["Test the tests of a design", "survived", "exit status is then 1", "--count 500"] {
        assert!(mutate.contains(words), "no {words:?} in: {mutate}");
    }
}
