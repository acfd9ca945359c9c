//! The design of a seed.

use super::draw::Draw;
use super::{arrays, graphs, kernels, maps, pictures, streams};
use ternlet::datapath::Catalog;

/// What draws the keys of a kind.
type Generator = fn(&mut Draw) -> String;

/// A line each; every kind of the catalog has one, and graphs of several nodes.
const KINDS: [(&str, Generator); 25] = [
    ("add", maps::add),
    ("argmax", streams::argmax),
    ("codebook_mac", arrays::codebook_mac),
    ("concat", maps::concat),
    ("convolution", kernels::convolution),
    ("crop", maps::crop),
    ("edge_enhance", pictures::edge_enhance),
    ("flatten", maps::flatten),
    ("gradient_prune", streams::gradient_prune),
    ("graph", graphs::graph),
    ("lifting", pictures::lifting),
    ("nm_compress", streams::nm_compress),
    ("nm_mac", arrays::nm_mac),
    ("nm_select", streams::nm_select),
    ("pad", maps::pad),
    ("pixel_shuffle", maps::pixel_shuffle),
    ("pool", maps::pool),
    ("requantize", streams::requantize),
    ("slb_select", streams::slb_select),
    ("sr_ste_update", streams::sr_ste_update),
    ("ternary_mac", arrays::ternary_mac),
    ("thresholds", streams::thresholds),
    ("transposed_convolution", kernels::transposed_convolution),
    ("upsample", maps::upsample),
    ("wavelet_quantizer", pictures::wavelet_quantizer),
];

/// Boards, each with clocks from slow to faster than it can be.
const BOARDS: [(&str, [f64; 4]); 4] = [
    ("icebreaker", [3.0, 12.0, 24.0, 60.0]),
    ("hx8k", [12.0, 40.0, 80.0, 150.0]),
    ("ulx3s", [25.0, 50.0, 100.0, 250.0]),
    ("tangnano9k", [10.0, 27.0, 54.0, 120.0]),
];

/// The kinds of the catalog of which no design would be drawn.
pub fn missing(catalog: &Catalog) -> Vec<&'static str> {
    let drawn = |kind: &str| KINDS.iter().any(|(drawn, _)| *drawn == kind);
    catalog.entries().iter().map(|entry| entry.kind).filter(|kind| !drawn(kind)).collect()
}

/// Seeds take all kinds in turn.
pub fn kind(seed: u64) -> &'static str {
    KINDS[seed as usize % KINDS.len()].0
}

/// How many designs of its kind come before that of `seed`, of all seeds.
pub fn turn(seed: u64) -> u64 {
    seed / KINDS.len() as u64
}

/// The design file of `seed`.
pub fn design(seed: u64) -> String {
    let (kind, generator) = KINDS[seed as usize % KINDS.len()];
    let mut draw = Draw::seeded(seed);
    let (board, clocks) = BOARDS[draw.below(BOARDS.len())];
    let mut text = format!("name = \"drawn\"\nboard = \"{board}\"\n");
    if !draw.one_in(4) {
        text += &format!("frequency_mhz = {}\n", clocks[draw.below(clocks.len())]);
    }
    let keys = generator(&mut draw);
    match kind {
        "graph" => text + &keys,
        _ => text + &format!("[datapath]\nkind = \"{kind}\"\n{keys}"),
    }
}
