//! The weights of a design file.

use crate::blocks::Packing;
use crate::datapath::config::Problems;
use crate::datapath::memory_kind::MemoryKind;
use crate::datapath::scales::ScalesConfig;
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
    Stream {
        /// Of ternary weights: what +1 and -1 stand for.
        scales: Option<ScalesConfig>,
    },
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
        scales: Option<ScalesConfig>,
    },
    /// A memory that a stream `w` fills once, after a reset: weights that come with the data.
    Loaded {
        /// What the stream carries where the input data does not say it.
        file: Option<String>,
        tensor: Option<String>,
        values: Option<Vec<Vec<i64>>>,
        metadata: Option<String>,
        scales: Option<ScalesConfig>,
        /// Of ternary weights: how they lie in the memory, and come.
        packing: Option<Packing>,
        /// Which memory; block RAM if it is not said.
        #[serde(default)]
        memory: MemoryKind,
    },
    /// Logic: the whole matrix as adders that rows share, for a vector in every clock cycle.
    Constant {
        file: Option<String>,
        tensor: Option<String>,
        values: Option<Vec<Vec<i64>>>,
        metadata: Option<String>,
        scales: Option<ScalesConfig>,
    },
}

/// A matrix of weights as a tensor: its rows are along the first axis, its columns along all others.
pub struct TensorShape {
    pub lengths: Vec<usize>,
    /// As a person reads it: `the matrix 4 x 6`.
    pub title: String,
    pub help: String,
    /// Whether lengths of 1 count.
    pub exact: bool,
}

impl TensorShape {
    pub fn matrix(rows: usize, columns: usize) -> Self {
        Self {
            lengths: vec![rows, columns],
            title: format!("the matrix {rows} x {columns}"),
            help: "name another, or change rows and columns".into(),
            exact: false,
        }
    }

    fn rows(&self) -> usize {
        self.lengths[0]
    }

    fn columns(&self) -> usize {
        self.lengths[1..].iter().product()
    }

    /// Whether a tensor of this shape holds the matrix: a vector as `[rows, 1]`, the kernels of a 1 x 1 convolution.
    pub fn is_of(&self, shape: &[usize]) -> bool {
        let others = |length: &&usize| self.exact || **length != 1;
        shape.iter().filter(others).eq(self.lengths.iter().filter(others))
    }
}

/// A matrix of integers, and what it is called in messages.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    pub values: Vec<Vec<i64>>,
    pub name: String,
}

impl Matrix {
    /// The integers of a file or of the design file itself; problems are noted.
    pub fn read(
        shape: &TensorShape,
        file: Option<&str>,
        tensor: Option<&str>,
        values: Option<&[Vec<i64>]>,
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Self> {
        let (rows, columns) = (shape.rows(), shape.columns());
        match (file, values) {
            (Some(file), None) => {
                let found = match source.tensor(file, tensor) {
                    Ok(found) => found,
                    Err(why) => {
                        problems.unreadable("weights.file", file, &why);
                        return None;
                    }
                };
                let shaped = shape.is_of(&found.shape);
                let why = format!("the tensor has the shape {:?}, {}", found.shape, shape.title);
                let value = format!("\"{}\"", tensor.unwrap_or(file));
                problems.require(shaped, "weights.tensor", value, &why, &shape.help);
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

/// A tensor of a file, or integers, as the keys of `weights` name them.
pub struct Given<'w> {
    pub file: Option<&'w str>,
    pub tensor: Option<&'w str>,
    pub values: Option<&'w [Vec<i64>]>,
    /// Of compressed N:M weights: the tensor of their metadata.
    pub metadata: Option<&'w str>,
}

impl WeightsConfig {
    /// Where the weights are said; none where they are streamed.
    pub fn given(&self) -> Option<Given<'_>> {
        match self {
            Self::Stream { .. } => None,
            Self::Memory { file, tensor, values, metadata, .. }
            | Self::Loaded { file, tensor, values, metadata, .. }
            | Self::Constant { file, tensor, values, metadata, .. } => Some(Given {
                file: file.as_deref(),
                tensor: tensor.as_deref(),
                values: values.as_deref(),
                metadata: metadata.as_deref(),
            }),
        }
    }

    /// The integers; none where they are streamed, or where problems are noted.
    pub fn read(&self, shape: &TensorShape, source: &dyn Source, problems: &mut Problems) -> Option<Matrix> {
        let Given { file, tensor, values, .. } = self.given()?;
        if let (Self::Loaded { .. }, None, None) = (self, file, values) {
            return None;
        }
        Matrix::read(shape, file, tensor, values, source, problems)
    }

    /// The tensor of metadata of compressed N:M weights.
    pub fn metadata(&self) -> Option<&str> {
        self.given()?.metadata
    }

    /// Weights in the same place: these, dense; what is streamed stays as it is.
    pub fn with_values(mut self, dense: Option<Vec<Vec<i64>>>) -> Self {
        match &mut self {
            Self::Stream { .. } => {}
            Self::Memory { file, tensor, values, metadata, .. }
            | Self::Loaded { file, tensor, values, metadata, .. }
            | Self::Constant { file, tensor, values, metadata, .. } => {
                (*file, *tensor, *metadata) = (None, None, None);
                *values = dense;
            }
        }
        self
    }

    /// Whether they are loaded, and then whether into a large memory.
    pub fn loaded(&self) -> Option<bool> {
        match self {
            Self::Loaded { memory, .. } => Some(memory.is_large()),
            _ => None,
        }
    }

    /// The scales of the weights +1 and -1, if there are two.
    pub fn scales(&self) -> Option<&ScalesConfig> {
        match self {
            Self::Stream { scales }
            | Self::Memory { scales, .. }
            | Self::Loaded { scales, .. }
            | Self::Constant { scales, .. } => scales.as_ref(),
        }
    }

    /// Notes where scales are given for weights that are no ternary ones.
    pub fn refuse_scales(&self, problems: &mut Problems) {
        let why = "only ternary weights that are not N:M have two scales";
        problems.require(self.scales().is_none(), "weights.scales", "(as given)", why, "leave them out");
    }

    /// Notes where metadata is given for weights that have none.
    pub fn refuse_metadata(&self, problems: &mut Problems) {
        if let Some(metadata) = self.metadata() {
            let why = "only N:M weights have metadata";
            problems.require(false, "weights.metadata", format!("\"{metadata}\""), why, "leave it out");
        }
    }

    /// Notes where a packing is given for weights that have but one.
    pub fn refuse_packing(&self, problems: &mut Problems) {
        if let Self::Memory { packing: Some(_), .. } | Self::Loaded { packing: Some(_), .. } = self {
            let why = "only the weights of ternary_mac are packed in more than one way";
            problems.require(false, "weights.packing", "(as given)", why, "leave it out");
        }
    }
}
