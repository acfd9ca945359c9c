//! What a person sees of pruned gradients: thresholds and density of each frame, and the values before and after.

use super::{GradientPrune, PrunedFrame};
use crate::datapath::figure::{Axis, Curve, Figure};

/// Bins of a histogram; an odd number, so that 0 is in the middle of one.
const BINS: usize = 81;

impl GradientPrune {
    pub(super) fn figures_of(&self, frames: &[PrunedFrame]) -> Vec<Figure> {
        let curve = |name: &str, of: &dyn Fn(&PrunedFrame) -> f64| Curve {
            name: name.into(),
            points: (0..).zip(frames).map(|(frame, pruned)| (f64::from(frame), of(pruned))).collect(),
        };
        let mut thresholds = vec![curve("used", &|frame| frame.threshold as f64)];
        if frames.iter().any(|frame| frame.measured.is_some()) {
            thresholds.insert(0, curve("measured", &|frame| frame.measured.unwrap_or_default() as f64));
        }
        let curves = |title: &str, y: Axis, curves| Figure::Curves {
            title: title.into(),
            x: Axis::linear("frame"),
            y,
            curves,
        };
        let share = |values: &[i64], length: usize| {
            values.iter().filter(|value| **value != 0).count() as f64 / length as f64
        };
        let length = |frame: &PrunedFrame| if self.varying { frame.g.len() } else { self.longest };
        let before = curve("before", &|frame| share(&frame.g, length(frame)));
        let after = curve("after", &|frame| share(&frame.y, length(frame)));
        vec![
            curves(
                "density of each frame",
                Axis::linear("share of values that are not 0"),
                vec![before, after],
            ),
            curves("threshold of each frame", Axis::log("threshold"), thresholds),
            histogram(frames),
        ]
    }
}

/// The values of all frames before and after, in bins of one width around 0.
fn histogram(frames: &[PrunedFrame]) -> Figure {
    let values = || frames.iter().flat_map(|frame| frame.g.iter().chain(&frame.y));
    let most = values().map(|value| value.unsigned_abs()).max().unwrap_or(0).max(BINS as u64 / 2) as f64;
    let width = 2.0 * most / (BINS - 1) as f64;
    let left = -width * BINS as f64 / 2.0;
    let counts = |of: &dyn Fn(&PrunedFrame) -> Vec<i64>| {
        let mut counts = vec![0; BINS];
        for value in frames.iter().flat_map(of) {
            let bin = ((value as f64 - left) / width) as usize;
            counts[bin.min(BINS - 1)] += 1;
        }
        counts
    };
    Figure::Histogram {
        title: "values before and after".into(),
        x: Axis::linear("value"),
        y: Axis::log("values"),
        edges: (0..=BINS).map(|edge| left + width * edge as f64).collect(),
        sets: vec![
            ("before".into(), counts(&|frame| frame.g.clone())),
            ("after".into(), counts(&|frame| frame.y.clone())),
        ],
    }
}
