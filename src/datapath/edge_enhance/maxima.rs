//! Local modulus maxima: what a person may ask, and the hardware.

use super::super::config::{IntType, Problems};
use super::super::picture::Pictures;
use super::bound::{Filter, filters, greatest_sum, parts};
use crate::blocks::{
    Border, Kernel, Position, Positions, constant_multiple, slide, square_root, timed_slide,
};
use crate::hdl::{Range, Rounding, Signal, unsigned};
use crate::stream::Pace;
use crate::stream::timeline::{Channel, Timeline};
use serde::{Deserialize, Serialize};

/// How smoothed values are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Smoothing {
    /// As wide as the pixels: `(sum + 4) >> 3` after each pass along an axis.
    #[default]
    Rounded,
    /// Undivided: 3 bits more after each pass, so that the gradient is `64^(scale - 1)` times as large.
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
            Self::Reflect => Border::HalfSample,
        }
    }
}

/// The sectors of a gradient's direction: along a row, down to the right, along a column, down to the left.
const SECTORS: i64 = 4;

/// What windows slide along, as parts are called.
const AXES: [&str; 2] = ["rows", "columns"];

/// The taps of a smoothing pass, of 8.
const SMOOTHING: [i128; 4] = [1, 3, 3, 1];

/// Pixels on their way through the filters, and the values that go along with them.
pub type Pixels<'m> = Positions<'m, Signal<'m>>;

/// The windows of these taps, `hole` from tap to tap.
fn smoothing_kernel(hole: usize, border: Border) -> Kernel {
    Kernel::same(SMOOTHING.len(), hole, border)
}

