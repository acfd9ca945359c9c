//! A case of a check: inputs, and what the golden model makes of them.

use super::model::Outcome;
use super::timing::{Timing, is_last};
use crate::stream::{Port, Ports, Tokens, Transfers};

/// Inputs, from a reset on, and the outputs that the golden model makes of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub inputs: Transfers,
    pub expected: Transfers,
}

impl Case {
    /// Frames of the first output, or of the first input where there is no output.
    pub(super) fn frames(&self, ports: &Ports) -> usize {
        let outputs = ports.outputs.iter().zip(&self.expected);
        let mut streams = outputs.chain(ports.inputs.iter().zip(&self.inputs));
        streams.next().map_or(0, |(port, tokens)| frames(port, tokens))
    }

    /// Beats of all streams.
    pub(super) fn beats(&self) -> usize {
        self.inputs.iter().chain(&self.expected).map(Tokens::beats).sum()
    }

    pub(super) fn timing(&self, ports: &Ports, outcome: &Outcome) -> Timing {
        let inputs: Vec<_> = ports.inputs.iter().zip(&self.inputs).collect();
        let outputs: Vec<_> = ports.outputs.iter().zip(&self.expected).collect();
        Timing::of(outcome, &inputs, &outputs)
    }
}

fn frames(port: &Port, tokens: &Tokens) -> usize {
    (0..tokens.beats()).filter(|&beat| is_last(port, tokens, beat)).count()
}
