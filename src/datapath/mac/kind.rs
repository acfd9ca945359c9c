//! What datapaths say of a kind of weights, and the integers that they mean.

use crate::blocks::MacWeights;
use crate::datapath::config::Problems;

/// A kind of weights of which datapaths are made.
pub trait WeightKind: MacWeights {
    /// The weights in a few words: `weights in -1, 0, +1`.
    fn title(&self) -> String;

    /// Notes codes of `matrix`, which comes from `source`, that cannot be.
    fn check(&self, matrix: &[Vec<i64>], source: &str, problems: &mut Problems);

    /// Notes groups of `matrix` that cannot be, its columns in the order in which the array sees them.
    fn check_groups(&self, _matrix: &[Vec<i64>], _source: &str, _problems: &mut Problems) {}

    /// The weight of a code, given what is loaded.
    fn weight(&self, code: i64, _loaded: &[i64]) -> i64 {
        code
    }

    /// The weights of fixed codes, those of a row's sums next to each other.
    fn weights(&self, matrix: &[Vec<i64>]) -> Vec<Vec<i64>> {
        self.loaded_weights(matrix, &[])
    }

    /// The same, given what is loaded.
    fn loaded_weights(&self, matrix: &[Vec<i64>], loaded: &[i64]) -> Vec<Vec<i64>> {
        let row = |row: &Vec<i64>| row.iter().map(|&code| self.weight(code, loaded)).collect();
        matrix.iter().flat_map(|codes| self.sides(row(codes))).collect()
    }

    /// The weights that a beat of fields stands for, given what is loaded.
    fn decode(&self, fields: &[i64], loaded: &[i64]) -> Vec<i64>;

    /// The weights of each of a row's sums.
    fn sides(&self, weights: Vec<i64>) -> Vec<Vec<i64>> {
        vec![weights]
    }

    /// What a person should know of how products are computed.
    fn facts(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// A change of keys after which weights have fewer bits in memory.
    fn denser(&self) -> Option<String> {
        None
    }
}
