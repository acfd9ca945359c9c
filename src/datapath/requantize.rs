//! `y = clamp((acc * multiplier + bias + half) >> shift)` per row: from accumulators back to narrow integers.
//!
//! Source: the integer inference of quantized networks (for example papers on 3DQ and SR-STE deploy it); rounding is
//! explicit here, `half` stands for the default, half up.

use super::config::{Config, ConfigError, IntType, Problems};
use super::ports::{Ports, StreamPort, Tokens, Transfers};
use super::random::RandomBits;
use super::rounding::{Rounder, RoundingMode};
use super::tensor::{Source, Tensor};
use super::{Datapath, LaneStream};
use crate::blocks::constant_multiple;
use crate::hdl::{Module, Range, Rounding, Signal, Stream, Type, unsigned};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

/// One integer for all rows, one for each, or a tensor with one for each.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected an integer, a list of integers, or a table { file = \"...\", tensor = \"...\" }"
)]
pub enum PerRow {
    All(i64),
    Each(Vec<i64>),
    File { file: String, tensor: Option<String> },
}

impl PerRow {
    /// The integer of each of `rows` rows; problems are noted under `field`.
    fn resolve(&self, rows: usize, source: &dyn Source, field: &str, problems: &mut Problems) -> Vec<i64> {
        let (values, name) = match self {
            PerRow::All(value) => (vec![*value; rows], value.to_string()),
            PerRow::Each(values) => (values.clone(), format!("{} integers", values.len())),
            PerRow::File { file, tensor } => match source.tensor(file, tensor.as_deref()) {
                Ok(Tensor { values, .. }) => (values, format!("\"{file}\"")),
                Err(why) => {
                    problems.require(
                        false,
                        field,
                        format!("\"{file}\""),
                        &why,
                        "name a tensor that is there",
                    );
                    return vec![0; rows];
                }
            },
        };
        let why = format!("there are {} integers for {rows} rows", values.len());
        problems.require(values.len() == rows, field, &name, &why, format!("give one, or {rows}"));
        let small = values.iter().all(|value| i32::try_from(*value).is_ok());
        problems.require(small, field, &name, "an integer has more than 32 bits", "scale it down");
        if values.len() == rows { values } else { vec![0; rows] }
    }
}

/// How products with the multiplier are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Sums of shifts where all rows have one multiplier and bias, otherwise a `*`.
    #[default]
    Auto,
    /// A `*`, which synthesis puts into a DSP where the family has one that is free.
    Multiply,
    /// Sums of shifts of one constant.
    ShiftAdd,
}

/// The table `requantize` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The type of `y`; its bounds are those of the clamp, so an unsigned one is a ReLU.
    pub output: IntType,
    /// A signed integer of at most 32 bits.
    pub multiplier: PerRow,
    /// A signed integer of at most 32 bits, added before the shift.
    #[serde(default = "no_bias")]
    pub bias: PerRow,
    /// 0 to 62.
    #[serde(default)]
    pub shift: u32,
    #[serde(default)]
    pub rounding: RoundingMode,
    /// Where the random numbers of stochastic rounding start: 1 or more; 1 if it is left out.
    pub seed: Option<u64>,
    #[serde(default)]
    pub product: Product,
}

