//! The signals of a stream at a boundary, and what they are called there.

/// A signal of a stream, as a port of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Whether there is a beat.
    Valid,
    /// Whether a beat is taken: the only one that the receiver drives.
    Ready,
    Payload,
    /// Whether the beat is its frame's last; only where the stream is framed.
    Last,
}

impl Wire {
    /// Its name in Verilog: `x_valid` of stream `x`.
    pub fn of(self, stream: &str) -> String {
        let end = match self {
            Wire::Valid => "valid",
            Wire::Ready => "ready",
            Wire::Payload => "payload",
            Wire::Last => "last",
        };
        format!("{stream}_{end}")
    }
}
