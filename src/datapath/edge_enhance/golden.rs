//! Local modulus maxima on plain integers: what the hardware must compute.

use super::maxima::{Modulus, Smoothing};
use crate::blocks::Border;

/// A picture, row after row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    pub width: usize,
    pub values: Vec<i64>,
}

/// An axis of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Rows,
    Columns,
}

impl Plane {
    pub fn height(&self) -> usize {
        self.values.len() / self.width
    }

    /// The value at a place, which may be outside.
    fn at(&self, row: i64, column: i64, border: Border) -> i64 {
        let inside = |place: i64, size: usize| {
            let (mut place, size) = (place, size as i64);
            match border {
                Border::Constant(_) => (0..size).contains(&place).then_some(place),
                Border::Replicate => Some(place.clamp(0, size - 1)),
                Border::HalfSample => {
                    while !(0..size).contains(&place) {
                        place = if place < 0 { -1 - place } else { 2 * size - 1 - place };
                    }
                    Some(place)
                }
                Border::WholeSample => {
                    while size > 1 && !(0..size).contains(&place) {
                        place = if place < 0 { -place } else { 2 * (size - 1) - place };
                    }
                    Some(place.clamp(0, size - 1))
                }
            }
        };
        match (inside(row, self.height()), inside(column, self.width)) {
            (Some(row), Some(column)) => self.values[row as usize * self.width + column as usize],
            _ => match border {
                Border::Constant(value) => value,
                Border::Replicate | Border::HalfSample | Border::WholeSample => {
                    unreachable!("a picture has a pixel")
                }
            },
        }
    }

    /// `y[n] = sum of weight * x[n + offset]` along `axis`, for each pair of an offset and a weight.
    fn correlate(&self, axis: Axis, taps: &[(i64, i64)], border: Border) -> Plane {
        let value = |place: usize| {
            let (row, column) = ((place / self.width) as i64, (place % self.width) as i64);
            let term = |&(offset, weight): &(i64, i64)| match axis {
                Axis::Rows => weight * self.at(row + offset, column, border),
                Axis::Columns => weight * self.at(row, column + offset, border),
            };
            taps.iter().map(term).sum()
        };
        Plane { width: self.width, values: (0..self.values.len()).map(value).collect() }
    }
}

/// The undecimated wavelet transform at scale `2^scale / 2` with `h = [1, 3, 3, 1] / 8` and `g = [-2, 2]`: the derivatives of the
/// smoothed picture along its rows (`w1`, to the right) and along its columns (`w2`, downwards).
///
/// The picture is smoothed `scale - 1` times, rows and columns, with holes of 1, 2, 4, ... places between the taps; the
/// derivative has holes of `2^(scale - 1)`. Every filter lies half a place to the right and down where it has no holes,
/// otherwise around its place. Rounded smoothing is `(sum + 4) >> 3` along each axis, rows first; exact smoothing is not divided.
pub fn gradient(picture: &Plane, scale: u32, smoothing: Smoothing, border: Border) -> (Plane, Plane) {
    let mut smooth = picture.clone();
    for hole in (0..scale - 1).map(|level| 1i64 << level) {
        let offsets = if hole == 1 { [-1, 0, 1, 2] } else { [-3, -1, 1, 3].map(|step| step * hole / 2) };
        let taps: Vec<(i64, i64)> = offsets.into_iter().zip([1, 3, 3, 1]).collect();
        for axis in [Axis::Rows, Axis::Columns] {
            smooth = smooth.correlate(axis, &taps, border);
            if smoothing == Smoothing::Rounded {
                smooth.values.iter_mut().for_each(|value| *value = (*value + 4) >> 3);
            }
        }
    }
    let hole = 1i64 << (scale - 1);
    let taps = if hole == 1 { [(0, -2), (1, 2)] } else { [(-hole / 2, -2), (hole / 2, 2)] };
    (smooth.correlate(Axis::Columns, &taps, border), smooth.correlate(Axis::Rows, &taps, border))
}

