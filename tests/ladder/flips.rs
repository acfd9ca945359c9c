//! One wrong bit in what is loaded is seen.

use crate::{json, said, ternlet_in, toolchain};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A matrix in block RAM, large enough for it.
fn matrix() -> TempDir {
    let weights = |row: i64| (0..32).map(|column| (row * 5 + column * 3 + row * column) % 3 - 1).collect();
    let rows: Vec<Vec<i64>> = (0..24).map(weights).collect();
    let design = format!(
        "name = \"matrix\"\nboard = \"icebreaker\"\nfrequency_mhz = 24\n[datapath]\nkind = \"ternary_mac\"\n\
         rows = 24\ncolumns = 32\nlanes = 4\ninput = \"s4\"\nweights = {{ from = \"memory\", values = {rows:?} }}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("design.toml"), design).unwrap();
    folder
}

/// The configuration of the bitstream `from` with one bit changed by `flip`, packed again as `to`; all in `folder`.
fn changed(folder: &Path, from: &str, to: &str, flip: impl FnOnce(&mut Vec<String>)) {
    let toolchain = toolchain();
    let run = |name: &str, arguments: &[&str]| {
        toolchain.find(name).unwrap().run(folder, arguments).unwrap_or_else(|error| panic!("{error}"));
    };
    run("iceunpack", &[from, "bits.asc"]);
    let bits = fs::read_to_string(folder.join("bits.asc")).unwrap();
    let mut lines: Vec<String> = bits.lines().map(str::to_owned).collect();
    flip(&mut lines);
    fs::write(folder.join("bits.asc"), lines.join("\n") + "\n").unwrap();
    run("icepack", &["bits.asc", to]);
}

/// Simulates the bitstream in this file, and gives the exit status and what was said.
fn simulate(folder: &Path, bitstream: &str) -> (Option<i32>, String) {
    let stage = ["simulate", "design.toml", "--stage", "bitstream", "--frames", "4", "--quiet"];
    let output = ternlet_in(folder, &[&stage[..], &["--bitstream", bitstream]].concat());
    (output.status.code(), said(&output))
}

#[test]
fn a_wrong_bit_of_configuration_or_block_ram_fails() {
    let folder = matrix();
    let path = folder.path();
    let whole = ternlet_in(path, &["synthesize", "design.toml", "--json", "--quiet"]);
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    let result = json(&whole);
    assert!(result["bram"].as_u64().unwrap() > 0, "the weights are in block RAM: {result}");
    fs::copy(path.join("build/matrix/matrix.bin"), path.join("right.bin")).unwrap();
    assert_eq!(simulate(path, "right.bin"), (Some(0), String::new()), "as it is, it holds");

    // A bit of a word of weights that is not 0.
    changed(path, "right.bin", "ram.bin", |lines| {
        let header = |line: &String| line.starts_with(".ram_data");
        let used = |at: &usize| lines[*at + 1].bytes().any(|digit| digit != b'0');
        let at = (0..lines.len()).filter(|&at| header(&lines[at])).find(used).expect("contents") + 1;
        let last = lines[at].len() - 1;
        let digit = u32::from_str_radix(&lines[at][last..], 16).unwrap() ^ 1;
        lines[at].replace_range(last.., &format!("{digit:x}"));
    });
    let (status, error) = simulate(path, "ram.bin");
    assert_eq!(status, Some(1), "{error}");
    assert!(error.contains("stream y, frame ") && error.contains("expected"), "{error}");

    // What the first look-up table of the busiest tile says of four zeros.
    changed(path, "right.bin", "table.bin", |lines| {
        let ones = |at: usize| lines[at + 1..at + 17].join("").bytes().filter(|bit| *bit == b'1').count();
        let tiles = (0..lines.len()).filter(|&at| lines[at].starts_with(".logic_tile"));
        let tile = tiles.max_by_key(|&at| ones(at)).expect("a logic tile");
        // Bit 4 of the 20 of a logic cell stands in the first of its two rows, behind 36 columns of routing.
        let bit = if lines[tile + 1].as_bytes()[40] == b'0' { "1" } else { "0" };
        lines[tile + 1].replace_range(40..41, bit);
    });
    let (status, error) = simulate(path, "table.bin");
    assert_eq!(status, Some(1), "{error}");
}
