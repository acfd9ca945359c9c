//! How fast a design is, from the cycles of its transfers when nothing holds it back.

use super::model::Outcome;
use crate::stream::{Port, Tokens};
use serde::Serialize;

/// When the first frame of an output comes, in cycles from the first beat that any input accepts; nothing is ever stalled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutputTiming {
    pub name: String,
    /// To the frame's first beat.
    pub latency_first_cycles: Option<u64>,
    /// To its last.
    pub latency_last_cycles: Option<u64>,
}

impl OutputTiming {
    /// Of a stream that gave no frame.
    pub(super) fn unknown(port: &Port) -> Self {
        Self { name: port.name.clone(), ..Self::default() }
    }
}

/// Speed of a design whose streams were never stalled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    pub outputs: Vec<OutputTiming>,
    /// For each frame, from its first accepted beat of the first input to its first beat of the first output. Frames
    /// that wait inside while others are computed take longer than the first.
    pub frame_latencies: Vec<u64>,
    /// Cycles from the first beat of a frame of the first output to that of its follower, in the mean of the later half of the
    /// frames that have one.
    pub initiation_interval: Option<f64>,
}

impl Timing {
    /// `inputs` and `outputs` are the streams of a run with their tokens.
    pub(super) fn of(outcome: &Outcome, inputs: &Streams, outputs: &Streams) -> Self {
        let start = outcome.input_cycles.iter().filter_map(|beats| beats.first().copied()).min();
        let whole = |streams: &Streams, cycles: &[Vec<u64>]| -> Vec<Vec<(u64, u64)>> {
            let each = streams.iter().zip(cycles);
            each.map(|((port, tokens), cycles)| frames(port, tokens, cycles)).collect()
        };
        let sent = whole(inputs, &outcome.input_cycles);
        let came = whole(outputs, &outcome.output_cycles);
        let timing = |((port, _), frames): (&(&Port, &Tokens), &Vec<(u64, u64)>)| {
            let first = frames.first().zip(start);
            OutputTiming {
                name: port.name.clone(),
                latency_first_cycles: first.map(|(frame, start)| frame.0.saturating_sub(start)),
                latency_last_cycles: first.map(|(frame, start)| frame.1.saturating_sub(start)),
            }
        };
        let pairs = sent.first().into_iter().flatten().zip(came.first().into_iter().flatten());
        Self {
            outputs: outputs.iter().zip(&came).map(timing).collect(),
            frame_latencies: pairs.map(|(x, y)| y.0.saturating_sub(x.0)).collect(),
            initiation_interval: came.first().and_then(|frames| interval(frames)),
        }
    }
}

/// Streams with their tokens.
pub(super) type Streams<'a> = [(&'a Port, &'a Tokens)];

/// Cycles a frame as people read them: to the nearest tenth, as a mean has more digits than meaning.
pub fn tenths(cycles: f64) -> f64 {
    (10.0 * cycles).round() / 10.0
}

/// First and last cycle of each whole frame.
fn frames(port: &Port, tokens: &Tokens, cycles: &[u64]) -> Vec<(u64, u64)> {
    let mut start = None;
    let mut found = Vec::new();
    for (index, &cycle) in cycles.iter().enumerate().take(tokens.beats()) {
        let first = *start.get_or_insert(cycle);
        if is_last(port, tokens, index) {
            found.push((first, cycle));
            start = None;
        }
    }
    found
}

/// Whether beat `index` ends a frame.
pub(super) fn is_last(port: &Port, tokens: &Tokens, index: usize) -> bool {
    match tokens.last.get(index) {
        Some(&last) => last,
        None => (index + 1).is_multiple_of(port.frame_beats().max(1)),
    }
}

fn interval(frames: &[(u64, u64)]) -> Option<f64> {
    let later = &frames[(frames.len() / 2).saturating_sub(1)..];
    let (first, last) = (later.first()?, later.last()?);
    (later.len() > 1).then(|| (last.0 - first.0) as f64 / (later.len() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_later_frames() {
        let frames: Vec<_> = [5, 50, 60, 70, 80, 90].map(|cycle| (cycle, cycle)).into();
        assert_eq!(interval(&frames), Some(10.0));
        assert_eq!(interval(&frames[..2]), Some(45.0));
        assert_eq!(interval(&frames[..1]), None);
    }

    /// Nothing comes after the last frame, which may leave sooner than the others.
    #[test]
    fn the_last_frames_own_cycles_do_not_count() {
        assert_eq!(interval(&[(0, 9), (10, 19), (20, 25)]), Some(10.0));
    }
}
