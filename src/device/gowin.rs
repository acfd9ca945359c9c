//! Gowin LittleBee (GW1N).

use super::counts::Counts;
use super::family::{Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, ResetPriority};

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
