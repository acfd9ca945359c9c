//! The weights of a design file.

use crate::blocks::Packing;
use crate::datapath::config::Problems;
use crate::datapath::tensor::Source;
use serde::{Deserialize, Serialize};

/// Where the weights come from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    tag = "from",
    rename_all = "snake_case",
    deny_unknown_fields,
    expecting = "a table { from = \"memory\", values = [...] }, or with file and tensor, or { from = \"stream\" }"
)]
pub enum WeightsConfig {
    /// A stream `w` next to the activations.
    Stream,
    /// A block RAM with the weights in it.
    Memory {
        /// A tensor of `rows` by `columns`.
        file: Option<String>,
        tensor: Option<String>,
        /// Or the rows themselves.
        values: Option<Vec<Vec<i64>>>,
        /// Of compressed N:M weights: a tensor of the metadata of each group.
        metadata: Option<String>,
        /// Of ternary weights.
        packing: Option<Packing>,
    },
    /// Logic: the whole matrix as adders that rows share, for a vector in every clock cycle.
    Constant {
        file: Option<String>,
        tensor: Option<String>,
        values: Option<Vec<Vec<i64>>>,
        metadata: Option<String>,
    },
}

/// Whether a tensor of `shape` is a matrix of `wanted`, lengths of 1 left out: a vector as `[rows, 1]`, the kernels of a 1 x 1 convolution.
pub fn has_shape(shape: &[usize], wanted: [usize; 2]) -> bool {
    let others = |length: &&usize| **length != 1;
    shape.iter().filter(others).eq(wanted.iter().filter(others))
}

/// A matrix of integers, and what it is called in messages.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    pub values: Vec<Vec<i64>>,
    pub name: String,
}

impl Matrix {
    /// The `rows` by `columns` integers of a file or of the design file itself; problems are noted.
    pub fn read(
        (rows, columns): (usize, usize),
        file: Option<&str>,
        tensor: Option<&str>,
        values: Option<&[Vec<i64>]>,
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Self> {
        match (file, values) {
            (Some(file), None) => {
                let found = match source.tensor(file, tensor) {
                    Ok(found) => found,
                    Err(why) => {
                        problems.unreadable("weights.file", file, &why);
                        return None;
                    }
                };
                let shaped = has_shape(&found.shape, [rows, columns]);
                let why =
                    format!("the tensor has the shape {:?}, the matrix {rows} x {columns}", found.shape);
                let help = "name another, or change rows and columns";
                let value = format!("\"{}\"", tensor.unwrap_or(file));
                problems.require(shaped, "weights.tensor", value, &why, help);
                let values = || found.values.chunks(columns.max(1)).map(<[i64]>::to_vec).collect();
                shaped.then(|| Self { values: values(), name: file.into() })
            }
            (None, Some(values)) => {
                let shaped = values.len() == rows && values.iter().all(|row| row.len() == columns);
                let why = format!("the matrix is not {rows} rows of {columns} weights");
                let help = "list them all, or change rows and columns";
                problems.require(shaped, "weights.values", "[...]", &why, help);
                shaped.then(|| Self { values: values.to_vec(), name: "weights.values".into() })
            }
            (file, _) => {
                let both = "both a file and values are given";
                let why = if file.is_some() { both } else { "neither a file nor values are given" };
                problems.require(false, "weights.file", file.unwrap_or_default(), why, "give one of them");
                None
            }
        }
    }

    /// Notes the first integer for which `holds` is not so.
    pub fn require(
        matrix: &[Vec<i64>],
        source: &str,
        holds: impl Fn(i64) -> bool,
        why: &str,
        help: &str,
        problems: &mut Problems,
    ) {
        for (row, weights) in matrix.iter().enumerate() {
            if let Some(column) = weights.iter().position(|weight| !holds(*weight)) {
                let place = format!("{} (row {row}, column {column} of {source})", weights[column]);
                problems.require(false, "weights", place, why, help);
                return;
            }
        }
    }
}

impl WeightsConfig {
    /// Notes where metadata is given for weights that have none.
    pub fn refuse_metadata(&self, problems: &mut Problems) {
        if let Self::Memory { metadata: Some(metadata), .. }
        | Self::Constant { metadata: Some(metadata), .. } = self
        {
            let why = "only N:M weights have metadata";
            problems.require(false, "weights.metadata", format!("\"{metadata}\""), why, "leave it out");
        }
    }

    /// Notes where a packing is given for weights that have but one.
    pub fn refuse_packing(&self, problems: &mut Problems) {
        if let Self::Memory { packing: Some(_), .. } = self {
            let why = "only the weights of ternary_mac are packed in more than one way";
            problems.require(false, "weights.packing", "(as given)", why, "leave it out");
        }
    }
}
