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

    /// The random frames of at most `beats` beats, each of which takes at least `cycles` clock cycles, where no count is asked for: 300, of
    /// short ones more; of long ones as many as take a million cycles, and at least one. A beat of a bitstream takes hundreds of cycles
    /// on its four pins.
    pub fn frames(self, beats: usize, cycles: u64) -> usize {
        match self {
            Stage::Rtl | Stage::Netlist => {
                let most = usize::try_from(1_000_000 / cycles).unwrap_or(usize::MAX);
                (30_000 / beats).clamp(300, 3_000).min(most.max(1))
            }
            Stage::Placed | Stage::Bitstream => (2_000 / beats).clamp(1, 20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;

    #[test]
    fn a_run_of_random_frames_has_a_bounded_number_of_cycles() {
        let frames = [(1, 1), (10, 10), (100, 100), (9216, 147_456), (252_720, 4_386_603)];
        let counts = frames.map(|(beats, cycles)| Stage::Rtl.frames(beats, cycles));
        assert_eq!(counts, [3_000, 3_000, 300, 6, 1]);
        assert_eq!(Stage::Bitstream.frames(9216, 147_456), 1);
    }
}
