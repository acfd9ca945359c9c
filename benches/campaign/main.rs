//! A thousand random designs, of all kinds and small graphs, on all boards: each is refused with a message that names a key, or
//! computes what its golden model does, in the cycles that its schedule says. `make campaign`.
//!
//! Each design has a process of its own, which may panic, lock or grow. Arguments: `--designs N`, `--first SEED`,
//! `--simulate N` and `--netlist N` (each Nth design of a kind under Verilator, and as a netlist; 0 for none), `--kind KIND`, and
//! `--seed SEED` for one design, whose file is printed. Exit status 1 if there are findings.

mod arguments;
mod arrays;
mod checks;
mod designs;
#[path = "../../tests/support/draw.rs"]
mod draw;
mod graphs;
mod kernels;
mod keys;
mod maps;
#[path = "../../tests/support/measured.rs"]
mod measured;
mod outcome;
mod pictures;
mod process;
mod streams;
mod summary;

use arguments::{Arguments, Depth};
use outcome::Outcome;
use rayon::prelude::*;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use summary::Summary;
use ternlet::datapath::Catalog;

/// The designs are those of the seeds from this one on.
const FIRST_SEED: u64 = 1;
const DESIGNS: u64 = 1000;

fn main() -> ExitCode {
    let arguments = Arguments::of(std::env::args().skip(1));
    if let Some((seed, depth, folder)) = &arguments.child {
        println!("{}", outcome::written(&checks::all(*seed, *depth, folder)));
        return ExitCode::SUCCESS;
    }
    let missing = designs::missing(&Catalog::standard());
    assert!(missing.is_empty(), "no design is drawn of {missing:?}");
    let start = Instant::now();
    let outcomes = match arguments.seed {
        Some(seed) => {
            println!("{}", designs::design(seed));
            vec![(seed, process::outcome(seed, Depth::Netlist))]
        }
        None => campaign(&arguments),
    };
    if arguments.seed.is_some() {
        outcomes.iter().for_each(|(seed, outcome)| println!("seed {seed}: {outcome}"));
    }
    let summary = Summary::of(&outcomes);
    println!("{summary}in {:.0} s", start.elapsed().as_secs_f64());
    if summary.findings() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All designs, two at once; findings are printed as they come.
fn campaign(arguments: &Arguments) -> Vec<(u64, Outcome)> {
    let done = AtomicUsize::new(0);
    let seeds: Vec<u64> = (arguments.first..arguments.first + arguments.designs)
        .filter(|&seed| arguments.kind.as_deref().is_none_or(|kind| designs::kind(seed) == kind))
        .collect();
    let one = |seed: u64| {
        let outcome = process::outcome(seed, arguments.depth(seed));
        if let Some(finding) = &outcome.finding {
            println!("FINDING, seed {seed}: {finding}\n{}", designs::design(seed));
        }
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(100) {
            println!("{done} of {} designs", seeds.len());
        }
        (seed, outcome)
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads");
    pool.install(|| seeds.par_iter().with_max_len(1).map(|&seed| one(seed)).collect())
}
