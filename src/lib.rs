//! ternlet turns a description of a quantized, sparse datapath into FPGA hardware that is proven to compute the right bits.
//!
//! The layers, each of which knows only those above it in this list:
//! - [`device`]: the families of FPGAs and the boards: what each has, takes and needs
//! - [`hdl`]: the language, and the interpreter of its circuits
//! - [`verilog`]: a finished circuit as text
//! - [`estimate`]: a finished circuit's cost on a family, before synthesis
//! - `rust_hdl`, with the feature of that name: a finished circuit inside a design of the crate rust-hdl
//! - [`stream`]: ports, frames, and the integers that pass through them
//! - [`blocks`]: reusable circuits
//! - [`link`]: between a host and a design: every beat once, whatever happens to the bytes
//! - [`flash`]: streams that the flash of a board gives after a reset
//! - [`datapath`]: the product: hardware and the integers that it must compute
//! - [`graph`]: datapaths that feed each other: what a design file means
//! - [`tools`]: programs of other projects
//! - [`verify`]: the text, simulated, against the integers
//! - [`flow`]: the text, synthesized for a board
//! - [`design`]: a design file: datapath, board, clock and data
//! - [`fold`]: a graph for a rate, or for what a board has
//! - [`import`]: a trained network's ONNX file as a design, exactly
//! - [`train`]: data as weights, by the methods of the papers
//! - [`report`]: the page that a person reads
//! - [`project`]: a design, generated, simulated, synthesized, as values
//! - [`cli`]: the command line: arguments and answers

pub mod blocks;
pub mod cli;
pub mod datapath;
pub mod design;
pub mod device;
pub mod estimate;
pub mod flash;
pub mod flow;
pub mod fold;
pub mod graph;
pub mod hdl;
pub mod import;
pub mod link;
pub mod project;
pub mod report;
#[cfg(feature = "rust-hdl")]
pub mod rust_hdl;
pub mod stream;
pub mod tools;
pub mod train;
pub mod verify;
pub mod verilog;

/// The README's examples run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
