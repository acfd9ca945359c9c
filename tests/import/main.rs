//! Models of trained networks, imported.

mod check;
mod expected;
mod faults;
mod model;
mod networks;
mod operators;
mod reals;
mod refusals;
mod transposed;
#[path = "../support/transposed.rs"]
mod vectors;
