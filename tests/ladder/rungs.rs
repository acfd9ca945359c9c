//! Every datapath's example climbs from its Verilog to its netlist and its bitstream.

use crate::small::changed::{Changes, changed};
use crate::small::small_examples;
use crate::{json, said, ternlet_in};
use serde_json::Value;
use std::fs;
use std::path::Path;
use ternlet::datapath::Catalog;
use ternlet::graph::{Example, examples};

/// The datapaths whose small bitstreams are simulated in every test run; those of all take six minutes.
const BITSTREAMS: [&str; 3] = ["argmax", "nm_select", "slb_select"];

/// What `simulate` prints of the example `text` with these arguments, which holds.
fn simulated(entry: &Example, text: &str, arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), text, arguments);
    assert_eq!(output.status.code(), Some(0), "{} {arguments:?}: {}", entry.kind, said(&output));
    let result = json(&output);
    assert_eq!(result["mismatches"], 0, "{}", entry.kind);
    result
}

fn run(folder: &Path, text: &str, arguments: &[&str]) -> std::process::Output {
    fs::write(folder.join("design.toml"), text).unwrap();
    ternlet_in(folder, &[&["simulate", "design.toml", "--json", "--quiet"], arguments].concat())
}

/// On one family each, in turn; all of them at night.
#[test]
fn small_netlists_of_every_example_equal_golden() {
    let boards = ["ulx3s", "tangnano9k", "icebreaker"];
    for ((entry, text), board) in small_examples().into_iter().zip(boards.into_iter().cycle()) {
        let result = simulated(&entry, &text, &["--stage", "netlist", "--board", board, "--frames", "40"]);
        assert!(result["frames"].as_u64().unwrap() >= 40, "{}", entry.kind);
        assert!(result["netlist_hash"].is_string(), "{}", entry.kind);
    }
}

fn small_bitstreams(is_wanted: impl Fn(&str) -> bool) {
    for (entry, text) in small_examples().into_iter().filter(|(entry, _)| is_wanted(entry.kind)) {
        let result = simulated(&entry, &text, &["--stage", "bitstream", "--board", "hx8k", "--frames", "3"]);
        assert!(result["bitstream_hash"].is_string(), "{}", entry.kind);
    }
}

#[test]
fn small_bitstreams_equal_golden() {
    small_bitstreams(|kind| BITSTREAMS.contains(&kind));
}

#[test]
#[ignore = "make nightly"]
fn small_bitstreams_of_the_others_equal_golden() {
    small_bitstreams(|kind| !BITSTREAMS.contains(&kind));
}

fn every_example(arguments: &[&str]) {
    every_example_with(&[], arguments);
}

fn every_example_with(changes: &Changes, arguments: &[&str]) {
    for entry in examples(&Catalog::standard()) {
        simulated(&entry, &changed(&entry, changes), arguments);
    }
}

#[test]
#[ignore = "make nightly"]
fn netlists_on_hx8k_equal_golden() {
    every_example(&["--stage", "netlist", "--board", "hx8k"]);
}

#[test]
#[ignore = "make nightly"]
fn netlists_on_icebreaker_equal_golden() {
    every_example(&["--stage", "netlist", "--board", "icebreaker"]);
}

#[test]
#[ignore = "make nightly"]
fn netlists_on_ulx3s_equal_golden() {
    every_example(&["--stage", "netlist", "--board", "ulx3s"]);
}

#[test]
#[ignore = "make nightly"]
fn netlists_on_tangnano9k_equal_golden() {
    every_example(&["--stage", "netlist", "--board", "tangnano9k"]);
}

/// Of what is placed, multipliers and block RAM have no models; the small examples of nine kinds need neither.
#[test]
#[ignore = "make nightly"]
fn small_placed_designs_of_every_example_equal_golden() {
    let arguments =
        ["--stage", "placed", "--board", "tangnano9k", "--no-dsp", "--link", "scan", "--frames", "3"];
    let holds = |(entry, text): (Example, String)| {
        let folder = tempfile::tempdir().unwrap();
        let output = run(folder.path(), &text, &arguments);
        match output.status.code() {
            Some(0) => assert_eq!(json(&output)["mismatches"], 0, "{}", entry.kind),
            _ => assert!(
                said(&output).contains("cannot simulate the cell "),
                "{}: {}",
                entry.kind,
                said(&output)
            ),
        }
        output.status.success()
    };
    let holding = small_examples().into_iter().map(holds).filter(|holds| *holds).count();
    assert!(holding >= 9, "{holding} kinds hold");
}

#[test]
#[ignore = "make nightly"]
fn bitstreams_on_hx8k_equal_golden() {
    every_example(&["--stage", "bitstream", "--board", "hx8k"]);
}

/// The board with a phase-locked loop. Of the multipliers of `gradient_prune`, look-up tables here, it has room for one, not for four.
#[test]
#[ignore = "make nightly"]
fn bitstreams_on_icebreaker_equal_golden() {
    let one_multiplier: &[(&str, &str)] = &[("shared = false", "shared = true")];
    every_example_with(
        &[("gradient_prune", one_multiplier)],
        &["--stage", "bitstream", "--board", "icebreaker", "--no-dsp"],
    );
}
