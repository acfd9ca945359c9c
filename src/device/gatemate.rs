//! Cologne Chip GateMate (CCGM1A1).

use super::counts::Counts;
use super::family::{Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, ResetPriority};
use super::pll::{Net, Pll, PllCell, Setting, within};

impl Family {
    pub const GATEMATE: Family = Family(&Description {
        name: "gatemate",
        numbers: include_str!("gatemate.toml"),
        synthesis: Synthesis {
            command: SYNTHESIS,
            command_without_dsp: SYNTHESIS,
            // Pads and clock networks belong to the board top.
            alone: "{command} -top {top} -noiopad -noclkbuf",
            alone_without_dsp: "{command} -top {top} -noiopad -noclkbuf",
        },
        place: Program {
            name: "nextpnr-himbaechel-gatemate",
            // The core at 1.0 V, at which the device is neither slowed down nor at its limits.
            arguments: "--device {device} --json {netlist} --vopt ccf={pins} --vopt fpga_mode=2 --vopt out={placed}",
        },
        pack: Program { name: "gmpack", arguments: "{placed} {bitstream}" },
        constraints_file: "pins.ccf",
        pin: "Net \"{name}\" Loc = \"{pin}\";\n",
        clock_pin: "",
        bitstream_extension: "bit",
        unpacks: false,
        cells: CELLS,
        kinds: &[("CPE_LT", "lut4"), ("CPE_FF", "ff"), ("RAM_HALF", "block_ram")],
        net_endings: &["_CC_"],
        models: Models {
            yosys: "gatemate/cells_sim.v",
            defines: &["GATEMATE"],
            ours: &[("gatemate_hard.v", include_str!("../../sim/cells/gatemate_hard.v"))],
        },
        corrections: &[],
        placed: None,
        pll: Some(PLL),
        // A register's own reset is asynchronous, so synthesis makes ours of gates before it.
        flash_clock: None,
        reset_priority: ResetPriority::Gates,
        // The carry chain takes the operands as they are.
        adders: AdderForm::Polarity,
        accumulators: AccumulatorForm::Polarity,
    });
}

/// CC_MULT is made of the same logic elements as adders are, of a number that depends on its widths.
const SYNTHESIS: &str = "synth_gatemate -luttree -nomx8 -nomult";

/// A logic element has two look-up tables of up to four inputs, each of them three tables of two inputs, or one of five.
const CELLS: &[(&str, Counts)] = &[
    ("CC_LUT*", Counts { lut4: 1, ..Counts::NONE }),
    ("CC_L2T4", Counts { lut4: 1, ..Counts::NONE }),
    ("CC_L2T5", Counts { lut4: 2, ..Counts::NONE }),
    ("CC_MX2", Counts { lut4: 1, ..Counts::NONE }),
    ("CC_MX4", Counts { lut4: 2, ..Counts::NONE }),
    ("CC_ADDF", Counts { lut4: 1, carry: 1, ..Counts::NONE }),
    ("CC_DFF", Counts { ff: 1, ..Counts::NONE }),
    ("CC_BRAM_20K", Counts { block_ram: 1, ..Counts::NONE }),
    ("CC_BRAM_40K", Counts { block_ram: 2, ..Counts::NONE }),
];

const PLL: PllCell = PllCell {
    name: "CC_PLL",
    ports: &[
        ("CLK_REF", Net::Oscillator),
        ("USR_CLK_REF", Net::Constant(false)),
        ("CLK_FEEDBACK", Net::Constant(false)),
        ("USR_LOCKED_STDY_RST", Net::Constant(false)),
        ("USR_PLL_LOCKED", Net::Locked),
    ],
    attributes: &[],
    settings,
    // nextpnr makes them of the frequencies.
    dividers: &[],
};

/// The frequency of a `CC_PLL` in its economy mode, `input n / (4 m)`, that is the highest not above `wanted_mhz`; with its oscillator
/// at `2 input n` between 1,000 and 2,000 MHz, the feedback's second divider at most at 625 MHz and the output at most at
/// 312.5 MHz (Cologne Chip UG1001 and DS1001, and nextpnr's `pll.cc`, which looks for the dividers).
///
/// Of all frequencies those of whole 10 kHz: nextpnr goes from one to the next in steps of the last digit.
fn settings(input_mhz: f64, wanted_mhz: f64) -> Option<Pll> {
    let mut best: Option<f64> = None;
    for n in 1..=1024 {
        let half_oscillator_mhz = input_mhz * f64::from(n);
        let divides = |first: u32| n % first == 0 && half_oscillator_mhz <= 625.0 * f64::from(first);
        let has_range = 500.0 < half_oscillator_mhz && half_oscillator_mhz <= 1000.0;
        if !has_range || !(1..=64).any(divides) {
            continue;
        }
        let quarter_mhz = half_oscillator_mhz / 4.0;
        let least = (quarter_mhz / wanted_mhz.min(312.5)).ceil().max(1.0) as u32;
        let mut outputs = (least..=1024).map(|m| quarter_mhz / f64::from(m));
        let output_mhz = outputs.find(|mhz| (mhz * 100.0).fract() == 0.0);
        best = best.into_iter().chain(output_mhz).max_by(f64::total_cmp);
    }
    best.filter(|&mhz| within(mhz, [1.0, wanted_mhz])).map(|output_mhz| Pll {
        output_mhz,
        output: "CLK0",
        parameters: vec![
            ("REF_CLK", Setting::Megahertz(input_mhz)),
            ("OUT_CLK", Setting::Megahertz(output_mhz)),
            ("PERF_MD", Setting::Text("ECONOMY")),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::settings;

    /// nextpnr 0.11.1 makes each of these from 10 MHz without an error.
    #[test]
    fn whole_frequencies_are_made_as_they_are() {
        for wanted in [12.0, 13.0, 24.0, 25.0, 33.0, 48.0, 50.0, 60.0, 75.0, 100.0, 120.0] {
            assert_eq!(settings(10.0, wanted).unwrap().output_mhz, wanted);
        }
    }
}
