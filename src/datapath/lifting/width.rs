//! Whether the integers of a transform fit in 64 bits, those between its steps too.
//!
//! Magnitudes are enough for that: a step adds at most its taps' sum of magnitudes times the greatest source, shifted, and a rounding. Each
//! level starts from the exact bounds of the band before it ([`range`]), so that what steps do not say of each other does not
//! pile up.

use super::scheme::{Kind, Scheme, Step};
use super::subband::{Band, range};

/// The greatest magnitude; two bits less than an `i64` has, for a rounding and a sign.
const MOST: f64 = (1u64 << 61) as f64;

/// Whether `levels` levels of `scheme` along `axes` axes, forward or back from the bands' ranges, keep samples of `input.0 ..= input.1`
/// within 62 bits.
pub fn fits(scheme: &Scheme, axes: usize, levels: u32, input: (i64, i64), forward: bool) -> bool {
    let magnitude = |(lo, hi): (i64, i64)| (lo as f64).abs().max((hi as f64).abs());
    let low = |level: u32| match level {
        0 => magnitude(input),
        level => magnitude(range(scheme, input, level, &vec![Some(Band::Low); axes])),
    };
    let level_scale = 2f64.powi(scheme.level_shift as i32);
    let details = |level: u32| {
        let bands = (0..1usize << axes).map(|combination| {
            let band = |axis: usize| Some(if combination >> axis & 1 == 1 { Band::High } else { Band::Low });
            magnitude(range(scheme, input, level, &(0..axes).map(band).collect::<Vec<_>>()))
        });
        bands.fold(0.0, f64::max)
    };
    if forward {
        return (1..=levels).all(|level| {
            let start = low(level - 1) * level_scale;
            let passed =
                (0..axes).try_fold(start, |most, _| within(pass(&scheme.steps, [most; 2], scheme.scaling)));
            passed.is_some() && within(details(level)).is_some()
        });
    }
    // Back, any integers of the bands' ranges may come, which no samples have given.
    let back = (1..=levels).rev().try_fold(low(levels), |low, level| {
        let start = low.max(details(level));
        let lines =
            (0..axes).try_fold(start, |most, _| within(pass(&scheme.inverse_steps(), [most; 2], [1, 1])));
        lines.map(|lines| lines / level_scale + 1.0)
    });
    back.is_some()
}

fn within(most: f64) -> Option<f64> {
    (most <= MOST).then_some(most)
}

/// The greatest magnitude after the steps of a pass and the scaling, where the even and the odd samples have these.
fn pass(steps: &[Step], mut most: [f64; 2], scaling: [i64; 2]) -> f64 {
    for step in steps {
        let (target, source) = if step.kind == Kind::Predict { (1, 0) } else { (0, 1) };
        let taps: f64 = step.taps.iter().map(|tap| (*tap as f64).abs()).sum();
        most[target] += (taps * most[source] + step.offset as f64) / 2f64.powi(step.shift as i32) + 1.0;
    }
    let [even, odd] = [0, 1].map(|band| most[band] * (scaling[band] as f64).abs());
    even.max(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The case that was computed wrong: s32 samples, 4 levels of 5/3 with 8 more bits each.
    #[test]
    fn what_needs_more_than_64_bits_does_not_fit() {
        let plain = Scheme::named("jpeg2000_5_3").unwrap();
        let shifted = Scheme { level_shift: 8, ..plain.clone() };
        let signed = |bits: u32| (-(1i64 << (bits - 1)), (1i64 << (bits - 1)) - 1);
        let forward = |scheme: &Scheme, axes, levels, bits| fits(scheme, axes, levels, signed(bits), true);
        assert!(!forward(&shifted, 1, 4, 32));
        assert!(forward(&shifted, 1, 4, 16) && forward(&shifted, 1, 2, 32));
        for (name, _) in Scheme::names() {
            let scheme = Scheme::named(name).unwrap();
            assert!(forward(&scheme, 2, 4, 32) && forward(&scheme, 3, 3, 32), "{name}");
            // Back, any integers of the bands' ranges may meet, which grow further.
            assert!(fits(&scheme, 2, 4, signed(16), false), "{name}");
        }
    }
}
