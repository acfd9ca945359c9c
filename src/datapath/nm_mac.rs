//! `y = W x` with N:M sparse weights: of each M weights of a row that lie beside each other, at most N are not 0.
//!
//! Source: N:M fine-grained structured sparsity (arXiv 2102.04010); compressed weights and their metadata are in the order of
//! NVIDIA's sparse tensor core (PTX, `mma.sp`). Metadata picks N of M activations, so that N multipliers do for M columns.

use super::config::{Config, ConfigError, IntType, Problems};
use super::mac_array::{ArrayConfig, Dot, Group, Matrix, WeightKind, WeightsConfig, cut, payload};
use super::nm_pattern::NmPattern;
use super::ports::Field;
use super::requantize::Scale;
use super::tensor::Source;
use super::{Datapath, nm_group};
use crate::blocks::{TernaryChoice, Trit, nm_select, tree_with_carries};
use crate::hdl::{Range, Signal};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

/// The type of a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected \"ternary\", or a type of 2 to 8 bits such as \"s4\"")]
pub enum WeightType {
    Named(Ternary),
    Int(IntType),
}

/// -1, 0 and +1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ternary {
    Ternary,
}

impl WeightType {
    fn bounds(self) -> (i64, i64) {
        match self {
            Self::Named(Ternary::Ternary) => (-1, 1),
            Self::Int(ty) => (ty.lo(), ty.hi()),
        }
    }

    fn is_ternary(self) -> bool {
        self == Self::Named(Ternary::Ternary)
    }
}

impl std::fmt::Display for WeightType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(Ternary::Ternary) => f.write_str("ternary"),
            Self::Int(ty) => ty.fmt(f),
        }
    }
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NmMacConfig {
    pub rows: usize,
    pub columns: usize,
    /// N:M.
    pub pattern: NmPattern,
    /// The type of the weights.
    pub weight: WeightType,
    /// Whether the weights may be other than 0 everywhere: the same array then takes M / N times the cycles (rounded up).
    #[serde(default)]
    pub dense: bool,
    /// Columns a beat, whole groups of M; one group if it is not said, all columns for constant weights.
    pub lanes: Option<usize>,
    /// Rows at once; 1 if it is not said, all of them for constant weights.
    pub parallel_rows: Option<usize>,
    /// The type of the activations.
    pub input: IntType,
    pub weights: WeightsConfig,
    /// What becomes of the rows, one a beat (all at once behind constant weights); without it they leave as they are.
    pub requantize: Option<Scale>,
}

/// N:M weights of a type.
struct NmWeights {
    pattern: NmPattern,
    weight: WeightType,
    dense: bool,
}

