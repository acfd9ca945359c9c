//! What scripts lean on: every object of `--json` has the keys of docs/json.md, also where a check fails.

use serde_json::Value;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The page that says what runs where has a row for every test and bench, as `NAME` or `NAME -- ...`.
#[test]
fn every_target_has_its_row() {
    let (_, section) = include_str!("../docs/verification.md").split_once("\n## What runs where\n").unwrap();
    let rows: Vec<Vec<&str>> = section.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let is_there = |name: &str, runs: &[&str]| {
        rows.iter().filter(|row| row.len() == 6).any(|row| {
            row[1].split(", ").any(|target| target == format!("`{name}`"))
                && runs.iter().any(|run| row[2].contains(run))
        })
    };
    let cases = [
        ("tests", &["make test"][..]),
        ("benches", &["--bench", "make mutants", "make nodes", "make readme", "make campaign"]),
    ];
    for (folder, runs) in cases {
        let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        let targets = entries.map(|entry| entry.unwrap().path()).filter(|path| {
            path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").is_file()
        });
        for target in targets {
            let name = target.file_stem().unwrap().to_str().unwrap();
            assert!(is_there(name, runs), "{folder}/{name} has no row");
        }
    }
}

/// The object that a run prints, and its exit status.
fn run(folder: &Path, arguments: &[&str]) -> (Value, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    let output = command.args(arguments).args(["--json", "--quiet"]).current_dir(folder).output().unwrap();
    let object = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (object, output.status.code().unwrap())
}

