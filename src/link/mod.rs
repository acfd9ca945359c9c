//! The link between a host and a design: every beat of every stream passes once and in order, whatever happens to the bytes between them.
//!
//! From the wire up:
//! - **Frames.** Bytes in which no zero is, between zeros, so that after any garbage the next zero is a clean start. The contents are stuffed (COBS:
//!   S. Cheshire and M. Baker, "Consistent overhead byte stuffing", 1999) in blocks of at most 126 bytes, so that every code is below 128; then
//!   come the 21 bits of a check sum in three bytes from 128 up ([`crc`]).
//! - **Packets.** What a frame contains: its kind and stream, the session, a position, data ([`packet`]). A session is what begins with a reset: frames
//!   of another one, which a cable or an adapter may still hold, are of no effect.
//! - **Streams.** Each has a ring of bytes in a memory of the board, and positions in it: those of a stream into the design are counted in bytes of data,
//!   those of one that comes out in bytes of frames. A frame is taken only at the position that is expected, and then as a whole (go-back-N). Bytes of a frame
//!   are written to the ring as they come and count only once its sum was right. The host sends no more than the ring has room for, so a stream
//!   that is stalled holds no other one up.
//! - **Beats.** Whole bytes each, the least significant first; `last` is a bit more where frames vary, and is counted elsewhere.
//!
//! All patience is the host's ([`Host`]): the board has no clock of its own for waiting. It answers, and gives again when it is asked to.

mod beats;
pub mod crc;
#[cfg(test)]
mod exhausted;
mod host;
mod line;
pub mod packet;
mod port;
mod receive;
mod signals;
mod streams;
mod terminal;
mod top;
mod uart;
mod wire;

pub use beats::{beat_bytes, from_bytes, to_bytes};
pub use host::{Counters, Host, Setup};
pub(crate) use line::finished;
pub use line::line;
pub use packet::IDENTITY;
pub use port::{HostPort, ports};
pub use streams::{Rings, beats_of_bytes, streams};
pub use terminal::Terminal;
pub use top::Link;
pub use uart::Rate;
pub use wire::{Session, Wire};

/// Bytes of data of a frame, at most: with the header the longest block.
pub const MOST_DATA: usize = packet::MOST_CONTENTS - packet::HEADER;

/// Positions are counted modulo this.
pub const POSITIONS: usize = 1 << 14;
