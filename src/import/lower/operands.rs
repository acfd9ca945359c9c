//! What the sums of a layer are: their bounds, and what they stand for.

use super::codes::{Codes, two_roots};
use super::weights::Weights;
use crate::import::activation::{Bounds, Sides};
use crate::import::exact::{Rational, Surd};
use crate::import::meaning::{Each, Step};
use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

/// Integers, weights and a bias on their way into a layer.
pub struct Operands {
    pub codes: Codes,
    pub weights: Weights,
    /// Of each row, a real.
    pub bias: Option<Vec<Rational>>,
}

/// Which columns add to a sum: those of some taps, as columns are channel by channel all taps.
pub struct Phases {
    taps: usize,
    /// Of each phase.
    taps_of: Vec<Vec<usize>>,
}

impl Phases {
    /// All taps add to each sum.
    pub fn one(taps: usize) -> Self {
        Self { taps, taps_of: vec![(0..taps).collect()] }
    }

    /// Those of a transposed convolution: along each axis the taps that are a multiple of the stride apart, in raster order of the taps.
    pub fn of_stride(kernel: &[usize], stride: &[usize]) -> Self {
        let along = |(taps, stride): (&usize, &usize)| -> Vec<Vec<usize>> {
            (0..*stride).map(|first| (first..*taps).step_by(*stride).collect()).collect()
        };
        let axes = kernel.iter().zip(stride).map(|axis| (*axis.0, along(axis)));
        let taps_of = axes.fold(vec![vec![0]], |outer: Vec<Vec<usize>>, (taps, phases)| {
            let both = |outer: &Vec<usize>, inner: &Vec<usize>| -> Vec<usize> {
                outer.iter().flat_map(|outer| inner.iter().map(move |inner| outer * taps + inner)).collect()
            };
            outer.iter().flat_map(|outer| phases.iter().map(move |inner| both(outer, inner))).collect()
        });
        Self { taps: kernel.iter().product(), taps_of }
    }

    fn columns(&self, phase: &[usize], columns: usize) -> impl Iterator<Item = usize> {
        let taps = self.taps;
        (0..columns / taps).flat_map(move |channel| phase.iter().map(move |tap| channel * taps + tap))
    }
}

impl Operands {
    /// The integer that stands for 0.
    pub fn zero_point(&self) -> Result<i64, String> {
        let wrong = || {
            "no integer stands for 0 in its input, which is padded; give its quantizer a whole zero point"
                .to_owned()
        };
        let zero = |scale: &Surd, offset: &Surd| {
            let zero = offset.negative().times(&scale.inverse()).ok()?;
            let zero = zero.rational()?.clone();
            zero.is_integer().then(|| zero.to_integer().to_i64()).flatten()
        };
        if self.codes.scale.iter().any(|scale| scale.sign() == 0) {
            return Err(wrong());
        }
        let zeros = self
            .codes
            .scale
            .zip(&self.codes.offset, |scale, offset| zero(scale, offset).ok_or_else(wrong))?
            .merged();
        let only = "channels of its input have different zero points, and it is padded; share one quantizer";
        zeros.only().copied().ok_or_else(|| only.into())
    }

    /// What an accumulator of each row stands for: the channel of a column is `channel(row, column)`.
    pub fn meaning(&self, rows: usize, channel: &dyn Fn(usize, usize) -> usize) -> Result<Step, String> {
        let columns = self.weights.columns();
        let mut lines = (Vec::new(), Vec::new());
        for row in 0..rows {
            let scale = self.codes.scale.get(channel(row, 0));
            let alike = (0..columns).all(|column| self.codes.scale.get(channel(row, column)) == scale);
            if !alike {
                return Err(
                    "channels of its input have different scales; share one quantizer, or one scale".into()
                );
            }
            let row_scale = Surd::from(self.weights.scales.get(row).clone());
            // The offset times the sum of the weights of each channel.
            let mut offset = Surd::from(self.bias_of(row));
            let mut sums: std::collections::BTreeMap<usize, i64> = std::collections::BTreeMap::new();
            for column in 0..columns {
                let key = if self.codes.offset.count() == 1 { 0 } else { channel(row, column) };
                *sums.entry(key).or_default() += self.weights.integer(row * columns + column);
            }
            for (key, sum) in sums {
                let term =
                    self.codes.offset.get(key).times(&row_scale).and_then(|term| term.times(&sum.into()));
                offset = term.and_then(|term| offset.plus(&term)).map_err(two_roots)?;
            }
            lines.0.push(scale.times(&row_scale).map_err(two_roots)?);
            lines.1.push(offset);
        }
        Ok(Step::affine(Each::of(lines.0).merged(), Each::of(lines.1).merged()))
    }

