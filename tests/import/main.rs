//! Models of trained networks, imported.

mod check;
mod expected;
mod faults;
mod model;
mod networks;
mod refusals;
mod transposed;
