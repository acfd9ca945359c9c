//! Stochastic pruning on plain integers.

use std::collections::VecDeque;

/// `g` where `|g| >= threshold`; otherwise `threshold` with the sign of `g` where `|g| * 2^random_bits > r * threshold`,
/// and 0 elsewhere.
///
/// Over all `r` in `0..2^random_bits` the mean is `g`, up to `threshold / 2^random_bits` further from 0.
///
/// ```
/// use ternlet::datapath::stochastic_prune;
/// assert_eq!(stochastic_prune(-120, 100, 15, 4), -120); // passes
/// assert_eq!(stochastic_prune(-60, 100, 9, 4), -100); // 960 > 900
/// assert_eq!(stochastic_prune(-60, 100, 10, 4), 0); // 960 < 1000
/// ```
pub fn stochastic_prune(g: i64, threshold: i64, r: i64, random_bits: u32) -> i64 {
    let magnitude = i128::from(g).abs();
    if magnitude >= i128::from(threshold) {
        g
    } else if magnitude << random_bits > i128::from(r) * i128::from(threshold) {
        g.signum() * threshold
    } else {
        0
    }
}

/// The threshold of a frame of gradients: `constant / 2^shift` times the sum of their magnitudes, rounded half up, at most `most`.
/// A magnitude counts as `most` at the most: that of the most negative gradient is one less than it is.
///
/// ```
/// use ternlet::datapath::measured_threshold;
/// assert_eq!(measured_threshold(&[3, -5, 0, 2], 33, 6, 127), 5); // 10 * 33 / 64
/// ```
pub fn measured_threshold(g: &[i64], constant: i64, shift: u32, most: i64) -> i64 {
    let sum: i128 = g.iter().map(|g| i128::from(g.abs().min(most))).sum();
    let scaled = (2 * sum * i128::from(constant) + (1i128 << shift)) >> (shift + 1);
    scaled.min(most.into()) as i64
}

/// The thresholds of the last frames of a layer, whose mean predicts that of the next one.
#[derive(Clone, Debug, Default)]
pub struct ThresholdHistory {
    last: VecDeque<i64>,
}

impl ThresholdHistory {
    /// The mean of the last `frames` thresholds, rounded down; 0, which prunes nothing, until there are as many.
    pub fn prediction(&self, frames: usize) -> i64 {
        if self.last.len() < frames { 0 } else { self.last.iter().sum::<i64>().div_euclid(frames as i64) }
    }

    /// Adds a threshold, and forgets all but the last `frames`.
    pub fn push(&mut self, threshold: i64, frames: usize) {
        self.last.push_back(threshold);
        self.last.drain(..self.last.len().saturating_sub(frames));
    }
}
