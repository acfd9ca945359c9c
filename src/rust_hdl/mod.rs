//! A finished circuit as a block of [rust-hdl](https://rust-hdl.org), beside that crate's own widgets.
//!
//! rust-hdl fixes the width of every signal at compile time, so a block declares its ports with
//! [`rust_hdl_block!`](crate::rust_hdl_block); that they are those of the circuit is checked when the block is made. The
//! block then passes rust-hdl's checks, is part of the Verilog that `generate_verilog` writes, and runs in rust-hdl's
//! simulator.
//!
//! The guide is `docs/rust-hdl.md`.

mod block;
mod core;
mod wire;

pub use self::core::{BlockError, Core, PortDeclaration};
pub use wire::Wire;

/// For [`rust_hdl_block!`](crate::rust_hdl_block).
#[doc(hidden)]
pub use rust_hdl_core;

/// The guide's examples run as tests.
#[cfg(all(doctest, feature = "rust-hdl-boards"))]
#[doc = include_str!("../../docs/rust-hdl.md")]
struct Guide;
