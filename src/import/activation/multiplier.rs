//! Multipliers, biases and a shift that are a staircase: `clamp((multiplier * acc + bias) >> shift)`.
//!
//! For a shift the multipliers of a channel that do are an interval: each threshold that is reached bounds the bias from below, each that is
//! not always reached from above, and each pair of both bounds the multiplier. So the least shift is found without a search for multipliers.

use super::staircase::Staircase;
use super::stairs::Stairs;
use num_integer::Integer;

/// Of all channels, or of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    pub multipliers: Vec<i64>,
    pub biases: Vec<i64>,
    pub shift: u32,
}

/// The scaling of the least shift whose multipliers have at most so many bits and a sign; none if there is none.
pub fn search(staircase: &Staircase, bits: u32, most_shift: u32) -> Option<Scaling> {
    let wide =
        |stairs: &Stairs| stairs.bounds.0.unsigned_abs().max(stairs.bounds.1.unsigned_abs()) >> 47 != 0;
    if staircase.channels.iter().any(wide) {
        return None;
    }
    let mut order: Vec<usize> = (0..staircase.channels.len()).collect();
    'shifts: for shift in 0..=most_shift {
        let mut found = vec![(0, 0); order.len()];
        for place in 0..order.len() {
            let channel = order[place];
            match of_channel(&staircase.channels[channel], staircase.codes.0, bits, shift) {
                Some(scaling) => found[channel] = scaling,
                None => {
                    // The channel that is hardest to please is asked first.
                    order[..=place].rotate_right(1);
                    continue 'shifts;
                }
            }
        }
        let (multipliers, biases) = found.into_iter().unzip();
        return Some(Scaling { multipliers, biases, shift });
    }
    None
}

/// The most levels of which each pair is looked at.
const MOST_LEVELS: usize = 255;

/// A multiplier and a bias of one channel.
fn of_channel(stairs: &Stairs, least: i64, bits: u32, shift: u32) -> Option<(i64, i64)> {
    let (lo, hi) = stairs.signed_bounds();
    let step = |code: i64| i128::from(code) << shift;
    let levels =
        || (least + 1..).zip(&stairs.thresholds).map(|(code, threshold)| (code, i128::from(*threshold)));
    // b >= (code << shift) - m first, and b <= (code << shift) - 1 - m (first - 1).
    let lower: Vec<Level> = levels().filter(|(_, first)| *first <= hi.into()).collect();
    let upper: Vec<Level> = levels().filter(|(_, first)| *first > lo.into()).collect();
    let fewest = match stairs.thresholds.len() {
        ..=MOST_LEVELS => first_multiplier(&lower, &upper, bits, &step)?,
        _ => near_slope(&lower, &upper, bits, shift, &step)?,
    };
    let (low, high) = biases(&lower, &upper, fewest, &step);
    // Nothing but the least or the greatest code may be reached.
    let bias = low.or(high).unwrap_or(step(least));
    let bias = i64::try_from(bias).ok().filter(|bias| bias.unsigned_abs() >> 61 == 0)?;
    Some((stairs.sign * fewest as i64, bias))
}

/// A code and the first `sign * acc` that reaches it.
type Level = (i64, i128);

/// The least bias that the lower bounds allow, and the greatest that the upper ones do.
fn biases(
    lower: &[Level],
    upper: &[Level],
    m: i128,
    step: &dyn Fn(i64) -> i128,
) -> (Option<i128>, Option<i128>) {
    let low = lower.iter().map(|(code, first)| step(*code) - m * first).max();
    (low, upper.iter().map(|(code, first)| step(*code) - 1 - m * (first - 1)).min())
}

/// The least multiplier that each pair of a lower and an upper bound of the bias allows.
fn first_multiplier(lower: &[Level], upper: &[Level], bits: u32, step: &dyn Fn(i64) -> i128) -> Option<i128> {
    let (mut fewest, mut most) = (0i128, (1i128 << bits) - 1);
    for (code, first) in lower {
        for (other, last) in upper {
            let (slope, needed) = (first - last + 1, step(code - other) + 1);
            match slope {
                0 if needed > 0 => return None,
                0 => {}
                1.. => fewest = fewest.max(Integer::div_ceil(&needed, &slope)),
                _ => most = most.min(Integer::div_floor(&needed, &slope)),
            }
            if fewest > most {
                return None;
            }
        }
    }
    Some(fewest)
}

