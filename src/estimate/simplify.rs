//! What synthesis finds without any family: constants, equal gates and flip-flops, and what nobody reads.

use super::chain::{cut, trimmed};
use super::gates::{Bit, Cell, Flop, Gate, Graph, ONE, Reset, ZERO, operands};
use crate::device::{Family, ResetPriority};
use std::collections::HashMap;

/// Makes `graph` anew without what is constant, equal to something else or unread; whether flip-flops went.
pub fn simplify(graph: &mut Graph, family: Family) -> bool {
    let mut pass = Pass {
        old: graph,
        family,
        new: Graph::new(),
        bits: vec![None; graph.gates.len()],
        sums: HashMap::new(),
        found: vec![false; graph.cells.len()],
        queue: Vec::new(),
    };
    pass.new.settled = pass.old.settled;
    pass.new.cells = vec![Cell::Port; graph.cells.len()];
    pass.new.cell_parts.clone_from(&graph.cell_parts);
    pass.new.outputs = graph.outputs.iter().map(|&bit| pass.bit(bit)).collect();
    while let Some(cell) = pass.queue.pop() {
        pass.cell(cell);
    }
    let mut new = pass.new;
    let merged = merge_flops(&mut new);
    *graph = new;
    merged
}

struct Pass<'g> {
    old: &'g Graph,
    family: Family,
    new: Graph,
    /// The new bit of each old gate.
    bits: Vec<Option<Bit>>,
    /// The new bits of each old chain.
    sums: HashMap<usize, Vec<Bit>>,
    /// Whether a cell is read, and those of which the inputs are still to be made.
    found: Vec<bool>,
    queue: Vec<usize>,
}

