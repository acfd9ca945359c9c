//! The host's side of a link, without a wire and without a clock: bytes and times come in, bytes go out.

use super::MOST_DATA;
use super::packet::{Answer, Asked, Broken, IDENTITY, Request, SESSION_BITS, Unframer};
use std::collections::VecDeque;
use std::time::Duration;

/// What a host knows of a board's link.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Bytes of the ring of each stream into the design, powers of two up to 8,192.
    pub into: Vec<usize>,
    /// Of each stream that comes out of it.
    pub out: Vec<usize>,
    /// How long nothing is heard before all is asked again: longer than an answer takes.
    pub patience: Duration,
}

/// What has happened, to be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames that were broken on their way here.
    pub broken: u64,
    /// Frames that the board refused, as others or broken ones came.
    pub refused: u64,
    /// Frames that were sent again.
    pub repeated: u64,
    /// How often patience ended.
    pub waited: u64,
}

/// The state of a session.
#[derive(Clone, Debug)]
pub struct Host {
    session: u8,
    identity: Option<[u8; IDENTITY]>,
    patience: Duration,
    /// When the board was last asked for a session.
    asked: Option<Duration>,
    heard: Duration,
    unframer: Unframer,
    into: Vec<Sender>,
    out: Vec<Receiver>,
    /// The stream into the design whose turn is next.
    turn: usize,
    counters: Counters,
}

/// A stream into the design.
#[derive(Clone, Debug)]
struct Sender {
    ring: u64,
    /// Bytes from `base` on; before it the board has all.
    bytes: VecDeque<u8>,
    base: u64,
    /// What was sent up to now, before a repetition, and where the board's room ends.
    sent: u64,
    highest: u64,
    limit: u64,
    /// Whether a repetition is on its way: then what was sent before it may still be refused.
    repeats: bool,
    /// Whether the board is to be asked where it is, by a frame without data if there is no room for another.
    asks: bool,
    /// Whether something was sent since it was last asked.
    unasked: bool,
    since: Duration,
    /// How often patience has ended since something went on: each time it lasts twice as long.
    tries: u32,
}

/// A stream that comes out of the design.
#[derive(Clone, Debug)]
struct Receiver {
    ring: u64,
    expected: u64,
    bytes: Vec<u8>,
    /// Up to where the board knows that it has come.
    known: u64,
    /// What the board is to be told.
    due: Option<Asked>,
    /// Whether a repetition is on its way.
    repeats: bool,
    since: Duration,
    tries: u32,
}

impl Host {
    /// Begins `session`, which should be another one than the last.
    ///
    /// # Panics
    /// If it has more bits than a session, or a ring is not a power of two from 256 to 8,192 bytes.
    pub fn new(setup: &Setup, session: u8) -> Self {
        assert!(u32::from(session) < 1 << SESSION_BITS, "a session has {SESSION_BITS} bits");
        let rings = setup.into.iter().chain(&setup.out);
        rings.for_each(|ring| {
            assert!(ring.is_power_of_two() && (256..=8192).contains(ring), "a ring of {ring} bytes")
        });
        Self {
            session,
            identity: None,
            patience: setup.patience,
            asked: None,
            heard: Duration::ZERO,
            unframer: Unframer::default(),
            into: setup.into.iter().map(|ring| Sender::new(*ring as u64)).collect(),
            out: setup.out.iter().map(|ring| Receiver::new(*ring as u64)).collect(),
            turn: 0,
            counters: Counters::default(),
        }
    }

    /// What the board says it is, once it has said so in this session.
    pub fn identity(&self) -> Option<[u8; IDENTITY]> {
        self.identity
    }

    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// When something of this session was last heard.
    pub fn heard(&self) -> Duration {
        self.heard
    }

    /// Adds bytes to a stream into the design.
    pub fn write(&mut self, stream: usize, bytes: &[u8]) {
        self.into[stream].bytes.extend(bytes);
    }

    /// Bytes of a stream into the design that the board has not yet.
    pub fn unsent(&self, stream: usize) -> usize {
        self.into[stream].bytes.len()
    }

