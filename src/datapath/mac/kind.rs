//! What a datapath says of a kind of weights, and the integers that they mean.

use crate::blocks::MacWeights;
use crate::datapath::config::Problems;

/// A kind of weights of a datapath of its own.
pub trait WeightKind: MacWeights {
    /// The datapath's one word.
    fn name(&self) -> &'static str;

    /// The weights in a few words: `weights in -1, 0, +1`.
    fn title(&self) -> String;

    /// Notes codes of `matrix`, which comes from `source`, that cannot be.
    fn check(&self, matrix: &[Vec<i64>], source: &str, problems: &mut Problems);

    /// The weight of a code, given what is loaded.
    fn weight(&self, code: i64, _loaded: &[i64]) -> i64 {
        code
    }

    /// The weights that a beat of fields stands for, given what is loaded.
    fn decode(&self, fields: &[i64], loaded: &[i64]) -> Vec<i64>;

    /// What a person should know of how products are computed.
    fn facts(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// A change of keys after which weights have fewer bits in memory.
    fn denser(&self) -> Option<String> {
        None
    }
}
