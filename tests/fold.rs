//! Foldings: how many lanes and rows work at once, for a rate.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A convolution, a pool that gives its beats in bursts, a convolution and its largest channel. Comments are a person's.
const NETWORK: &str = r#"# A person's words.
name = "folded"
board = "icebreaker"     # on the desk
frequency_mhz = 24

[outputs]
class = "class.index"

[[node]]
name = "first"
kind = "convolution"
size = [6, 8]
channels = 1
input = "u4"
filters = 4
kernel = 3
padding = 1
lanes = 1                # of the picture
weight = "ternary"
weights = { from = "memory", values = [
    [1, 0, -1, 1, 0, -1, 1, 0, -1],
    [0, 1, 0, 1, -1, 1, 0, 1, 0],
    [-1, -1, 0, 0, 0, 1, 0, 1, 1],
    [0, 0, 1, 0, 1, 0, -1, 0, -1],
] }
requantize = { output = "u4", multiplier = 3, shift = 3 }

[[node]]
name = "half"
kind = "pool"
operation = "max"
size = [6, 8]
channels = 4
input = "u4"
kernel = 2

[[node]]
name = "second"
kind = "convolution"
size = [3, 4]
channels = 4
input = "u4"
filters = 2
kernel = [3, 4]
parallel_rows = 2        # goes, or becomes another
weight = "s4"
weights = { from = "memory", values = [
    [1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, -1, 0, -2, 0, -3, 0, -4, 0, -5, 0],
    [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7, -1, -1, -1, -2, -2, -2, -3, -3, -3, -4, -4, -4, -5, -5, -5, -6, -6, -6, -7, -7, -7, -8, -8, -8],
] }

[[node]]
name = "class"
kind = "argmax"
columns = 2
input = "s13"
"#;

fn ternlet(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    command.args(arguments).current_dir(folder).output().expect("the command line starts")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("design.toml"), NETWORK).unwrap();
    folder
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The cycles that a folding promises are those that Verilator counts; slower ones take no more of the board's tables, but for what joins
/// the nodes.
#[test]
fn a_folding_keeps_its_pace_in_hardware() {
    let folder = folder();
    let path = folder.path();
    let mut before = u64::from(u32::MAX);
    for cycles in [48, 100, 200, 400, 1000] {
        let name = format!("c{cycles}.toml");
        let ran =
            ternlet(path, &["fold", "design.toml", "--cycles", &cycles.to_string(), "-o", &name, "--json"]);
        assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
        let folded: Value = serde_json::from_slice(&ran.stdout).unwrap();
        let found = folded["cycles_per_frame"].as_u64().unwrap();
        assert!(found <= cycles, "{found} of {cycles}");
        let simulated =
            ternlet(path, &["simulate", &name, "--frames", "12", "--json", "-o", &format!("o{cycles}")]);
        assert_eq!(simulated.status.code(), Some(0), "{}", said(&simulated));
        let simulated: Value = serde_json::from_slice(&simulated.stdout).unwrap();
        assert_eq!(simulated["initiation_interval"].as_f64(), Some(found as f64), "of {cycles}");
        // A window of 9 at 48 positions for 4 filters, and below both roofs.
        let roofline = &folded["roofline"];
        let [layer, bytes] =
            ["products_a_cycle", "products_a_byte"].map(|key| roofline["layers"][0][key].as_f64().unwrap());
        assert!((layer * found as f64 - 1728.0).abs() < 1e-6, "{layer} products a cycle of {found}");
        let roofs = [
            roofline["bytes_a_cycle"].as_f64().unwrap() * bytes,
            roofline["products_a_cycle"].as_f64().unwrap(),
        ];
        assert!(roofs.iter().all(|roof| layer < *roof), "{layer} below {roofs:?}");
        let next = folded["next"]["cycles_per_frame"].as_u64();
        assert!(next.map_or(found == 48, |next| next < found && found > 48), "after {found}: {next:?}");
        let tables = folded["counts"]["lut4"].as_u64().unwrap();
        assert!(tables * 20 <= before * 21, "{tables} look-up tables at {cycles} cycles, {before} at fewer");
        before = tables;
    }
}

