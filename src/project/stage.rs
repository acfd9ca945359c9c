//! The rungs of the ladder from the description to what is loaded.

use serde::Serialize;

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The Verilog as it is generated.
    Rtl,
    /// The cells that Yosys makes of it for the board's family, the same that are counted and placed.
    Netlist,
    /// The cells as nextpnr packed and placed them on a Gowin board, at the board's pins.
    Placed,
    /// The bits that are loaded into an iCE40, turned back into a circuit, at the board's pins.
    Bitstream,
}

impl Stage {
    /// How it is called in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Stage::Rtl => "Verilog",
            Stage::Netlist => "netlist",
            Stage::Placed => "placed design",
            Stage::Bitstream => "bitstream",
        }
    }

    /// Whether the streams are reached at the board's pins, through its shift register.
    pub fn at_pins(self) -> bool {
        matches!(self, Stage::Placed | Stage::Bitstream)
    }

    /// The file of the results.
    pub fn file(self) -> &'static str {
        match self {
            Stage::Rtl => "simulate.json",
            Stage::Netlist => "simulate_netlist.json",
            Stage::Placed => "simulate_placed.json",
            Stage::Bitstream => "simulate_bitstream.json",
        }
    }

    /// The random frames of at most `beats` beats where no count is asked for: 300, of short ones more, of long ones fewer. A beat of
    /// a bitstream takes hundreds of cycles on its four pins.
    pub fn frames(self, beats: usize) -> usize {
        match self {
            Stage::Rtl | Stage::Netlist => (30_000 / beats).clamp(300, 3_000).min((1_000_000 / beats).max(1)),
            Stage::Placed | Stage::Bitstream => (2_000 / beats).clamp(1, 20),
        }
    }
}