impl Config for NmMacConfig {
    const KIND: &'static str = "nm_mac";
    const SUMMARY: &'static str = "y = W x with N:M sparse weights: N multipliers for M columns; dense weights on the same array in M / N times the cycles";
    const EXAMPLE: &'static str = r#"# A 2 x 8 matrix of which 2 of every 4 weights are 0: 4 multipliers compute 8 columns a beat.
name = "my_nm_mac"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "nm_mac"
rows = 2
columns = 8         # the last group may be shorter than M
pattern = "2:4"     # N:M: of every 4 weights of a row that lie beside each other at most 2 are not 0
weight = "s4"       # "ternary", or u or s and 2 to 8 bits
lanes = 8           # columns a beat, whole groups of M
parallel_rows = 1   # rows at once
input = "s8"        # the activations: u or s, and 1 to 32 bits
dense = false       # true: weights may be other than 0 everywhere; the same array then takes M / N times the cycles

[datapath.weights]
from = "memory"     # compressed in block RAM; or "stream": values and places; or "constant": logic, a vector a cycle
values = [          # or file = "w.safetensors" and tensor = "layer1.weight": dense, 0 where nothing is kept;
    [3, 0, 0, -8, 0, 7, 1, 0],  # compressed with metadata = "layer1.metadata" beside it
    [0, 0, 5, 5, -1, 0, 0, 2],
]
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { rows, columns, pattern, weight, dense, .. } = self;
        let mut problems = Problems::default();
        if let WeightType::Int(ty) = weight {
            let why = "a weight has 2 to 8 bits";
            let mend = "write \"ternary\", or u2 to u8 or s2 to s8";
            problems.require((2..=8).contains(&ty.bits), "weight", format!("\"{ty}\""), why, mend);
        }
        self.weights.refuse_packing(&mut problems);
        let weights = match self.weights {
            WeightsConfig::Memory { file, tensor, values, metadata: Some(metadata), packing } => {
                let compressed = nm_group::Compressed { file, tensor, values, metadata };
                let values = compressed.expanded(pattern, (rows, columns), source, &mut problems);
                WeightsConfig::Memory { file: None, tensor: None, values, metadata: None, packing }
            }
            WeightsConfig::Constant { file, tensor, values, metadata: Some(metadata) } => {
                let compressed = nm_group::Compressed { file, tensor, values, metadata };
                let values = compressed.expanded(pattern, (rows, columns), source, &mut problems);
                WeightsConfig::Constant { file: None, tensor: None, values, metadata: None }
            }
            weights => weights,
        };
        let Self { lanes, parallel_rows, input, requantize, .. } = self;
        let array = ArrayConfig { rows, columns, lanes, parallel_rows, input, weights, requantize };
        array.load(Box::new(NmWeights { pattern, weight, dense }), source, problems)
    }
}

impl NmWeights {
    /// Whether a weight and its place are one code: see [`TernaryChoice`].
    fn is_fused(&self) -> bool {
        self.weight.is_ternary() && self.pattern.group() - self.pattern.kept() == 2
    }

    /// Whether the places say anything.
    fn has_places(&self) -> bool {
        self.pattern.kept() < self.pattern.group()
    }

    /// The groups' signals with each weight and its place as one code.
    fn fused<'m>(&self, groups: Vec<Group<'m>>) -> Vec<Group<'m>> {
        let kept = self.pattern.kept();
        let of_group = |group: Group<'m>| {
            let (weights, places) = group.split_at(kept);
            let pairs = weights.iter().zip(places).enumerate();
            let codes = pairs.flat_map(|(index, (weight, place))| {
                let choice = TernaryChoice::of(Trit::of_bits(weight.to_bits()), *place, index as i64);
                [choice.choose, choice.second, choice.negative, choice.third]
            });
            codes.collect()
        };
        groups.into_iter().map(of_group).collect()
    }
}

