//! The geometry of the page's figures: every length in percent of the room that the figure has.

use crate::flow::{CriticalPath, Placement};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A bar, and a mark on its scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Meter {
    pub filled: f64,
    pub mark: f64,
}

impl Meter {
    /// `value` and `mark` on a scale from 0 to `full`.
    pub fn marked(value: f64, mark: f64, full: f64) -> Meter {
        Meter { filled: percent(value, full), mark: percent(mark, full) }
    }
}

/// What is used of a resource of the device.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    pub name: String,
    pub used: u64,
    pub available: u64,
    pub percent: f64,
}

impl Resource {
    pub fn new(name: &str, used: u64, available: u64) -> Resource {
        Resource { name: name.into(), used, available, percent: percent(used as f64, available as f64) }
    }
}

/// A placement that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    pub seed: u32,
    pub fmax_mhz: f64,
    pub meter: Meter,
    pub met: bool,
    pub taken: bool,
}

/// Every placement, on the scale of the fastest or of the frequency that was asked.
pub fn seeds(placement: &Placement, asked: f64) -> Vec<Seed> {
    let full = placement.seeds.iter().map(|seed| seed.fmax_mhz).fold(asked, f64::max);
    let seed = |seed: &crate::flow::SeedResult| Seed {
        seed: seed.seed,
        fmax_mhz: seed.fmax_mhz,
        meter: Meter::marked(seed.fmax_mhz, asked, full),
        met: seed.fmax_mhz >= asked,
        taken: seed.seed == placement.seed,
    };
    placement.seeds.iter().map(seed).collect()
}

/// The time that a signal of the slowest path takes: from `start` on, `length` long.
#[derive(Clone, Debug, PartialEq)]
pub struct PathBar {
    pub name: String,
    pub sources: String,
    pub ns: f64,
    pub at_ns: f64,
    pub start: f64,
    pub length: f64,
}

/// The signals of `path`, one after the other.
pub fn path(path: &CriticalPath) -> Vec<PathBar> {
    let mut before_ns = 0.0;
    let bar = |step: &crate::flow::PathStep| {
        let (ns, start) = (step.at_ns - before_ns, percent(before_ns, path.delay_ns));
        before_ns = step.at_ns;
        let (name, sources) = (step.name.clone(), step.sources.join(", "));
        PathBar { name, sources, ns, at_ns: step.at_ns, start, length: percent(ns, path.delay_ns) }
    };
    path.steps.iter().map(bar).collect()
}

/// All pixels of one darkness: an SVG path of a rectangle for each run of them in a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Shade {
    pub percent: i64,
    pub outline: String,
}

/// The pixels that are not blank; `range` is from blank to full.
pub fn shades(pixels: &[i64], width: usize, range: (i64, i64)) -> Vec<Shade> {
    let (blank, full) = (i128::from(range.0), i128::from(range.1));
    let darkness = |pixel: &i64| ((i128::from(*pixel) - blank) * 100 / (full - blank)) as i64;
    let mut outlines: BTreeMap<i64, String> = BTreeMap::new();
    for (y, row) in pixels.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| darkness(one) == darkness(next)) {
            let outline = outlines.entry(darkness(&run[0])).or_default();
            write!(outline, "M{x} {y}h{0}v1h-{0}z", run.len()).expect("writing into memory");
            x += run.len();
        }
    }
    let visible = outlines.into_iter().filter(|(percent, _)| *percent > 0);
    visible.map(|(percent, outline)| Shade { percent, outline }).collect()
}

/// The bar of a class: to the right of 0, or to its left where the score is negative.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreBar {
    pub class: usize,
    pub score: i64,
    pub start: f64,
    pub length: f64,
    /// Where 0 is.
    pub zero: f64,
    pub chosen: bool,
}

/// A bar for each score; all share a scale that holds 0.
pub fn score_bars(scores: &[i64], class: i64) -> Vec<ScoreBar> {
    let lowest = scores.iter().copied().min().unwrap_or(0).min(0) as f64;
    let highest = scores.iter().copied().max().unwrap_or(0).max(0) as f64;
    let place = |score: f64| percent(score - lowest, highest - lowest);
    let bar = |(index, &score): (usize, &i64)| {
        let (from, to) = (place(f64::min(score as f64, 0.0)), place(f64::max(score as f64, 0.0)));
        let chosen = i64::try_from(index) == Ok(class);
        ScoreBar { class: index, score, start: from, length: to - from, zero: place(0.0), chosen }
    };
    scores.iter().enumerate().map(bar).collect()
}

/// `part` of `whole` in percent, 0 to 100; 0 of nothing.
pub fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (100.0 * part / whole).clamp(0.0, 100.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::PathStep;

    #[test]
    fn scores_go_to_both_sides_of_zero() {
        let bars = score_bars(&[-100, 300, 0], 1);
        let geometry: Vec<_> = bars.iter().map(|bar| (bar.start, bar.length, bar.chosen)).collect();
        assert_eq!(geometry, [(0.0, 25.0, false), (25.0, 75.0, true), (25.0, 0.0, false)]);
        assert!(bars.iter().all(|bar| bar.zero == 25.0));
        assert_eq!(score_bars(&[0, 0], 0)[1].length, 0.0, "nothing to scale by");
        assert_eq!(score_bars(&[-8, -4], 1)[1].start, 50.0, "all scores may be negative");
    }

    #[test]
    fn equal_pixels_of_a_row_are_one_rectangle() {
        let shades = shades(&[0, 16, 16, 8, 0, 16], 3, (0, 16));
        let shade = |percent, outline: &str| Shade { percent, outline: outline.into() };
        assert_eq!(shades, [shade(50, "M0 1h1v1h-1z"), shade(100, "M1 0h2v1h-2zM2 1h1v1h-1z")]);
    }

    #[test]
    fn pixels_may_take_the_whole_range() {
        let shades = shades(&[i64::MIN, i64::MAX], 2, (i64::MIN, i64::MAX));
        assert_eq!(shades, [Shade { percent: 100, outline: "M1 0h1v1h-1z".into() }]);
    }

    #[test]
    fn signals_of_a_path_follow_each_other() {
        let step = |name: &str, at_ns| PathStep { name: name.into(), at_ns, sources: vec![] };
        let bars = path(&CriticalPath {
            delay_ns: 8.0,
            routing_ns: 5.0,
            steps: vec![step("sum", 2.0), step("carry", 6.0)],
        });
        let geometry: Vec<_> = bars.iter().map(|bar| (bar.start, bar.length, bar.ns)).collect();
        assert_eq!(geometry, [(0.0, 25.0, 2.0), (25.0, 50.0, 4.0)]);
    }

    #[test]
    fn a_part_fits_its_room() {
        assert_eq!((percent(1.0, 0.0), percent(31.0, 30.0), percent(3.0, 4.0)), (0.0, 100.0, 75.0));
    }
}
