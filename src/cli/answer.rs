//! What a subcommand answers, and the exit status of what went wrong.

use crate::design::DesignError;
use crate::flow::FlowError;
use crate::tools::ToolError;
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
}

impl Failure {
    /// The exit status.
    pub fn status(&self) -> u8 {
        match self {
            Failure::CheckFailed(_) => 1,
            Failure::BadInput(_) => 2,
            Failure::ToolFailed(_) => 3,
        }
    }
}

impl From<DesignError> for Failure {
    fn from(error: DesignError) -> Self {
        Failure::BadInput(error.to_string())
    }
}

impl From<ToolError> for Failure {
    fn from(error: ToolError) -> Self {
        Failure::ToolFailed(error.to_string())
    }
}

impl From<SimulationError> for Failure {
    fn from(error: SimulationError) -> Self {
        match error {
            SimulationError::Failed(failure) => Failure::CheckFailed(failure.to_string()),
            SimulationError::Tool(_) | SimulationError::CannotLoad(_) => {
                Failure::ToolFailed(error.to_string())
            }
        }
    }
}

impl From<FlowError> for Failure {
    fn from(error: FlowError) -> Self {
        let text = error.to_string();
        match error {
            FlowError::DoesNotFit { .. } | FlowError::TimingMissed(_) | FlowError::ClockDiffers { .. } => {
                Failure::CheckFailed(text)
            }
            FlowError::UnknownBoard(_) | FlowError::NoSeeds | FlowError::NotUnpackable { .. } => {
                Failure::BadInput(text)
            }
            FlowError::Tool(_)
            | FlowError::Unreadable { .. }
            | FlowError::NoModel { .. }
            | FlowError::ProductLost { .. } => Failure::ToolFailed(text),
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
        Self { json: pretty(value), text: text.into(), failure: None }
    }

    /// The answer of a command that has nothing to show.
    pub fn of_failure(failure: Failure) -> Self {
        let json = pretty(&json!({ "error": failure.to_string(), "status": failure.status() }));
        Self { json, text: String::new(), failure: Some(failure) }
    }

    /// The same, but a check failed.
    pub fn failed(self, failure: Option<Failure>) -> Self {
        Self { failure, ..self }
    }
}

/// `value` as JSON for files and standard output.
pub fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("tables of numbers and strings")
}
