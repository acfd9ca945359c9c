//! Integers that decide as the real scores of classes do.

use super::stairs::Bounds;
use crate::import::exact::{Rational, approximate};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Signed;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The score of a class: `scale * acc + offset` of the accumulator in bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub scale: Rational,
    pub offset: Rational,
    pub bounds: Bounds,
}

/// `multiplier * acc + bias` of each class: the first largest is that of the scores, for all accumulators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub multipliers: Vec<i64>,
    pub biases: Vec<i64>,
    /// Accumulators that were compared, of all pairs of classes.
    pub pairs: u128,
}

/// The greatest accumulators that are compared one by one.
const MOST: i64 = 1 << 22;

/// The integers of the decision; none if scales fall or none is found.
///
/// For each pair of classes and each accumulator of the first there is a greatest accumulator of the second that does not beat it. That it is
/// the same by integers bounds the difference of both biases from below and from above; a shortest path finds all biases, or that there are
/// none.
pub fn decide(scores: &[Score]) -> Option<Decision> {
    if scores.iter().any(|score| !score.scale.is_positive()) {
        return None;
    }
    let alike = scores.iter().all(|score| score.scale == scores[0].scale);
    let wide = scores.iter().any(|score| score.bounds.1.saturating_sub(score.bounds.0) > MOST);
    let mut pairs: Vec<(usize, usize)> =
        (0..scores.len()).flat_map(|i| (i + 1..scores.len()).map(move |j| (i, j))).collect();
    if alike {
        return equal_scales(scores, &pairs);
    }
    if wide {
        return None;
    }
    let beaten: Vec<Vec<Vec<i64>>> = (0..scores.len())
        .map(|i| {
            (0..scores.len())
                .map(|j| if i < j { beaten(&scores[i], &scores[j]) } else { Vec::new() })
                .collect()
        })
        .collect();
    let compared = beaten.iter().flatten().map(|cuts| cuts.len() as u128).sum();
    let largest = scores.iter().map(|score| approximate(&score.scale)).fold(0.0, f64::max);
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for bits in 1..31u32 {
        for _ in 0..200 {
            let most = random.random_range(1u64 << (bits - 1)..1 << bits) as f64;
            let scaled = |score: &Score| (approximate(&score.scale) / largest * most).round() as i64;
            let multipliers: Vec<i64> = scores.iter().map(scaled).collect();
            if multipliers.contains(&0) {
                continue;
            }
            let mut limits = Vec::new();
            let hard = pairs.iter().position(|&(i, j)| {
                let (low, high) = limit(&multipliers, scores, &beaten[i][j], (i, j));
                limits.push(((i, j), (low, high)));
                low > high
            });
            match hard {
                // The pair that is hardest to please is asked first.
                Some(place) => pairs[..=place].rotate_right(1),
                None => {
                    if let Some(biases) = potentials(scores.len(), &limits) {
                        return Some(Decision { multipliers, biases, pairs: compared });
                    }
                }
            }
        }
    }
    None
}

/// Where all scales are alike differences of accumulators decide: those at least `(offset_j - offset_i) / scale`.
fn equal_scales(scores: &[Score], pairs: &[(usize, usize)]) -> Option<Decision> {
    let multiplier = |m: i64| vec![m; scores.len()];
    let steps = |(i, j): &(usize, usize)| {
        let step: BigInt =
            ((&scores[*i].offset - &scores[*j].offset) / &scores[0].scale).floor().to_integer();
        i64::try_from(step).ok()
    };
    let steps: Vec<i64> = pairs.iter().map(steps).collect::<Option<_>>()?;
    let found = (0..20).find_map(|bits| {
        let m = 1i64 << bits;
        let limits: Vec<_> =
            pairs.iter().zip(&steps).map(|(pair, step)| (*pair, (step * m, (step + 1) * m - 1))).collect();
        potentials(scores.len(), &limits).map(|biases| (m, biases))
    });
    found.map(|(m, biases)| Decision { multipliers: multiplier(m), biases, pairs: pairs.len() as u128 })
}

