//! A circuit in the interpreter against its golden model: no tool is needed, and every node's range is asserted.

use super::case::Case;
use super::compare::compare;
use super::failure::Fault;
use crate::hdl::{Circuit, InterpretError, Interpreter};
use crate::stream::packing::{pack, payload_words, unpack};
use crate::stream::{Port, Ports, Tokens, Transfers, Wire};
use num_bigint::{BigInt, BigUint};
use std::rc::Rc;

/// Cycles without a transfer after which nothing more is awaited, where all that must come has come.
const IDLE: u64 = 200;

/// The same where something has not: more than any pipeline between two transfers, and as many as the first frame may need where FIFOs
/// take all of the others.
const STALL_LIMIT: u64 = 2000;

/// When the outputs of a circuit take beats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Each in two cycles of three.
    InTurns,
    /// Always: frames follow each other as closely as they ever do.
    Always,
    /// Always, but the output of this number nothing until nothing else moves.
    HeldBack(usize),
}

/// Runs `case` through `circuit`, whose ports are `ports`, inputs always valid and outputs as `readiness` says; the first fault, if
/// there is one.
///
/// # Errors
/// If the circuit holds what the interpreter has no model of.
///
/// # Panics
/// If a node leaves its range, which is a mistake in how the circuit was described.
pub fn interpret(
    circuit: &Rc<Circuit>,
    ports: &Ports,
    case: &Case,
    readiness: Readiness,
) -> Result<Option<Fault>, InterpretError> {
    let inputs = ports.inputs.len();
    let mut moves = |stream: usize, cycle: u64| {
        readiness != Readiness::InTurns
            || stream < inputs
            || !(cycle + (stream - inputs) as u64).is_multiple_of(3)
    };
    let held = if let Readiness::HeldBack(output) = readiness { Some(output) } else { None };
    run(circuit, ports, case, &mut moves, held)
}

/// As [`interpret`], with stalls of one's own: whether a stream (inputs first, then outputs) begins to be `valid`, or is `ready`, in a
/// cycle. An input that is `valid` stays so until its beat is accepted. A stall is shorter than 2,000 cycles.
///
/// # Errors
/// As [`interpret`].
///
/// # Panics
/// As [`interpret`].
pub fn interpret_with(
    circuit: &Rc<Circuit>,
    ports: &Ports,
    case: &Case,
    moves: &mut dyn FnMut(usize, u64) -> bool,
) -> Result<Option<Fault>, InterpretError> {
    run(circuit, ports, case, moves, None)
}

fn run(
    circuit: &Rc<Circuit>,
    ports: &Ports,
    case: &Case,
    moves: &mut dyn FnMut(usize, u64) -> bool,
    held: Option<usize>,
) -> Result<Option<Fault>, InterpretError> {
    let interpreter = Interpreter::new(circuit.clone())?;
    let (sent, offered) = (vec![0; case.inputs.len()], vec![false; case.inputs.len()]);
    let got = ports.outputs.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect();
    let mut run = Run { interpreter, ports, inputs: &case.inputs, moves, held, sent, offered, got };
    let beats: usize = case.inputs.iter().chain(&case.expected).map(Tokens::beats).sum();
    let limit = 100 * beats as u64 + 2 * STALL_LIMIT;
    let quiet = run.until_rest(limit, &case.expected);
    let fault = run
        .wrong(&case.expected)
        .or_else(|| if quiet { run.stuck(&case.expected) } else { Some(Fault::Limit) });
    Ok(fault)
}

struct Run<'a> {
    interpreter: Interpreter,
    ports: &'a Ports,
    inputs: &'a Transfers,
    moves: &'a mut dyn FnMut(usize, u64) -> bool,
    /// An output that takes nothing until nothing else moves.
    held: Option<usize>,
    /// Beats of each input that were accepted.
    sent: Vec<usize>,
    /// Whether each input is `valid`.
    offered: Vec<bool>,
    got: Transfers,
}

