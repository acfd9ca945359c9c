//! `y[r] = sum of C[k[r][i]] * x[i]`: weights that are indices into a codebook of a few integers.
//!
//! Source: searching for low-bit weights, SLB (arXiv 2009.08695), whose weights of b bits are the odd integers
//! `2k - (2^b - 1)`.

use super::activation::ActivationConfig;
use super::config::{Config, ConfigError, IntType, Problems};
use super::mac::{ArrayConfig, Matrix, WeightKind, WeightsConfig};
use super::requantize::Scale;
use super::tensor::Source;
use super::thresholds::Steps;
use super::{Datapath, codebook};
use crate::blocks::{Codebook, Dot, MacWeights, Written, product_term, row_dot, tree_with_carries};
use crate::hdl::{Range, Shape, Signal};
use crate::stream::{Field, Port};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The integers that weights are chosen of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"binary\", \"ternary\", \"odd2\", \"odd3\", \"odd4\", a list of 2 to 16 integers, or a table \
                 { from = \"stream\", entries = 4, type = \"s8\" }"
)]
pub enum CodebookConfig {
    Fixed(codebook::Codebook),
    Loaded(LoadedCodebook),
}

/// A codebook that comes through the stream `codebook`, a beat for each vector.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadedCodebook {
    pub from: FromStream,
    pub entries: usize,
    pub r#type: IntType,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromStream {
    Stream,
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodebookMacConfig {
    pub rows: usize,
    pub columns: usize,
    pub codebook: CodebookConfig,
    /// Columns a beat; 1 if it is not said, all of them for constant weights.
    pub lanes: Option<usize>,
    /// Rows at once; likewise.
    pub parallel_rows: Option<usize>,
    /// The type of the activations.
    pub input: IntType,
    /// Indices into the codebook.
    pub weights: WeightsConfig,
    /// What becomes of the rows; without it and `thresholds` they leave as they are.
    pub requantize: Option<Scale>,
    /// In its place: a code for each row.
    pub thresholds: Option<Steps>,
}

/// `sum of codebook[indices[i]] * x[i]`.
///
/// ```
/// use ternlet::datapath::codebook_dot_product;
/// assert_eq!(codebook_dot_product(&[2, 5, -1], &[3, 0, 1], &[-3, -1, 1, 3]), 6 - 15 + 1);
/// ```
pub fn codebook_dot_product(x: &[i64], indices: &[usize], codebook: &[i64]) -> i64 {
    x.iter().zip(indices).map(|(x, &index)| x * codebook[index]).sum()
}

/// Weights of a codebook that is fixed, or loaded.
enum CodebookWeights {
    Fixed { entries: Vec<i64>, products: Codebook },
    Loaded(LoadedCodebook),
}

impl LoadedCodebook {
    fn check(&self, weights: &WeightsConfig, problems: &mut Problems) {
        codebook::require_entries("codebook.entries", self.entries, problems);
        let ty = self.r#type;
        let narrow = ty.bits <= if ty.signed { 16 } else { 15 };
        let (why, help) = ("an entry is -32768 to 32767", "write at most s16 or u15");
        problems.require(narrow, "codebook.type", format!("\"{ty}\""), why, help);
        let constant = matches!(weights, WeightsConfig::Constant { .. });
        let why = "constant weights need a codebook that is known";
        let help = "keep the indices in memory, or list the codebook";
        problems.require(!constant, "codebook.from", "stream", why, help);
    }
}

impl Config for CodebookMacConfig {
    const KIND: &'static str = "codebook_mac";
    const SUMMARY: &'static str =
        "y = sum of C[k] x: weights are indices of 1 to 4 bits into a codebook of integers, fixed or loaded";
    const EXAMPLE: &'static str = r#"# A 2 x 6 matrix of 2-bit indices into the codebook -3, -1, 1, 3.
name = "my_codebook_mac"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "codebook_mac"
rows = 2
columns = 6
codebook = "odd2"   # or "binary", "ternary", "odd3", "odd4", a list of 2 to 16 integers,
                    # or { from = "stream", entries = 4, type = "s8" }: one beat for each vector
lanes = 3           # columns a beat
parallel_rows = 2   # rows at once
input = "s8"        # the activations: u or s, and 1 to 32 bits

[datapath.weights]
from = "memory"     # or "stream", or "constant": logic, a vector a cycle
values = [          # indices; or file = "w.safetensors" and tensor = "layer1.index"
    [0, 3, 1, 1, 2, 0],
    [2, 2, 3, 0, 1, 3],
]
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { rows, columns, codebook, lanes, parallel_rows, input, weights, requantize, thresholds } =
            self;
        let mut problems = Problems::default();
        // What is beyond the array's bounds it refuses; the estimate is of no use there.
        let at_once = [lanes, parallel_rows].map(|count| count.unwrap_or(1).min(1 << 16));
        let Some(kind) = codebook_weights(&codebook, &weights, at_once, input, &mut problems) else {
            return problems.finish(|| unreachable!("there is a problem"));
        };
        let activation = ActivationConfig { requantize, thresholds };
        let array = ArrayConfig { rows, columns, lanes, parallel_rows, input, weights, activation };
        array.load(Self::KIND, kind, source, problems)
    }
}