/// For each accumulator of `first` the greatest of `second`, which comes later, that does not beat it.
fn beaten(first: &Score, second: &Score) -> Vec<i64> {
    // scale_j a_j + offset_j <= scale_i a_i + offset_i, in integers over one denominator.
    let slope = &first.scale / &second.scale;
    let offset = (&first.offset - &second.offset) / &second.scale;
    let denominator = slope.denom().lcm(offset.denom());
    let [slope, offset] = [slope, offset].map(|value| (value * &denominator).to_integer());
    let (least, greatest) = (second.bounds.0 - 1, second.bounds.1);
    let count = (first.bounds.1 - first.bounds.0 + 1) as usize;
    let sum = &slope * BigInt::from(first.bounds.0) + offset;
    // From one accumulator to the next the quotient and the rest change by those of the slope.
    let (quotient, rest) = sum.div_mod_floor(&denominator);
    let (step, part) = slope.div_mod_floor(&denominator);
    let wide = |value: &BigInt| i128::try_from(value).ok().filter(|value| value.unsigned_abs() >> 125 == 0);
    let all = [&quotient, &rest, &step, &part, &denominator].map(wide);
    let [Some(mut quotient), Some(mut rest), Some(step), Some(part), Some(denominator)] = all else {
        return beaten_by_divisions(first, second, (&slope, &sum, &denominator));
    };
    let next = || {
        let cut = quotient.clamp(least.into(), greatest.into()) as i64;
        (quotient, rest) = (quotient + step, rest + part);
        if rest >= denominator {
            (quotient, rest) = (quotient + 1, rest - denominator);
        }
        cut
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// The same of numbers of any size.
fn beaten_by_divisions(
    first: &Score,
    second: &Score,
    (slope, sum, denominator): (&BigInt, &BigInt, &BigInt),
) -> Vec<i64> {
    let (least, greatest) = (BigInt::from(second.bounds.0 - 1), BigInt::from(second.bounds.1));
    let mut sum = sum.clone();
    let cut = |_| {
        let floor = sum.div_floor(denominator);
        sum += slope;
        i64::try_from(floor.clamp(least.clone(), greatest.clone())).expect("between bounds")
    };
    (first.bounds.0..=first.bounds.1).map(cut).collect()
}

/// Bounds of `bias[i] - bias[j]`.
fn limit(m: &[i64], scores: &[Score], cuts: &[i64], (i, j): (usize, usize)) -> (i64, i64) {
    let (least, greatest) = scores[j].bounds;
    let (mut low, mut high) = (i64::MIN >> 2, i64::MAX >> 2);
    for (acc, cut) in (scores[i].bounds.0..).zip(cuts) {
        if *cut >= least {
            low = low.max(m[j] * cut - m[i] * acc);
        }
        if *cut < greatest {
            high = high.min(m[j] * (cut + 1) - m[i] * acc - 1);
        }
    }
    (low, high)
}

/// A pair of classes, and the bounds of the difference of their biases.
type Bounded = ((usize, usize), (i64, i64));

/// Integers with `low <= b[i] - b[j] <= high` for all limits, if there are any.
fn potentials(count: usize, limits: &[Bounded]) -> Option<Vec<i64>> {
    let mut b = vec![0i64; count];
    for _ in 0..=count {
        let before = b.clone();
        for ((i, j), (low, high)) in limits {
            b[*i] = b[*i].min(b[*j] + high);
            b[*j] = b[*j].min(b[*i] - low);
        }
        if b == before {
            return Some(b);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn divisions_of_any_size_cut_alike() {
        let score = |n: i64, d: i64, offset: i64| Score {
            scale: rational(n, d),
            offset: rational(offset, 1 << 40),
            bounds: (-500, 700),
        };
        let (first, second) = (score(0x123_4567, 1 << 30, 99), score(0x765_4321, 1 << 33, -7_000_000));
        let slope = &first.scale / &second.scale;
        let offset = (&first.offset - &second.offset) / &second.scale;
        let denominator = slope.denom().lcm(offset.denom());
        let [slope, offset] = [slope, offset].map(|value| (value * &denominator).to_integer());
        let sum = &slope * BigInt::from(-500) + offset;
        let cuts = beaten_by_divisions(&first, &second, (&slope, &sum, &denominator));
        assert_eq!(beaten(&first, &second), cuts);
        assert!(cuts.iter().any(|cut| *cut != -501 && *cut != 700), "some lie between the bounds");
    }

    fn rational(n: i64, d: i64) -> Rational {
        Rational::new(n.into(), d.into())
    }

    proptest! {
        /// Every triple of accumulators, by rationals.
        #[test]
        fn the_first_largest_is_that_of_the_scores(scales in proptest::array::uniform3(1i64..40), offsets in proptest::array::uniform3(-90i64..90)) {
            let score = |class: usize| Score { scale: rational(scales[class], 7), offset: rational(offsets[class], 5), bounds: (-6, 6) };
            let scores: Vec<Score> = (0..3).map(score).collect();
            let decision = decide(&scores).expect("small scales");
            for triple in 0..13 * 13 * 13 {
                let acc = [triple % 13 - 6, triple / 13 % 13 - 6, triple / 169 - 6];
                let first_largest = |values: Vec<Rational>| {
                    let most = values.iter().max().unwrap().clone();
                    values.iter().position(|value| *value == most).unwrap()
                };
                let real = (0..3).map(|i| &scores[i].scale * BigInt::from(acc[i]) + &scores[i].offset).collect();
                let integer = (0..3).map(|i| rational(decision.multipliers[i] * acc[i] + decision.biases[i], 1)).collect();
                prop_assert_eq!(first_largest(real), first_largest(integer));
            }
        }
    }
}
