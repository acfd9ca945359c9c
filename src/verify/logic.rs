//! A circuit in the format BLIF, simulated: 64 runs at once, a bit of a word each.

use super::blif::{Gate, gate, latch};
use std::collections::HashMap;

/// A circuit by the numbers of its nets.
pub(super) struct Logic<'a> {
    pub names: Vec<&'a str>,
    pub inputs: Vec<usize>,
    pub registers: Vec<Register>,
    /// Each after those that it reads.
    gates: Vec<Lookup<'a>>,
}

/// A register by its nets.
pub(super) struct Register {
    pub next: usize,
    pub q: usize,
    /// Whether it holds 1 at first.
    pub first: bool,
}

/// A gate, with the rows of its truth table in which it is 1.
struct Lookup<'a> {
    inputs: Vec<usize>,
    output: usize,
    table: Vec<&'a str>,
}

impl Lookup<'_> {
    fn value(&self, nets: &[u64]) -> u64 {
        let fits = |row: &&str| {
            self.inputs.iter().zip(row.bytes()).fold(u64::MAX, |fits, (net, bit)| match bit {
                b'1' => fits & nets[*net],
                b'0' => fits & !nets[*net],
                _ => fits,
            })
        };
        self.table.iter().map(fits).fold(0, |any, row| any | row)
    }
}

impl<'a> Logic<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let mut numbers = HashMap::new();
        let mut names = Vec::new();
        let mut number = |name: &'a str| {
            *numbers.entry(name).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            })
        };
        let (mut inputs, mut registers, mut gates) = (Vec::new(), Vec::new(), Vec::new());
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(nets) = line.strip_prefix(".inputs ") {
                inputs = nets.split(' ').map(&mut number).collect();
            } else if let Some(latch) = latch(line) {
                let first = latch.first == "1";
                registers.push(Register { next: number(latch.next), q: number(latch.q), first });
            } else if let Some(Gate { nets, table }) = gate(line, &mut lines) {
                let mut inputs: Vec<usize> = nets.into_iter().map(&mut number).collect();
                gates.extend(inputs.pop().map(|output| Lookup { inputs, output, table }));
            }
        }
        let gates = in_order(gates, names.len());
        Self { names, inputs, registers, gates }
    }

    /// All nets, as they are before the first cycle.
    pub(super) fn start(&self) -> Vec<u64> {
        let mut nets = vec![0; self.names.len()];
        for register in &self.registers {
            nets[register.q] = if register.first { u64::MAX } else { 0 };
        }
        nets
    }

    /// What gates make of registers and of `inputs`, one for each of the circuit's.
    pub(super) fn settle(&self, nets: &mut [u64], inputs: impl Iterator<Item = u64>) {
        for (net, value) in self.inputs.iter().zip(inputs) {
            nets[*net] = value;
        }
        for gate in &self.gates {
            nets[gate.output] = gate.value(nets);
        }
    }

    /// The clock's edge: registers take what is next.
    pub(super) fn clock(&self, nets: &mut [u64]) {
        let next: Vec<u64> = self.registers.iter().map(|register| nets[register.next]).collect();
        for (register, next) in self.registers.iter().zip(next) {
            nets[register.q] = next;
        }
    }
}

/// `gates` over so many `nets`, each after those whose outputs it reads.
fn in_order(gates: Vec<Lookup>, nets: usize) -> Vec<Lookup> {
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); nets];
    let mut is_driven = vec![false; nets];
    gates.iter().for_each(|gate| is_driven[gate.output] = true);
    let mut missing = Vec::new();
    for (at, gate) in gates.iter().enumerate() {
        let read = gate.inputs.iter().filter(|net| is_driven[**net]);
        missing.push(read.clone().count());
        read.for_each(|net| readers[*net].push(at));
    }
    let mut ready: Vec<usize> = (0..gates.len()).filter(|at| missing[*at] == 0).collect();
    let mut gates: Vec<Option<Lookup>> = gates.into_iter().map(Some).collect();
    let mut ordered = Vec::new();
    while let Some(gate) = ready.pop().and_then(|at| gates[at].take()) {
        for reader in &readers[gate.output] {
            missing[*reader] -= 1;
            if missing[*reader] == 0 {
                ready.push(*reader);
            }
        }
        ordered.push(gate);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_settle_whatever_their_order() {
        let logic = Logic::read(
            ".inputs a b\n.names m c y\n1- 1\n-1 1\n.names a b m\n10 1\n01 1\n.names one\n1\n.names zero\n.names y c one zero n\n\
             0011 1\n.latch a c re clk 1\n.end\n",
        );
        let net = |name: &str| logic.names.iter().position(|known| *known == name).unwrap();
        let mut nets = logic.start();
        logic.settle(&mut nets, [0b1100, 0b1010].into_iter());
        assert_eq!([nets[net("m")], nets[net("y")], nets[net("one")]], [0b0110, u64::MAX, u64::MAX]);
        assert_eq!(nets[net("n")], 0, "no row has zero at 1");
        logic.clock(&mut nets);
        logic.settle(&mut nets, [0, 0].into_iter());
        assert_eq!([nets[net("c")], nets[net("y")]], [0b1100, 0b1100]);
    }
}
