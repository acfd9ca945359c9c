//! Pictures at the borders of what is decided: in which sector a gradient is, and which of two pixels has the larger modulus.

use super::bound::parts;
use super::golden::{direction, ranks};
use super::maxima::{Modulus, SECTOR_BORDER, SECTOR_SHIFT, Smoothing};
use super::{EdgeEnhance, Plane, gradient};
use crate::datapath::picture::Pictures;
use crate::stream::{Draw, Transfers};

/// The most pixels of all pictures together.
const PIXELS: usize = 1 << 17;

/// The longest side where sizes are free, at scales 1 and 2; twice as long at the next, whose filters are.
const SIDE: usize = 9;

/// `2^7 b - 53 a` of a gradient next to a border, so that the lowest bits of both products decide: 0, where the comparison is
/// strict, and each power of two on either side, where a bit decides alone.
const OFF: [i64; 15] = [0, -1, 1, -2, 2, -4, 4, -8, 8, -16, 16, -32, 32, -64, 64];

/// The multiple of 53 that is 1 above a multiple of 2^7.
const INVERSE: i64 = 29;

/// How far a rank is from that of a neighbour, so that their lowest bits decide: 0, where one comparison is strict and the other is not,
/// and each power of two on either side, where a bit decides alone.
const APART: [i128; 11] = [0, -1, 1, -2, 2, -4, 4, -8, 8, -16, 16];

/// The pixels that are filtered, one picture after the other, until two ranks are as near as they should be.
const FILTERED: usize = 1 << 15;

/// How many pictures are steered until in one the sector decides whether its middle is kept.
const ATTEMPTS: usize = 6;

impl EdgeEnhance {
    /// `count` pictures, of large ones fewer: by turns planes and single pixels whose gradient points next to the border of two
    /// sectors, so that the lowest bits decide with which neighbours a pixel is compared and whether it is kept, pixels whose rank is next to a
    /// neighbour's, and cliffs, where moduli are largest. All have a ripple or noise, so that moduli differ in their lowest bits.
    pub(super) fn border_pictures(&self, count: usize, draw: &mut Draw) -> Transfers {
        let Pictures { width, height, .. } = self.pictures;
        let is_fixed = self.pictures.fixed().is_some();
        let size = [width, height].map(|most| if is_fixed { most } else { most.min(self.longest()) });
        let filters = self.maxima.filters(1);
        let parts = parts(&filters, &filters);
        let most = self.longest_beside_border(&parts);
        let picture = |number| {
            let values = match number % 5 {
                1 => self.rippled(size, false, draw),
                2 => self.tied(size, draw),
                3 => self.rippled(size, true, draw),
                _ => self.steered(size, &parts, most, draw),
            };
            (size[0], values)
        };
        let pictures = count.min((PIXELS / (size[0] * size[1])).max(4));
        self.pictures.carry(&(0..pictures).map(picture).collect::<Vec<_>>())
    }

    /// The longest side of pictures whose sizes are free.
    fn longest(&self) -> usize {
        SIDE << self.maxima.scale.saturating_sub(2)
    }

    /// A plane, or a cliff across its slope, with a ripple.
    fn rippled(&self, [width, height]: [usize; 2], is_cliff: bool, draw: &mut Draw) -> Vec<i64> {
        let pixel = self.pictures.pixel;
        let span = pixel.hi() - pixel.lo();
        let [across, down] = turned(beside_border(draw.integer(1, 48)), draw);
        let (first, ripple) = (draw.integer(0, span), draw.integer(0, span.min(8)));
        let [far, deep] = [width, height].map(|length| draw.integer(0, length as i64 - 1));
        let value = |place: usize| {
            let [x, y] = [place % width, place / width].map(|place| place as i64);
            let risen = draw.integer(0, ripple);
            pixel.lo()
                + match is_cliff {
                    false => (first + across * x + down * y + risen).rem_euclid(span + 1),
                    true if across * (x - far) + down * (y - deep) > 0 => span - risen,
                    true => risen,
                }
        };
        (0..width * height).map(value).collect()
    }