    /// The bytes that have come of a stream out of the design since it was last asked.
    pub fn read(&mut self, stream: usize) -> Vec<u8> {
        std::mem::take(&mut self.out[stream].bytes)
    }

    /// Takes what came over the wire.
    pub fn receive(&mut self, bytes: &[u8], now: Duration) {
        for &byte in bytes {
            match self.unframer.push(byte) {
                Some(Ok(contents)) => self.answered(&contents, now),
                Some(Err(Broken)) => self.broken(now),
                None => {}
            }
        }
    }

    fn broken(&mut self, now: Duration) {
        self.counters.broken += 1;
        if self.identity.is_some() {
            self.out.iter_mut().for_each(|stream| stream.ask_again(now));
        }
    }

    /// Before its greeting a board says nothing of this session: what comes is left of one of the same number.
    fn answered(&mut self, contents: &[u8], now: Duration) {
        match Answer::of(contents) {
            Some(Answer::Hello { session, identity }) if session == self.session => {
                if self.identity.replace(identity).is_none() {
                    self.into.iter_mut().for_each(|stream| stream.since = now);
                    self.out.iter_mut().for_each(|stream| stream.since = now);
                }
                self.heard = now;
            }
            Some(Answer::Data { stream, session, position, length, data }) if self.is_ours(session) => {
                self.heard = now;
                if let Some(stream) = self.out.get_mut(stream) {
                    stream.given(position, length, &data, now);
                }
            }
            Some(Answer::Told { stream, session, expected, read, refused }) if self.is_ours(session) => {
                self.heard = now;
                self.counters.refused += u64::from(refused);
                if let Some(stream) = self.into.get_mut(stream) {
                    stream.told(expected, read, refused, now);
                }
            }
            _ => {}
        }
    }

    /// What of its state decides what it will do, but for times.
    #[cfg(test)]
    pub(super) fn decides(&self) -> String {
        let into =
            self.into.iter().map(|Sender { base, sent, highest, limit, repeats, asks, unasked, .. }| {
                format!("{base} {sent} {highest} {limit} {repeats} {asks} {unasked};")
            });
        let out = self.out.iter().map(|Receiver { expected, known, due, repeats, .. }| {
            format!("{expected} {known} {due:?} {repeats};")
        });
        into.chain(out).collect()
    }

    fn is_ours(&self, session: u8) -> bool {
        self.identity.is_some() && session == self.session
    }

    /// What is to go over the wire now: about `room` bytes at most, but for one frame.
    pub fn send(&mut self, now: Duration, room: usize) -> Vec<u8> {
        let mut wire = Vec::new();
        if self.identity.is_none() {
            if self.asked.is_none_or(|asked| now >= asked + self.patience) {
                self.asked = Some(now);
                // What is half on its way ends with the zero.
                wire.push(0);
                wire.extend(self.request(Asked::Reset, 0, 0, vec![]).frame());
            }
            return wire;
        }
        self.wait(now);
        for stream in 0..self.out.len() {
            let Some(asked) = self.out[stream].due.take() else { continue };
            let position = self.out[stream].position();
            wire.extend(self.request(asked, stream, position, vec![]).frame());
        }
        let mut idle = 0;
        while wire.len() < room && idle < self.into.len() {
            let stream = self.turn;
            self.turn = (self.turn + 1) % self.into.len();
            match self.into[stream].next() {
                Some((position, data, repeated)) => {
                    self.counters.repeated += u64::from(repeated);
                    wire.extend(self.request(Asked::Data, stream, position, data).frame());
                    idle = 0;
                }
                None => idle += 1,
            }
        }
        wire
    }

    /// Asks again where nothing has gone on for longer than patience lasts.
    fn wait(&mut self, now: Duration) {
        /// Patience doubles at most so often.
        const DOUBLED: u32 = 4;
        let patience = self.patience;
        let late = |since: Duration, tries: u32| now >= since + patience * (1 << tries.min(DOUBLED));
        for stream in self.out.iter_mut().filter(|stream| late(stream.since, stream.tries)) {
            (stream.due, stream.repeats, stream.since) = (Some(Asked::Again), true, now);
            stream.tries += 1;
        }
        for stream in self.into.iter_mut().filter(|stream| late(stream.since, stream.tries)) {
            if !stream.bytes.is_empty() {
                self.counters.waited += 1;
                stream.repeat(now);
                stream.asks = true;
                stream.tries += 1;
            }
            stream.since = now;
        }
    }

