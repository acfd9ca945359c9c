//! Codebooks: the few integers that low-bit weights are chosen from.

use super::config::Problems;
use serde::{Deserialize, Serialize};

/// A list of integers, or the name of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a list of 2 to 16 integers, or one of \"binary\", \"ternary\", \"odd2\", \"odd3\" and \"odd4\""
)]
pub enum Codebook {
    Named(Preset),
    Listed(Vec<i64>),
}

/// Codebooks of SLB (arXiv 2009.08695): its values `-1 ..= 1` in `2^b` even steps, times `2^b - 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// -1, 1
    Binary,
    /// -1, 0, 1
    Ternary,
    /// -3, -1, 1, 3
    Odd2,
    /// The odd integers of -7 to 7.
    Odd3,
    /// The odd integers of -15 to 15.
    Odd4,
}

impl Codebook {
    /// The integers, of at most 16 bits; problems are noted under `codebook`.
    pub(super) fn resolve(&self, problems: &mut Problems) -> Vec<i64> {
        let odd = |bits: u32| (0..1 << bits).map(|code| 2 * code - ((1 << bits) - 1)).collect();
        let values = match self {
            Self::Named(Preset::Binary) => odd(1),
            Self::Named(Preset::Ternary) => vec![-1, 0, 1],
            Self::Named(Preset::Odd2) => odd(2),
            Self::Named(Preset::Odd3) => odd(3),
            Self::Named(Preset::Odd4) => odd(4),
            Self::Listed(values) => values.clone(),
        };
        require_entries("codebook", values.len(), problems);
        let wide = values.iter().find(|value| i16::try_from(**value).is_err());
        let (why, help) = ("an entry is -32768 to 32767", "scale the codebook down");
        problems.require(wide.is_none(), "codebook", wide.unwrap_or(&0), why, help);
        values
    }
}

/// Notes a number of entries that no codebook has.
pub(super) fn require_entries(field: &str, count: usize, problems: &mut Problems) {
    let (why, help) = ("a codebook has 2 to 16 entries", "write 2 to 16");
    problems.require((2..=16).contains(&count), field, count, why, help);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_integers_are_slbs_linspace() {
        for (name, bits) in [("binary", 1), ("odd2", 2), ("odd3", 3), ("odd4", 4)] {
            let codebook = Codebook::deserialize(toml::Value::String(name.into())).unwrap();
            let most = f64::from((1 << bits) - 1);
            let linspace = (0..1 << bits).map(|code| -1.0 + 2.0 / most * f64::from(code));
            let expected: Vec<i64> = linspace.map(|value| (value * most).round() as i64).collect();
            assert_eq!(codebook.resolve(&mut Problems::default()), expected);
        }
    }

    #[test]
    fn what_cannot_be_is_said() {
        let text = |codebook: Codebook| {
            let mut problems = Problems::default();
            codebook.resolve(&mut problems);
            problems.finish(|| ()).unwrap_err()[0].to_string()
        };
        assert_eq!(
            text(Codebook::Listed(vec![1])),
            "codebook = 1: a codebook has 2 to 16 entries; write 2 to 16"
        );
        assert_eq!(
            text(Codebook::Listed(vec![0, 1 << 40])),
            "codebook = 1099511627776: an entry is -32768 to 32767; scale the codebook down"
        );
    }
}
