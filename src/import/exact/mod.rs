//! Numbers without rounding: what a file's floating-point numbers are, and sums with the root of a variance.

mod logistic;
mod number;
mod surd;

pub use logistic::{logistic, logit};
pub use number::{Rational, approximate, of_f64, shown};
pub use surd::{Surd, TwoRoots};
