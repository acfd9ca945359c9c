//! The schedule of a datapath and its circuit.

use super::Datapath;
use crate::hdl::{Latency, Stages, Timing};
use crate::stream::{OutputSchedule, Pace, Port, Schedule, Tokens};

/// The schedule of `datapath` for `inputs`, whose first frames it is of. `latency` is that of the circuit that
/// [`circuit`](super::circuit) makes of it for `timing`. Where not all frames of an input are equally long, no interval is known.
pub fn schedule(datapath: &dyn Datapath, latency: &Latency, timing: Timing, inputs: &[Tokens]) -> Schedule {
    let ports = datapath.ports();
    let lengths: Vec<Vec<usize>> =
        ports.inputs.iter().zip(inputs).map(|(port, tokens)| lengths(port, tokens)).collect();
    let alike = lengths.iter().all(|lengths| lengths.windows(2).all(|pair| pair[0] == pair[1]));
    let first = |lengths: &Vec<usize>| lengths.first().map(|&beats| Pace::dense(beats));
    let paces = match lengths.iter().map(first).collect::<Option<Vec<Pace>>>() {
        Some(paces) => datapath.schedule(&paces, timing),
        None => vec![None; ports.outputs.len()],
    };
    let output = |(port, pace): (&Port, &Option<Pace>)| {
        let stages = latency.outputs.iter().find(|(name, _)| *name == port.name);
        let stages = stages.map_or(Stages::UNKNOWN, |(_, stages)| *stages).count().map(u64::from);
        let known = pace.as_ref().zip(stages);
        let after = |cycle: u64, stages: u64| (cycle + stages).checked_sub(latency.entry.into());
        OutputSchedule {
            name: port.name.clone(),
            latency_first_cycles: known.and_then(|(pace, stages)| after(pace.first, stages)),
            latency_last_cycles: known.and_then(|(pace, stages)| after(pace.last, stages)),
        }
    };
    let outputs: Vec<OutputSchedule> = ports.outputs.iter().zip(&paces).map(output).collect();
    let latencies: Option<Vec<u64>> = outputs.iter().map(|output| output.latency_last_cycles).collect();
    Schedule {
        latency_cycles: latencies.and_then(|latencies| latencies.into_iter().max()),
        outputs,
        initiation_interval: paces.first().and_then(|pace| pace.as_ref()?.interval).filter(|_| alike),
    }
}

/// Beats of each frame.
fn lengths(port: &Port, tokens: &Tokens) -> Vec<usize> {
    tokens.frames(port).map(|frame| frame.len() / port.lanes()).collect()
}
