//! Examples with some of their keys changed: for a check that takes too long at their size.

use ternlet::graph::Example;

/// Datapaths, each with the texts to find in its example and what to write in their place.
pub type Changes<'a> = [(&'a str, &'a [(&'a str, &'a str)])];

/// Gradients of few bits, in short frames.
pub const SMALL_GRADIENTS: (&str, &[(&str, &str)]) = (
    "gradient_prune",
    &[
        ("input = \"s16\"", "input = \"s6\""),
        ("lanes = 4", "lanes = 2"),
        ("frame = [64, 32]", "frame = [8, 4]"),
        ("frames = 4", "frames = 2"),
        ("bits = 16", "bits = 5"),
    ],
);

/// The example of `entry` with those of `changes` that are for it.
///
/// # Panics
/// If the example has not the text that is to be changed.
pub fn changed(entry: &Example, changes: &Changes) -> String {
    let changes = changes.iter().filter(|(kind, _)| *kind == entry.kind).map(|(_, changes)| *changes);
    replaced(entry.text, entry.kind, &changes.flatten().copied().collect::<Vec<_>>())
}

/// `text`, an example of `kind`, with all of `changes`.
///
/// # Panics
/// If the text has not what is to be changed.
pub fn replaced(text: &str, kind: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the example of {kind} has {from}");
        text.replace(from, to)
    })
}
