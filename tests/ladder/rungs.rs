//! Every datapath's example climbs from its Verilog to its netlist and its bitstream.

use crate::{json, said, ternlet_in};
use serde_json::Value;
use std::fs;
use ternlet::datapath::entries;

/// What `simulate` prints of every example with these arguments, all of which hold.
fn every_example(arguments: &[&str]) -> Vec<(&'static str, Value)> {
    let folder = tempfile::tempdir().unwrap();
    let simulated = entries().into_iter().map(|entry| {
        let file = format!("{}.toml", entry.kind);
        fs::write(folder.path().join(&file), entry.example).unwrap();
        let all = [&["simulate", &file, "--json", "--quiet"], arguments].concat();
        let output = ternlet_in(folder.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{} {arguments:?}: {}", entry.kind, said(&output));
        (entry.kind, json(&output))
    });
    simulated.collect()
}

#[test]
#[ignore = "make nightly"]
fn netlists_of_every_example_equal_golden() {
    for (kind, result) in every_example(&["--stage", "netlist", "--board", "ulx3s", "--frames", "20"]) {
        assert_eq!((&result["stage"], &result["mismatches"]), (&"netlist".into(), &0.into()), "{kind}");
        assert!(result["frames"].as_u64().unwrap() >= 20, "{kind}");
        assert!(result["netlist_hash"].is_string(), "{kind}");
    }
}

#[test]
#[ignore = "make nightly"]
fn bitstreams_of_every_example_equal_golden() {
    for (kind, result) in every_example(&["--stage", "bitstream", "--board", "hx8k", "--frames", "2"]) {
        assert_eq!((&result["stage"], &result["mismatches"]), (&"bitstream".into(), &0.into()), "{kind}");
        assert!(result["bitstream_hash"].is_string(), "{kind}");
    }
}

/// All families, more frames, and the board with a phase-locked loop.
#[test]
#[ignore = "make nightly"]
fn every_example_climbs_on_every_board() {
    for board in ["icebreaker", "hx8k", "tangnano9k", "ulx3s"] {
        every_example(&["--stage", "netlist", "--board", board]);
    }
    every_example(&["--stage", "bitstream", "--board", "icebreaker", "--no-dsp"]);
    every_example(&["--stage", "bitstream", "--board", "hx8k"]);
}