impl WeightKind for NmWeights {
    fn name(&self) -> &'static str {
        NmMacConfig::KIND
    }

    fn title(&self) -> String {
        let dense = if self.dense { ", dense" } else { "" };
        format!("{} weights of {}{dense}", self.pattern, self.weight)
    }

    fn group(&self) -> usize {
        self.pattern.group()
    }

    fn repeats(&self) -> usize {
        if self.dense { self.pattern.group().div_ceil(self.pattern.kept()) } else { 1 }
    }

    fn products(&self) -> usize {
        self.pattern.kept()
    }

    fn fields(&self) -> Vec<Field> {
        let (lo, hi) = self.weight.bounds();
        let kept = self.pattern.kept();
        let mut fields = vec![Field { name: "w".into(), lanes: kept, range: Range::new(lo, hi) }];
        if self.has_places() {
            fields.push(Field { name: "place".into(), lanes: kept, range: self.pattern.place_range() });
        }
        fields
    }

    fn check(&self, matrix: &[Vec<i64>], source: &str, problems: &mut Problems) {
        let (lo, hi) = self.weight.bounds();
        let why = format!("a weight of {} is {lo} to {hi}", self.weight);
        let holds = |weight: i64| (lo..=hi).contains(&weight);
        Matrix::require(matrix, source, holds, &why, "quantize the tensor first", problems);
        if !self.dense {
            nm_group::require_sparse(self.pattern, matrix, source, problems);
        }
    }

    fn bounds(&self) -> (i64, i64) {
        self.weight.bounds()
    }

    fn encode(&self, codes: &[i64], repeat: usize) -> Vec<i64> {
        let kept = self.pattern.kept();
        let here = |place: usize| !self.dense || place / kept == repeat;
        let part: Vec<i64> =
            codes.iter().enumerate().map(|(place, &code)| if here(place) { code } else { 0 }).collect();
        let (values, places) = nm_group::compress(self.pattern, &part);
        if self.has_places() { [values, places].concat() } else { values }
    }

    fn decode(&self, fields: &[i64], _: &[i64]) -> Vec<i64> {
        let (values, places) = fields.split_at(self.pattern.kept());
        if self.has_places() { nm_group::expand(self.pattern, values, places) } else { values.to_vec() }
    }

    fn word_bits(&self, groups: usize) -> u32 {
        let of_weight = if self.is_fused() {
            4
        } else {
            let places = if self.has_places() { self.pattern.place_bits() } else { 0 };
            let (lo, hi) = self.weight.bounds();
            Range::new(lo, hi).width() + places
        };
        (groups * self.pattern.kept()) as u32 * of_weight
    }

    fn fetch<'m>(&self, word: Signal<'m>, groups: usize) -> Vec<Group<'m>> {
        if !self.is_fused() {
            return cut(&self.fields(), word, groups);
        }
        let kept = self.pattern.kept() as u32;
        let bits = |group: u32| (0..4 * kept).map(move |bit| word.bit(4 * kept * group + bit)).collect();
        (0..groups as u32).map(bits).collect()
    }

    fn store(&self, groups: &[Vec<i64>]) -> BigInt {
        if !self.is_fused() {
            return payload(&self.fields(), groups);
        }
        let code = |group: &Vec<i64>| {
            let (values, places) = group.split_at(self.pattern.kept());
            let pairs = values.iter().zip(places).enumerate();
            pairs
                .map(|(index, (&w, &place))| TernaryChoice::encode(w, place as usize - index))
                .collect::<Vec<_>>()
        };
        groups
            .iter()
            .rev()
            .flat_map(|group| code(group).into_iter().rev())
            .fold(BigInt::from(0), |word, code| word << 4 | BigInt::from(code))
    }

    fn receive<'m>(&self, word: Signal<'m>, groups: usize) -> Vec<Group<'m>> {
        let groups = cut(&self.fields(), word, groups);
        if self.is_fused() { self.fused(groups) } else { groups }
    }

    fn dots<'m>(&self, x: &[Signal<'m>], rows: &[&[Group<'m>]], _: &[Signal<'m>]) -> Vec<Dot<'m>> {
        let kept = self.pattern.kept();
        let of_row = |row: &&[Group<'m>]| {
            let (mut terms, mut carries) = (Vec::new(), Vec::new());
            for (x, group) in x.chunks(self.pattern.group()).zip(row.iter()) {
                if self.is_fused() {
                    for (index, code) in group.chunks(4).enumerate() {
                        let choice = TernaryChoice {
                            choose: code[0],
                            second: code[1],
                            negative: code[2],
                            third: code[3],
                        };
                        terms.push(choice.complement([x[index], x[index + 1], x[index + 2]]));
                        carries.push(choice.negative);
                    }
                    continue;
                }
                let (weights, places) = group.split_at(kept);
                let picked = if self.has_places() { nm_select(x, places) } else { x.to_vec() };
                for (x, weight) in picked.into_iter().zip(weights) {
                    if self.weight.is_ternary() {
                        let trit = Trit::of_bits(weight.to_bits());
                        terms.push(trit.complement(x));
                        carries.push(trit.negative);
                    } else {
                        terms.push((x * *weight).named("product"));
                    }
                }
            }
            let (sum, left) = tree_with_carries(&terms, &carries);
            Dot { sum, carry: left.first().copied() }
        };
        rows.iter().map(of_row).collect()
    }
}
