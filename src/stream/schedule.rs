//! What a design takes in time, known before it is simulated.

use serde::{Deserialize, Serialize};

/// The cycles of a design whose streams nobody holds back, from its configuration and the registers of its circuit. Simulations
/// compare it with what they measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub outputs: Vec<OutputSchedule>,
    /// To the last beat of the last output's first frame.
    pub latency_cycles: Option<u64>,
    /// Cycles a frame of the first output in the steady state; none where that depends on what the frames hold.
    pub initiation_interval: Option<u64>,
}

/// When the first frame of an output comes, in cycles from the first beat that any input accepts. None where that depends on
/// what the frame holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputSchedule {
    pub name: String,
    /// To the frame's first beat.
    pub latency_first_cycles: Option<u64>,
    /// To its last.
    pub latency_last_cycles: Option<u64>,
}
