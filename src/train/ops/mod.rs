//! What a network is computed by: each operation with its gradient.

mod activation;
mod batch_norm;
#[cfg(test)]
mod check;
mod convolution;
mod join;
mod linear;
mod loss;
mod pool;
mod transposed;
mod windows;

pub use activation::{clipped, codes_of, relu};
pub use batch_norm::{EPSILON, Statistics, batch_norm, normalized};
pub use convolution::convolution;
pub use join::{add, concat};
pub use linear::{flatten, linear, plus};
pub use loss::cross_entropy;
pub use pool::max_pool;
pub use transposed::transposed_convolution;
pub use windows::{Seen, Windows, WindowsError};

#[cfg(test)]
pub use check::{Random, agrees};
