//! What the flow needs to know of a design: its Verilog and the streams at its top.

use crate::verilog::SourceFile;

/// A design in Verilog.
#[derive(Clone, Debug)]
pub struct Design<'a> {
    /// The top module's name.
    pub name: &'a str,
    pub sources: &'a [SourceFile],
    /// In the order of the ports; the flow does not care which comes first.
    pub streams: Vec<Stream>,
    /// Whether the top module has ports `clk` and `rst`.
    pub clocked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Input,
    Output,
}

/// A stream at the top: `<name>_valid`, `<name>_ready`, `<name>_payload`, and `<name>_last` if it is framed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    pub name: String,
    pub direction: Direction,
    /// Bits of the payload.
    pub width: usize,
    pub framed: bool,
}

impl Stream {
    /// The signals that the stream's sender drives, with their widths: valid, payload, last.
    pub fn forward(&self) -> Vec<(String, usize)> {
        let mut signals =
            vec![(format!("{}_valid", self.name), 1), (format!("{}_payload", self.name), self.width)];
        if self.framed {
            signals.push((format!("{}_last", self.name), 1));
        }
        signals
    }

    /// The signal that the stream's receiver drives.
    pub fn ready(&self) -> String {
        format!("{}_ready", self.name)
    }
}
