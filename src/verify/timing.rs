//! How fast a design is, from the cycles of its transfers when nothing holds it back.

use super::model::Outcome;
use crate::stream::{Port, Tokens};

/// Speed of a design whose streams were never stalled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    /// From the first accepted input beat to the first output beat.
    pub latency_cycles: Option<u64>,
    /// For each frame, from its first accepted beat of the first input to its first beat of the first output. Frames
    /// that wait inside while others are computed take longer than the first.
    pub frame_latencies: Vec<u64>,
    /// Cycles between the ends of two frames of the first output, in the mean of the later half of the frames.
    pub initiation_interval: Option<f64>,
}

impl Timing {
    /// `inputs` and `outputs` are the first of each, with their tokens.
    pub(super) fn of(
        outcome: &Outcome,
        input: Option<(&Port, &Tokens)>,
        output: Option<(&Port, &Tokens)>,
    ) -> Self {
        let first = |cycles: &[Vec<u64>]| cycles.iter().filter_map(|beats| beats.first().copied()).min();
        let latency_cycles = first(&outcome.output_cycles)
            .zip(first(&outcome.input_cycles))
            .map(|(output, input)| output.saturating_sub(input));
        let frames = |stream: Option<(&Port, &Tokens)>, cycles: &[Vec<u64>]| match stream {
            Some((port, tokens)) => frames(port, tokens, &cycles[0]),
            None => Vec::new(),
        };
        let inputs = frames(input, &outcome.input_cycles);
        let outputs = frames(output, &outcome.output_cycles);
        Self {
            latency_cycles,
            frame_latencies: inputs.iter().zip(&outputs).map(|(x, y)| y.0.saturating_sub(x.0)).collect(),
            initiation_interval: interval(&outputs),
        }
    }
}

/// Cycles a frame as people are told them: to the nearest tenth, as a mean has more digits than meaning.
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
    (later.len() > 1).then(|| (last.1 - first.1) as f64 / (later.len() - 1) as f64)
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
}
