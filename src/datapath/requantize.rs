//! `y = clamp((acc * multiplier + bias + half) >> shift)` per row: from accumulators back to narrow integers.
//!
//! Source: the integer inference of quantized networks (for example papers on 3DQ and SR-STE deploy it); rounding is
//! explicit here, `half` stands for the default, half up.

mod config;
mod product;

pub(super) use config::one;
pub use config::{RequantizeConfig, Scale};

use super::config::{Config, IntType};
use super::per_row::{RowConstants, WordReader, words};
use super::random::RandomBits;
use super::rounding::Rounder;
use super::{Datapath, LaneStream};
use crate::blocks::{constant_multiple, product};
use crate::hdl::{Module, Range, Rounding, Signal, Stream, Timing, unsigned};
use crate::stream::{Pace, Port, Ports, Tokens, Transfers};
use product::{Multiplier, Product};
use std::collections::BTreeSet;

/// Parts of the output's range whose borders are corners.
const STEPS: i64 = 16;

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
        self.product.multiplier(&self.input, &self.multipliers, timing)
    }

    /// The hardware behind a stream of accumulators, as a part of their module.
    pub fn part<'m>(&self, acc: LaneStream<'m>) -> LaneStream<'m> {
        acc.module().part("requantize", self.doc(), |part| {
            part.output_stream("y", self.build(part.input_stream("acc", acc)))
        })
    }

    /// The hardware behind a stream of accumulators.
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
            Rounder::Fixed(_) => acc.map(|lanes| (lanes, Vec::new())),
            Rounder::Stochastic(lfsr) => {
                let beside = lfsr.beside(acc, self.lanes * self.shift as usize);
                beside.map(|(lanes, word)| (lanes, word.lanes(self.lanes, &unsigned(self.shift))))
            }
        };
        let multiplier = self.multiplier(*m.timing());
        let product = |x: Signal<'m>, by: Signal<'m>| {
            if multiplier == Multiplier::AdderRows { product(x, by) } else { x * by }
        };
        let requantized = |(lanes, noise): (Vec<Signal<'m>>, Vec<Signal<'m>>), word: Option<Signal<'m>>| {
            let mut word = WordReader { word, at: 0 };
            let of_lane = |(lane, x): (usize, Signal<'m>)| {
                let product = match self.multipliers.of_lane(lane) {
                    Some(constant) if multiplier == Multiplier::ShiftAdds => constant_multiple(x, constant),
                    Some(constant) => x * constant,
                    None => product(x, word.next(&self.multipliers).named("multiplier")),
                };
                let product = product.named("product");
                let sum = match self.biases.of_lane(lane) {
                    Some(constant) => product + constant,
                    None => product + word.next(&self.biases).named("bias"),
                };
                scaled(sum.named("biased"), noise.get(lane))
            };
            lanes.into_iter().enumerate().map(of_lane).collect()
        };
        let Some((words, word)) = words(&[&self.multipliers, &self.biases]) else {
            return acc.map(|acc| requantized(acc, None));
        };
        let last = words.len() - 1;
        let rom = m.rom("row_constants", word, words);
        let counted = acc.scan("row_beat", &Range::new(0, last), &[0], |beat, acc, _| {
            (beat.counted(beat.eq(last as i64)), (acc, beat))
        });
        counted.map(|(acc, beat)| requantized(acc, Some(rom.read(beat))))
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

    /// Beside the extremes, frames in which each row's accumulator is at, just below or just above the one that makes `y` a step
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
