//! Random designs: those of the campaign.

#[path = "../campaign/arrays.rs"]
mod arrays;
#[allow(dead_code, reason = "the campaign asks for more")]
#[path = "../campaign/designs.rs"]
mod designs;
#[path = "../../tests/support/draw.rs"]
mod draw;
#[path = "../campaign/graphs.rs"]
mod graphs;
#[path = "../campaign/kernels.rs"]
mod kernels;
#[path = "../campaign/keys.rs"]
mod keys;
#[path = "../campaign/maps.rs"]
mod maps;
#[path = "../campaign/pictures.rs"]
mod pictures;
#[path = "../campaign/streams.rs"]
mod streams;

use std::fs;
use std::ops::Range;
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design};
use ternlet::device::{Board, Family};

/// Designs by which the estimate is made better, and those that only show how good it is.
pub const CALIBRATION: Range<u64> = 1_000_000..2_000_000;
pub const HELD_OUT: Range<u64> = 2_000_000..3_000_000;

/// The designs of `seeds` on a board of `family`, each called after its seed and its kind; without those that are refused.
pub fn all(seeds: Range<u64>, family: Family) -> impl Iterator<Item = Design> {
    let catalog = Catalog::standard();
    let missing = designs::missing(&catalog);
    assert!(missing.is_empty(), "no design is drawn of {missing:?}");
    let board =
        Board::all().into_iter().find(|board| board.family == family).expect("a board of each family");
    let choices = Choices { board: Some(board.name), ..Choices::default() };
    let folder = tempfile::tempdir().expect("a temporary folder");
    seeds.filter_map(move |seed| {
        let path = folder.path().join("design.toml");
        fs::write(&path, designs::design(seed)).expect("a temporary file");
        let mut design = Design::read(&path, &choices, &catalog).ok()?;
        design.name = format!("d{seed}_{}", designs::kind(seed));
        Some(design)
    })
}
