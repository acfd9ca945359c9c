//! Local modulus maxima: what a person may ask, and the hardware.

use super::super::config::{IntType, Problems};
use super::super::picture::Pictures;
use super::bound::{Filter, filters, greatest_square};
use crate::blocks::{
    Border, Raster, Taps, Windows, columns_window, constant_multiple, rows_window, square_root,
};
use crate::hdl::{Range, Rounding, Signal, unsigned};
use serde::{Deserialize, Serialize};

/// How smoothed values are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Smoothing {
    /// As wide as the pixels: `(sum + 4) >> 3` behind each pass along an axis.
    #[default]
    Rounded,
    /// Undivided: 3 bits more behind each pass, so that the gradient is `64^(scale - 1)` times as large.
    Exact,
}

/// How the modulus `sqrt(w1^2 + w2^2)` is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modulus {
    /// Squares are compared, and what leaves is `floor` of the root.
    #[default]
    Exact,
    /// `max(a, (7 a + 4 b) >> 3)` of the greater and the lesser absolute value: -3.0 % to +0.8 %, and less than 1 from rounding.
    AlphaMaxBetaMin,
}

/// What leaves for each pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// The modulus of a maximum, 0 elsewhere.
    #[default]
    Modulus,
    /// 1 at a maximum, 0 elsewhere.
    Edges,
    /// `w1` and `w2` of a maximum, both 0 elsewhere.
    Gradient,
}

/// The table `modulus_maxima` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModulusMaxima {
    /// 1 to 4: derivatives over `2^(scale - 1)` pixels.
    pub scale: u32,
    /// A maximum has a modulus above it.
    #[serde(default)]
    pub threshold: i64,
    #[serde(default)]
    pub smoothing: Smoothing,
    #[serde(default)]
    pub modulus: Modulus,
    #[serde(default)]
    pub border: MaximaBorder,
    #[serde(default)]
    pub output: Output,
}

/// What the filters see beyond the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaximaBorder {
    #[default]
    Replicate,
    Reflect,
}

impl MaximaBorder {
    pub fn border(self) -> Border {
        match self {
            Self::Replicate => Border::Replicate,
            Self::Reflect => Border::Reflect,
        }
    }
}

/// The sectors of a gradient's direction: along a row, down to the right, along a column, down to the left.
const SECTORS: i64 = 4;

/// The taps of a smoothing pass, of 8.
const SMOOTHING: [i128; 4] = [1, 3, 3, 1];

/// The places of these taps, `hole` from tap to tap.
fn smoothing_offsets(hole: i64) -> Vec<i64> {
    if hole == 1 { vec![-1, 0, 1, 2] } else { [-3, -1, 1, 3].map(|step| step * hole / 2).to_vec() }
}

impl ModulusMaxima {
    pub fn check(&self, input: IntType, problems: &mut Problems) {
        let scales = 1..=4;
        problems.require(
            scales.contains(&self.scale),
            "scale",
            self.scale,
            "a scale is 1 to 4",
            "write 1 to 4",
        );
        if scales.contains(&self.scale) {
            let most = self.modulus_range(input);
            let fits = most.contains(&self.threshold.into());
            let why = format!("a modulus is in {most}");
            problems.require(fits, "threshold", self.threshold, &why, "write such an integer");
        }
    }

    /// The greatest difference of two smoothed values.
    fn difference(&self, input: IntType) -> i128 {
        let gain = if self.smoothing == Smoothing::Exact { 6 * (self.scale - 1) } else { 0 };
        i128::from(input.hi() - input.lo()) << gain
    }

    /// What no `(w1 / 2)^2 + (w2 / 2)^2` exceeds: of the filters, and where smoothing rounds, each time by at most 1/2, of
    /// what two smoothed values can err.
    pub(super) fn greatest_rank(&self, input: IntType) -> i128 {
        let square = greatest_square(&self.filters()) * i128::from(input.hi() - input.lo()).pow(2);
        match self.smoothing {
            Smoothing::Exact => square,
            Smoothing::Rounded => {
                let levels = i128::from(self.scale - 1);
                // Both axes err by twice a level.
                ((square.isqrt() >> (6 * levels)) + 1 + 3 * levels).pow(2)
            }
        }
    }

