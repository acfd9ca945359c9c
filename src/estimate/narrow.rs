//! Sums and comparisons of so few bits that synthesis takes no carry cells for them.

use super::count::Read;
use super::gates::{Bit, Cell, Chain, Gate, Graph};
use crate::device::Family;

/// Makes gates of the chains of `graph` that are narrower than those that the family's carry cells are taken for.
pub fn spread(graph: &mut Graph, family: Family) {
    let least = family.numbers().carry.least;
    let read = Read::of(graph, family);
    let mut narrow: Vec<usize> =
        read.chain_widths().filter(|(_, width)| *width < least).map(|(cell, _)| cell).collect();
    narrow.sort_unstable();
    for cell in narrow {
        let Cell::Chain(chain) = std::mem::replace(&mut graph.cells[cell], Cell::Port) else { continue };
        graph.part = graph.cell_parts[cell];
        for (place, bit) in rippled(graph, &chain).into_iter().enumerate() {
            let own = graph.add(Gate::Made { cell, place: place as u32 });
            graph.gates[(own >> 1) as usize] = Gate::Later(Some(bit));
        }
    }
}

/// The sums of a chain and the carry above them, each from the carry below it.
fn rippled(graph: &mut Graph, chain: &Chain) -> Vec<Bit> {
    let mut carry = chain.carry_in;
    let mut sums = Vec::new();
    for (&a, &b) in chain.a.iter().zip(&chain.b) {
        let differ = graph.xor(a, b);
        sums.push(graph.xor(differ, carry));
        carry = graph.mux(differ, carry, a);
    }
    sums.push(carry);
    sums
}
