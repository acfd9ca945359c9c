//! Registers and memories.

use super::ast::*;
use super::lower::{Lowering, only_value};
use crate::hdl::{NodeId, Op, Write};
use std::collections::HashMap;
use std::rc::Rc;

/// Registers that one clocked block may assign: those of one part and one enable, with or without reset. A register
/// without reset may not stand in a block with one: `rst` would stop it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Group {
    part: usize,
    enable: Option<NodeId>,
    reset: bool,
}

impl Lowering<'_> {
    /// One clocked block for each group, in the order of their first registers.
    pub(super) fn registers(&mut self) {
        let mut groups: Vec<(Group, Vec<NodeId>)> = Vec::new();
        let mut index_of: HashMap<Group, usize> = HashMap::new();
        for (id, node) in self.circuit.nodes.iter().enumerate() {
            if let Op::Register { enable, reset, .. } = &node.op
                && only_value(&node.ty).is_none()
            {
                let group = Group { part: self.part_of[id], enable: *enable, reset: reset.is_some() };
                let index = *index_of.entry(group).or_insert_with(|| {
                    groups.push((group, Vec::new()));
                    groups.len() - 1
                });
                groups[index].1.push(id);
            }
        }
        for (group, registers) in groups {
            let part = registers[0];
            let (mut resets, mut updates) = (Vec::new(), Vec::new());
            for id in registers {
                let Op::Register { next, reset, .. } = &self.circuit.nodes[id].op else { continue };
                let width = self.ty(id).width();
                let target = self.fitted(id, width);
                if let Some(reset) = reset {
                    let value = Expr::literal(reset.clone(), width);
                    resets.push(Statement::Assign { target: target.clone(), value });
                }
                if let Some(next) = next {
                    updates.push(Statement::Assign { target, value: self.fitted(*next, width) });
                }
            }
            let mut body = self.enabled(group.enable, updates);
            if let (true, Some(rst)) = (group.reset, &self.rst) {
                body = vec![Statement::If { condition: Expr::net(rst), then: resets, otherwise: body }];
            }
            self.clocked(part, body);
        }
    }

    /// Each memory with its write port and its read ports. Which word a read returns that meets a write is
    /// left open, so that block RAM needs no logic next to it.
    pub(super) fn memories(&mut self) {
        let mut reads = vec![Vec::new(); self.circuit.memories.len()];
        for (id, node) in self.circuit.nodes.iter().enumerate() {
            if let Op::Read { memory, .. } = node.op
                && only_value(&node.ty).is_none()
            {
                reads[memory].push(id);
            }
        }
        for (index, memory) in self.circuit.memories.iter().enumerate() {
            // A memory that nobody reads would only draw warnings.
            if reads[index].is_empty() {
                continue;
            }
            let width = memory.ty.width();
            let contents =
                memory.init.iter().flatten().map(|word| Expr::literal(word.clone(), width)).collect();
            let comment = self.describe_type(memory.at, &memory.ty);
            let part = reads[index][0];
            let name = self.memory_names[index].clone();
            let kind = if memory.write.is_some() { "ram_style" } else { "rom_style" };
            let value = if memory.is_large { "huge" } else { "block" };
            let style = memory.in_block_ram().then_some([kind, value]);
            let item = Item::Memory { name, width, words: memory.words, style, contents, comment };
            self.after(Some(part), item);
            if let (true, Some(write), &[read]) = (memory.is_large, &memory.write, &reads[index][..]) {
                self.one_port(index, write, read);
                continue;
            }
            if let Some(write) = &memory.write {
                let target = self.word(index, write.address);
                let value = self.fitted(write.value, width);
                let body = self.enabled(Some(write.enable), vec![Statement::Assign { target, value }]);
                self.clocked(part, body);
            }
            for &id in &reads[index] {
                let Op::Read { address, enable, .. } = self.circuit.nodes[id].op else { continue };
                let target = self.fitted(id, width);
                let value = self.word(index, address);
                let body = self.enabled(enable, vec![Statement::Assign { target, value }]);
                self.clocked(part, body);
            }
        }
    }

    /// A memory whose address is that of the write or that of the read, so that synthesis finds its one port.
    fn one_port(&mut self, memory: usize, write: &Write, read: NodeId) {
        let Op::Read { address, enable, .. } = self.circuit.nodes[read].op else { return };
        let definition = &self.circuit.memories[memory];
        let (width, address_width) = (definition.ty.width(), self.address_width(memory));
        let writes = self.fitted(write.enable, 1);
        let ends = [write.address, address].map(|address| Rc::new(self.fitted(address, address_width)));
        let [to, from] = ends;
        let net = self.fresh(&format!("{}_address", definition.name), address_width, false);
        let value = Some(Expr::Conditional(writes.clone().into(), to, from));
        self.after(Some(read), Item::Wire { net: net.clone(), value, comment: String::new() });
        let at =
            Expr::Word { memory: self.memory_names[memory].clone(), width, index: Expr::net(&net).into() };
        let value = self.fitted(write.value, width);
        let write = vec![Statement::Assign { target: at.clone(), value }];
        self.clocked(
            read,
            vec![Statement::If { condition: writes.clone(), then: write, otherwise: Vec::new() }],
        );
        let reads = Expr::Unary(Unary::Not, writes.into());
        let reads = match enable.map(|enable| self.fitted(enable, 1)) {
            Some(enable) if enable != Expr::bit(true) => {
                Expr::Binary(Binary::And, enable.into(), reads.into())
            }
            _ => reads,
        };
        let target = self.fitted(read, width);
        let read_word = vec![Statement::Assign { target, value: at }];
        self.clocked(read, vec![Statement::If { condition: reads, then: read_word, otherwise: Vec::new() }]);
    }

    fn address_width(&self, memory: usize) -> u32 {
        (self.circuit.memories[memory].words.max(2) - 1).ilog2() + 1
    }

    fn word(&mut self, memory: usize, address: NodeId) -> Expr {
        let address_width = self.address_width(memory);
        Expr::Word {
            memory: self.memory_names[memory].clone(),
            width: self.circuit.memories[memory].ty.width(),
            index: self.fitted(address, address_width).into(),
        }
    }

    fn enabled(&mut self, enable: Option<NodeId>, body: Vec<Statement>) -> Vec<Statement> {
        match enable.map(|enable| self.fitted(enable, 1)) {
            _ if body.is_empty() => body,
            None => body,
            Some(condition) if condition == Expr::bit(true) => body,
            Some(condition) => vec![Statement::If { condition, then: body, otherwise: Vec::new() }],
        }
    }

    fn clocked(&mut self, part: NodeId, body: Vec<Statement>) {
        if let (Some(clock), false) = (self.clk.clone(), body.is_empty()) {
            self.after(Some(part), Item::Clocked { clock, body });
        }
    }
}
