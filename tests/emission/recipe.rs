//! A random module from a list of choices.

use crate::build::Build;
use crate::operators::random_in;
use num_bigint::BigInt;
use rand_chacha::ChaCha8Rng;
use std::rc::Rc;
use ternlet::hdl::*;

/// Wider nodes are not made: products would grow without end.
const MOST_BITS: u32 = 220;

/// A random module as the list of choices that lead to it; a shorter list is a smaller module.
pub type Recipe = Vec<u16>;

struct Cook<'r> {
    choices: std::slice::Iter<'r, u16>,
    build: Build,
    ints: Vec<NodeId>,
    words: Vec<NodeId>,
    /// Nodes that depend on a register without reset: Icarus calls them unknown, so that they may steer no state.
    unknown: Vec<bool>,
    /// An input that is 0 in the cycles before the module was reset.
    go: NodeId,
    name: String,
}

impl Cook<'_> {
    fn choose(&mut self, below: usize) -> usize {
        usize::from(*self.choices.next().unwrap_or(&0)) % below
    }

    fn int(&mut self) -> NodeId {
        let index = self.choose(self.ints.len());
        self.ints[self.ints.len() - 1 - index]
    }

    fn word(&mut self) -> NodeId {
        let index = self.choose(self.words.len());
        self.words[self.words.len() - 1 - index]
    }

    /// Adds a node whose type follows from `op`, unless it would be too wide.
    fn add(&mut self, op: Op) {
        let id = self.build.node(op);
        self.keep(id);
    }

    fn add_typed(&mut self, op: Op, ty: impl Into<Type>) {
        let id = self.build.typed(op, ty);
        self.keep(id);
    }

    fn keep(&mut self, id: NodeId) {
        if self.build.ty(id).width() > MOST_BITS {
            assert_eq!(id + 1, self.build.circuit.nodes.len(), "only the last node can be taken back");
            self.build.circuit.nodes.pop();
            return;
        }
        self.note(id);
        match self.build.ty(id) {
            Type::Int(_) => self.ints.push(id),
            Type::Bits(_) => self.words.push(id),
        }
    }

    /// Notes for every new node whether it may be unknown.
    fn note(&mut self, last: NodeId) {
        for id in self.unknown.len()..=last {
            let op = &self.build.circuit.nodes[id].op;
            let unset = matches!(op, Op::Register { reset: None, .. } | Op::Read { .. } | Op::Output { .. });
            self.unknown.push(unset || op.operands().any(|a| self.unknown.get(a) == Some(&true)));
        }
    }

    /// A number that is known as soon as the module was reset.
    fn known_int(&mut self) -> NodeId {
        let known: Vec<NodeId> = self.ints.iter().copied().filter(|&id| !self.unknown[id]).collect();
        known[known.len() - 1 - self.choose(known.len())]
    }

    /// A condition that is 0 before the module was reset and known after.
    fn known_condition(&mut self) -> NodeId {
        let a = self.known_int();
        let bits = self.build.node(Op::ToBits(a));
        let lsb = self.choose(self.build.ty(bits).width() as usize) as u32;
        let bit = self.build.typed(Op::Slice { a: bits, lsb }, Type::Bits(1));
        let condition = self.build.typed(Op::ToInt(bit), Range::condition());
        let id = self.build.node(Op::And(condition, self.go));
        self.note(id);
        id
    }

    /// A known address of a memory of `words` words.
    fn known_address(&mut self, words: usize) -> NodeId {
        let a = self.known_int();
        let range = self.build.range(a);
        let (lo, hi) = (BigInt::from(0), BigInt::from(words - 1));
        let nearest = |end: &BigInt| end.clone().clamp(lo.clone(), hi.clone());
        let id = self.build.typed(Op::Clamp(a), Range::new(nearest(range.lo()), nearest(range.hi())));
        self.note(id);
        id
    }

    /// The low or repeated bits of a word in `width` bits.
    fn word_of(&mut self, width: u32) -> NodeId {
        let word = self.word();
        let have = self.build.ty(word).width();
        let parts = vec![word; width.div_ceil(have) as usize];
        let long = self.build.node(Op::Concat(parts));
        let id = self.build.typed(Op::Slice { a: long, lsb: 0 }, Type::Bits(width));
        self.note(id);
        id
    }

    fn register(&mut self) {
        let enable = match self.choose(2) {
            0 => None,
            _ => Some(self.known_condition()),
        };
        let reset = self.choose(3) > 0;
        let next = self.int();
        // Where Icarus says unknown, Verilator starts at 0: so does the interpreter if the range has a 0.
        let range = self.build.range(next).union(&Range::only(0));
        let reset = reset.then(|| self.choose(2) as i64).filter(|&value| range.contains(&value.into()));
        let id = self.build.register(range, next, enable, reset);
        self.keep(id);
    }

    /// A counter: a register that looks back at itself.
    fn counter(&mut self) {
        let width = 1 + self.choose(9) as u32;
        let enable = self.known_condition();
        let register = self.build.register(unsigned(width), 0, Some(enable), Some(0));
        let one = self.build.constant(1);
        let sum = self.build.node(Op::Add(register, one));
        let next = self.build.typed(Op::Wrap(sum), unsigned(width));
        if let Op::Register { next: place, .. } = &mut self.build.circuit.nodes[register].op {
            *place = Some(next);
        }
        self.note(next);
        self.ints.push(register);
    }

    fn memory(&mut self, random: &mut ChaCha8Rng) {
        let words = 1 + self.choose(17);
        let ty: Type = if self.choose(2) == 0 {
            let like = self.int();
            self.build.range(like).union(&Range::only(0)).into()
        } else {
            Type::Bits(1 + self.choose(70) as u32)
        };
        let contents = (0..words).map(|_| random_in(random, &ty.range())).collect();
        let name = format!("memory{}", self.build.circuit.memories.len());
        let memory = self.build.memory(&name, ty.clone(), words, Some(contents));
        for _ in 0..=self.choose(2) {
            let address = self.known_address(words);
            let enable = (self.choose(2) == 0).then(|| self.known_condition());
            let id = self.build.read(memory, address, enable);
            self.keep(id);
        }
        if self.choose(3) > 0 {
            let (enable, address) = (self.known_condition(), self.known_address(words));
            let value = match &ty {
                Type::Bits(width) => self.word_of(*width),
                Type::Int(range) => {
                    let a = self.int();
                    let id = self.build.typed(Op::Clamp(a), range.clone());
                    self.note(id);
                    id
                }
            };
            self.build.circuit.memories[memory].write = Some(Write { enable, address, value });
        }
    }

    /// An instance of a random module of its own, with numbers for its inputs.
    fn instance(&mut self, random: &mut ChaCha8Rng) {
        let choices: Vec<u16> = (0..24).map(|_| self.choose(1 << 16) as u16).collect();
        let kind = self.choose(3);
        let name = format!("{}_inner{kind}", self.name);
        let inner = cook(&name, &choices, 0, random);
        for number in 0..=self.choose(2) {
            let inputs = inner.inputs.clone().into_iter().map(|input| match &inner.nodes[input].ty {
                _ if inner.nodes[input].name.as_deref() == Some("go") => self.go,
                Type::Bits(width) => {
                    let a = self.known_int();
                    let long = self.build.typed(Op::Wrap(a), unsigned(*width));
                    let id = self.build.node(Op::ToBits(long));
                    self.note(id);
                    id
                }
                Type::Int(range) => {
                    let a = self.known_int();
                    let id = self.build.typed(Op::Clamp(a), range.clone());
                    self.note(id);
                    id
                }
            });
            let inputs = inputs.collect();
            let name = format!("part{}_{number}", self.build.circuit.instances.len());
            for id in self.build.instance(&name, &inner, inputs) {
                self.keep(id);
            }
        }
    }

    fn step(&mut self, depth: usize, random: &mut ChaCha8Rng) {
        match self.choose(26) {
            0 => self.add(Op::Add(self.ints[0], self.ints[1])),
            1 | 2 => {
                let (a, b) = (self.int(), self.int());
                self.add(Op::Add(a, b));
            }
            3 => {
                let (a, b) = (self.int(), self.int());
                self.add(Op::Sub(a, b));
            }
            4 => {
                let (a, b) = (self.int(), self.int());
                self.add(Op::Mul(a, b));
            }
            5 | 6 => {
                let (a, b) = (self.int(), self.int());
                let carry_in = (self.choose(2) == 0).then(|| self.known_condition());
                let (subtracts, inverted) = (self.choose(2) == 0, self.choose(2) == 0);
                self.add(Op::Adder { a, b, carry_in, subtracts, inverted });
            }
            7 => {
                let (a, k) = (self.int(), self.choose(12) as u32);
                self.add(Op::ShiftLeft(a, k));
            }
            8 => {
                let (a, k) = (self.int(), self.choose(80) as u32);
                self.add(Op::ShiftRight(a, k));
            }
            9 => {
                let (a, b) = (self.int(), self.int());
                let comparisons = [Comparison::Eq, Comparison::Ne, Comparison::Lt, Comparison::Le];
                let comparison = comparisons[self.choose(4)];
                self.add(Op::Compare(comparison, a, b));
            }
            10 => {
                let (condition, then, otherwise) = (self.known_condition(), self.int(), self.int());
                self.add(Op::Mux { condition, then, otherwise });
            }
            11 => {
                let (condition, then) = (self.known_condition(), self.word());
                let otherwise = self.word_of(self.build.ty(then).width());
                self.add(Op::Mux { condition, then, otherwise });
            }
            12 => {
                let (a, width) = (self.int(), 1 + self.choose(90) as u32);
                let range = if self.choose(2) == 0 { signed(width) } else { unsigned(width) };
                self.add_typed(Op::Wrap(a), range);
            }
            13 => {
                let (a, b) = (self.int(), self.int());
                let (range, clamp) = (self.build.range(a), self.build.range(b));
                let nearest = |end: &BigInt| end.clone().clamp(clamp.lo().clone(), clamp.hi().clone());
                self.add_typed(Op::Clamp(a), Range::new(nearest(range.lo()), nearest(range.hi())));
            }
            14 => {
                // (a + b) - b, of which ranges do not tell that it is a.
                let (a, b) = (self.int(), self.int());
                let sum = self.build.node(Op::Add(a, b));
                let difference = self.build.node(Op::Sub(sum, b));
                self.note(difference);
                let range = self.build.range(a);
                self.add_typed(Op::Assume { a: difference, when: None }, range);
            }
            15 | 16 => {
                let a = self.int();
                self.add(Op::ToBits(a));
            }
            17 => {
                let a = self.word();
                let width = self.build.ty(a).width();
                let range = if self.choose(2) == 0 { signed(width) } else { unsigned(width) };
                self.add_typed(Op::ToInt(a), range);
            }
            18 => {
                let a = self.word();
                self.add(Op::Not(a));
            }
            19 => {
                let a = self.word();
                let b = self.word_of(self.build.ty(a).width());
                let op = [Op::And(a, b), Op::Or(a, b), Op::Xor(a, b)][self.choose(3)].clone();
                self.add(op);
            }
            20 => {
                let parts = (0..=self.choose(4)).map(|_| self.word()).collect();
                self.add(Op::Concat(parts));
            }
            21 => {
                let a = self.word();
                let width = self.build.ty(a).width() as usize;
                let lsb = self.choose(width);
                let kept = 1 + self.choose(width - lsb);
                self.add_typed(Op::Slice { a, lsb: lsb as u32 }, Type::Bits(kept as u32));
            }
            22 => self.register(),
            23 => self.counter(),
            24 if depth > 0 => self.instance(random),
            24 => {
                let value = self.choose(1 << 12) as i64 - (1 << 11);
                let id = self.build.constant(value);
                self.keep(id);
            }
            _ => self.memory(random),
        }
        // Some nodes have names, among them those that need another one in Verilog.
        let names = ["sum", "small", "reg", "y0", "lane[3]", "n7", "a"];
        let last = self.build.circuit.nodes.len() - 1;
        if let Some(name) = names.get(self.choose(12))
            && self.build.circuit.nodes[last].op != Op::Input
        {
            self.build.named(last, name);
        }
    }
}

/// The module of a recipe; one more level of instances for each `depth`.
pub fn cook(name: &str, recipe: &[u16], depth: usize, random: &mut ChaCha8Rng) -> Rc<Circuit> {
    let mut cook = Cook {
        choices: recipe.iter(),
        build: Build::new(name),
        ints: Vec::new(),
        words: Vec::new(),
        unknown: Vec::new(),
        go: 0,
        name: name.into(),
    };
    let inputs = [Type::Int(signed(5)), Type::Int(Range::new(-3, 9)), Type::Int(unsigned(1)), Type::Bits(70)];
    for (ty, name) in inputs.into_iter().zip(["a", "b", "c", "w"]) {
        let id = cook.build.input(name, ty);
        cook.keep(id);
    }
    cook.go = cook.build.input("go", Range::condition());
    cook.keep(cook.go);
    while cook.choices.len() > 0 {
        cook.step(depth, random);
    }
    let last = cook.ints.iter().rev().take(5).chain(cook.words.iter().rev().take(3));
    for (index, id) in last.copied().collect::<Vec<_>>().into_iter().enumerate() {
        cook.build.output(&format!("y{index}"), id);
    }
    cook.build.finish()
}
