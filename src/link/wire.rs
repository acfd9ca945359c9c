//! A host with its wire: bytes go back and forth until nobody asks for more.

use super::host::Host;
use std::io;
use std::time::Duration;

/// What carries bytes between a host and a board, with a clock of its own.
pub trait Wire {
    /// Sends as much of `bytes` as there is time for: how much that was, and what has come meanwhile. Waits for a moment where there is nothing to do.
    ///
    /// # Errors
    /// What became of the wire.
    fn exchange(&mut self, bytes: &[u8]) -> io::Result<(usize, Vec<u8>)>;

    /// The time that has passed on it.
    fn now(&self) -> Duration;
}

impl<W: Wire> Wire for &mut W {
    fn exchange(&mut self, bytes: &[u8]) -> io::Result<(usize, Vec<u8>)> {
        W::exchange(self, bytes)
    }

    fn now(&self) -> Duration {
        W::now(self)
    }
}

/// A host that talks over a wire.
pub struct Session<W> {
    pub host: Host,
    pub wire: W,
    /// What is to go over the wire next.
    waiting: Vec<u8>,
    bytes: [u64; 2],
}

impl<W: Wire> Session<W> {
    /// Bytes that wait for the wire, at most: more would be out of date when they go.
    const ROOM: usize = 60;

    pub fn new(host: Host, wire: W) -> Self {
        Self { host, wire, waiting: Vec::new(), bytes: [0; 2] }
    }

    /// What has gone over the wire: sent and heard.
    pub fn bytes(&self) -> [u64; 2] {
        self.bytes
    }

    /// Sends and hears what there is.
    ///
    /// # Errors
    /// What became of the wire.
    pub fn step(&mut self) -> io::Result<()> {
        if self.waiting.len() < Self::ROOM {
            let more = self.host.send(self.wire.now(), Self::ROOM);
            self.waiting.extend(more);
        }
        let (sent, heard) = self.wire.exchange(&self.waiting)?;
        self.waiting.drain(..sent);
        self.bytes[0] += sent as u64;
        self.bytes[1] += heard.len() as u64;
        self.host.receive(&heard, self.wire.now());
        Ok(())
    }
}
