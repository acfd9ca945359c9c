//! What a trained network computes, in integers: the trainer's own, computed without a line of what makes hardware of it.

use super::data::Frames;
use super::description::Origin;
use super::methods::slb::largest;
use super::methods::uniform::Codes;
use super::network::{After, Form, Network, Work};
use super::ops::{EPSILON, Seen, Windows, codes_of};
use crate::design::Accuracy;
use rayon::prelude::*;

/// A trained network.
#[derive(Clone, Debug)]
pub struct Integers {
    pub nodes: Vec<Whole>,
}

/// A node of it.
#[derive(Clone, Debug)]
pub struct Whole {
    pub name: String,
    pub from: Vec<Origin>,
    /// Of what comes in; of two maps the first.
    pub channels: usize,
    pub work: WholeWork,
}

#[derive(Clone, Debug)]
pub enum WholeWork {
    Weights {
        codes: Codes,
        rows: usize,
        form: Form,
        /// What 1 of the integers that come in stands for.
        input: f64,
        lines: Lines,
    },
    MaxPool(Windows),
    Flatten,
    Concat,
    Add,
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
    /// The first largest score, of each position where a map leaves.
    pub classes: Vec<usize>,
}

impl Integers {
    /// The integers of a network whose frames are divided by `divisor`.
    pub fn of(network: &Network, divisor: f32) -> Self {
        let wide = |values: &[f32]| -> Vec<f64> { values.iter().map(|value| f64::from(*value)).collect() };
        // Divided in f32, as it was trained.
        let step = |from: Origin| match network.clip_of(from) {
            Some((clip, bits)) => f64::from(clip / ((1u32 << bits) - 1) as f32),
            None => 1.0 / f64::from(divisor),
        };
        let whole = |(index, node): (usize, &super::network::Node)| {
            let work = match &node.work {
                Work::MaxPool(windows) => WholeWork::MaxPool(windows.clone()),
                Work::Flatten => WholeWork::Flatten,
                Work::Concat => WholeWork::Concat,
                Work::Add => WholeWork::Add,
                Work::Weights(weights) => {
                    let lines = match &weights.after {
                        After::Scores { bias } => Lines::Scores { bias: wide(&bias.values) },
                        After::Codes { gamma, beta, running, bits, .. } => {
                            let [gamma, beta, mean, variance] =
                                [&gamma.values, &beta.values, &running.mean, &running.variance]
                                    .map(|values| wide(values));
                            let norm = |row: usize| Norm {
                                gamma: gamma[row],
                                beta: beta[row],
                                mean: mean[row],
                                variance: variance[row],
                            };
                            let norm = (0..weights.rows).map(norm).collect();
                            Lines::Codes { norm, step: step(Origin::Node(index)), bits: *bits }
                        }
                    };
                    WholeWork::Weights {
                        codes: weights.method.deployed(&weights.latent),
                        rows: weights.rows,
                        form: weights.form.clone(),
                        input: step(node.from[0]),
                        lines,
                    }
                }
            };
            Whole { name: node.name.clone(), from: node.from.clone(), channels: node.input.1, work }
        };
        Self { nodes: network.nodes.iter().enumerate().map(whole).collect() }
    }

    /// What a frame becomes.
    pub fn run(&self, frame: &[i64]) -> Ran {
        let mut ran = Ran::default();
        let mut outputs: Vec<Vec<i64>> = Vec::new();
        for node in &self.nodes {
            let of = |from: &Origin| match from {
                Origin::Frame => frame,
                Origin::Node(index) => &outputs[*index][..],
            };
            let values = of(&node.from[0]);
            let output = match &node.work {
                WholeWork::Flatten => values.to_vec(),
                WholeWork::MaxPool(windows) => pooled(values, node.channels, windows),
                WholeWork::Concat => joined(values, node.channels, of(&node.from[1])),
                WholeWork::Add => values.iter().zip(of(&node.from[1])).map(|(a, b)| a + b).collect(),
                WholeWork::Weights { codes, rows, form, input, lines } => {
                    let sums = sums(values, node.channels, (codes, *rows), form);
                    let reals: Vec<f64> = sums.iter().map(|sum| *sum as f64 * codes.scale * input).collect();
                    match lines {
                        Lines::Codes { norm, step, bits } => {
                            let code = |(place, real): (usize, &f64)| {
                                codes_of(norm[place % rows].of(*real), *step, *bits) as i64
                            };
                            let values: Vec<i64> = reals.iter().enumerate().map(code).collect();
                            ran.codes.push((node.name.clone(), values.clone()));
                            values
                        }
                        Lines::Scores { bias } => {
                            let class = |reals: &[f64]| {
                                let scores: Vec<f64> =
                                    reals.iter().zip(bias).map(|(real, bias)| real + bias).collect();
                                largest(&scores)
                            };
                            ran.classes = reals.chunks_exact(*rows).map(class).collect();
                            (ran.accumulators, ran.sums) = (sums, reals);
                            Vec::new()
                        }
                    }
                }
            };
            outputs.push(output);
        }
        ran
    }

    pub fn accuracy(&self, frames: &Frames) -> Accuracy {
        let run = |place: usize| self.run(frames.frame(place)).classes;
        let classes: Vec<Vec<usize>> = (0..frames.count()).into_par_iter().map(run).collect();
        frames.accuracy(&classes.concat().into_iter().map(|class| class as i64).collect::<Vec<_>>())
    }
}

/// The channels of two maps at each position.
fn joined(a: &[i64], channels: usize, b: &[i64]) -> Vec<i64> {
    let positions = a.len() / channels;
    let rows = a.chunks_exact(channels).zip(b.chunks_exact(b.len() / positions.max(1)));
    rows.flat_map(|(a, b)| a.iter().chain(b)).copied().collect()
}

impl Norm {
    fn of(self, value: f64) -> f64 {
        self.gamma * (value - self.mean) / (self.variance + f64::from(EPSILON)).sqrt() + self.beta
    }
}

/// The sums of each row, at each position that leaves.
fn sums(values: &[i64], channels: usize, (codes, rows): (&Codes, usize), form: &Form) -> Vec<i64> {
    let weights: Vec<i64> = (0..codes.values.len()).map(|index| codes.integer(index)).collect();
    let columns = weights.len() / rows;
    let product = |weights: &[i64], seen: &[i64]| -> i64 {
        weights.iter().zip(seen).map(|(weight, value)| weight * value).sum()
    };
    let dot = |seen: &[i64]| weights.chunks(columns).map(|row| product(row, seen)).collect::<Vec<_>>();
    match form {
        Form::Matrix => dot(values),
        Form::Convolution(windows) => {
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
        Form::Blocks(blocks) => {
            let Seen { taps, positions } = blocks.seen();
            let mut sums = vec![0; positions.len() * rows];
            for (index, place) in positions.into_iter().flatten().enumerate() {
                let seen = &values[index / taps * channels..][..channels];
                for row in 0..rows {
                    let weights = &weights[(row * taps + index % taps) * channels..][..channels];
                    sums[place * rows + row] = product(weights, seen);
                }
            }
            sums
        }
    }
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
