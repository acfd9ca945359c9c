//! Integers of rows, as a design file gives them.

use super::config::Problems;
use super::tensor::{Source, Tensor};
use crate::hdl::signed;
use serde::{Deserialize, Serialize};

/// One integer for all rows, or one for each; in the design file or in a tensor.
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

/// Of what `all` rows have, or one for all of them, that of the row that each of `rows` says.
pub(super) fn of_rows<T: Clone>(all: &[T], rows: &[usize]) -> Vec<T> {
    if all.len() == 1 { all.to_vec() } else { rows.iter().map(|row| all[*row].clone()).collect() }
}

impl PerRow {
    /// For each of `rows` the integer of the row that it says, of rows that have been resolved.
    pub(super) fn of_rows(&self, rows: &[usize], source: &dyn Source) -> PerRow {
        match self {
            PerRow::All(_) => self.clone(),
            PerRow::Each(all) => PerRow::Each(of_rows(all, rows)),
            PerRow::File { file, tensor } => match source.tensor(file, tensor.as_deref()) {
                Ok(Tensor { values, .. }) => PerRow::Each(of_rows(&values, rows)),
                Err(_) => self.clone(),
            },
        }
    }

    /// The integer of each of `rows` rows, of at most so many bits with its sign; problems are noted under `field`.
    pub(super) fn resolve(
        &self,
        rows: usize,
        source: &dyn Source,
        (field, most_bits): (&str, u32),
        problems: &mut Problems,
    ) -> Vec<i64> {
        let (values, name) = match self {
            PerRow::All(value) => (vec![*value; rows], value.to_string()),
            PerRow::Each(values) => (values.clone(), format!("{} integers", values.len())),
            PerRow::File { file, tensor } => match source.tensor(file, tensor.as_deref()) {
                Ok(Tensor { values, .. }) => (values, format!("\"{file}\"")),
                Err(why) => {
                    problems.unreadable(field, file, &why);
                    return vec![0; rows];
                }
            },
        };
        let values = if let [one] = values[..] { vec![one; rows] } else { values };
        let why = format!("there are {} integers for {rows} rows", values.len());
        problems.require(values.len() == rows, field, &name, &why, format!("give one, or {rows}"));
        let ends = signed(most_bits);
        let small = values.iter().all(|&value| ends.contains(&value.into()));
        let why = format!("an integer has more than {most_bits} bits");
        problems.require(small, field, &name, &why, "scale it down");
        if values.len() == rows { values } else { vec![0; rows] }
    }
}
