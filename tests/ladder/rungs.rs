//! Every datapath's example climbs from its Verilog to its netlist and its bitstream.

use crate::small::changed::{Changes, changed};
use crate::small::small_examples;
use crate::{json, said, ternlet_in};
use serde_json::Value;
use std::fs;
use std::path::Path;
use ternlet::datapath::Catalog;
use ternlet::device::Board;
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
    let boards = ["ulx3s", "tangnano9k", "icebreaker", "gatemate_evb", "tangprimer25k"];
    for ((entry, text), board) in small_examples().into_iter().zip(boards.into_iter().cycle()) {
        let result = simulated(&entry, &text, &["--stage", "netlist", "--board", board, "--frames", "40"]);
        assert!(result["frames"].as_u64().unwrap() >= 40, "{}", entry.kind);
        assert!(result["netlist_hash"].is_string(), "{}", entry.kind);
    }
}

/// Lines and beats in SPRAM, as Verilog and as netlist.
#[test]
fn large_memories_of_one_port_equal_golden() {
    let map = "size = [9, 14]\nchannels = 2\n";
    let window = format!("{map}input = \"u4\"\nkernel = 3\npadding = 1\nline_memory = \"spram\"\n");
    let weights = "[[1, 0, -1, 1, 0, -1, 1, 0, -1, 0, 1, 0, 0, -1, 0, 0, 1, 0], [0, 1, 0, 1, 1, 1, 0, 1, 0, -1, -1, -1, 0, 0, 0, 1, 1, 1]]";
    let text = format!(
        "name = \"behind_one_port\"\nboard = \"icebreaker\"\nfrequency_mhz = 24\n\
         [[node]]\nname = \"conv\"\nkind = \"convolution\"\n{window}filters = 2\nparallel_columns = 6\nweight = \"ternary\"\n\
         requantize = {{ output = \"u4\", multiplier = 13, shift = 5 }}\nweights = {{ from = \"memory\", values = {weights} }}\n\
         [[node]]\nname = \"pool\"\nkind = \"pool\"\noperation = \"max\"\n{window}stride = 1\n\
         [[node]]\nname = \"sum\"\nkind = \"add\"\nfrom = {{ a = \"pool\", b = \"conv\" }}\n{map}a = \"u4\"\nb = \"u4\"\n\
         [[fifo]]\ninto = \"sum.b\"\nmemory = \"spram\"\n"
    );
    let entry = Example { kind: "large memories", summary: "", text: "" };
    let result = simulated(&entry, &text, &["--stage", "netlist", "--frames", "30"]);
    let cells = result["notes"][0].as_str().unwrap();
    assert!(cells.contains(", 3 SPRAM of ice40up"), "{cells}");
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

#[test]
#[ignore = "make nightly"]
fn small_netlists_on_gatemate_and_arora_equal_golden() {
    for board in ["gatemate_evb", "tangprimer25k"] {
        for (entry, text) in small_examples() {
            simulated(&entry, &text, &["--stage", "netlist", "--board", board, "--frames", "40"]);
        }
    }
}

/// Its pins are places that its package has, or nextpnr says so; the clock is one that its device makes.
fn is_placed_on(board: &Board, link: &str) {
    let (entry, text) =
        small_examples().into_iter().find(|(entry, _)| entry.kind == "argmax").expect("an example");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("design.toml"), text).unwrap();
    let arguments = [
        "synthesize",
        "design.toml",
        "--json",
        "--quiet",
        "--board",
        &board.name,
        "--link",
        link,
        "--seeds",
        "1",
    ];
    let output = ternlet_in(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{} {link}: {}", board.name, said(&output));
    let result = json(&output);
    let bitstream = folder.path().join(result["bitstream"].as_str().unwrap());
    assert!(fs::metadata(bitstream).unwrap().len() > 1000, "{} on {}", entry.kind, board.name);
    for used in result["used"].as_array().unwrap() {
        let there = match used["resource"].as_str().unwrap() {
            "lut4" | "logic_cell" => board.resources.lut4,
            "ff" => board.resources.ff,
            "block_ram" => board.resources.block_ram,
            "dsp" => board.resources.dsp,
            "spram" => board.resources.spram,
            other => panic!("{other} on {}", board.name),
        };
        assert_eq!(used["there_is"], there, "{} of {}", used["resource"], board.name);
    }
}

#[test]
fn a_design_is_placed_on_gatemate() {
    is_placed_on(&Board::named("gatemate_evb").unwrap(), "uart");
}

#[test]
#[ignore = "make nightly"]
fn a_design_is_placed_on_every_board_behind_either_link() {
    for board in Board::all() {
        ["uart", "scan"].iter().for_each(|link| is_placed_on(&board, link));
    }
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
