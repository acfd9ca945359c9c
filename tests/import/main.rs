//! Models of trained networks, imported.

mod expected;
mod faults;
mod model;
mod networks;
mod refusals;
