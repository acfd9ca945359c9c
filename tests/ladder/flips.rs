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

/// The 20 bits of a logic cell stand in two rows of its tile, from this column on.
const CELL: usize = 36;

/// The column, in a cell's first row, of what its look-up table gives where all four inputs are 0 (Project IceStorm,
/// `icebox.py`: bit 4 of the cell).
const TABLE_AT_0: usize = CELL + 4;

/// Whether the cell in these two rows is on a carry chain and its table is balanced, as that of a sum is.
fn is_sum(first: &str, second: &str) -> bool {
    let [first, second] = [first, second].map(|row| &row.as_bytes()[CELL..CELL + 10]);
    let table = first[..8].iter().chain(&second[..8]);
    first[8] == b'1' && table.filter(|bit| **bit == b'1').count() == 8
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
    assert!(result["block_ram"].as_u64().unwrap() > 0, "the weights are in block RAM: {result}");
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

    // What the sum of three zeros is, in an adder.
    changed(path, "right.bin", "table.bin", |lines| {
        let tiles = (0..lines.len()).filter(|&at| lines[at].starts_with(".logic_tile"));
        let mut cells = tiles.flat_map(|tile| (0..8).map(move |cell| tile + 1 + 2 * cell));
        let row = cells.find(|&row| is_sum(&lines[row], &lines[row + 1])).expect("an adder");
        let bit = if lines[row].as_bytes()[TABLE_AT_0] == b'0' { "1" } else { "0" };
        lines[row].replace_range(TABLE_AT_0..TABLE_AT_0 + 1, bit);
    });
    let (status, error) = simulate(path, "table.bin");
    assert_eq!(status, Some(1), "{error}");
}
