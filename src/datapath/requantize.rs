//! `y = clamp((acc * multiplier + bias + half) >> shift)` per row: from accumulators back to narrow integers.
//!
//! Source: the integer inference of quantized networks (for example papers on 3DQ and SR-STE deploy it); rounding is
//! explicit here, `half` stands for the default, half up.

use super::config::{Config, ConfigError, IntType, Problems};
use super::per_row::PerRow;
use super::random::RandomBits;
use super::rounding::{Rounder, RoundingMode};
use super::row_constants::{RowConstant, RowConstants, row_shape, row_words};
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks::{WithRandom, constant_multiple, product, signed_digits};
use crate::hdl::{Module, Payload, Range, Rounding, Shape, Signal, Stream, Timing, Type, unsigned};
use crate::stream::{Pace, Port, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How products with the multiplier are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// What suits the family and the clock: see [`Multiplier`].
    #[default]
    Auto,
    /// A `*`.
    Multiply,
    /// Sums of shifts of a constant.
    ShiftAdd,
}

/// How products are computed. [`Product::Auto`] takes hard multipliers where the family has one for these widths that
/// keeps the clock; for constants only if they save two adders or more and there are at most [`HARD_LANES`] lanes.
/// Otherwise constants become sums of shifts, and other multipliers a `*` if it keeps the clock, else rows of adders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Multiplier {
    Hard,
    LookUpTables,
    AdderRows,
    ShiftAdds,
}

/// Parts of the output's range whose borders are corners.
const STEPS: i64 = 16;

/// Lanes whose constants may take a hard multiplier each: half of those of the smallest board.
const HARD_LANES: usize = 4;

impl Multiplier {
    fn title(self) -> &'static str {
        match self {
            Self::Hard => "a hard multiplier (DSP) a lane",
            Self::LookUpTables => "a multiplier of look-up tables a lane",
            Self::AdderRows => "rows of adders a lane, in stages: a `*` is slower than the clock",
            Self::ShiftAdds => "sums of shifts of constants",
        }
    }
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
    multipliers: RowConstants,
    biases: RowConstants,
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
        let [multipliers, biases] = [multipliers, biases].map(|rows| RowConstants { rows, lanes });
        problems.require(
            self.product != Product::ShiftAdd || multipliers.is_constant(),
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
product = "auto"       # by family and clock; or "multiply", or "shift_add" where a lane has one multiplier
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

    /// `y` of all accumulators, from the first on, row after row and frame after frame.
    pub fn of_all(&self, acc: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let (mut random, rounding) = match &self.rounder {
            Rounder::Fixed(rounding) => (None, *rounding),
            Rounder::Stochastic(lfsr) => (Some(RandomBits::of(lfsr)), Rounding::Floor),
        };
        let (lo, hi) = (self.output.lo(), self.output.hi());
        let idle_lanes = self.multipliers.beats() * self.lanes - self.rows;
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
            let (multiplier, bias) = (self.multipliers.rows[row], self.biases.rows[row] + noise);
            y.push(requantize(acc, multiplier, bias, self.shift, rounding, lo, hi));
        }
        y
    }

    /// How products are computed for `timing`.
    fn multiplier(&self, timing: Timing) -> Multiplier {
        let (x, multiplier) = (&self.input, self.multipliers.range());
        let hard = timing.has_hard_multiplier(x, &multiplier);
        let fits = timing.multiplies(x, &multiplier);
        let adders = |value: &i64| signed_digits(*value).len().saturating_sub(1);
        let saved = self.multipliers.rows.iter().map(adders).max().unwrap_or(0);
        match self.product {
            Product::ShiftAdd => Multiplier::ShiftAdds,
            Product::Multiply if hard => Multiplier::Hard,
            Product::Multiply => Multiplier::LookUpTables,
            Product::Auto if self.multipliers.is_constant() => {
                let pays = hard && fits && saved >= 2 && self.lanes <= HARD_LANES;
                if pays { Multiplier::Hard } else { Multiplier::ShiftAdds }
            }
            Product::Auto => match (fits, hard) {
                (true, true) => Multiplier::Hard,
                (true, false) => Multiplier::LookUpTables,
                (false, _) => Multiplier::AdderRows,
            },
        }
    }

    /// The hardware after a stream of accumulators, as a part of their module.
    pub fn part<'m>(&self, acc: LaneStream<'m>) -> LaneStream<'m> {
        acc.module().part("requantize", self.doc(), |part| {
            part.output_stream("y", self.build(part.input_stream("acc", acc)))
        })
    }

    /// The hardware after a stream of accumulators.
    fn build<'m>(&self, acc: LaneStream<'m>) -> LaneStream<'m> {
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
            Rounder::Fixed(_) => acc.map(|acc| Beat { acc, noise: Vec::new() }),
            Rounder::Stochastic(lfsr) => {
                let beats = lfsr.with_random(acc, self.lanes * self.shift as usize);
                let noise = |random: Signal<'m>| random.lanes(self.lanes, &unsigned(self.shift));
                beats.map(|WithRandom { beat, random }| Beat { acc: beat, noise: noise(random) })
            }
        };
        let multiplier = self.multiplier(*m.timing());
        let product = |x: Signal<'m>, by: Signal<'m>| {
            if multiplier == Multiplier::AdderRows { product(x, by) } else { x * by }
        };
        let requantized = |Beat { acc, noise }: Beat<'m>, rows: Vec<RowConstant<'m>>| {
            let of_lane = |(lane, (x, row)): (usize, (Signal<'m>, RowConstant<'m>))| {
                let product = match (self.multipliers.of_lane(lane), row.multiplier) {
                    (_, Some(multiplier)) => product(x, multiplier),
                    (Some(constant), _) if multiplier == Multiplier::ShiftAdds => {
                        constant_multiple(x, constant)
                    }
                    (Some(constant), _) => x * constant,
                    (None, None) => unreachable!("{EITHER}"),
                };
                let product = product.named("product");
                let sum = match (self.biases.of_lane(lane), row.bias) {
                    (_, Some(bias)) => product + bias,
                    (Some(constant), _) => product + constant,
                    (None, None) => unreachable!("{EITHER}"),
                };
                scaled(sum.named("biased"), noise.get(lane))
            };
            acc.into_iter().zip(rows).enumerate().map(of_lane).collect()
        };
        let shape = row_shape(&self.multipliers, &self.biases);
        if shape.width() == 0 {
            return acc.map(|beat| requantized(beat, shape.build(&mut std::iter::empty())));
        }
        let last = self.multipliers.beats() - 1;
        let rom =
            m.rom("row_constants", Type::Bits(shape.width()), row_words(&self.multipliers, &self.biases));
        let counted = acc.scan("row_beat", &Range::new(0, last), &[0], |row_beat, beat, _| {
            (row_beat.next_count(row_beat.eq(last as i64)), (beat, row_beat))
        });
        counted.map(|(beat, row_beat)| {
            let rows = shape.cut(rom.read(row_beat));
            requantized(beat, rows.each("", |signal, name| signal.named(name)))
        })
    }
}