/// The keys of a section of docs/json.md, each with its type.
fn documented(command: &str) -> BTreeMap<&'static str, &'static str> {
    let page = include_str!("../docs/json.md");
    let (_, section) = page.split_once(&format!("\n## `{command}`\n")).expect(command);
    let rows = section.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`'), cells[2])
    };
    rows.map(row).collect()
}

/// Asserts that `object` has the keys of the section, no others, and of their types.
fn holds(command: &str, object: &Value) {
    let documented = documented(command);
    assert!(documented.len() > 1, "{command}: the page has its keys");
    let found = object.as_object().unwrap();
    assert_eq!(found["format"], 1, "{command}");
    for key in found.keys() {
        assert!(documented.contains_key(key.as_str()), "{command}: docs/json.md has no `{key}`");
    }
    for (key, types) in documented {
        let Some(value) = found.get(key) else {
            assert!(types.contains("optional"), "{command}: `{key}` is missing");
            continue;
        };
        let name = match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(types.contains(name), "{command}: `{key}` is {name}, not {types}");
    }
}

const DESIGN: &str = "name = \"scale\"\n[datapath]\nkind = \"requantize\"\nrows = 2\ninput = \"s8\"\n\
                      [datapath.requantize]\noutput = \"s4\"\nmultiplier = [37, 41]\nshift = 10\n\
                      [input]\nfile = \"x.png\"\n";

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/onnx/cov_trunc.onnx");

const TRAINING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/train/sr_ste.toml");

/// A folder with that design and a picture of two frames.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("design.toml"), DESIGN).unwrap();
    let file = std::fs::File::create(folder.path().join("x.png")).unwrap();
    let mut encoder = png::Encoder::new(file, 2, 2);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0, 50, 100, 127]).unwrap();
    folder
}

#[test]
fn what_there_is_comes_with_the_keys_of_its_contract() {
    let folder = folder();
    for (command, arguments) in [
        ("boards", &["boards"][..]),
        ("boards --show", &["boards", "--show", "hx8k"]),
        ("datapaths", &["datapaths"]),
        ("tools", &["tools"]),
        ("tools data", &["tools", "data"]),
        ("new", &["new", "argmax"]),
        ("new", &["new", "argmax", "-o", "-"]),
        ("fit", &["fit", "x.png", "--bits", "2"]),
        ("import", &["import", MODEL, "--input", "u8/256", "-o", "model.toml"]),
        ("train", &["train", TRAINING, "-o", "trained.toml"]),
        ("golden", &["golden", "design.toml", "-o", "y.npy"]),
        ("fold", &["fold", "design.toml", "--fit"]),
        ("estimate", &["estimate", "design.toml"]),
        ("generate", &["generate", "design.toml"]),
    ] {
        let (object, status) = run(folder.path(), arguments);
        assert_eq!(status, 0, "{object}");
        holds(command, &object);
    }
    let (object, status) = run(folder.path(), &["generate", "no.toml"]);
    let keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((status, keys), (2, vec!["error", "format", "status"]));
}

#[test]
fn the_steps_of_a_flow_come_with_the_keys_of_their_contracts() {
    let folder = folder();
    let (flow, status) = run(folder.path(), &["flow", "design.toml", "--frequency", "30"]);
    assert_eq!(status, 0, "{flow}");
    holds("flow", &flow);
    for step in ["generate", "simulate", "synthesize"] {
        holds(step, &flow[step]);
    }
    let simulated = &flow["simulate"];
    let output = &simulated["outputs"][0];
    assert_eq!(
        (&output["name"], &simulated["latency_cycles"]),
        (&"y".into(), &output["latency_last_cycles"])
    );
    let cycles = |key: &str| output[key].as_u64().unwrap();
    assert_eq!(cycles("latency_last_cycles"), cycles("latency_first_cycles") + 1, "two beats a frame");
    assert_eq!(simulated["initiation_interval"], 2.0);
    // The iCEBreaker's phase-locked loop makes 30 MHz of 12: 12 * 80 / 32.
    assert_eq!((&simulated["clock_mhz"], &simulated["frames_per_second"]), (&30.0.into(), &15e6.into()));
    assert_eq!(flow["generate"]["outputs"][0]["latency_last_cycles"], output["latency_last_cycles"]);
    let synthesized = &flow["synthesize"];
    assert_eq!((&synthesized["fits"], &synthesized["over"]), (&true.into(), &Value::Array(vec![])));
    assert!(synthesized["lut4"].as_u64().unwrap() > 0 && synthesized["block_ram"] == 0);
    assert_eq!(synthesized["simulated"]["verilog_hash"], synthesized["verilog_hash"]);
}

#[test]
fn mutants_come_with_the_keys_of_their_contract() {
    let arguments = ["mutate", "design.toml", "--count", "6", "--frames", "20", "--proof-seconds", "5"];
    let (object, _) = run(folder().path(), &arguments);
    holds("mutate", &object);
}

#[test]
fn proofs_come_with_the_keys_of_their_contract() {
    let folder = folder();
    let large = "name = \"lines\"\nboard = \"ulx3s\"\n[datapath]\nkind = \"lifting\"\nscheme = \"jpeg2000_5_3\"\ninput = \"u8\"\n\
                 size = [256, 4096]\nlevels = 2\n";
    std::fs::write(folder.path().join("large.toml"), large).unwrap();
    for (file, verdict, status) in [("design.toml", "proved", 0), ("large.toml", "not_decided", 1)] {
        let (object, ended) = run(folder.path(), &["prove", file, "-o", file.trim_end_matches(".toml")]);
        holds("prove", &object);
        assert_eq!((object["verdict"].as_str(), ended), (Some(verdict), status), "{object}");
    }
}

/// Wires alone: nothing can be wrong in them, and nothing is.
#[test]
fn a_design_without_logic_has_no_mutants() {
    let folder = tempfile::tempdir().unwrap();
    let design = "name = \"wires\"\n[datapath]\nkind = \"flatten\"\nsize = [2, 2]\nchannels = 2\nlanes = 1\ninput = \"u4\"\n";
    std::fs::write(folder.path().join("design.toml"), design).unwrap();
    let (object, status) = run(folder.path(), &["mutate", "design.toml"]);
    holds("mutate", &object);
    assert_eq!((status, &object["mutants"], &object["score"]), (0, &0.into(), &1.0.into()));
}

/// Neither is an error: an explorer wants to know how far off they are.
#[test]
fn a_clock_that_is_missed_and_a_design_that_does_not_fit_are_results() {
    let folder = folder();
    let (object, status) = run(folder.path(), &["synthesize", "design.toml", "--frequency", "400"]);
    holds("synthesize", &object);
    assert_eq!((status, &object["fits"], &object["timing_met"]), (1, &true.into(), &false.into()));
    assert!(object["missed"].as_str().unwrap().contains("misses its clock"));

    let wide = DESIGN
        .replace("rows = 2", "rows = 12\nlanes = 12")
        .replace("[37, 41]", "[1001, 1003, 1005, 1007, 1009, 1011, 1013, 1015, 1017, 1019, 1021, 1023]")
        .replace("shift = 10", "shift = 10\nproduct = \"multiply\"")
        .replace("[input]\nfile = \"x.png\"\n", "");
    std::fs::write(folder.path().join("wide.toml"), wide).unwrap();
    for (command, step) in [("synthesize", None), ("flow", Some("synthesize"))] {
        let (object, status) = run(folder.path(), &[command, "wide.toml", "-o", "wide"]);
        holds(command, &object);
        let synthesized = step.map_or(&object, |step| &object[step]);
        holds("synthesize", synthesized);
        assert_eq!((status, &synthesized["fits"]), (1, &false.into()));
        assert_eq!(
            synthesized["over"],
            serde_json::json!([{ "resource": "dsp", "used": 12, "there_is": 8 }])
        );
        assert_eq!(synthesized["dsp"], 12, "cells are counted all the same");
        assert!(synthesized["fmax_mhz"].is_null() && synthesized["bitstream"].is_null());
    }
    let page = std::fs::read_to_string(folder.path().join("wide/report.html")).unwrap();
    assert!(page.contains("The design does not fit: 12 DSP of 8."));
    let written = std::fs::read_to_string(folder.path().join("wide/flow.json")).unwrap();
    holds("flow", &serde_json::from_str(&written).unwrap());
}

/// A wrong result is an object with all keys, too.
#[test]
fn a_simulation_that_does_not_hold_comes_with_the_keys_of_its_contract() {
    let folder = folder();
    std::fs::write(
        folder.path().join("design.toml"),
        format!("{DESIGN}[expected]\ny = {{ file = \"x.png\" }}\n"),
    )
    .unwrap();
    let (object, status) = run(folder.path(), &["simulate", "design.toml", "--frames", "5"]);
    holds("simulate", &object);
    assert_eq!((status, &object["expected"]["y"]["equal"]), (1, &false.into()));
}

#[test]
fn a_board_on_a_desk_comes_with_the_keys_of_its_contracts() {
    let folder = folder();
    let mut twin = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    twin.args(["twin", "design.toml", "--pty", "board", "--json", "--quiet"]).current_dir(folder.path());
    let twin = twin.stdout(Stdio::piped()).spawn().unwrap();
    while !folder.path().join("board").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let (ran, status) = run(folder.path(), &["run", "design.toml", "--port", "board", "--check"]);
    assert_eq!(status, 0, "{ran}");
    holds("run", &ran);
    // SAFETY: the process is ours.
    unsafe { libc::kill(twin.id() as libc::pid_t, libc::SIGINT) };
    let output = twin.wait_with_output().unwrap();
    holds("twin", &serde_json::from_slice(&output.stdout).unwrap());
}

/// With a loader that only looks at what it is given.
#[test]
fn what_is_loaded_comes_with_the_keys_of_its_contract() {
    let folder = folder();
    let loader = folder.path().join("iceprog");
    std::fs::write(&loader, "#!/bin/sh\ntest -s \"$1\" && echo loading\n").unwrap();
    std::fs::set_permissions(&loader, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::join_paths(
        [folder.path().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    command.args(["load", "design.toml", "--json", "--quiet"]).current_dir(folder.path());
    let output = command.env("PATH", path.unwrap()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let loaded = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    holds("load", &loaded);
    assert!(loaded["commands"][0].as_str().unwrap().starts_with("iceprog "), "{loaded}");
}
