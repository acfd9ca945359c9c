//! Lattice ECP5.

use super::counts::Counts;
use super::family::{ClockCell, Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, HandWritten, ResetPriority};
use super::pll::{Net, Pll, PllCell, Setting, divider, within};

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
        pin: "LOCATE COMP \"{name}\" SITE \"{pin}\";\nIOBUF PORT \"{name}\" IO_TYPE={io_type};\n",
        clock_pin: "FREQUENCY PORT \"clk\" {mhz} MHZ;\n",
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
        pll: Some(PLL),
        // A look-up table with all four inputs stands before the carry, so a difference costs as much as a sum.
        flash_clock: Some(ClockCell { name: "USRMCLK", clock: "USRMCLKI", released: "USRMCLKTS" }),
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

const PLL: PllCell = PllCell {
    name: "EHXPLLL",
    ports: &[
        ("CLKI", Net::Oscillator),
        ("CLKOP", Net::Feedback),
        ("CLKFB", Net::Feedback),
        ("LOCK", Net::Locked),
        ("RST", Net::Constant(false)),
        ("STDBY", Net::Constant(false)),
        ("PHASESEL0", Net::Constant(false)),
        ("PHASESEL1", Net::Constant(false)),
        ("PHASEDIR", Net::Constant(true)),
        ("PHASESTEP", Net::Constant(true)),
        ("PHASELOADREG", Net::Constant(true)),
        ("PLLWAKESYNC", Net::Constant(false)),
        ("ENCLKOP", Net::Constant(false)),
        ("ENCLKOS", Net::Constant(false)),
    ],
    // Of the analogue part, as Project Trellis's ecppll sets it for all frequencies.
    attributes: &[
        ("ICP_CURRENT", "12"),
        ("LPF_RESISTOR", "8"),
        ("MFG_ENABLE_FILTEROPAMP", "1"),
        ("MFG_GMCREF_SEL", "2"),
    ],
    settings,
    dividers: &["CLKI_DIV", "CLKFB_DIV", "CLKOP_DIV", "CLKOS_DIV"],
};

/// The settings of an `EHXPLLL` that is fed back from CLKOP, `oscillator = input clkfb clkop / clki` and `output = oscillator /
/// clkos`, for the highest output that is not above `wanted_mhz`; with the phase detector between 10 and 400 MHz, the oscillator
/// between 400 and 800 MHz, CLKOP and the output between 10 and 400 MHz (Lattice ECP5 data sheet, sysCLOCK PLL timing, and
/// ecppll's limit of outputs); `None` if there are none.
fn settings(input_mhz: f64, wanted_mhz: f64) -> Option<Pll> {
    let mut best = None;
    for clki in 1..=128 {
        let detector_mhz = input_mhz / f64::from(clki);
        for clkfb in 1..=80 {
            let feedback_mhz = detector_mhz * f64::from(clkfb);
            if !within(detector_mhz, [10.0, 400.0]) || !within(feedback_mhz, [10.0, 400.0]) {
                continue;
            }
            for clkop in 1..=128 {
                let oscillator_mhz = feedback_mhz * f64::from(clkop);
                if !within(oscillator_mhz, [400.0, 800.0]) {
                    continue;
                }
                let clkos = divider(oscillator_mhz, wanted_mhz);
                let output_mhz = oscillator_mhz / clkos;
                if clkos <= 128.0 && within(output_mhz, [10.0, 400.0]) {
                    best = Pll::faster(best, pll(output_mhz, [clki, clkfb, clkop, clkos as u32]));
                }
            }
        }
    }
    best
}

fn pll(output_mhz: f64, [clki, clkfb, clkop, clkos]: [u32; 4]) -> Pll {
    let number = |name, value| (name, Setting::Number(value));
    Pll {
        output_mhz,
        output: "CLKOS",
        parameters: vec![
            ("FEEDBK_PATH", Setting::Text("CLKOP")),
            number("CLKI_DIV", clki),
            number("CLKFB_DIV", clkfb),
            ("CLKOP_ENABLE", Setting::Text("ENABLED")),
            number("CLKOP_DIV", clkop),
            // No phase shift.
            number("CLKOP_CPHASE", clkop - 1),
            ("CLKOS_ENABLE", Setting::Text("ENABLED")),
            number("CLKOS_DIV", clkos),
            number("CLKOS_CPHASE", clkos - 1),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::settings;

    /// What Project Trellis's `ecppll -i 25 -o WANTED --highres` gives exactly.
    #[test]
    fn settings_reach_those_of_ecppll() {
        for wanted in [24.0, 50.0, 62.5, 100.0] {
            let pll = settings(25.0, wanted).unwrap();
            assert_eq!(pll.output_mhz, wanted);
            let [clki, clkfb, clkop, clkos] = ["CLKI_DIV", "CLKFB_DIV", "CLKOP_DIV", "CLKOS_DIV"]
                .map(|name| f64::from(pll.number(name).unwrap()));
            assert_eq!(25.0 / clki * clkfb * clkop, wanted * clkos);
            assert!((400.0..=800.0).contains(&(wanted * clkos)));
        }
    }
}
