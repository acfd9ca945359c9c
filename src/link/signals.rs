//! The wires between both parts of a link, with their bits.

use super::packet::SESSION_BITS;

/// From the line: what a packet says and contains. `packet_good` is of the session, `packet_broken` is a frame that is no packet.
pub const PACKET: [(&str, u32); 9] = [
    ("packet_data", 1),
    ("packet_byte", 8),
    ("packet_ends", 1),
    ("packet_good", 1),
    ("packet_broken", 1),
    ("packet_kind", 2),
    ("packet_stream", 6),
    ("packet_position", 16),
    ("session", SESSION_BITS),
];

/// From the line: whether no frame is on its way, whether a frame of a stream begins, whether a byte of it was given, and whether the host
/// is told.
pub const TURN: [(&str, u32); 4] = [("between", 1), ("picks", 1), ("moves", 1), ("hears", 1)];

/// To the line: what the host is to be told, if anything is.
pub const TOLD: [(&str, u32); 5] =
    [("told_due", 1), ("told_stream", 5), ("told_refused", 1), ("told_expected", 14), ("told_read", 7)];

/// To the line: whether a frame of a stream is there, and its next byte.
pub const FRAME: [(&str, u32); 2] = [("frame_there", 1), ("frame_byte", 8)];
