//! Every order of events between a host and a board, at the least sizes that go once around all positions: rings of 256 and 512 bytes, which two and three frames fill.
//!
//! The host is [`Host`] itself. The board is the circuit of [`streams`], interpreted; what it does for an event is computed once for each of its states. A
//! line between them holds two frames a way, and may lose or spoil each, and bring frames of sessions that are over; the design takes or gives bytes when it likes,
//! and patience may end at any time. In every state that can be reached each byte is the one that is due, so that none is committed twice, skipped or invented; and from
//! every one the end is reached without further faults, so that nothing stops for ever.

use super::crc;
use super::host::{Host, Setup};
use super::packet::{Answer, IDENTITY, Request, Unframer};
use super::streams::{Rings, streams};
use crate::hdl::{Interpreter, State, Timing, unsigned};
use crate::stream::{Field, Port, Ports};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

const SESSION: u8 = 9;
const PATIENCE: Duration = Duration::from_millis(1);

/// How much there is to explore.
#[derive(Clone, Copy)]
struct Bounds {
    /// Bytes of the stream.
    total: usize,
    /// Frames of a way that are on the line, at most.
    on_line: usize,
    /// Bytes that the design takes or gives at once.
    at_once: usize,
    /// Bytes of a ring, as a power of two.
    ring: u32,
    /// Whether it gives them only where there is room for all.
    whole: bool,
}

/// The byte at `place` of a stream: none is where one of a frame or a ring before stood, and there are zeros.
fn byte(place: usize) -> u8 {
    ((place * place * 7 + 3 * place) % 251) as u8
}

/// Something that happens at the board.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Event {
    /// A frame has come.
    Frame(Request, Fate),
    /// The line takes what the host is to be told.
    Tell,
    /// The line takes a frame; in the middle of it something is asked.
    Give(Option<Request>),
    /// The design takes as many bytes, if they are there.
    Take(usize),
    /// The design has these bytes to give, while the line is busy.
    Make { from: usize, count: usize },
    /// Time passes on an idle line.
    Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fate {
    Good,
    /// Other bytes than were sent, and a wrong sum.
    Broken,
    /// Of a session that is over.
    Stale,
}

/// What comes of an event.
#[derive(Clone, Debug, Default)]
struct Outcome {
    answer: Option<Answer>,
    /// What the design has taken.
    taken: Vec<u8>,
    /// How many bytes it could give.
    made: usize,
}

/// The circuit, and all its states so far.
struct Board {
    circuit: Interpreter,
    states: Vec<State>,
    numbers: HashMap<State, usize>,
    known: HashMap<(usize, Event), (usize, Outcome)>,
    into: bool,
}

impl Board {
    fn of(ports: &Ports, ring: u32) -> Self {
        let rings = Rings { into: vec![ring; ports.inputs.len()], out: vec![ring; ports.outputs.len()] };
        let mut circuit =
            Interpreter::new(streams("streams", ports, &rings, Timing::combinational())).unwrap();
        let into = !ports.inputs.is_empty();
        circuit.set("rst", 1);
        circuit.step();
        circuit.set("rst", 0);
        let mut board =
            Self { circuit, states: Vec::new(), numbers: HashMap::new(), known: HashMap::new(), into };
        board.circuit.set("session", SESSION);
        board.number();
        board
    }

    /// The number of the state in which the circuit is.
    fn number(&mut self) -> usize {
        let state = self.circuit.state();
        if let Some(number) = self.numbers.get(&state) {
            return *number;
        }
        self.numbers.insert(state.clone(), self.states.len());
        self.states.push(state);
        self.states.len() - 1
    }

