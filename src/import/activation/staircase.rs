//! A function of an accumulator to codes: thresholds, by exact arithmetic.
//!
//! Between two layers of integers all steps are monotone, so a code is at least `k` from some accumulator on. That is found backwards:
//! from a border of the quantizer through each step before it, to a limit of the accumulator. Then it is held against the steps forwards,
//! at both accumulators around each threshold.

use super::close::{Margin, Margins, Sides};
use super::stairs::{Bounds, Stairs};
use crate::import::exact::{Rational, Surd, TwoRoots};
use crate::import::meaning::{Condition, Limit, Step};
use num_bigint::BigInt;
use num_traits::One;

/// The codes of accumulators in bounds, in each channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Staircase {
    /// The least and the greatest code.
    pub codes: (i64, i64),
    /// One for each channel, or one for all.
    pub channels: Vec<Stairs>,
}

impl Staircase {
    /// The staircase that `steps` are on accumulators within `bounds`, of which there is one for each channel that `steps` tell apart; and
    /// how close its accumulators come to borders, of which with `sides` only those of two sums come.
    ///
    /// # Errors
    /// That roots of two variances meet, or an accumulator is too near a border of a logistic function.
    ///
    /// # Panics
    /// If the last step does not give integers, or the proof forwards fails, which is a mistake here.
    pub fn of(steps: &[Step], bounds: &[Bounds], sides: &[Vec<Sides>]) -> Result<(Self, Margin), Undecided> {
        let (last, before) = steps.split_last().expect("a quantizer");
        let codes = last.codes().expect("integers leave");
        let alike = steps.iter().all(|step| step.channels() == 1) && bounds.iter().all(|of| *of == bounds[0]);
        let bounds = if alike { &bounds[..1] } else { bounds };
        // Integers next to thresholds that are integers: floating point has nothing to err in.
        let compares_exactly = matches!(last, Step::Levels(_)) && before.iter().all(Step::is_identity);
        let mut margins = Margins::default();
        let mut channels = Vec::new();
        for (channel, bounds) in bounds.iter().enumerate() {
            let of = Channel { steps: (before, last), channel, bounds: *bounds, codes };
            let (stairs, limits) = of.stairs()?;
            of.prove(&stairs, steps)?;
            if !compares_exactly {
                let sides = sides.get(channel).map_or(&[][..], |sides| sides);
                margins.add(channel, &stairs, codes.0, &limits, sides);
            }
            channels.push(stairs);
        }
        Ok((Self { codes, channels }, margins.finish()))
    }

    /// The stairs of a channel.
    pub fn of_channel(&self, channel: usize) -> &Stairs {
        if let [one] = &self.channels[..] { one } else { &self.channels[channel] }
    }

    /// The code of an accumulator.
    pub fn code(&self, channel: usize, acc: i64) -> i64 {
        self.codes.0 + self.of_channel(channel).reached(acc)
    }

    /// Whether the code is the accumulator, for each in bounds.
    pub fn is_identity(&self) -> bool {
        self.channels.iter().all(|stairs| {
            let (lo, hi) = stairs.bounds;
            let first = self.codes.0;
            let holds = |(code, threshold): (i64, &i64)| *threshold == code.clamp(lo, hi + 1);
            stairs.sign == 1
                && lo >= first
                && hi <= self.codes.1
                && (first + 1..).zip(&stairs.thresholds).all(holds)
        })
    }

    /// Accumulators in bounds, of all channels.
    pub fn pairs(&self) -> u128 {
        let pairs = |stairs: &Stairs| (i128::from(stairs.bounds.1) - i128::from(stairs.bounds.0) + 1) as u128;
        self.channels.iter().map(pairs).sum()
    }

    /// The bounds of the codes of each channel.
    pub fn reached(&self) -> Vec<Bounds> {
        let of = |stairs: &Stairs| {
            let ends = [stairs.bounds.0, stairs.bounds.1].map(|acc| self.codes.0 + stairs.reached(acc));
            (ends[0].min(ends[1]), ends[0].max(ends[1]))
        };
        self.channels.iter().map(of).collect()
    }
}