    /// How much larger than the pixels the filters make them, and how much of that is left in a gradient.
    fn gains(&self) -> [i128; 2] {
        let gain = 64i128.pow(self.maxima.scale - 1);
        [gain, if self.maxima.smoothing == Smoothing::Exact { gain } else { 1 }]
    }

    /// The greatest `a` that is tried: no more than along an axis alone; along the border `a` is 0.92 of the length.
    fn longest_beside_border(&self, parts: &[([i64; 2], (i128, i128))]) -> i64 {
        let pixel = self.pictures.pixel;
        let [gain, held] = self.gains();
        let alone: i128 = parts.iter().map(|(_, (right, _))| (*right).max(0)).sum();
        let alone = alone * i128::from(pixel.hi() - pixel.lo()) * held / gain;
        let length = self.maxima.greatest_rank(pixel).unsigned_abs().isqrt() as i128;
        alone.min(length * 9 / 10) as i64
    }

    /// Noise that is steered until the gradient in its middle is next to the border of two sectors, of which one would keep the middle as a
    /// maximum and the other not: a sector that is wrong is seen only there. After some attempts whatever it is.
    fn steered(
        &self,
        [width, height]: [usize; 2],
        parts: &[([i64; 2], (i128, i128))],
        most: i64,
        draw: &mut Draw,
    ) -> Vec<i64> {
        let middle = [width / 2, height / 2];
        let inside = |[x, y]: [i64; 2]| {
            let (x, y) =
                (usize::try_from(middle[0] as i64 + x).ok()?, usize::try_from(middle[1] as i64 + y).ok()?);
            (x < width && y < height).then_some(y * width + x)
        };
        let parts: Vec<_> = parts.iter().filter_map(|(place, part)| Some((inside(*place)?, *part))).collect();
        let middle = middle[1] * width + middle[0];
        let pixel = self.pictures.pixel;
        let aim = turned(self.beside_some_border(most, draw), draw).map(i128::from);
        let mut attempt = || {
            let noise = (0..width * height).map(|_| draw.integer(pixel.lo(), pixel.hi()));
            let mut picture = Plane { width, values: noise.collect() };
            let is_there = self.steer(&mut picture, middle, &parts, aim, draw);
            (is_there && self.decides_by_sector(&picture, middle), picture.values)
        };
        let mut last = attempt();
        for _ in 1..ATTEMPTS {
            if last.0 {
                break;
            }
            last = attempt();
        }
        last.1
    }

    /// A gradient whose `2^7 b - 53 a` is one of [`OFF`], with `a` up to `most`.
    fn beside_some_border(&self, most: i64, draw: &mut Draw) -> [i64; 2] {
        let period = 1 << SECTOR_SHIFT;
        let off = OFF[draw.integer(0, OFF.len() as i64 - 1) as usize];
        let first = (-off * INVERSE - 1).rem_euclid(period) + 1;
        if first > most {
            // Few values have none.
            return beside_border(draw.integer(1, most.max(1)));
        }
        let a = first + period * draw.integer(0, (most - first) / period);
        [a, (SECTOR_BORDER * a + off) / period]
    }

    /// Changes `picture` here and there until half the gradient at `middle` is `aim`; whether it is, after some tries. `parts` are
    /// those of a pixel in both derivatives.
    fn steer(
        &self,
        picture: &mut Plane,
        middle: usize,
        parts: &[(usize, (i128, i128))],
        aim: [i128; 2],
        draw: &mut Draw,
    ) -> bool {
        const TRIES: usize = 8;
        const FEWEST_STEPS: usize = 16;
        let pixel = self.pictures.pixel;
        let [gain, held] = self.gains();
        for _ in 0..TRIES {
            let half = self.gradient(picture).map(|w| i128::from(w.values[middle]) / 2);
            if half == aim {
                return true;
            }
            let mut off = [0, 1].map(|axis| (aim[axis] - half[axis]) * gain / held);
            for _ in 0..parts.len().max(FEWEST_STEPS) {
                let (place, (right, down)) = parts[draw.integer(0, parts.len() as i64 - 1) as usize];
                let along = off[0] * right + off[1] * down;
                let value = &mut picture.values[place];
                let step = (along / (right * right + down * down)) as i64;
                let step = (*value + step).clamp(pixel.lo(), pixel.hi()) - *value;
                *value += step;
                off = [off[0] - i128::from(step) * right, off[1] - i128::from(step) * down];
            }
        }
        false
    }

