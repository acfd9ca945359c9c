//! What a file makes of a tensor's elements, channel by channel.

use super::each::Each;
use super::limit::{Condition, Limit};
use super::quantizer::{Levels, Quantizer};
use crate::import::exact::{Rational, Surd, TwoRoots, approximate, logistic, logit};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

/// A function of one real, for each channel.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `scale * x + offset`.
    Affine {
        scale: Each<Surd>,
        offset: Each<Surd>,
    },
    /// `clamp(x)`; an end that is left out is open.
    Clip {
        least: Option<Rational>,
        most: Option<Rational>,
    },
    /// `x` where `x >= 0`, else `slope * x`, `slope > 0`.
    Leaky {
        slope: Rational,
    },
    /// `1 / (1 + exp(-x))`.
    Logistic,
    Quantize(Quantizer),
    Levels(Levels),
}

impl Step {
    pub fn affine(scale: Each<Surd>, offset: Each<Surd>) -> Self {
        Self::Affine { scale, offset }
    }

    pub fn relu() -> Self {
        Self::Clip { least: Some(Rational::zero()), most: None }
    }

    /// The least and the greatest integer that leave, if integers leave.
    pub fn codes(&self) -> Option<(i64, i64)> {
        match self {
            Self::Quantize(quantizer) => Some(quantizer.range),
            Self::Levels(levels) => Some(levels.range()),
            _ => None,
        }
    }

    /// How many channels it tells apart.
    pub fn channels(&self) -> usize {
        match self {
            Self::Affine { scale, offset } => scale.count().max(offset.count()),
            Self::Clip { .. } | Self::Leaky { .. } | Self::Logistic => 1,
            Self::Quantize(quantizer) => {
                quantizer.scale.count().max(quantizer.before.count()).max(quantizer.after.count())
            }
            Self::Levels(levels) => levels.levels.count(),
        }
    }

    /// Whether what leaves rises with what comes in, in every channel.
    pub fn rises(&self) -> bool {
        match self {
            Self::Affine { scale, .. } => scale.iter().all(|scale| scale.sign() >= 0),
            _ => true,
        }
    }

    /// Whether what leaves is what came in.
    pub fn is_identity(&self) -> bool {
        match self {
            Self::Affine { scale, offset } => {
                scale.iter().all(|scale| *scale == Surd::one())
                    && offset.iter().all(|offset| offset.sign() == 0)
            }
            _ => false,
        }
    }

    /// When what leaves meets `condition`, as a condition of what comes in.
    ///
    /// # Errors
    /// That roots of two variances meet.
    pub fn before(&self, channel: usize, condition: Condition) -> Result<Condition, TwoRoots> {
        let (limit, rising) = match condition {
            Condition::AtLeast(limit) => (limit, true),
            Condition::AtMost(limit) => (limit, false),
            sure => return Ok(sure),
        };
        let back = |limit, rising| if rising { Condition::AtLeast(limit) } else { Condition::AtMost(limit) };
        let holds = |value: &Surd| if rising { limit.is_below(value) } else { limit.is_above(value) };
        match self {
            Self::Affine { scale, offset } => {
                let (scale, offset) = (scale.get(channel), offset.get(channel));
                if scale.sign() == 0 {
                    return Ok(Condition::of(holds(offset)?));
                }
                let at = limit.at.minus(offset)?.times(&scale.inverse())?;
                let slope = approximate(&scale.rounded());
                Ok(back(limit.moved(at, slope), rising == (scale.sign() > 0)))
            }
            Self::Clip { least, most } => {
                let end = |end: &Option<Rational>| end.clone().map(Surd::from);
                let (first, last) = if rising { (end(least), end(most)) } else { (end(most), end(least)) };
                if first.map(|end| holds(&end)).transpose()? == Some(true) {
                    return Ok(Condition::Always);
                }
                let never = last.map(|end| holds(&end)).transpose()? == Some(false);
                Ok(if never { Condition::Never } else { back(limit, rising) })
            }
            Self::Leaky { slope } => {
                if limit.at.sign() >= 0 {
                    return Ok(back(limit, rising));
                }
                let at = limit.at.times(&slope.recip().into())?;
                let slope = approximate(slope);
                Ok(back(limit.moved(at, slope), rising))
            }
            Self::Logistic => Ok(logistic_before(limit, rising)),
            Self::Quantize(quantizer) => {
                Ok(codes_before(&limit, rising, |code| quantizer.at_least(channel, code)))
            }
            Self::Levels(levels) => Ok(codes_before(&limit, rising, |code| levels.at_least(channel, code))),
        }
    }