/// Why a staircase is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    #[error("{0}")]
    TwoRoots(#[from] TwoRoots),
    #[error("an accumulator is too near a border of a logistic function to be told from it")]
    TooNear,
}

/// One channel of steps.
struct Channel<'s> {
    steps: (&'s [Step], &'s Step),
    channel: usize,
    bounds: Bounds,
    codes: (i64, i64),
}

impl Channel<'_> {
    /// When the code is at least `code`, as a condition of the accumulator.
    fn condition(&self, code: i64) -> Result<Condition, TwoRoots> {
        let code = BigInt::from(code);
        let first = match self.steps.1 {
            Step::Quantize(quantizer) => quantizer.at_least(self.channel, &code),
            Step::Levels(levels) => levels.at_least(self.channel, &code),
            _ => unreachable!("integers leave"),
        };
        self.steps.0.iter().rev().try_fold(first, |condition, step| step.before(self.channel, condition))
    }

    /// The stairs, and the limit of each threshold that is one.
    fn stairs(&self) -> Result<(Stairs, Vec<Option<Limit>>), Undecided> {
        let conditions = (self.codes.0 + 1..=self.codes.1).map(|code| self.condition(code));
        let conditions: Vec<Condition> = conditions.collect::<Result<_, _>>()?;
        let falls = conditions.iter().any(|condition| matches!(condition, Condition::AtMost(_)));
        let mut stairs =
            Stairs { bounds: self.bounds, sign: if falls { -1 } else { 1 }, thresholds: Vec::new() };
        let (lo, hi) = stairs.signed_bounds();
        let mut limits = Vec::new();
        for condition in conditions {
            let (threshold, limit) = match condition {
                Condition::Always => (BigInt::from(lo), None),
                Condition::Never => (BigInt::from(hi) + BigInt::one(), None),
                Condition::AtLeast(limit) => (first_of(&limit)?, Some(limit)),
                Condition::AtMost(limit) => {
                    let limit = Limit { at: limit.at.negative(), ..limit };
                    (first_of(&limit)?, Some(limit))
                }
            };
            let threshold = threshold.clamp(lo.into(), BigInt::from(hi) + BigInt::one());
            stairs.thresholds.push(i64::try_from(threshold).expect("between bounds of 62 bits"));
            limits.push(limit);
        }
        Ok((stairs, limits))
    }

    /// That the code is what the steps make of the accumulators on both sides of each threshold, and at both bounds.
    fn prove(&self, stairs: &Stairs, steps: &[Step]) -> Result<(), TwoRoots> {
        let (lo, hi) = self.bounds;
        let around = |threshold: &i64| [stairs.sign * threshold, stairs.sign * (threshold - 1)];
        let mut accs: Vec<i64> = stairs.thresholds.iter().flat_map(around).chain([lo, hi]).collect();
        accs.retain(|acc| (lo..=hi).contains(acc));
        accs.sort_unstable();
        accs.dedup();
        for acc in accs {
            let value =
                steps.iter().try_fold(Surd::from(acc), |value, step| step.apply(self.channel, &value))?;
            let code = Surd::from(self.codes.0 + stairs.reached(acc));
            assert!(
                value == code,
                "channel {}: the code of {acc} is {value:?} forwards, {code:?} backwards",
                self.channel
            );
        }
        Ok(())
    }
}

/// The first integer that meets the limit.
fn first_of(limit: &Limit) -> Result<BigInt, Undecided> {
    if !limit.exact {
        // No accumulator meets such a limit; one that is this near cannot be told from it.
        let away = |integer: BigInt| limit.at.rounded() - Rational::from_integer(integer);
        let near = Rational::new(BigInt::one(), BigInt::one() << 100);
        if away(limit.at.floor()) < near || -away(limit.at.ceil()) < near {
            return Err(Undecided::TooNear);
        }
    }
    Ok(if limit.strict { limit.at.floor() + BigInt::one() } else { limit.at.ceil() })
}