/// The kind for these keys, of products of so many lanes and rows at once; none where they cannot be, which is noted.
pub(super) fn codebook_weights(
    codebook: &CodebookConfig,
    weights: &WeightsConfig,
    [lanes, rows]: [usize; 2],
    input: IntType,
    problems: &mut Problems,
) -> Option<Arc<dyn WeightKind>> {
    weights.refuse_packing(problems);
    weights.refuse_scales(problems);
    weights.refuse_metadata(problems);
    match codebook {
        CodebookConfig::Fixed(codebook) => {
            let entries = codebook.resolve(problems);
            problems.is_empty().then(|| -> Arc<dyn WeightKind> {
                let products = Codebook::new(&entries, lanes, rows, input.range().width());
                Arc::new(CodebookWeights::Fixed { entries, products })
            })
        }
        CodebookConfig::Loaded(loaded) => {
            loaded.check(weights, problems);
            problems.is_empty().then(|| -> Arc<dyn WeightKind> { Arc::new(CodebookWeights::Loaded(*loaded)) })
        }
    }
}

impl CodebookWeights {
    fn count(&self) -> usize {
        match self {
            Self::Fixed { entries, .. } => entries.len(),
            Self::Loaded(loaded) => loaded.entries,
        }
    }
}

impl WeightKind for CodebookWeights {
    fn title(&self) -> String {
        match self {
            Self::Fixed { entries, .. } => format!("weights of the codebook {entries:?}"),
            Self::Loaded(loaded) => {
                format!("weights of a codebook of {} integers ({})", loaded.entries, loaded.r#type)
            }
        }
    }

    fn check(&self, matrix: &[Vec<i64>], source: &str, problems: &mut Problems) {
        let most = self.count() as i64 - 1;
        let why = format!("an index is 0 to {most}");
        let holds = |index: i64| (0..=most).contains(&index);
        Matrix::require(matrix, source, holds, &why, "write places of the codebook, not weights", problems);
    }

    fn weight(&self, code: i64, loaded: &[i64]) -> i64 {
        match self {
            Self::Fixed { entries, .. } => entries[code as usize],
            Self::Loaded(_) => loaded[code as usize],
        }
    }

    fn decode(&self, fields: &[i64], loaded: &[i64]) -> Vec<i64> {
        vec![self.weight(fields[0], loaded)]
    }

    fn facts(&self) -> Vec<(String, String)> {
        match self {
            Self::Fixed { products, .. } => vec![("codebook".into(), products.summary())],
            Self::Loaded(_) => vec![("codebook".into(), "loaded; a multiplier a lane and row".into())],
        }
    }
}

impl MacWeights for CodebookWeights {
    fn fields(&self) -> Vec<Field> {
        vec![Field { name: "index".into(), lanes: 1, range: Range::new(0, self.count() - 1) }]
    }

    fn loaded(&self) -> Option<Port> {
        match self {
            Self::Fixed { .. } => None,
            Self::Loaded(LoadedCodebook { entries, r#type, .. }) => {
                Some(Port::vectors("codebook", "entry", *entries, r#type.range(), *entries))
            }
        }
    }

    fn zero(&self) -> Option<i64> {
        match self {
            Self::Fixed { entries, .. } => {
                entries.iter().position(|entry| *entry == 0).map(|zero| zero as i64)
            }
            Self::Loaded(_) => None,
        }
    }

    fn bounds(&self) -> (i64, i64) {
        match self {
            Self::Fixed { entries, .. } => {
                let (least, most) = (entries.iter().min(), entries.iter().max());
                (*least.expect("2 entries or more"), *most.expect("2 entries or more"))
            }
            Self::Loaded(loaded) => (loaded.r#type.lo(), loaded.r#type.hi()),
        }
    }

    fn encode(&self, codes: &[i64], _: usize) -> Vec<i64> {
        codes.to_vec()
    }

    fn dots<'m>(&self, x: &[Signal<'m>], weights: Written<'m>, loaded: &[Signal<'m>]) -> Vec<Dot<'m>> {
        let index = Range::new(0, self.count() - 1);
        let indices = vec![index; weights.groups].cut(weights.word);
        let rows = indices.chunks(weights.groups / weights.rows);
        match self {
            Self::Fixed { products, .. } => products.dots(x, &rows.collect::<Vec<_>>()),
            Self::Loaded(_) => {
                let mut items = loaded.to_vec();
                items.resize(loaded.len().next_power_of_two(), loaded[loaded.len() - 1]);
                let weight = |index: &Signal<'m>| index.choose(&items).named("weight");
                let product = |(x, index): (&Signal<'m>, &Signal<'m>)| product_term(*x, weight(index));
                let dot = |x: &[Signal<'m>], Indices { index }: Indices<'m>| {
                    let (terms, carries): (Vec<_>, Vec<_>) = x.iter().zip(&index).map(product).unzip();
                    tree_with_carries(&terms, &carries.into_iter().flatten().collect::<Vec<_>>())
                };
                rows.map(|row| row_dot(x, Indices { index: row.to_vec() }, dot)).collect()
            }
        }
    }
}

/// The weights of a row.
#[derive(Clone)]
struct Indices<'m> {
    index: Vec<Signal<'m>>,
}

crate::payload!(Indices { index });
