//! Two codes of different scales, added and quantized: `(f a + g b + bias) >> shift`, proven on all pairs.

use super::stairs::{Bounds, Stairs};

/// Small factors in place of exact ones.
#[derive(Clone, Debug, PartialEq)]
pub struct PairSum {
    pub factors: [i64; 2],
    pub bias: i64,
    pub shift: u32,
}

/// A factor has at most so many bits and a sign.
const FACTOR_BITS: u32 = 22;

/// The most pairs that are compared.
const MOST_PAIRS: i128 = 1 << 20;

impl PairSum {
    /// The least shift at which rounded factors give the codes of `stairs`, from `least` on, of the exact sum `exact[0] a + exact[1] b`, for
    /// all `a` and `b` in bounds.
    pub fn search(exact: [i64; 2], bounds: [Bounds; 2], stairs: &Stairs, codes: (i64, i64)) -> Option<Self> {
        let span = |(lo, hi): Bounds| i128::from(hi) - i128::from(lo) + 1;
        if span(bounds[0]) * span(bounds[1]) > MOST_PAIRS {
            return None;
        }
        // Steps of the code for 1 of the exact sum, by its thresholds.
        let within: Vec<(usize, i64)> = {
            let (lo, hi) = stairs.signed_bounds();
            let inside = |(_, threshold): &(usize, &i64)| **threshold > lo && **threshold <= hi;
            stairs
                .thresholds
                .iter()
                .enumerate()
                .filter(inside)
                .map(|(code, threshold)| (code, *threshold))
                .collect()
        };
        let ((first, low), (last, high)) = (within.first()?, within.last()?);
        if last == first || high == low {
            return None;
        }
        let slope = stairs.sign as f64 * (last - first) as f64 / (high - low) as f64;
        (0..=FACTOR_BITS + 4).find_map(|shift| {
            let scaled = exact.map(|factor| factor as f64 * slope * 2f64.powi(shift as i32));
            let small = scaled.iter().all(|factor| factor.abs() < (1 << FACTOR_BITS) as f64);
            if !small {
                return None;
            }
            let near = scaled.map(|factor| factor.round() as i64);
            let around = |factor: i64| [factor, factor - 1, factor + 1];
            let pairs = around(near[0]).into_iter().flat_map(|f| around(near[1]).map(|g| [f, g]));
            pairs.into_iter().find_map(|factors| {
                let bias = bias(factors, exact, bounds, stairs, codes, shift)?;
                Some(Self { factors, bias, shift })
            })
        })
    }
}

/// A bias with which all pairs have their codes.
fn bias(
    factors: [i64; 2],
    exact: [i64; 2],
    bounds: [Bounds; 2],
    stairs: &Stairs,
    (least, most): (i64, i64),
    shift: u32,
) -> Option<i64> {
    let (mut low, mut high) = (i64::MIN >> 2, i64::MAX >> 2);
    for a in bounds[0].0..=bounds[0].1 {
        for b in bounds[1].0..=bounds[1].1 {
            let code = least + stairs.reached(exact[0] * a + exact[1] * b);
            let sum = factors[0] * a + factors[1] * b;
            if code > least {
                low = low.max((code << shift) - sum);
            }
            if code < most {
                high = high.min(((code + 1) << shift) - 1 - sum);
            }
            if low > high {
                return None;
            }
        }
    }
    Some(if low > i64::MIN >> 2 { low } else { high })
}
