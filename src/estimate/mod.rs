//! What a circuit takes of a device, before synthesis: a walk over its bits that does what synthesis does, only simpler.
//!
//! `lower` makes gates of the circuit and of all inside it; `simplify` folds constants, merges what is equal and drops what
//! nobody reads; `cover` covers the gates with four-input look-up tables; `count` adds what the other cells take. How the family
//! adds, multiplies and stores is data of it.

mod arrival;
mod chain;
mod compress;
mod count;
mod cover;
mod gates;
mod lower;
mod memory;
mod narrow;
mod product;
mod rom;
mod simplify;

use crate::device::{Counts, Family};
use crate::hdl::{Circuit, Range};
use count::Read;
use gates::Graph;

/// What a circuit takes, and how fast it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    pub counts: Counts,
    /// The same of each instance in it with all that is inside, under its name; what two share belongs to one of them. What stands in no
    /// instance is the difference from the whole.
    pub parts: Vec<(String, Counts)>,
    /// Nanoseconds between two clock edges that the slowest path needs.
    pub period_ns: f64,
}

/// As [`cost`], without hard multipliers unless `dsp`; with the share of each instance, and the slowest path: levels of look-up tables, carries, memories and multipliers, each with
/// the delay that the family's have in a device of usual fill.
pub fn cost_in_parts(circuit: &Circuit, family: Family, dsp: bool) -> Cost {
    let graph = simplified(circuit, family, dsp);
    let read = Read::of(&graph, family);
    let cover = read.cover();
    let parts = read.counts(&cover, circuit.instances.len() + 1);
    let names = circuit.instances.iter().map(|instance| instance.name.clone());
    Cost {
        counts: sum(&parts),
        parts: names.zip(parts.into_iter().skip(1)).collect(),
        period_ns: read.slowest(&cover),
    }
}

fn simplified(circuit: &Circuit, family: Family, dsp: bool) -> Graph {
    let mut graph = lower::lower(circuit, family, dsp);
    while simplify::simplify(&mut graph, family) {}
    compress::merge(&mut graph, family);
    graph.settled = true;
    while simplify::simplify(&mut graph, family) {}
    narrow::spread(&mut graph, family);
    while simplify::simplify(&mut graph, family) {}
    graph
}

fn sum(parts: &[Counts]) -> Counts {
    parts.iter().fold(Counts::default(), |sum, part| sum + *part)
}

/// What `circuit` alone takes on `family`, with hard multipliers where the family has them and synthesis takes them.
///
/// An estimate: docs/estimates.md says how far it is from what synthesis counts. Flip-flops, block RAM and DSP are nearly
/// always exact; so are the look-up tables of adders that are modules of their own.
pub fn cost(circuit: &Circuit, family: Family) -> Counts {
    let graph = simplified(circuit, family, true);
    let read = Read::of(&graph, family);
    sum(&read.counts(&read.cover(), circuit.instances.len() + 1))
}

/// DSP blocks that synthesis takes for a product of integers in `a` and `b`.
pub fn product_dsp(family: Family, a: &Range, b: &Range) -> u64 {
    let widths = [a, b].map(|range| range.width() as usize);
    product::counts(family, widths, [a, b].map(Range::is_signed), true).dsp
}

#[cfg(test)]
mod tests;
