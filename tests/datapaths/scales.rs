//! Ternary weights of two scales.

use crate::check::*;
use crate::schedule::holds;
use serde_json::Value;
use ternlet::datapath::{CodebookMacConfig, Datapath, TernaryMacConfig};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::{Tokens, Transfers};
use ternlet::verify::Case;

fn layers() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/ttq.json")).unwrap()
}

fn integers(value: &Value) -> Vec<i64> {
    match value.as_array() {
        Some(list) => list.iter().flat_map(integers).collect(),
        None => vec![value.as_i64().unwrap()],
    }
}

fn lengths(layer: &Value) -> (usize, usize) {
    (layer["weight"].as_array().unwrap().len(), layer["weight"][0].as_array().unwrap().len())
}

/// The matrix of a layer; `keys` are of the folding, `weights` where its weights come from.
fn config(layer: &Value, keys: &str, weights: &str) -> String {
    let (rows, columns) = lengths(layer);
    // The first one takes the bytes of the picture.
    let input = if layer["layer"] == "c1" { "u8" } else { "u4" };
    format!(
        "rows = {rows}\ncolumns = {columns}\ninput = \"{input}\"\n{keys}\nweights = {{ {weights}, scales = {} }}\n[thresholds]\n\
         output = \"u4\"\nthresholds = {}\nsigns = {}",
        layer["scales"], layer["thresholds"], layer["signs"]
    )
}

/// The windows of a layer, and the codes that the exact program of the network has there.
fn frozen(layer: &Value, mac: &dyn Datapath, w: Option<Tokens>) -> Case {
    let ports = mac.ports();
    let x = Tokens::pack(&ports.inputs[0], &integers(&layer["x"]));
    let inputs: Transfers = std::iter::once(x).chain(w).collect();
    Case { inputs, expected: vec![Tokens::pack(&ports.outputs[0], &integers(&layer["code"]))] }
}

/// Convolutions of a U-Net of 3DQ's (`tests/vectors/ttq.py`): what leaves are the codes of the network, in every form of the weights.
#[test]
fn layers_of_a_trained_network_give_its_codes() {
    let layers = layers();
    assert_eq!(layers.len(), 3);
    for (index, keys, from) in [
        (0, "", "constant"),
        (0, "lanes = 9\nparallel_rows = 4", "memory"),
        (0, "parallel_rows = 8", "memory"),
        (1, "lanes = 27\nparallel_rows = 2", "memory"),
        (2, "lanes = 8\nparallel_rows = 4", "memory"),
    ] {
        let weights = format!("from = \"{from}\", values = {}", layers[index]["weight"]);
        let mac = datapath::<TernaryMacConfig>(&config(&layers[index], keys, &weights));
        let case = frozen(&layers[index], &*mac, None);
        assert_eq!(mac.golden(&case.inputs), case.expected, "{keys} {from}");
        for timing in [Timing::levels(3), Timing::clock(Family::ECP5, 40.0)] {
            let report = verilator_on(&*mac, std::slice::from_ref(&case), 31, timing);
            assert_eq!((report.mismatches, report.frames), (0, 12));
        }
    }
}

/// The same with the weights in a stream: for each vector those of each set of rows, beat after beat.
#[test]
fn a_layer_whose_weights_are_streamed_gives_its_codes() {
    let layer = &layers()[0];
    let mac =
        datapath::<TernaryMacConfig>(&config(layer, "lanes = 10\nparallel_rows = 3", "from = \"stream\""));
    let w = &mac.ports().inputs[1];
    let (rows, columns) = lengths(layer);
    let weights = integers(&layer["weight"]);
    let weight = |row: usize, column: usize| {
        if row < rows && column < columns { weights[row * columns + column] } else { 0 }
    };
    let mut vector = Vec::new();
    for (pass, beat) in (0..rows.div_ceil(3)).flat_map(|pass| (0..3).map(move |beat| (pass, beat))) {
        vector.extend(
            (0..3)
                .flat_map(|row| (0..10).map(move |lane| (3 * pass + row, 10 * beat + lane)))
                .map(|(r, c)| weight(r, c)),
        );
    }
    let case = frozen(layer, &*mac, Some(Tokens::pack(w, &vector.repeat(12))));
    assert_eq!(mac.golden(&case.inputs), case.expected);
    verilator_on(&*mac, &[case], 32, Timing::levels(3));
}

const VALUES: &str =
    "[[1, -1, 0, 1, 1], [0, 1, 1, -1, 0], [1, 1, 1, 1, 1], [-1, -1, 0, 0, -1], [0, 0, 0, 0, 0]]";

