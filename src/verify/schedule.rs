//! Whether a design takes the cycles that its schedule says.

use super::report::Report;
use super::timing::OutputTiming;
use crate::stream::{OutputSchedule, Schedule};

/// What `schedule` says and `report` shows to be otherwise, a sentence each; what either does not know is no difference.
/// The schedule is that of case [`Report::timed_case`].
pub fn off_schedule(schedule: &Schedule, report: &Report) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |what: String, said: Option<u64>, shown: Option<f64>| {
        if let Some((said, shown)) = said.zip(shown)
            && said as f64 != shown
        {
            differences.push(format!("the schedule says {said} cycles {what}, simulation shows {shown}"));
        }
    };
    let outputs = schedule.outputs.iter().zip(&report.outputs);
    for (OutputSchedule { name, latency_first_cycles, latency_last_cycles }, output) in outputs {
        let OutputTiming { latency_first_cycles: first, latency_last_cycles: last, .. } = output;
        compare(
            format!("to the first beat of {name}"),
            *latency_first_cycles,
            first.map(|cycles| cycles as f64),
        );
        compare(
            format!("to the last beat of a frame of {name}"),
            *latency_last_cycles,
            last.map(|cycles| cycles as f64),
        );
    }
    compare("a frame".into(), schedule.initiation_interval, report.initiation_interval);
    differences
}
