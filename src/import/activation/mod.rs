//! What stands between two layers of integers: a staircase of each channel, and the form in which hardware computes it.

mod close;
mod decision;
mod form;
mod multiplier;
mod pair_sum;
mod staircase;
mod stairs;

pub use close::{ClosePair, Margin, Sides};
pub use decision::{Decision, Score, decide};
pub use form::{Difference, Form, Requantized};
pub use multiplier::{Scaling, search};
pub use pair_sum::PairSum;
pub use staircase::{Staircase, Undecided};
pub use stairs::{Bounds, Stairs};
