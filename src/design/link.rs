//! The table `[link]`: how a design's streams are reached at the pins of its board.

use crate::device::Board;
use crate::stream::Port;
use serde::{Deserialize, Serialize};

/// What stands between a design and the pins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// A serial line, to which `ternlet run` talks.
    Uart,
    /// A shift register on four pins: a means to place, time and load the design.
    Scan,
}

/// The keys of the table; each may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table { kind = \"uart\" } or { kind = \"scan\" }")]
pub struct LinkKeys {
    kind: Option<LinkKind>,
    /// Bytes of a stream that may be on their way: more for adapters that answer late.
    pub ring: Option<usize>,
    /// Bits a second of a serial line, at most.
    pub baud: Option<u32>,
    /// Streams into the design that come from the board's flash after each reset, in the order in which they stand there.
    #[serde(default)]
    pub flash: Vec<String>,
}

impl LinkKeys {
    /// Of this kind, with all else as usual.
    pub fn of(kind: LinkKind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// The same, but of the kind `chosen`, if one was.
    pub fn or(self, chosen: Option<LinkKind>) -> Self {
        Self { kind: chosen.or(self.kind), ..self }
    }

    /// The kind on `board`: where nothing is said a serial line, if it has one.
    pub fn kind(&self, board: &Board) -> LinkKind {
        let usual = if board.pins.uart.is_some() { LinkKind::Uart } else { LinkKind::Scan };
        self.kind.unwrap_or(usual)
    }

    /// # Errors
    /// Why the streams `flash` of these inputs cannot come from the flash of `board`, in a sentence.
    pub fn check_flash(&self, inputs: &[Port], board: &Board) -> Result<(), String> {
        let once: Vec<&str> =
            inputs.iter().filter(|port| port.is_once()).map(|port| port.name.as_str()).collect();
        let there = match &once[..] {
            [] => "no stream of this design is written once after a reset, as weights from = \"loaded\" are"
                .into(),
            once => format!("those that are written once after a reset are {}", once.join(", ")),
        };
        for (place, stream) in self.flash.iter().enumerate() {
            if self.flash[..place].contains(stream) {
                return Err(format!("flash names {stream} twice; name it once"));
            }
            if !once.contains(&stream.as_str()) {
                return Err(format!("flash names {stream}: {there}"));
            }
        }
        if !self.flash.is_empty() && board.is_some() && self.kind(board) == LinkKind::Scan {
            return Err("flash stands beside a serial line only: say kind = \"uart\", or leave it out".into());
        }
        Ok(())
    }

    /// # Errors
    /// The first key that is impossible, and why, in a sentence.
    pub fn check(&self) -> Result<(), String> {
        match (self.ring, self.baud) {
            (Some(ring), _) if !(256..=8192).contains(&ring) || !ring.is_power_of_two() => {
                Err(format!("ring = {ring}: a stream has a ring of 256, 512, 1024, 2048, 4096 or 8192 bytes"))
            }
            (_, Some(baud)) if baud < 115_200 => {
                Err(format!("baud = {baud}: the least rate is 115200; write that, or more"))
            }
            _ => Ok(()),
        }
    }
}
