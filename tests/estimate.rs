//! `ternlet estimate`: what a synthesis and a simulation would say, without either.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn ternlet(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    command.args(arguments).current_dir(folder).output().expect("the command line starts")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn estimated(arguments: &[&str]) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    json(&ternlet(root, &[&["estimate", "--json", "--quiet"], arguments].concat()))
}

/// A folder with this design.
fn design(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("design.toml"), text).unwrap();
    folder
}

/// Sums of one adder each, whose carry chain is all there is: nothing in them is a guess.
const ADD: &str = "name = \"sums\"\n[datapath]\nkind = \"add\"\nsize = [4]\nchannels = 2\nlanes = 1\na = \"s8\"\nb = \"s8\"\n";

#[test]
fn cycles_are_those_of_simulation() {
    let folder = design(ADD);
    let estimated = json(&ternlet(folder.path(), &["estimate", "design.toml", "--json"]));
    let simulated = json(&ternlet(folder.path(), &["simulate", "design.toml", "--json", "--quiet"]));
    assert!(simulated["initiation_interval"].is_number(), "{simulated}");
    let interval = simulated["initiation_interval"].as_f64();
    assert_eq!(estimated["cycles_per_frame"].as_u64().map(|cycles| cycles as f64), interval);
    for key in ["latency_cycles", "outputs"] {
        assert_eq!(estimated[key], simulated[key], "{key}");
    }
    for (ours, theirs) in [("board_clock_mhz", "clock_mhz"), ("frames_per_second", "frames_per_second")] {
        assert_eq!(estimated[ours], simulated[theirs], "{ours}");
    }
    assert!(!folder.path().join("build/sums/estimate.json").exists());
}

/// Of long frames few run, and what they show is kept.
#[test]
fn cycles_of_long_frames_are_those_of_simulation_and_kept() {
    let folder = design(
        "name = \"blurred\"\n[[node]]\nname = \"low\"\nkind = \"pool\"\noperation = \"max\"\nsize = [80, 96]\nchannels = 1\n\
         input = \"u8\"\nkernel = 2\n[[node]]\nname = \"high\"\nkind = \"upsample\"\nsize = [40, 48]\nchannels = 1\ninput = \"u8\"\n\
         factor = 2\n[[node]]\nname = \"sum\"\nkind = \"add\"\nsize = [80, 96]\nchannels = 1\nlanes = 1\na = \"u8\"\nb = \"u8\"\n\
         from = { a = \"input.x\", b = \"high.y\" }\n",
    );
    let run = |command: &str| json(&ternlet(folder.path(), &[command, "design.toml", "--json", "--quiet"]));
    let [first, again] = ["estimate"; 2].map(run);
    assert_eq!(first, again);
    let simulated = run("simulate");
    let interval = simulated["initiation_interval"].as_f64();
    assert_eq!(first["cycles_per_frame"].as_u64().map(|cycles| cycles as f64), interval);
    for key in ["latency_cycles", "outputs"] {
        assert_eq!(first[key], simulated[key], "{key}");
    }
}

#[test]
fn counts_are_near_those_of_synthesis() {
    let folder = design(ADD);
    for board in ["icebreaker", "ulx3s", "tangnano9k"] {
        let arguments = |command| [command, "design.toml", "--json", "--quiet", "--board", board];
        let estimated = json(&ternlet(folder.path(), &arguments("estimate")));
        let synthesized = json(&ternlet(folder.path(), &arguments("synthesize")));
        for key in [
            "design",
            "board",
            "family",
            "device",
            "ff",
            "block_ram",
            "dsp",
            "spram",
            "needed_mhz",
            "board_clock_mhz",
        ] {
            assert_eq!(estimated[key], synthesized[key], "{board}: {key}");
        }
        let [found, counted] = [&estimated, &synthesized].map(|of| of["lut4"].as_f64().unwrap());
        assert!((found - counted).abs() <= 0.1 * counted, "{board}: {found} LUT4 for {counted}");
    }
}

#[test]
fn a_network_says_what_its_nodes_take() {
    let estimated = estimated(&["examples/vowels.toml"]);
    let parts = estimated["parts"].as_array().unwrap();
    for key in ["lut4", "ff", "carry", "block_ram", "dsp"] {
        let of_parts: u64 = parts.iter().map(|part| part["counts"][key].as_u64().unwrap()).sum();
        let all = estimated[key].as_u64().unwrap();
        assert!(of_parts <= all && of_parts * 10 >= all * 9, "{key}: {of_parts} of {all} are of parts");
    }
    assert!(parts.iter().filter(|part| part["counts"]["lut4"].as_u64() > Some(0)).count() > 3);
}

#[test]
fn a_design_that_does_not_fit_says_what_is_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = ternlet(root, &["estimate", "examples/unet3d.toml", "--board", "icebreaker"]);
    assert_eq!(output.status.code(), Some(1));
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(error.contains("by the estimate, the design does not fit on icebreaker: "), "{error}");
    assert!(error.contains("or a board with more: ulx3s"), "{error}");
    assert!(said.contains("LUT4") && said.contains("cycles a frame") && said.contains(" limit: "), "{said}");
}

#[test]
fn a_faster_clock_takes_more_registers_and_is_nearer() {
    let [slow, fast] =
        ["12", "60"].map(|mhz| estimated(&["examples/digits_ternary.toml", "--frequency", mhz]));
    let number = |of: &Value, key: &str| of[key].as_f64().unwrap();
    assert!(number(&slow, "ff") < number(&fast, "ff"));
    assert!(number(&slow, "clock_mhz") < number(&fast, "clock_mhz"));
    assert_eq!((&slow["timing_met"], &slow["fits"]), (&true.into(), &true.into()));
}

#[test]
fn without_dsp_products_are_made_of_look_up_tables() {
    let folder = design(
        "name = \"scale\"\n[datapath]\nkind = \"requantize\"\nrows = 2\ninput = \"s12\"\n[datapath.requantize]\n\
         output = \"s4\"\nmultiplier = [1037, 1041]\nshift = 14\nproduct = \"multiply\"\n",
    );
    let with = |more: &[&str]| {
        json(&ternlet(folder.path(), &[&["estimate", "design.toml", "--json"], more].concat()))
    };
    let [with, without] = [with(&[]), with(&["--no-dsp"])];
    assert!(with["dsp"].as_u64() > Some(0) && without["dsp"] == 0, "{with} {without}");
    assert!(with["lut4"].as_u64() < without["lut4"].as_u64());
}

#[test]
fn bad_input_comes_with_line_and_help() {
    let folder = design(&ADD.replace("a = \"s8\"", "a = \"s80\""));
    let output = ternlet(folder.path(), &["estimate", "design.toml"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("design.toml:7") && error.contains("s80"), "{error}");
    for arguments in
        [&["estimate", "no.toml"][..], &["estimate", "design.toml", "--board", "spartan"], &["estimate"]]
    {
        assert_eq!(ternlet(folder.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
}