    fn modulus_range(&self, input: IntType) -> Range {
        let square = 4 * self.greatest_rank(input).unsigned_abs();
        let square = match self.modulus {
            Modulus::Exact => square,
            // (7 a + 4 b)^2 <= (49 + 16) (a^2 + b^2)
            Modulus::AlphaMaxBetaMin => square * 65 / 64,
        };
        Range::new(0, square.isqrt()).word()
    }

    /// The taps along an axis, `8^(scale - 1)` times as large.
    pub(super) fn filters(&self) -> [Filter; 2] {
        let pass = |level: u32| smoothing_offsets(1i64 << (level - 1)).into_iter().zip(SMOOTHING).collect();
        filters(&(1..self.scale).map(pass).collect::<Vec<_>>(), self.ends())
    }

    /// Where the values stand whose difference is the gradient.
    fn ends(&self) -> [i64; 2] {
        let hole = 1i64 << (self.scale - 1);
        if hole == 1 { [0, 1] } else { [-hole / 2, hole / 2] }
    }

    /// The fields of what leaves.
    pub fn fields(&self, input: IntType) -> Vec<(&'static str, Range)> {
        match self.output {
            Output::Modulus => vec![("modulus", self.modulus_range(input))],
            Output::Edges => vec![("edge", Range::condition())],
            Output::Gradient => {
                let most = 2 * self.difference(input);
                let range = Range::new(-most, most).word();
                vec![("w1", range.clone()), ("w2", range)]
            }
        }
    }

    /// The hardware behind a raster of pixels.
    pub fn build<'m>(&self, pixels: Raster<'m>, pictures: &Pictures) -> Raster<'m> {
        let mut smooth = pixels;
        for level in 1..self.scale {
            smooth = self.smoothed(smooth, level, pictures);
        }
        let gradient = self.gradient(smooth, pictures);
        self.maxima(gradient, pictures)
    }

    fn smoothed<'m>(&self, pixels: Raster<'m>, level: u32, pictures: &Pictures) -> Raster<'m> {
        let taps = Taps { offsets: smoothing_offsets(1 << (level - 1)), border: self.border.border() };
        let filter = |windows: Windows<'m>| {
            windows.map(|(windows, _, row_end)| {
                let tap = &windows[0];
                let (outer, inner) =
                    (tap[0].add_with_carry(tap[3], None), tap[1].add_with_carry(tap[2], None));
                let sum = outer.add_with_carry(inner, None).add_with_carry(inner << 1, None);
                let value = match self.smoothing {
                    Smoothing::Rounded => sum.round_shift(3, Rounding::HalfUp),
                    Smoothing::Exact => sum,
                };
                (vec![value.named(format!("smooth_{level}"))], row_end)
            })
        };
        let name = |axis: &str| format!("smooth_{level}_{axis}");
        let (size, widest) = (pictures.fixed(), pictures.width);
        let rows = filter(rows_window(pixels, &name("rows"), &taps, 1, size, widest));
        filter(columns_window(rows, &name("columns"), &taps, 1, size.map(|(width, _)| width)))
    }

    /// For each pixel half of `w1` and of `w2`.
    fn gradient<'m>(&self, pixels: Raster<'m>, pictures: &Pictures) -> Raster<'m> {
        let ends = self.ends();
        let taps = |offsets: &[i64]| Taps { offsets: offsets.into(), border: self.border.border() };
        let (along, across) = (taps(&ends), taps(&[ends[0], ends[1], 0]));
        let (size, widest) = (pictures.fixed(), pictures.width);
        let rows =
            rows_window(pixels, "gradient_rows", &across, 1, size, widest).map(|(windows, _, row_end)| {
                let tap = &windows[0];
                (vec![tap[2], (tap[1] - tap[0]).named("half_w2")], row_end)
            });
        let columns = columns_window(rows, "gradient_columns", &along, 1, size.map(|(width, _)| width));
        columns.map(|(windows, carried, row_end)| {
            let tap = &windows[0];
            (vec![(tap[1] - tap[0]).named("half_w1"), carried[0]], row_end)
        })
    }

    fn maxima<'m>(&self, gradient: Raster<'m>, pictures: &Pictures) -> Raster<'m> {
        // Ranks are of half the gradient where squares are compared: a quarter of the squared modulus.
        let ranked = gradient.map(|(halves, row_end)| {
            let sizes = [halves[0].abs(), halves[1].abs()];
            let rank = match self.modulus {
                Modulus::Exact => {
                    (sizes[0] * sizes[0]).named("square_1") + (sizes[1] * sizes[1]).named("square_2")
                }
                Modulus::AlphaMaxBetaMin => {
                    let (a, b) = (sizes[0].max(sizes[1]) << 1, sizes[0].min(sizes[1]) << 1);
                    a.max(((a << 3) - a + (b << 2)) >> 3)
                }
            };
            let mut values =
                vec![rank.wrap(self.rank_range(pictures.pixel)).named("rank"), sector(&halves, sizes)];
            if self.output == Output::Gradient {
                values.extend(&halves);
            }
            (values, row_end)
        });
        let taps = Taps { offsets: vec![-1, 0, 1], border: Border::Zero };
        let (size, widest) = (pictures.fixed(), pictures.width);
        let rows = rows_window(ranked, "maxima_rows", &taps, 1, size, widest);
        let rows = rows.map(|(windows, carried, row_end)| {
            let values = windows[0].iter().chain(&carried).copied().collect();
            (values, row_end)
        });
        let square = columns_window(rows, "maxima_columns", &taps, 3, size.map(|(width, _)| width));
        square.map(|(rows, carried, row_end)| {
            let m = row_end.module();
            let (above, middle, below) = (&rows[0], &rows[1], &rows[2]);
            let before = carried[0].choose(&[middle[0], above[0], above[1], above[2]]);
            let behind = carried[0].choose(&[middle[2], below[2], below[1], below[0]]);
            let here = middle[1];
            let threshold = match self.modulus {
                Modulus::Exact => i128::from(self.threshold).pow(2) / 4,
                Modulus::AlphaMaxBetaMin => self.threshold.into(),
            };
            let above_threshold = here.gt(m.constant(threshold));
            let kept = above_threshold & here.ge(before) & here.gt(behind);
            let kept = kept.named("maximum");
            let values = match self.output {
                Output::Edges => vec![kept],
                Output::Gradient => carried[1..].iter().map(|&half| kept.mux(half, 0) << 1).collect(),
                Output::Modulus => {
                    let rank = kept.mux(here, 0);
                    vec![match self.modulus {
                        Modulus::Exact => {
                            let most = 4 * self.greatest_rank(pictures.pixel);
                            square_root(rank << 2, &most.into()).named("modulus")
                        }
                        Modulus::AlphaMaxBetaMin => rank,
                    }]
                }
            };
            (values, row_end)
        })
    }

    /// What holds every rank.
    fn rank_range(&self, input: IntType) -> Range {
        match self.modulus {
            Modulus::Exact => Range::new(0, self.greatest_rank(input)).word(),
            Modulus::AlphaMaxBetaMin => self.modulus_range(input),
        }
    }
}

