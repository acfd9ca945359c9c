//! Gates and registers in the format BLIF, as Yosys writes them.

use std::iter::Peekable;
use std::str::Lines;

/// A register.
#[derive(Clone, Copy)]
pub(super) struct Latch<'a> {
    pub next: &'a str,
    pub q: &'a str,
    /// `re` for the rising edge of the clock, `fe` for the falling.
    pub edge: &'a str,
    pub clock: &'a str,
    /// What it holds at first.
    pub first: &'a str,
}

/// The register of a line `.latch <next> <q> <edge> <clock> <first>`.
pub(super) fn latch(line: &str) -> Option<Latch<'_>> {
    let words: Vec<&str> = line.strip_prefix(".latch ")?.split(' ').collect();
    let [next, q, edge, clock, first] = words[..] else { return None };
    Some(Latch { next, q, edge, clock, first })
}

/// Inputs and, last, the output of a gate, with the rows of its truth table.
pub(super) struct Gate<'a> {
    pub nets: Vec<&'a str>,
    pub table: Vec<&'a str>,
}

/// The gate of a line `.names <inputs> <output>`, whose table is taken from the `lines` after it.
pub(super) fn gate<'a>(line: &'a str, lines: &mut Peekable<Lines<'a>>) -> Option<Gate<'a>> {
    let nets = line.strip_prefix(".names ")?.split(' ').collect();
    let table = std::iter::from_fn(|| lines.next_if(|line| !line.starts_with('.'))).collect();
    Some(Gate { nets, table })
}