fn no_bias() -> PerRow {
    PerRow::All(0)
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequantizeConfig {
    pub rows: usize,
    /// Rows a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    /// The type of the accumulators.
    pub input: IntType,
    pub requantize: Scale,
}

pub(super) fn one() -> usize {
    1
}

/// Rows of accumulators, each with its multiplier and bias.
#[derive(Clone, Debug)]
pub struct Requantize {
    rows: usize,
    lanes: usize,
    input: Range,
    output: IntType,
    multipliers: Vec<i64>,
    biases: Vec<i64>,
    shift: u32,
    rounder: Rounder,
    product: Product,
}

/// `clamp(round((acc * multiplier + bias) / 2^shift), lo, hi)`; exact for any `acc` of 64 bits and factors of 32.
///
/// ```
/// use ternlet::{datapath::requantize, hdl::Rounding};
/// assert_eq!(requantize(100, 3, -20, 3, Rounding::HalfUp, 0, 15), 15); // 280 / 8 = 35
/// assert_eq!(requantize(-5, 3, 3, 3, Rounding::HalfUp, -8, 7), -1); // -12 / 8 = -1.5
/// ```
pub fn requantize(
    acc: i64,
    multiplier: i64,
    bias: i64,
    shift: u32,
    rounding: Rounding,
    lo: i64,
    hi: i64,
) -> i64 {
    let scaled = i128::from(acc) * i128::from(multiplier) + i128::from(bias);
    let step = 1i128 << shift;
    let (below, rest) = (scaled.div_euclid(step), scaled.rem_euclid(step));
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::HalfUp => 2 * rest >= step,
        Rounding::HalfEven => 2 * rest > step || (2 * rest == step && below % 2 != 0),
        Rounding::TowardZero => rest > 0 && below < 0,
    };
    (below + i128::from(up)).clamp(lo.into(), hi.into()) as i64
}

impl Scale {
    /// The datapath for `rows` accumulators in `input`, `lanes` a beat.
    ///
    /// # Errors
    /// All problems at once.
    pub fn load(
        &self,
        rows: usize,
        lanes: usize,
        input: Range,
        source: &dyn Source,
    ) -> Result<Requantize, Vec<ConfigError>> {
        let mut problems = Problems::default();
        problems.require(
            self.shift <= 62,
            "shift",
            self.shift,
            "a shift is at most 62",
            "scale the multiplier down",
        );
        let multipliers = self.multiplier.resolve(rows, source, "multiplier", &mut problems);
        let biases = self.bias.resolve(rows, source, "bias", &mut problems);
        let uniform = multipliers.windows(2).all(|pair| pair[0] == pair[1]);
        problems.require(
            uniform || lanes >= rows || self.product != Product::ShiftAdd,
            "product",
            "\"shift_add\"",
            "rows of one lane have different multipliers, which are no constant",
            "write \"auto\" or \"multiply\"",
        );
        let &Scale { output, shift, rounding, seed, product, .. } = self;
        let rounder = rounding.rounder(seed, lanes, shift, &mut problems);
        problems.finish(|| Requantize {
            rows,
            lanes,
            input,
            output,
            multipliers,
            biases,
            shift,
            rounder,
            product,
        })
    }
}

impl Config for RequantizeConfig {
    const KIND: &'static str = "requantize";
    const SUMMARY: &'static str = "y = clamp((acc * multiplier + bias + half) >> shift) per row";
    const EXAMPLE: &'static str = r#"# Accumulators of 16 bits back to 4 bits, with a ReLU.
name = "my_requantize"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "requantize"
rows = 8            # accumulators in a frame
lanes = 1           # accumulators in a beat
input = "s16"       # their type: u or s, and 1 to 32 bits

[datapath.requantize]
output = "u4"       # clamps to 0..=15, which is a ReLU; "s4" to -8..=7
multiplier = [37, 41, 29, 35, 40, 33, 38, 36]   # one for all rows, one for each, or { file = "w.safetensors", tensor = "m" }
bias = 0            # likewise
shift = 10
rounding = "half_up"   # or "floor", "half_even", "toward_zero"; or "stochastic", with seed = 1 or more
product = "auto"       # or "multiply", or "shift_add" where all rows have one multiplier
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        problems.require(self.rows > 0, "rows", self.rows, "a frame has at least 1 row", "write 1 or more");
        problems.require(
            self.lanes > 0,
            "lanes",
            self.lanes,
            "a beat has at least 1 lane",
            "write 1 or more",
        );
        match self.requantize.load(self.rows, self.lanes.max(1), self.input.range(), source) {
            Ok(requantize) => problems.finish(|| Box::new(requantize) as Box<dyn Datapath>),
            Err(inside) => {
                problems.inside("requantize", inside);
                problems.finish(|| unreachable!("there is a problem"))
            }
        }
    }
}