/// The first convolution has 48 positions of 4 channels, which cannot pass in less than 48 cycles.
#[test]
fn what_cannot_be_so_fast_is_named() {
    let folder = folder();
    let ran = ternlet(folder.path(), &["fold", "design.toml", "--cycles", "47", "-o", "f.toml"]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(said(&ran).contains("first takes at least 48 cycles a frame, but 47 are left"), "{}", said(&ran));
    assert!(!folder.path().join("f.toml").exists());
}

#[test]
fn all_else_of_the_file_stays() {
    let folder = folder();
    let arguments =
        ["fold", "design.toml", "--rate", "240000", "--board", "ulx3s", "--frequency", "30", "-o", "-"];
    let ran = ternlet(folder.path(), &arguments);
    let text = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let folds = |line: &&str| {
        let keys = ["lanes", "parallel_columns", "parallel_rows", "board", "frequency_mhz"];
        keys.iter().any(|key| line.starts_with(&format!("{key} =")))
    };
    let others = |text: &str| text.lines().filter(|line| !folds(line)).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(others(&text), others(NETWORK.trim_end()));
    for kept in ["board = \"ulx3s\"     # on the desk", "frequency_mhz = 30", "# of the picture"] {
        assert!(text.contains(kept), "{kept} in\n{text}");
    }
    fs::write(folder.path().join("again.toml"), &text).unwrap();
    let again = ternlet(folder.path(), &["fold", "again.toml", "--rate", "240000", "-o", "-"]);
    assert_eq!(String::from_utf8(again.stdout).unwrap(), text, "folded twice");
}

#[test]
fn the_fastest_that_fits_is_faster_on_a_larger_board() {
    let folder = folder();
    let cycles = |board: &str| {
        let ran = ternlet(folder.path(), &["fold", "design.toml", "--fit", "--board", board, "--json"]);
        assert!(ran.status.success(), "{}", said(&ran));
        let folded: Value = serde_json::from_slice(&ran.stdout).unwrap();
        folded["cycles_per_frame"].as_u64().unwrap()
    };
    assert_eq!([cycles("icebreaker"), cycles("ulx3s")], [48, 48], "it fits whole on both");
}

#[test]
fn bad_arguments_are_bad_input() {
    let folder = folder();
    let refused = |arguments: &[&str], why: &str| {
        let ran = ternlet(folder.path(), &[&["fold", "design.toml"], arguments].concat());
        assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
        assert!(said(&ran).contains(why), "{}", said(&ran));
    };
    refused(&[], "--rate");
    refused(&["--rate", "100", "--fit"], "--fit");
    refused(&["--rate", "0"], "--rate 0: at 24 MHz it is more than 0");
    refused(&["--rate", "NaN"], "--rate NaN");
    refused(&["--cycles", "0"], "--cycles 0");
    refused(&["--fit", "-o", "elsewhere/f.toml"], "write the folded one there");
    refused(&["--fit", "-o", "design.toml"], "is there already");
}

/// From the file of a trained network to a design of a pace, and the hardware keeps it.
#[test]
fn an_imported_network_is_folded() {
    let folder = tempfile::tempdir().unwrap();
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/onnx/tcnn.onnx");
    let arguments = ["import", model, "--input", "u8/256", "--cycles", "7000", "-o", "net.toml", "--json"];
    let ran = ternlet(folder.path(), &arguments);
    assert!(ran.status.success(), "{}", said(&ran));
    let imported: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let found = imported["folded"]["cycles_per_frame"].as_u64().unwrap();
    assert!(found <= 7000, "{found}");
    let simulated = ternlet(folder.path(), &["simulate", "net.toml", "--frames", "4", "--json"]);
    assert!(simulated.status.success(), "{}", said(&simulated));
    let simulated: Value = serde_json::from_slice(&simulated.stdout).unwrap();
    assert_eq!(simulated["initiation_interval"].as_f64(), Some(found as f64));
}
