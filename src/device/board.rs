//! The boards that a design can be made for.

use super::family::Family;
use super::pins::Pins;
use super::template::{filled, words};
use serde::{Deserialize, Serialize};

/// An FPGA board: its device, its oscillator, and where the pins of the board top are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The name in design files and of its file in `boards/`.
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
    /// Commands that load the file `{bitstream}`, the usual one first.
    #[serde(default)]
    pub loaders: Vec<String>,
    /// The electrical standard of all pins, where the family's place-and-route program asks for one.
    #[serde(default = "usual_io_type")]
    pub io_type: String,
    pub pins: Pins,
    pub resources: Resources,
}

fn usual_io_type() -> String {
    "LVCMOS33".into()
}

/// There is no board of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no board {name:?}; the boards are {known}")]
pub struct UnknownBoard {
    pub name: String,
    pub known: String,
}

impl UnknownBoard {
    fn named(name: &str) -> Self {
        Self { name: name.into(), known: BOARDS.map(|(name, _)| name).join(", ") }
    }
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

/// Name and description of each board.
const BOARDS: [(&str, &str); 14] = [
    ("icebreaker", include_str!("../../boards/icebreaker.toml")),
    ("hx8k", include_str!("../../boards/hx8k.toml")),
    ("ulx3s", include_str!("../../boards/ulx3s.toml")),
    ("tangnano9k", include_str!("../../boards/tangnano9k.toml")),
    ("tinyfpga_bx", include_str!("../../boards/tinyfpga_bx.toml")),
    ("icesugar", include_str!("../../boards/icesugar.toml")),
    ("upduino", include_str!("../../boards/upduino.toml")),
    ("pico_ice", include_str!("../../boards/pico_ice.toml")),
    ("orangecrab", include_str!("../../boards/orangecrab.toml")),
    ("orangecrab_85f", include_str!("../../boards/orangecrab_85f.toml")),
    ("colorlight_i5", include_str!("../../boards/colorlight_i5.toml")),
    ("tangnano20k", include_str!("../../boards/tangnano20k.toml")),
    ("tangprimer25k", include_str!("../../boards/tangprimer25k.toml")),
    ("gatemate_evb", include_str!("../../boards/gatemate_evb.toml")),
];

impl Board {
    /// All boards, in the order in which they are listed to a person.
    pub fn all() -> Vec<Board> {
        let board =
            |(name, text): &(&str, &str)| Board::parse(name, text).expect("ours are right, and tested");
        BOARDS.iter().map(board).collect()
    }

    /// The board `name` of its description.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(name: &str, text: &str) -> Result<Board, toml::de::Error> {
        let board: Board = toml::from_str(text)?;
        Ok(Board { name: name.into(), ..board })
    }

    /// The description of the shipped board `name`, to start a new one from.
    pub fn description(name: &str) -> Result<&'static str, UnknownBoard> {
        let found = BOARDS.iter().find(|(board, _)| *board == name);
        found.map(|(_, text)| *text).ok_or_else(|| UnknownBoard::named(name))
    }

    /// The board of this name.
    pub fn named(name: &str) -> Result<Board, UnknownBoard> {
        Board::all().into_iter().find(|board| board.name == name).ok_or_else(|| UnknownBoard::named(name))
    }

    /// What the family's place-and-route program reads of the pins of a top module with an input `clk`: each has a name in the module and one of the
    /// package.
    pub fn constraints(&self, pins: &[(&str, &str)]) -> String {
        let line = |(name, pin): &(&str, &str)| {
            filled(self.family.pin, &[("name", name), ("pin", pin), ("io_type", &self.io_type)])
        };
        let clock = filled(self.family.clock_pin, &[("mhz", &self.oscillator_mhz.to_string())]);
        pins.iter().map(line).chain([clock]).collect()
    }

    /// Of a design that is for no board: only its family is known, and it is timed for `frequency_mhz`.
    pub fn none(family: Family, frequency_mhz: f64) -> Board {
        const MANY: u64 = 1 << 32;
        let pins = Pins { clk: String::new(), uart: None, flash: None, scan: None };
        Board {
            name: format!("no board of {}", family.name),
            title: format!("no board of {}", family.name),
            family,
            device: String::new(),
            die: None,
            package: String::new(),
            oscillator_mhz: frequency_mhz,
            loaders: Vec::new(),
            io_type: usual_io_type(),
            pins,
            resources: Resources { lut4: MANY, ff: MANY, block_ram: MANY, dsp: MANY, spram: MANY },
        }
    }

    /// Whether there is one.
    pub fn is_some(&self) -> bool {
        !self.device.is_empty()
    }

    /// Bits of all its memory blocks.
    pub fn memory_bits(&self) -> u64 {
        let numbers = self.family.numbers();
        let bits = |[words, bits]: &[u64; 2]| words * bits;
        let block = numbers.block_ram.iter().map(bits).max().unwrap_or(0);
        let large = numbers.large_memory.as_ref().map_or(0, bits);
        self.resources.block_ram * block + self.resources.spram * large
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
    fn every_board_has_a_serial_line_and_a_loader() {
        for board in Board::all() {
            assert!(board.pins.uart.is_some(), "{} has no pins of a serial line", board.name);
            assert!(board.loaders.iter().all(|loader| loader.contains("{bitstream}")), "{}", board.name);
            assert!(!board.loaders.is_empty(), "nothing loads {}", board.name);
        }
    }

    #[test]
    fn a_flash_has_room_behind_the_bitstream_and_a_clock() {
        for board in Board::all() {
            let Some(flash) = &board.pins.flash else { continue };
            assert!(flash.free_from < flash.bytes && flash.bytes <= 1 << 24, "{}", board.name);
            assert_eq!(flash.sck.is_none(), board.family.flash_clock.is_some(), "{}", board.name);
            for loader in &flash.loaders {
                assert!(loader.contains("{image}"), "{}: {loader}", board.name);
            }
        }
    }

    #[test]
    fn pins_are_given_as_each_program_reads_them() {
        let pins = [("clk", "7"), ("rx", "A1")];
        let of = |board: &str| Board::named(board).unwrap().constraints(&pins);
        assert_eq!(of("icebreaker"), "set_io clk 7\nset_io rx A1\nset_frequency clk 12\n");
        let ulx3s = of("ulx3s");
        assert!(ulx3s.contains("LOCATE COMP \"rx\" SITE \"A1\";\nIOBUF PORT \"rx\" IO_TYPE=LVCMOS33;\n"));
        assert!(ulx3s.ends_with("FREQUENCY PORT \"clk\" 25 MHZ;\n"));
        assert!(of("tangnano9k").ends_with("IO_LOC \"rx\" A1;\nIO_PORT \"rx\" IO_TYPE=LVCMOS33;\n"));
    }

    #[test]
    fn an_unknown_board_is_named_with_those_that_are_known() {
        let error = Board::named("icebraker").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no board \"icebraker\"; the boards are icebreaker, hx8k, ulx3s, tangnano9k, tinyfpga_bx, icesugar, upduino, pico_ice, \
             orangecrab, orangecrab_85f, colorlight_i5, tangnano20k, tangprimer25k, gatemate_evb"
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
