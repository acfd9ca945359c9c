//! Frames that go to a board over a wire, and what comes back.

use super::error::Error;
use crate::flow::Serial;
use crate::link::{Counters, Host, IDENTITY, Session, Setup, Wire, beat_bytes, from_bytes, to_bytes};
use crate::stream::{Ports, Transfers};
use std::io;
use std::time::Duration;

/// A host that talks to a design's board.
pub struct Talk<W> {
    ports: Ports,
    session: Session<W>,
    /// Bytes that have come of each output and were not asked for.
    heard: Vec<Vec<u8>>,
    /// How much has moved up to when it last did.
    moved: (Moved, Duration),
    /// How long it may stand still.
    limit: Duration,
}

/// What has moved: bytes that came, bytes that are left to go, and whether the board has said what it is.
type Moved = (usize, usize, bool);

/// Why a talk came to no end.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("{0}")]
    Wire(#[from] io::Error),
    /// Nothing moved for this time.
    #[error("nothing moved for {} s", .0.as_secs_f64())]
    Still(Duration),
}

impl<W: Wire> Talk<W> {
    /// Begins session `number` with the board of a serial line, in which nothing may stand still for longer than `limit`.
    pub fn begin(wire: W, serial: &Serial, number: u8, limit: Duration) -> Self {
        /// Longer than an adapter keeps an answer.
        const PATIENCE: Duration = Duration::from_millis(60);
        let bytes = |bits: &[u32]| bits.iter().map(|bits| 1 << bits).collect();
        let setup =
            Setup { into: bytes(&serial.rings.into), out: bytes(&serial.rings.out), patience: PATIENCE };
        let ports = serial.ports.clone();
        let heard = vec![Vec::new(); ports.outputs.len()];
        let moved = (Moved::default(), wire.now());
        Self { ports, session: Session::new(Host::new(&setup, number), wire), heard, moved, limit }
    }

    /// What the board says that it is.
    ///
    /// # Errors
    /// If it says nothing.
    pub fn greeting(&mut self) -> Result<[u8; IDENTITY], Broken> {
        loop {
            match self.session.host.identity() {
                Some(identity) => return Ok(identity),
                None => self.step(0)?,
            }
        }
    }

    /// Sends `inputs` after all that was given before: they go while others are waited for.
    pub fn give(&mut self, inputs: &Transfers) {
        let streams = self.ports.inputs.iter().zip(inputs).enumerate();
        streams.for_each(|(stream, (port, tokens))| {
            self.session.host.write(stream, &to_bytes(port, tokens));
        });
    }

    /// Waits until as many beats have come of each output; `watch` hears of the bytes that came so far, and of all.
    ///
    /// # Errors
    /// If they do not come.
    pub fn take(&mut self, beats: &[usize], watch: impl Fn(usize, usize)) -> Result<Transfers, Broken> {
        let wanted: Vec<usize> =
            self.ports.outputs.iter().zip(beats).map(|(port, beats)| beats * beat_bytes(port)).collect();
        let all = wanted.iter().sum();
        loop {
            let there = self.heard.iter().zip(&wanted).map(|(heard, wanted)| heard.len().min(*wanted)).sum();
            watch(there, all);
            if there == all {
                break;
            }
            self.step(there)?;
        }
        let outputs = self.ports.outputs.iter().zip(&mut self.heard).zip(wanted);
        Ok(outputs
            .map(|((port, heard), wanted)| from_bytes(port, heard.drain(..wanted).as_slice()))
            .collect())
    }

    /// Beats that have come of each output and were not taken.
    pub fn beats(&self) -> impl Iterator<Item = usize> {
        let outputs = self.ports.outputs.iter().zip(&self.heard);
        outputs.map(|(port, heard)| heard.len() / beat_bytes(port))
    }

    /// The first output of which more has come than was taken, and the integers of the first such beat.
    pub fn surplus(&self) -> Option<(String, Vec<i64>)> {
        let outputs = self.ports.outputs.iter().zip(&self.heard);
        let mut more = outputs.filter(|(port, heard)| heard.len() >= beat_bytes(port));
        let (port, heard) = more.next()?;
        Some((port.name.clone(), from_bytes(port, &heard[..beat_bytes(port)]).values))
    }

    /// What has gone over the wire: sent and heard.
    pub fn bytes(&self) -> [u64; 2] {
        self.session.bytes()
    }

    pub fn counters(&self) -> Counters {
        self.session.host.counters()
    }

    pub fn now(&self) -> Duration {
        self.session.wire.now()
    }

    /// `there` bytes have come.
    fn step(&mut self, there: usize) -> Result<(), Broken> {
        self.session.step()?;
        let host = &mut self.session.host;
        self.heard.iter_mut().enumerate().for_each(|(stream, heard)| heard.extend(host.read(stream)));
        let unsent: usize = (0..self.ports.inputs.len()).map(|stream| host.unsent(stream)).sum();
        let now = self.session.wire.now();
        let moved = (there, unsent, host.identity().is_some());
        if moved != self.moved.0 {
            self.moved = (moved, now);
        }
        match now - self.moved.1 > self.limit {
            true => Err(Broken::Still(self.limit)),
            false => Ok(()),
        }
    }
}

impl Broken {
    /// As it ends a run at `port`, before or after the board said what it is.
    pub fn at(self, port: &str, greeted: bool, serial: &Serial) -> Error {
        let hint = match (&self, &serial.fed) {
            (Broken::Still(_), Some(_)) => {
                "; is what the design takes from the flash there (`ternlet load`)?"
            }
            _ => "",
        };
        match self {
            Broken::Still(limit) if !greeted => {
                Error::Silent { port: port.into(), seconds: limit.as_secs_f64() }
            }
            other => Error::Stopped { port: port.into(), why: format!("{other}{hint}") },
        }
    }
}
