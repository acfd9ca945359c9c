//! `y = clamp((acc * multiplier + bias + half) >> shift)` per row: from accumulators back to narrow integers.
//!
//! Source: the integer inference of quantized networks (for example papers on 3DQ and SR-STE deploy it); rounding is
//! explicit here, `half` stands for the default, half up.

mod config;
mod product;
mod serial;

pub(super) use config::one;
pub use config::{RequantizeConfig, Scale};

use super::accumulators::Accumulators;
use super::config::Config;
use super::random::RandomBits;
use super::rounding::{Rounder, rounded};
use super::row_constants::{RowConstant, RowConstants, row_shape, row_words, with_row_beat};
use super::row_memory::RowIndex;
use super::tail::zero_tail;
use super::{Datapath, Footprint, LaneStream};
use crate::blocks::{WithRandom, constant_multiple, product};
use crate::hdl::{Module, Payload, Range, Rounding, Shape, Signal, Stream, Timing, Type, unsigned};
use crate::stream::timeline::{Channel, Stepped, Timeline};
use crate::stream::{Pace, Ports, Reach, Tokens, Transfers, bounds};
use product::{Multiplier, Product};
use serial::SerialLane;
use std::collections::BTreeSet;

/// Parts of the output's range whose borders are corners.
const STEPS: i64 = 16;

/// Rows of accumulators, each with its multiplier and bias.
#[derive(Clone, Debug)]
pub struct Requantize {
    acc: Accumulators,
    output: [i64; 2],
    multipliers: RowConstants,
    biases: RowConstants,
    shift: u32,
    /// Added after the rounding.
    zero_point: i64,
    rounder: Rounder,
    product: Product,
}

/// `clamp(round((acc * multiplier + bias) / 2^shift), lo, hi)`; exact for any `acc` and `bias` of 64 bits and factors of 32.
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
    rounded(scaled, 1 << shift, rounding).clamp(lo.into(), hi.into()) as i64
}

impl Requantize {
    /// What `y` may be, and 0 for what the last beat has too many.
    pub fn output(&self) -> Range {
        Range::hull(self.output.into_iter().chain([0]).map(Into::into))
    }

    /// `y` of all accumulators, from the first on, row after row and frame after frame.
    pub fn of_all(&self, acc: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let (mut random, rounding) = match &self.rounder {
            Rounder::Fixed(rounding) => (None, *rounding),
            Rounder::Stochastic(lfsr) => (Some(RandomBits::of(lfsr)), Rounding::Floor),
        };
        let ([lo, hi], rows) = (self.output, self.acc.rows());
        let idle_lanes = self.acc.idle_lanes();
        let mut y = Vec::new();
        for (place, acc) in acc.into_iter().enumerate() {
            let row = place % rows;
            let mut noise = 0;
            if let Some(random) = &mut random {
                noise = random.next(self.shift);
                if row + 1 == rows {
                    (0..idle_lanes).for_each(|_| random.skip(self.shift));
                }
            }
            let (multiplier, bias) = (self.multipliers.rows[row], self.biases.rows[row] + noise);
            let (lo, hi) = (lo - self.zero_point, hi - self.zero_point);
            y.push(requantize(acc, multiplier, bias, self.shift, rounding, lo, hi) + self.zero_point);
        }
        y
    }

    /// Whether an integer depends on those before it: on how many random numbers were drawn for them.
    pub fn is_stochastic(&self) -> bool {
        matches!(self.rounder, Rounder::Stochastic(_))
    }

    /// How products are computed for `timing`.
    fn multiplier(&self, timing: Timing) -> Multiplier {
        self.product.multiplier(&self.acc, &self.multipliers, timing)
    }

    /// Clock cycles that a beat takes.
    pub fn cycles(&self, timing: Timing) -> usize {
        if self.multiplier(timing) == Multiplier::Serial { serial::cycles(&self.acc.range) } else { 1 }
    }