    /// Noise that is changed pixel by pixel until the rank in its middle is as far from that of a neighbour along its gradient as one of
    /// [`APART`], the other neighbour's lower and the threshold too; or near to that.
    fn tied(&self, size: [usize; 2], draw: &mut Draw) -> Vec<i64> {
        let pixel = self.pictures.pixel;
        let mut noise = |[width, height]: [usize; 2]| -> Vec<i64> {
            (0..width * height).map(|_| draw.integer(pixel.lo(), pixel.hi())).collect()
        };
        // All that the ranks beside the middle depend on.
        let inside = size.map(|length| length.min(self.longest()));
        let (mut picture, mut near) = (noise(size), Plane { width: inside[0], values: noise(inside) });
        let apart = APART[draw.integer(0, APART.len() as i64 - 1) as usize];
        let is_before = draw.integer(0, 1) == 0;
        let middle = inside[1] / 2 * inside[0] + inside[0] / 2;
        let mut off = self.off(&near, middle, is_before, apart);
        for _ in 0..FILTERED / near.values.len() {
            let place = draw.integer(0, near.values.len() as i64 - 1) as usize;
            let value = match draw.integer(0, 1) {
                0 => draw.integer(pixel.lo(), pixel.hi()),
                _ => (near.values[place] + 2 * draw.integer(0, 1) - 1).clamp(pixel.lo(), pixel.hi()),
            };
            let before = std::mem::replace(&mut near.values[place], value);
            let changed = self.off(&near, middle, is_before, apart);
            if changed <= off {
                off = changed;
            } else {
                near.values[place] = before;
            }
        }
        let [left, top] = [0, 1].map(|axis| size[axis] / 2 - inside[axis] / 2);
        for (row, values) in near.values.chunks(inside[0]).enumerate() {
            picture[(top + row) * size[0] + left..][..inside[0]].copy_from_slice(values);
        }
        picture
    }

    /// How far the rank at `middle` is from what [`Self::tied`] asks of it.
    fn off(&self, picture: &Plane, middle: usize, is_before: bool, apart: i128) -> i128 {
        let [w1, w2] = self.gradient(picture);
        let ranks = ranks(&w1, &w2, self.maxima.modulus);
        let [here, before, after] = ranks.along(middle, direction(w1.values[middle], w2.values[middle]));
        let (tied, other) = if is_before { (before, after) } else { (after, before) };
        // The least that a rank can change by: half a derivative's square is compared.
        let (step, threshold) = match self.maxima.modulus {
            Modulus::Exact => (4, i128::from(self.maxima.threshold).pow(2)),
            Modulus::AlphaMaxBetaMin => (1, self.maxima.threshold.into()),
        };
        let short = [other, threshold].map(|least| (least + step - here).max(0));
        (here - tied - step * apart).abs() + short[0] + short[1]
    }

    fn gradient(&self, picture: &Plane) -> [Plane; 2] {
        let (w1, w2) =
            gradient(picture, self.maxima.scale, self.maxima.smoothing, self.maxima.border.border());
        [w1, w2]
    }

    /// Whether the pixel at `middle` is the greatest along the axis next to its gradient or along the diagonal, not along both.
    fn decides_by_sector(&self, picture: &Plane, middle: usize) -> bool {
        let [w1, w2] = self.gradient(picture);
        let ranks = ranks(&w1, &w2, self.maxima.modulus);
        let [a, b] = [w1, w2].map(|w| w.values[middle]);
        let axis = if a.abs() > b.abs() { direction(1, 0) } else { direction(0, 1) };
        ranks.is_greatest(middle, axis) != ranks.is_greatest(middle, direction(a.signum(), b.signum()))
    }
}

