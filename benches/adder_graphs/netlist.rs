//! Counts the look-up tables of a netlist that has passed simulation.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use ternlet::datapath::{Ports, StreamPort, stimulus};
use ternlet::flow::{Counts, Family};
use ternlet::hdl::signed;
use ternlet::tools::{Tool, Toolchain, text};
use ternlet::verilog::SourceFile;

/// Bits of a row's product at the ports that are compared.
pub const PRODUCT: u32 = 20;
/// Vectors that a netlist is simulated with.
const VECTORS: usize = 200;

/// A circuit that computes the product of a matrix and a vector of signed bytes.
pub struct Candidate {
    /// Its top module.
    pub top: &'static str,
    pub sources: Vec<SourceFile>,
    /// An instance of the top module between `x`, the bytes packed from column 0 up, and `y`, the products likewise; with
    /// `clk` and `rst`.
    pub instance: String,
    /// Clock cycles from `x` to `y`, at least.
    pub latency: usize,
}

/// The look-up tables of `candidate`, after its netlist has passed simulation; none if it has not, or there is no netlist.
pub fn count(
    toolchain: &Toolchain,
    yosys: &Tool,
    candidate: &Candidate,
    matrix: &[Vec<i64>],
    family: Family,
) -> Option<u64> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    for source in &candidate.sources {
        fs::write(folder.join(&source.name), &source.text).expect("a temporary file");
    }
    let names: Vec<&str> = candidate.sources.iter().map(|source| source.name.as_str()).collect();
    let (command, cells) = match family {
        Family::Ecp5 => ("synth_ecp5 -nowidelut", "ecp5"),
        _ => ("synth_ice40 -device hx", "ice40"),
    };
    let top = candidate.top;
    let script = format!(
        "read_verilog -sv {}; {command} -top {top}; tee -q -o cells.json stat -json; write_verilog -noattr netlist.v",
        names.join(" ")
    );
    {
        let _step = toolchain.progress().step(&format!("Yosys {} on {top} for {cells}", yosys.version));
        // Yosys 0.23 does not read all that a peer writes.
        if let Err(error) = yosys.run(folder, &["-q", "-p", &script]) {
            println!("  {top}: {error}");
            return None;
        }
    }
    let models = toolchain.cell_models().expect("Yosys's cell models");
    let cells = with_includes(&models.join(format!("{cells}/cells_sim.v")));
    if !holds(toolchain, candidate, matrix, &cells, folder) {
        return None;
    }

    #[derive(Deserialize)]
    struct Statistics {
        design: Total,
    }
    #[derive(Deserialize)]
    struct Total {
        num_cells_by_type: BTreeMap<String, u64>,
    }
    let text = fs::read_to_string(folder.join("cells.json")).expect("what Yosys wrote");
    let statistics: Statistics = serde_json::from_str(&text).expect("the statistics of Yosys");
    Some(Counts::of(family, &statistics.design.num_cells_by_type).lut4)
}

/// Whether the netlist in `folder` computes the products of random vectors and of extreme ones, in Icarus Verilog: for a few hundred vectors
/// it is done before a compiled simulation has been compiled.
fn holds(
    toolchain: &Toolchain,
    candidate: &Candidate,
    matrix: &[Vec<i64>],
    cells: &str,
    folder: &Path,
) -> bool {
    let columns = matrix[0].len();
    let port = StreamPort::frames("x", "x", columns, signed(8), columns);
    let vectors = stimulus::random(&Ports { inputs: vec![port], outputs: Vec::new() }, VECTORS, 27);
    let (mut x_text, mut y_text) = (String::new(), String::new());
    for x in vectors[0].values.chunks(columns) {
        let product = |row: &Vec<i64>| -> i64 { x.iter().zip(row).map(|(x, weight)| x * weight).sum() };
        let digits = |value: i64, bits: u32| format!("{:01$x}", value & ((1 << bits) - 1), bits as usize / 4);
        x_text += &x.iter().rev().map(|x| digits(*x, 8)).collect::<String>();
        y_text += &matrix.iter().rev().map(|row| digits(product(row), PRODUCT)).collect::<String>();
        x_text.push('\n');
        y_text.push('\n');
    }
    let bench = bench(candidate, matrix.len(), columns);
    for (name, text) in
        [("x.hex", &x_text), ("y.hex", &y_text), ("bench.v", &bench), ("cells.v", &cells.into())]
    {
        fs::write(folder.join(name), text).expect("a temporary file");
    }
    let _step = toolchain.progress().step(&format!("simulating the netlist of {}", candidate.top));
    let icarus = toolchain.icarus().expect("Icarus Verilog");
    let sources = ["bench.v", "netlist.v", "cells.v"];
    let options =
        ["-g2012", "-DNO_ICE40_DEFAULT_ASSIGNMENTS", "-DICE40_HX", "-o", "bench.vvp", "-s", "bench"];
    let printed = icarus
        .compiler
        .run(folder, &[&options[..], &sources].concat())
        .and_then(|_| icarus.simulator.run(folder, &["bench.vvp"]))
        .unwrap_or_else(|error| panic!("the netlist of {}: {error}", candidate.top));
    let printed = text(&printed);
    printed.lines().any(|line| line == format!("{VECTORS} right"))
}

/// Gives the candidate one vector after the other, and counts those whose product is right.
fn bench(candidate: &Candidate, rows: usize, columns: usize) -> String {
    let (x_bits, y_bits) = (columns * 8, rows * PRODUCT as usize);
    let (instance, latency) = (&candidate.instance, candidate.latency);
    format!(
        "`timescale 1ns / 1ps
module bench;
    reg [{x_bits}-1:0] xs [0:{VECTORS}-1];
    reg [{y_bits}-1:0] ys [0:{VECTORS}-1];
    reg [{x_bits}-1:0] x = 0;
    wire [{y_bits}-1:0] y;
    reg clk = 0;
    reg rst = 1;
    integer vector, right;
    always #5 clk = !clk;
    initial begin
        $readmemh(\"x.hex\", xs);
        $readmemh(\"y.hex\", ys);
        right = 0;
        #1000 rst = 0;
        for (vector = 0; vector < {VECTORS}; vector = vector + 1) begin
            x = xs[vector];
            #(10 * {latency} + 10);
            if (y === ys[vector]) right = right + 1;
        end
        $display(\"%0d right\", right);
        $finish;
    end
    {instance}
endmodule
"
    )
}

/// The text of a file of Yosys, with the files that it includes.
fn with_includes(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let line = |line: &str| match line.strip_prefix("`include \"").and_then(|rest| rest.strip_suffix('"')) {
        Some(name) => with_includes(&path.with_file_name(name)),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
