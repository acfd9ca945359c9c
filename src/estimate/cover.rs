//! Covers gates with four-input look-up tables: the cuts of few inputs that cost least, by area flow, then exactly.
//!
//! Source: A. Mishchenko, S. Chatterjee, R. Brayton, "Improvements to technology mapping for LUT-based FPGAs" (area flow, exact
//! area); A. Mishchenko, S. Cho, S. Chatterjee, R. Brayton, "Combinational and sequential mapping with priority cuts". We map for
//! area only.

use super::gates::{Bit, Cell, Gate, Graph, ONE, operands};
use std::collections::HashMap;

/// Cuts that are kept of each gate.
const CUTS: usize = 6;
/// Inputs of a look-up table.
const INPUTS: usize = 4;

/// What is below the table: the gate of this index, or, with the highest bit set, the carry into the sum of this index.
pub type Leaf = u32;
pub const CARRY: Leaf = 1 << 31;

#[derive(Clone, Copy, Debug)]
pub struct Cut {
    leaves: [Leaf; INPUTS],
    size: usize,
    flow: f32,
}

impl Cut {
    fn of(leaves: &[Leaf]) -> Cut {
        let mut cut = Cut { leaves: [0; INPUTS], size: leaves.len(), flow: 0.0 };
        cut.leaves[..leaves.len()].copy_from_slice(leaves);
        cut.leaves[..leaves.len()].sort_unstable();
        cut
    }

    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves[..self.size]
    }

    fn merged(&self, other: &Cut) -> Option<Cut> {
        let mut cut = Cut { leaves: [0; INPUTS], size: 0, flow: 0.0 };
        let (mut a, mut b) = (self.leaves().iter().peekable(), other.leaves().iter().peekable());
        loop {
            let leaf = match (a.peek(), b.peek()) {
                (None, None) => return Some(cut),
                (Some(&&x), Some(&&y)) if x == y => {
                    a.next();
                    b.next();
                    x
                }
                (Some(&&x), Some(&&y)) if x < y => {
                    a.next();
                    x
                }
                (Some(&&x), None) => {
                    a.next();
                    x
                }
                (_, Some(&&y)) => {
                    b.next();
                    y
                }
            };
            if cut.size == INPUTS {
                return None;
            }
            cut.leaves[cut.size] = leaf;
            cut.size += 1;
        }
    }
}

/// Gates as look-up tables.
pub struct Cover<'g> {
    pub graph: &'g Graph,
    roots: &'g [Bit],
    /// Whether a gate is made in a look-up table, and is read at all.
    in_table: Vec<bool>,
    cuts: Vec<Vec<Cut>>,
    best: Vec<Cut>,
    references: Vec<u32>,
    flow: Vec<f32>,
}

impl<'g> Cover<'g> {
    /// The look-up tables for `roots`, the bits that something else than a gate reads; `is_read` says of which gates anybody asks.
    /// Sums of carry chains are look-up tables too if `sums_in_luts`.
    pub fn of(graph: &'g Graph, roots: &'g [Bit], is_read: &[bool], sums_in_luts: bool) -> Self {
        let mut cover = Self::new(graph, roots, is_read, sums_in_luts);
        for _ in 0..3 {
            cover.choose();
            cover.count_references();
        }
        for _ in 0..2 {
            cover.improve();
        }
        cover
    }

    fn new(graph: &'g Graph, roots: &'g [Bit], is_read: &[bool], sums_in_luts: bool) -> Self {
        let count = graph.gates.len();
        let mut references = vec![0u32; count];
        for (gate, _) in graph.gates.iter().zip(is_read).filter(|(_, read)| **read) {
            operands(*gate).for_each(|bit| references[(bit >> 1) as usize] += 1);
        }
        let of_gates = references.clone();
        roots.iter().for_each(|bit| references[(bit >> 1) as usize] += 1);
        let (mut in_table, mut cuts, mut best) = (vec![false; count], Vec::new(), Vec::new());
        for (index, &gate) in graph.gates.iter().enumerate() {
            let own = Cut::of(&[index as Leaf]);
            let sum = match gate {
                Gate::Made { cell, place } if sums_in_luts && is_read[index] => {
                    sum_cut(graph, cell, place, index)
                }
                _ => None,
            };
            in_table[index] = is_read[index]
                && (sum.is_some() || matches!(gate, Gate::And(..) | Gate::Xor(..) | Gate::Mux(..)));
            best.push(sum.unwrap_or(own));
            // A sum can go into the table that reads it, if only one does.
            cuts.push(match sum {
                Some(cut) if references[index] == 1 && of_gates[index] == 1 => vec![cut, own],
                _ => vec![own],
            });
        }
        Self { graph, roots, in_table, cuts, best, references, flow: vec![0.0; count] }
    }

    fn is_source(&self, leaf: Leaf) -> bool {
        leaf & CARRY != 0 || !self.in_table[leaf as usize]
    }

    fn flow_of(&self, cut: &Cut) -> f32 {
        let share = |&leaf: &Leaf| match self.is_source(leaf) {
            true => 0.0,
            false => self.flow[leaf as usize] / self.references[leaf as usize].max(1) as f32,
        };
        1.0 + cut.leaves().iter().map(share).sum::<f32>()
    }

