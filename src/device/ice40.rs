//! Lattice iCE40: HX, LP and UltraPlus.

use super::counts::Counts;
use super::family::{Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, ResetPriority};
use super::pll::{Net, Pll, PllCell, Setting};

/// What they have in common: HX.
const HX: Description = Description {
    name: "ice40hx",
    numbers: include_str!("ice40hx.toml"),
    synthesis: Synthesis {
        command: "synth_ice40 -device hx",
        command_without_dsp: "synth_ice40 -device hx",
        alone: "{command} -top {top}",
        alone_without_dsp: "{command} -top {top}",
    },
    place: Program {
        name: "nextpnr-ice40",
        arguments: "--{device} --package {package} --json {netlist} --pcf {pins} --asc {placed}",
    },
    pack: Program { name: "icepack", arguments: "{placed} {bitstream}" },
    constraints_file: "pins.pcf",
    pin: "set_io {name} {pin}\n",
    clock_pin: "set_frequency clk {mhz}\n",
    bitstream_extension: "bin",
    unpacks: true,
    cells: CELLS,
    kinds: &[
        ("ICESTORM_LC", "logic_cell"),
        ("ICESTORM_RAM", "block_ram"),
        ("ICESTORM_DSP", "dsp"),
        ("ICESTORM_SPRAM", "spram"),
    ],
    net_endings: &["_SB_"],
    models: Models {
        yosys: "ice40/cells_sim.v",
        // Inputs of cells that are left open are 0, as the cells' defaults say only to Yosys.
        defines: &["NO_ICE40_DEFAULT_ASSIGNMENTS", "ICE40_HX"],
        ours: &[("ice40_hard.v", include_str!("../../sim/cells/ice40_hard.v"))],
    },
    corrections: &[],
    placed: None,
    pll: Some(PllCell {
        name: "SB_PLL40_CORE",
        ports: &[
            ("REFERENCECLK", Net::Oscillator),
            ("LOCK", Net::Locked),
            ("RESETB", Net::Constant(true)),
            ("BYPASS", Net::Constant(false)),
        ],
        attributes: &[],
        settings,
        dividers: &["DIVR", "DIVF", "DIVQ"],
    }),
    // The carry chain takes the operands as they are, before the look-up table, so a difference costs a look-up table a bit
    // more than a sum.
    flash_clock: None,
    reset_priority: ResetPriority::Enable,
    adders: AdderForm::Polarity,
    accumulators: AccumulatorForm::Polarity,
};

impl Family {
    pub const ICE40_HX: Family = Family(&HX);

    pub const ICE40_LP: Family = Family(&Description {
        name: "ice40lp",
        numbers: include_str!("ice40lp.toml"),
        synthesis: Synthesis {
            command: "synth_ice40 -device lp",
            command_without_dsp: "synth_ice40 -device lp",
            ..HX.synthesis
        },
        models: Models { defines: &["NO_ICE40_DEFAULT_ASSIGNMENTS", "ICE40_LP"], ..HX.models },
        ..HX
    });

    pub const ICE40_UP: Family = Family(&Description {
        name: "ice40up",
        numbers: include_str!("ice40up.toml"),
        synthesis: Synthesis {
            command: "synth_ice40 -device u -dsp -spram",
            command_without_dsp: "synth_ice40 -device u -spram",
            // Where Yosys 0.70's `ice40_dsp` takes a register into a DSP block, bits that the register holds twice lose their
            // driver, such as the copies of its sign where it is wider than the product (`sigO.replace` in `ice40_dsp.pmg`
            // maps each bit of D to one of Q). So such copies go before it runs, and the synthesis ends where a bit has no
            // driver after it, while that can be seen.
            alone: "hierarchy -top {top}; proc; flatten; wreduce; {command} -top {top} -run begin:map_ram; check -assert; \
                    {command} -top {top} -run map_ram:",
            alone_without_dsp: "{command} -top {top}",
        },
        models: Models { defines: &["NO_ICE40_DEFAULT_ASSIGNMENTS", "ICE40_U"], ..HX.models },
        pll: Some(PllCell {
            // On the UP5K the clock pin belongs to the loop; on the HX8K board it does not.
            name: "SB_PLL40_PAD",
            ports: &[
                ("PACKAGEPIN", Net::Oscillator),
                ("LOCK", Net::Locked),
                ("RESETB", Net::Constant(true)),
                ("BYPASS", Net::Constant(false)),
            ],
            attributes: &[],
            settings,
            dividers: &["DIVR", "DIVF", "DIVQ"],
        }),
        ..HX
    });
}

