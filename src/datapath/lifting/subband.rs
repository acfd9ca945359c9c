//! The subbands of a transform: their names, places and the ranges of their integers.

use super::golden::{extended, low_shape};
use super::scheme::{Kind, Order, Scheme, Sign};
use std::collections::BTreeMap;

/// What a pass along one axis leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Band {
    /// The approximation.
    Low,
    /// The detail.
    High,
}

/// A subband, and where it lies in Mallat's layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subband {
    /// 1 for the finest details.
    pub level: u32,
    /// For each axis, outermost first.
    pub bands: Vec<Band>,
    pub origin: Vec<usize>,
    /// An axis may be 0 long, for a high band of a line of one sample.
    pub shape: Vec<usize>,
}

impl Subband {
    /// A letter for each axis, the innermost first as in JPEG 2000, and the level: `hl1` is high horizontally and low
    /// vertically.
    pub fn name(&self) -> String {
        let letter = |band: &Band| if *band == Band::Low { 'l' } else { 'h' };
        self.bands.iter().rev().map(letter).collect::<String>() + &self.level.to_string()
    }

    /// The places of its values, in raster order, in an array of `whole`.
    pub fn places(&self, whole: &[usize]) -> Vec<usize> {
        let count = self.shape.iter().product();
        let place = |index: usize| {
            let (mut rest, mut place, mut stride) = (index, 0, 1);
            for axis in (0..whole.len()).rev() {
                place += (self.origin[axis] + rest % self.shape[axis]) * stride;
                rest /= self.shape[axis];
                stride *= whole[axis];
            }
            place
        };
        (0..count).map(place).collect()
    }
}

/// The subbands of `levels` levels of an array of `shape`: the approximation, then the details from the coarsest level to the
/// finest, within a level in the order `hl`, `lh`, `hh`.
///
/// ```
/// use ternlet::datapath::lifting::subbands;
/// let names: Vec<String> = subbands(&[5, 8], 2).iter().map(|band| band.name()).collect();
/// assert_eq!(names, ["ll2", "hl2", "lh2", "hh2", "hl1", "lh1", "hh1"]);
/// ```
pub fn subbands(shape: &[usize], levels: u32) -> Vec<Subband> {
    let band_of = |level: u32, combination: usize| {
        let (before, low) = (low_shape(shape, level - 1), low_shape(shape, level));
        let bands: Vec<Band> = (0..shape.len())
            .map(|axis| {
                // The innermost axis is the least significant bit, so that `hl` comes before `lh`.
                if combination >> (shape.len() - 1 - axis) & 1 == 1 { Band::High } else { Band::Low }
            })
            .collect();
        let high = |axis: usize| bands[axis] == Band::High;
        let origin = (0..shape.len()).map(|axis| if high(axis) { low[axis] } else { 0 }).collect();
        let shape = (0..shape.len())
            .map(|axis| if high(axis) { before[axis] - low[axis] } else { low[axis] })
            .collect();
        Subband { level, bands, origin, shape }
    };
    let details = (1..=levels).rev().flat_map(|level| (1..1 << shape.len()).map(move |c| (level, c)));
    std::iter::once((levels, 0)).chain(details).map(|(level, c)| band_of(level, c)).collect()
}

/// A linear function of the samples around a place, as how far it goes up and down: the sums of its positive and of its
/// negative coefficients, both not negative.
#[derive(Clone, Copy, Debug)]
struct Gain {
    up: f64,
    down: f64,
}

impl Gain {
    const IDENTITY: Gain = Gain { up: 1.0, down: 0.0 };

    fn of(coefficients: impl IntoIterator<Item = f64>) -> Gain {
        coefficients.into_iter().fold(Gain { up: 0.0, down: 0.0 }, |gain, c| Gain {
            up: gain.up + c.max(0.0),
            down: gain.down - c.min(0.0),
        })
    }

    /// One behind the other, or along two axes.
    fn times(self, other: Gain) -> Gain {
        Gain {
            up: self.up * other.up + self.down * other.down,
            down: self.up * other.down + self.down * other.up,
        }
    }

    fn apply(self, (lo, hi): (f64, f64)) -> (f64, f64) {
        (self.up * lo - self.down * hi, self.up * hi - self.down * lo)
    }
}

/// Coefficients by the distance of their sample.
type Filter = BTreeMap<i64, f64>;

/// One pass along a line, as filters, and by how much its roundings may change what these give.
struct Pass {
    filters: [Filter; 2],
    /// Of a single pass; with what borders do to it, where they do more than repeat the line.
    gains: [Gain; 2],
    errors: [(f64, f64); 2],
}

