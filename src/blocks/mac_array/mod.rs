//! `W x` by an array of multipliers: a matrix times a stream of vectors, for every kind of weights.
//!
//! The array reads a vector once and holds it while sets of rows pass ([`Folding`]); weights come from a stream, from a memory, or
//! are baked into one adder graph. What a weight is and how it is multiplied is the business of its [`MacWeights`]. A frame is a
//! vector, or several, as the positions of a map are.

mod array;
mod folding;
mod weights;

pub use folding::Folding;
pub use weights::{MacWeights, SharedColumn, Written, group_of, payload, row_dot};

use super::adder_graph::AdderGraph;
use crate::blocks::{Loop, Walk};
use crate::hdl::Range;
use crate::stream::{Field, Frame, Port, Tokens};
use num_bigint::BigInt;
use std::sync::Arc;
use weights::fields_of;

/// Where weights are.
pub enum Weights {
    /// In a stream next to the activations.
    Stream,
    /// In a memory: the codes of each row. Where these are several times as many as [`Folding::rows`], they are several matrices, as
    /// [`MacArray::turns`] says; `parallel_rows` then divides the rows.
    Memory(Vec<Vec<i64>>),
    /// In a memory that is written once, after a reset, by a stream `w`: until then the vectors wait.
    Loaded {
        /// Of all matrices, which are met as those of [`Weights::Memory`] are.
        rows: usize,
        /// Codes that the stream carries where nobody says other.
        preset: Option<Vec<Vec<i64>>>,
        /// Whether in a large memory, where the family has such.
        is_large: bool,
    },
    /// In logic: a vector in each clock cycle.
    Constant(AdderGraph),
}

/// A matrix times a stream of vectors.
pub struct MacArray {
    pub folding: Folding,
    /// The range of the activations.
    pub input: Range,
    pub kind: Arc<dyn MacWeights>,
    pub weights: Weights,
    /// The word of every row's sum, where it is known better than by the bounds of the kind.
    pub sums: Option<Range>,
    /// Where the memory has several matrices, which of them each vector meets: the numbers of these loops, over and over. Without loops
    /// they meet them in turn.
    pub turns: Vec<Loop>,
    /// Vectors of a frame, for all of which the weights are streamed, and what is loaded holds.
    pub vectors: usize,
}

/// The addresses of a memory of `words` in the order in which vectors read them: all of a matrix, of those that are met as `turns` say.
pub fn walk_of_words(turns: &[Loop], words: usize) -> Walk {
    let matrices = Walk::new(turns.iter().copied()).count();
    Walk::new(turns.iter().copied().chain([Loop::Each(words / matrices)])).endless()
}

impl MacArray {
    /// What the array takes: vectors `x`, then the weights `w` where they are streamed or loaded, then what a kind loads.
    pub fn inputs(&self) -> Vec<Port> {
        let Folding { columns, lanes, .. } = self.folding;
        let mut inputs = vec![Port::vectors("x", "x", lanes, self.input.clone(), columns)];
        if let Weights::Stream | Weights::Loaded { .. } = self.weights {
            let lanes = |fields: &[Field]| fields.iter().map(|field| field.lanes).sum();
            let (fields, frame) = if self.is_loaded() {
                let fields = self.kind.loaded_fields(self.groups());
                let frame = Frame::steps(self.words_held(), lanes(&fields)).once();
                (fields, frame)
            } else {
                let fields = fields_of(self.kind.fields(), self.groups());
                let frame = Frame::steps(self.steps() * self.vectors, lanes(&fields));
                (fields, frame)
            };
            inputs.push(Port { name: "w".into(), fields, frame });
        }
        inputs.extend(self.kind.loaded());
        inputs
    }

    /// Whether the weights come once, after a reset.
    pub fn is_loaded(&self) -> bool {
        matches!(self.weights, Weights::Loaded { .. })
    }

    /// The whole word that holds every row's sum.
    pub fn accumulator(&self) -> Range {
        if let Some(sums) = &self.sums {
            return sums.clone();
        }
        let kind = &self.kind;
        let terms = self.folding.columns.div_ceil(kind.group()) * kind.products() * kind.repeats();
        let (lo, hi) = kind.bounds();
        let ends = [lo, hi].into_iter().flat_map(|w| [self.input.lo() * w, self.input.hi() * w]);
        Range::hull(ends.chain([BigInt::ZERO]).map(|end| end * terms)).word()
    }

