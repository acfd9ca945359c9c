//! Operators around a quantizer, held against what the reference evaluator of ONNX computed: tests/vectors/operators.py.

use crate::expected::{Case, Expected, Network};
use crate::reals::{innermost, output};
use std::fs;
use std::path::Path;

/// The models of a file of vectors whose names begin with one of these; how many there are, and how many integers are equal.
fn equal(beginnings: &[&str]) -> (usize, usize) {
    let file = Expected::read(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/vectors/operators.safetensors"
    )));
    let (mut models, mut integers) = (0, 0);
    for (name, input) in &file.metadata {
        if !beginnings.iter().any(|beginning| name.starts_with(beginning)) {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.onnx");
        let bytes: Vec<u8> =
            file.tensor(&format!("{name}.model")).ints.iter().map(|byte| *byte as u8).collect();
        fs::write(&path, bytes).unwrap();
        let network = Network::import(&path, Case { input: input.clone().leak(), outside: 0 });
        let x = file.tensor(&format!("{name}.x"));
        let length: usize = x.shape[1..].iter().product();
        let frames: Vec<Vec<i64>> = x.ints.chunks(length).map(|frame| innermost(frame, x.shape[1])).collect();
        let mut streams = network.run(&frames);
        streams.insert("input".into(), frames);
        for (tensor, wanted) in &file.tensors {
            let Some(made) =
                tensor.strip_prefix(&format!("{name}.")).filter(|made| !["model", "x"].contains(made))
            else {
                continue;
            };
            let found =
                output(&network.imported, made, &streams).unwrap_or_else(|| panic!("{tensor} leaves"));
            let wanted: Vec<f64> = wanted.ints.iter().map(|integer| *integer as f64).collect();
            assert_eq!(found, wanted, "{tensor}\n{}", network.imported.design);
            integers += wanted.len();
        }
        models += 1;
    }
    (models, integers)
}

/// A sigmoid and its like are staircases too: no accumulator needs floating point.
#[test]
fn functions_before_a_quantizer() {
    assert_eq!(equal(&["sigmoid", "tanh", "leaky", "hard"]), (7, 1416));
}

#[test]
fn parts_of_channels_and_positions() {
    assert_eq!(equal(&["split", "slice"]), (7, 501));
}

#[test]
fn the_largest_channel_and_its_index() {
    assert_eq!(equal(&["top"]), (3, 51));
    assert_eq!(equal(&["argmax"]), (4, 81));
}

/// A memory turns the axes; joined along positions, parts of a map come one after the other.
#[test]
fn what_stands_along_positions() {
    assert_eq!(equal(&["concat_positions", "pad", "mat_mul_of"]), (7, 1203));
}

#[test]
fn windows_with_holes_and_at_borders() {
    assert_eq!(equal(&["max_dilated", "average"]), (4, 360));
}

#[test]
fn maps_of_other_sizes() {
    assert_eq!(equal(&["resize", "transposed"]), (5, 2304));
}

#[test]
fn a_convolution_that_is_a_matrix() {
    assert_eq!(equal(&["im2col"]), (1, 144));
}

/// Weights of 8 bits with a zero point are of 9 bits.
#[test]
fn operators_on_integers() {
    assert_eq!(equal(&["conv_integer", "mat_mul_integer", "qlinear"]), (6, 336));
}