    /// What it makes of `value`.
    ///
    /// # Errors
    /// That roots of two variances meet.
    pub fn apply(&self, channel: usize, value: &Surd) -> Result<Surd, TwoRoots> {
        match self {
            Self::Affine { scale, offset } => value.times(scale.get(channel))?.plus(offset.get(channel)),
            Self::Clip { least, most } => {
                let mut value = value.clone();
                for (end, below) in [(least, true), (most, false)] {
                    if let Some(end) = end.clone().map(Surd::from)
                        && (value.compare(&end)?.is_lt() == below && value != end)
                    {
                        value = end;
                    }
                }
                Ok(value)
            }
            Self::Leaky { slope } => match value.sign() {
                -1 => value.times(&slope.clone().into()),
                _ => Ok(value.clone()),
            },
            Self::Logistic => Ok(logistic(&exactly(value)).into()),
            Self::Quantize(quantizer) => {
                let scaled = value.times(&quantizer.scale.get(channel).recip().into())?;
                let shifted = scaled.plus(&quantizer.before.get(channel).clone().into())?;
                let code = rounded(&shifted, quantizer)? + BigInt::from(*quantizer.after.get(channel));
                let (least, most) = quantizer.range;
                Ok(Rational::from_integer(code.clamp(least.into(), most.into())).into())
            }
            Self::Levels(levels) => {
                let mut code = levels.least;
                for level in levels.levels.get(channel) {
                    code += i64::from(value.compare(&level.clone().into())?.is_ge());
                }
                Ok(code.into())
            }
        }
    }
}

/// The number, or the nearest rational below it.
fn exactly(value: &Surd) -> Rational {
    value.rational().cloned().unwrap_or_else(|| value.rounded())
}

/// A condition of the logistic function as one of what comes in: it is between 0 and 1 and reaches neither.
fn logistic_before(limit: Limit, rising: bool) -> Condition {
    let y = exactly(&limit.at);
    if !y.is_positive() || y >= Rational::one() {
        return Condition::of(rising != y.is_positive());
    }
    let slope = approximate(&(&y * (Rational::one() - &y)));
    let at = logit(&y);
    let exact = limit.exact && at.is_zero();
    let limit = Limit { exact, ..limit.moved(at.into(), slope) };
    if rising { Condition::AtLeast(limit) } else { Condition::AtMost(limit) }
}

/// A condition of integers, each of which is reached `at_least` so.
fn codes_before(limit: &Limit, rising: bool, at_least: impl Fn(&BigInt) -> Condition) -> Condition {
    // At least, or more than, the limit; or the contrary of what is more than, or at least, it.
    let above = if rising == limit.strict { limit.at.floor() + BigInt::one() } else { limit.at.ceil() };
    let condition = at_least(&above);
    match (rising, condition) {
        (true, condition) => condition,
        (false, Condition::Always) => Condition::Never,
        (false, Condition::Never) => Condition::Always,
        (false, Condition::AtLeast(limit)) => Condition::AtMost(Limit { strict: !limit.strict, ..limit }),
        (false, Condition::AtMost(limit)) => Condition::AtLeast(Limit { strict: !limit.strict, ..limit }),
    }
}

/// A real, rounded by its distance to the integers around it: another way than by the borders.
fn rounded(value: &Surd, quantizer: &Quantizer) -> Result<BigInt, TwoRoots> {
    use super::quantizer::Mode;
    let floor = value.floor();
    let rest = value.minus(&Rational::from_integer(floor.clone()).into())?;
    let half = rest.compare(&Rational::new(1.into(), 2.into()).into())?;
    let (whole, negative) = (rest.sign() == 0, floor.is_negative());
    let up = match quantizer.mode {
        _ if whole => false,
        Mode::Floor => false,
        Mode::Ceil => true,
        Mode::Down => negative,
        Mode::Up => !negative,
        Mode::HalfEven => half.is_gt() || half.is_eq() && floor.bit(0),
        Mode::HalfUp => half.is_gt() || half.is_eq() && !negative,
        Mode::HalfDown => half.is_gt() || half.is_eq() && negative,
    };
    Ok(if up { floor + BigInt::one() } else { floor })
}