impl Run<'_> {
    /// Cycles from a reset on, until nothing moves; false if the limit came first.
    fn until_rest(&mut self, limit: u64, expected: &Transfers) -> bool {
        self.interpreter.set("rst", 1);
        self.interpreter.step();
        self.interpreter.set("rst", 0);
        let mut idle = 0;
        for cycle in 0..limit {
            self.offer(cycle);
            let inputs = self.ports.inputs.len();
            let ready = |index: usize| self.held != Some(index) && (self.moves)(inputs + index, cycle);
            let ready: Vec<bool> = (0..self.ports.outputs.len()).map(ready).collect();
            for (port, &ready) in self.ports.outputs.iter().zip(&ready) {
                self.interpreter.set(&port.wire(Wire::Ready), i64::from(ready));
            }
            let moved = self.accepted() | self.taken(&ready);
            self.interpreter.step();
            idle = if moved { 0 } else { idle + 1 };
            if idle > IDLE && self.held.take().is_some() {
                idle = 0;
            }
            if idle > STALL_LIMIT || idle > IDLE && self.stuck(expected).is_none() {
                return true;
            }
        }
        false
    }

    /// Sets the inputs to their next beats.
    fn offer(&mut self, cycle: u64) {
        for (index, (port, tokens)) in self.ports.inputs.iter().zip(self.inputs).enumerate() {
            let sent = self.sent[index];
            let offered = sent < tokens.beats() && (self.offered[index] || (self.moves)(index, cycle));
            self.offered[index] = offered;
            self.interpreter.set(&port.wire(Wire::Valid), i64::from(offered));
            if !offered {
                continue;
            }
            let beat = Tokens { lanes: tokens.lanes, values: tokens.beat(sent).into(), last: Vec::new() };
            let payload = BigInt::from(BigUint::new(pack(port, &beat)));
            self.interpreter.set(&port.wire(Wire::Payload), payload);
            if port.is_framed() {
                self.interpreter.set(&port.wire(Wire::Last), i64::from(tokens.last[sent]));
            }
        }
    }

    fn is_one(&mut self, port: &Port, wire: Wire) -> bool {
        self.interpreter.get(&port.wire(wire)) == BigInt::from(1)
    }

    /// Whether an input's beat goes in.
    fn accepted(&mut self) -> bool {
        let mut moved = false;
        for (index, port) in self.ports.inputs.iter().enumerate() {
            if self.offered[index] && self.is_one(port, Wire::Ready) {
                self.sent[index] += 1;
                self.offered[index] = false;
                moved = true;
            }
        }
        moved
    }

    /// Whether a beat comes out of an output that is `ready`.
    fn taken(&mut self, ready: &[bool]) -> bool {
        let mut moved = false;
        for (index, port) in self.ports.outputs.iter().enumerate() {
            if !ready[index] || !self.is_one(port, Wire::Valid) {
                continue;
            }
            let payload = self.interpreter.get(&port.wire(Wire::Payload));
            let mut words = payload.magnitude().to_u32_digits();
            words.resize(payload_words(port), 0);
            self.got[index].values.extend(unpack(port, &words));
            if port.is_framed() {
                let last = self.is_one(port, Wire::Last);
                self.got[index].last.push(last);
            }
            moved = true;
        }
        moved
    }

    /// A wrong integer, or a beat too many.
    fn wrong(&self, expected: &Transfers) -> Option<Fault> {
        let streams = || self.ports.outputs.iter().zip(&self.got).zip(expected);
        let wrong = streams().find_map(|((port, got), expected)| compare(port, got, expected));
        let surplus = || {
            let ((port, got), expected) =
                streams().find(|((_, got), expected)| got.beats() > expected.beats())?;
            let (stream, expected_beats) = (port.name.clone(), expected.beats());
            Some(Fault::Surplus { stream, expected_beats, payload: got.beat(expected_beats).to_vec() })
        };
        wrong.map(|(first, mismatches)| Fault::Wrong { first, mismatches }).or_else(surplus)
    }

    /// Beats that are missing.
    fn stuck(&self, expected: &Transfers) -> Option<Fault> {
        let missing =
            |port: &Port, done: usize, all: usize| (done < all).then(|| (port.name.clone(), done, all));
        let inputs = self.ports.inputs.iter().zip(&self.sent).zip(self.inputs);
        let inputs: Vec<_> =
            inputs.filter_map(|((port, &sent), tokens)| missing(port, sent, tokens.beats())).collect();
        let outputs = self.ports.outputs.iter().zip(&self.got).zip(expected);
        let outputs: Vec<_> = outputs
            .filter_map(|((port, got), expected)| missing(port, got.beats(), expected.beats()))
            .collect();
        let is_stuck = !(inputs.is_empty() && outputs.is_empty());
        is_stuck.then_some(Fault::Stuck { cycles: STALL_LIMIT, inputs, outputs })
    }
}