    fn after(&mut self, state: usize, event: &Event) -> (usize, Outcome) {
        let key = (state, event.clone());
        if let Some(found) = self.known.get(&key) {
            return found.clone();
        }
        self.circuit.go_on_from(&self.states[state]);
        let outcome = match event {
            Event::Frame(request, fate) => {
                self.frame(request, *fate);
                self.idle(3, true);
                Outcome::default()
            }
            Event::Tell => Outcome { answer: self.told(), ..Outcome::default() },
            Event::Give(during) => Outcome { answer: self.given(during.as_ref()), ..Outcome::default() },
            Event::Take(count) => Outcome { taken: self.take(*count), ..Outcome::default() },
            Event::Make { from, count } => Outcome { made: self.make(*from, *count), ..Outcome::default() },
            Event::Rest => {
                self.idle(12, true);
                Outcome::default()
            }
        };
        let found = (self.number(), outcome);
        self.known.insert(key, found.clone());
        found
    }

    fn get(&mut self, name: &str) -> u16 {
        self.circuit.get(name).try_into().unwrap()
    }

    /// A cycle in which these inputs are 1.
    fn pulse(&mut self, names: &[&str]) {
        names.iter().for_each(|name| self.circuit.set(name, 1));
        self.circuit.step();
        names.iter().for_each(|name| self.circuit.set(name, 0));
    }

    fn idle(&mut self, cycles: usize, between: bool) {
        self.circuit.set("between", i32::from(between));
        (0..cycles).for_each(|_| self.circuit.step());
        self.circuit.set("between", 0);
    }

    fn frame(&mut self, request: &Request, fate: Fate) {
        let Request { asked, position, data, .. } = request;
        self.circuit.set("packet_kind", asked.number());
        self.circuit.set("packet_stream", 0);
        self.circuit.set("packet_position", *position);
        for byte in data {
            let other = if fate == Fate::Good { 0 } else { 0x55 };
            self.circuit.set("packet_byte", byte ^ other);
            self.pulse(&["packet_data"]);
        }
        match fate {
            Fate::Good => self.pulse(&["packet_ends", "packet_good"]),
            Fate::Broken => self.pulse(&["packet_ends", "packet_broken"]),
            Fate::Stale => self.pulse(&["packet_ends"]),
        }
    }

    fn told(&mut self) -> Option<Answer> {
        if self.get("told_due") == 0 {
            return None;
        }
        let [stream, refused, expected, read] =
            ["told_stream", "told_refused", "told_expected", "told_read"].map(|name| self.get(name));
        self.pulse(&["hears", "between"]);
        let stream = stream.into();
        Some(Answer::Told { stream, session: SESSION, expected, read: read as u8, refused: refused == 1 })
    }

    fn given(&mut self, during: Option<&Request>) -> Option<Answer> {
        if self.get("frame_there") == 0 {
            return None;
        }
        self.pulse(&["picks", "between"]);
        let mut stuffed = Vec::new();
        loop {
            self.idle(2, false);
            let byte = self.get("frame_byte") as u8;
            self.pulse(&["moves"]);
            if byte == 0 {
                break;
            }
            stuffed.push(byte);
            if stuffed.len() == 3 {
                during.into_iter().for_each(|request| self.frame(request, Fate::Good));
            }
        }
        self.idle(3, false);
        let frame = [&stuffed[..], &crc::carried(crc::sum(&stuffed)), &[0]].concat();
        let mut unframer = Unframer::default();
        let packets: Vec<_> = frame.iter().filter_map(|byte| unframer.push(*byte)).collect();
        let [Ok(contents)] = &packets[..] else { panic!("one packet: {packets:?}") };
        Some(Answer::of(contents).expect("a frame of a stream"))
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let (mut taken, mut waited) = (Vec::new(), 0);
        self.circuit.set("x_ready", 1);
        while taken.len() < count && waited < 6 {
            match self.get("x_valid") {
                1 => {
                    taken.push(self.get("x_payload") as u8);
                    waited = 0;
                }
                _ => waited += 1,
            }
            self.circuit.step();
        }
        self.circuit.set("x_ready", 0);
        self.idle(6, false);
        taken
    }

