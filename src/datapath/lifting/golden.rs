//! The transform on plain integers: what the hardware must compute.

use super::scheme::{Extension, Kind, Order, Scheme, Sign, Step};

/// One level of `scheme` along a line of at least 1 sample: its low and its high band, `ceil(N / 2)` and `floor(N / 2)`
/// samples. Neither the level's shift nor further levels are in it.
///
/// ```
/// use ternlet::datapath::lifting::{Scheme, forward_line, inverse_line};
/// let scheme = Scheme::named("jpeg2000_5_3").unwrap();
/// let (low, high) = forward_line(&scheme, &[1, 2, 3, 4, 9]);
/// assert_eq!((&low[..], &high[..]), (&[1, 3, 8][..], &[0, -2][..]));
/// assert_eq!(inverse_line(&scheme, &low, &high), [1, 2, 3, 4, 9]);
/// ```
///
/// # Panics
/// If the line is empty.
pub fn forward_line(scheme: &Scheme, x: &[i64]) -> (Vec<i64>, Vec<i64>) {
    assert!(!x.is_empty(), "a line has at least 1 sample");
    let mut even: Vec<i64> = x.iter().step_by(2).copied().collect();
    let mut odd: Vec<i64> = x.iter().skip(1).step_by(2).copied().collect();
    for step in &scheme.steps {
        lift(step, scheme.extension, &mut even, &mut odd);
    }
    let [low, high] = scheme.scaling;
    even.iter_mut().for_each(|value| *value *= low);
    odd.iter_mut().for_each(|value| *value *= high);
    (even, odd)
}

/// The line of which [`forward_line`] makes these bands. Where there is none, because a band is no multiple of its scaling,
/// the quotient is rounded to the nearest, halves up.
///
/// # Panics
/// If the high band does not have as many samples as the low one, or one less.
pub fn inverse_line(scheme: &Scheme, low: &[i64], high: &[i64]) -> Vec<i64> {
    assert!(
        !low.is_empty() && (high.len() == low.len() || high.len() + 1 == low.len()),
        "bands of {} and {} samples are not those of a line",
        low.len(),
        high.len()
    );
    let divided =
        |band: &[i64], scale: i64| band.iter().map(|value| divide(*value, scale)).collect::<Vec<_>>();
    let (mut even, mut odd) = (divided(low, scheme.scaling[0]), divided(high, scheme.scaling[1]));
    for step in scheme.inverse_steps() {
        lift(&step, scheme.extension, &mut even, &mut odd);
    }
    let samples = (0..even.len() + odd.len()).map(|i| if i % 2 == 0 { even[i / 2] } else { odd[i / 2] });
    samples.collect()
}

/// `value / scale` for a power of two or its negative, to the nearest, halves up.
fn divide(value: i64, scale: i64) -> i64 {
    let size = scale.abs();
    (value * scale.signum() + size / 2).div_euclid(size)
}

/// One step on the even and the odd samples of a line. A source that is not there counts as 0.
fn lift(step: &Step, extension: Extension, even: &mut [i64], odd: &mut [i64]) {
    let length = even.len() + odd.len();
    let (target, source, source_parity) = match step.kind {
        Kind::Predict => (odd, &*even, 0),
        Kind::Update => (even, &*odd, 1),
    };
    for (n, value) in target.iter_mut().enumerate() {
        let terms = step.taps.iter().enumerate().map(|(k, tap)| {
            let place = n as i64 + step.first + k as i64;
            let at = extended(extension, place, source.len(), length, source_parity);
            at.map_or(0, |at| i128::from(*tap) * i128::from(source[at]))
        });
        // The sum has more bits than what comes of it, which `width` bounds.
        let change = ((terms.sum::<i128>() + i128::from(step.offset)) >> step.shift) as i64;
        *value += if step.sign == Sign::Plus { change } else { -change };
    }
}

