//! The link between a host and a design: every beat once and in order, whatever happens to the bytes.

#[path = "support/tools.rs"]
mod tools;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;
use std::io;
use std::time::Duration;
use ternlet::datapath::{Catalog, Datapath, circuit};
use ternlet::design::{Choices, Design};
use ternlet::graph::examples;
use ternlet::hdl::Timing;
use ternlet::link::{
    Counters, Host, IDENTITY, Link, Rate, Rings, Session, Setup, Wire, beat_bytes, from_bytes, to_bytes,
};
use ternlet::stream::{Draw, Port, Transfers};
use ternlet::verify::{Desk, Twin, VerilatorTools};
use ternlet::verilog::{cell_models, emit};

const MHZ: f64 = 24.0;
const BAUD: u32 = 3_000_000;
const IDENTITY_SAID: [u8; IDENTITY] = [1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 127, 126, 1];

/// Cycles from one look at the line to the next: ten bytes.
const STEP: u64 = 800;

/// What happens between pins and host: of so many bytes one each, in both directions; none where it is 0.
#[derive(Clone, Copy, Debug, Default)]
struct Adversary {
    flips: u32,
    drops: u32,
    inserts: u32,
    /// Steps for which a byte waits, at most, and of so many steps one in which the cable is pulled for a while.
    delay: u64,
    cuts: u32,
}

/// Bytes on their way in one direction.
struct OneWay {
    adversary: Adversary,
    rng: ChaCha8Rng,
    bytes: VecDeque<(u64, u8)>,
    cut_until: u64,
}

impl OneWay {
    fn new(adversary: Adversary, seed: u64) -> Self {
        Self { adversary, rng: ChaCha8Rng::seed_from_u64(seed), bytes: VecDeque::new(), cut_until: 0 }
    }

    fn happens(&mut self, one_of: u32) -> bool {
        one_of > 0 && self.rng.random_range(0..one_of) == 0
    }

    fn put(&mut self, step: u64, bytes: &[u8]) {
        let Adversary { flips, drops, inserts, delay, cuts } = self.adversary;
        if self.happens(cuts) {
            self.cut_until = step + self.rng.random_range(1..400);
        }
        let arrives = step + if delay > 0 { self.rng.random_range(0..=delay) } else { 0 };
        let arrives = self.bytes.back().map_or(arrives, |(before, _)| arrives.max(*before));
        for &byte in bytes {
            let byte = if self.happens(flips) { byte ^ 1 << self.rng.random_range(0..8) } else { byte };
            if self.happens(inserts) {
                self.bytes.push_back((arrives, self.rng.random()));
            }
            if !self.happens(drops) && step >= self.cut_until {
                self.bytes.push_back((arrives, byte));
            }
        }
    }

    fn take(&mut self, step: u64, most: usize) -> Vec<u8> {
        let there = self.bytes.iter().take(most).take_while(|(arrives, _)| *arrives <= step).count();
        self.bytes.drain(..there).map(|(_, byte)| byte).collect()
    }
}

/// A board with an adversary at its pins.
struct Desked {
    twin: Twin,
    to_board: OneWay,
    to_host: OneWay,
    /// What the adversary let through.
    waiting: Vec<u8>,
    steps: u64,
}

impl Wire for Desked {
    fn exchange(&mut self, bytes: &[u8]) -> io::Result<(usize, Vec<u8>)> {
        let room = if self.to_board.bytes.len() + self.waiting.len() < 60 { bytes.len() } else { 0 };
        self.to_board.put(self.steps, &bytes[..room]);
        self.waiting.extend(self.to_board.take(self.steps, 60));
        let (taken, heard) = self.twin.run(STEP, &self.waiting).unwrap();
        self.waiting.drain(..taken);
        self.to_host.put(self.steps, &heard);
        self.steps += 1;
        Ok((room, self.to_host.take(self.steps - 1, usize::MAX)))
    }

    fn now(&self) -> Duration {
        self.twin.now()
    }
}

/// A design behind its link, and what goes through it.
struct Linked {
    datapath: Box<dyn Datapath>,
    rings: u32,
}

impl Linked {
    /// The example of a kind, its rings of two to the power of `rings` bytes.
    fn example(kind: &str, rings: u32) -> Self {
        let catalog = Catalog::standard();
        let example = examples(&catalog).into_iter().find(|example| example.kind == kind).expect("a kind");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("design.toml");
        std::fs::write(&path, example.text).unwrap();
        let design = Design::read(&path, &Choices::default(), &catalog).unwrap();
        Self { datapath: design.datapath, rings }
    }

    fn twin(&self, seed: u64) -> Twin {
        let circuit = circuit(&*self.datapath, "linked", Timing::combinational());
        let ports = self.datapath.ports();
        let [into, out] = [&ports.inputs, &ports.outputs].map(|ports| vec![self.rings; ports.len()]);
        let link = Link {
            design: "linked",
            core: "linked",
            clocked: circuit.clocked,
            ports: &ports,
            passes: &[],
            rings: Rings { into, out },
            rate: Rate::of(BAUD, MHZ).unwrap(),
            identity: IDENTITY_SAID,
            timing: Timing::combinational(),
        };
        let around = link.around();
        let top = around.name.trim_end_matches(".v").to_owned();
        let sources = [emit(&circuit), cell_models(&circuit), link.sources(), vec![around]].concat();
        let tools: VerilatorTools = tools::tools();
        let desk = Desk { mhz: MHZ, baud: BAUD, seed, resets: true, flash: false };
        Twin::start(&tools, &sources, &[], &top, desk).unwrap()
    }