/// The positions of a window's taps, counted from its middle.
fn offsets(kernel: &Kernel) -> impl Iterator<Item = i64> {
    (0..kernel.size).map(|tap| (tap * kernel.dilation) as i64 - kernel.before as i64)
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

    /// What no `(w1 / 2)^2 + (w2 / 2)^2` exceeds: of the filters, and of what each pass of a smoothing that rounds adds, which later
    /// passes filter as they do pixels. Values beyond the border are some within, so that they make it no greater.
    pub(super) fn greatest_rank(&self, input: IntType) -> i128 {
        let scaled = |along: u32, across: u32, factor: i128| {
            let parts = parts(&self.filters(along), &self.filters(across)).into_iter();
            parts.map(move |(_, (w1, w2))| (factor * w1, factor * w2)).collect::<Vec<_>>()
        };
        let range = i128::from(input.hi() - input.lo());
        let mut all = scaled(1, 1, range);
        if self.smoothing == Smoothing::Exact {
            return greatest_sum(&all);
        }
        // `(sum + 4) >> 3` is 3/8 less to 4/8 more than an eighth of the sum. A constant leaves no gradient: so 0 to 7/8. Pixels have been
        // multiplied by 8 in each of both passes of a level.
        for level in 1..self.scale {
            let before = 8i128.pow(2 * (level - 1));
            all.extend(scaled(level, level + 1, 7 * before));
            all.extend(scaled(level + 1, level + 1, 7 * 8 * before));
        }
        greatest_sum(&all) >> (12 * (self.scale - 1))
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

    /// The taps along an axis from a level on: of the passes 1, 3, 3, 1 that are left, without the division by 8.
    pub(super) fn filters(&self, first: u32) -> [Filter; 2] {
        let pass = |level: u32| {
            let kernel = smoothing_kernel(1 << (level - 1), self.border.border());
            offsets(&kernel).zip(SMOOTHING).collect()
        };
        filters(&(first..self.scale).map(pass).collect::<Vec<_>>(), self.ends())
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

    /// The hardware after a raster of pixels.
    pub fn build<'m>(&self, pixels: Pixels<'m>, pictures: &Pictures) -> Pixels<'m> {
        let mut smooth = pixels;
        for level in 1..self.scale {
            smooth = self.smoothed(smooth, level, pictures);
        }
        let gradient = self.gradient(smooth, pictures);
        let ranked = self.ranked(gradient, pictures);
        self.kept(ranked, pictures)
    }

    fn smoothed<'m>(&self, pixels: Pixels<'m>, level: u32, pictures: &Pictures) -> Pixels<'m> {
        let kernel = self.smoothing(level);
        let filter = |windows: Pixels<'m>| {
            windows.map(|window| {
                let [first, second, third, fourth] = window.taps[..] else {
                    unreachable!("a tap for each weight")
                };
                let outer = first.add_with_carry(fourth, None).named("outer");
                let inner = second.add_with_carry(third, None).named("inner");
                let all = outer.add_with_carry(inner, None).named("all");
                let sum = all.add_with_carry(inner << 1, None).named("weighted");
                let value = match self.smoothing {
                    Smoothing::Rounded => sum.round_shift(3, Rounding::HalfUp),
                    Smoothing::Exact => sum,
                };
                Position { of: "smooth", taps: vec![value.named(format!("smooth_{level}"))], ..window }
            })
        };
        let doc =
            format!("smoothed by 1, 3, 3, 1 along both axes, {} pixels from tap to tap", kernel.dilation);
        in_part(pixels, format!("smooth_{level}"), &doc, |pixels| {
            let rows = filter(slide(pixels, AXES[0], &kernel, &pictures.rows()));
            filter(slide(rows, AXES[1], &kernel, &pictures.columns()))
        })
    }

    /// What a pixel is compared with.
    fn neighbours(&self) -> Kernel {
        Kernel::same(3, 1, Border::Constant(0))
    }

    fn smoothing(&self, level: u32) -> Kernel {
        smoothing_kernel(1 << (level - 1), self.border.border())
    }

    /// What the gradient sees along a row and along a column, and which tap of a column is the middle: it is wanted too, for the
    /// other derivative.
    fn differences(&self) -> (Kernel, Kernel, usize) {
        let border = self.border.border();
        match 1 << (self.scale - 1) {
            1 => (Kernel::same(2, 1, border), Kernel::same(2, 1, border), 0),
            hole => (Kernel::same(2, hole, border), Kernel::same(3, hole / 2, border), 1),
        }
    }

    /// When what leaves comes, for pixels of this pace: a pixel a cycle, as many cycles later as the windows reach ahead in rows and
    /// pixels.
    pub fn pace(&self, pixels: &Pace, pictures: &Pictures) -> Option<Pace> {
        let axes = [pictures.rows(), pictures.columns()];
        let mut windows = self.parts().into_iter().flat_map(|(_, kernels)| axes.iter().zip(kernels));
        windows.try_fold(pixels.clone(), |pace, (axis, kernel)| axis.pace(&pace, &kernel))
    }

    /// The same as a timed run, of pictures of one size.
    pub fn timed(&self, t: &mut Timeline, pixels: Channel, pictures: &Pictures) -> Channel {
        let part = |t: &mut Timeline, pixels: Channel, kernels: &[Kernel]| {
            let entered = t.crossing(pixels, "x");
            let axes = [pictures.rows(), pictures.columns()];
            let windows = AXES.iter().zip(kernels).zip(&axes);
            let slid = windows
                .fold(entered, |pixels, ((name, kernel), along)| timed_slide(t, pixels, name, kernel, along));
            t.crossing(slid, "y")
        };
        let parts = self.parts().into_iter();
        parts.fold(pixels, |pixels, (name, kernels)| t.part(name, |t| part(t, pixels, &kernels)))
    }

    /// The parts of the hardware in their order, each with the windows along rows and columns that are in it.
    fn parts(&self) -> Vec<(String, Vec<Kernel>)> {
        let (along, across, _) = self.differences();
        let smoothing =
            (1..self.scale).map(|level| (format!("smooth_{level}"), vec![self.smoothing(level); 2]));
        let others =
            [("gradient", vec![across, along]), ("modulus", vec![]), ("maximum", vec![self.neighbours(); 2])];
        smoothing.chain(others.map(|(name, kernels)| (name.into(), kernels))).collect()
    }

    /// For each pixel half of `w1` and, carried, half of `w2`.
    fn gradient<'m>(&self, pixels: Pixels<'m>, pictures: &Pictures) -> Pixels<'m> {
        let (along, across, middle) = self.differences();
        in_part(pixels, "gradient", "half of both derivatives", |pixels| {
            let rows = slide(pixels, AXES[0], &across, &pictures.rows());
            let rows = rows.map(|Position { of, taps, ends, .. }| {
                let half_w2 = (taps[taps.len() - 1] - taps[0]).named("half_w2");
                Position { of, taps: vec![taps[middle]], carried: vec![("half_w2", half_w2)], ends }
            });
            let columns = slide(rows, AXES[1], &along, &pictures.columns());
            columns.map(|window| {
                let [left, right] = window.taps[..] else { unreachable!("two taps along a row") };
                let half_w1 = (right - left).named("half_w1");
                Position { of: "half_w1", taps: vec![half_w1], ..window }
            })
        })
    }

    /// For each pixel its rank, by which gradients are compared, and, carried, its sector and what else is to leave.
    fn ranked<'m>(&self, gradient: Pixels<'m>, pictures: &Pictures) -> Pixels<'m> {
        // Ranks are of half the gradient where squares are compared: a quarter of the squared modulus.
        in_part(gradient, "modulus", "the rank of each gradient and its sector", |gradient| {
            gradient.map(|Position { taps, carried, ends, .. }| {
                let (&[half_w1], &[(_, half_w2)]) = (&taps[..], &carried[..]) else {
                    unreachable!("half of each derivative")
                };
                let halves = [half_w1, half_w2];
                let [size_1, size_2] = [half_w1.abs().named("size_1"), half_w2.abs().named("size_2")];
                let rank = match self.modulus {
                    Modulus::Exact => {
                        (size_1 * size_1).named("square_1") + (size_2 * size_2).named("square_2")
                    }
                    Modulus::AlphaMaxBetaMin => {
                        let greater = (size_1.max(size_2) << 1).named("greater");
                        let lesser = (size_1.min(size_2) << 1).named("lesser");
                        greater.max(((greater << 3) - greater + (lesser << 2)) >> 3)
                    }
                };
                let rank = rank.wrap(self.rank_range(pictures.pixel)).named("rank");
                let mut carried = vec![("sector", sector(halves, [size_1, size_2]))];
                if self.output == Output::Gradient {
                    carried.extend([("half_w1", half_w1), ("half_w2", half_w2)]);
                }
                Position { of: "rank", taps: vec![rank], carried, ends }
            })
        })
    }

    /// What leaves for each pixel, as its rank is the greatest along its gradient or not.
    fn kept<'m>(&self, ranked: Pixels<'m>, pictures: &Pictures) -> Pixels<'m> {
        let kernel = self.neighbours();
        in_part(ranked, "maximum", "what leaves where a rank is the greatest along its gradient", |ranked| {
            let rows = slide(ranked, AXES[0], &kernel, &pictures.rows());
            let square = slide(rows, AXES[1], &kernel, &pictures.columns());
            square.map(|Position { taps, carried, ends, .. }| {
                let m = taps[0].module();
                let [up_left, up, up_right, left, here, right, down_left, down, down_right] = taps[..] else {
                    unreachable!("three rows of three taps")
                };
                let (&(_, sector), halves) = carried.split_first().expect("a sector is carried");
                let before = sector.choose(&[left, up_left, up, up_right]).named("rank_before");
                let after = sector.choose(&[right, down_right, down, down_left]).named("rank_after");
                let threshold = match self.modulus {
                    Modulus::Exact => i128::from(self.threshold).pow(2) / 4,
                    Modulus::AlphaMaxBetaMin => self.threshold.into(),
                };
                let above_threshold = here.gt(m.constant(threshold));
                let kept = above_threshold & here.ge(before) & here.gt(after);
                let kept = kept.named("maximum");
                let values = match self.output {
                    Output::Edges => vec![kept],
                    Output::Gradient => halves.iter().map(|(_, half)| kept.mux(*half, 0) << 1).collect(),
                    Output::Modulus => vec![self.modulus_of(kept.mux(here, 0), pictures)],
                };
                let of = match self.output {
                    Output::Edges => "edge",
                    Output::Gradient => "w",
                    Output::Modulus => "modulus",
                };
                Position { of, taps: values, carried: Vec::new(), ends }
            })
        })
    }

    fn modulus_of<'m>(&self, rank: Signal<'m>, pictures: &Pictures) -> Signal<'m> {
        match self.modulus {
            Modulus::Exact => {
                let most = 4 * self.greatest_rank(pictures.pixel);
                square_root(rank << 2, &most.into()).named("modulus")
            }
            Modulus::AlphaMaxBetaMin => rank,
        }
    }

    /// What holds every rank.
    fn rank_range(&self, input: IntType) -> Range {
        match self.modulus {
            Modulus::Exact => Range::new(0, self.greatest_rank(input)).word(),
            Modulus::AlphaMaxBetaMin => self.modulus_range(input),
        }
    }
}

