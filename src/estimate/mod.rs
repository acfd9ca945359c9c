//! What a circuit takes of a device, before synthesis: a walk over its bits that does what synthesis does, only simpler.
//!
//! `lower` makes gates of the circuit and of all inside it; `simplify` folds constants, merges what is equal and drops what
//! nobody reads; `cover` covers the gates with four-input look-up tables; `count` adds what the other cells take. How the family
//! adds, multiplies and stores is data of it.

mod chain;
mod count;
mod cover;
mod gates;
mod lower;
mod memory;
mod product;
mod simplify;

use crate::device::{Counts, Family};
use crate::hdl::{Circuit, Range};

/// What `circuit` alone takes on `family`, with hard multipliers where the family has them and synthesis takes them.
///
/// An estimate: docs/estimates.md says how far it is from what synthesis counts. Flip-flops, block RAM and DSP are nearly
/// always exact; so are the look-up tables of adders that are modules of their own.
pub fn cost(circuit: &Circuit, family: Family) -> Counts {
    let mut graph = lower::lower(circuit, family);
    while simplify::simplify(&mut graph, family) {}
    count::count(&graph, family)
}

/// DSP blocks that synthesis takes for a product of integers in `a` and `b`.
pub fn product_dsp(family: Family, a: &Range, b: &Range) -> u64 {
    product::counts(family, a.width(), b.width(), a.is_signed() || b.is_signed()).dsp
}

#[cfg(test)]
mod tests;
