//! Gowin LittleBee (GW1N).

use super::counts::Counts;
use super::family::{Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, ResetPriority};
use super::placed::{Correction, PlacedCells};

impl Family {
    pub const GOWIN: Family = Family(&Description {
        name: "gowin",
        numbers: include_str!("gowin.toml"),
        synthesis: Synthesis {
            command: "synth_gowin -nowidelut",
            command_without_dsp: "synth_gowin -nowidelut -nodsp",
            // Only the board top has pads; elsewhere synth_gowin would put them around the design.
            alone: "{command} -top {top} -noiopads",
            alone_without_dsp: "{command} -top {top} -noiopads",
        },
        place: Program {
            name: "nextpnr-himbaechel",
            arguments: "--device {device} --json {netlist} --write {placed} --vopt family={die} --vopt cst={pins}",
        },
        pack: Program { name: "gowin_pack", arguments: "-d {die} -o {bitstream} {placed}" },
        constraints_file: "pins.cst",
        bitstream_extension: "fs",
        unpacks: false,
        cells: CELLS,
        kinds: &[("LUT4", "lut4"), ("DFF", "ff"), ("BSRAM", "block_ram"), ("MULT18X18", "dsp")],
        net_endings: &["_LUT", "_ALU_", "_DFF", "_MUX2_", "_MULT"],
        models: Models {
            yosys: "gowin/cells_sim.v",
            defines: &["GOWIN"],
            ours: &[
                ("block_ram.v", include_str!("../../sim/cells/block_ram.v")),
                ("gowin_hard.v", include_str!("../../sim/cells/gowin_hard.v")),
            ],
        },
        corrections: &[CARRY_HEAD],
        placed: Some(PLACED),
        pll: None,
        reset_priority: ResetPriority::Reset,
        adders: AdderForm::Difference,
        accumulators: AccumulatorForm::Polarity,
    });
}

const CELLS: &[(&str, Counts)] = &[
    ("LUT1", LUT),
    ("LUT2", LUT),
    ("LUT3", LUT),
    ("LUT4", LUT),
    ("RAM16SDP1", LUT),
    ("RAM16SDP2", Counts { lut4: 2, ..Counts::NONE }),
    ("RAM16SDP4", Counts { lut4: 4, ..Counts::NONE }),
    ("ALU", Counts { lut4: 1, carry: 1, ..Counts::NONE }),
    ("DFF*", Counts { ff: 1, ..Counts::NONE }),
    ("MULT*", Counts { dsp: 1, ..Counts::NONE }),
    ("SP*", BLOCK_RAM),
    ("SDP*", BLOCK_RAM),
    ("DP*", BLOCK_RAM),
    ("pROM*", BLOCK_RAM),
];

const LUT: Counts = Counts { lut4: 1, ..Counts::NONE };
const BLOCK_RAM: Counts = Counts { block_ram: 1, ..Counts::NONE };

/// Where a carry chain starts from a signal, nextpnr 0.11.1 puts a cell before it that is to pass the signal on, but whose
/// table gives `I0 | carry in` with nothing at the carry in (its issue 1799, mended in its pull request 1800). The right table
/// gives `I0` whatever is read there.
const CARRY_HEAD: Correction = Correction {
    cell: "ALU",
    mark: ("CIN_NETTYPE", "LOGIC"),
    parameter: "RAW_ALU_LUT",
    wrong: "0101000001011010",
    right: "0000000000001010",
    note: "carry chains start from a signal: nextpnr's cell before them would read an open carry (its issue 1799), and was \
           put right before packing",
};

const PLACED: PlacedCells = PlacedCells {
    ours: ("gowin_placed.v", include_str!("../../sim/cells/gowin_placed.v")),
    theirs: &["LUT*", "DFF*"],
    open: &[("ALU", &["I0", "I1", "I2", "I3", "CIN"])],
    register: ("DFF*", "Q"),
};