impl Pass {
    fn of(scheme: &Scheme) -> Pass {
        let mut filters = [Filter::from([(0, 1.0)]), Filter::from([(1, 1.0)])];
        let mut errors = [(0.0, 0.0); 2];
        for step in &scheme.steps {
            let (target, source) = if step.kind == Kind::Predict { (1, 0) } else { (0, 1) };
            let sign = if step.sign == Sign::Plus { 1.0 } else { -1.0 };
            let whole = f64::from(2u32).powi(step.shift as i32);
            let weights: Vec<f64> = step.taps.iter().map(|tap| sign * *tap as f64 / whole).collect();
            for (k, weight) in weights.iter().enumerate() {
                for (distance, coefficient) in filters[source].clone() {
                    let place = distance + 2 * (step.first + k as i64);
                    *filters[target].entry(place).or_default() += weight * coefficient;
                }
            }
            let carried = Gain::of(weights).apply(errors[source]);
            let rounding = [(step.offset as f64 + 1.0 - whole) / whole, step.offset as f64 / whole];
            let rounding = rounding.map(|end| sign * end);
            errors[target].0 += carried.0 + rounding[0].min(rounding[1]);
            errors[target].1 += carried.1 + rounding[0].max(rounding[1]);
        }
        for band in 0..2 {
            let scale = scheme.scaling[band] as f64;
            filters[band].values_mut().for_each(|coefficient| *coefficient *= scale);
            errors[band] = Gain::of([scale]).apply(errors[band]);
        }
        let gain = |filter: &Filter| Gain::of(filter.values().copied());
        let gains =
            if scheme.extends_at_once() { [gain(&filters[0]), gain(&filters[1])] } else { border(scheme) };
        Pass { filters, gains, errors }
    }

    /// The filter that `band` of level `level` is of the first level's samples; the whole low band of the level before, where
    /// it is none.
    fn cascade(&self, level: u32, band: Option<Band>) -> Filter {
        let mut filter = Filter::from([(0, 1.0)]);
        let lows = (1..level).map(|_| 0);
        for (depth, band) in lows.chain(band.map(|band| usize::from(band == Band::High))).enumerate() {
            let mut next = Filter::new();
            for (outer, weight) in &self.filters[band] {
                for (inner, coefficient) in &filter {
                    *next.entry((outer << depth) + inner).or_default() += weight * coefficient;
                }
            }
            filter = next;
        }
        filter
    }
}

