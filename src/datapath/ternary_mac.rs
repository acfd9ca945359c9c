//! `y = W x` with `W` in {-1, 0, +1}: a matrix times a vector by additions alone; or in {-wn, 0, +wp}.
//!
//! Source: ternary weights of 3DQ (arXiv 1904.03110) and of the trained ternary quantization that it builds on. One scale
//! of a row is the business of `requantize`; with two the sums of +1 and of -1 are kept apart until both are scaled.

use super::activation::ActivationConfig;
use super::config::{Config, ConfigError, IntType, Problems};
use super::mac::{ArrayConfig, Matrix, WeightKind, WeightsConfig};
use super::requantize::Scale;
use super::tensor::Source;
use super::thresholds::Steps;
use super::{Datapath, LaneStream};
use crate::blocks::{
    Dot, Folding, Loop, MacWeights, Packing, Paired, SharedColumn, SharedStep, Trit, Written,
    row_accumulators, row_dot, ternary_dot, timed_row_accumulators, walk_of_words,
};
use crate::device::AccumulatorForm;
use crate::hdl::{Memory, Module, Range, Signal, Timing, Type};
use crate::stream::timeline::{Channel, Headed, Timeline};
use crate::stream::{Field, Pace};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TernaryMacConfig {
    pub rows: usize,
    pub columns: usize,
    /// Columns a beat (SIMD in FINN's words); 1 if it is not said, all of them for constant weights.
    pub lanes: Option<usize>,
    /// Rows at once (PE in FINN's words); likewise.
    pub parallel_rows: Option<usize>,
    /// The type of the activations.
    pub input: IntType,
    pub weights: WeightsConfig,
    /// What becomes of the rows; without it and `thresholds` they leave as they are.
    pub requantize: Option<Scale>,
    /// In its place: a code for each row.
    pub thresholds: Option<Steps>,
}

/// Weights of -1, 0 and +1.
struct TernaryWeights {
    /// Of weights in memory; streamed ones have two bits.
    packing: Packing,
    /// Whether the sums of +1 and of -1 are kept apart.
    apart: bool,
}

/// The kind for these keys; what they cannot be is noted.
pub(super) fn ternary_weights(weights: &WeightsConfig, problems: &mut Problems) -> Arc<dyn WeightKind> {
    weights.refuse_metadata(problems);
    let packing = match weights {
        WeightsConfig::Memory { packing, .. } | WeightsConfig::Loaded { packing, .. } => {
            packing.unwrap_or_default()
        }
        _ => Packing::Bits2,
    };
    Arc::new(TernaryWeights { packing, apart: weights.scales().is_some() })
}

/// `sum of w[i] * x[i]`, each weight -1, 0 or +1.
///
/// ```
/// assert_eq!(ternlet::datapath::ternary_dot_product(&[3, 5, -7], &[1, 0, -1]), 10);
/// ```
pub fn ternary_dot_product(x: &[i64], w: &[i8]) -> i64 {
    x.iter().zip(w).map(|(x, w)| x * i64::from(*w)).sum()
}

impl Config for TernaryMacConfig {
    const KIND: &'static str = "ternary_mac";
    const SUMMARY: &'static str =
        "y = W x with weights -1, 0 and +1, streamed, in block RAM or in logic, then requantized if wanted";
    const EXAMPLE: &'static str = r#"# A 4 x 6 ternary matrix in block RAM, 3 columns a beat, 2 rows at once.
name = "my_ternary_mac"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "ternary_mac"
rows = 4
columns = 6
lanes = 3           # columns a beat (SIMD in FINN's words)
parallel_rows = 2   # rows at once (PE in FINN's words)
input = "s8"        # the activations: u or s, and 1 to 32 bits

[datapath.weights]
from = "memory"     # or "stream": 2 bits a weight next to the activations; or "constant": logic, a vector a cycle
packing = "bits2"   # or "trits5": 5 weights in 8 bits
# scales = [5, 7]   # what +1 and -1 stand for, +5 and -7; or a list of two for each row, or a tensor
values = [          # or file = "w.safetensors" and tensor = "layer1.weight"
    [1, 0, -1, 1, 0, 0],
    [0, 0, 1, -1, 1, 1],
    [-1, 1, 1, 0, 0, 1],
    [1, 1, 0, -1, -1, 0],
]

# [datapath.requantize]   # for narrow results, or [datapath.thresholds]
# output = "u4"
# multiplier = 37
# shift = 6
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { rows, columns, lanes, parallel_rows, input, weights, requantize, thresholds } = self;
        let mut problems = Problems::default();
        let kind = ternary_weights(&weights, &mut problems);
        let activation = ActivationConfig { requantize, thresholds };
        let array = ArrayConfig { rows, columns, lanes, parallel_rows, input, weights, activation };
        array.load(Self::KIND, kind, source, problems)
    }
}

fn small(codes: impl IntoIterator<Item = i64>) -> Vec<i8> {
    codes.into_iter().map(|code| code as i8).collect()
}

impl WeightKind for TernaryWeights {
    fn title(&self) -> String {
        if self.apart { "weights in -wn, 0, +wp" } else { "weights in -1, 0, +1" }.into()
    }

    fn sides(&self, weights: Vec<i64>) -> Vec<Vec<i64>> {
        if !self.apart {
            return vec![weights];
        }
        let side = |sign: i64| weights.iter().map(|weight| (sign * weight).max(0)).collect();
        vec![side(1), side(-1)]
    }

