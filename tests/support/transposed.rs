//! What the reference evaluator of ONNX computed of transposed convolutions: tests/vectors/transposed_convolution.py.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Vector {
    pub size: Vec<usize>,
    pub channels: usize,
    pub filters: usize,
    pub kernel: Vec<usize>,
    pub stride: Vec<usize>,
    pub padding: Vec<[usize; 2]>,
    pub groups: usize,
    pub input: String,
    /// Of what leaves.
    pub shape: Vec<usize>,
    pub x: Vec<i64>,
    pub w: Vec<Vec<i64>>,
    pub y: Vec<i64>,
}

pub fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../vectors/transposed_convolution.json")).unwrap()
}
