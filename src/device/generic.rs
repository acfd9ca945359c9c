//! No family: Verilog of no primitives, for tools and devices of other vendors.

use super::family::{Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, ResetPriority};

impl Family {
    /// Has no cells, so that there is neither a netlist nor a board of it.
    pub const GENERIC: Family = Family(&Description {
        name: "generic",
        // A device like many.
        numbers: include_str!("ecp5.toml"),
        synthesis: Synthesis { command: "", command_without_dsp: "", alone: "", alone_without_dsp: "" },
        place: NO_PROGRAM,
        pack: NO_PROGRAM,
        constraints_file: "",
        pin: "",
        clock_pin: "",
        bitstream_extension: "",
        unpacks: false,
        cells: &[],
        kinds: &[],
        net_endings: &[],
        models: Models { yosys: "", defines: &[], ours: &[] },
        corrections: &[],
        placed: None,
        pll: None,
        flash_clock: None,
        reset_priority: ResetPriority::Either,
        adders: AdderForm::Difference,
        accumulators: AccumulatorForm::Polarity,
    });
}

const NO_PROGRAM: Program = Program { name: "", arguments: "" };