impl Pass<'_> {
    /// The new bit for `bit`, with all that it follows from.
    fn bit(&mut self, bit: Bit) -> Bit {
        let mut stack = vec![bit >> 1];
        while let Some(&gate) = stack.last() {
            if self.bits[gate as usize].is_none() {
                let missing: Vec<Bit> = self
                    .needed(self.old.gates[gate as usize])
                    .into_iter()
                    .filter(|bit| self.bits[(bit >> 1) as usize].is_none())
                    .collect();
                if !missing.is_empty() {
                    stack.extend(missing.iter().map(|bit| bit >> 1));
                    continue;
                }
                self.new.part = self.old.gate_parts[gate as usize];
                let new = self.gate(self.old.gates[gate as usize]);
                self.bits[gate as usize] = Some(new);
            }
            stack.pop();
        }
        self.made(bit)
    }

    fn made(&self, bit: Bit) -> Bit {
        self.bits[(bit >> 1) as usize].expect("made before its readers") ^ (bit & 1)
    }

    /// What must be made before `gate`.
    fn needed(&self, gate: Gate) -> Vec<Bit> {
        match gate {
            Gate::Made { cell, .. } => match &self.old.cells[cell] {
                Cell::Chain(chain) if !self.sums.contains_key(&cell) => {
                    chain.a.iter().chain(&chain.b).chain([&chain.carry_in]).copied().collect()
                }
                _ => Vec::new(),
            },
            gate => operands(gate).collect(),
        }
    }

    fn gate(&mut self, gate: Gate) -> Bit {
        match gate {
            Gate::Zero => ZERO,
            Gate::And(a, b) => self.new.and(self.made(a), self.made(b)),
            Gate::Xor(a, b) => self.new.xor(self.made(a), self.made(b)),
            Gate::Mux(condition, then, otherwise) => {
                self.new.mux(self.made(condition), self.made(then), self.made(otherwise))
            }
            Gate::Later(driver) => self.made(driver.expect("every input is connected")),
            Gate::Made { cell, place } => {
                if let Cell::Chain(_) = &self.old.cells[cell] {
                    if !self.sums.contains_key(&cell) {
                        let sums = self.chain(cell);
                        self.sums.insert(cell, sums);
                    }
                    return self.sums[&cell][place as usize];
                }
                if !self.found[cell] {
                    self.found[cell] = true;
                    self.queue.push(cell);
                }
                self.new.add(gate)
            }
        }
    }

    /// The sums of a chain, and the carry above them.
    fn chain(&mut self, cell: usize) -> Vec<Bit> {
        let mut moved = self.old.cells[cell].clone();
        for bit in moved.inputs_mut() {
            *bit = self.made(*bit);
        }
        let Cell::Chain(chain) = moved else { unreachable!("a chain") };
        let (chain, mut sums) = match trimmed(&mut self.new, &chain, self.family) {
            // Sums are merged as they are.
            (rest, _) if !self.old.settled && !rest.a.is_empty() => (chain, Vec::new()),
            trimmed => trimmed,
        };
        if chain.a.is_empty() {
            sums.push(chain.carry_in);
            return sums;
        }
        if self.old.settled
            && let Some((low, high)) = cut(&chain, self.family)
        {
            let width = low.a.len() as u32;
            self.new.cells[cell] = Cell::Chain(low);
            sums.extend(self.new.made(cell, width));
            let (high, known) = trimmed(&mut self.new, &high, self.family);
            sums.extend(known);
            if high.a.is_empty() {
                sums.push(high.carry_in);
                return sums;
            }
            self.new.part = self.old.cell_parts[cell];
            let above = self.new.cell(Cell::Chain(high.clone()));
            sums.extend(self.new.made(above, high.a.len() as u32 + 1));
            return sums;
        }
        let width = chain.a.len() as u32;
        self.new.cells[cell] = Cell::Chain(chain);
        sums.extend(self.new.made(cell, width + 1));
        sums
    }

    fn cell(&mut self, cell: usize) {
        let mut moved = self.old.cells[cell].clone();
        for bit in moved.inputs_mut() {
            *bit = self.bit(*bit);
        }
        self.new.part = self.old.cell_parts[cell];
        if let Cell::Flop(flop) = &mut moved {
            let own = self.new.add(Gate::Made { cell, place: 0 });
            *flop = self.flop(own, *flop);
        }
        if let Cell::Read { store, .. } = moved
            && !self.found[store]
        {
            self.found[store] = true;
            self.queue.push(store);
        }
        self.new.cells[cell] = moved;
    }

    /// Multiplexers in front of a flip-flop that are its reset or its enable.
    fn flop(&mut self, own: Bit, mut flop: Flop) -> Flop {
        while let Gate::Mux(condition, then, otherwise) = self.new.gate(flop.next)
            && flop.next & 1 == 0
        {
            let sides = [(condition, then, otherwise), (condition ^ 1, otherwise, then)];
            let reset = sides.into_iter().find(|(_, value, _)| *value <= ONE);
            let held = sides.into_iter().find(|(_, value, _)| *value == own);
            if let (Some((when, value, next)), true) = (reset, can_reset(&flop, reset)) {
                let when = flop.reset.map_or(when, |reset| self.new.or(reset.when, when));
                flop.reset = Some(Reset { when, value: value == ONE, enabled: flop.enable != ONE });
                flop.next = next;
            } else if let Some((when, _, next)) = held {
                flop.enable = self.new.and(flop.enable, when ^ 1);
                flop.next = next;
            } else {
                break;
            }
        }
        if self.new.settled && self.family.reset_priority == ResetPriority::Gates {
            self.reset_by_gates(flop)
        } else {
            flop
        }
    }

    fn reset_by_gates(&mut self, flop: Flop) -> Flop {
        let Some(reset) = flop.reset else { return flop };
        let enable = if reset.enabled { flop.enable } else { self.new.or(flop.enable, reset.when) };
        Flop { next: self.new.mux(reset.when, Bit::from(reset.value), flop.next), enable, reset: None }
    }
}

/// Whether `flop` can have this reset in addition to its own.
fn can_reset(flop: &Flop, reset: Option<(Bit, Bit, Bit)>) -> bool {
    let Some((_, value, _)) = reset else { return false };
    let value = value == ONE;
    match flop.reset {
        None => true,
        Some(own) => own.value == value && (own.enabled || flop.enable == ONE),
    }
}

/// Puts constants and equal flip-flops in place of those that can be spared; whether there were any.
fn merge_flops(graph: &mut Graph) -> bool {
    let mut seen: HashMap<Flop, usize> = HashMap::new();
    let mut found = false;
    for cell in 0..graph.cells.len() {
        let Cell::Flop(flop) = graph.cells[cell] else { continue };
        let own = graph.add(Gate::Made { cell, place: 0 });
        let constant = match (flop.next, flop.reset) {
            (next, None) if next <= ONE => Some(next),
            (next, Some(reset)) if next == own || next == Bit::from(reset.value) => {
                Some(Bit::from(reset.value))
            }
            (_, Some(reset)) if flop.enable == ZERO => Some(Bit::from(reset.value)),
            _ => None,
        };
        let same = constant.or_else(|| match seen.get(&flop) {
            Some(&other) => Some(graph.add(Gate::Made { cell: other, place: 0 })),
            None => {
                seen.insert(flop, cell);
                None
            }
        });
        if let Some(same) = same {
            graph.gates[(own >> 1) as usize] = Gate::Later(Some(same));
            graph.cells[cell] = Cell::Port;
            found = true;
        }
    }
    found
}