    /// Groups of weights of a beat, row by row.
    pub fn groups(&self) -> usize {
        self.folding.parallel_rows * self.folding.lanes / self.kind.group()
    }

    /// Clock cycles from a beat of sums to the next, at least.
    pub fn cycles(&self) -> usize {
        match self.weights {
            Weights::Constant { .. } => 1,
            _ => self.folding.beats() * self.kind.repeats(),
        }
    }

    /// Beats of weights for a vector.
    pub fn steps(&self) -> usize {
        self.folding.passes() * self.folding.beats() * self.kind.repeats()
    }

    /// Bits of the memory of weights.
    pub fn memory_bits(&self) -> usize {
        // A word of more bits than can be counted is no word of a memory.
        match self.words_held() {
            0 => 0,
            words => self.kind.word_bits(self.groups()) as usize * words,
        }
    }

    /// Words of the memory of weights.
    pub(super) fn words_held(&self) -> usize {
        let rows = match &self.weights {
            Weights::Memory(matrix) => matrix.len(),
            Weights::Loaded { rows, .. } => *rows,
            Weights::Stream | Weights::Constant(_) => 0,
        };
        self.passes(rows) * self.folding.beats() * self.kind.repeats()
    }

    /// Passes over the vectors that meet a matrix each.
    fn passes(&self, rows: usize) -> usize {
        rows.div_ceil(self.folding.parallel_rows)
    }

    /// The codes of beat `beat` of the groups of pass `pass`; where there is no weight, one that is 0 if there is one.
    fn codes(&self, matrix: &[Vec<i64>], pass: usize, beat: usize) -> Vec<Vec<i64>> {
        let Folding { lanes, parallel_rows, .. } = self.folding;
        let group = self.kind.group();
        let padding = self.kind.zero().unwrap_or(0);
        let code = |row: usize, column: usize| {
            matrix.get(row).and_then(|row| row.get(column)).copied().unwrap_or(padding)
        };
        let of_row = |row: usize| {
            let first = move |index: usize| beat * lanes + index * group;
            (0..lanes / group).map(move |index| {
                (first(index)..first(index) + group).map(|column| code(row, column)).collect()
            })
        };
        (0..parallel_rows).flat_map(|row| of_row(pass * parallel_rows + row)).collect()
    }

    /// For each of its inputs what goes in where nobody says other.
    pub fn presets(&self) -> Vec<Option<Tokens>> {
        let mut presets = vec![None; self.inputs().len()];
        if let Weights::Loaded { preset: Some(matrix), .. } = &self.weights {
            presets[1] = Some(self.weight_tokens(matrix));
        }
        presets
    }

    /// The tokens of the stream `w` that carry all matrices.
    fn weight_tokens(&self, matrix: &[Vec<i64>]) -> Tokens {
        let values: Vec<i64> = self.encoded(matrix).flat_map(|groups| self.kind.load(&groups)).collect();
        let mut tokens = Tokens::default();
        tokens.push_beats(&self.inputs()[1], &values);
        tokens
    }

    /// The words of the weight memory, in the order in which they are read.
    fn words(&self, matrix: &[Vec<i64>]) -> Vec<BigInt> {
        self.encoded(matrix).map(|groups| self.kind.store(&groups)).collect()
    }

    /// The groups of each beat of weights, as their kind writes them, in the order in which the array reads them.
    fn encoded(&self, matrix: &[Vec<i64>]) -> impl Iterator<Item = Vec<Vec<i64>>> {
        let (beats, repeats) = (self.folding.beats(), self.kind.repeats());
        let steps =
            (0..self.passes(matrix.len())).flat_map(move |pass| (0..beats).map(move |beat| (pass, beat)));
        steps.flat_map(move |(pass, beat)| {
            let codes = self.codes(matrix, pass, beat);
            (0..repeats)
                .map(move |repeat| codes.iter().map(|codes| self.kind.encode(codes, repeat)).collect())
        })
    }
}