    fn request(&self, asked: Asked, stream: usize, position: u16, data: Vec<u8>) -> Request {
        Request { asked, stream, session: self.session, position, data }
    }
}

impl Sender {
    fn new(ring: u64) -> Self {
        let since = Duration::ZERO;
        Self {
            ring,
            bytes: VecDeque::new(),
            base: 0,
            sent: 0,
            highest: 0,
            limit: ring,
            repeats: false,
            asks: false,
            unasked: false,
            since,
            tries: 0,
        }
    }

    /// The next frame: its position, its data, and whether it was sent before. None where the board has no room, or too little to be worth a
    /// frame. What is empty asks the board where it is.
    fn next(&mut self) -> Option<(u16, Vec<u8>, bool)> {
        let end = self.base + self.bytes.len() as u64;
        let left = end - self.sent;
        let room = self.limit.saturating_sub(self.sent);
        let length = left.min(room).min(MOST_DATA as u64);
        let waits = self.sent > self.base;
        // Once all is sent the board is asked whether it has come.
        let asks = std::mem::take(&mut self.asks) || (left == 0 && self.unasked);
        self.unasked = length > 0;
        if !asks && (length == 0 || (length < left.min(MOST_DATA as u64) && waits)) {
            return None;
        }
        let first = (self.sent - self.base) as usize;
        let data: Vec<u8> = self.bytes.range(first..first + length as usize).copied().collect();
        let frame = ((self.sent % (2 * self.ring)) as u16, data, self.sent < self.highest);
        self.sent += length;
        self.highest = self.highest.max(self.sent);
        Some(frame)
    }

    fn repeat(&mut self, now: Duration) {
        (self.sent, self.repeats, self.since) = (self.base, true, now);
    }

    /// What the board expects, modulo twice the ring, and has read, in 128ths of that.
    fn told(&mut self, expected: u16, read: u8, refused: bool, now: Duration) {
        let modulus = 2 * self.ring;
        let apart = |to: u64, from: u64| (to + modulus - from % modulus) % modulus;
        let on = apart(expected.into(), self.base);
        // What the board said before it had what it has.
        if self.base + on > self.highest {
            return;
        }
        let back = apart(expected.into(), u64::from(read) * modulus / 128);
        if back > self.ring + modulus / 128 {
            return;
        }
        self.limit = self.limit.max((self.base + on + self.ring).saturating_sub(back));
        if on > 0 {
            self.bytes.drain(..on as usize);
            self.base += on;
            self.sent = self.sent.max(self.base);
            (self.repeats, self.since, self.tries) = (false, now, 0);
        }
        if refused && !self.repeats && self.sent > self.base {
            self.repeat(now);
        }
    }
}

impl Receiver {
    fn new(ring: u64) -> Self {
        Self {
            ring,
            expected: 0,
            known: 0,
            bytes: Vec::new(),
            due: None,
            repeats: false,
            since: Duration::ZERO,
            tries: 0,
        }
    }

    fn position(&self) -> u16 {
        (self.expected % (2 * self.ring)) as u16
    }

    fn given(&mut self, position: u16, length: u16, data: &[u8], now: Duration) {
        if position != self.position() {
            return self.ask_again(now);
        }
        self.bytes.extend(data);
        self.expected += u64::from(length);
        (self.repeats, self.since, self.tries) = (false, now, 0);
        // Not of each frame: the board has room for more.
        if self.expected - self.known >= self.ring * 3 / 8 || self.due.is_some() {
            (self.due, self.known) = (Some(Asked::Have), self.expected);
        }
    }

    fn ask_again(&mut self, now: Duration) {
        if !self.repeats {
            (self.due, self.repeats, self.since) = (Some(Asked::Again), true, now);
            self.known = self.expected;
        }
    }
}
