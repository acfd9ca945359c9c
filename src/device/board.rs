//! The boards that a design can be made for.

use super::family::Family;
use super::template::words;
use serde::{Deserialize, Serialize};

/// An FPGA board: its device, its oscillator, and where the pins of the board top are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The name in design files and of its files in `constraints/`.
    #[serde(skip)]
    pub name: String,
    pub title: String,
    pub family: Family,
    /// As nextpnr calls it.
    pub device: String,
    /// As nextpnr and the packer call the die, where that is another name.
    pub die: Option<String>,
    pub package: String,
    /// The frequency at pin `clk`.
    pub oscillator_mhz: f64,
    /// Where a person finds the pins `sck`, `serial_in`, `apply` and `serial_out`, in this order.
    pub connector: String,
    pub resources: Resources,
    /// The pins, in the language that the family's place-and-route program reads.
    #[serde(skip)]
    pub constraints: &'static str,
}

/// There is no board of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no board {name:?}; the boards are {known}")]
pub struct UnknownBoard {
    pub name: String,
    pub known: String,
}

/// What the device has of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    pub lut4: u64,
    pub ff: u64,
    pub block_ram: u64,
    pub dsp: u64,
    pub spram: u64,
}

/// Name, description and pins of each board.
const BOARDS: [(&str, &str, &str); 4] = [
    (
        "icebreaker",
        include_str!("../../constraints/icebreaker.toml"),
        include_str!("../../constraints/icebreaker.pcf"),
    ),
    ("hx8k", include_str!("../../constraints/hx8k.toml"), include_str!("../../constraints/hx8k.pcf")),
    ("ulx3s", include_str!("../../constraints/ulx3s.toml"), include_str!("../../constraints/ulx3s.lpf")),
    (
        "tangnano9k",
        include_str!("../../constraints/tangnano9k.toml"),
        include_str!("../../constraints/tangnano9k.cst"),
    ),
];

impl Board {
    /// All boards, in the order in which they are listed to a person.
    pub fn all() -> Vec<Board> {
        BOARDS
            .iter()
            .map(|(name, text, constraints)| {
                let board: Board =
                    toml::from_str(text).expect("the boards' descriptions are ours, and tested");
                Board { name: (*name).into(), constraints, ..board }
            })
            .collect()
    }

    /// The board of this name.
    pub fn named(name: &str) -> Result<Board, UnknownBoard> {
        Board::all().into_iter().find(|board| board.name == name).ok_or_else(|| UnknownBoard {
            name: name.into(),
            known: BOARDS.map(|(name, ..)| name).join(", "),
        })
    }

    /// Bits of all its memory blocks.
    pub fn memory_bits(&self) -> u64 {
        /// Of an SPRAM of iCE40 UltraPlus: 16,384 words of 16 bits.
        const SPRAM: u64 = 16_384 * 16;
        let block =
            self.family.numbers().block_ram.iter().map(|[words, bits]| words * bits).max().unwrap_or(0);
        self.resources.block_ram * block + self.resources.spram * SPRAM
    }

    /// What the arguments of programs say of the board, by name.
    fn own_words(&self) -> [(&'static str, &str); 3] {
        let die = self.die.as_deref().unwrap_or(&self.device);
        [("device", &self.device), ("die", die), ("package", &self.package)]
    }

    /// The arguments with which [`Description::place`](super::Description::place) puts the netlist in the file `netlist` onto the board, with its result in
    /// the file `placed`.
    pub fn place_arguments(&self, netlist: &str, placed: &str) -> Vec<String> {
        let files = [("netlist", netlist), ("pins", self.family.constraints_file), ("placed", placed)];
        words(self.family.place.arguments, &[&self.own_words()[..], &files].concat())
    }

    /// The arguments with which [`Description::pack`](super::Description::pack) makes the file `bitstream` of the file `placed`.
    pub fn pack_arguments(&self, placed: &str, bitstream: &str) -> Vec<String> {
        let files = [("placed", placed), ("bitstream", bitstream)];
        words(self.family.pack.arguments, &[&self.own_words()[..], &files].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_board_parses_and_constrains_every_pin() {
        for board in Board::all() {
            for pin in ["clk", "sck", "serial_in", "apply", "serial_out"] {
                let named = |line: &str| line.split([' ', '"']).any(|word| word == pin);
                assert!(board.constraints.lines().any(named), "{} has no pin {pin}", board.name);
            }
        }
    }

    #[test]
    fn an_unknown_board_is_named_with_those_that_are_known() {
        let error = Board::named("icebraker").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no board \"icebraker\"; the boards are icebreaker, hx8k, ulx3s, tangnano9k"
        );
    }

    #[test]
    fn arguments_name_the_board_and_the_files() {
        let board = Board::named("tangnano9k").unwrap();
        let place = board.place_arguments("board.json", "seed1.placed").join(" ");
        assert_eq!(
            place,
            "--device GW1NR-LV9QN88PC6/I5 --json board.json --write seed1.placed --vopt family=GW1N-9C --vopt cst=pins.cst"
        );
        let pack = board.pack_arguments("seed1.placed", "sums.fs").join(" ");
        assert_eq!(pack, "-d GW1N-9C -o sums.fs seed1.placed");
    }
}
