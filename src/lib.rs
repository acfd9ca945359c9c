//! ternlet turns a description of a quantized, sparse datapath into FPGA hardware that is proven to compute the right bits.

pub mod datapath;
pub mod flow;
pub mod hdl;
pub mod tools;
pub mod verify;
pub mod verilog;
