//! Trains the weights of a network by the methods of the papers.
//!
//! [`Tape`] notes what is computed and walks it back; [`ops`] are the operations with their gradients; [`methods`] has one file a paper.

pub mod methods;
pub mod ops;

mod array;
mod optimizer;
mod real;
mod tape;

pub use array::Array;
pub use optimizer::{Memory, Optimizer, Schedule};
pub use real::{Matrix, Real};
pub use tape::{Gradients, Tape, Var};
