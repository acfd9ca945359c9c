//! How close accumulators come to the borders of a quantizer: where floating point may decide otherwise.

use super::stairs::{Bounds, Stairs};
use crate::import::exact::{Rational, approximate};
use crate::import::meaning::Limit;
use serde::Serialize;

/// An accumulator next to a border: a float32 execution whose error is larger may give the other code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClosePair {
    pub channel: usize,
    pub accumulator: i64,
    /// Its distance from the border, in steps of the quantizer; 0 is an exact tie.
    pub distance: f64,
    /// The border, in steps.
    pub border: f64,
    pub code: i64,
}

/// An accumulator `scales[0] p - scales[1] n` of two sums in bounds: of the inputs at positive and at negative weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    pub scales: [i64; 2],
    pub plus: Bounds,
    pub minus: Bounds,
}

/// The distances of a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Margin {
    /// The least, in steps; none where no code depends on the accumulator.
    pub least: Option<f64>,
    /// The pairs within what float32 may err.
    pub close: Vec<ClosePair>,
}

/// Errors of float32 executions stay below this part of the numbers that meet: 2^-20, 16 roundings.
const FLOAT_ERROR: f64 = 9.5e-7;

impl Sides {
    /// Of each sum at positive weights both accumulators next to a threshold, times `sign`.
    fn nearest(&self, threshold: i64, sign: i64) -> impl Iterator<Item = i64> {
        let ([plus, minus], (least, most)) = (self.scales, self.minus);
        (self.plus.0..=self.plus.1).flat_map(move |p| {
            let n = (plus * p - sign * threshold).div_euclid(minus);
            [n, n + 1]
                .into_iter()
                .filter(move |n| (least..=most).contains(n))
                .map(move |n| sign * (plus * p - minus * n))
        })
    }

    /// Pairs of both sums.
    pub fn pairs(&self) -> u128 {
        [self.plus, self.minus].iter().map(|(lo, hi)| (hi - lo + 1) as u128).product()
    }
}

/// Collects distances, channel after channel.
#[derive(Debug, Default)]
pub struct Margins(Margin);

impl Margins {
    /// Those of a channel, whose thresholds have these limits of `sign * acc`. With sides only their accumulators come.
    pub fn add(
        &mut self,
        channel: usize,
        stairs: &Stairs,
        least: i64,
        limits: &[Option<Limit>],
        sides: &[Sides],
    ) {
        let (lo, hi) = stairs.signed_bounds();
        for (threshold, limit) in stairs.thresholds.iter().zip(limits) {
            let Some(limit) = limit else { continue };
            let at = limit.at.rounded();
            let near = match sides {
                [] => vec![*threshold, *threshold - 1],
                sides => sides.iter().flat_map(|sides| sides.nearest(*threshold, stairs.sign)).collect(),
            };
            let meeting = 1.0 + limit.border.abs() + limit.slope * approximate(&at).abs();
            // From the threshold on, which is next to the limit.
            let first = approximate(&(Rational::from_integer((*threshold).into()) - &at));
            for signed in near.into_iter().filter(|signed| (lo..=hi).contains(signed)) {
                let distance = (first + (signed - threshold) as f64).abs() * limit.slope;
                self.0.least = Some(self.0.least.map_or(distance, |least| least.min(distance)));
                if distance <= FLOAT_ERROR * meeting {
                    let accumulator = stairs.sign * signed;
                    let code = least + stairs.reached(accumulator);
                    let pair = ClosePair { channel, accumulator, distance, border: limit.border, code };
                    self.0.close.push(pair);
                }
            }
        }
    }

    /// All of them, the closest pair first, each once.
    pub fn finish(self) -> Margin {
        let Margin { least, mut close } = self.0;
        close.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        close.dedup_by(|a, b| a.channel == b.channel && a.accumulator == b.accumulator);
        Margin { least, close }
    }
}