#[test]
fn hardware_equals_golden_in_every_form() {
    let each = "[[3, 4], [-5, 2], [16777215, -16777215], [0, 1], [7, 7]]";
    let after = [
        "",
        "[requantize]\noutput = \"s6\"\nbounds = [-31, 31]\nmultiplier = 1\nbias = 9\nshift = 3",
        "[thresholds]\noutput = \"u2\"\nthresholds = [-9, 0, 40]\nsigns = [1, -1, 1, 1, -1]",
    ];
    for input in ["u4", "s3", "u1"] {
        for scales in ["[3, 5]", each] {
            for after in after {
                let weights =
                    format!("weights = {{ from = \"constant\", values = {VALUES}, scales = {scales} }}");
                let head = format!("rows = 5\ncolumns = 5\ninput = \"{input}\"\n");
                let constant = datapath::<TernaryMacConfig>(&format!("{head}{weights}\n{after}"));
                interpreter(&*constant, 4, 33);
                holds(&*constant);
                for (folding, weights) in [
                    ("", "from = \"memory\", packing = \"trits5\""),
                    ("lanes = 2\nparallel_rows = 2", "from = \"memory\""),
                    ("lanes = 5\nparallel_rows = 3", "from = \"memory\""),
                    ("parallel_rows = 4", "from = \"memory\""),
                    ("lanes = 3\nparallel_rows = 2", "from = \"stream\""),
                ] {
                    let values = if weights.contains("memory") {
                        format!(", values = {VALUES}")
                    } else {
                        String::new()
                    };
                    let weights = format!("weights = {{ {weights}{values}, scales = {scales} }}");
                    let mac = datapath::<TernaryMacConfig>(&format!("{head}{folding}\n{weights}\n{after}"));
                    interpreter(&*mac, 4, 34);
                    holds(&*mac);
                }
            }
        }
    }
}

/// With equal scales `A` is so many times the sum of one scale, and scales turned over, with the weights, give what they gave, less than 0.
#[test]
fn two_equal_scales_are_one() {
    let of = |values: &str, more: &str| {
        let mac = datapath::<TernaryMacConfig>(&format!(
            "rows = 2\ncolumns = 4\nlanes = 2\ninput = \"s5\"\nweights = {{ from = \"memory\", values = {values}{more} }}"
        ));
        let inputs = stimuli(&*datapath::<TernaryMacConfig>(
            "rows = 2\ncolumns = 4\nlanes = 2\ninput = \"s5\"\nweights = { from = \"memory\", values = [[1, 0, 0, 0], [1, 1, 1, 1]] }"
        ), 20, 35).pop().unwrap();
        mac.golden(&inputs)[0].values.clone()
    };
    let (matrix, turned) = ("[[1, -1, 0, 1], [-1, 0, 1, 1]]", "[[-1, 1, 0, -1], [1, 0, -1, -1]]");
    let one = of(matrix, "");
    assert_eq!(of(matrix, ", scales = [11, 11]"), one.iter().map(|sum| 11 * sum).collect::<Vec<_>>());
    let apart = of(matrix, ", scales = [11, 7]");
    assert_eq!(of(turned, ", scales = [7, 11]"), apart.iter().map(|sum| -sum).collect::<Vec<_>>());
    assert_ne!(apart, of(matrix, ", scales = [7, 11]"));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let of = |input: &str, scales: &str| {
        problems::<TernaryMacConfig>(&format!(
            "rows = 3\ncolumns = 2\ninput = \"{input}\"\nweights = {{ from = \"stream\", scales = {scales} }}"
        ))
    };
    for (scales, said) in [
        (
            "[3]",
            "weights.scales = [3]: there are two scales, that of the weights +1 and that of the weights -1; write [wp, wn]; one scale alone",
        ),
        ("[1, 2, 3]", "weights.scales = [1, 2, 3]: there are two scales"),
        ("[[1, 2], [3]]", "weights.scales = 2 lists: there are two scales"),
        (
            "[[1, 2], [3, 4]]",
            "weights.scales = 2 lists: there are 2 pairs of scales for 3 rows; give one, or 3",
        ),
        (
            "[16777216, 1]",
            "a scale has at most 24 bits and a sign; divide both by their common factors, or scale them down",
        ),
        ("{ file = \"s.npy\" }", "s.npy: no such file"),
        ("0.5", "expected two integers [wp, wn]"),
    ] {
        let text = of("u4", scales);
        assert!(text.contains(said), "{scales}: {text}");
    }
    let wide = problems::<TernaryMacConfig>(
        "rows = 1\ncolumns = 65536\ninput = \"u32\"\nweights = { from = \"stream\", scales = [16777215, 1] }",
    );
    assert!(
        wide.contains(
            "wp P - wn N has 73 bits, and at most 63 can be; take narrower scales or inputs, or fewer columns"
        ),
        "{wide}"
    );
    let text = problems::<CodebookMacConfig>(
        "rows = 3\ncolumns = 2\ncodebook = \"ternary\"\ninput = \"u4\"\nweights = { from = \"stream\", scales = [1, 2] }",
    );
    assert!(
        text.contains(
            "weights.scales = (as given): only ternary weights that are not N:M have two scales; leave them out"
        ),
        "{text}"
    );
}
