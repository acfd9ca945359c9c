//! `y = W x` with N:M sparse weights: of each M weights of a row that lie next to each other, at most N are not 0.
//!
//! Source: N:M fine-grained structured sparsity (arXiv 2102.04010); compressed weights and their metadata are in the order of
//! NVIDIA's sparse tensor core (PTX, `mma.sp`). Metadata picks N of M activations, so that N multipliers do for M columns.

use super::activation::ActivationConfig;
use super::config::{Config, ConfigError, IntType, Problems};
use super::mac::{ArrayConfig, Matrix, WeightKind, WeightsConfig};
use super::nm_pattern::NmPattern;
use super::requantize::Scale;
use super::tensor::Source;
use super::thresholds::Steps;
use super::{Datapath, nm_group};
use crate::blocks::{
    Dot, MacWeights, PairBits, PairChoice, TernaryBits, TernaryChoice, Trit, Written, nm_select, payload,
    product_term, row_dot, tree_with_carries,
};
use crate::hdl::{Range, Shape, Signal, unsigned};
use crate::stream::Field;
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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

    pub(super) fn is_ternary(self) -> bool {
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
    /// What becomes of the rows; without it and `thresholds` they leave as they are.
    pub requantize: Option<Scale>,
    /// In its place: a code for each row.
    pub thresholds: Option<Steps>,
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
pattern = "2:4"     # N:M: of every 4 weights of a row that lie next to each other at most 2 are not 0
weight = "s4"       # "ternary", or u or s and 2 to 8 bits
lanes = 8           # columns a beat, whole groups of M
parallel_rows = 1   # rows at once
input = "s8"        # the activations: u or s, and 1 to 32 bits
dense = false       # true: weights may be other than 0 everywhere; the same array then takes M / N times the cycles

[datapath.weights]
from = "memory"     # compressed in block RAM; or "stream": values and places; or "constant": logic, a vector a cycle
values = [          # or file = "w.safetensors" and tensor = "layer1.weight": dense, 0 where nothing is kept;
    [3, 0, 0, -8, 0, 7, 1, 0],  # compressed with metadata = "layer1.metadata" next to it
    [0, 0, 5, 5, -1, 0, 0, 2],
]
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { rows, columns, pattern, weight, dense, .. } = self;
        let mut problems = Problems::default();
        let kind = nm_weights(pattern, weight, dense, &self.weights, &mut problems);
        let expanded = nm_group::Compressed::of(&self.weights)
            .map(|compressed| compressed.expanded(pattern, (rows, columns), source, &mut problems));
        let weights = match expanded {
            Some(values) => self.weights.with_values(values),
            None => self.weights,
        };
        let Self { lanes, parallel_rows, input, requantize, thresholds, .. } = self;
        let activation = ActivationConfig { requantize, thresholds };
        let array = ArrayConfig { rows, columns, lanes, parallel_rows, input, weights, activation };
        array.load(Self::KIND, kind, source, problems)
    }
}

/// The kind for these keys; what they cannot be is noted.
pub(super) fn nm_weights(
    pattern: NmPattern,
    weight: WeightType,
    dense: bool,
    weights: &WeightsConfig,
    problems: &mut Problems,
) -> Arc<dyn WeightKind> {
    if let WeightType::Int(ty) = weight {
        let why = "a weight has 2 to 8 bits";
        let help = "write \"ternary\", or u2 to u8 or s2 to s8";
        problems.require((2..=8).contains(&ty.bits), "weight", format!("\"{ty}\""), why, help);
    }
    weights.refuse_packing(problems);
    weights.refuse_scales(problems);
    Arc::new(NmWeights { pattern, weight, dense })
}

impl NmWeights {
    /// Whether a weight and its place are one code: see [`TernaryChoice`].
    fn is_fused(&self) -> bool {
        self.weight.is_ternary() && self.pattern.group() - self.pattern.kept() == 2
    }

    /// Whether the places of a group lie in memory as a code of three bits: see [`PairChoice`].
    fn is_paired(&self) -> bool {
        (self.pattern.kept(), self.pattern.group()) == (2, 4) && !self.weight.is_ternary()
    }

    /// Whether the places say anything.
    fn has_places(&self) -> bool {
        self.pattern.kept() < self.pattern.group()
    }

    /// What a group is in memory: a code for each ternary weight, or one for both places, or its fields.
    fn stored(&self) -> Vec<Field> {
        let code = |lanes: usize, bits: u32| Field { name: "code".into(), lanes, range: unsigned(bits) };
        let mut fields = self.fields();
        if self.is_fused() {
            return vec![code(self.pattern.kept(), 4)];
        }
        if self.is_paired() {
            fields[1] = code(1, 3);
        }
        fields
    }

    /// How a word of weights is cut.
    fn shape(&self, is_stored: bool, groups: usize) -> NmRowShape {
        let (lo, hi) = self.weight.bounds();
        let kept = groups * self.pattern.kept();
        let fused = is_stored && self.is_fused();
        let paired = is_stored && self.is_paired();
        let places = self.has_places() && !fused && !paired;
        NmRowShape {
            weight: vec![Range::new(lo, hi); if fused { 0 } else { kept }],
            place: vec![self.pattern.place_range(); if places { kept } else { 0 }],
            pair: vec![PairBits; if paired { groups } else { 0 }],
            choice: vec![TernaryBits; if fused { kept } else { 0 }],
        }
    }

