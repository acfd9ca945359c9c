//! Every datapath's example at a size at which its netlist and bitstream are made and simulated in seconds.

#[path = "changed.rs"]
pub mod changed;

use changed::{SMALL_GRADIENTS, changed};
use ternlet::datapath::Catalog;
use ternlet::graph::{Example, examples};

/// What is smaller than in the example, where that takes long.
const CHANGES: [(&str, &[(&str, &str)]); 5] = [
    (
        "edge_enhance",
        &[
            ("size = [48, 64]", "size = [5, 8]"),
            ("scale = 2", "scale = 1"),
            ("modulus = \"exact\"", "modulus = \"alpha_max_beta_min\""),
        ],
    ),
    SMALL_GRADIENTS,
    ("lifting", &[("levels = 2", "levels = 1"), ("size = [64]", "size = [16]")]),
    ("nm_mac", &[("input = \"s8\"", "input = \"s5\"")]),
    ("sr_ste_update", &[("columns = 16", "columns = 8"), ("\"s16\"", "\"s8\"")]),
];

/// Each datapath with its design.
pub fn small_examples() -> Vec<(Example, String)> {
    let small = |entry: Example| {
        let text = changed(&entry, &CHANGES);
        (entry, text)
    };
    examples(&Catalog::standard()).into_iter().map(small).collect()
}