    fn setup(&self) -> Setup {
        let ports = self.datapath.ports();
        let [into, out] = [&ports.inputs, &ports.outputs].map(|ports| vec![1 << self.rings; ports.len()]);
        Setup { into, out, patience: Duration::from_millis(20) }
    }

    /// Sends frames through; the cycles that it took. After `dies` steps the host begins anew.
    fn passes(
        &self,
        seed: u64,
        inputs: &Transfers,
        adversary: Adversary,
        dies: Option<u64>,
    ) -> (u64, Counters) {
        let ports = self.datapath.ports();
        let sent: Vec<Vec<u8>> =
            ports.inputs.iter().zip(inputs).map(|(port, tokens)| to_bytes(port, tokens)).collect();
        let wanted = self.datapath.golden(inputs);
        let sizes: Vec<usize> = ports
            .outputs
            .iter()
            .zip(&wanted)
            .map(|(port, tokens)| tokens.beats() * beat_bytes(port))
            .collect();
        let begun = |session: u8| {
            let mut host = Host::new(&self.setup(), session);
            sent.iter().enumerate().for_each(|(stream, bytes)| host.write(stream, bytes));
            (host, vec![Vec::new(); sizes.len()])
        };
        let desk = Desked {
            twin: self.twin(seed),
            to_board: OneWay::new(adversary, seed),
            to_host: OneWay::new(adversary, seed + 1000),
            waiting: Vec::new(),
            steps: 0,
        };
        let (host, mut got) = begun(5);
        let mut session = Session::new(host, desk);
        for step in 0.. {
            let now = session.wire.now();
            assert!(now < Duration::from_secs(20), "{adversary:?}, seed {seed}: {:?}", session.host);
            if dies == Some(step) {
                let (host, none) = begun(6);
                (session, got) = (Session::new(host, session.wire), none);
            }
            session.step().unwrap();
            let host = &mut session.host;
            got.iter_mut()
                .enumerate()
                .for_each(|(stream, got): (usize, &mut Vec<u8>)| got.extend(host.read(stream)));
            if got.iter().zip(&sizes).all(|(got, size)| got.len() >= *size) {
                let got: Transfers =
                    ports.outputs.iter().zip(&got).map(|(port, bytes)| from_bytes(port, bytes)).collect();
                assert!(got == wanted, "{adversary:?}, seed {seed}: what came is not what is computed");
                assert_eq!(host.identity(), Some(IDENTITY_SAID));
                return ((step + 1) * STEP, host.counters());
            }
        }
        unreachable!("it ends when all has come")
    }

    fn frames(&self, count: usize, seed: u64) -> Transfers {
        self.datapath.random(count, &mut Draw::seeded(seed))
    }
}

/// At least 85 of 100 bits that the line can carry are data where one direction is full, and 80 where both are.
#[test]
fn a_clean_line_carries_data_at_its_rate() {
    for (kind, frames, direction, least) in
        [("argmax", 600, 0, 0.85), ("upsample", 200, 1, 0.85), ("lifting", 300, 0, 0.8)]
    {
        let linked = Linked::example(kind, 9);
        let ports = linked.datapath.ports();
        let inputs = linked.frames(frames, 1);
        let outputs = linked.datapath.golden(&inputs);
        let bytes = |ports: &[Port], tokens: &Transfers| -> usize {
            ports.iter().zip(tokens).map(|(port, tokens)| tokens.beats() * beat_bytes(port)).sum()
        };
        let data = [bytes(&ports.inputs, &inputs), bytes(&ports.outputs, &outputs)];
        let (cycles, counters) = linked.passes(1, &inputs, Adversary::default(), None);
        let share = data.map(|bytes| bytes as f64 * 10.0 * MHZ * 1e6 / f64::from(BAUD) / cycles as f64);
        println!("{kind}: {data:?} bytes, {share:.3?} of the line, {counters:?}");
        assert!(share[direction] > least, "{kind}: {share:?} of the line");
        assert_eq!((counters.broken, counters.repeated), (0, 0));
    }
}

#[test]
fn beats_pass_whatever_happens_to_the_bytes() {
    let adversaries = [
        Adversary { flips: 500, ..Adversary::default() },
        Adversary { drops: 500, inserts: 700, ..Adversary::default() },
        Adversary { delay: 40, ..Adversary::default() },
        Adversary { flips: 2000, cuts: 500, delay: 5, ..Adversary::default() },
        Adversary { flips: 900, drops: 900, inserts: 900, delay: 100, cuts: 2000 },
    ];
    // Two streams in; frames of an own length; several lanes; two streams out.
    for (kind, frames) in
        [("requantize", 60), ("add", 20), ("edge_enhance", 6), ("lifting", 30), ("nm_compress", 40)]
    {
        let linked = Linked::example(kind, 9);
        for (seed, adversary) in adversaries.into_iter().enumerate() {
            let seed = seed as u64;
            let inputs = linked.frames(frames, seed);
            let (cycles, counters) = linked.passes(seed, &inputs, adversary, None);
            println!("{kind}, {adversary:?}: {cycles} cycles, {counters:?}");
        }
    }
}

#[test]
fn a_host_that_died_begins_anew() {
    let linked = Linked::example("requantize", 9);
    for dies in [1, 2, 3, 10, 20, 40] {
        let inputs = linked.frames(60, dies);
        linked.passes(dies, &inputs, Adversary { delay: 20, ..Adversary::default() }, Some(dies));
    }
}
