//! The keys that say what a weight is, for datapaths that take every kind.

use super::codebook_mac::{CodebookConfig, codebook_weights};
use super::config::{IntType, Problems};
use super::mac::{WeightKind, WeightsConfig};
use super::nm_mac::{WeightType, nm_weights};
use super::nm_pattern::NmPattern;
use super::ternary_mac::ternary_weights;
use std::sync::Arc;

/// One of `weight` and `codebook`, as in `ternary_mac`, `nm_mac` and `codebook_mac`.
pub(super) struct WeightKeys {
    /// `"ternary"`, or a type of 2 to 8 bits.
    pub weight: Option<WeightType>,
    /// Of N:M weights; without it all weights may be other than 0.
    pub pattern: Option<NmPattern>,
    pub dense: bool,
    pub codebook: Option<CodebookConfig>,
}

impl WeightKeys {
    /// The kind, of products of so many lanes and rows at once; what cannot be is noted.
    pub fn kind(
        &self,
        weights: &WeightsConfig,
        at_once: [usize; 2],
        input: IntType,
        problems: &mut Problems,
    ) -> Option<Arc<dyn WeightKind>> {
        if let Some(metadata) = weights.metadata() {
            let (why, help) = ("kernels are given dense", "leave it out, and give 0 where nothing is kept");
            problems.require(false, "weights.metadata", format!("\"{metadata}\""), why, help);
            return None;
        }
        match (self.weight, &self.codebook) {
            (Some(weight), None) if weight.is_ternary() && self.pattern.is_none() => {
                self.refuse_dense(problems);
                Some(ternary_weights(weights, problems))
            }
            (Some(weight), None) => {
                let each = NmPattern::new(1, 1).expect("1 of 1");
                if self.pattern.is_none() {
                    self.refuse_dense(problems);
                }
                Some(nm_weights(self.pattern.unwrap_or(each), weight, self.dense, weights, problems))
            }
            (None, Some(codebook)) => {
                self.refuse_dense(problems);
                let why = "weights of a codebook have no pattern";
                let pattern = self.pattern.map_or(String::new(), |pattern| format!("\"{pattern}\""));
                problems.require(self.pattern.is_none(), "pattern", pattern, why, "leave it out");
                codebook_weights(codebook, weights, at_once, input, problems)
            }
            (weight, _) => {
                let value = weight.map_or("(not given)".into(), |weight| format!("\"{weight}\""));
                let why = "what a weight is is said by `weight` or by `codebook`";
                let help = "write weight = \"ternary\" or a type of 2 to 8 bits such as \"s4\", or codebook = \"odd2\"";
                problems.require(false, "weight", value, why, help);
                None
            }
        }
    }

    fn refuse_dense(&self, problems: &mut Problems) {
        let why = "only N:M weights have a dense fallback";
        problems.require(!self.dense, "dense", true, why, "leave it out, or write a pattern");
    }
}
