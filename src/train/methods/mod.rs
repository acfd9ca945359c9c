//! One file a paper: how its weights are trained, with their straight-through gradients, and what leaves.

#[cfg(test)]
mod check;
mod method;
pub mod prune;
pub mod slb;
pub mod sr_ste;
pub mod ttq;
pub mod uniform;

pub use method::Method;
pub use prune::Pruning;
