//! What a person may ask of `gradient_prune`.

use super::{GradientPrune, Output, Threshold};
use crate::datapath::config::{Config, ConfigError, IntType, Problems};
use crate::datapath::requantize::one;
use crate::datapath::{Datapath, Source, random};
use serde::{Deserialize, Serialize};

/// The length of all frames, or one for each layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number of gradients, or a list with one for each layer")]
pub enum FrameLength {
    All(usize),
    Each(Vec<usize>),
}

/// Where thresholds come from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    tag = "from",
    rename_all = "snake_case",
    deny_unknown_fields,
    expecting = "a table { from = \"mean\", rate = 0.9 }, { from = \"fixed\", value = 3 } or { from = \"stream\" }"
)]
pub enum ThresholdConfig {
    /// One for ever.
    Fixed { value: i64 },
    /// A stream `threshold`, one a frame.
    Stream,
    /// The mean of the last `frames` thresholds of a layer, each `K_p` times the mean magnitude of a frame.
    Mean {
        /// The pruning rate `p`: how many of normally distributed gradients lie below the threshold.
        rate: f64,
        #[serde(default = "one")]
        frames: usize,
        /// How many states there are; with more than one, a stream `layer` selects one for each frame.
        layers: Option<usize>,
    },
}

/// The random numbers that gradients below the threshold are compared with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomConfig {
    /// Bits a number; the bias of a pruned gradient is at most the threshold divided by two to the power of them.
    pub bits: u32,
    pub seed: u64,
    /// Whether all lanes of a beat share a number, and with it a multiplier.
    pub shared: bool,
}

impl Default for RandomConfig {
    fn default() -> Self {
        Self { bits: 16, seed: 1, shared: false }
    }
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradientPruneConfig {
    /// The type of the gradients, signed.
    pub input: IntType,
    /// Gradients a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    /// Gradients in a frame; with a list, frames are as long as `last` says, up to the longest.
    pub frame: FrameLength,
    pub threshold: ThresholdConfig,
    #[serde(default)]
    pub random: RandomConfig,
    #[serde(default)]
    pub output: Output,
}

/// `K_p`: what a threshold is of the mean magnitude of normally distributed gradients, of which `rate` then lie below it.
///
/// With standard deviation `s`, the threshold is `z * s` where `erf(z / sqrt 2) = rate`, and the mean magnitude is
/// `s * sqrt(2 / pi)`.
///
/// # Panics
/// If the rate is not between 0 and 1.
///
/// ```
/// let k = ternlet::datapath::pruning_constant(0.9);
/// assert!((k - 2.061518).abs() < 1e-6);
/// ```
pub fn pruning_constant(rate: f64) -> f64 {
    assert!(rate > 0.0 && rate < 1.0, "a rate of {rate}");
    // `erf` rises from 0 to 1, which it is, as far as doubles tell, at 6.
    let (mut below, mut above) = (0.0, 6.0);
    for _ in 0..60 {
        let middle = f64::midpoint(below, above);
        if libm::erf(middle) < rate { below = middle } else { above = middle }
    }
    below * std::f64::consts::PI.sqrt()
}

impl Config for GradientPruneConfig {
    const KIND: &'static str = "gradient_prune";
    const SUMMARY: &'static str =
        "stochastic pruning of gradients: below a threshold they become 0 or the threshold, unbiased";
    const EXAMPLE: &'static str = r#"# Gradients of two layers, four a beat, pruned at a threshold that follows their mean magnitude.
name = "my_gradient_prune"
board = "hx8k"
frequency_mhz = 60

[datapath]
kind = "gradient_prune"
input = "s16"       # the gradients: s2 to s32
lanes = 4           # gradients a beat: 1 to 16
frame = [64, 32]    # gradients in a frame: one number, or one for each layer
output = "dense"    # or "places": the values that are not 0, each with its place; or "bitmap": a bitmap, and the values

[datapath.threshold]
from = "mean"       # or "stream": one a frame; or "fixed", with value = ...
rate = 0.9          # the pruning rate p, between 0 and 1
frames = 4          # the mean of so many frames of a layer predicts its next threshold

[datapath.random]
bits = 16           # bits a random number, 1 to 32
seed = 1            # 1 or more
shared = false      # true: all lanes of a beat share a random number, and a multiplier
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { input, lanes, frame, threshold, random, output } = self;
        let mut problems = Problems::default();
        let typed = input.signed && input.bits >= 2;
        let why = "a gradient has a sign and a magnitude";
        problems.require(typed, "input", format!("\"{input}\""), why, "write s2 to s32");
        problems.require(
            (1..=16).contains(&lanes),
            "lanes",
            lanes,
            "a beat has 1 to 16 lanes",
            "write 1 to 16",
        );
        let (frames, varying) = match frame {
            FrameLength::All(length) => (vec![length], false),
            FrameLength::Each(lengths) => (lengths, true),
        };
        let why = "a frame has 1 to 1048576 gradients";
        let list = format!("{frames:?}");
        let shown = if varying { &list[..] } else { list.trim_matches(['[', ']']) };
        let sound = !frames.is_empty() && frames.iter().all(|length| (1..=1 << 20).contains(length));
        problems.require(sound, "frame", shown, why, "write such a number, or a list of them");
        let longest = frames.iter().copied().max().unwrap_or(1).max(1);
        let why = format!("a beat of {lanes} lanes is longer than the longest frame");
        problems.require(!sound || lanes <= longest, "lanes", lanes, &why, format!("write 1 to {longest}"));
        let why = "a random number has 1 to 32 bits";
        problems.require((1..=32).contains(&random.bits), "random.bits", random.bits, why, "write 1 to 32");
        let numbers = if random.shared { 1 } else { lanes.clamp(1, 16) };
        let (random_bits, shared) = (random.bits, random.shared);
        let (seed, bits) = (("random.seed", random.seed), ("random.bits", random_bits.clamp(1, 32)));
        let lfsr = random::register(seed, bits, numbers, &mut problems);
        let threshold = threshold.load(input, &frames, varying, &mut problems);
        problems.finish(|| {
            let lfsr = lfsr.expect("a register, for there is no problem");
            Box::new(GradientPrune {
                input,
                lanes,
                longest,
                varying,
                threshold,
                random_bits,
                shared,
                lfsr,
                output,
            }) as Box<dyn Datapath>
        })
    }
}

