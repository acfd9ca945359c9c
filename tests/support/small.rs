//! Every datapath's example at a size at which its netlist and bitstream are made and simulated in seconds.

use ternlet::datapath::{Entry, entries};

/// What is smaller than in the example, where that takes long.
const CHANGES: [(&str, &[(&str, &str)]); 5] = [
    (
        "edge_enhance",
        &[
            ("width = 64", "width = 8"),
            ("height = 48", "height = 5"),
            ("scale = 2", "scale = 1"),
            ("modulus = \"exact\"", "modulus = \"alpha_max_beta_min\""),
        ],
    ),
    (
        "gradient_prune",
        &[
            ("input = \"s16\"", "input = \"s6\""),
            ("lanes = 4", "lanes = 2"),
            ("frame = [64, 32]", "frame = [8, 4]"),
            ("frames = 4", "frames = 2"),
            ("bits = 16", "bits = 5"),
        ],
    ),
    ("lifting", &[("levels = 2", "levels = 1"), ("size = [64]", "size = [16]")]),
    ("nm_mac", &[("input = \"s8\"", "input = \"s5\"")]),
    ("sr_ste_update", &[("columns = 16", "columns = 8"), ("\"s16\"", "\"s8\"")]),
];

/// Each datapath with its design.
pub fn small_examples() -> Vec<(Entry, String)> {
    entries().into_iter().map(|entry| (entry, smaller(&entry))).collect()
}

fn smaller(entry: &Entry) -> String {
    let changes = CHANGES.iter().filter(|(kind, _)| *kind == entry.kind).flat_map(|(_, changes)| *changes);
    changes.fold(entry.example.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the example of {} has {from}", entry.kind);
        text.replace(from, to)
    })
}
