//! A circuit run cycle by cycle on plain integers: the fast oracle beside Verilator.

use super::flatten::{Flat, flatten};
use super::formula::evaluate;
use super::node::{Circuit, Node, Op};
use super::slots::{Owner, Saved, Slots};
use num_bigint::BigInt;
use std::collections::HashMap;
use std::rc::Rc;

/// Why a circuit cannot be interpreted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InterpretError {
    #[error(
        "instance `{instance}` is the black box `{module}`, which only a Verilog simulator runs: use Verilator"
    )]
    BlackBox { instance: String, module: String },
}

/// A running circuit, with everything inside it.
///
/// What a large memory gives in a clock cycle that writes is some other word: the one that was written over.
///
/// Before their first value, registers, read words and the words of a memory without contents hold the integer of
/// their range that is nearest to 0. A read that meets a write of its address takes the old word. Assumptions are
/// checked in every cycle without `rst`; in one with `rst`, a value that breaks one is pulled to the nearest that does not.
///
/// It may go from thread to thread, which a [`Circuit`] may not.
///
/// Every value of every node is checked against the node's range: a violation panics with the node, the value,
/// the range and the line of the description.
pub struct Interpreter {
    flat: Flat,
    slots: Slots,
    /// What is computed in each cycle, in this order.
    steps: Vec<Step>,
    updates: Vec<Update>,
    writes: Vec<MemoryWrite>,
    /// The slots of registers, read words and memories that are written: all that one cycle leaves to the next.
    state: Vec<usize>,
    reset: bool,
    settled: Settled,
    inputs: HashMap<String, usize>,
    outputs: HashMap<String, usize>,
    input_slots: Vec<usize>,
    output_slots: Vec<usize>,
}

/// All that a cycle of a circuit leaves to the next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State(Saved);

/// Whether all values follow from the inputs and registers as they are, and whether the assumptions hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Settled {
    No,
    Unchecked,
    Checked,
}

/// A node whose value is a formula over others, or a copy.
struct Step {
    slot: usize,
    width: u32,
    signed: bool,
    /// Whether machine integers may not suffice.
    large: bool,
    /// For an assumption, the slot that says when it is to hold, if there is one.
    assumption: Option<Option<usize>>,
}

/// What a register or a read does at the end of a cycle.
struct Update {
    slot: usize,
    enable: Option<usize>,
    reset: Option<BigInt>,
    source: Source,
    /// The slot where the new value waits until all registers have theirs.
    pending: usize,
    changes: bool,
}

enum Source {
    /// The value stays.
    Itself,
    Slot(usize),
    Word(Address),
    /// Of a memory with one port: what is read, and what is written in cycles of this enable.
    Port {
        read: Address,
        write: Address,
        writes: usize,
    },
}

struct Address {
    first: usize,
    words: usize,
    slot: usize,
}

struct MemoryWrite {
    enable: usize,
    address: Address,
    value: usize,
}