    /// The weights with each and its place as one code.
    fn fused<'m>(&self, row: NmRow<'m>) -> NmRow<'m> {
        let pairs = row.weight.iter().zip(&row.place).enumerate();
        let choices = pairs.map(|(index, (weight, place))| {
            let first = index % self.pattern.kept();
            TernaryChoice::of(Trit::of_bits(weight.to_bits()), *place, first as i64)
        });
        NmRow { choice: choices.collect(), ..NmRow::default() }
    }

    /// The dot product of a row.
    fn dot<'m>(&self, x: &[Signal<'m>], row: &NmRow<'m>) -> Dot<'m> {
        let (kept, groups) = (self.pattern.kept(), x.chunks(self.pattern.group()));
        let (mut terms, mut carries) = (Vec::new(), Vec::new());
        if self.is_fused() {
            for (x, choices) in groups.zip(row.choice.chunks(kept)) {
                for (x, choice) in x.windows(3).zip(choices) {
                    terms.push(choice.complement([x[0], x[1], x[2]]));
                    carries.push(choice.negative);
                }
            }
            return tree_with_carries(&terms, &carries);
        }
        let picked = groups.enumerate().flat_map(|(group, x)| match (row.pair.get(group), x) {
            (Some(pair), &[x0, x1, x2, x3]) => pair.select([x0, x1, x2, x3]).to_vec(),
            _ if self.has_places() => nm_select(x, &row.place[group * kept..][..kept]),
            _ => x.to_vec(),
        });
        for (index, (x, &weight)) in picked.zip(&row.weight).enumerate() {
            if self.weight.is_ternary() {
                let trit = Trit::of_bits(weight.to_bits());
                terms.push(trit.complement(x));
                carries.push(trit.negative);
            } else {
                let (term, carry) = product_term(x, weight);
                terms.push(term.named(format!("product_{index}")));
                carries.extend(carry);
            }
        }
        tree_with_carries(&terms, &carries)
    }
}

/// The weights of a row, N for each of its groups, and what says which activations they are of: their places, or a choice of
/// two of four for each group. Or a choice of an activation and its sign for each, in place of both.
#[derive(Clone, Default)]
struct NmRow<'m> {
    weight: Vec<Signal<'m>>,
    place: Vec<Signal<'m>>,
    pair: Vec<PairChoice<'m>>,
    choice: Vec<TernaryChoice<'m>>,
}

struct NmRowShape {
    weight: Vec<Range>,
    place: Vec<Range>,
    pair: Vec<PairBits>,
    choice: Vec<TernaryBits>,
}

crate::payload!(NmRow { weight, place, pair, choice } of NmRowShape);

impl<'m> NmRow<'m> {
    /// The weights of each of `rows` rows.
    fn rows(&self, rows: usize) -> impl Iterator<Item = Self> {
        (0..rows).map(move |row| Self {
            weight: nth(&self.weight, row, rows),
            place: nth(&self.place, row, rows),
            pair: nth(&self.pair, row, rows),
            choice: nth(&self.choice, row, rows),
        })
    }
}

/// Part `index` of as many equal `parts` of a list.
fn nth<T: Clone>(list: &[T], index: usize, parts: usize) -> Vec<T> {
    let length = list.len() / parts;
    list[index * length..][..length].to_vec()
}

impl WeightKind for NmWeights {
    fn title(&self) -> String {
        let dense = if self.dense { ", dense" } else { "" };
        format!("{} weights of {}{dense}", self.pattern, self.weight)
    }

    fn check(&self, matrix: &[Vec<i64>], source: &str, problems: &mut Problems) {
        let (lo, hi) = self.weight.bounds();
        let why = format!("a weight of {} is {lo} to {hi}", self.weight);
        let holds = |weight: i64| (lo..=hi).contains(&weight);
        Matrix::require(matrix, source, holds, &why, "quantize the tensor first", problems);
    }

    fn check_groups(&self, matrix: &[Vec<i64>], source: &str, problems: &mut Problems) {
        if !self.dense {
            nm_group::require_sparse(self.pattern, matrix, source, problems);
        }
    }

    fn decode(&self, fields: &[i64], _: &[i64]) -> Vec<i64> {
        let (values, places) = fields.split_at(self.pattern.kept());
        if self.has_places() { nm_group::expand(self.pattern, values, places) } else { values.to_vec() }
    }
}

impl MacWeights for NmWeights {
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

    fn word_bits(&self, groups: usize) -> u32 {
        let bits = |field: &Field| field.lanes as u32 * field.range.width();
        groups as u32 * self.stored().iter().map(bits).sum::<u32>()
    }

    fn store(&self, groups: &[Vec<i64>]) -> BigInt {
        let kept = self.pattern.kept();
        let codes = |group: &Vec<i64>| -> Vec<i64> {
            let (values, places) = group.split_at(kept);
            if self.is_paired() {
                return [values, &[PairChoice::encode([places[0], places[1]]).into()]].concat();
            }
            let pairs = values.iter().zip(places).enumerate();
            pairs
                .map(|(index, (&w, &place))| TernaryChoice::encode(w, place as usize - index).into())
                .collect()
        };
        if self.is_fused() || self.is_paired() {
            payload(&self.stored(), &groups.iter().map(codes).collect::<Vec<_>>())
        } else {
            payload(&self.fields(), groups)
        }
    }

    fn dots<'m>(&self, x: &[Signal<'m>], weights: Written<'m>, _: &[Signal<'m>]) -> Vec<Dot<'m>> {
        let Written { word, is_stored, groups, rows, .. } = weights;
        let read = self.shape(is_stored, groups).cut(word);
        let all = if self.is_fused() && !is_stored { self.fused(read) } else { read };
        all.rows(rows).map(|row| row_dot(x, row, |x, row| self.dot(x, &row))).collect()
    }
}
