//! Why a training does not come to its end.

use crate::design::{Problem, listed};
use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error("{}: {source}; name a training file that is there", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// All problems of a training file.
    #[error("{}", listed(.path, .problems))]
    Wrong { path: PathBuf, problems: Vec<Problem> },
    #[error(
        "epoch {epoch}, step {step}: {place} holds a number that is not finite; lower the rate, or let it rise with a warmup"
    )]
    NotFinite { epoch: usize, step: usize, place: String },
    /// Of a checkpoint.
    #[error("the checkpoint {0}")]
    OtherCheckpoint(String),
    /// What import says of the trained network.
    #[error("the trained network becomes no design: {0}")]
    NoDesign(String),
}
