//! Integers of rows: as a design file gives them, and as the words of a memory beside the beats of rows.

use super::config::Problems;
use super::tensor::{Source, Tensor};
use crate::hdl::{Range, Signal, Type};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

/// One integer for all rows, one for each, or a tensor with one for each.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected an integer, a list of integers, or a table { file = \"...\", tensor = \"...\" }"
)]
pub enum PerRow {
    All(i64),
    Each(Vec<i64>),
    File { file: String, tensor: Option<String> },
}

impl PerRow {
    /// The integer of each of `rows` rows; problems are noted under `field`.
    pub(super) fn resolve(
        &self,
        rows: usize,
        source: &dyn Source,
        field: &str,
        problems: &mut Problems,
    ) -> Vec<i64> {
        let (values, name) = match self {
            PerRow::All(value) => (vec![*value; rows], value.to_string()),
            PerRow::Each(values) => (values.clone(), format!("{} integers", values.len())),
            PerRow::File { file, tensor } => match source.tensor(file, tensor.as_deref()) {
                Ok(Tensor { values, .. }) => (values, format!("\"{file}\"")),
                Err(why) => {
                    problems.require(
                        false,
                        field,
                        format!("\"{file}\""),
                        &why,
                        "name a tensor that is there",
                    );
                    return vec![0; rows];
                }
            },
        };
        let why = format!("there are {} integers for {rows} rows", values.len());
        problems.require(values.len() == rows, field, &name, &why, format!("give one, or {rows}"));
        let small = values.iter().all(|value| i32::try_from(*value).is_ok());
        problems.require(small, field, &name, "an integer has more than 32 bits", "scale it down");
        if values.len() == rows { values } else { vec![0; rows] }
    }
}

/// An integer for each row, where rows come `lanes` a beat; lanes that are no rows have 0.
#[derive(Clone, Debug)]
pub(super) struct RowConstants {
    pub rows: Vec<i64>,
    pub lanes: usize,
}

impl RowConstants {
    /// The integer of `lane`, if it has the same in every beat.
    pub fn of_lane(&self, lane: usize) -> Option<i64> {
        let mut beats = (0..self.beats()).map(|beat| self.at(beat, lane));
        let first = beats.next()?;
        beats.all(|value| value == first).then_some(first)
    }

    /// Whether every lane has the same in every beat.
    pub fn is_constant(&self) -> bool {
        (0..self.lanes).all(|lane| self.of_lane(lane).is_some())
    }

    /// A whole word that holds every one of them, and 0.
    pub fn range(&self) -> Range {
        Range::hull(self.rows.iter().chain(&[0]).map(|&value| value.into())).word()
    }

    pub fn beats(&self) -> usize {
        self.rows.len().div_ceil(self.lanes)
    }

    fn at(&self, beat: usize, lane: usize) -> i64 {
        self.rows.get(beat * self.lanes + lane).copied().unwrap_or(0)
    }
}

/// The bits that each beat needs of `constants`, which have the same lanes: lane by lane what is not the same in every
/// beat. None if every beat needs the same.
pub(super) fn words(constants: &[&RowConstants]) -> Option<(Vec<BigInt>, Type)> {
    let read: Vec<(usize, &RowConstants)> = (0..constants[0].lanes)
        .flat_map(|lane| constants.iter().map(move |constants| (lane, *constants)))
        .filter(|(lane, constants)| constants.of_lane(*lane).is_none())
        .collect();
    let width = read.iter().map(|(_, constants)| constants.range().width()).sum();
    let word = |beat: usize| {
        read.iter().rev().fold(BigInt::from(0), |word, (lane, constants)| {
            let modulus = BigInt::from(1) << constants.range().width();
            word * &modulus + (constants.at(beat, *lane) + &modulus) % &modulus
        })
    };
    (width > 0).then(|| ((0..constants[0].beats()).map(word).collect(), Type::Bits(width)))
}

/// Reads the integers of one beat out of its word, in the order of [`words`].
pub(super) struct WordReader<'m> {
    pub word: Option<Signal<'m>>,
    pub at: u32,
}

impl<'m> WordReader<'m> {
    /// The next integer, which is one of `constants` that differ between beats.
    pub fn next(&mut self, constants: &RowConstants) -> Signal<'m> {
        let range = constants.range();
        let part = self.word.expect("a word of constants").slice(self.at, range.width());
        self.at += range.width();
        part.int(range)
    }
}
