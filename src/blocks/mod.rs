//! Reusable circuits that datapaths are made of.

mod adder_graph;
mod adder_tree;
mod codebook;
mod compact;
mod expand;
mod lfsr;
mod multiply;
mod nm_pair;
mod nm_select;
mod nm_ternary;
mod replay;
mod row_accumulators;
mod square_root;
mod ternary;
mod window;

pub use adder_graph::{AdderForm, AdderGraph, Polarities, constant_matrix};
pub use adder_tree::{tree, tree_with_carries};
pub use codebook::{Codebook, CodebookForm};
pub use compact::compact;
pub use expand::{expand, scatter};
pub use lfsr::Lfsr;
pub use multiply::{constant_multiple, product, signed_digits};
pub use nm_pair::PairChoice;
pub use nm_select::nm_select;
pub use nm_ternary::TernaryChoice;
pub use replay::replay;
pub use row_accumulators::{AccumulatorForm, row_accumulators};
pub use square_root::square_root;
pub use ternary::{Packing, Trit, ternary_dot};
pub use window::{Border, Lines, Raster, Taps, Windows, columns_window, raster, rows_window};
