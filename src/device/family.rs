//! What makes a family: names, programs, cells and forms as data, each family a constant in a file of its own.

use super::counts::Counts;
use super::forms::{AccumulatorForm, AdderForm, ResetPriority};
use super::numbers::Numbers;
use super::placed::{Correction, PlacedCells};
use super::pll::PllCell;
use super::template::{filled, fits};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

/// A family of FPGAs with one kind of logic cell, one synthesis command and one table of delays. Its fields are those of its
/// [`Description`].
#[derive(Clone, Copy)]
pub struct Family(pub(super) &'static Description);

/// All that the rest of the house knows of a family.
pub struct Description {
    /// In JSON, in the descriptions of boards and in reports.
    pub name: &'static str,
    /// What was measured on it, as TOML: see [`Family::numbers`].
    pub(super) numbers: &'static str,
    pub synthesis: Synthesis,
    /// Places and routes. Its arguments may name `{device}`, `{die}`, `{package}`, `{netlist}`, `{pins}` and `{placed}`.
    pub place: Program,
    /// Makes the bitstream. Its arguments may name `{device}`, `{die}`, `{package}`, `{placed}` and `{bitstream}`.
    pub pack: Program,
    /// The file from which the pins are read.
    pub constraints_file: &'static str,
    /// What it says of a pin: may name `{name}`, `{pin}` and `{io_type}`; and of pin `clk`: `{mhz}`.
    pub(super) pin: &'static str,
    pub(super) clock_pin: &'static str,
    pub bitstream_extension: &'static str,
    /// Whether Project IceStorm turns its bitstreams back into circuits.
    pub unpacks: bool,
    /// What one cell of a netlist takes of the device. A star stands for any end of a name; the first that fits counts.
    pub(super) cells: &'static [(&'static str, Counts)],
    /// The words for the kinds of which the place-and-route program reports the use; others are pins and networks.
    pub(super) kinds: &'static [(&'static str, &'static str)],
    /// What synthesis and place and route put at the end of a net's name, from its first occurrence on.
    pub net_endings: &'static [&'static str],
    pub models: Models,
    /// What is put right between place and route and the packer.
    pub corrections: &'static [Correction],
    /// How what is placed is simulated, where the place-and-route program writes its cells as JSON.
    pub placed: Option<PlacedCells>,
    /// Its phase-locked loop, where there is one that a board top can use.
    pub pll: Option<PllCell>,
    /// What drives the clock of the flash from which the FPGA is configured, where no pin does.
    pub flash_clock: Option<ClockCell>,
    pub reset_priority: ResetPriority,
    pub adders: AdderForm,
    pub accumulators: AccumulatorForm,
}

/// A cell that passes a clock on to where no pin is.
#[derive(Clone, Copy, Debug)]
pub struct ClockCell {
    pub name: &'static str,
    /// The port of the clock, and one that is 0 while it is driven.
    pub clock: &'static str,
    pub released: &'static str,
}

/// How Yosys makes cells of the family.
pub struct Synthesis {
    /// The command that may put products into hard multipliers, and the one that may not; `-nowidelut` in them because wide
    /// multiplexers cost a quarter more look-up tables.
    pub(super) command: &'static str,
    pub(super) command_without_dsp: &'static str,
    /// The whole script for a design without a board around it, from `{command}` and `{top}`; both ways.
    pub(super) alone: &'static str,
    pub(super) alone_without_dsp: &'static str,
}

/// A program and its arguments, separated by spaces; what is in braces stands for a value.
pub struct Program {
    pub name: &'static str,
    pub(super) arguments: &'static str,
}

/// Simulation models of a family's cells.
pub struct Models {
    /// Yosys's own, in its folder of families.
    pub yosys: &'static str,
    /// Macros that they need.
    pub defines: &'static [&'static str],
    /// Name and text of ours, of the cells that Yosys only has the ports of.
    pub ours: &'static [(&'static str, &'static str)],
}

/// There is no family of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no family {name:?}; the families are {known}")]
pub struct UnknownFamily {
    pub name: String,
    pub known: String,
}

impl Family {
    /// Every family.
    pub const ALL: [Family; 8] = [
        Family::ICE40_HX,
        Family::ICE40_LP,
        Family::ICE40_UP,
        Family::ECP5,
        Family::GOWIN,
        Family::GOWIN_5A,
        Family::GATEMATE,
        Family::GENERIC,
    ];

    /// The family of this name.
    pub fn named(name: &str) -> Result<Family, UnknownFamily> {
        Family::ALL.into_iter().find(|family| family.name == name).ok_or_else(|| UnknownFamily {
            name: name.into(),
            known: Family::ALL.map(|family| family.name).join(", "),
        })
    }

