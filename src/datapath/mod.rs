//! The product: datapaths, each hardware and the integers that it must compute, side by side.

mod ports;

pub use ports::{Field, Ports, StreamPort, Tokens, Transfers};