    fn make(&mut self, from: usize, count: usize) -> usize {
        let (mut made, mut waited) = (0, 0);
        self.circuit.set("y_valid", 1);
        while made < count && waited < 16 {
            self.circuit.set("y_payload", byte(from + made));
            match self.get("y_ready") {
                1 => (made, waited) = (made + 1, 0),
                _ => waited += 1,
            }
            self.circuit.step();
        }
        self.circuit.set("y_valid", 0);
        self.circuit.set("y_payload", 0);
        self.idle(3, false);
        made
    }
}

/// Host, line, board and design.
#[derive(Clone)]
struct World {
    host: Host,
    now: Duration,
    board: usize,
    to_board: VecDeque<Request>,
    to_host: VecDeque<Answer>,
    /// Bytes that the design has taken or given, and that the host has read.
    moved: usize,
    read: usize,
}

/// What of a world decides what can happen: no time, as patience may end whenever it likes.
type Key = (String, usize, Vec<Request>, Vec<Answer>, usize, usize);

impl World {
    fn begin(ports: &Ports, bounds: Bounds) -> Self {
        let ring = |ports: &[Port]| vec![1 << bounds.ring; ports.len()];
        let setup = Setup { into: ring(&ports.inputs), out: ring(&ports.outputs), patience: PATIENCE };
        let mut host = Host::new(&setup, SESSION);
        let now = Duration::ZERO;
        host.receive(&Answer::Hello { session: SESSION, identity: [0; IDENTITY] }.frame(), now);
        if !ports.inputs.is_empty() {
            host.write(0, &(0..bounds.total).map(byte).collect::<Vec<_>>());
        }
        let (to_board, to_host) = (VecDeque::new(), VecDeque::new());
        Self { host, now, board: 0, to_board, to_host, moved: 0, read: 0 }
    }

    fn key(&self) -> Key {
        let lines = (self.to_board.iter().cloned().collect(), self.to_host.iter().cloned().collect());
        (self.host.decides(), self.board, lines.0, lines.1, self.moved, self.read)
    }

    fn is_at_end(&self, board: &Board, total: usize) -> bool {
        self.moved == total && if board.into { self.host.unsent(0) == 0 } else { self.read == total }
    }

    /// The worlds after this one, and whether it takes a fault to get there.
    fn next(&self, board: &mut Board, bounds: Bounds) -> Vec<(World, bool)> {
        let mut next = Vec::new();
        if self.to_board.len() < bounds.on_line {
            for patient in [true, false] {
                let mut world = self.clone();
                if !patient {
                    world.now += 64 * PATIENCE;
                }
                let (mut unframer, sent) = (Unframer::default(), world.host.send(world.now, 1));
                let packets = sent.iter().filter_map(|byte| unframer.push(*byte));
                world.to_board.extend(packets.map(|packet| Request::of(&packet.unwrap()).unwrap()));
                if !sent.is_empty() {
                    next.push((world, false));
                }
            }
        }
        if let Some(request) = self.to_board.front() {
            let mut world = self.clone();
            world.to_board.pop_front();
            next.push((world.clone(), true));
            for fate in [Fate::Good, Fate::Broken, Fate::Stale] {
                let mut after = if fate == Fate::Stale { self.clone() } else { world.clone() };
                after.happens(board, &Event::Frame(request.clone(), fate));
                next.push((after, fate != Fate::Good));
            }
            if !board.into && self.to_host.len() < bounds.on_line {
                let answers = world.to_host.len();
                world.happens(board, &Event::Give(Some(request.clone())));
                if world.to_host.len() > answers {
                    next.push((world, false));
                }
            }
        }
        if let Some(answer) = self.to_host.front() {
            let mut world = self.clone();
            world.to_host.pop_front();
            next.push((world.clone(), true));
            let mut broken = world.clone();
            broken.host.receive(&[1, 1, 0], broken.now);
            next.push((broken, true));
            world.host.receive(&answer.frame(), world.now);
            if !board.into {
                world.hear();
            }
            next.push((world, false));
        }
        let mut events = vec![Event::Rest];
        if self.to_host.len() < bounds.on_line {
            events.push(if board.into { Event::Tell } else { Event::Give(None) });
        }
        events.push(match board.into {
            true => Event::Take(bounds.at_once),
            false => Event::Make { from: self.moved, count: bounds.at_once.min(bounds.total - self.moved) },
        });
        for event in events {
            let mut world = self.clone();
            world.happens(board, &event);
            let is_part = matches!(event, Event::Make { count, .. } if world.moved < self.moved + count);
            if !(bounds.whole && is_part) {
                next.push((world, false));
            }
        }
        next
    }

