//! Lattice ECP5.

use super::counts::Counts;
use super::family::{Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, HandWritten, ResetPriority};

impl Family {
    pub const ECP5: Family = Family(&Description {
        name: "ecp5",
        numbers: include_str!("ecp5.toml"),
        synthesis: Synthesis {
            command: "synth_ecp5 -nowidelut",
            command_without_dsp: "synth_ecp5 -nowidelut -nodsp",
            alone: "{command} -top {top}",
            alone_without_dsp: "{command} -top {top}",
        },
        place: Program {
            name: "nextpnr-ecp5",
            arguments: "--{device} --package {package} --json {netlist} --lpf {pins} --textcfg {placed}",
        },
        pack: Program { name: "ecppack", arguments: "--compress {placed} {bitstream}" },
        constraints_file: "pins.lpf",
        bitstream_extension: "bit",
        unpacks: false,
        cells: CELLS,
        kinds: &[
            ("TRELLIS_COMB", "lut4"),
            ("TRELLIS_FF", "ff"),
            ("DP16KD", "block_ram"),
            ("MULT18X18D", "dsp"),
        ],
        net_endings: &["_LUT", "_CCU2C_", "_TRELLIS_", "_PFUMX_", "_DP16KD_", "_MULT"],
        models: Models {
            yosys: "ecp5/cells_sim.v",
            defines: &["ECP5"],
            ours: &[
                ("block_ram.v", include_str!("../../sim/cells/block_ram.v")),
                ("ecp5_hard.v", include_str!("../../sim/cells/ecp5_hard.v")),
            ],
        },
        corrections: &[],
        placed: None,
        pll: None,
        // A look-up table with all four inputs stands before the carry, so a difference costs as much as a sum.
        reset_priority: ResetPriority::Either,
        adders: AdderForm::Difference,
        accumulators: AccumulatorForm::Cell(&ACCUMULATOR),
    });
}

const CELLS: &[(&str, Counts)] = &[
    ("LUT4", Counts { lut4: 1, ..Counts::NONE }),
    ("CCU2C", Counts { lut4: 2, carry: 1, ..Counts::NONE }),
    ("TRELLIS_DPR16X4", Counts { lut4: 4, ..Counts::NONE }),
    ("TRELLIS_FF", Counts { ff: 1, ..Counts::NONE }),
    ("DP16KD", Counts { block_ram: 1, ..Counts::NONE }),
    ("PDPW16KD", Counts { block_ram: 1, ..Counts::NONE }),
    ("MULT18X18D", Counts { dsp: 1, ..Counts::NONE }),
];

static ACCUMULATOR: HandWritten = HandWritten {
    name: "ternary_accumulator",
    source: include_str!("../../rtl/ecp5/ternary_accumulator.v"),
    models: include_str!("../../sim/cells/ecp5.v"),
    counts: |width| {
        // Two bits a CCU2C, and one for the carry-in.
        let carry = u64::from(width.div_ceil(2)) + 1;
        Counts { lut4: 2 * carry, ff: width.into(), carry, ..Counts::NONE }
    },
};