/// The modulus of a gradient, and the integer whose order is that of the moduli: `(modulus, rank)`.
///
/// Exact: `floor(sqrt(w1^2 + w2^2))`, ranked by the square. Otherwise with `a >= b` the absolute values of both:
/// `max(a, floor((7 a + 4 b) / 8))`, which lies between `0.970 m - 1` and `1.008 m` of the exact modulus `m`.
///
/// ```
/// use ternlet::datapath::{Modulus, modulus};
/// assert_eq!(modulus(3, -4, Modulus::Exact), (5, 25));
/// assert_eq!(modulus(30, -40, Modulus::AlphaMaxBetaMin), (50, 50));
/// ```
pub fn modulus(w1: i64, w2: i64, form: Modulus) -> (i64, i128) {
    match form {
        Modulus::Exact => {
            let square = i128::from(w1).pow(2) + i128::from(w2).pow(2);
            (square.unsigned_abs().isqrt() as i64, square)
        }
        Modulus::AlphaMaxBetaMin => {
            let (a, b) = (w1.abs().max(w2.abs()), w1.abs().min(w2.abs()));
            let modulus = a.max((7 * a + 4 * b) >> 3);
            (modulus, modulus.into())
        }
    }
}

/// The place after which a gradient points, in the nearest of four directions, as rows and columns: of two such places
/// the one that comes later in the picture.
///
/// A direction is along the rows or columns where the other part is less than 106/256 of it (tan 22.5 degrees is 0.41421, this is
/// 0.41406), otherwise diagonal.
pub fn direction(w1: i64, w2: i64) -> (i64, i64) {
    let (a1, a2) = (i128::from(w1).abs(), i128::from(w2).abs());
    if 256 * a2 < 106 * a1 {
        (0, 1)
    } else if 256 * a1 < 106 * a2 {
        (1, 0)
    } else if (w1 < 0) == (w2 < 0) {
        (1, 1)
    } else {
        (1, -1)
    }
}

/// Whether each pixel is a local maximum of the modulus: it is above `threshold`, at least that of the neighbour before it
/// along its gradient, and above that of the neighbour after it; so one pixel of a plateau's cross-section is kept. Before and
/// after are as the pixels come; outside the picture the modulus is 0.
pub fn is_maximum(w1: &Plane, w2: &Plane, form: Modulus, threshold: i64) -> Vec<bool> {
    let ranks = ranks(w1, w2, form);
    let threshold = match form {
        Modulus::Exact => i128::from(threshold).pow(2),
        Modulus::AlphaMaxBetaMin => threshold.into(),
    };
    let pairs = w1.values.iter().zip(&w2.values);
    let kept = |(place, (&w1, &w2)): (usize, (&i64, &i64))| {
        ranks.values[place] > threshold && ranks.is_greatest(place, direction(w1, w2))
    };
    pairs.enumerate().map(kept).collect()
}

/// What the moduli of a picture are compared by.
pub(super) struct Ranks {
    width: usize,
    values: Vec<i128>,
}

pub(super) fn ranks(w1: &Plane, w2: &Plane, form: Modulus) -> Ranks {
    let pairs = w1.values.iter().zip(&w2.values);
    Ranks { width: w1.width, values: pairs.map(|(&w1, &w2)| modulus(w1, w2, form).1).collect() }
}

impl Ranks {
    /// Whether the rank at `place` is at least that before it and above that after it, so many rows and columns on.
    pub(super) fn is_greatest(&self, place: usize, direction: (i64, i64)) -> bool {
        let [here, before, after] = self.along(place, direction);
        here >= before && here > after
    }

    /// The rank at `place`, that before it and that after it, so many rows and columns on.
    pub(super) fn along(&self, place: usize, (down, right): (i64, i64)) -> [i128; 3] {
        let (width, height) = (self.width as i64, (self.values.len() / self.width) as i64);
        let (row, column) = (place as i64 / width, place as i64 % width);
        let rank = |row: i64, column: i64| {
            let inside = (0..height).contains(&row) && (0..width).contains(&column);
            if inside { self.values[(row * width + column) as usize] } else { 0 }
        };
        [self.values[place], rank(row - down, column - right), rank(row + down, column + right)]
    }
}
