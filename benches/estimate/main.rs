//! What `ternlet::estimate` says against what synthesis counts, on every family.
//!
//! `cargo bench --bench estimate [-- ARGUMENTS]` takes the example of every datapath and every design file in `examples/`;
//! - `--drawn calibration` or `--drawn held-out`: random designs of all kinds instead; those of the held-out seeds are for nothing but the
//!   table and the plot of docs/figures.md, which are written unless names are given
//! - `--designs N`: how many of these (200)
//! - `--family NAME`: that family alone
//! - `--least N`, `--most N`: only the designs in which the estimate finds so many look-up tables; of drawn ones 100 and 20,000
//! - `NAME ...`: only the designs whose names hold one of these.
//!
//! Netlists are cached by content. Needs Yosys. Exit status 1 where block RAM, DSP or SPRAM of a design are not those of its netlist.

mod arguments;
mod designs;
mod drawn;
mod page;
mod table;

use arguments::{Arguments, Source};
use std::process::ExitCode;
use std::time::Instant;
use table::{Compared, Table};
use ternlet::cli::shown_progress;
use ternlet::datapath::circuit;
use ternlet::design::Design;
use ternlet::device::Family;
use ternlet::estimate::cost;
use ternlet::flow;
use ternlet::hdl::Timing;
use ternlet::stream::Ports;
use ternlet::tools::Toolchain;
use ternlet::verilog::emit;

fn main() -> ExitCode {
    let arguments = Arguments::of(std::env::args().skip(1));
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    let mut holds = true;
    println!("estimated : synthesized");
    for family in arguments.families() {
        println!("{}", family.name);
        let designs: Box<dyn Iterator<Item = Design>> = match &arguments.source {
            Source::Files => Box::new(designs::all(&arguments.names).into_iter()),
            Source::Drawn(seeds) => Box::new(drawn::all(seeds.clone(), family)),
        };
        let compared = designs.filter_map(|design| compared(&toolchain, design, family, &arguments));
        let table = Table::of(compared.take(arguments.designs).collect());
        print!("{table}");
        if arguments.is_for_page() && !table.is_empty() {
            page::write(&table, family, &arguments.size);
        }
        holds &= table.is_exact();
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Estimated and synthesized; printed. None where it is of another size, or no netlist comes of it.
fn compared(
    toolchain: &Toolchain,
    design: Design,
    family: Family,
    arguments: &Arguments,
) -> Option<Compared> {
    let circuit = circuit(&*design.datapath, &design.name, Timing::clock(family, design.frequency_mhz));
    let start = Instant::now();
    let estimated = cost(&circuit, family);
    let seconds = start.elapsed().as_secs_f64();
    if !arguments.size.contains(&estimated.lut4) {
        return None;
    }
    let sources = emit(&circuit);
    let described = flow::Design {
        name: &design.name,
        sources: &sources,
        ports: Ports::default(),
        clocked: circuit.clocked,
        access: flow::Access::Scan,
    };
    let name = design.name.clone();
    match flow::netlist(toolchain, &described, family) {
        Ok(netlist) => {
            let compared = Compared { name, estimated, counted: netlist.counts };
            println!("  {compared} ({seconds:.3} s)");
            Some(compared)
        }
        Err(error) => {
            println!("  {name:<32} {error}");
            None
        }
    }
}
