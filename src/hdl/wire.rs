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
    const ALL: [Wire; 4] = [Wire::Valid, Wire::Ready, Wire::Payload, Wire::Last];

    fn end(self) -> &'static str {
        match self {
            Wire::Valid => "valid",
            Wire::Ready => "ready",
            Wire::Payload => "payload",
            Wire::Last => "last",
        }
    }

    /// Its name in Verilog: `x_valid` of stream `x`.
    pub fn of(self, stream: &str) -> String {
        format!("{stream}_{}", self.end())
    }

    /// The stream whose wire is called `name`; none where no stream's wire is.
    pub fn stream(name: &str) -> Option<&str> {
        let (stream, end) = name.rsplit_once('_')?;
        Wire::ALL.iter().any(|wire| wire.end() == end).then_some(stream)
    }
}
