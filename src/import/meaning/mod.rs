//! The meaning of a network: the reals that its graph computes.
//!
//! Each float32 constant is the rational that it stores, every operator is the mathematical one, and rounding happens only where a
//! quantizer rounds, as its standard says. Weights that pass a quantizer are folded in float32, as the standard says too.
//!
//! Between two layers a tensor is integers of a stream and [`Step`]s, channel by channel: what the file makes of them.

mod each;
mod limit;
mod quantizer;
mod step;

pub use each::Each;
pub use limit::{Condition, Limit};
pub use quantizer::{Levels, Mode, Quantizer};
pub use step::Step;
