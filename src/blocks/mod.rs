//! Reusable circuits that datapaths are made of.

mod adder_graph;
mod adder_tree;
mod codebook;
mod compact;
mod digit;
mod digit_product;
mod expand;
mod first_largest;
mod lfsr;
mod mac_array;
mod magnitude;
mod multiply;
mod nm_pair;
mod nm_rank;
mod nm_select;
mod nm_ternary;
mod popcount;
mod reorder;
mod replay;
mod row_accumulators;
mod square_root;
mod ternary;
mod ternary_sides;
mod tiles;
mod walk;
mod window;

pub use adder_graph::{AdderGraph, Polarities, constant_matrix};
pub use adder_tree::{Dot, tree, tree_with_carries};
pub use codebook::{Codebook, CodebookForm};
pub use compact::{Flagged, compact};
pub use digit::{Digit, number};
pub use digit_product::{digit_product, product_term};
pub use expand::{Entry, expand, scatter};
pub use first_largest::{first_largest, largest_and_index};
pub use lfsr::{Lfsr, WithRandom};
pub use mac_array::{
    Folding, MacArray, MacWeights, SharedColumn, Weights, Written, group_of, payload, row_dot, walk_of_words,
};
pub use magnitude::magnitude;
pub use multiply::{constant_multiple, product, signed_digits};
pub use nm_pair::{PairBits, PairChoice};
pub use nm_rank::{Ties, nm_largest, nm_places};
pub use nm_select::nm_select;
pub use nm_ternary::{TernaryBits, TernaryChoice};
pub use popcount::popcount;
pub use reorder::Reorder;
pub use replay::{replay, replay_walk, replay_words, timed_replay};
pub use row_accumulators::{SharedStep, row_accumulators, timed_row_accumulators};
pub use square_root::square_root;
pub use ternary::{Packing, Trit, TritBits, ternary_dot};
pub use ternary_sides::Paired;
pub use tiles::Tiles;
pub use walk::{Loop, Walk};
pub use window::{
    Along, Border, Counter, Inner, Kernel, Position, Positions, Size, Window, framed, longest_lines, raster,
    slide, timed_framed, timed_raster, timed_slide,
};
