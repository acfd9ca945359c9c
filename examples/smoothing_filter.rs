//! The language without the catalog: a smoothing filter, described, written as Verilog, and checked under Verilator.
//!
//! `cargo run --example smoothing_filter` prints the Verilog and what the simulation has shown.

use ternlet::device::Family;
use ternlet::hdl::{Module, Rounding, Timing, signed};
use ternlet::stream::{Port, Ports, Tokens, random};
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::{Case, Plan, VerilatorTools, simulate};
use ternlet::verilog::emit;

/// `y[n] = (x[n] + 2 x[n-1] + x[n-2] + 2) >> 2`, with `x` = 0 before the first sample.
fn smooth(x: &[i64]) -> Vec<i64> {
    let at = |n: usize, back: usize| n.checked_sub(back).map_or(0, |n| x[n]);
    (0..x.len()).map(|n| (at(n, 0) + 2 * at(n, 1) + at(n, 2) + 2) >> 2).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let m = Module::with_timing("smooth", Timing::clock(Family::ICE40_HX, 150.0));
    m.doc("y[n] = (x[n] + 2 x[n-1] + x[n-2] + 2) >> 2");
    let x = m.input_stream("x", false, &signed(8));
    // The state is the two samples before; it changes when a sample passes, however long that takes.
    let window = x.scan("before", &vec![signed(8); 2], &[0, 0], |before, x, _| {
        (vec![x, before[0]], (x, before[0].named("one_before"), before[1].named("two_before")))
    });
    // `map` is cut into as many stages as the clock asks; the sums are as wide as they must be.
    let y = window.map(|(x, one_before, two_before)| {
        (x + two_before + (one_before << 1)).named("sum").round_shift(2, Rounding::HalfUp)
    });
    m.output_stream("y", y);
    let circuit = m.finish().map_err(|violations| violations[0].to_string())?;
    let sources = emit(&circuit);
    for file in &sources {
        println!("{}", file.text);
    }

    let port = |name: &str| Port::vectors(name, name, 1, signed(8), 1);
    let ports = Ports { inputs: vec![port("x")], outputs: vec![port("y")] };
    let inputs = random(&ports, 10_000, 1);
    let expected = vec![Tokens::pack(&ports.outputs[0], &smooth(&inputs[0].values))];
    let plan = Plan {
        sources: &sources,
        top: "smooth",
        ports: &ports,
        defines: Vec::new(),
        cases: &[Case { inputs, expected }],
        seed: 1,
        waves: None,
        stall_limit: 1_000,
    };
    let tools = VerilatorTools::of(&Toolchain::new(Progress::quiet())?)?;
    let report = simulate(&tools, &plan)?;
    println!(
        "{} samples under {} kinds of stall, {} mismatches",
        report.beats_out, report.passes, report.mismatches
    );
    Ok(())
}
