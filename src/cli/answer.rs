//! What a subcommand answers, and the exit status of what went wrong.

use crate::flow::FlowError;
use crate::fold::FoldError;
use crate::project::{Error, json};
use crate::verify::SimulationError;
use serde::Serialize;
use serde_json::json;

/// Why a command does not end with status 0.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The design is not right, does not fit, or is too slow.
    #[error("{0}")]
    CheckFailed(String),
    #[error("{0}")]
    BadInput(String),
    #[error("{0}")]
    ToolFailed(String),
    /// A panic.
    #[error("ternlet itself is at fault, not what you gave it; report this line with the design file:\n{0}")]
    Fault(String),
}

impl Failure {
    /// The exit status.
    pub fn status(&self) -> u8 {
        match self {
            Failure::CheckFailed(_) => 1,
            Failure::BadInput(_) => 2,
            Failure::ToolFailed(_) => 3,
            Failure::Fault(_) => 4,
        }
    }
}

impl From<FoldError> for Failure {
    fn from(error: FoldError) -> Self {
        let text = error.to_string();
        match error {
            FoldError::Graph(_) | FoldError::Unknown { .. } => Failure::BadInput(text),
            FoldError::TooFast { .. } | FoldError::Slower { .. } | FoldError::TooLarge(_) => {
                Failure::CheckFailed(text)
            }
        }
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        let text = error.to_string();
        match error {
            Error::Simulation(SimulationError::Failed(_))
            | Error::Flow(FlowError::ClockDiffers { .. } | FlowError::Unroutable { .. })
            | Error::DoesNotFit(_)
            | Error::Silent { .. }
            | Error::OtherDesign { .. }
            | Error::Stopped { .. }
            | Error::NotProven(_) => Failure::CheckFailed(text),
            Error::Design(_)
            | Error::Flow(
                FlowError::UnknownBoard(_)
                | FlowError::NoSeeds
                | FlowError::NoBoard { .. }
                | FlowError::NoCells
                | FlowError::NoUart { .. }
                | FlowError::NoScan { .. }
                | FlowError::NoFlash { .. }
                | FlowError::NoFlashClock { .. }
                | FlowError::SmallFlash { .. }
                | FlowError::NoRate { .. }
                | FlowError::ManyStreams { .. }
                | FlowError::NotUnpackable { .. }
                | FlowError::NoPlacedCells { .. }
                | FlowError::NotModelled { .. },
            )
            | Error::ReservedName { .. }
            | Error::TooLarge { .. }
            | Error::NoData { .. }
            | Error::NoWeights { .. }
            | Error::NoBitstream { .. }
            | Error::DspNotUnpackable { .. }
            | Error::Refused(_)
            | Error::NoPort { .. }
            | Error::AlreadyThere { .. }
            | Error::NotOurs { .. }
            | Error::NotWritten { .. } => Failure::BadInput(text),
            Error::Tool(_)
            | Error::NotRead { .. }
            | Error::NoLoader { .. }
            | Error::Simulation(SimulationError::Tool(_) | SimulationError::CannotLoad(_))
            | Error::Flow(
                FlowError::Tool(_)
                | FlowError::Unreadable { .. }
                | FlowError::NoModel { .. }
                | FlowError::ProductLost { .. },
            ) => Failure::ToolFailed(text),
        }
    }
}

/// What is printed: one object as JSON, or text for a person; and why the status is not 0, if it is not.
#[derive(Debug)]
pub struct Answer {
    pub json: String,
    pub text: String,
    pub failure: Option<Failure>,
}

impl Answer {
    pub fn new(value: &impl Serialize, text: impl Into<String>) -> Self {
        Self { json: json(value), text: text.into(), failure: None }
    }

    /// The answer of a command that has nothing to show.
    pub fn of_failure(failure: Failure) -> Self {
        let json = json(&json!({ "error": failure.to_string(), "status": failure.status() }));
        Self { json, text: String::new(), failure: Some(failure) }
    }

    /// The same, but a check failed if something is `unmet`.
    pub fn unless(self, unmet: Option<String>) -> Self {
        Self { failure: unmet.map(Failure::CheckFailed), ..self }
    }
}
