//! Adds up what the gates and cells of a simplified graph take.

use super::arrival::slowest;
use super::chain::{cells, entering};
use super::cover::Cover;
use super::gates::{Bit, Cell, Flop, Gate, Graph, ONE, Part, operands};
use super::{memory, product};
use crate::device::{Counts, Family, ResetPriority};
use std::collections::{HashMap, HashSet};

/// The flip-flops that hold the result of a hard multiplier, all of its bits together, and nothing else reads it.
fn held_results(read: &Read) -> Vec<usize> {
    let graph = read.graph;
    let mut readers: HashMap<Bit, u32> = HashMap::new();
    for (gate, _) in graph.gates.iter().zip(&read.gates).filter(|(_, read)| **read) {
        operands(*gate).for_each(|bit| *readers.entry(bit & !1).or_default() += 1);
    }
    read.roots.iter().for_each(|bit| *readers.entry(bit & !1).or_default() += 1);
    let mut flops: HashMap<Bit, (usize, Flop)> = HashMap::new();
    for index in read.read_cells() {
        if let Cell::Flop(flop) = &graph.cells[index] {
            flops.insert(flop.next, (index, *flop));
        }
    }
    let mut products: HashMap<usize, Vec<Bit>> = HashMap::new();
    for (index, gate) in graph.gates.iter().enumerate().filter(|(index, _)| read.gates[*index]) {
        if let Gate::Made { cell, .. } = gate
            && matches!(graph.cells[*cell], Cell::Product { .. })
            && taken(graph, &graph.cells[*cell], read.family).dsp == 1
        {
            products.entry(*cell).or_default().push((index as Bit) << 1);
        }
    }
    let held = products.into_values().filter(|bits| {
        let of = |bit: &Bit| flops.get(bit).map(|(_, flop)| (flop.enable, flop.reset));
        let first = of(&bits[0]);
        first.is_some() && bits.iter().all(|bit| readers[bit] == 1 && of(bit) == first)
    });
    held.flatten().map(|bit| flops[&bit].0).collect()
}

fn taken(graph: &Graph, cell: &Cell, family: Family) -> Counts {
    match cell {
        Cell::Flop(_) => Counts { ff: 1, ..Counts::default() },
        Cell::Adder { counts, .. } | Cell::Whole { counts, .. } => *counts,
        Cell::Product { a, b, signs, hard } => product::counts(family, [a, b].map(Vec::len), *signs, *hard),
        Cell::Read { store, .. } => match &graph.cells[*store] {
            Cell::Store(store) => memory::counts(store, family),
            _ => Counts::default(),
        },
        Cell::Port | Cell::Chain(_) | Cell::Store(_) => Counts::default(),
    }
}

/// What is read, from the outputs down.
pub struct Read<'g> {
    graph: &'g Graph,
    family: Family,
    gates: Vec<bool>,
    cells: Vec<bool>,
    /// The highest bit that is read of each chain.
    chains: HashMap<usize, u32>,
    /// The chains of which the carry above all bits is read.
    carries: HashSet<usize>,
    /// The bits that something else than a gate reads.
    roots: Vec<Bit>,
    queue: Vec<Bit>,
    /// Enables, each with a reset that they must let through, and the part of the first such flip-flop.
    enables: HashMap<[Bit; 2], Part>,
}

impl<'g> Read<'g> {
    pub fn of(graph: &'g Graph, family: Family) -> Self {
        let mut read = Read {
            graph,
            family,
            gates: vec![false; graph.gates.len()],
            cells: vec![false; graph.cells.len()],
            chains: HashMap::new(),
            carries: HashSet::new(),
            roots: Vec::new(),
            queue: Vec::new(),
            enables: HashMap::new(),
        };
        graph.outputs.iter().for_each(|&bit| read.root(bit));
        while let Some(bit) = read.queue.pop() {
            read.visit(bit);
        }
        read
    }