impl Interpreter {
    /// # Errors
    /// If a black box is inside: its Verilog needs a simulator.
    pub fn new(circuit: impl Into<Rc<Circuit>>) -> Result<Self, InterpretError> {
        let circuit = circuit.into();
        let flat = flatten(circuit.clone())?;
        let mut slots = Slots::default();
        for place in &flat.places {
            let node = &flat.scopes[place.scope].body.nodes[place.node];
            slots.add(&node.ty.range(), Owner::Node { scope: place.scope, node: place.node });
        }
        let (mut updates, mut writes) = (Vec::new(), Vec::new());
        for (scope, within) in flat.scopes.iter().enumerate() {
            let base = within.base;
            let mut first_words = Vec::new();
            for (memory, definition) in within.body.memories.iter().enumerate() {
                let range = definition.ty.range();
                let first = slots.len();
                for word in 0..definition.words {
                    let slot = slots.add(&range, Owner::Memory { scope, memory });
                    if let Some(contents) = &definition.init {
                        slots.set(slot, &contents[word], &flat.scopes);
                    }
                }
                let address = |id| Address { first, words: definition.words, slot: base + id };
                if let Some(write) = &definition.write {
                    writes.push(MemoryWrite {
                        enable: base + write.enable,
                        address: address(write.address),
                        value: base + write.value,
                    });
                }
                first_words.push(first);
            }
            for (id, node) in within.body.nodes.iter().enumerate() {
                let (source, enable, reset) = match &node.op {
                    Op::Register { next, enable, reset } => {
                        (next.map_or(Source::Itself, |next| Source::Slot(base + next)), enable, reset.clone())
                    }
                    Op::Read { memory, address, enable } => {
                        let definition = &within.body.memories[*memory];
                        let at = |id| Address {
                            first: first_words[*memory],
                            words: definition.words,
                            slot: base + id,
                        };
                        let read = at(*address);
                        let source = match definition.write.as_ref().filter(|_| definition.is_large) {
                            Some(write) => {
                                let writes = base + write.enable;
                                Source::Port { read, write: at(write.address), writes }
                            }
                            None => Source::Word(read),
                        };
                        (source, enable, None)
                    }
                    _ => continue,
                };
                let pending = slots.add(&node.ty.range(), Owner::Node { scope, node: id });
                updates.push(Update {
                    slot: base + id,
                    enable: enable.map(|id| base + id),
                    reset,
                    source,
                    pending,
                    changes: false,
                });
            }
        }
        let mut steps = Vec::new();
        for &slot in &flat.order {
            let place = flat.places[slot];
            let scope = &flat.scopes[place.scope];
            let node = &scope.body.nodes[place.node];
            match &node.op {
                Op::Constant(value) => slots.set(slot, value, &flat.scopes),
                op if op.is_state() || (*op == Op::Input && place.source.is_none()) => {}
                op => steps.push(Step {
                    slot,
                    width: node.ty.width(),
                    signed: node.ty.is_signed(),
                    large: needs_big_integers(node, &scope.body.nodes),
                    assumption: match op {
                        Op::Assume { when, .. } => Some(when.map(|when| scope.base + when)),
                        _ => None,
                    },
                }),
            }
        }
        let words = |write: &MemoryWrite| write.address.first..write.address.first + write.address.words;
        let written: Vec<usize> = writes.iter().flat_map(words).collect();
        let name = |id: &usize| circuit.nodes[*id].name.clone().unwrap_or_default();
        Ok(Self {
            inputs: circuit.inputs.iter().map(|id| (name(id), *id)).collect(),
            outputs: circuit.outputs.iter().map(|output| (output.name.clone(), output.node)).collect(),
            input_slots: circuit.inputs.clone(),
            output_slots: circuit.outputs.iter().map(|output| output.node).collect(),
            flat,
            slots,
            steps,
            state: updates.iter().map(|update| update.slot).chain(written).collect(),
            updates,
            writes,
            reset: false,
            settled: Settled::No,
        })
    }

    /// Sets input `name`, or `rst`, from this cycle on.
    ///
    /// # Panics
    /// If there is no such input, or `value` is not in its range.
    pub fn set(&mut self, name: &str, value: impl Into<BigInt>) {
        let value = value.into();
        if name == "rst" {
            self.reset = value == BigInt::from(1);
        } else {
            let slot = *self.inputs.get(name).unwrap_or_else(|| panic!("there is no input `{name}`"));
            self.slots.set(slot, &value, &self.flat.scopes);
        }
        self.settled = Settled::No;
    }

    /// The value of output `name` in this cycle.
    ///
    /// # Panics
    /// If there is no such output, or a value is out of its range.
    pub fn get(&mut self, name: &str) -> BigInt {
        self.settle(Settled::Checked);
        self.slots.get(self.output_slot(name))
    }

    /// As [`get`](Self::get) in the middle of a cycle, while the inputs still change: what breaks an assumption is pulled
    /// to the nearest value that does not.
    ///
    /// # Panics
    /// If there is no such output.
    pub fn peek(&mut self, name: &str) -> BigInt {
        self.settle(Settled::Unchecked);
        self.slots.get(self.output_slot(name))
    }

    fn output_slot(&self, name: &str) -> usize {
        *self.outputs.get(name).unwrap_or_else(|| panic!("there is no output `{name}`"))
    }

    /// All that the cycles so far leave to the next ones; inputs are no part of it.
    pub fn state(&self) -> State {
        State(self.slots.save(&self.state))
    }

    /// Goes on from a state of this circuit.
    ///
    /// # Panics
    /// If it is another one's.
    pub fn go_on_from(&mut self, state: &State) {
        self.slots.load(&self.state, &state.0);
        self.settled = Settled::No;
    }