/// The greatest gains of a pass anywhere in a line of any length, ends included.
fn border(scheme: &Scheme) -> [Gain; 2] {
    let reach = scheme.steps.iter().map(|step| step.first.abs().max(step.last().abs()) as usize + 1);
    let longest = 4 * reach.sum::<usize>() + 4;
    let mut most = [Gain { up: 0.0, down: 0.0 }; 2];
    for length in 1..=longest {
        let mut rows: Vec<Vec<f64>> =
            (0..length).map(|i| (0..length).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for step in &scheme.steps {
            let (parity, source) = if step.kind == Kind::Predict { (1, 0) } else { (0, 1) };
            let count = (length + 1 - source) / 2;
            let sign = if step.sign == Sign::Plus { 1.0 } else { -1.0 };
            for target in (parity..length).step_by(2) {
                let mut row = rows[target].clone();
                for (k, tap) in step.taps.iter().enumerate() {
                    let place = target as i64 / 2 + step.first + k as i64;
                    let Some(place) = extended(scheme.extension, place, count, length, source as i64) else {
                        continue;
                    };
                    let from = 2 * place + source;
                    let weight = sign * *tap as f64 / f64::from(2u32).powi(step.shift as i32);
                    row.iter_mut().zip(&rows[from]).for_each(|(sum, term)| *sum += weight * term);
                }
                rows[target] = row;
            }
        }
        for (place, row) in rows.iter().enumerate() {
            let (band, gain) = (place % 2, Gain::of(row.iter().copied()));
            let scale = Gain::of([scheme.scaling[band] as f64]);
            let gain = scale.times(gain);
            most[band] = Gain { up: most[band].up.max(gain.up), down: most[band].down.max(gain.down) };
        }
    }
    most
}

/// Bounds of the samples that a level's inverse gives, where its bands are any integers of these bounds: `low`, and the
/// details with theirs; one that is not listed has no values.
pub fn inverse_range(
    scheme: &Scheme,
    axes: usize,
    low: (i64, i64),
    details: &[(Vec<Band>, (i64, i64))],
) -> (i64, i64) {
    let mut bounds: BTreeMap<Vec<Band>, (i64, i64)> = details.iter().cloned().collect();
    bounds.insert(vec![Band::Low; axes], low);
    let mut order: Vec<usize> = (0..axes).collect();
    if scheme.order == Order::VerticalFirst {
        order.reverse();
    }
    for axis in order {
        let mut passed = BTreeMap::new();
        for (bands, low) in bounds.iter().filter(|(bands, _)| bands[axis] == Band::Low) {
            let mut high = bands.clone();
            high[axis] = Band::High;
            let high = bounds.get(&high).copied().unwrap_or((0, 0));
            passed.insert(bands.clone(), inverse_pass_range(scheme, *low, high));
        }
        bounds = passed;
    }
    let (lo, hi) = bounds[&vec![Band::Low; axes]];
    let half = 1i64 << scheme.level_shift >> 1;
    ((lo + half) >> scheme.level_shift, (hi + half) >> scheme.level_shift)
}

/// As [`inverse_range`], along one axis: step by step, each source anything within its bounds, or 0 where there is none.
fn inverse_pass_range(scheme: &Scheme, low: (i64, i64), high: (i64, i64)) -> (i64, i64) {
    let divided = |(lo, hi): (i64, i64), scale: i64| {
        let divide = |value: i64| (value * scale.signum() + scale.abs() / 2).div_euclid(scale.abs());
        let ends = [divide(lo), divide(hi)];
        (ends[0].min(ends[1]), ends[0].max(ends[1]))
    };
    let mut samples = [divided(low, scheme.scaling[0]), divided(high, scheme.scaling[1])];
    for step in scheme.inverse_steps() {
        let (target, source) = if step.kind == Kind::Predict { (1, 0) } else { (0, 1) };
        let (lo, hi) = (samples[source].0.min(0), samples[source].1.max(0));
        let sum = |ends: (i64, i64)| -> i64 {
            let ends = [ends.0, ends.1].map(i128::from);
            let terms = step.taps.iter().map(|tap| i128::from(*tap) * ends[usize::from(*tap > 0)]);
            ((terms.sum::<i128>() + i128::from(step.offset)) >> step.shift) as i64
        };
        let (least, most) = (sum((hi, lo)), sum((lo, hi)));
        let (down, up) = if step.sign == Sign::Plus { (least, most) } else { (-most, -least) };
        samples[target] = (samples[target].0 + down, samples[target].1 + up);
    }
    let [even, odd] = samples;
    (even.0.min(odd.0), even.1.max(odd.1))
}

/// Bounds of the integers of level `level` where each axis has given its band, or `None` where it has not been transformed
/// in this level; samples are `input.0 ..= input.1`. No line of any length leaves them.
///
/// The bounds are those of the exact filters, by their coefficients' signs, and of the sum of all roundings. They are tight:
/// at most one integer beyond what some line reaches, where [`Scheme::extends_at_once`]; otherwise each level's bounds
/// follow from those of the level before.
pub fn range(scheme: &Scheme, input: (i64, i64), level: u32, bands: &[Option<Band>]) -> (i64, i64) {
    let pass = Pass::of(scheme);
    let mut box_ = (input.0 as f64, input.1 as f64);
    let mut error = (0.0, 0.0);
    let shift = Gain::of([f64::from(2u32).powi(scheme.level_shift as i32)]);
    let mut order: Vec<usize> = (0..bands.len()).collect();
    if scheme.order == Order::HorizontalFirst {
        order.reverse();
    }
    for depth in 1..=level {
        error = shift.apply(error);
        box_ = shift.apply(box_);
        for &axis in &order {
            let band = if depth < level { Some(Band::Low) } else { bands[axis] };
            let Some(band) = band.map(|band| usize::from(band == Band::High)) else { continue };
            let (gain, own) = (pass.gains[band], pass.errors[band]);
            let carried = gain.apply(error);
            error = (carried.0 + own.0, carried.1 + own.1);
            if !scheme.extends_at_once() {
                box_ = gain.apply(box_);
            }
        }
    }
    if scheme.extends_at_once() {
        let along = |band: &Option<Band>| Gain::of(pass.cascade(level, *band).into_values());
        box_ = bands.iter().map(along).fold(Gain::IDENTITY, Gain::times).apply(box_);
    }
    // What doubles leave of an exact bound is far less than this, of small ones and of large ones.
    let slack = |end: f64| 1e-6 + end.abs() * 2f64.powi(-44);
    let (lo, hi) = (box_.0 + error.0, box_.1 + error.1);
    ((lo - slack(lo)).ceil() as i64, (hi + slack(hi)).floor() as i64)
}
