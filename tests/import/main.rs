//! Models of trained networks, imported.

mod check;
mod expected;
mod faults;
mod model;
mod mutated;
mod networks;
mod operators;
mod reals;
mod refusals;
mod survival;
mod transposed;
#[path = "../support/transposed.rs"]
mod vectors;