    /// When integers leave of accumulators that come as in `acc`.
    pub fn pace(&self, acc: &Pace, timing: Timing) -> Option<Pace> {
        match self.cycles(timing) {
            1 => Some(acc.clone()),
            cycles => acc.spread(cycles, cycles * acc.beats as usize)?.gathered(cycles),
        }
    }

    /// The same as a timed run.
    pub fn timed_after(&self, t: &mut Timeline, acc: Channel) -> Channel {
        match self.cycles(t.timing()) {
            1 => acc,
            cycles => t.through(acc, 0, Stepped::new(cycles)),
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
        let y = self.rows_of(acc);
        // What is in no row is 0 as it is, accumulator, multiplier and bias, unless 0 becomes another integer.
        let [lo, hi] = self.output;
        let stays = self.zero_point == 0 && (lo..=hi).contains(&0);
        if stays { y } else { zero_tail(y, &self.acc.port("y", self.output())) }
    }

    /// What becomes of the sum of a lane.
    fn scaled<'m>(&self, sum: Signal<'m>, noise: Option<&Signal<'m>>) -> Signal<'m> {
        let rounded = match (&self.rounder, noise) {
            (Rounder::Fixed(rounding), _) => sum.round_shift(self.shift, *rounding),
            (Rounder::Stochastic(_), Some(noise)) => (sum + *noise) >> self.shift,
            (Rounder::Stochastic(_), None) => unreachable!("every lane has random bits"),
        };
        (rounded + self.zero_point).saturate(Range::hull(self.output.map(Into::into))).named("y")
    }

    /// Sums, a bit of the accumulators a cycle.
    fn serially<'m>(&self, acc: Stream<'m, Beat<'m>>) -> LaneStream<'m> {
        let (multipliers, biases, range) = (&self.multipliers, &self.biases, &self.acc.range);
        let lanes = (0..self.acc.lanes).map(|lane| SerialLane { lane, multipliers, biases, acc: range });
        let lanes: Vec<SerialLane> = lanes.collect();
        let several = row_shape(multipliers, biases).width() > 0;
        let sums = vec![serial::state(multipliers, biases, range); lanes.len()];
        let rowed = with_row_beat(acc, if several { self.acc.beats() } else { 1 });
        let summed = rowed.stepped("product", serial::cycles(range), &sums, |step, sums, (beat, row)| {
            let Beat { acc, noise } = beat;
            let lane = |(lane, (sum, x)): (&SerialLane, (Signal<'m>, Signal<'m>))| {
                lane.step(step, sum, x, RowIndex(row))
            };
            let (next, acc) = lanes.iter().zip(sums.into_iter().zip(acc)).map(lane).unzip();
            (next, Beat { acc, noise })
        });
        summed.map(|Beat { acc, noise }| {
            let of_lane = |(lane, sum): (usize, Signal<'m>)| self.scaled(sum, noise.get(lane));
            acc.into_iter().enumerate().map(of_lane).collect()
        })
    }

    fn rows_of<'m>(&self, acc: LaneStream<'m>) -> LaneStream<'m> {
        let m = acc.module();
        let acc = match &self.rounder {
            Rounder::Fixed(_) => acc.map(|acc| Beat { acc, noise: Vec::new() }),
            Rounder::Stochastic(lfsr) => {
                let lanes = self.acc.lanes;
                let beats = lfsr.with_random(acc, lanes * self.shift as usize);
                let noise = |random: Signal<'m>| random.lanes(lanes, &unsigned(self.shift));
                beats.map(|WithRandom { beat, random }| Beat { acc: beat, noise: noise(random) })
            }
        };
        let multiplier = self.multiplier(*m.timing());
        if multiplier == Multiplier::Serial {
            return self.serially(acc);
        }
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
                self.scaled(sum.named("biased"), noise.get(lane))
            };
            acc.into_iter().zip(rows).enumerate().map(of_lane).collect()
        };
        let shape = row_shape(&self.multipliers, &self.biases);
        if shape.width() == 0 {
            return acc.map(|beat| requantized(beat, shape.build(&mut std::iter::empty())));
        }
        let rom =
            m.rom("row_constants", Type::Bits(shape.width()), row_words(&self.multipliers, &self.biases));
        with_row_beat(acc, self.acc.beats()).map(|(beat, row_beat)| {
            let rows = shape.cut(rom.read(row_beat.expect("constants differ between beats")));
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
        let &Self { shift, zero_point, output: [lo, hi], .. } = self;
        let (rows, lanes) = (self.acc.rows(), self.acc.lanes);
        let zero_point = if zero_point == 0 { String::new() } else { format!(" + {zero_point}") };
        let rounding = match &self.rounder {
            Rounder::Fixed(rounding) => rounding.to_string(),
            Rounder::Stochastic(lfsr) => format!("stochastic, a register of {} bits", lfsr.degree),
        };
        format!(
            "y = clamp(round((acc * multiplier + bias) / 2^{shift}){zero_point}, {lo}, {hi}) per row; rows = {rows}, lanes = \
             {lanes}; rounding {rounding}"
        )
    }

    fn ports(&self) -> Ports {
        Ports {
            inputs: vec![self.acc.port("acc", self.acc.range.clone())],
            outputs: vec![self.acc.port("y", self.output())],
        }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        inputs.drain(..).map(|acc: Stream<'m, _>| Requantize::build(self, acc)).collect()
    }

    /// A beat a cycle, each with its own; serially each with the last of its cycles.
    fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        vec![self.pace(&inputs[0], timing)]
    }

    /// Besides the extremes, frames in which each row's accumulator is at, just below or just above the one that makes `y` a step
    /// more: at both ends of the output's type, around 0, and between.
    fn corners(&self) -> Vec<Transfers> {
        let port = &self.ports().inputs[0];
        let [lo, hi] = self.output;
        let (least, most) = bounds(&self.acc.range);
        let mut frames = Tokens { lanes: port.lanes(), ..Tokens::default() };
        let span = i128::from(hi) - i128::from(lo);
        let spread = (0..=STEPS).map(|part| lo + (span * i128::from(part) / i128::from(STEPS)) as i64);
        let steps: BTreeSet<i64> =
            spread.chain([lo, lo + 1, -1, 0, 1, hi]).map(|step| step.clamp(lo, hi)).collect();
        for step in steps {
            for beside in -1..=1 {
                let half = if self.shift > 0 { 1i128 << (self.shift - 1) } else { 0 };
                let at = |(multiplier, bias): (&i64, &i64)| {
                    let scaled =
                        (i128::from(step - self.zero_point) << self.shift) - half - i128::from(*bias);
                    let acc = scaled.checked_div(i128::from(*multiplier)).unwrap_or(0) + beside;
                    acc.clamp(least.into(), most.into()) as i64
                };
                let rows: Vec<i64> = self.multipliers.rows.iter().zip(&self.biases.rows).map(at).collect();
                frames.append(&Tokens::pack(port, &rows.repeat(self.acc.frame.positions())));
            }
        }
        super::corners_of(&self.ports()).into_iter().chain([vec![frames]]).collect()
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        Some(vec![self.timed_after(t, inputs[0])])
    }

    /// An adder for each bit of the accumulator's product, and one for the rounding, at least.
    fn footprint(&self) -> Footprint {
        let lut4 = self.acc.lanes as u128 * 2 * u128::from(self.acc.range.width());
        Footprint { lut4, ..Footprint::default() }
    }

    fn reach(&self, _: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        (!self.remembers()).then(|| inputs.to_vec())
    }

    fn remembers(&self) -> bool {
        self.is_stochastic()
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values = inputs[0].unpack(&ports.inputs[0]);
        vec![Tokens::pack(&ports.outputs[0], &self.of_all(values))]
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let multiplier = self.multiplier(timing);
        let cycles = match multiplier {
            Multiplier::Serial => format!(": {} cycles a beat", self.cycles(timing)),
            _ => String::new(),
        };
        vec![("product".into(), format!("{}{cycles}", multiplier.title()))]
    }
}
