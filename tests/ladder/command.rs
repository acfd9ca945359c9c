//! What `simulate --stage` and `mutate` say, and their exit statuses.

use crate::{json, said, ternlet_in, toolchain};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use ternlet::datapath::Catalog;

/// A folder with the example of this kind as `design.toml`.
fn example(kind: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::standard();
    let entry = catalog.find(kind).expect("a datapath of this kind");
    fs::write(folder.path().join("design.toml"), entry.example).unwrap();
    folder
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
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
    assert!(error.contains("possible values: rtl, netlist, placed, bitstream"), "{error}");
}

#[test]
fn a_bitstream_with_dsp_is_refused_with_the_help() {
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
    assert!(notes.contains("placed without DSP blocks") && notes.contains("serial line"), "{notes}");
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

/// A design whose golden model is right, but whose stimuli are none but the corners of its ports.
#[test]
fn a_design_whose_mutants_survive_fails() {
    let folder = example("gradient_prune");
    let mutate = ["mutate", "design.toml", "--json", "--quiet", "--count", "16", "--frames", "0"];
    let output = ternlet_in(folder.path(), &[&mutate[..], &["--seed", "3", "--proof-seconds", "1"]].concat());
    let result = json(&output);
    assert!(result["score"].as_f64().unwrap() < 0.99, "{result}");
    assert_eq!(output.status.code(), Some(1), "{result}");
    let error = said(&output);
    for words in ["of 16 mutants survived", "of at least 99 %", "add corner cases", "--frames"] {
        assert!(error.contains(words), "no {words:?} in: {error}");
    }
}

/// The user's cache without what was fetched from Debian, and no PATH to fetch it with.
#[test]
fn a_missing_icebox_is_named_with_its_help() {
    let folder = example("argmax");
    let whole = toolchain();
    let (cache, path) = (folder.path().join("cache"), folder.path().join("bin"));
    for made in [&cache, &path] {
        fs::create_dir(made).unwrap();
    }
    for entry in fs::read_dir(whole.cache().folder()).unwrap().flatten() {
        if entry.file_name() != "debian" {
            symlink(entry.path(), cache.join(entry.file_name())).unwrap();
        }
    }
    symlink(on_path("python3").expect("python3 on PATH"), path.join("python3")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["simulate", "design.toml", "--stage", "bitstream", "--quiet", "--bitstream", "design.toml"])
        .current_dir(folder.path())
        .env("TERNLET_CACHE", &cache)
        .env("PATH", &path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    for words in ["fpga-icestorm is not installed", "no apt-get", "`apt-get install fpga-icestorm`"] {
        assert!(said(&output).contains(words), "no {words:?} in: {}", said(&output));
    }
}

#[test]
fn help_teaches() {
    let of = |command: &str| {
        let help = String::from_utf8(ternlet_in(Path::new("."), &[command, "--help"]).stdout).unwrap();
        help.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let simulate = of("simulate");
    for words in ["--stage netlist --board ulx3s", "the very bits that `synthesize` writes", "--no-dsp"] {
        assert!(simulate.contains(words), "no {words:?} in: {simulate}");
    }
    let mutate = of("mutate");
    for words in ["Test the tests of a design", "survived", "the exit status is 1", "--count 500"] {
        assert!(mutate.contains(words), "no {words:?} in: {mutate}");
    }
}
