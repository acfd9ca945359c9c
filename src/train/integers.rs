//! What a trained network computes, in integers: the trainer's own, computed without a line of what makes hardware of it.

use super::data::Frames;
use super::methods::slb::largest;
use super::methods::uniform::Codes;
use super::network::{After, Network, Work};
use super::ops::{EPSILON, Windows, codes_of};

/// A trained network.
#[derive(Clone, Debug)]
pub struct Integers {
    pub nodes: Vec<Whole>,
}

/// A node of it.
#[derive(Clone, Debug)]
pub struct Whole {
    pub name: String,
    pub channels: usize,
    pub work: WholeWork,
}

#[derive(Clone, Debug)]
pub enum WholeWork {
    Weights {
        codes: Codes,
        rows: usize,
        windows: Option<Windows>,
        /// What 1 of the integers that come in stands for.
        input: f64,
        lines: Lines,
    },
    MaxPool(Windows),
    Flatten,
}

/// What becomes of the sums of each row.
#[derive(Clone, Debug)]
pub enum Lines {
    Codes { norm: Vec<Norm>, step: f64, bits: u32 },
    Scores { bias: Vec<f64> },
}

/// A channel of a batch norm.
#[derive(Clone, Copy, Debug)]
pub struct Norm {
    pub gamma: f64,
    pub beta: f64,
    pub mean: f64,
    pub variance: f64,
}

/// What a frame becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ran {
    /// Of each quantizer the name of its node and its codes, channels innermost.
    pub codes: Vec<(String, Vec<i64>)>,
    /// The last sums as integers, and without their bias as reals.
    pub accumulators: Vec<i64>,
    pub sums: Vec<f64>,
    /// The first largest score.
    pub class: usize,
}

impl Integers {
    /// The integers of a network whose frames are divided by `divisor`.
    pub fn of(network: &Network, divisor: f32) -> Self {
        let wide = |values: &[f32]| -> Vec<f64> { values.iter().map(|value| f64::from(*value)).collect() };
        let mut input = 1.0 / f64::from(divisor);
        let mut whole = |node: &super::network::Node| {
            let work = match &node.work {
                Work::MaxPool(windows) => WholeWork::MaxPool(windows.clone()),
                Work::Flatten => WholeWork::Flatten,
                Work::Weights(weights) => {
                    let before = input;
                    let lines = match &weights.after {
                        After::Scores { bias } => Lines::Scores { bias: wide(&bias.values) },
                        After::Codes { gamma, beta, running, clip, bits, .. } => {
                            // Divided in f32, as it was trained.
                            let step = f64::from(clip.values[0] / ((1u32 << bits) - 1) as f32);
                            input = step;
                            let [gamma, beta, mean, variance] =
                                [&gamma.values, &beta.values, &running.mean, &running.variance]
                                    .map(|values| wide(values));
                            let norm = |row: usize| Norm {
                                gamma: gamma[row],
                                beta: beta[row],
                                mean: mean[row],
                                variance: variance[row],
                            };
                            Lines::Codes { norm: (0..weights.rows).map(norm).collect(), step, bits: *bits }
                        }
                    };
                    let codes = weights.method.deployed(&weights.latent);
                    WholeWork::Weights {
                        codes,
                        rows: weights.rows,
                        windows: weights.windows.clone(),
                        input: before,
                        lines,
                    }
                }
            };
            Whole { name: node.name.clone(), channels: node.input.1, work }
        };
        Self { nodes: network.nodes.iter().map(&mut whole).collect() }
    }

    /// What a frame becomes.
    pub fn run(&self, frame: &[i64]) -> Ran {
        let (mut values, mut ran) = (frame.to_vec(), Ran::default());
        for node in &self.nodes {
            match &node.work {
                WholeWork::Flatten => {}
                WholeWork::MaxPool(windows) => values = pooled(&values, node.channels, windows),
                WholeWork::Weights { codes, rows, windows, input, lines } => {
                    let sums = sums(&values, node.channels, (codes, *rows), windows.as_ref());
                    let reals: Vec<f64> = sums.iter().map(|sum| *sum as f64 * codes.scale * input).collect();
                    match lines {
                        Lines::Codes { norm, step, bits } => {
                            let code = |(place, real): (usize, &f64)| {
                                codes_of(norm[place % rows].of(*real), *step, *bits) as i64
                            };
                            values = reals.iter().enumerate().map(code).collect();
                            ran.codes.push((node.name.clone(), values.clone()));
                        }
                        Lines::Scores { bias } => {
                            let scores: Vec<f64> =
                                reals.iter().zip(bias).map(|(real, bias)| real + bias).collect();
                            ran.class = largest(&scores);
                            (ran.accumulators, ran.sums) = (sums, reals);
                        }
                    }
                }
            }
        }
        ran
    }

    /// Frames whose class is right.
    pub fn right(&self, frames: &Frames) -> usize {
        (0..frames.count())
            .filter(|place| self.run(frames.frame(*place)).class == frames.labels[*place])
            .count()
    }
}

impl Norm {
    fn of(self, value: f64) -> f64 {
        self.gamma * (value - self.mean) / (self.variance + f64::from(EPSILON)).sqrt() + self.beta
    }
}

/// The sums of each row, at each window.
fn sums(
    values: &[i64],
    channels: usize,
    (codes, rows): (&Codes, usize),
    windows: Option<&Windows>,
) -> Vec<i64> {
    let weights: Vec<i64> = (0..codes.values.len()).map(|index| codes.integer(index)).collect();
    let columns = weights.len() / rows;
    let dot = |seen: &[i64]| {
        let row =
            |weights: &[i64]| weights.iter().zip(seen).map(|(weight, value)| weight * value).sum::<i64>();
        weights.chunks(columns).map(row).collect::<Vec<_>>()
    };
    let Some(windows) = windows else { return dot(values) };
    let seen = windows.seen();
    let window = |positions: &[Option<usize>]| {
        let tap = |position: &Option<usize>| match position {
            Some(position) => values[position * channels..][..channels].to_vec(),
            None => vec![0; channels],
        };
        dot(&positions.iter().flat_map(tap).collect::<Vec<_>>())
    };
    seen.positions.chunks(seen.taps).flat_map(window).collect()
}

fn pooled(values: &[i64], channels: usize, windows: &Windows) -> Vec<i64> {
    let seen = windows.seen();
    let of = |positions: &[Option<usize>], channel: usize| {
        let value = |position: &usize| values[position * channels + channel];
        positions.iter().flatten().map(value).max().unwrap_or(0)
    };
    let windows = seen.positions.chunks(seen.taps);
    windows
        .flat_map(|positions| (0..channels).map(move |channel| (positions, channel)))
        .map(|(p, c)| of(p, c))
        .collect()
}
