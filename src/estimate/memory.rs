//! Memories: block RAM, look-up tables as memory, or gates and flip-flops.

use super::gates::{Bit, Cell, Flop, ONE, Store};
use super::lower::{Scope, constant};
use super::rom::constant_bits;
use crate::device::{Counts, Family, LutRam};
use crate::hdl::{MemoryNode, NodeId, Op};
use std::collections::HashMap;

impl Scope<'_> {
    /// Whether synthesis puts it into block RAM, asked or not.
    pub(super) fn in_block_ram(&self, memory: &MemoryNode) -> bool {
        let numbers = self.family.numbers();
        let (words, width) = (memory.words as u64, u64::from(memory.ty.width()));
        let large = |flop_bits: u64| words * width > flop_bits * numbers.block_rams(words, width);
        memory.in_block_ram() || memory.write.is_some() && numbers.flop_bits.is_some_and(large)
    }

    pub(super) fn store(&mut self, memory: &MemoryNode) -> usize {
        let written = memory.write.is_some();
        let in_luts = !self.in_block_ram(memory);
        let words = memory.words;
        let width = constant_bits(memory).filter(Option::is_none).count() as u32;
        self.graph.cell(Cell::Store(Store {
            words,
            width,
            writes: Vec::new(),
            written,
            in_luts,
            is_large: memory.is_large,
        }))
    }

    /// Connects the memories, whose reads from block RAM are the cells `reads`, the others registers after what they read.
    pub(super) fn memories(&mut self, stores: &[usize], reads: &HashMap<NodeId, usize>) {
        let circuit = self.circuit();
        for (memory, &store) in circuit.memories.iter().zip(stores) {
            let Some(write) = &memory.write else { continue };
            let mut writes = self.bits(write.enable).to_vec();
            writes.extend(self.fitted(write.address, address_width(memory.words)));
            writes.extend(self.fitted(write.value, memory.ty.width()));
            let Cell::Store(store) = &mut self.graph.cells[store] else { unreachable!("a memory") };
            store.writes = writes;
        }
        let words: Vec<_> = circuit.memories.iter().map(|memory| self.words(memory)).collect();
        for (id, node) in circuit.nodes.iter().enumerate() {
            let Op::Read { memory, address, enable } = node.op else { continue };
            let definition = &circuit.memories[memory];
            let address = self.fitted(address, address_width(definition.words));
            let enable = enable.map_or(ONE, |enable| self.bits(enable)[0]);
            if let (true, Some(write)) = (definition.is_large, &definition.write) {
                let writes = self.bits(write.enable)[0];
                let to = self.fitted(write.address, address_width(definition.words));
                let one = to.into_iter().zip(address).map(|(to, from)| self.graph.mux(writes, to, from));
                let mut inputs: Vec<Bit> = one.collect();
                inputs.push(self.graph.and(enable, writes ^ 1));
                self.graph.cells[reads[&id]] = Cell::Read { store: stores[memory], inputs };
                continue;
            }
            if self.in_block_ram(definition) {
                let inputs = [&address[..], &[enable]].concat();
                self.graph.cells[reads[&id]] = Cell::Read { store: stores[memory], inputs };
                continue;
            }
            let read = match &words[memory] {
                Some(words) => self.select(words, &address),
                None => {
                    let cell = self.graph.cell(Cell::Read { store: stores[memory], inputs: address });
                    self.graph.made(cell, definition.ty.width())
                }
            };
            for (own, next) in self.bits(id).to_vec().into_iter().zip(read) {
                self.set_flop(own, Flop { next, enable, reset: None });
            }
        }
    }

    /// The words of a memory that is made of gates or flip-flops.
    fn words(&mut self, memory: &MemoryNode) -> Option<Vec<Vec<Bit>>> {
        let width = memory.ty.width();
        if self.in_block_ram(memory) {
            return None;
        }
        let Some(write) = &memory.write else {
            let init = memory.init.as_ref()?;
            return Some(init.iter().map(|word| constant(word, width)).collect());
        };
        if self.family.numbers().lut_ram.is_some() {
            return None;
        }
        let (enable, value) = (self.bits(write.enable)[0], self.fitted(write.value, width));
        let address = self.fitted(write.address, address_width(memory.words));
        let mut words = Vec::new();
        for word in 0..memory.words {
            let here = address.iter().enumerate().map(|(place, bit)| bit ^ 1 ^ (word >> place & 1) as Bit);
            let here = self.graph.all(&here.collect::<Vec<_>>());
            let enable = self.graph.and(here, enable);
            words.push(value.iter().map(|&next| self.new_flop(Flop { next, enable, reset: None })).collect());
        }
        Some(words)
    }

    /// The word at `address`, by its lowest bit last.
    fn select(&mut self, words: &[Vec<Bit>], address: &[Bit]) -> Vec<Bit> {
        let Some((&highest, lower)) = address.split_last() else { return words[0].clone() };
        let half = 1 << lower.len();
        if words.len() <= half {
            return self.select(words, lower);
        }
        let (low, high) = (self.select(&words[..half], lower), self.select(&words[half..], lower));
        self.choose(highest, &high, &low)
    }
}

fn address_width(words: usize) -> u32 {
    (words.max(2) - 1).ilog2() + 1
}

/// What a memory takes for each of its reads.
pub fn counts(store: &Store, family: Family) -> Counts {
    let numbers = family.numbers();
    let (words, width) = (store.words as u64, u64::from(store.width));
    if store.in_luts {
        let of = |ram: &LutRam| words.div_ceil(ram.words) * width.div_ceil(ram.width) * ram.lut4;
        let lut4 = if store.written { numbers.lut_ram.as_ref().map_or(0, of) } else { 0 };
        return Counts { lut4, ..Counts::default() };
    }
    let large = numbers.large_memories_and_banks(words, width).filter(|_| store.is_large);
    if let Some([spram, banks]) = large {
        return Counts { spram, lut4: (banks - 1) * width, ..Counts::default() };
    }
    let [block_ram, banks] = numbers.block_rams_and_banks(words, width, store.written);
    // Banks one above the other: a multiplexer of their words, and a register of which was read.
    let ff = u64::from(banks.next_power_of_two().ilog2());
    Counts { block_ram, lut4: (banks - 1) * width, ff, ..Counts::default() }
}