const EITHER: &str = "what is not the same in every beat is read";

/// Accumulators, and as many random numbers where rounding wants them.
#[derive(Clone)]
struct Beat<'m> {
    acc: Vec<Signal<'m>>,
    noise: Vec<Signal<'m>>,
}

crate::payload!(Beat { acc, noise });

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
            "y = clamp(round((acc * multiplier + bias) / 2^{shift}), {lo}, {hi}) per row; rows = {rows}, lanes = \
             {lanes}; rounding {rounding}"
        )
    }

    fn ports(&self) -> Ports {
        let port = |name: &str, field: &str, range| Port::vectors(name, field, self.lanes, range, self.rows);
        Ports {
            inputs: vec![port("acc", "acc", self.input.clone())],
            outputs: vec![port("y", "y", self.output.range())],
        }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        inputs.drain(..).map(|acc: Stream<'m, _>| Requantize::build(self, acc)).collect()
    }

    /// A beat a cycle, each with its own.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![Some(inputs[0].clone())]
    }

    /// Besides the extremes, frames in which each row's accumulator is at, just below or just above the one that makes `y` a step
    /// more: at both ends of the output's type, around 0, and between.
    fn corners(&self) -> Vec<Transfers> {
        let port = &self.ports().inputs[0];
        let (lo, hi) = (self.output.lo(), self.output.hi());
        let ends: [i64; 2] = [self.input.lo(), self.input.hi()]
            .map(|end| i64::try_from(end).expect("an accumulator has at most 64 bits"));
        let mut frames = Tokens { lanes: port.lanes(), ..Tokens::default() };
        let spread = (0..=STEPS).map(|part| lo + (hi - lo) * part / STEPS);
        let steps: BTreeSet<i64> =
            spread.chain([lo, lo + 1, -1, 0, 1, hi]).map(|step| step.clamp(lo, hi)).collect();
        for step in steps {
            for beside in -1..=1 {
                let half = if self.shift > 0 { 1i128 << (self.shift - 1) } else { 0 };
                let at = |(multiplier, bias): (&i64, &i64)| {
                    let scaled = (i128::from(step) << self.shift) - half - i128::from(*bias);
                    let acc = scaled.checked_div(i128::from(*multiplier)).unwrap_or(0) + beside;
                    acc.clamp(ends[0].into(), ends[1].into()) as i64
                };
                let frame: Vec<i64> = self.multipliers.rows.iter().zip(&self.biases.rows).map(at).collect();
                frames.append(&Tokens::pack(port, &frame));
            }
        }
        super::corners_of(&self.ports()).into_iter().chain([vec![frames]]).collect()
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values = inputs[0].unpack(&ports.inputs[0]);
        vec![Tokens::pack(&ports.outputs[0], &self.of_all(values))]
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        vec![("product".into(), self.multiplier(timing).title().into())]
    }
}
