//! The filters, the design around them, and its way to the bitstream.

use rust_hdl_bsp_alchitry_cu::pins;
use rust_hdl_core::prelude::*;
use rust_hdl_fpga_support::lattice::ice40::ice_pll::ICE40PLLBlock;
use rust_hdl_fpga_support::toolchains::icestorm::generate_pcf;
use rust_hdl_widgets::prelude::*;
use std::error::Error;
use std::fs;
use std::path::Path;
use ternlet::datapath::{Config, Source, Tensor, TernaryMacConfig, circuit};
use ternlet::device::Family;
use ternlet::hdl::{Circuit, Timing};
use ternlet::tools::Toolchain;

const BOARD_HZ: u64 = 100_000_000;
const DESIGN_HZ: u64 = 25_000_000;

ternlet::rust_hdl_block! {
    /// Eight filters of four taps, one sum a beat.
    struct Filters {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<32>, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<11>, y_last: Bit }
    }
}

/// The weights stand in the configuration.
struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: the weights are in the configuration"))
    }
}

/// The Walsh functions, and half-waves.
fn filters() -> Result<Circuit, Box<dyn Error>> {
    let config: TernaryMacConfig = toml::from_str(
        r#"
        rows = 8
        columns = 4
        lanes = 4
        input = "s8"
        weights = { from = "memory", values = [
            [1, 1, 1, 1], [1, 1, -1, -1], [1, -1, -1, 1], [1, -1, 1, -1],
            [1, -1, 0, 0], [0, 1, -1, 0], [0, 0, 1, -1], [1, 0, 0, -1],
        ] }
        "#,
    )?;
    let datapath = config.load(&NoFiles).map_err(|errors| errors[0].to_string())?;
    let timing = Timing::clock(Family::ICE40_HX, DESIGN_HZ as f64 / 1e6);
    Ok(circuit(&*datapath, "filters", timing))
}

#[derive(LogicBlock)]
struct SignsOfFilters {
    pub clock: Signal<In, Clock>,
    pub signs: Signal<Out, Bits<8>>,
    reset: AutoReset,
    strobe: Strobe<32>,
    noise: LFSRSimple,
    waiting: DFF<Bit>,
    shown: DFF<Bits<8>>,
    filters: Filters,
}

impl Logic for SignsOfFilters {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, reset, strobe, noise);
        dff_setup!(self, clock, waiting, shown);
        self.filters.clk.next = self.clock.val();
        self.filters.rst.next = self.reset.reset.val();
        self.strobe.enable.next = true;
        if self.strobe.strobe.val() {
            self.waiting.d.next = true;
        } else if self.filters.x_ready.val() {
            self.waiting.d.next = false;
        }
        self.filters.x_valid.next = self.waiting.q.val();
        self.filters.x_payload.next = self.noise.num.val();
        self.noise.strobe.next = self.waiting.q.val() & self.filters.x_ready.val();
        self.filters.y_ready.next = true;
        if self.filters.y_valid.val() {
            self.shown.d.next = self.shown.q.val() << 1;
            if self.filters.y_payload.val().get_bit(10) {
                self.shown.d.next = (self.shown.q.val() << 1) | 1;
            }
        }
        self.signs.next = self.shown.q.val();
    }
}

#[derive(LogicBlock)]
struct AlchitryCu {
    clock: Signal<In, Clock>,
    leds: Signal<Out, Bits<8>>,
    pll: ICE40PLLBlock<BOARD_HZ, DESIGN_HZ>,
    design: SignsOfFilters,
}

impl Logic for AlchitryCu {
    #[hdl_gen]
    fn update(&mut self) {
        self.pll.clock_in.next = self.clock.val();
        self.design.clock.next = self.pll.clock_out.val();
        self.leds.next = self.design.signs.val();
    }
}

impl AlchitryCu {
    fn new(filters: Filters) -> Self {
        let design = SignsOfFilters {
            clock: Default::default(),
            signs: Default::default(),
            reset: Default::default(),
            strobe: Strobe::new(DESIGN_HZ, 4.0),
            noise: Default::default(),
            waiting: Default::default(),
            shown: Default::default(),
            filters,
        };
        Self { clock: pins::clock(), leds: pins::leds(), pll: Default::default(), design }
    }
}

/// What became of the design.
pub struct Summary {
    pub fmax_mhz: f64,
    pub logic_cells: u64,
}

/// Writes `top.v`, `top.pcf` and `top.bin` into `folder`.
///
/// # Errors
/// If a tool is missing or fails, as place and route does where the clock is missed.
pub fn bitstream(toolchain: &Toolchain, folder: &Path) -> Result<Summary, Box<dyn Error>> {
    let filters = Filters::new(filters()?).map_err(|errors| errors[0].to_string())?;
    let mut design = AlchitryCu::new(filters);
    design.connect_all();
    check_all(&design).map_err(|error| format!("{error:?}"))?;
    // Yosys knows the vendor's cells itself.
    fs::write(folder.join("top.v"), filter_blackbox_directives(&generate_verilog(&design)))?;
    fs::write(folder.join("top.pcf"), generate_pcf(&design))?;
    let run = |tool: &str, arguments: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        toolchain.find(tool)?.run(folder, &arguments)
    };
    let synthesis = "read_verilog top.v; synth_ice40 -top top -json top.json";
    toolchain.yosys()?.run(folder, &["-q", "-p", synthesis])?;
    run(
        "nextpnr-ice40",
        "--hx8k --package cb132 --json top.json --pcf top.pcf --asc top.asc --freq 25 --seed 1 --report report.json",
    )?;
    run("icepack", "top.asc top.bin")?;
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("report.json"))?)?;
    let clocks = report["fmax"].as_object().ok_or("the report has no clock")?;
    let fmax_mhz =
        clocks.values().filter_map(|clock| clock["achieved"].as_f64()).fold(f64::INFINITY, f64::min);
    let logic_cells =
        report["utilization"]["ICESTORM_LC"]["used"].as_u64().ok_or("the report counts no cells")?;
    Ok(Summary { fmax_mhz, logic_cells })
}