    /// Its gates as look-up tables.
    pub fn cover(&self) -> Cover<'_> {
        let in_luts = self.family.numbers().carry.sums_in_luts();
        Cover::of(self.graph, &self.roots, &self.gates, in_luts)
    }

    /// What each of `parts` parts takes, where gates are covered so.
    pub fn counts(&self, cover: &Cover, parts: usize) -> Vec<Counts> {
        let (graph, family) = (self.graph, self.family);
        let in_luts = family.numbers().carry.sums_in_luts();
        let mut counts = vec![Counts::default(); parts];
        let table = Counts { lut4: 1, ..Counts::default() };
        let mut add = |part: Part, more: Counts| counts[part as usize] = counts[part as usize] + more;
        cover.tables().for_each(|gate| add(graph.gate_parts[gate], table));
        self.enables.values().for_each(|part| add(*part, table));
        self.read_cells().for_each(|index| {
            add(graph.cell_parts[index], taken(graph, &graph.cells[index], family));
        });
        // The carry out of the highest bit that is read goes nowhere, unless it is read itself.
        for (&cell, &top) in &self.chains {
            let bits = if in_luts && !self.carries.contains(&cell) { top } else { top + 1 };
            add(graph.cell_parts[cell], cells(family, bits));
        }
        if family.numbers().multiplier.is_some_and(|multiplier| multiplier.holds_result) {
            held_results(self).into_iter().for_each(|flop| counts[graph.cell_parts[flop] as usize].ff -= 1);
        }
        counts
    }

    pub fn reads_gate(&self, gate: usize) -> bool {
        self.gates[gate]
    }

    /// Whether a cell is read, a chain too.
    pub fn reads_cell(&self, cell: usize) -> bool {
        self.cells[cell] || self.chains.contains_key(&cell)
    }

    /// Of each chain that is read, how many bits are.
    pub fn chain_widths(&self) -> impl Iterator<Item = (usize, u32)> {
        self.chains.iter().map(|(&cell, &top)| (cell, top + 1))
    }

    /// The nanoseconds of the slowest path.
    pub fn slowest(&self, cover: &Cover) -> f64 {
        slowest(cover, self.family, self.read_cells())
    }

    fn read_cells(&self) -> impl Iterator<Item = usize> {
        (0..self.cells.len()).filter(|cell| self.cells[*cell])
    }

    fn root(&mut self, bit: Bit) {
        if bit > ONE {
            self.roots.push(bit);
            self.queue.push(bit);
        }
    }

    fn visit(&mut self, bit: Bit) {
        let index = (bit >> 1) as usize;
        if std::mem::replace(&mut self.gates[index], true) {
            return;
        }
        match self.graph.gates[index] {
            Gate::Made { cell, place } => self.cell(cell, place),
            gate => self.queue.extend(operands(gate)),
        }
    }

    fn cell(&mut self, cell: usize, place: u32) {
        let graph = self.graph;
        if let Cell::Chain(chain) = &graph.cells[cell] {
            // The carry above the highest bit needs no bit of its own.
            let top = place.min(chain.a.len() as u32 - 1);
            if place > top {
                self.carries.insert(cell);
            }
            let first = self.chains.get(&cell).map_or(0, |before| before + 1);
            if first == 0 {
                self.root(chain.carry_in);
            }
            for place in first..=top {
                for bit in entering(chain, self.family, place as usize) {
                    self.root(bit);
                }
            }
            if first <= top {
                self.chains.insert(cell, top);
            }
            return;
        }
        if std::mem::replace(&mut self.cells[cell], true) {
            return;
        }
        match &graph.cells[cell] {
            Cell::Flop(flop) => {
                self.root(flop.next);
                let enable = flop.enable;
                let Some(reset) = flop.reset else { return self.root(enable) };
                self.root(reset.when);
                let apart = match self.family.reset_priority {
                    ResetPriority::Either | ResetPriority::Gates => false,
                    ResetPriority::Enable => !reset.enabled,
                    ResetPriority::Reset => reset.enabled,
                };
                self.root(enable);
                if apart && enable > ONE {
                    self.enables.entry([enable, reset.when]).or_insert(graph.cell_parts[cell]);
                }
            }
            Cell::Read { store, inputs } => {
                inputs.iter().for_each(|&bit| self.root(bit));
                if let Cell::Store(store_cell) = &graph.cells[*store]
                    && !std::mem::replace(&mut self.cells[*store], true)
                {
                    store_cell.writes.iter().for_each(|&bit| self.root(bit));
                }
            }
            cell => {
                let mut cell = cell.clone();
                cell.inputs_mut().into_iter().for_each(|bit| self.root(*bit));
            }
        }
    }
}