    fn happens(&mut self, board: &mut Board, event: &Event) {
        let (state, outcome) = board.after(self.board, event);
        self.board = state;
        self.to_host.extend(outcome.answer);
        for got in outcome.taken {
            assert_eq!(got, byte(self.moved), "the design takes byte {}", self.moved);
            self.moved += 1;
        }
        self.moved += outcome.made;
    }

    fn hear(&mut self) {
        for got in self.host.read(0) {
            assert_eq!(got, byte(self.read), "the host reads byte {}", self.read);
            self.read += 1;
        }
    }
}

/// All worlds: how many there are, and how many states of the board are in them.
fn explore(ports: &Ports, bounds: Bounds) -> (usize, usize) {
    let mut board = Board::of(ports, bounds.ring);
    let begin = World::begin(ports, bounds);
    let mut numbers = HashMap::from([(begin.key(), 0)]);
    let (mut open, mut before, mut ends) = (VecDeque::from([(0, begin)]), vec![Vec::new()], Vec::new());
    while let Some((number, world)) = open.pop_front() {
        if world.is_at_end(&board, bounds.total) {
            ends.push(number);
        }
        for (next, faulty) in world.next(&mut board, bounds) {
            let count = numbers.len();
            let next_number = *numbers.entry(next.key()).or_insert(count);
            if next_number == count {
                before.push(Vec::new());
                open.push_back((next_number, next));
            }
            if !faulty && next_number != number {
                before[next_number].push(number);
            }
        }
    }
    // From where an end is reached without a fault.
    let mut reaches = vec![false; before.len()];
    ends.iter().for_each(|end| reaches[*end] = true);
    while let Some(number) = ends.pop() {
        for &earlier in &before[number] {
            if !std::mem::replace(&mut reaches[earlier], true) {
                ends.push(earlier);
            }
        }
    }
    let stopped = reaches.iter().filter(|reaches| !**reaches).count();
    assert_eq!(stopped, 0, "worlds of {} from which nothing goes on", reaches.len());
    (before.len(), board.states.len())
}

fn ports(name: &str) -> Ports {
    let port = Port::single(name, vec![Field::single("value", unsigned(8))]);
    match name {
        "x" => Ports { inputs: vec![port], outputs: vec![] },
        _ => Ports { inputs: vec![], outputs: vec![port] },
    }
}

/// A ring that goes around, with frames in which bytes are spoiled.
#[test]
fn a_stream_into_the_design_passes_once_whatever_happens() {
    let (worlds, states) =
        explore(&ports("x"), Bounds { total: 600, on_line: 2, at_once: 300, ring: 8, whole: false });
    assert!(worlds > 100_000 && states > 100, "{worlds} worlds, {states} states of the board");
}

/// Positions that go around with whole frames, then two frames that end wherever they may.
#[test]
fn a_stream_out_of_the_design_passes_once_whatever_happens() {
    for (bounds, least) in [
        (Bounds { total: 1220, on_line: 2, at_once: 122, ring: 9, whole: true }, 50_000),
        (Bounds { total: 130, on_line: 1, at_once: 130, ring: 8, whole: false }, 100_000),
    ] {
        let (worlds, states) = explore(&ports("y"), bounds);
        assert!(worlds > least && states > 100, "{worlds} worlds, {states} states of the board");
    }
}