/// What `f` makes of pixels, as a part of the module.
#[track_caller]
fn in_part<'m>(
    pixels: Pixels<'m>,
    name: impl Into<String>,
    doc: &str,
    f: impl FnOnce(Pixels<'m>) -> Pixels<'m>,
) -> Pixels<'m> {
    let m = pixels.module();
    m.part(name, doc, |part| part.output_stream("y", f(part.input_stream("x", pixels))))
}

/// A gradient is along an axis where the other derivative is less than `53/128`, which is `106/256`, of the one along it.
pub(super) const SECTOR_BORDER: i64 = 53;
pub(super) const SECTOR_SHIFT: u32 = 7;

/// The sector of a gradient of these halves and their absolute values.
fn sector<'m>(halves: [Signal<'m>; 2], [a1, a2]: [Signal<'m>; 2]) -> Signal<'m> {
    let m = a1.module();
    let along_row = (a2 << SECTOR_SHIFT).lt(constant_multiple(a1, SECTOR_BORDER)).named("along_row");
    let along_column = (a1 << SECTOR_SHIFT).lt(constant_multiple(a2, SECTOR_BORDER)).named("along_column");
    let [half_w1, half_w2] = halves;
    let opposite = half_w1.lt(0).ne(half_w2.lt(0)).named("opposite");
    let diagonal = opposite.mux(m.constant(3), m.constant(1)).named("diagonal");
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
        let small = IntType { signed: false, bits: 4 };
        assert_eq!(smooth.greatest_rank(small), 203, "143 of the filters, and what rounding adds");
        let exact =
            ModulusMaxima { scale: 3, smoothing: Smoothing::Exact, output: Output::Gradient, ..maxima };
        assert_eq!(exact.fields(input)[1], ("w2", signed(22)), "+-510 * 64 * 64");
    }
}
