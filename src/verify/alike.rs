//! Registers of two designs that hold the same, as far as random inputs show: a netlist calls them otherwise, as in a memory or a multiplier.

use super::logic::{Logic, Register};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Cycles of each of the 64 runs.
const CYCLES: usize = 1000;

/// For each register of `gate` one of `gold` that holds the same in every cycle of random inputs; that of its name where there are several.
/// One that never changes has none but that of its name. `miter` is in the format BLIF.
pub(super) fn alike(miter: &str) -> HashMap<&str, &str> {
    let logic = Logic::read(miter);
    let name = |register: &Register| logic.names[register.q];
    let mut of_gold: HashMap<u64, Vec<&str>> = HashMap::new();
    let histories = histories(&logic);
    for (register, history) in logic.registers.iter().zip(&histories) {
        if name(register).contains("gold.") {
            of_gold.entry(history.hash).or_default().push(name(register));
        }
    }
    let twin = |(register, history): (&Register, &History)| {
        let gate = name(register);
        let (_, own) = gate.split_once("gate.")?;
        let same = of_gold.get(&history.hash)?;
        let namesake = same.iter().find(|gold| gold.split_once("gold.").is_some_and(|(_, name)| name == own));
        Some((gate, *namesake.or(same.first().filter(|_| history.changes))?))
    };
    logic.registers.iter().zip(&histories).filter_map(twin).collect()
}

/// What a register held in all cycles of all runs.
struct History {
    hash: u64,
    changes: bool,
}

fn histories(logic: &Logic) -> Vec<History> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    // Each input is 1 in some runs seldom, in some often. Resets are rare, and there are runs without any.
    let [seldom, often]: [Vec<u64>; 2] =
        [(); 2].map(|()| logic.inputs.iter().map(|_| rng.random()).collect());
    let mut hashers = vec![(DefaultHasher::new(), false); logic.registers.len()];
    let mut nets = logic.start();
    for _ in 0..CYCLES {
        let inputs = logic.inputs.iter().enumerate().map(|(at, net)| {
            let few = |rng: &mut ChaCha8Rng, draws| (0..draws).fold(u64::MAX, |few, _| few & rng.next_u64());
            match logic.names[*net] {
                "rst" => few(&mut rng, 8) & seldom[at],
                _ => {
                    let (few, half, most) = (few(&mut rng, 3), rng.next_u64(), !few(&mut rng, 3));
                    (few & seldom[at]) | (most & often[at] & !seldom[at]) | (half & !seldom[at] & !often[at])
                }
            }
        });
        let inputs: Vec<u64> = inputs.collect();
        logic.settle(&mut nets, inputs.into_iter());
        for (register, (hasher, changes)) in logic.registers.iter().zip(&mut hashers) {
            nets[register.q].hash(hasher);
            *changes |= nets[register.q] != nets[register.next];
        }
        logic.clock(&mut nets);
    }
    hashers.into_iter().map(|(hasher, changes)| History { hash: hasher.finish(), changes }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `gate.c` is a copy of `gold.b` under another name, `gate.a` holds something else than `gold.a`, and `k` never changes.
    #[test]
    fn registers_are_paired_by_what_they_hold() {
        let miter = ".inputs clk x y\n.names zero\n.names x y z\n11 1\n.latch x gold.a re clk 0\n.latch y gold.b re clk 0\n\
                     .latch z gate.a re clk 0\n.latch y gate.c re clk 0\n.latch zero gold.k re clk 0\n.latch zero gate.k re clk 0\n\
                     .latch zero gate.m re clk 0\n.latch y gate.n re clk 1\n.end\n";
        let twins = alike(miter);
        assert_eq!(twins, HashMap::from([("gate.c", "gold.b"), ("gate.k", "gold.k")]));
    }
}
