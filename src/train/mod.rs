//! Trains the weights of a network by the methods of the papers; what leaves is a design that computes exactly what was trained.
//!
//! [`Tape`] notes what is computed and walks it back; [`ops`] are the operations with their gradients; [`methods`] has one file a paper.
//! [`Description`] is a training file, [`Trainer`] goes through its epochs, [`Outcome`] is the design, made by [`crate::import`] as of an ONNX file
//! and held to [`Integers`], which knows nothing of it.

pub mod methods;
pub mod ops;

mod array;
mod checkpoint;
mod data;
mod description;
mod error;
mod export;
mod front;
mod integers;
mod network;
mod optimizer;
mod outcome;
mod pass;
mod pruner;
mod real;
mod tape;
mod trainer;

pub use array::Array;
pub use data::{Data, Frames};
pub use description::{
    ActivationKeys, Clip, DataKeys, Description, Feed, Kind, Labelled, NodeKeys, Origin, TrainKeys,
};
pub use error::TrainError;
pub use front::Front;
pub use integers::{Integers, Lines, Norm, Ran, Whole, WholeWork};
pub use network::{After, Form, Network, Node, Parameter, Shape, Weights, Work};
pub use optimizer::{Memory, Optimizer, Schedule};
pub use outcome::{Figures, NodeFigures, Outcome, Parts};
pub use pass::{Mode, Pass, Seen};
pub use pruner::Pruner;
pub use real::{Matrix, Real};
pub use tape::{Gradients, Tape, Var};
pub use trainer::{Epoch, Trainer};
