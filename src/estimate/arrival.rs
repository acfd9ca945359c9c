//! When each bit is there after a clock edge, and the slowest path between two registers.

use super::cover::{CARRY, Cover};
use super::gates::{Bit, Cell, Gate, Graph, ONE, operands};
use crate::device::{Family, Numbers};
use std::collections::HashMap;

/// Nanoseconds that the slowest path takes to any of `cells`, which are read, or to an output of the circuit, its registers included. Inputs
/// come from registers.
pub fn slowest(cover: &Cover, family: Family, cells: impl Iterator<Item = usize>) -> f64 {
    let graph = cover.graph;
    let numbers = family.numbers();
    let at = vec![None; graph.gates.len()];
    let mut arrivals = Arrivals { cover, graph, numbers, at, ripples: HashMap::new() };
    let mut latest = arrivals.latest(&graph.outputs);
    for cell in cells {
        latest = latest.max(arrivals.latest(&ends(&graph.cells[cell])));
    }
    numbers.delays.register + latest
}

/// The bits that a cell holds from the next clock edge on.
fn ends(cell: &Cell) -> Vec<Bit> {
    match cell {
        Cell::Flop(flop) => {
            [flop.next, flop.enable].into_iter().chain(flop.reset.map(|reset| reset.when)).collect()
        }
        Cell::Read { inputs, .. } | Cell::Whole { inputs, clocked: true, .. } => inputs.clone(),
        Cell::Store(store) => store.writes.clone(),
        _ => Vec::new(),
    }
}

struct Arrivals<'g> {
    cover: &'g Cover<'g>,
    graph: &'g Graph,
    numbers: &'g Numbers,
    /// Of each gate, as far as known.
    at: Vec<Option<f64>>,
    /// Of each bit of a carry chain, and of the carry above them.
    ripples: HashMap<usize, Vec<f64>>,
}

impl Arrivals<'_> {
    /// When the last of `bits` is there.
    fn latest(&mut self, bits: &[Bit]) -> f64 {
        bits.iter().map(|&bit| self.arrival(bit)).fold(0.0, f64::max)
    }

    fn arrival(&mut self, bit: Bit) -> f64 {
        let mut stack = vec![bit >> 1];
        while let Some(&gate) = stack.last() {
            if self.at[gate as usize].is_none() {
                let missing: Vec<u32> = self
                    .needed(self.graph.gates[gate as usize])
                    .into_iter()
                    .filter(|bit| self.at[(bit >> 1) as usize].is_none())
                    .map(|bit| bit >> 1)
                    .collect();
                if !missing.is_empty() {
                    stack.extend(missing);
                    continue;
                }
                self.at[gate as usize] = Some(self.found(gate as usize));
            }
            stack.pop();
        }
        self.of(bit)
    }

    fn of(&self, bit: Bit) -> f64 {
        self.at[(bit >> 1) as usize].expect("what it follows from is found first")
    }

    fn of_all(&self, bits: &[Bit]) -> f64 {
        bits.iter().map(|&bit| self.of(bit)).fold(0.0, f64::max)
    }

    /// The bits from which a gate's follows in the same clock cycle.
    fn needed(&self, gate: Gate) -> Vec<Bit> {
        let Gate::Made { cell, .. } = gate else { return operands(gate).collect() };
        match &self.graph.cells[cell] {
            Cell::Chain(_) if self.ripples.contains_key(&cell) => Vec::new(),
            Cell::Chain(chain) => chain.a.iter().chain(&chain.b).chain([&chain.carry_in]).copied().collect(),
            Cell::Adder { .. } if self.ripples.contains_key(&cell) => Vec::new(),
            Cell::Adder { a, b, carry_in, .. } => a.iter().chain(b).chain([carry_in]).copied().collect(),
            Cell::Product { a, b, .. } => a.iter().chain(b).copied().collect(),
            Cell::Whole { inputs, clocked: false, .. } => inputs.clone(),
            Cell::Read { store, inputs } if self.is_in_luts(*store) => inputs.clone(),
            _ => Vec::new(),
        }
    }

    fn is_in_luts(&self, store: usize) -> bool {
        matches!(&self.graph.cells[store], Cell::Store(store) if store.in_luts)
    }

    /// That of a gate after all that it follows from.
    fn found(&mut self, gate: usize) -> f64 {
        let lut = self.numbers.delays.lut;
        match self.graph.gates[gate] {
            Gate::Made { cell, place } => self.made(cell, place as usize),
            Gate::Zero => 0.0,
            other => {
                let leaf = |leaf: u32| match leaf & CARRY {
                    // The sum goes into this table.
                    CARRY => (self.of((leaf ^ CARRY) << 1) - lut).max(0.0),
                    _ => self.of(leaf << 1),
                };
                let of_cut = |leaves: &[u32]| leaves.iter().map(|at| leaf(*at)).fold(0.0, f64::max);
                let cuts = self.cover.cuts(gate).iter().map(|cut| of_cut(cut.leaves()));
                let inputs = operands(other).map(|bit| self.of(bit)).fold(0.0, f64::max);
                lut + cuts.fold(inputs, f64::min)
            }
        }
    }

    fn made(&mut self, cell: usize, place: usize) -> f64 {
        let delays = &self.numbers.delays;
        match &self.graph.cells[cell] {
            Cell::Chain(chain) => self.ripple(cell, &chain.a, &chain.b, chain.carry_in, place),
            Cell::Adder { a, b, carry_in, .. } => self.ripple(cell, a, b, *carry_in, place),
            // Of look-up tables it is gates and a chain.
            Cell::Product { a, b, .. } => {
                let delay = self.numbers.multiplier.map_or(0.0, |multiplier| multiplier.delay);
                self.of_all(a).max(self.of_all(b)) + delay
            }
            Cell::Whole { inputs, clocked: false, .. } => self.of_all(inputs) + delays.lut,
            Cell::Read { store, inputs } => match self.is_in_luts(*store) {
                true => self.of_all(inputs) + delays.lut,
                false => delays.memory,
            },
            _ => 0.0,
        }
    }

    /// That of bit `place` of a sum: the carry ripples up from each bit.
    fn ripple(&mut self, cell: usize, a: &[Bit], b: &[Bit], carry_in: Bit, place: usize) -> f64 {
        if !self.ripples.contains_key(&cell) {
            let delays = &self.numbers.delays;
            let mut carry = if carry_in > ONE { self.of(carry_in) } else { 0.0 };
            let bit = |bits: &[Bit], at: usize| bits.get(at).or(bits.last()).map_or(0.0, |bit| self.of(*bit));
            let width = a.len().max(b.len());
            let sums = (0..=width).map(|at| {
                carry = carry.max(bit(a, at)).max(bit(b, at)) + delays.carry_bit;
                carry + delays.carry_start
            });
            let sums = sums.collect();
            self.ripples.insert(cell, sums);
        }
        let sums = &self.ripples[&cell];
        sums[place.min(sums.len() - 1)]
    }
}