    fn check(&self, matrix: &[Vec<i64>], source: &str, problems: &mut Problems) {
        let holds = |weight: i64| (-1..=1).contains(&weight);
        let (why, help) = ("a ternary weight is -1, 0 or 1", "ternarize the tensor first");
        Matrix::require(matrix, source, holds, why, help, problems);
    }

    fn decode(&self, fields: &[i64], _: &[i64]) -> Vec<i64> {
        fields.to_vec()
    }

    fn denser(&self) -> Option<String> {
        (self.packing == Packing::Bits2)
            .then(|| "packing = \"trits5\" keeps 5 weights in 8 bits, not 10".into())
    }
}

impl MacWeights for TernaryWeights {
    fn fields(&self) -> Vec<Field> {
        vec![Field { name: "w".into(), lanes: 1, range: Range::new(-1, 1) }]
    }

    fn bounds(&self) -> (i64, i64) {
        (if self.apart { 0 } else { -1 }, 1)
    }

    fn sums(&self) -> usize {
        if self.apart { 2 } else { 1 }
    }

    fn encode(&self, codes: &[i64], _: usize) -> Vec<i64> {
        codes.to_vec()
    }

    fn word_bits(&self, groups: usize) -> u32 {
        self.packing.width(groups)
    }

    fn store(&self, groups: &[Vec<i64>]) -> BigInt {
        self.packing.pack(&small(groups.iter().flatten().copied()))
    }

    fn loaded_fields(&self, groups: usize) -> Vec<Field> {
        let (lanes, range) = (groups.div_ceil(self.packing.unit()), self.packing.units());
        vec![Field { name: "w".into(), lanes, range }]
    }

    fn load(&self, groups: &[Vec<i64>]) -> Vec<i64> {
        self.packing.packed(&small(groups.iter().flatten().copied()))
    }

    fn of_loaded(&self, beat: &[i64], _: usize, index: usize) -> Vec<i64> {
        let (unit, place) = (beat[index / self.packing.unit()], index % self.packing.unit());
        vec![match self.packing {
            Packing::Bits2 => unit,
            Packing::Trits5 => [0, 1, -1][(unit / 3i64.pow(place as u32) % 3) as usize],
        }]
    }

    fn dots<'m>(&self, x: &[Signal<'m>], weights: Written<'m>, _: &[Signal<'m>]) -> Vec<Dot<'m>> {
        let trits = self.packing.unpack(weights.word, weights.groups);
        let rows = trits.chunks(weights.groups / weights.rows);
        if self.apart {
            let x = Paired::of(x);
            return rows.flat_map(|row| x.sides(row)).collect();
        }
        rows.map(|row| row_dot(x, row.to_vec(), |x, row| ternary_dot(x, &row))).collect()
    }

    fn shared_column(&self) -> Option<&dyn SharedColumn> {
        Some(self)
    }
}

/// An accumulator for each sum, in as many look-up tables as it has bits.
impl SharedColumn for TernaryWeights {
    fn rows<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        (matrix, turns): (&[Vec<i64>], &[Loop]),
        folding: &Folding,
        accumulator: &Range,
    ) -> LaneStream<'m> {
        let form = AccumulatorForm::of(m.timing().family());
        let (beats, rows) = (form.steps(folding.columns), folding.parallel_rows);
        let encode = |row: &Vec<i64>| {
            let weights = small(row.iter().copied());
            // A sum of one side never changes its polarity: its steps are its weights.
            if self.apart { form.encode_apart(&weights) } else { form.encode(&weights) }
        };
        let encoded: Vec<Vec<i8>> = matrix.iter().map(encode).collect();
        let word = |step: usize| {
            let (first, beat) = (step / beats * rows, step % beats);
            let of_row = |row: usize| encoded.get(row).map_or(0, |steps| steps[beat]);
            self.packing.pack(&(first..first + rows).map(of_row).collect::<Vec<_>>())
        };
        let words: Vec<BigInt> = (0..matrix.len().div_ceil(rows) * beats).map(word).collect();
        let walk = walk_of_words(turns, words.len());
        let rom: Memory<'m> = m.rom("weights", Type::Bits(self.packing.width(rows)), words);
        let x = x.map(|lanes| lanes[0]);
        let x = if beats > folding.columns { x.with_leading_zero() } else { x };
        let stepped = walk.numbered(x, "step");
        let unpacked = |step: Signal<'m>| {
            let steps = self.packing.unpack(rom.read(step), rows);
            if self.apart { steps.into_iter().flat_map(Trit::apart).collect() } else { steps }
        };
        let weighted = stepped.map(|(x, step)| SharedStep { x, steps: unpacked(step) });
        row_accumulators(m, weighted, accumulator, form)
    }

    fn timed(&self, t: &mut Timeline, x: Channel, folding: &Folding) -> Channel {
        let form = AccumulatorForm::of(t.timing().family());
        let more = form.steps(folding.columns) > folding.columns;
        let x = if more { t.through(x, 1, Headed::new()) } else { x };
        timed_row_accumulators(t, x)
    }

    fn schedule(&self, x: &Pace, folding: &Folding, timing: Timing) -> Option<Pace> {
        AccumulatorForm::of(timing.family()).pace(x, folding.columns)
    }
}
