//! What `ternlet::estimate` says against what synthesis counts, for the example of every datapath and every design file in
//! `examples/`, on every family.
//!
//! `cargo bench --bench estimate [-- [--small] [NAME ...]]`: only the designs whose names hold one of these; `--small` leaves out
//! those in which the estimate finds more than 1,500 look-up tables. Netlists are cached. Needs Yosys.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use ternlet::datapath::{Catalog, circuit};
use ternlet::design::{Choices, Design};
use ternlet::device::{Counts, Family};
use ternlet::estimate::cost;
use ternlet::flow;
use ternlet::hdl::Timing;
use ternlet::stream::Ports;
use ternlet::tools::{Progress, Toolchain};
use ternlet::verilog::emit;

/// Look-up tables of the largest of small designs.
const SMALL: u64 = 1500;

/// The kinds that are compared, and what a circuit has of each.
type Kind = (&'static str, fn(&Counts) -> u64);
const KINDS: [Kind; 5] = [
    ("lut4", |counts| counts.lut4),
    ("ff", |counts| counts.ff),
    ("carry", |counts| counts.carry),
    ("block_ram", |counts| counts.block_ram),
    ("dsp", |counts| counts.dsp),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let small = arguments.iter().any(|argument| argument == "--small");
    let names: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let toolchain = Toolchain::new(Progress::quiet()).expect("a cache folder");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let catalog = Catalog::standard();
    let designs: Vec<Design> = files(folder.path(), &catalog)
        .iter()
        .filter(|path| names.is_empty() || names.iter().any(|name| stem(path).contains(*name)))
        .map(|path| {
            Design::read(path, &Choices::default(), &catalog)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect();
    println!("estimated : synthesized");
    for family in Family::ALL {
        println!("{}", family.name);
        let pairs: Vec<[Counts; 2]> =
            designs.iter().filter_map(|design| compared(&toolchain, design, family, small)).collect();
        summary(&pairs);
    }
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

/// A design file for each datapath, and those of the examples.
fn files(folder: &Path, catalog: &Catalog) -> Vec<PathBuf> {
    let new = catalog.entries().iter().map(|entry| {
        let path = folder.join(format!("new_{}.toml", entry.kind));
        fs::write(&path, entry.example).expect("a temporary file");
        path
    });
    let examples = fs::read_dir("examples").expect("the examples");
    let examples = examples.map(|entry| entry.expect("an entry").path());
    let mut examples: Vec<PathBuf> =
        examples.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    examples.sort();
    new.chain(examples).collect()
}

/// Estimated and synthesized; printed.
fn compared(toolchain: &Toolchain, design: &Design, family: Family, small: bool) -> Option<[Counts; 2]> {
    let timing = Timing::clock(family, design.frequency_mhz);
    let circuit = circuit(&*design.datapath, &design.name, timing);
    let start = Instant::now();
    let estimated = cost(&circuit, family);
    let seconds = start.elapsed().as_secs_f64();
    if small && estimated.lut4 > SMALL {
        return None;
    }
    let sources = emit(&circuit);
    let described = flow::Design {
        name: &design.name,
        sources: &sources,
        ports: Ports::default(),
        clocked: circuit.clocked,
    };
    let counted = match flow::netlist(toolchain, &described, family) {
        Ok(netlist) => netlist.counts,
        Err(error) => {
            println!("  {:<24} {error}", design.name);
            return None;
        }
    };
    let columns = KINDS.iter().map(|(kind, of)| format!("{kind} {}:{}", of(&estimated), of(&counted)));
    println!(
        "  {:<24} {:+6.1} %  {} ({seconds:.2} s)",
        design.name,
        100.0 * error(estimated.lut4, counted.lut4),
        columns.collect::<Vec<_>>().join("  ")
    );
    Some([estimated, counted])
}

fn error(estimated: u64, counted: u64) -> f64 {
    (estimated as f64 - counted as f64) / counted.max(1) as f64
}

fn summary(pairs: &[[Counts; 2]]) {
    for (kind, of) in KINDS {
        let mut errors: Vec<f64> =
            pairs.iter().map(|[estimated, counted]| error(of(estimated), of(counted)).abs()).collect();
        errors.sort_by(f64::total_cmp);
        let exact = errors.iter().filter(|error| **error == 0.0).count();
        let Some(worst) = errors.last() else { return };
        let median = errors[errors.len() / 2];
        println!(
            "  {kind}: median error {:.1} %, worst {:.1} %, exact in {exact} of {}",
            100.0 * median,
            100.0 * worst,
            errors.len()
        );
    }
}
