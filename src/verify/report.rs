//! What a simulation has shown.

use super::case::Case;
use super::failure::Failure;
use super::plan::Plan;
use super::timing::OutputTiming;
use crate::stream::{Tokens, Transfers};
use serde::Serialize;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a simulation without fault has shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub seed: u64,
    /// Frames and beats of the cases; each case ran `passes` times.
    pub frames: usize,
    pub beats_in: usize,
    pub beats_out: usize,
    pub passes: usize,
    pub mismatches: usize,
    /// Cycles of all runs.
    pub cycles: u64,
    /// For each output, from the first accepted input beat to its first frame, never stalled.
    pub outputs: Vec<OutputTiming>,
    /// The greatest `latency_last_cycles` of the outputs: to the last beat of the last stream.
    pub latency_cycles: Option<u64>,
    /// Cycles a frame of the first output, never stalled, in the steady state; none with a single frame.
    pub initiation_interval: Option<f64>,
    /// The case that these are of, by its number: the last of those with the most frames.
    #[serde(skip)]
    pub timed_case: usize,
    /// Its frames.
    #[serde(skip)]
    pub timed_frames: usize,
    /// For each frame, as [`super::timing::Timing::frame_latencies`]; frames that wait for others inside take longer than the first.
    #[serde(skip)]
    pub frame_latencies: Vec<u64>,
    /// Names the cycles of all transfers by their content: equal where nothing can be seen to come earlier or later.
    #[serde(skip)]
    pub pace: u64,
    pub cycles_per_second: f64,
    /// Whether the model was compiled before.
    pub cached: bool,
}

impl Report {
    /// What is known before anything ran: the sizes of the cases.
    pub fn before(plan: &Plan, cases: &[Case]) -> Self {
        let beats = |streams: fn(&Case) -> &Transfers| {
            cases.iter().flat_map(streams).map(Tokens::beats).sum::<usize>()
        };
        Self {
            seed: plan.seed,
            frames: cases.iter().map(|case| case.frames(plan.ports)).sum(),
            beats_in: beats(|case| &case.inputs),
            beats_out: beats(|case| &case.expected),
            passes: 0,
            mismatches: 0,
            cycles: 0,
            outputs: plan.ports.outputs.iter().map(OutputTiming::unknown).collect(),
            latency_cycles: None,
            initiation_interval: None,
            timed_case: 0,
            timed_frames: 0,
            frame_latencies: Vec::new(),
            pace: 0,
            cycles_per_second: 0.0,
            cached: false,
        }
    }

    /// What a simulation of `cases` that found a fault has shown; its cycles are those up to the fault.
    pub fn of_failure(plan: &Plan, cases: &[Case], failure: &Failure) -> Self {
        Self { mismatches: failure.mismatches(), cycles: failure.cycle, ..Self::before(plan, cases) }
    }

    /// What this one and that of the cases `after` have shown together.
    pub fn then(&self, after: &Self) -> Self {
        let cycles = self.cycles + after.cycles;
        let timed = [self, after].into_iter().filter(|report| report.cycles_per_second > 0.0);
        let seconds: f64 = timed.map(|report| report.cycles as f64 / report.cycles_per_second).sum();
        let mut pace = DefaultHasher::new();
        (self.pace, after.pace).hash(&mut pace);
        let timed = if after.timed_frames >= self.timed_frames { after } else { self }.clone();
        Self {
            seed: self.seed,
            frames: self.frames + after.frames,
            beats_in: self.beats_in + after.beats_in,
            beats_out: self.beats_out + after.beats_out,
            passes: self.passes.max(after.passes),
            mismatches: self.mismatches + after.mismatches,
            cycles,
            pace: pace.finish(),
            cycles_per_second: if seconds > 0.0 { cycles as f64 / seconds } else { 0.0 },
            cached: self.cached || after.cached,
            ..timed
        }
    }
}