impl Requantize {
    pub fn output(&self) -> IntType {
        self.output
    }

    /// `y` of all accumulators, from the first on, row behind row and frame behind frame.
    pub fn of_all(&self, acc: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let (mut random, rounding) = match &self.rounder {
            Rounder::Fixed(rounding) => (None, *rounding),
            Rounder::Stochastic(lfsr) => (Some(RandomBits::of(lfsr)), Rounding::Floor),
        };
        let (lo, hi) = (self.output.lo(), self.output.hi());
        let idle_lanes = self.beats() * self.lanes - self.rows;
        let mut y = Vec::new();
        for (place, acc) in acc.into_iter().enumerate() {
            let row = place % self.rows;
            let mut noise = 0;
            if let Some(random) = &mut random {
                noise = random.next(self.shift);
                if row + 1 == self.rows {
                    (0..idle_lanes).for_each(|_| random.skip(self.shift));
                }
            }
            let (multiplier, bias) = (self.multipliers[row], self.biases[row] + noise);
            y.push(requantize(acc, multiplier, bias, self.shift, rounding, lo, hi));
        }
        y
    }

    fn beats(&self) -> usize {
        self.rows.div_ceil(self.lanes)
    }

    /// Whether all rows have one multiplier and bias, and every lane is a row.
    fn is_uniform(&self) -> bool {
        let same = |values: &[i64]| values.iter().all(|value| *value == values[0]);
        self.rows.is_multiple_of(self.lanes) && same(&self.multipliers) && same(&self.biases)
    }

    /// The multiplier and bias of each lane, if they are the same in every beat; lanes that are no rows have zeros.
    fn of_lanes(&self) -> Option<Vec<(i64, i64)>> {
        let of_row = |values: &[i64], row: usize| values.get(row).copied().unwrap_or(0);
        let constant = |lane: usize| (of_row(&self.multipliers, lane), of_row(&self.biases, lane));
        (self.is_uniform() || self.beats() == 1).then(|| (0..self.lanes).map(constant).collect())
    }

    /// Whether products are sums of shifts.
    fn is_shift_add(&self) -> bool {
        self.product == Product::ShiftAdd || (self.product == Product::Auto && self.is_uniform())
    }