    /// The best cut of every gate by area flow.
    fn choose(&mut self) {
        for index in 0..self.graph.gates.len() {
            if !self.in_table[index] {
                continue;
            }
            if let Gate::Made { .. } = self.graph.gates[index] {
                self.flow[index] = self.flow_of(&self.best[index]);
                continue;
            }
            let mut cuts = self.merged(index);
            for cut in &mut cuts {
                cut.flow = self.flow_of(cut);
            }
            cuts.sort_by(|a, b| a.flow.total_cmp(&b.flow).then(a.size.cmp(&b.size)));
            cuts.dedup_by(|a, b| a.leaves() == b.leaves());
            cuts.truncate(CUTS);
            self.best[index] = cuts[0];
            self.flow[index] = cuts[0].flow;
            cuts.push(Cut::of(&[index as Leaf]));
            self.cuts[index] = cuts;
        }
    }

    fn merged(&self, index: usize) -> Vec<Cut> {
        let mut merged = vec![Cut::of(&[])];
        for bit in operands(self.graph.gates[index]).filter(|bit| *bit > ONE) {
            let of_operand = &self.cuts[(bit >> 1) as usize];
            merged = merged
                .iter()
                .flat_map(|cut| of_operand.iter().filter_map(|other| cut.merged(other)))
                .collect();
        }
        merged
    }

    /// How often each gate is read by the chosen tables and the roots.
    fn count_references(&mut self) {
        let mut references = vec![0u32; self.references.len()];
        for bit in self.roots {
            references[(bit >> 1) as usize] += 1;
        }
        for index in (0..references.len()).rev() {
            if self.in_table[index] && references[index] > 0 {
                for &leaf in self.best[index].leaves().iter().filter(|leaf| **leaf & CARRY == 0) {
                    references[leaf as usize] += 1;
                }
            }
        }
        self.references = references;
    }

    /// Takes for each table the cut that costs fewest tables in all, the others as they are.
    fn improve(&mut self) {
        for index in 0..self.graph.gates.len() {
            if !self.in_table[index]
                || self.references[index] == 0
                || matches!(self.graph.gates[index], Gate::Made { .. })
            {
                continue;
            }
            let mut cheapest = (self.release(self.best[index]), self.best[index]);
            for place in 0..self.cuts[index].len() - 1 {
                let cut = self.cuts[index][place];
                let cost = self.take(cut);
                self.release(cut);
                if cost < cheapest.0 {
                    cheapest = (cost, cut);
                }
            }
            self.best[index] = cheapest.1;
            self.take(cheapest.1);
        }
    }

    /// The tables that are needed anew for a table of this cut, itself among them.
    fn take(&mut self, cut: Cut) -> u32 {
        let mut cost = 1;
        for &leaf in cut.leaves() {
            if !self.is_source(leaf) {
                self.references[leaf as usize] += 1;
                if self.references[leaf as usize] == 1 {
                    cost += self.take(self.best[leaf as usize]);
                }
            }
        }
        cost
    }

    /// The reverse of [`Cover::take`].
    fn release(&mut self, cut: Cut) -> u32 {
        let mut cost = 1;
        for &leaf in cut.leaves() {
            if !self.is_source(leaf) {
                self.references[leaf as usize] -= 1;
                if self.references[leaf as usize] == 0 {
                    cost += self.release(self.best[leaf as usize]);
                }
            }
        }
        cost
    }

    /// The gate of each table, and that of each complement that takes one.
    pub fn tables(&self) -> impl Iterator<Item = usize> {
        let used = |gate: &usize| self.in_table[*gate] && self.references[*gate] > 0;
        (0..self.in_table.len()).filter(used).chain(self.inverters())
    }

    /// The cuts of the table that a gate is made in, of which the area decides; none where it is made elsewhere.
    pub fn cuts(&self, gate: usize) -> &[Cut] {
        match (self.in_table[gate], self.graph.gates[gate]) {
            (false, _) | (_, Gate::Made { .. }) => &[],
            // The last is the gate itself.
            _ => &self.cuts[gate][..self.cuts[gate].len() - 1],
        }
    }

    /// Complements that are no table's own: of what is made elsewhere, and of what is needed both ways.
    fn inverters(&self) -> Vec<usize> {
        let mut ways: HashMap<u32, [bool; 2]> = HashMap::new();
        for bit in self.roots.iter().filter(|bit| **bit > ONE) {
            ways.entry(bit >> 1).or_default()[(bit & 1) as usize] = true;
        }
        let needs = ways
            .into_iter()
            .filter(|(gate, [plain, turned])| *turned && (*plain || !self.in_table[*gate as usize]));
        needs.map(|(gate, _)| gate as usize).collect()
    }
}

/// The look-up table of a sum: its operands as they are, and the carry below it. None for the carry above the highest sum.
fn sum_cut(graph: &Graph, cell: usize, place: u32, index: usize) -> Option<Cut> {
    let Cell::Chain(chain) = &graph.cells[cell] else { return None };
    let place = place as usize;
    let operands = [*chain.a.get(place)?, chain.b[place]];
    let mut leaves: Vec<Leaf> = operands.iter().filter(|bit| **bit > ONE).map(|bit| bit >> 1).collect();
    if place > 0 || chain.carry_in > ONE {
        leaves.push(CARRY | index as Leaf);
    }
    leaves.sort_unstable();
    leaves.dedup();
    Some(Cut::of(&leaves))
}
