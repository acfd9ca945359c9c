//! What pruning costs: look-up tables of the netlist, which has passed simulation with Yosys's own cell models, and the frequency
//! after place and route on iCE40 HX8K. Exit status 1 where a bound is missed.
//!
//! The product of the random number and the threshold is counted apart: it is synthesized alone, in the same pipeline stages
//! and after the same kind of streams, and what it takes is subtracted from the whole. What is left over holds everything else:
//! streams, random numbers, comparisons, selection, the count of what is not 0, and its report.

#[path = "../checked/mod.rs"]
mod checked;

use checked::Candidate;
use std::process::ExitCode;
use ternlet::blocks::product;
use ternlet::cli::shown_progress;
use ternlet::datapath::{Config, Datapath, GradientPruneConfig, LaneStream, Source, Tensor};
use ternlet::device::{Board, Counts};
use ternlet::flow::{self, Options};
use ternlet::hdl::{Module, Timing, unsigned};
use ternlet::stream::{Field, Port, Ports, Tokens, Transfers};
use ternlet::tools::Toolchain;
use ternlet::verify::Case;

const FREQUENCY_MHZ: f64 = 100.0;
const RANDOM_BITS: u32 = 16;
const MOST_LUTS: u64 = 150;

struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: the benchmark reads no files"))
    }
}

/// `floor(r * threshold / 2^16)`.
struct ScaledThreshold;

impl Datapath for ScaledThreshold {
    fn kind(&self) -> &'static str {
        "scaled_threshold"
    }

    fn doc(&self) -> String {
        "y = (r * threshold) >> 16".into()
    }

    fn ports(&self) -> Ports {
        let field = |name: &str, bits| Field::single(name, unsigned(bits));
        let x = Port::single("x", vec![field("r", RANDOM_BITS), field("threshold", 15)]);
        Ports { inputs: vec![x], outputs: vec![Port::vectors("y", "y", 1, unsigned(15), 1)] }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        vec![inputs.remove(0).map(|x| vec![(product(x[0], x[1]) >> RANDOM_BITS).wrap(unsigned(15))])]
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let values = inputs[0].values.chunks(2).map(|x| (x[0] * x[1]) >> RANDOM_BITS).collect();
        vec![Tokens { lanes: 1, values, last: vec![] }]
    }
}

fn main() -> ExitCode {
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    println!(
        "One 16-bit gradient a cycle, frames of 64, {RANDOM_BITS} random bits, iCE40 HX8K, for {FREQUENCY_MHZ} MHz"
    );
    let (apart, _) = measure(&toolchain, "scaled_threshold", &ScaledThreshold);
    println!("  r * threshold alone: {} LUT4", apart.lut4);
    let (loaded, fmax) = measure(&toolchain, "prune_loaded", &*prune("{ from = \"stream\" }"));
    let rest = loaded.lut4 - apart.lut4;
    let met = rest <= MOST_LUTS && fmax >= FREQUENCY_MHZ;
    println!(
        "  loaded threshold:    {} LUT4 and {} flip-flops in all; {rest} LUT4 without r * threshold (at most {MOST_LUTS}); \
         {fmax:.1} MHz, the median of 16 placements (at least {FREQUENCY_MHZ}): {}",
        loaded.lut4,
        loaded.ff,
        if met { "met" } else { "MISSED" }
    );
    let followed = prune("{ from = \"mean\", rate = 0.9, frames = 8 }");
    let (followed, fmax) = measure(&toolchain, "prune_followed", &*followed);
    println!(
        "  followed threshold:  {} LUT4 and {} flip-flops in all; {} LUT4 without r * threshold; {fmax:.1} MHz (no bound is asked)",
        followed.lut4,
        followed.ff,
        followed.lut4 - apart.lut4
    );
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn prune(threshold: &str) -> Box<dyn Datapath> {
    let toml =
        format!("input = \"s16\"\nframe = 64\nthreshold = {threshold}\nrandom = {{ bits = {RANDOM_BITS} }}");
    let config: GradientPruneConfig = toml::from_str(&toml).expect("a table");
    config.load(&NoFiles).expect("a datapath")
}

/// The cells of `datapath` alone, after its netlist has passed simulation, and the median frequency of 16 placements.
fn measure(toolchain: &Toolchain, name: &'static str, datapath: &dyn Datapath) -> (Counts, f64) {
    let board = Board::named("hx8k").expect("a board");
    let timing = Timing::clock(board.family, FREQUENCY_MHZ);
    let inputs = ternlet::stream::random(&datapath.ports(), 300, 25);
    let case = Case { expected: datapath.golden(&inputs), inputs };
    let candidate = Candidate::of(name, datapath, timing, case);
    let netlist = candidate.netlist(toolchain, board.family);
    let options = Options { frequency_mhz: FREQUENCY_MHZ, seeds: 16, dsp: true };
    let synthesis = flow::synthesize(toolchain, &candidate.design(), &board, options)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(netlist.hash, synthesis.netlist_hash, "what was placed is what is simulated");
    let placement = synthesis.placement().unwrap_or_else(|| panic!("{name}: {:?}", synthesis.unmet()));
    (netlist.counts, placement.median_fmax_mhz)
}