    /// The hardware behind a stream of accumulators.
    pub fn build<'m>(&self, acc: LaneStream<'m>) -> LaneStream<'m> {
        let scaled = |sum: Signal<'m>, noise: Option<&Signal<'m>>| {
            let rounded = match (&self.rounder, noise) {
                (Rounder::Fixed(rounding), _) => sum.round_shift(self.shift, *rounding),
                (Rounder::Stochastic(_), Some(noise)) => (sum + *noise) >> self.shift,
                (Rounder::Stochastic(_), None) => unreachable!("every lane has random bits"),
            };
            rounded.saturate(self.output.range()).named("y")
        };
        let m = acc.module();
        let acc = match &self.rounder {
            Rounder::Fixed(_) => acc.map(|lanes| (lanes, Vec::new())),
            Rounder::Stochastic(lfsr) => {
                let beside = lfsr.beside(acc, self.lanes * self.shift as usize);
                beside.map(|(lanes, word)| (lanes, word.lanes(self.lanes, &unsigned(self.shift))))
            }
        };
        if let Some(constants) = self.of_lanes() {
            let product = |x: Signal<'m>, multiplier: i64| {
                if self.is_shift_add() { constant_multiple(x, multiplier) } else { x * multiplier }
            };
            return acc.map(|(lanes, noise)| {
                let of_lane = |(lane, (x, (multiplier, bias))): (usize, (Signal<'m>, (i64, i64)))| {
                    scaled(product(x, multiplier).named("product") + bias, noise.get(lane))
                };
                lanes.into_iter().zip(constants).enumerate().map(of_lane).collect()
            });
        }
        let beats = self.beats();
        let (constants, multiplier_range, bias_range) = self.constants();
        let width = (multiplier_range.width() + bias_range.width()) as usize * self.lanes;
        let rom = m.rom("row_constants", Type::Bits(width as u32), constants);
        let rows = Range::new(0, beats - 1);
        let counted = acc.scan("row_beat", &rows, &[0], |beat, lanes, _| {
            (beat.counted(beat.eq(beats as i64 - 1)), (lanes, beat))
        });
        counted.map(|((lanes, noise), beat)| {
            let word = rom.read(beat);
            let part = |lane: usize| (lane as u32) * (multiplier_range.width() + bias_range.width());
            lanes
                .into_iter()
                .enumerate()
                .map(|(lane, x)| {
                    let multiplier =
                        word.slice(part(lane), multiplier_range.width()).int(multiplier_range.clone());
                    let bias = word.slice(part(lane) + multiplier_range.width(), bias_range.width());
                    let bias = bias.int(bias_range.clone()).named("bias");
                    let product = (x * multiplier.named("multiplier")).named("product");
                    scaled(product + bias, noise.get(lane))
                })
                .collect()
        })
    }

    /// The word of each beat: for each lane its multiplier, then its bias; lanes that are no rows have zeros. Then the
    /// whole words that hold a multiplier and a bias.
    fn constants(&self) -> (Vec<BigInt>, Range, Range) {
        let hull = |values: &[i64]| Range::hull(values.iter().chain(&[0]).map(|&value| value.into())).word();
        let (multipliers, biases) = (hull(&self.multipliers), hull(&self.biases));
        let modulo = |value: i64, range: &Range| {
            let modulus = BigInt::from(1) << range.width();
            (BigInt::from(value) + &modulus) % modulus
        };
        let word = |beat: usize| {
            let lane = |lane: usize| {
                let row = beat * self.lanes + lane;
                let of = |values: &[i64]| values.get(row).copied().unwrap_or(0);
                (modulo(of(&self.biases), &biases) << multipliers.width())
                    + modulo(of(&self.multipliers), &multipliers)
            };
            let width = multipliers.width() + biases.width();
            (0..self.lanes).rev().fold(BigInt::from(0), |word, index| (word << width) + lane(index))
        };
        ((0..self.beats()).map(word).collect(), multipliers, biases)
    }
}

impl Datapath for Requantize {
    fn kind(&self) -> &'static str {
        RequantizeConfig::KIND
    }

    fn doc(&self) -> String {
        let &Self { rows, lanes, shift, .. } = self;
        let (lo, hi) = (self.output.lo(), self.output.hi());
        let rounding = match &self.rounder {
            Rounder::Fixed(rounding) => format!("{rounding:?}"),
            Rounder::Stochastic(lfsr) => format!("stochastic, a register of {} bits", lfsr.degree),
        };
        format!(
            "y = clamp(round((acc * multiplier + bias) / 2^{shift}), {lo}, {hi}) for each of {rows} rows, {lanes} a \
             beat; rounding {rounding}"
        )
    }

    fn ports(&self) -> Ports {
        let port =
            |name: &str, field: &str, range| StreamPort::frames(name, field, self.lanes, range, self.rows);
        Ports {
            inputs: vec![port("acc", "acc", self.input.clone())],
            outputs: vec![port("y", "y", self.output.range())],
        }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        inputs.drain(..).map(|acc: Stream<'m, _>| Requantize::build(self, acc)).collect()
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values = inputs[0].unpack(&ports.inputs[0]);
        vec![Tokens::pack(&ports.outputs[0], &self.of_all(values))]
    }

    fn facts(&self) -> Vec<(String, String)> {
        let product = if self.is_shift_add() {
            "sums of shifts of constants"
        } else {
            "a multiplier per lane, a DSP where the family has one"
        };
        vec![("product".into(), product.into())]
    }
}