    /// Whether it has cells of its own, of which a netlist can be made.
    pub fn has_cells(self) -> bool {
        !self.cells.is_empty()
    }

    /// What was measured on the family.
    pub fn numbers(self) -> &'static Numbers {
        static NUMBERS: LazyLock<Vec<(Family, Numbers)>> =
            LazyLock::new(|| Family::ALL.map(|family| (family, Numbers::read(family.numbers))).into());
        let found = NUMBERS.iter().find(|(of, _)| *of == self);
        &found.expect("a family is in the list of all").1
    }

    /// What the cells of a netlist take of the device.
    pub fn count<'c>(self, cells: impl IntoIterator<Item = (&'c str, u64)>) -> Counts {
        let of = |(cell, number)| self.cell(cell).times(number);
        cells.into_iter().map(of).fold(Counts::default(), |sum, one| sum + one)
    }

    fn cell(self, cell: &str) -> Counts {
        self.cells.iter().find(|(name, _)| fits(name, cell)).map_or(Counts::default(), |(_, counts)| *counts)
    }

    /// The word for a kind of resource in the report of the place-and-route program, if designs are made of it.
    pub fn resource(self, kind: &str) -> Option<&'static str> {
        self.kinds.iter().find(|(name, _)| *name == kind).map(|(_, resource)| *resource)
    }

    /// The Yosys command that makes cells of the module `top`; products become look-up tables unless `dsp`.
    pub fn synthesis_command(self, dsp: bool) -> &'static str {
        if dsp { self.synthesis.command } else { self.synthesis.command_without_dsp }
    }

    /// The Yosys commands that make cells of the design `top` alone, without a board around it.
    pub fn synthesis_alone(self, dsp: bool, top: &str) -> String {
        let script = if dsp { self.synthesis.alone } else { self.synthesis.alone_without_dsp };
        filled(script, &[("command", self.synthesis_command(dsp)), ("top", top)])
    }
}

impl AdderForm {
    /// The form that suits `family`; where there is none, the plainest.
    pub fn of(family: Option<Family>) -> Self {
        family.map_or(Self::default(), |family| family.adders)
    }
}

impl AccumulatorForm {
    /// The form that suits `family`; where there is none, the one that needs no cells of any.
    pub fn of(family: Option<Family>) -> Self {
        family.map_or(Self::default(), |family| family.accumulators)
    }
}

impl Deref for Family {
    type Target = Description;

    fn deref(&self) -> &Description {
        self.0
    }
}

impl PartialEq for Family {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Family {}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for Family {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Family::named(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_ice40_are_counted() {
        let cells = [("SB_CARRY", 14), ("SB_DFF", 26), ("SB_DFFESR", 10), ("SB_LUT4", 35), ("SB_MAC16", 1)];
        let counts = Counts { lut4: 35, ff: 36, carry: 14, block_ram: 2, dsp: 1, spram: 1 };
        let memories = [("SB_RAM40_4K", 1), ("SB_RAM40_4KNR", 1), ("SB_SPRAM256KA", 1), ("adder9", 1)];
        assert_eq!(Family::ICE40_UP.count([&cells[..], &memories].concat()), counts);
    }

    #[test]
    fn a_carry_cell_takes_the_look_up_tables_under_it() {
        let ecp5 = Family::ECP5.count([("CCU2C", 9), ("LUT4", 22), ("TRELLIS_FF", 63), ("DP16KD", 1)]);
        assert_eq!(ecp5, Counts { lut4: 40, ff: 63, carry: 9, block_ram: 1, dsp: 0, spram: 0 });
        let cells =
            [("ALU", 17), ("LUT1", 1), ("LUT3", 8), ("DFFRE", 10), ("DPX9B", 1), ("SDPB", 1), ("VCC", 2)];
        let gowin = Family::GOWIN.count(cells);
        assert_eq!(gowin, Counts { lut4: 26, ff: 10, carry: 17, block_ram: 2, dsp: 0, spram: 0 });
    }

    #[test]
    fn a_family_is_found_by_its_name_alone() {
        for family in Family::ALL {
            assert_eq!(Family::named(family.name), Ok(family));
            assert_eq!(serde_json::to_value(family).unwrap(), family.name);
        }
        let error = Family::named("spartan").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no family \"spartan\"; the families are ice40hx, ice40lp, ice40up, ecp5, gowin, gowin5a, gatemate, generic"
        );
    }
}
