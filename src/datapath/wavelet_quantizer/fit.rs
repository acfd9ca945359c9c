//! The steps and bits of a quantizer for each subband that a bit budget allows, for the least mean squared error.
//!
//! Each subband's best uniform quantizer of 0, 1, 2, ... bits is found on its own; then bits go, one or two at a time, to the
//! subband whose error falls most for them (greedy marginal allocation; A. Gersho and R. Gray, "Vector Quantization and Signal
//! Compression", 1992, section 8.4), where a subband's error counts as much as its synthesis filters pass on.

use super::super::lifting::{Scheme, Subband, forward, inverse, subbands};
use super::Quantizer;
use std::collections::BTreeMap;

/// The most bits of a code that are tried.
const MOST_BITS: u32 = 12;

/// A quantizer for each subband, and what it does to the tensor that it was fitted to.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The subbands' names, in the order of [`subbands`]; those without values are left out.
    pub bands: Vec<(String, Quantizer)>,
    /// Bits a value on average.
    pub bits: f64,
    /// Mean squared error of what comes back.
    pub error: f64,
    /// That of the best uniform quantizer of the values themselves, of as many whole bits as [`Fit::bits`] holds, rounded down
    /// from the budget.
    pub uniform_error: f64,
    /// That with the budget's bits for every subband.
    pub equal_error: f64,
}

/// How often each integer occurs.
type Histogram = BTreeMap<i64, u64>;

/// A uniform quantizer for each subband of `levels` levels of `scheme`, of `budget` bits a value on average or less, for frames of
/// `shape` that follow each other in `values`. What comes back is clamped to `bounds`.
pub fn fit(
    scheme: &Scheme,
    shape: &[usize],
    values: &[i64],
    levels: u32,
    budget: f64,
    bounds: (i64, i64),
) -> Fit {
    let frame: usize = shape.iter().product();
    let frames: Vec<Vec<i64>> =
        values.chunks(frame).map(|values| forward(scheme, shape, values, levels)).collect();
    let bands: Vec<Subband> = subbands(shape, levels)
        .into_iter()
        .filter(|band| band.shape.iter().all(|length| *length > 0))
        .collect();
    let candidates: Vec<Vec<(Quantizer, f64)>> = bands
        .iter()
        .map(|band| {
            let places = band.places(shape);
            let of_frame = |frame: &Vec<i64>| places.iter().map(|&place| frame[place]).collect::<Vec<_>>();
            let histogram = histogram(frames.iter().flat_map(of_frame));
            let weight = synthesis_gain(scheme, shape, levels, band);
            let sized = |bits| {
                let (quantizer, error) = best_uniform(&histogram, bits);
                (quantizer, error * weight)
            };
            (0..=MOST_BITS).map(sized).collect()
        })
        .collect();
    let counts: Vec<usize> =
        bands.iter().map(|band| band.shape.iter().product::<usize>() * frames.len()).collect();
    let chosen = allocate(&counts, &candidates, budget * values.len() as f64);
    let error_of = |bits: &[usize]| {
        let quantizers: Vec<&Quantizer> =
            candidates.iter().zip(bits).map(|(candidates, &bits)| &candidates[bits].0).collect();
        let back =
            frames.iter().flat_map(|frame| quantized(scheme, shape, frame, levels, &bands, &quantizers));
        let error = |(value, back): (&i64, i64)| squared(value - back.clamp(bounds.0, bounds.1));
        values.iter().zip(back).map(error).sum::<f64>() / values.len() as f64
    };
    let whole = (budget.floor() as u32).min(MOST_BITS);
    let spent: usize = counts.iter().zip(&chosen).map(|(count, bits)| count * bits).sum();
    let direct = histogram(values.iter().copied());
    Fit {
        bits: spent as f64 / values.len() as f64,
        error: error_of(&chosen),
        uniform_error: best_uniform(&direct, whole).1 / values.len() as f64,
        equal_error: error_of(&vec![whole as usize; bands.len()]),
        bands: bands
            .iter()
            .zip(&candidates)
            .zip(&chosen)
            .map(|((band, candidates), &bits)| (band.name(), candidates[bits].0.clone()))
            .collect(),
    }
}

/// The frame that comes back where each of `bands` goes through its quantizer.
fn quantized(
    scheme: &Scheme,
    shape: &[usize],
    coefficients: &[i64],
    levels: u32,
    bands: &[Subband],
    quantizers: &[&Quantizer],
) -> Vec<i64> {
    let mut changed = coefficients.to_vec();
    for (band, quantizer) in bands.iter().zip(quantizers) {
        for place in band.places(shape) {
            changed[place] = quantizer.value(quantizer.code(changed[place]));
        }
    }
    inverse(scheme, shape, &changed, levels)
}

