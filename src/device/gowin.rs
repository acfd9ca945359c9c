//! Gowin: LittleBee (GW1N), Arora (GW2A) and Arora V (GW5A).

use super::counts::Counts;
use super::family::{Description, Family, Models, Program, Synthesis};
use super::forms::{AccumulatorForm, AdderForm, ResetPriority};
use super::placed::{Correction, PlacedCells};
use super::pll::{Net, Pll, PllCell, Setting, divider, within};

/// What the two have in common: LittleBee and Arora (GW1N, GW2A).
const GW1N: Description = Description {
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
    pin: "IO_LOC \"{name}\" {pin};\nIO_PORT \"{name}\" IO_TYPE={io_type};\n",
    clock_pin: "",
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
    pll: Some(PLL),
    flash_clock: None,
    reset_priority: ResetPriority::Reset,
    adders: AdderForm::Difference,
    accumulators: AccumulatorForm::Polarity,
};

impl Family {
    pub const GOWIN: Family = Family(&GW1N);

    /// Arora V (GW5A-25A). Its multipliers, its look-up tables as memory and its phase-locked loops are not those of the others, and are
    /// not used.
    pub const GOWIN_5A: Family = Family(&Description {
        name: "gowin5a",
        numbers: include_str!("gowin5a.toml"),
        synthesis: Synthesis {
            command: GW5A,
            command_without_dsp: GW5A,
            alone: "{command} -top {top} -noiopads",
            alone_without_dsp: "{command} -top {top} -noiopads",
        },
        // Pins that may configure the device are a design's, the clock's on the Tang Primer 25K among them; both programs must be told.
        place: Program {
            name: "nextpnr-himbaechel",
            arguments: "--device {device} --json {netlist} --write {placed} --vopt family={die} --vopt cst={pins} --vopt sspi_as_gpio",
        },
        pack: Program {
            name: "gowin_pack",
            arguments: "-d {die} --sspi_as_gpio --cpu_as_gpio -o {bitstream} {placed}",
        },
        models: Models { defines: &["GOWIN", "GW5A"], ..GW1N.models },
        pll: None,
        ..GW1N
    });
}

const GW5A: &str = "synth_gowin -family gw5a -nowidelut -nodsp -nolutram";

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

const PLL: PllCell = PllCell {
    name: "rPLL",
    ports: &[
        ("CLKIN", Net::Oscillator),
        ("CLKFB", Net::Constant(false)),
        ("LOCK", Net::Locked),
        ("RESET", Net::Constant(false)),
        ("RESET_P", Net::Constant(false)),
    ],
    attributes: &[],
    settings,
    dividers: &["IDIV_SEL", "FBDIV_SEL", "ODIV_SEL", "DYN_SDIV_SEL"],
};

/// The dividers between the oscillator and CLKOUT.
const ODIV: [u32; 11] = [2, 4, 8, 16, 32, 48, 64, 80, 96, 112, 128];

/// The settings of an `rPLL`, `clkout = input (fbdiv + 1) / (idiv + 1)` with its oscillator at `clkout odiv`, and the output CLKOUT or
/// `clkoutd = clkout / sdiv` with an even `sdiv`, for the highest output that is not above `wanted_mhz`; with the phase detector
/// between 3 and 400 MHz, the oscillator between 500 and 1,200 MHz and CLKOUT between 3.9 and 600 MHz: what both GW1NR-9 C6/I5 (Gowin
/// DS117: oscillator from 400 MHz) and GW2A-18 C8/I7 (DS102: to 1,250 MHz) do; `None` if there are none.
fn settings(input_mhz: f64, wanted_mhz: f64) -> Option<Pll> {
    let mut best = None;
    // CLKOUT first, so that CLKOUTD is taken only where it is nearer.
    for (is_direct, idiv) in
        [true, false].into_iter().flat_map(|direct| (1..=64).map(move |idiv| (direct, idiv)))
    {
        let detector_mhz = input_mhz / f64::from(idiv);
        for fbdiv in 1..=64 {
            let clkout_mhz = input_mhz * f64::from(fbdiv) / f64::from(idiv);
            let is_odiv = |odiv: &&u32| within(clkout_mhz * f64::from(**odiv), [500.0, 1200.0]);
            let odiv = ODIV.iter().find(is_odiv).filter(|_| within(clkout_mhz, [3.9, 600.0]));
            let (Some(odiv), true) = (odiv, within(detector_mhz, [3.0, 400.0])) else { continue };
            let sdiv = match is_direct {
                true => divider(clkout_mhz, wanted_mhz),
                false => 2.0 * divider(clkout_mhz, 2.0 * wanted_mhz),
            };
            if sdiv <= if is_direct { 1.0 } else { 128.0 } {
                best = Pll::faster(best, pll(input_mhz, clkout_mhz, [idiv, fbdiv, *odiv, sdiv as u32]));
            }
        }
    }
    best.filter(|pll| pll.output_mhz >= 3.125)
}

fn pll(input_mhz: f64, clkout_mhz: f64, [idiv, fbdiv, odiv, sdiv]: [u32; 4]) -> Pll {
    Pll {
        output_mhz: clkout_mhz / f64::from(sdiv),
        output: if sdiv == 1 { "CLKOUT" } else { "CLKOUTD" },
        parameters: vec![
            ("FCLKIN", Setting::Megahertz(input_mhz)),
            ("IDIV_SEL", Setting::Number(idiv - 1)),
            ("FBDIV_SEL", Setting::Number(fbdiv - 1)),
            ("ODIV_SEL", Setting::Number(odiv)),
            ("DYN_SDIV_SEL", Setting::Number(sdiv.max(2))),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::settings;

    /// What apycula's `gowin_pll -i 27 -o WANTED` gives: dividers of the phase detector, the feedback, and the frequency.
    #[test]
    fn settings_reach_those_of_gowin_pll() {
        let given = [
            (9, 8, 24.0),
            (3, 4, 36.0),
            (2, 3, 40.5),
            (9, 16, 48.0),
            (9, 20, 60.0),
            (9, 25, 75.0),
            (1, 4, 108.0),
        ];
        for (idiv, fbdiv, output_mhz) in given {
            let pll = settings(27.0, output_mhz).unwrap();
            assert_eq!(pll.output_mhz, output_mhz);
            let set = |name| pll.number(name).unwrap() + 1;
            assert_eq!((set("IDIV_SEL") * fbdiv, pll.output), (set("FBDIV_SEL") * idiv, "CLKOUT"));
        }
        // CLKOUTD alone makes 25 MHz: 27 * 50 / 3 / 18.
        assert_eq!(settings(27.0, 25.0).unwrap().output_mhz, 25.0);
    }
}