/// Of too many levels for pairs of them: the multiplier next to the slope between the first and the last at which the lower bounds of the bias
/// are the farthest below the upper ones. Their distance is convex.
fn near_slope(
    lower: &[Level],
    upper: &[Level],
    bits: u32,
    shift: u32,
    step: &dyn Fn(i64) -> i128,
) -> Option<i128> {
    let ((first, from), (last, to)) = (lower.first()?, lower.last()?);
    if to == from {
        return None;
    }
    let slope = |codes: i128| (codes << shift) / (to - from);
    let codes = i128::from(last - first);
    let (mut least, mut most) = (slope(codes - 2).max(0), (slope(codes + 2) + 1).min((1 << bits) - 1));
    let excess = |m: i128| {
        let (low, high) = biases(lower, upper, m, step);
        low.zip(high).map_or(0, |(low, high)| low - high)
    };
    while least < most {
        let middle = (least + most) / 2;
        match excess(middle) <= excess(middle + 1) {
            true => most = middle,
            false => least = middle + 1,
        }
    }
    (least == most && excess(least) <= 0).then_some(least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stairs(sign: i64, slope: f64, offset: f64, bounds: (i64, i64)) -> Stairs {
        let mut stairs = Stairs { bounds, sign, thresholds: Vec::new() };
        let (lo, hi) = stairs.signed_bounds();
        let first = |code: i64| (lo..=hi).find(|acc| (slope * *acc as f64 + offset).round() >= code as f64);
        stairs.thresholds = (1..=15).map(|code| first(code).unwrap_or(hi + 1)).collect();
        stairs
    }

    proptest! {
        #[test]
        fn what_is_found_is_the_staircase(slope in 0.001f64..3.0, offset in -30f64..30.0, sign in 0..2, lo in -900i64..0, hi in 0i64..900) {
            let stairs = stairs([1, -1][sign as usize], slope, offset, (lo, hi));
            let staircase = Staircase { codes: (0, 15), channels: vec![stairs] };
            let scaling = search(&staircase, 15, 24).expect("a line has no exact ties");
            for acc in lo..=hi {
                let code = (scaling.multipliers[0] * acc + scaling.biases[0]) >> scaling.shift;
                prop_assert_eq!(code.clamp(0, 15), staircase.code(0, acc));
            }
        }
    }

    #[test]
    fn the_least_shift_is_taken() {
        let identity = Stairs { bounds: (0, 15), sign: 1, thresholds: (1..=15).collect() };
        let staircase = Staircase { codes: (0, 15), channels: vec![identity] };
        assert_eq!(
            search(&staircase, 15, 24).unwrap(),
            Scaling { multipliers: vec![1], biases: vec![0], shift: 0 }
        );
    }

    /// Codes of 12 bits: more levels than pairs of them could be looked at.
    #[test]
    fn many_levels_have_a_multiplier_next_to_their_slope() {
        let first = |code: i64| (code * 1000 - 300).div_euclid(377) + 1;
        let thresholds = (1..4096).map(first).collect();
        let stairs = Stairs { bounds: (-100, 12_000), sign: 1, thresholds };
        let staircase = Staircase { codes: (0, 4095), channels: vec![stairs] };
        let scaling = search(&staircase, 31, 44).unwrap();
        for acc in -100..=12_000 {
            let code = (scaling.multipliers[0] * acc + scaling.biases[0]) >> scaling.shift;
            assert_eq!(code.clamp(0, 4095), staircase.code(0, acc));
        }
    }

    #[test]
    fn no_line_is_every_staircase() {
        // Steps of 1 and of 7 by turns, more unequal than any line.
        let thresholds = [1, 2, 9, 10, 17, 18, 25, 26, 33, 34, 41, 42, 49, 50, 57].into();
        let staircase =
            Staircase { codes: (0, 15), channels: vec![Stairs { bounds: (0, 63), sign: 1, thresholds }] };
        assert_eq!(search(&staircase, 31, 40), None);
    }
}