impl ThresholdConfig {
    fn load(self, input: IntType, frames: &[usize], varying: bool, problems: &mut Problems) -> Threshold {
        match self {
            Self::Fixed { value } => {
                let why = format!("a threshold lies in the magnitudes of {input}, 0 to {}", input.hi());
                let sound = (0..=input.hi()).contains(&value);
                problems.require(
                    sound,
                    "threshold.value",
                    value,
                    &why,
                    "write such a one, or widen the input",
                );
                Threshold::Fixed(value)
            }
            Self::Stream => Threshold::Stream,
            Self::Mean { rate, frames: depth, layers } => {
                let longest = frames.iter().copied().max().unwrap_or(1);
                let sound_lengths = !frames.is_empty();
                let possible = rate > 0.0 && rate < 1.0;
                let why = "a pruning rate is above 0 and below 1";
                problems.require(possible, "threshold.rate", rate, why, "write one such as 0.9");
                let sound = depth.is_power_of_two() && depth <= 64;
                let why = "a mean is of 1, 2, 4, 8, 16, 32 or 64 frames";
                problems.require(sound, "threshold.frames", depth, why, "write one of these");
                let count = layers.unwrap_or(frames.len());
                let why = "there are 1 to 256 layers";
                problems.require(
                    (1..=256).contains(&count),
                    "threshold.layers",
                    count,
                    why,
                    "write 1 to 256",
                );
                let why = format!("`frame` lists the lengths of {} layers", frames.len());
                let matched = !varying || count == frames.len();
                problems.require(matched, "threshold.layers", count, &why, "leave it out, or list as many");
                let lengths =
                    if varying && sound_lengths { frames.to_vec() } else { vec![longest; count.max(1)] };
                let rate = if possible { rate } else { 0.5 };
                let (constants, shift) = constants(rate, &lengths);
                Threshold::Mean { rate, depth: if sound { depth } else { 1 }, constants, shift }
            }
        }
    }
}

/// `round(2^shift * K_p / n)` for each frame length `n`, with the `shift` that gives the least of them 16 bits: their relative error
/// is at most `2^-16`.
fn constants(rate: f64, lengths: &[usize]) -> (Vec<i64>, u32) {
    let factor = |length: &usize| pruning_constant(rate) / (*length).max(1) as f64;
    let least = lengths.iter().map(factor).fold(f64::INFINITY, f64::min);
    let shift = (16.0 - least.log2()).floor().clamp(0.0, 60.0) as u32 - 1;
    let constant = |length| (factor(length) * 2f64.powi(shift as i32)).round() as i64;
    (lengths.iter().map(constant).collect(), shift)
}