/// The place of the source that stands for `place`, where the line has `length` samples and `count` such sources; none where
/// there is none.
pub(super) fn extended(
    extension: Extension,
    place: i64,
    count: usize,
    length: usize,
    parity: i64,
) -> Option<usize> {
    let border = extension.border();
    match extension {
        _ if count == 0 => None,
        // Mirrored about samples, of which the source is every other one.
        Extension::Symmetric => border.source(2 * place + parity, length).map(|sample| sample / 2),
        Extension::Clamp | Extension::Zero => border.source(place, count),
    }
}

/// `levels` levels of `scheme` of an array of `shape` (1 to 3 axes, outermost first), in Mallat's layout: along each axis the
/// low band is in front of the high one, and the next level takes the low band of all axes in its place.
///
/// # Panics
/// If `values` are not as many as `shape` says, or an axis is empty.
pub fn forward(scheme: &Scheme, shape: &[usize], values: &[i64], levels: u32) -> Vec<i64> {
    let mut result = checked(shape, values);
    for level in 0..levels {
        let corner = low_shape(shape, level);
        each(&corner, shape, |place| result[place] <<= scheme.level_shift);
        for axis in axes(scheme.order, shape.len()) {
            along(&corner, shape, axis, |places| {
                let line: Vec<i64> = places.iter().map(|&place| result[place]).collect();
                let (low, high) = forward_line(scheme, &line);
                places
                    .iter()
                    .zip(low.into_iter().chain(high))
                    .for_each(|(&place, value)| result[place] = value);
            });
        }
    }
    result
}

/// The array that [`forward`] makes `values` of.
///
/// # Panics
/// As [`forward`].
pub fn inverse(scheme: &Scheme, shape: &[usize], values: &[i64], levels: u32) -> Vec<i64> {
    let mut result = checked(shape, values);
    for level in (0..levels).rev() {
        let corner = low_shape(shape, level);
        for axis in axes(scheme.order, shape.len()).into_iter().rev() {
            along(&corner, shape, axis, |places| {
                let bands: Vec<i64> = places.iter().map(|&place| result[place]).collect();
                let (low, high) = bands.split_at(bands.len().div_ceil(2));
                let line = inverse_line(scheme, low, high);
                places.iter().zip(line).for_each(|(&place, value)| result[place] = value);
            });
        }
        each(&corner, shape, |place| result[place] = divide(result[place], 1 << scheme.level_shift));
    }
    result
}

fn checked(shape: &[usize], values: &[i64]) -> Vec<i64> {
    let count: usize = shape.iter().product();
    assert!(count > 0 && count == values.len(), "{} values are no array of shape {shape:?}", values.len());
    values.to_vec()
}

/// The shape of the low band of all axes behind `levels` levels.
pub fn low_shape(shape: &[usize], levels: u32) -> Vec<usize> {
    shape.iter().map(|length| (0..levels).fold(*length, |length, _| length.div_ceil(2))).collect()
}

/// The axes in the order of the forward transform; axis 0 is the outermost.
fn axes(order: Order, count: usize) -> Vec<usize> {
    match order {
        Order::VerticalFirst => (0..count).collect(),
        Order::HorizontalFirst => (0..count).rev().collect(),
    }
}

/// `f` of the place of each value of the corner of shape `corner` of an array of `shape`.
fn each(corner: &[usize], shape: &[usize], mut f: impl FnMut(usize)) {
    along(corner, shape, shape.len() - 1, |places| places.iter().for_each(|&place| f(place)));
}

/// `f` of the places of each line along `axis` in the corner of shape `corner` of an array of `shape`.
fn along(corner: &[usize], shape: &[usize], axis: usize, mut f: impl FnMut(&[usize])) {
    let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
    let lines: usize =
        corner.iter().enumerate().filter(|(other, _)| *other != axis).map(|(_, n)| n).product();
    for line in 0..lines {
        let (mut rest, mut start) = (line, 0);
        for other in (0..corner.len()).rev().filter(|other| *other != axis) {
            start += rest % corner[other] * stride(other);
            rest /= corner[other];
        }
        let places: Vec<usize> = (0..corner[axis]).map(|at| start + at * stride(axis)).collect();
        f(&places);
    }
}
