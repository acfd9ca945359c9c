//! Reusable circuits that datapaths are made of.

mod adder_graph;
mod adder_tree;
mod compact;
mod expand;
mod first_largest;
mod lfsr;
mod magnitude;
mod multiply;
mod nm_expand;
mod nm_rank;
mod nm_select;
mod popcount;
mod replay;
mod row_accumulators;
mod square_root;
mod ternary;
mod window;

pub use adder_graph::{AdderForm, AdderGraph, Polarities, constant_matrix};
pub use adder_tree::{tree, tree_with_carries};
pub use compact::compact;
pub use expand::{expand, scatter};
pub use first_largest::first_largest;
pub use lfsr::Lfsr;
pub use magnitude::magnitude;
pub use multiply::{constant_multiple, product, signed_digits};
pub use nm_expand::nm_expand;
pub use nm_rank::{Ties, nm_largest, nm_places};
pub use nm_select::nm_select;
pub use popcount::popcount;
pub use replay::replay;
pub use row_accumulators::{AccumulatorForm, row_accumulators};
pub use square_root::square_root;
pub use ternary::{Packing, Trit, ternary_dot};
pub use window::{Border, Lines, Raster, Taps, Windows, columns_window, raster, rows_window};
