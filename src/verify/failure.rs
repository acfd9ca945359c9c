//! What a simulation found wrong, and how it is reported.

use super::abi::Ending;
use super::case::Case;
use super::compare::{Mismatch, compare, place};
use super::model::{Outcome, Stalls};
use crate::stream::{Port, Ports, Tokens};
use std::fmt;
use std::path::PathBuf;

/// The circumstances of one run of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// No stream is ever held back.
    Free,
    /// All streams are, at random.
    Random,
    /// One stream is, for long; inputs first, then outputs.
    Held(usize),
    /// As `Random`, with a reset in this cycle, after which all starts again.
    Reset(u64),
}

impl Pass {
    pub(super) fn stalls(self) -> Stalls {
        match self {
            Pass::Free => Stalls::Never,
            Pass::Random | Pass::Reset(_) => Stalls::Random,
            Pass::Held(stream) => Stalls::Held(stream),
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A wrong integer, and how many there are in this run.
    Wrong { first: Mismatch, mismatches: usize },
    /// `valid` fell, or payload or `last` changed, before the beat was accepted.
    Protocol { stream: String, frame: usize, beat: usize, dropped: bool },
    /// More beats than expected; the first of them.
    Surplus { stream: String, expected_beats: usize, payload: Vec<i64> },
    /// Nothing moved any more: `(stream, accepted, all)` of the inputs and outputs that are not at their end.
    Stuck { cycles: u64, inputs: Vec<(String, usize, usize)>, outputs: Vec<(String, usize, usize)> },
    /// The design spoke.
    Said(String),
    /// The limit of cycles was reached.
    Limit,
}

/// A fault, and all that is needed to see it again.
#[derive(Clone, Debug)]
pub struct Failure {
    pub fault: Fault,
    /// The case, counted from 0.
    pub case: usize,
    pub pass: Pass,
    /// The stream that the pass holds back, if it does.
    pub held: String,
    pub cycle: u64,
    pub seed: u64,
    pub waves: Waveform,
}

/// What became of a failure's waveform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waveform {
    NotAsked,
    At(PathBuf),
    /// Why there is none.
    Missing(String),
}

impl Failure {
    /// Integers that differ; 0 where the fault is of another kind.
    pub fn mismatches(&self) -> usize {
        match self.fault {
            Fault::Wrong { mismatches, .. } => mismatches,
            _ => 0,
        }
    }
}

impl Fault {
    /// The first fault of a run and its cycle, if there is one.
    pub(super) fn of(ports: &Ports, case: &Case, outcome: &Outcome, stall_limit: u64) -> Option<(Self, u64)> {
        let wrong = Self::wrong(ports, case, outcome);
        if wrong.is_some() {
            return wrong;
        }
        let surplus = Self::surplus(ports, case, outcome);
        if surplus.is_some() {
            return surplus;
        }
        match outcome.ending {
            Ending::Dropped | Ending::Changed => Some((Self::protocol(ports, case, outcome), outcome.cycles)),
            Ending::Stopped => Some((Self::Said(outcome.text.clone()), outcome.cycles)),
            Ending::Limited => Some((Self::Limit, outcome.cycles)),
            Ending::Complete | Ending::Quiet | Ending::Surplus => {
                Self::stuck(ports, case, outcome, stall_limit).map(|stuck| (stuck, outcome.last_transfer))
            }
        }
    }

    fn wrong(ports: &Ports, case: &Case, outcome: &Outcome) -> Option<(Self, u64)> {
        let streams = ports.outputs.iter().zip(&outcome.outputs).zip(&case.expected);
        let found = streams.zip(&outcome.output_cycles).filter_map(|(((port, got), expected), cycles)| {
            compare(port, got, expected).map(|(first, wrong)| (cycles[first.index], first, wrong))
        });
        let found: Vec<_> = found.collect();
        let mismatches = found.iter().map(|(.., wrong)| wrong).sum();
        let (cycle, first, _) = found.into_iter().min_by_key(|&(cycle, ..)| cycle)?;
        Some((Self::Wrong { first, mismatches }, cycle))
    }