/// A gradient is along an axis where the other derivative is less than `53/128`, which is `106/256`, of the one along it.
pub(super) const SECTOR_BORDER: i64 = 53;
pub(super) const SECTOR_SHIFT: u32 = 7;

/// The sector of a gradient of these halves and their absolute values.
fn sector<'m>(halves: &[Signal<'m>], [a1, a2]: [Signal<'m>; 2]) -> Signal<'m> {
    let m = a1.module();
    let along_row = (a2 << SECTOR_SHIFT).lt(constant_multiple(a1, SECTOR_BORDER)).named("along_row");
    let along_column = (a1 << SECTOR_SHIFT).lt(constant_multiple(a2, SECTOR_BORDER)).named("along_column");
    let opposite = halves[0].lt(0).ne(halves[1].lt(0));
    let diagonal = opposite.mux(m.constant(3), m.constant(1));
    let sector = along_row.mux(m.constant(0), along_column.mux(m.constant(2), diagonal));
    sector.wrap(unsigned(SECTORS.ilog2())).named("sector")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::signed;

    #[test]
    fn bounds_follow_from_the_pixels() {
        let maxima: ModulusMaxima = toml::from_str("scale = 1").unwrap();
        let input = IntType { signed: false, bits: 8 };
        assert_eq!(maxima.modulus_range(input), unsigned(10), "721 at most");
        let smooth = ModulusMaxima { scale: 2, ..maxima.clone() };
        assert_eq!(smooth.modulus_range(input), unsigned(9), "not 510 along both axes");
        let exact =
            ModulusMaxima { scale: 3, smoothing: Smoothing::Exact, output: Output::Gradient, ..maxima };
        assert_eq!(exact.fields(input)[1], ("w2", signed(22)), "+-510 * 64 * 64");
    }
}
