//! Counts the look-up tables of a netlist that has passed simulation.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use ternlet::datapath::{Ports, StreamPort, Tokens, stimulus};
use ternlet::flow::{Counts, Family};
use ternlet::hdl::signed;
use ternlet::tools::{Tool, Toolchain};
use ternlet::verify::{Case, Plan, VerilatorTools, simulate};
use ternlet::verilog::SourceFile;

/// Bits of a row's product in the test's stream.
pub const PRODUCT: u32 = 20;

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

/// The look-up tables of `candidate`, after its netlist has computed the products of 200 vectors in simulation.
pub fn count(
    toolchain: &Toolchain,
    yosys: &Tool,
    candidate: &Candidate,
    matrix: &[Vec<i64>],
    family: Family,
) -> u64 {
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
        yosys.run(folder, &["-q", "-p", &script]).unwrap_or_else(|error| panic!("{top}: {error}"));
    }
    let models = toolchain.cell_models().expect("Yosys's cell models");
    let netlist = SourceFile { name: "netlist.v".into(), text: with_includes(&folder.join("netlist.v")) };
    let cells = with_includes(&models.join(format!("{cells}/cells_sim.v")));
    check(toolchain, candidate, matrix, vec![netlist, SourceFile { name: "cells.v".into(), text: cells }]);

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
    Counts::of(family, &statistics.design.num_cells_by_type).lut4
}

/// Simulates the netlist in `sources`.
fn check(toolchain: &Toolchain, candidate: &Candidate, matrix: &[Vec<i64>], mut sources: Vec<SourceFile>) {
    let (rows, columns) = (matrix.len(), matrix[0].len());
    let ports = Ports {
        inputs: vec![StreamPort::frames("x", "x", columns, signed(8), columns)],
        outputs: vec![StreamPort::frames("y", "y", rows, signed(PRODUCT), rows)],
    };
    let inputs = stimulus::random(&ports, 200, 27);
    let product =
        |x: &[i64], row: &Vec<i64>| -> i64 { x.iter().zip(row).map(|(x, weight)| x * weight).sum() };
    let products =
        inputs[0].values.chunks(columns).flat_map(|x| matrix.iter().map(move |row| product(x, row)));
    let expected = vec![Tokens { lanes: rows, values: products.collect(), last: Vec::new() }];
    sources.push(SourceFile { name: "bench.v".into(), text: bench(candidate, rows, columns) });
    let plan = Plan {
        sources: &sources,
        top: "bench",
        ports: &ports,
        defines: ["+define+NO_ICE40_DEFAULT_ASSIGNMENTS", "+define+ICE40_HX"].map(String::from).to_vec(),
        cases: &[Case { inputs, expected }],
        seed: 1,
        waves: None,
        patience: 10_000,
    };
    let _step = toolchain.progress().step(&format!("simulating the netlist of {}", candidate.top));
    let tools = VerilatorTools::of(toolchain).expect("Verilator");
    let report =
        simulate(&tools, &plan).unwrap_or_else(|error| panic!("the netlist of {}: {error}", candidate.top));
    assert_eq!(report.mismatches, 0, "the netlist of {}", candidate.top);
}

/// A stream of vectors that holds each until the candidate has its product.
fn bench(candidate: &Candidate, rows: usize, columns: usize) -> String {
    let (x_bits, y_bits) = (columns * 8, rows * PRODUCT as usize);
    let (instance, latency) = (&candidate.instance, candidate.latency);
    format!(
        "module bench (input clk, input rst, input x_valid, output x_ready, input [{x_bits}-1:0] x_payload,
    output y_valid, input y_ready, output [{y_bits}-1:0] y_payload);
    reg busy;
    reg [7:0] waited;
    reg [{x_bits}-1:0] x;
    wire [{y_bits}-1:0] y;
    assign x_ready = !busy;
    assign y_valid = busy && waited == {latency};
    assign y_payload = y;
    always @(posedge clk)
        if (rst) busy <= 0;
        else if (!busy) begin
            busy <= x_valid;
            waited <= 0;
            x <= x_payload;
        end
        else if (!y_valid) waited <= waited + 1;
        else if (y_ready) busy <= 0;
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
