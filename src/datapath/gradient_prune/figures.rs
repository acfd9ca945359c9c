//! What a person sees of pruned gradients: thresholds and density of each frame, and the magnitudes before and after.

use super::{GradientPrune, PrunedFrame};
use crate::datapath::figure::{Axis, Curve, Figure};

impl GradientPrune {
    pub(super) fn figures_of(&self, frames: &[PrunedFrame]) -> Vec<Figure> {
        let curve = |name: &str, joined, of: &dyn Fn(&PrunedFrame) -> f64| Curve {
            name: name.into(),
            points: (0..).zip(frames).map(|(frame, pruned)| (f64::from(frame), of(pruned))).collect(),
            joined,
        };
        let mut thresholds = vec![curve("used", true, &|frame| frame.threshold as f64)];
        if frames.iter().any(|frame| frame.measured.is_some()) {
            let measured = curve("measured", false, &|frame| frame.measured.unwrap_or_default() as f64);
            thresholds.insert(0, measured);
        }
        let curves = |title: &str, y: Axis, curves| Figure::Curves {
            title: title.into(),
            x: Axis::linear("frame"),
            y,
            curves,
        };
        let length = |frame: &PrunedFrame| if self.varying { frame.g.len() } else { self.longest };
        let share = |values: &[i64], length: usize| {
            values.iter().filter(|value| **value != 0).count() as f64 / length as f64
        };
        let density = vec![
            curve("before", false, &|frame| share(&frame.g, length(frame))),
            curve("after", false, &|frame| share(&frame.y, length(frame))),
        ];
        vec![
            curves("density of each frame", Axis::linear("share of values that are not 0"), density),
            curves("threshold of each frame", Axis::log("threshold"), thresholds),
            self.histogram(frames),
        ]
    }

    /// The magnitudes of all frames before and after: 0, then a bin for each power of two.
    fn histogram(&self, frames: &[PrunedFrame]) -> Figure {
        let bins = self.input.bits as usize + 1;
        let counts = |of: &dyn Fn(&PrunedFrame) -> &[i64]| {
            let mut counts = vec![0; bins];
            for value in frames.iter().flat_map(of) {
                counts[value.unsigned_abs().checked_ilog2().map_or(0, |power| power as usize + 1)] += 1;
            }
            counts
        };
        Figure::Histogram {
            title: "magnitudes before and after".into(),
            x: Axis::log("magnitude (first bin: 0)"),
            y: Axis::linear("values"),
            edges: (0..=bins).map(|edge| 2f64.powi(edge as i32 - 1)).collect(),
            sets: vec![
                ("before".into(), counts(&|frame| &frame.g)),
                ("after".into(), counts(&|frame| &frame.y)),
            ],
        }
    }
}
