//! Weights that are logic, of every kind that there is.

use crate::check::*;
use proptest::prelude::*;
use ternlet::datapath::{CodebookMacConfig, Datapath, NmMacConfig, TernaryMacConfig};
use ternlet::device::Family;
use ternlet::hdl::Timing;

fn toml(matrix: &[Vec<i64>], input: &str, rest: &str) -> String {
    let (rows, columns) = (matrix.len(), matrix[0].len());
    format!(
        "rows = {rows}\ncolumns = {columns}\ninput = \"{input}\"\nweights = {{ from = \"constant\", values = {matrix:?} }}\n{rest}"
    )
}

fn ternary(rows: usize, columns: usize) -> Vec<Vec<i64>> {
    let weight = |row: usize, column: usize| ((row * 7 + column * 5 + row * column * 3) >> 1) as i64 % 3 - 1;
    (0..rows).map(|row| (0..columns).map(|column| weight(row, column)).collect()).collect()
}

#[test]
fn hardware_equals_golden_for_every_kind_of_weights() {
    let codebook = |entries: &str| format!("codebook = {entries}\n");
    for input in ["u1", "s1", "s8", "u5"] {
        for matrix in
            [ternary(1, 1), ternary(5, 9), vec![vec![0; 3]; 2], vec![vec![0, 0], vec![1, 0], vec![1, 0]]]
        {
            interpreter(&*datapath::<TernaryMacConfig>(&toml(&matrix, input, "")), 4, 51);
        }
        let sparse = vec![vec![-8, 0, 0, 7, 1], vec![0, 3, 0, 3, 0], vec![0; 5]];
        let rest = "pattern = \"2:4\"\nweight = \"s4\"\n";
        interpreter(&*datapath::<NmMacConfig>(&toml(&sparse, input, rest)), 4, 52);
        let indices = vec![vec![0, 1, 2], vec![2, 2, 2]];
        for entries in ["[-5, 9, 1]", "[4, 4, 4]", "\"ternary\""] {
            interpreter(&*datapath::<CodebookMacConfig>(&toml(&indices, input, &codebook(entries))), 4, 53);
        }
    }
    let all = vec![(0..16).collect::<Vec<i64>>(), (0..16).rev().collect()];
    interpreter(&*datapath::<CodebookMacConfig>(&toml(&all, "s8", &codebook("\"odd4\""))), 4, 54);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_ternary_matrix(matrix in (1usize..7, 1usize..9).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(prop::collection::vec(-1i64..=1, columns), rows)
    })) {
        interpreter(&*datapath::<TernaryMacConfig>(&toml(&matrix, "s6", "")), 2, 55);
    }
}

/// Rows are requantized side by side: a vector still leaves in every clock cycle.
#[test]
fn a_vector_is_taken_in_every_cycle() {
    let scales = [
        "",
        "[requantize]\noutput = \"u4\"\nmultiplier = 37\nbias = 11\nshift = 5\n",
        "[requantize]\noutput = \"s8\"\nmultiplier = [3, -5, 7, 0]\nbias = [1, 2, 3, 4]\nshift = 2\n",
        "[requantize]\noutput = \"s8\"\nmultiplier = [3, -5, 7, 0]\nshift = 2\nproduct = \"shift_add\"\n",
    ];
    for (index, scale) in scales.iter().enumerate() {
        let mac: Box<dyn Datapath> = datapath::<TernaryMacConfig>(&toml(&ternary(4, 12), "s8", scale));
        for timing in
            [Timing::levels(2), Timing::clock(Family::ECP5, 100.0), Timing::clock(Family::ICE40_HX, 60.0)]
        {
            let report = verilator(&*mac, 200, 56, timing);
            assert_eq!((report.mismatches, report.initiation_interval), (0, Some(1.0)), "{index}");
        }
    }
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<TernaryMacConfig>(
        &toml(&ternary(2, 3), "s8", "").replace("rows = 2", "rows = 2\nlanes = 2"),
    );
    let expected =
        "lanes = 2: constant weights multiply a whole vector in each clock cycle; leave it out, or write 3";
    assert!(text.contains(expected), "{text}");
    let text = problems::<TernaryMacConfig>(
        "rows = 512\ncolumns = 512\ninput = \"s8\"\nweights = { from = \"constant\", values = [] }",
    );
    assert!(
        text.contains("a matrix of constants has at most 65536 weights; keep the weights in memory"),
        "{text}"
    );
}
