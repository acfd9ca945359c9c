//! Numbers of axes, as a design file gives them.

use super::config::Problems;
use serde::{Deserialize, Serialize};

/// One number for all axes, or one for each, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a whole number from 0 on, or a list with one for each axis")]
pub enum PerAxis {
    All(usize),
    Each(Vec<usize>),
}

/// Positions around each axis: as many everywhere, as many at both ends of an axis, or `[before, after]` of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a whole number from 0 on, a list with one for each axis, or a list of [before, after] of each"
)]
pub enum Around {
    All(usize),
    Each(Vec<usize>),
    Ends(Vec<[usize; 2]>),
}

impl Default for Around {
    fn default() -> Self {
        Self::All(0)
    }
}

impl PerAxis {
    /// The number of each of `axes` axes; where there are not as many, that is noted under `field`.
    pub(super) fn resolve(&self, axes: usize, field: &str, problems: &mut Problems) -> Vec<usize> {
        match self {
            PerAxis::All(number) => vec![*number; axes],
            PerAxis::Each(numbers) => counted(numbers, axes, field, problems).unwrap_or(vec![1; axes]),
        }
    }
}

impl Around {
    /// The positions before and after each of `axes` axes, at most [`MOST_AROUND`]; where there are not as many, or more positions, that is
    /// noted under `field`.
    pub(super) fn resolve(&self, axes: usize, field: &str, problems: &mut Problems) -> Vec<[usize; 2]> {
        let of_each = match self {
            Around::All(number) => Some(vec![[*number; 2]; axes]),
            Around::Each(numbers) => counted(numbers, axes, field, problems)
                .map(|numbers| numbers.into_iter().map(|number| [number; 2]).collect()),
            Around::Ends(ends) => counted(ends, axes, field, problems),
        };
        let of_each = of_each.unwrap_or(vec![[0; 2]; axes]);
        let most = of_each.iter().flatten().max().copied().unwrap_or(0);
        let why = "at most 65536 positions stand at an end of an axis";
        problems.require(most <= MOST_AROUND, field, format!("{of_each:?}"), why, "write less");
        if most <= MOST_AROUND { of_each } else { vec![[0; 2]; axes] }
    }
}

/// No axis has more positions, so that sums of them and of what is around them are far from all bounds.
const MOST_AROUND: usize = 1 << 16;

/// `numbers`, if there is one for each axis.
fn counted<T: Clone + std::fmt::Debug>(
    numbers: &[T],
    axes: usize,
    field: &str,
    problems: &mut Problems,
) -> Option<Vec<T>> {
    let holds = numbers.len() == axes;
    let why = format!("there are {} numbers for the {axes} axes of `size`", numbers.len());
    problems.require(holds, field, format!("{numbers:?}"), &why, "give one for all axes, or one for each");
    holds.then(|| numbers.to_vec())
}