/// The bits of each subband: those that buy most are bought first, as long as the budget allows.
fn allocate(counts: &[usize], candidates: &[Vec<(Quantizer, f64)>], mut budget: f64) -> Vec<usize> {
    let mut bits = vec![0; counts.len()];
    loop {
        let offer = |band: usize, more: usize| {
            let now = bits[band];
            let next = candidates[band].get(now + more)?;
            let price = (more * counts[band]) as f64;
            let gain = candidates[band][now].1 - next.1;
            (price <= budget && gain > 0.0).then_some((band, more, price, gain / price))
        };
        let offers = (0..counts.len()).flat_map(|band| [1, 2].map(|more| (band, more)));
        let best = offers
            .filter_map(|(band, more)| offer(band, more))
            .max_by(|one, other| one.3.total_cmp(&other.3));
        let Some((band, more, price, _)) = best else { return bits };
        bits[band] += more;
        budget -= price;
    }
}

/// By how much the squared error of a coefficient of `band`, in its middle, grows in the values: the squared norm of its
/// synthesis filter, found from a large impulse.
fn synthesis_gain(scheme: &Scheme, shape: &[usize], levels: u32, band: &Subband) -> f64 {
    // A small array is enough, and as good as the whole.
    let reach = 6usize << levels;
    let shape: Vec<usize> = shape.iter().map(|&length| length.min(reach)).collect();
    let impulse = 1i64 << 24;
    let band = subbands(&shape, levels).into_iter().find(|other| other.name() == band.name());
    let places = band.map(|band| (band.places(&shape), band.shape)).unwrap_or_default();
    let (places, shape_of_band) = places;
    let middle = shape_of_band.iter().fold(0, |place, length| place * length + length / 2);
    let Some(&place) = places.get(middle) else { return 1.0 };
    let mut coefficients = vec![0; shape.iter().product()];
    coefficients[place] = impulse;
    let response = inverse(scheme, &shape, &coefficients, levels);
    response.iter().map(|value| (*value as f64 / impulse as f64).powi(2)).sum()
}

fn histogram(values: impl Iterator<Item = i64>) -> Histogram {
    let mut histogram = Histogram::new();
    values.for_each(|value| *histogram.entry(value).or_default() += 1);
    histogram
}

/// The best uniform quantizer of `bits` that a descent from several steps finds, and the sum of its squared errors.
fn best_uniform(histogram: &Histogram, bits: u32) -> (Quantizer, f64) {
    let (Some((&lo, _)), Some((&hi, _))) = (histogram.first_key_value(), histogram.last_key_value()) else {
        return (Quantizer::of_step(0, 0.0, 0.0), 0.0);
    };
    let count: u64 = histogram.values().sum();
    let mean =
        histogram.iter().map(|(value, count)| *value as f64 * *count as f64).sum::<f64>() / count as f64;
    let codes = f64::from((1u32 << bits) - 1);
    let widest = (hi - lo) as f64 / codes.max(1.0);
    let mut found: Vec<Quantizer> = vec![Quantizer::of_step(bits, 0.0, mean)];
    if bits > 0 && hi > lo {
        if codes >= (hi - lo) as f64 {
            found.push(Quantizer::of_step(bits, 1.0, lo as f64));
        }
        for part in 1..=24 {
            let step = widest * f64::from(part) / 24.0;
            for low in [mean - step * codes / 2.0, lo as f64, (lo + hi) as f64 / 2.0 - step * codes / 2.0] {
                let (step, low) = descend(histogram, codes, step, low);
                found.push(Quantizer::of_step(bits, step, low));
            }
        }
    }
    let error = |quantizer: &Quantizer| {
        let error = |(value, count): (&i64, &u64)| {
            squared(value - quantizer.value(quantizer.code(*value))) * *count as f64
        };
        histogram.iter().map(error).sum::<f64>()
    };
    let measured = found.into_iter().map(|quantizer| (error(&quantizer), quantizer));
    let best = measured.min_by(|one, other| one.0.total_cmp(&other.0));
    let (error, quantizer) = best.expect("the mean is one");
    (quantizer, error)
}

/// Codes for a step and a lowest value, then the step and lowest value that are best for these codes (a line through the
/// values over their codes), again and again.
fn descend(histogram: &Histogram, codes: f64, mut step: f64, mut low: f64) -> (f64, f64) {
    for _ in 0..40 {
        let (mut n, mut sum_k, mut sum_kk, mut sum_c, mut sum_kc) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (&value, &count) in histogram {
            let (c, weight) = (value as f64, count as f64);
            let k = ((c - low) / step).round().clamp(0.0, codes);
            n += weight;
            sum_k += weight * k;
            sum_kk += weight * k * k;
            sum_c += weight * c;
            sum_kc += weight * k * c;
        }
        let spread = n * sum_kk - sum_k * sum_k;
        if spread <= 0.0 {
            break;
        }
        let next = (n * sum_kc - sum_k * sum_c) / spread;
        if next <= 1e-6 {
            break;
        }
        let moved = (next - step).abs() + (low - (sum_c - next * sum_k) / n).abs();
        (step, low) = (next, (sum_c - next * sum_k) / n);
        if moved < 1e-9 {
            break;
        }
    }
    (step, low)
}

/// Differences have up to 64 bits, their squares more.
fn squared(difference: i64) -> f64 {
    (difference as f64).powi(2)
}
