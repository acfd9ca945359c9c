//! Circuits inside designs of rust-hdl, under Verilator and in rust-hdl's simulator.

mod alchitry_cu;
mod block;
mod catalog;
mod cross_check;
mod embedding;
mod logic_block;
#[path = "../support/small.rs"]
mod small;

use rust_hdl_core::prelude::{Block, check_all, generate_verilog};
use ternlet::datapath::{Config, Datapath, Source, Tensor, TernaryMacConfig};
use ternlet::stream::Draw;
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::{Case, Plan, Report, SimulationError, VerilatorTools, simulate};
use ternlet::verilog::SourceFile;

struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: no such file"))
    }
}

/// A ternary MAC with streamed weights.
fn ternary_mac(
    rows: usize,
    columns: usize,
    lanes: usize,
    parallel_rows: usize,
    input: &str,
) -> Box<dyn Datapath> {
    let table = format!(
        "rows = {rows}\ncolumns = {columns}\nlanes = {lanes}\nparallel_rows = {parallel_rows}\ninput = \"{input}\"\n\
         weights = {{ from = \"stream\" }}\n"
    );
    let config: TernaryMacConfig = toml::from_str(&table).unwrap();
    config.load(&NoFiles).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

/// What rust-hdl writes for `design`, which must pass its checks.
fn rust_hdl_verilog<T: Block>(mut design: T) -> Vec<SourceFile> {
    design.connect_all();
    check_all(&design).unwrap();
    vec![SourceFile { name: "top.v".into(), text: generate_verilog(&design) }]
}

/// Simulates module `top` of `sources` against the golden model of `datapath`: its corners, and 200 random frames.
fn simulated(datapath: &dyn Datapath, sources: &[SourceFile], top: &str) -> Result<Report, SimulationError> {
    let tools = VerilatorTools::of(&Toolchain::new(Progress::quiet()).unwrap()).unwrap();
    let ports = datapath.ports();
    let mut stimuli = datapath.corners();
    stimuli.push(datapath.random(200, &mut Draw::seeded(7)));
    let case = |inputs| Case { expected: datapath.golden(&inputs), inputs };
    let cases: Vec<Case> = stimuli.into_iter().map(case).collect();
    let plan = Plan {
        sources,
        top,
        ports: &ports,
        defines: Vec::new(),
        cases: &cases,
        seed: 11,
        waves: None,
        stall_limit: 5_000,
    };
    simulate(&tools, &plan)
}