const CELLS: &[(&str, Counts)] = &[
    ("SB_LUT4", Counts { lut4: 1, ..Counts::NONE }),
    ("SB_CARRY", Counts { carry: 1, ..Counts::NONE }),
    ("SB_MAC16", Counts { dsp: 1, ..Counts::NONE }),
    ("SB_SPRAM256KA", Counts { spram: 1, ..Counts::NONE }),
    ("SB_DFF*", Counts { ff: 1, ..Counts::NONE }),
    ("SB_RAM40_4K*", Counts { block_ram: 1, ..Counts::NONE }),
];

/// The settings of an `SB_PLL40` with simple feedback, `output = input (divf + 1) / (2^divq (divr + 1))`, for the highest
/// frequency that is not above `wanted_mhz`, of those with the phase detector between 10 and 133 MHz, the oscillator between 533
/// and 1,066 MHz and the output between 16 and 275 MHz (Lattice iCE40 sysCLOCK PLL guide); `None` if there are none.
fn settings(input_mhz: f64, wanted_mhz: f64) -> Option<Pll> {
    let mut best: Option<(f64, [u32; 4])> = None;
    for divr in 0..16 {
        let detector_mhz = input_mhz / f64::from(divr + 1);
        if !(10.0..=133.0).contains(&detector_mhz) {
            continue;
        }
        for divf in 0..128 {
            let oscillator_mhz = detector_mhz * f64::from(divf + 1);
            if !(533.0..=1066.0).contains(&oscillator_mhz) {
                continue;
            }
            for divq in 1..=6 {
                let output_mhz = oscillator_mhz / f64::from(1 << divq);
                let allowed = (16.0..=275.0).contains(&output_mhz) && output_mhz <= wanted_mhz;
                if allowed && best.is_none_or(|(best_mhz, _)| output_mhz > best_mhz) {
                    best = Some((output_mhz, [divr, divf, divq, filter_range(detector_mhz)]));
                }
            }
        }
    }
    best.map(|(output_mhz, [divr, divf, divq, filter_range])| Pll {
        output_mhz,
        output: "PLLOUTGLOBAL",
        parameters: vec![
            ("FEEDBACK_PATH", Setting::Text("SIMPLE")),
            ("DIVR", Setting::Bits { width: 4, value: divr }),
            ("DIVF", Setting::Bits { width: 7, value: divf }),
            ("DIVQ", Setting::Bits { width: 3, value: divq }),
            ("FILTER_RANGE", Setting::Bits { width: 3, value: filter_range }),
        ],
    })
}

/// Follows from the phase detector's frequency.
fn filter_range(detector_mhz: f64) -> u32 {
    let limits = [17.0, 26.0, 44.0, 66.0, 101.0];
    1 + limits.iter().filter(|limit| detector_mhz >= **limit).count() as u32
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn settings_are_those_of_icepll() {
        for (wanted, found) in [(24.0, [0, 63, 5, 1]), (48.0, [0, 63, 4, 1])] {
            let pll = settings(12.0, wanted).unwrap();
            assert_eq!(["DIVR", "DIVF", "DIVQ", "FILTER_RANGE"].map(|name| pll.number(name).unwrap()), found);
            assert_eq!(pll.output_mhz, wanted);
        }
    }

    #[test]
    fn the_output_is_never_above_what_was_asked() {
        for wanted in 16..150 {
            let wanted = f64::from(wanted) + 0.3;
            let output = settings(12.0, wanted).unwrap().output_mhz;
            assert!(output <= wanted && output > wanted - 3.1, "{output} for {wanted}");
        }
        assert_eq!(settings(12.0, 15.0), None);
    }
}
