//! Two scales of a row: `A = wp P - wn N` of the sums of what its positive and its negative weights take.
//!
//! Source: trained ternary quantization as 3DQ has it (arXiv 1904.03110): weights are `+Wp`, 0 and `-Wn`. Two numbers of float32 are
//! integers times one power of two, so that `A` is exact.

use super::LaneStream;
use super::accumulators::Accumulators;
use super::config::Problems;
use super::per_row::of_rows;
use super::row_constants::{RowConstants, with_row_beat};
use super::row_memory::{RowIndex, look_up};
use super::tensor::Source;
use crate::blocks::{AdderGraph, constant_matrix, product};
use crate::device::AdderForm;
use crate::hdl::{Module, Range, Signal};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

/// Bits of a scale's magnitude.
const MOST_BITS: u32 = 24;

/// Both scales, of all rows or of each, in the design file or in a tensor of `[2]` or `[rows or 1, 2]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected two integers [wp, wn], a list of such pairs, one for each row, or a table { file = \"...\", tensor = \"...\" }"
)]
pub enum ScalesConfig {
    All(Vec<i64>),
    Each(Vec<Vec<i64>>),
    File { file: String, tensor: Option<String> },
}

/// The scales of rows.
#[derive(Clone, Debug)]
pub struct Scales {
    rows: usize,
    plus: RowConstants,
    minus: RowConstants,
    /// The range of a sum.
    sums: Range,
    /// Beats of a position.
    beats: usize,
}

/// `plus_scale * plus - minus_scale * minus`.
///
/// ```
/// assert_eq!(ternlet::datapath::two_scale_sum(7, 5, [3, 4]), 1);
/// ```
pub fn two_scale_sum(plus: i64, minus: i64, [plus_scale, minus_scale]: [i64; 2]) -> i64 {
    plus_scale * plus - minus_scale * minus
}

impl ScalesConfig {
    /// The same of other rows, each with the scales of the row that `rows` says.
    pub fn of_rows(&self, rows: &[usize], source: &dyn Source) -> Self {
        match self {
            Self::All(_) => self.clone(),
            Self::Each(pairs) => Self::Each(of_rows(pairs, rows)),
            Self::File { file, tensor } => match source.tensor(file, tensor.as_deref()) {
                Ok(found) => {
                    let pairs: Vec<Vec<i64>> = found.values.chunks(2).map(<[i64]>::to_vec).collect();
                    Self::Each(of_rows(&pairs, rows))
                }
                Err(_) => self.clone(),
            },
        }
    }

    /// The scales of `sums`, each of whose rows is two; problems are noted.
    pub fn load(&self, sums: &Accumulators, source: &dyn Source, problems: &mut Problems) -> Option<Scales> {
        let field = "weights.scales";
        let (pairs, name) = match self {
            Self::All(pair) => (vec![pair.clone()], format!("{pair:?}")),
            Self::Each(pairs) => (pairs.clone(), format!("{} lists", pairs.len())),
            Self::File { file, tensor } => {
                let found = source.tensor(file, tensor.as_deref());
                let found = found.map_err(|why| problems.unreadable(field, file, &why)).ok()?;
                let width = found.shape.last().copied().unwrap_or(1).max(1);
                (
                    found.values.chunks(width).map(<[i64]>::to_vec).collect(),
                    format!("\"{file}\", {:?}", found.shape),
                )
            }
        };
        let rows = sums.rows();
        let two = pairs.iter().all(|pair| pair.len() == 2);
        let why = "there are two scales, that of the weights +1 and that of the weights -1";
        problems.require(
            two,
            field,
            &name,
            why,
            "write [wp, wn]; one scale alone is the business of requantize",
        );
        let each = pairs.len() == 1 || pairs.len() == rows;
        let why = format!("there are {} pairs of scales for {rows} rows", pairs.len());
        problems.require(each, field, &name, &why, format!("give one, or {rows}"));
        let small = pairs.iter().flatten().all(|scale| scale.unsigned_abs() >> MOST_BITS == 0);
        let why = "a scale has at most 24 bits and a sign";
        problems.require(small, field, &name, why, "divide both by their common factors, or scale them down");
        if !(two && each && small) {
            return None;
        }
        let (lanes, beats) = (sums.lanes, sums.beats());
        // A lane that is no row in the last beat has the scales of its first one there.
        let row = |place: usize| {
            let (beat, lane) = (place / lanes, place % lanes);
            Accumulators::row(rows, lanes, beat, lane).unwrap_or(lane)
        };
        let pair = |place: usize| &pairs[if pairs.len() == 1 { 0 } else { row(place) }];
        let of = |side: usize| RowConstants {
            rows: (0..beats * lanes).map(|place| pair(place)[side]).collect(),
            lanes,
        };
        let scales = Scales { rows, plus: of(0), minus: of(1), sums: sums.range.clone(), beats };
        let wide = scales.output().width();
        let why = format!("wp P - wn N has {wide} bits, and at most 63 can be");
        problems.require(wide <= 63, field, &name, &why, "take narrower scales or inputs, or fewer columns");
        (wide <= 63).then_some(scales)
    }
}