    fn surplus(ports: &Ports, case: &Case, outcome: &Outcome) -> Option<(Self, u64)> {
        let streams = ports.outputs.iter().zip(&outcome.outputs).zip(&case.expected);
        let found = streams.zip(&outcome.output_cycles).filter_map(|(((port, got), expected), cycles)| {
            let expected_beats = expected.beats();
            let payload = (got.beats() > expected_beats).then(|| got.beat(expected_beats).to_vec())?;
            let surplus = Self::Surplus { stream: port.name.clone(), expected_beats, payload };
            Some((surplus, cycles[expected_beats]))
        });
        found.min_by_key(|&(_, cycle)| cycle)
    }

    fn protocol(ports: &Ports, case: &Case, outcome: &Outcome) -> Self {
        let output = outcome.culprit - ports.inputs.len();
        let port = &ports.outputs[output];
        let (frame, beat) = place(port, &case.expected[output], outcome.outputs[output].beats());
        let dropped = outcome.ending == Ending::Dropped;
        Self::Protocol { stream: port.name.clone(), frame, beat, dropped }
    }

    fn stuck(ports: &Ports, case: &Case, outcome: &Outcome, stall_limit: u64) -> Option<Self> {
        let missing = |port: &Port, accepted: usize, tokens: &Tokens| {
            (accepted < tokens.beats()).then(|| (port.name.clone(), accepted, tokens.beats()))
        };
        let inputs = ports.inputs.iter().zip(&outcome.input_cycles).zip(&case.inputs);
        let inputs: Vec<_> =
            inputs.filter_map(|((port, cycles), tokens)| missing(port, cycles.len(), tokens)).collect();
        let outputs = ports.outputs.iter().zip(&outcome.output_cycles).zip(&case.expected);
        let outputs: Vec<_> =
            outputs.filter_map(|((port, cycles), tokens)| missing(port, cycles.len(), tokens)).collect();
        let cycles = if outputs.is_empty() { outcome.cycles - outcome.last_transfer } else { stall_limit };
        let stuck = !(inputs.is_empty() && outputs.is_empty());
        stuck.then_some(Self::Stuck { cycles, inputs, outputs })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Wrong { first, mismatches } => {
                write!(f, "{first}")?;
                if *mismatches > 1 { write!(f, "; {mismatches} integers differ") } else { Ok(()) }
            }
            Fault::Protocol { stream, frame, beat, dropped } => {
                let broken = if *dropped { "valid fell" } else { "the payload or last changed" };
                write!(
                    f,
                    "stream {stream}, frame {frame}, beat {beat}: {broken} before the beat was accepted"
                )
            }
            Fault::Surplus { stream, expected_beats, payload } => {
                write!(f, "stream {stream}: a beat more than the {expected_beats} expected ones: {payload:?}")
            }
            Fault::Stuck { cycles, inputs, outputs } => {
                let kind = if inputs.is_empty() { "lost beats" } else { "deadlock" };
                write!(f, "{kind}: nothing moved for {cycles} cycles")?;
                for (stream, accepted, all) in inputs {
                    write!(f, "; stream {stream} waits for ready, {accepted} of {all} beats accepted")?;
                }
                for (stream, given, all) in outputs {
                    write!(f, "; stream {stream} gave {given} of {all} beats")?;
                }
                Ok(())
            }
            Fault::Said(text) => write!(f, "the design says: {text}"),
            Fault::Limit => write!(f, "the limit of cycles was reached"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, case, pass, held, cycle, seed, waves } = self;
        write!(f, "{fault}\nin cycle {cycle} of case {case}, ")?;
        match pass {
            Pass::Free => write!(f, "never stalled")?,
            Pass::Random => write!(f, "with random stalls")?,
            Pass::Held(_) => write!(f, "with stream {held} held back")?,
            Pass::Reset(at) => write!(f, "after a reset in cycle {at}, with random stalls")?,
        }
        write!(f, "; repeat it with seed {seed}")?;
        match waves {
            Waveform::NotAsked => Ok(()),
            Waveform::At(path) => write!(f, "\nthe waveform that ends there: {}", path.display()),
            Waveform::Missing(why) => write!(f, "\nno waveform: {why}"),
        }
    }
}