    /// Ends this cycle with a clock edge.
    ///
    /// # Panics
    /// If a value is out of its range, or an address beyond its memory.
    pub fn step(&mut self) {
        self.settle(Settled::Checked);
        let (slots, scopes) = (&mut self.slots, &self.flat.scopes);
        for update in &mut self.updates {
            let enabled = update.enable.is_none_or(|enable| slots.is_one(enable));
            update.changes = true;
            match (&update.reset, &update.source) {
                (Some(value), _) if self.reset => slots.set(update.pending, value, scopes),
                (_, Source::Slot(source)) if enabled => slots.copy(*source, update.pending, scopes),
                (_, Source::Port { write, writes, .. }) if slots.is_one(*writes) => {
                    let word = write.word(slots);
                    slots.copy(word, update.pending, scopes);
                }
                (_, Source::Word(address) | Source::Port { read: address, .. }) if enabled => {
                    let word = address.word(slots);
                    slots.copy(word, update.pending, scopes);
                }
                _ => update.changes = false,
            }
        }
        for write in &self.writes {
            if slots.is_one(write.enable) {
                let word = write.address.word(slots);
                slots.copy(write.value, word, scopes);
            }
        }
        for update in self.updates.iter().filter(|update| update.changes) {
            slots.copy(update.pending, update.slot, scopes);
        }
        self.settled = Settled::No;
    }

    /// One whole cycle: sets the inputs, in the order of the ports, takes the outputs, and steps.
    ///
    /// # Panics
    /// If the number of inputs is wrong, or as [`step`](Self::step).
    pub fn cycle(&mut self, reset: bool, inputs: &[BigInt]) -> Vec<BigInt> {
        assert_eq!(inputs.len(), self.input_slots.len(), "a value for each input");
        self.reset = reset;
        for (&slot, value) in self.input_slots.iter().zip(inputs) {
            self.slots.set(slot, value, &self.flat.scopes);
        }
        self.settled = Settled::No;
        self.settle(Settled::Checked);
        let outputs = self.output_slots.iter().map(|&slot| self.slots.get(slot)).collect();
        self.step();
        outputs
    }

    /// Computes every value that follows from inputs and registers, and checks the assumptions if asked to.
    fn settle(&mut self, wanted: Settled) {
        if self.settled >= wanted {
            return;
        }
        let (slots, scopes) = (&mut self.slots, &self.flat.scopes);
        for step in &self.steps {
            let place = self.flat.places[step.slot];
            if let Some(source) = place.source {
                slots.copy(source, step.slot, scopes);
                continue;
            }
            let scope = &scopes[place.scope];
            let unchecked = self.reset || wanted == Settled::Unchecked;
            let forgive =
                step.assumption.is_some_and(|when| unchecked || when.is_some_and(|when| !slots.is_one(when)));
            if step.large {
                let operand = |id| slots.get(scope.base + id);
                let value: BigInt = evaluate(&scope.body.nodes, place.node, step.width, step.signed, operand);
                let value = if forgive { slots.nearest(step.slot, value) } else { value };
                slots.set(step.slot, &value, scopes);
            } else {
                let operand = |id| slots.get_small(scope.base + id);
                let value: i128 = evaluate(&scope.body.nodes, place.node, step.width, step.signed, operand);
                let value = if forgive { slots.nearest_small(step.slot, value) } else { value };
                slots.set_small(step.slot, value, scopes);
            }
        }
        self.settled = wanted;
    }
}

impl Address {
    /// The slot of the word that is addressed.
    fn word(&self, slots: &Slots) -> usize {
        let address = slots.get_small(self.slot);
        match usize::try_from(address) {
            Ok(word) if word < self.words => self.first + word,
            _ => panic!("address {address} is beyond a memory of {} words", self.words),
        }
    }
}

/// Whether `node`, one of its operands or an intermediate result may not fit a machine integer.
fn needs_big_integers(node: &Node, nodes: &[Node]) -> bool {
    const MOST: u32 = 62;
    let wide = |node: &Node| node.ty.width() > MOST;
    let shifted = matches!(node.op, Op::ShiftLeft(_, k) | Op::ShiftRight(_, k) if k > MOST);
    shifted || wide(node) || node.op.operands().any(|id| wide(&nodes[id]))
}