impl Scales {
    fn pairs(&self) -> impl Iterator<Item = [i64; 2]> {
        let sides = self.plus.rows.iter().zip(&self.minus.rows);
        sides.take(self.rows).map(|(&plus, &minus)| [plus, minus])
    }

    /// The word that holds every row's result.
    pub fn output(&self) -> Range {
        let ends = |scale: i64| [self.sums.lo() * scale, self.sums.hi() * scale];
        let of_pair = |[plus, minus]: [i64; 2]| {
            let ends = ends(plus).into_iter().flat_map(move |plus| ends(minus).map(|minus| &plus - minus));
            ends.collect::<Vec<BigInt>>()
        };
        Range::hull(self.pairs().flat_map(of_pair).chain([BigInt::ZERO])).word()
    }

    /// The results of all rows, of sums two by two.
    pub fn of_all(&self, sums: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let sums: Vec<i64> = sums.into_iter().collect();
        let pairs: Vec<[i64; 2]> = self.pairs().collect();
        let scaled = |(sums, scales): (&[i64], &[i64; 2])| two_scale_sum(sums[0], sums[1], *scales);
        sums.chunks(2).zip(pairs.iter().cycle()).map(scaled).collect()
    }

    /// The hardware after a stream of both sums of each row.
    pub fn part<'m>(&self, sums: LaneStream<'m>) -> LaneStream<'m> {
        let doc = "a = wp p - wn n: the sums of what the positive and the negative weights of a row take, each with its scale";
        sums.module().part("scales", doc, |part| {
            let sums = part.input_stream("sums", sums);
            let m = sums.module();
            let several = !(self.plus.is_constant() && self.minus.is_constant());
            let rowed = with_row_beat(sums, if several { self.beats } else { 1 });
            let scaled = rowed.map(|(sums, row): (Vec<Signal<'m>>, Option<Signal<'m>>)| {
                let pairs = sums.chunks(2).enumerate();
                pairs.map(|(lane, sums)| self.scaled(m, sums, lane, RowIndex(row))).collect()
            });
            part.output_stream("a", scaled)
        })
    }

    fn scaled<'m>(&self, m: &'m Module, sums: &[Signal<'m>], lane: usize, row: RowIndex<'m>) -> Signal<'m> {
        let scaled = match (self.plus.of_lane(lane), self.minus.of_lane(lane)) {
            (Some(plus), Some(minus)) => {
                let matrix = [vec![plus, -minus]];
                let sum = crate::stream::bounds(&self.sums);
                let graph = AdderGraph::of(&matrix, &[sum; 2], AdderGraph::default_effort(&matrix));
                sums.iter().for_each(|sum| m.ignore(*sum));
                constant_matrix(&graph, sums, AdderForm::of(m.timing().family()))[0]
            }
            _ => {
                let words: Vec<Vec<i64>> = (0..self.beats)
                    .map(|beat| vec![self.plus.at(beat, lane), self.minus.at(beat, lane)])
                    .collect();
                let range = Range::hull(words.iter().flatten().map(|&scale| scale.into())).word();
                let scales = look_up(m, &format!("scales_{lane}"), &range, &words, row.address(false, None));
                product(sums[0], scales[0]).named("plus_scaled")
                    - product(sums[1], scales[1]).named("minus_scaled")
            }
        };
        scaled.wrap(self.output()).named("a")
    }
}
