//! Windows in the interpreter, stalled at random.

use crate::case::{BITS, Case, TAP_BITS};
use num_bigint::BigInt;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ternlet::hdl::*;

/// What came out: the values of each beat, whether it was a frame's last, and when it passed; and when beats went in.
pub struct Outcome {
    pub beats: Vec<(Vec<i64>, bool)>,
    pub given: Vec<usize>,
    pub taken: Vec<usize>,
}

impl Case {
    /// What an interpreter makes of `frames`, both sides stalling at random.
    pub fn run(&self, timing: Timing, frames: &[Vec<i64>], stalls: f64, seed: u64) -> Outcome {
        let circuit = self.circuit(timing);
        let names: Vec<String> =
            circuit.inputs.iter().map(|&id| circuit.nodes[id].name.clone().unwrap()).collect();
        let outputs: Vec<String> = circuit.outputs.iter().map(|output| output.name.clone()).collect();
        let place = |name: &str| outputs.iter().position(|output| output == name).expect(name);
        let (ready, valid, word, last) =
            (place("x_ready"), place("y_valid"), place("y_payload"), place("y_last"));
        let mut interpreter = Interpreter::new(circuit).expect("no black box");
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut outcome = Outcome { beats: Vec::new(), given: Vec::new(), taken: Vec::new() };
        let (mut next, mut offered, mut idle) = (0, false, 0);
        let patience = 4 * self.beats() * self.window.passes + 100;
        for cycle in 0.. {
            let reset = cycle == 0;
            offered = !reset && (offered || next < frames.len() && !random.random_bool(stalls));
            let takes = !reset && !random.random_bool(stalls);
            let values: Vec<BigInt> = names
                .iter()
                .map(|name| match name.as_str() {
                    "x_valid" => i64::from(offered).into(),
                    "x_payload" => {
                        if offered {
                            packed(&frames[next], BITS)
                        } else {
                            BigInt::ZERO
                        }
                    }
                    // Windows count for themselves.
                    "x_last" => 0.into(),
                    "y_ready" => i64::from(takes).into(),
                    other => panic!("no input {other}"),
                })
                .collect();
            let values = interpreter.cycle(reset, &values);
            let is = |place: usize| values[place] == BigInt::from(1);
            idle += 1;
            if !reset && takes && is(valid) {
                outcome.beats.push((unpacked(&values[word], TAP_BITS), is(last)));
                outcome.given.push(cycle);
                idle = 0;
            }
            if offered && is(ready) {
                (next, offered, idle) = (next + 1, false, 0);
                outcome.taken.push(cycle);
            }
            if idle > patience {
                break;
            }
        }
        assert_eq!(next, frames.len(), "{self:?}: the input is stuck");
        outcome
    }
}

fn packed(values: &[i64], bits: u32) -> BigInt {
    values.iter().rev().fold(BigInt::ZERO, |word, &value| (word << bits) + value)
}

fn unpacked(word: &BigInt, bits: u32) -> Vec<i64> {
    let mut word = word.clone();
    let mut values = Vec::new();
    let one = BigInt::from(1) << bits;
    while word != BigInt::ZERO {
        let value = i64::try_from(&word % &one).unwrap();
        values.push(if value >> (bits - 1) == 1 { value - (1 << bits) } else { value });
        word >>= bits;
    }
    values
}