    /// As [`Operands::meaning`], of a transposed convolution, whose phases share a scale but not the sum of their weights.
    pub fn meaning_of_phases(
        &self,
        rows: usize,
        channel: &dyn Fn(usize, usize) -> usize,
    ) -> Result<Step, String> {
        if self.codes.offset.iter().any(|offset| offset.sign() != 0) {
            return Err("its input has a zero point, which each of its taps would move otherwise; quantize it with a zero point of 0".into());
        }
        self.meaning(rows, channel)
    }

    fn bias_of(&self, row: usize) -> Rational {
        let bias = self.bias.as_deref().unwrap_or_default();
        bias.get(if bias.len() == 1 { 0 } else { row }).cloned().unwrap_or_else(Rational::zero)
    }

    /// The least and the greatest accumulator of each row; `zero` pads.
    pub fn bounds(
        &self,
        inputs: &[Bounds],
        zero: Option<i64>,
        channel: &dyn Fn(usize, usize) -> usize,
    ) -> Result<Vec<Bounds>, String> {
        self.bounds_of_phases(inputs, zero, &Phases::one(1), channel)
    }

    /// The same over all phases.
    pub fn bounds_of_phases(
        &self,
        inputs: &[Bounds],
        zero: Option<i64>,
        phases: &Phases,
        channel: &dyn Fn(usize, usize) -> usize,
    ) -> Result<Vec<Bounds>, String> {
        let of_row = |row: usize| {
            let of_phase = |phase: &Vec<usize>| {
                let columns = phases.columns(phase, self.weights.columns());
                self.sum(row, inputs, zero, columns.map(|column| (column, channel(row, column))), |weight| {
                    weight
                })
            };
            let all: Vec<Bounds> = phases.taps_of.iter().map(of_phase).collect::<Result<_, _>>()?;
            let least = all.iter().map(|bounds| bounds.0).min().unwrap_or(0);
            Ok((least, all.iter().map(|bounds| bounds.1).max().unwrap_or(0)))
        };
        (0..self.weights.rows).map(of_row).collect()
    }

    /// Of weights with two scales both sums of each row, for each phase.
    pub fn sides(
        &self,
        inputs: &[Bounds],
        zero: Option<i64>,
        phases: &Phases,
        channel: &dyn Fn(usize, usize) -> usize,
    ) -> Result<Vec<Vec<Sides>>, String> {
        let Some(scales) = &self.weights.sides else { return Ok(Vec::new()) };
        let of = |row: usize, phase: &Vec<usize>| {
            let columns = || {
                let columns = phases.columns(phase, self.weights.columns());
                columns.map(|column| (column, channel(row, column)))
            };
            let ones = |positive: bool| move |weight: i64| i64::from(weight != 0 && (weight > 0) == positive);
            Ok(Sides {
                scales: if let [all] = &scales[..] { *all } else { scales[row] },
                plus: self.sum(row, inputs, zero, columns(), ones(true))?,
                minus: self.sum(row, inputs, zero, columns(), ones(false))?,
            })
        };
        let of_row = |row: usize| phases.taps_of.iter().map(|phase| of(row, phase)).collect();
        (0..self.weights.rows).map(of_row).collect()
    }

    /// The bounds of the sum of these columns, each with its channel, times what `of` makes of its weight.
    fn sum(
        &self,
        row: usize,
        inputs: &[Bounds],
        zero: Option<i64>,
        columns: impl Iterator<Item = (usize, usize)>,
        of: impl Fn(i64) -> i64,
    ) -> Result<Bounds, String> {
        let (mut lo, mut hi) = (BigInt::zero(), BigInt::zero());
        for (column, channel) in columns {
            let (mut least, mut most) = if let [one] = inputs { *one } else { inputs[channel] };
            if let Some(zero) = zero {
                (least, most) = (least.min(zero), most.max(zero));
            }
            let weight = BigInt::from(of(self.weights.integer(row * self.weights.columns() + column)));
            let ends = [&weight * BigInt::from(least), weight * BigInt::from(most)];
            lo += ends.iter().min().expect("two ends");
            hi += ends.iter().max().expect("two ends");
        }
        let narrow = |end: &BigInt| end.to_i64().filter(|end| end.unsigned_abs() >> 61 == 0);
        let wide = "its sums have more than 62 bits; take narrower weights or inputs";
        narrow(&lo).zip(narrow(&hi)).ok_or_else(|| wide.into())
    }
}
