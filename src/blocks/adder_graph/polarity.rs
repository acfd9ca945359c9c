//! In which polarity each node of a graph is held.
//!
//! On iCE40 the carry chain takes the operands as they are, before the look-up table, so `a - b` costs a look-up table a bit more than
//! `a + b`; but an adder's output may be complemented for free. So every adder is a plain sum of what two nodes hold, each its
//! value `v` or the complement `~v = -v - 1`, plus a carry-in. That a sum takes `a` and `b` with certain signs fixes only
//! whether they are read in the same polarity; which of the two it is, is free. A node that is read in both is complemented once
//! more, at a look-up table a bit; `assignment` finds which nodes should be.

use super::assignment::{Assignment, Read};
use super::{AdderGraph, Computed, estimate};

/// A choice for every sum of a graph.
#[derive(Clone, Debug)]
pub struct Polarities {
    pub sums: Vec<Computed>,
    /// For each sum, whether its node is held complemented.
    pub complemented: Vec<bool>,
    /// Look-up tables of all adders, of the complements of nodes that are read in both polarities, and of the +1 that makes
    /// a negative row of a complement.
    pub luts: u64,
}

impl Polarities {
    /// A choice for `graph`, the same for the same graph.
    pub fn of(graph: &AdderGraph) -> Self {
        let inputs = graph.inputs.len();
        let read = Assignment::of(graph).read;
        let a_complemented: Vec<bool> = graph
            .sums
            .iter()
            .map(|sum| match (read[sum.a], read[sum.b]) {
                (Read::Plain, _) => false,
                (Read::Complemented, _) => true,
                (Read::Both, b) => (b == Read::Complemented) != (b != Read::Both && sum.subtracts),
            })
            .collect();
        // How often each node is read plain, and complemented.
        let mut reads = vec![[0u32; 2]; read.len()];
        reads[..inputs].fill([1, 0]);
        for row in graph.rows.iter().flatten() {
            reads[row.node][usize::from(row.negative)] += 1;
        }
        for (sum, &a_complemented) in graph.sums.iter().zip(&a_complemented) {
            reads[sum.a][usize::from(a_complemented)] += 1;
            reads[sum.b][usize::from(a_complemented != sum.subtracts)] += 1;
        }

        let (mut sums, mut complemented) = (Vec::new(), Vec::new());
        for (index, (sum, &a_complemented)) in graph.sums.iter().zip(&a_complemented).enumerate() {
            // With `v = a + b`: a + b is v, ~a + ~b + 1 is ~v. With `v = a - b`: a + ~b + 1 is v, ~a + b is ~v. A shifted
            // operand brings its carry-in to the upper bits.
            let b_complemented = a_complemented != sum.subtracts;
            let node = inputs + index;
            let [plain, negative] = reads[node];
            let held = negative > 0 && (plain == 0 || a_complemented);
            let inverted = held != a_complemented;
            sums.push(Computed { a_complemented, b_complemented, carry_in: b_complemented, inverted });
            complemented.push(held);
        }
        let luts = estimate::luts(graph, &sums, &complemented);
        Polarities { sums, complemented, luts }
    }
}
