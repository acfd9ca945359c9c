//! A crate with a datapath of its own gets the whole command line: the example crate is built and run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Builds the example crate in the target folder of these tests, where ternlet's dependencies are; its program.
fn built() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/own_datapath/Cargo.toml");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(["build", "--quiet", "--locked", "--manifest-path"]).arg(manifest);
    let output = output.arg("--target-dir").arg(target).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    target.join("debug/own_datapath")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_datapath_of_another_crate_has_every_subcommand() {
    let (program, folder) = (built(), tempfile::tempdir().unwrap());
    let run = |arguments: &[&str]| -> Output {
        let output =
            Command::new(&program).args(arguments).arg("--quiet").current_dir(folder.path()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        output
    };
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_slice(&run(&[arguments, &["--json"]].concat()).stdout).unwrap()
    };
    assert!(text(&run(&["datapaths"]).stdout).contains("energy "));
    run(&["new", "energy"]);
    assert_eq!(json(&["generate", "energy.toml"])["datapath"], "energy");
    assert!(folder.path().join("build/my_energy/verilog/my_energy.v").is_file());
    let simulated = json(&["simulate", "energy.toml"]);
    // 64 samples, two a cycle.
    assert_eq!((&simulated["mismatches"], &simulated["initiation_interval"]), (&0.into(), &32.0.into()));
    let flow = json(&["flow", "energy.toml"]);
    assert_eq!(flow["synthesize"]["timing_met"], true);
    let page = std::fs::read_to_string(folder.path().join("build/my_energy/report.html")).unwrap();
    assert!(page.contains("Every check holds") && page.contains("sum of 64 squares"));
    let mutated = json(&["mutate", "energy.toml", "--count", "20", "--proof-seconds", "10"]);
    assert!(mutated["killed"].as_u64().unwrap() > 0, "{mutated}");
    assert!(json(&["estimate", "energy.toml"])["lut4"].as_u64().unwrap() > 0);
    std::fs::write(folder.path().join("x.npy"), npy(&[2; 64])).unwrap();
    let golden = json(&["golden", "energy.toml", "--input", "x.npy", "--output", "y.npy"]);
    assert_eq!(golden["outputs"]["y"], serde_json::json!([1, 1]));
    let unknown = Command::new(&program).args(["new", "power"]).output().unwrap();
    assert!(text(&unknown.stderr).contains("energy, "), "{}", text(&unknown.stderr));
    std::fs::write(folder.path().join("graph.toml"), GRAPH).unwrap();
    let simulated = json(&["simulate", "graph.toml"]);
    assert_eq!((&simulated["mismatches"], &simulated["initiation_interval"]), (&0.into(), &32.0.into()));
    assert_eq!(json(&["generate", "graph.toml"])["outputs"][0]["name"], "loud");
}

/// The datapath of the other crate before one of ternlet's.
const GRAPH: &str = r#"name = "wakes"

[[node]]
name = "power"
kind = "energy"
samples = 64
lanes = 2
input = "s8"
shift = 6

[[node]]
name = "loud"
kind = "requantize"
rows = 1
lanes = 1
input = "u16"
requantize = { output = "u4", multiplier = 1, shift = 10 }

[outputs]
loud = "loud"
"#;

/// A file of NumPy's with these integers, of one axis.
fn npy(values: &[u8]) -> Vec<u8> {
    let head = format!("{{'descr': '|i1', 'fortran_order': False, 'shape': ({},), }}\n", values.len());
    [b"\x93NUMPY\x01\x00", &(head.len() as u16).to_le_bytes()[..], head.as_bytes(), values].concat()
}