/// A gradient on the border of two sectors.
fn beside_border(a: i64) -> [i64; 2] {
    [a, (SECTOR_BORDER * a + (1 << SECTOR_SHIFT) / 2) >> SECTOR_SHIFT]
}

/// Along either axis, in either direction.
fn turned(mut gradient: [i64; 2], draw: &mut Draw) -> [i64; 2] {
    if draw.integer(0, 1) == 0 {
        gradient.reverse();
    }
    gradient.map(|part| if draw.integer(0, 1) == 0 { part } else { -part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datapath::{IntType, ModulusMaxima};
    use std::collections::BTreeMap;

    #[test]
    fn every_distance_from_a_border_decides_in_some_picture() {
        let pixel = IntType { signed: false, bits: 8 };
        // The more is smoothed, the fewer gradients are large enough.
        for (scale, smoothing) in [(1, "rounded"), (2, "rounded"), (2, "exact")] {
            let maxima: ModulusMaxima =
                toml::from_str(&format!("scale = {scale}\nsmoothing = \"{smoothing}\"")).unwrap();
            let pictures = Pictures { width: 18, height: 16, varying: true, pixel, is_large: false };
            let edges = EdgeEnhance { pictures, maxima };
            let transfers = edges.border_pictures(1750, &mut Draw::seeded(2));
            let mut found = BTreeMap::new();
            for (width, values) in edges.pictures.of(&transfers) {
                let picture = Plane { width, values: values.to_vec() };
                let middle = picture.height() / 2 * width + width / 2;
                let [a, b] = edges.gradient(&picture).map(|w| (w.values[middle] / 2).abs());
                let off = (a.min(b) << SECTOR_SHIFT) - SECTOR_BORDER * a.max(b);
                if a > 0 && b > 0 && edges.decides_by_sector(&picture, middle) {
                    *found.entry(off).or_insert(0) += 1;
                }
            }
            for off in OFF {
                let count = found.get(&off).copied().unwrap_or(0);
                assert!(count >= 4, "scale {scale}, {smoothing}: {off} decides in {count} pictures");
            }
        }
    }

    #[test]
    fn the_lowest_bits_of_ranks_decide_in_some_picture() {
        let cases = [
            (2, 1, "rounded", "exact"),
            (4, 1, "rounded", "alpha_max_beta_min"),
            (8, 2, "rounded", "exact"),
            (2, 2, "exact", "exact"),
            (4, 2, "rounded", "exact"),
        ];
        for (bits, scale, smoothing, modulus) in cases {
            let maxima: ModulusMaxima = toml::from_str(&format!(
                "scale = {scale}\nsmoothing = \"{smoothing}\"\nmodulus = \"{modulus}\""
            ))
            .unwrap();
            let pixel = IntType { signed: false, bits };
            let edges = EdgeEnhance {
                pictures: Pictures { width: 7, height: 6, varying: false, pixel, is_large: false },
                maxima,
            };
            let mut draw = Draw::seeded(3);
            let mut found = BTreeMap::new();
            for _ in 0..400 {
                let picture = Plane { width: 7, values: edges.tied([7, 6], &mut draw) };
                let [w1, w2] = edges.gradient(&picture);
                let middle = 3 * 7 + 3;
                let along = direction(w1.values[middle], w2.values[middle]);
                let [here, before, after] = ranks(&w1, &w2, edges.maxima.modulus).along(middle, along);
                *found.entry(here - before.max(after)).or_insert(0) += 1;
            }
            let step = if modulus == "exact" { 4 } else { 1 };
            for apart in APART {
                let count = found.get(&(step * apart)).copied().unwrap_or(0);
                assert!(
                    count >= 4,
                    "{bits} bits, scale {scale}, {smoothing}, {modulus}: {apart} apart in {count} pictures"
                );
            }
        }
    }
}
