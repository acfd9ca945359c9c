//! How fast co-simulation is, as ratios: to a bare C++ loop over the same model, to cocotb on the same design, and from an
//! edit to a running model.

#[path = "../../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use ternlet::hdl::{Range, signed};
use ternlet::stream::{Frame, Port, Ports};
use ternlet::tools::Tool;
use ternlet::verify::{Model, Options, Outcome, Run, Stalls, VerilatorTools};
use ternlet::verilog::SourceFile;

struct Design {
    source: SourceFile,
    top: &'static str,
    ports: Ports,
    /// Output beats of so many input beats.
    beats_out: fn(usize) -> usize,
}

fn main() {
    let tools = support::tools();
    for design in [running_sum(), dot()] {
        println!("{}", design.top);
        let model = compile(&tools, &design, false);
        let free = cycles_per_second(&model, &design, Stalls::Never);
        let stalled = cycles_per_second(&model, &design, Stalls::Random);
        let bare = bare_cycles_per_second(&tools, &design);
        println!("  never stalled: {:.2} million cycles a second", free * 1e-6);
        println!("  random stalls: {:.2} million cycles a second", stalled * 1e-6);
        println!("  bare C++ loop: {:.2} million cycles a second", bare * 1e-6);
        println!("  ratio to the bare loop: {:.2} (0.8 is asked)", free / bare);
        edit_to_run(&tools, &design);
        if design.top == "running_sum" {
            compare_with_cocotb(&tools, stalled);
        }
    }
}

fn compile(tools: &VerilatorTools, design: &Design, waves: bool) -> Model {
    let options = Options { waves, ..Options::default() };
    let sources = std::slice::from_ref(&design.source);
    Model::compile(tools, sources, design.top, &design.ports, &options).expect("the design compiles")
}

/// The best of five runs: others share the machine.
fn cycles_per_second(model: &Model, design: &Design, stalls: Stalls) -> f64 {
    let frames = 2_000_000 / design.ports.inputs[0].frame_beats();
    let inputs = ternlet::stream::random(&design.ports, frames, 1);
    let expected = vec![(design.beats_out)(inputs[0].beats())];
    let run = Run { stalls, ..Run::new(1, &inputs, expected) };
    let speed = |outcome: Outcome| outcome.all_cycles as f64 / outcome.seconds;
    (0..5).map(|_| speed(model.run(&run))).fold(0.0, f64::max)
}

/// The same model with the same flags, in a program of its own.
fn bare_cycles_per_second(tools: &VerilatorTools, design: &Design) -> f64 {
    let work = tempfile::tempdir().expect("a temporary folder");
    let work = work.path();
    fs::write(work.join(&design.source.name), &design.source.text).expect("writing");
    let verilator = [
        &VerilatorTools::VERILATOR_FLAGS[..],
        &["--top-module", design.top, "-Mdir", ".", &design.source.name],
    ];
    tools.verilator.run(work, &verilator.concat()).expect("verilator");
    let units =
        fs::read_dir(work).expect("reading").filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut text: String =
        units.filter(|name| name.ends_with(".cpp")).map(|name| format!("#include \"{name}\"\n")).collect();
    text += include_str!("bare.cc");
    fs::write(work.join("bare.cc"), text).expect("writing");
    let include = tools.verilator_root.join("include");
    let runtime =
        ["verilated.cpp", "verilated_threads.cpp"].map(|name| include.join(name).display().to_string());
    let include = format!("-I{}", include.display());
    let compiler =
        [&VerilatorTools::CXX_FLAGS[..], &[&include, "bare.cc", &runtime[0], &runtime[1], "-o", "bare"]];
    tools.cxx.run(work, &compiler.concat()).expect("the C++ compiler");
    let bare = Tool::new("bare", work.join("bare"), "");
    let speed = || {
        let output = bare.run(work, &["2000000"]).expect("the bare loop");
        String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().expect("a number")
    };
    (0..5).map(|_| speed()).fold(0.0, f64::max)
}

/// Seconds from Verilog to the first result: after an edit, and unchanged.
fn edit_to_run(tools: &VerilatorTools, design: &Design) {
    let mut edited = Vec::new();
    let mut cached = Vec::new();
    for edit in 0..5 {
        let stamp =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos();
        let text = format!("{}// edit {edit} at {stamp}\n", design.source.text);
        let source = SourceFile { text, ..design.source.clone() };
        let design = Design { source, ports: design.ports.clone(), ..*design };
        edited.push(seconds_to_run(tools, &design));
        cached.push(seconds_to_run(tools, &design));
    }
    let best = |seconds: Vec<f64>| seconds.into_iter().fold(f64::INFINITY, f64::min);
    println!("  after an edit: {:.2} s (1.5 s is asked)", best(edited));
    println!("  unchanged: {:.4} s (0.3 s is asked)", best(cached));
}

fn seconds_to_run(tools: &VerilatorTools, design: &Design) -> f64 {
    let start = Instant::now();
    let model = compile(tools, design, false);
    let inputs = ternlet::stream::random(&design.ports, 10, 1);
    let expected = vec![(design.beats_out)(inputs[0].beats())];
    assert_eq!(
        model.run(&Run::new(1, &inputs, expected)).output_cycles[0].len(),
        (design.beats_out)(inputs[0].beats())
    );
    start.elapsed().as_secs_f64()
}

/// cocotb and Icarus on the same design, also with random stalls: where Python, its packages and Icarus are to be had.
fn compare_with_cocotb(tools: &VerilatorTools, ours: f64) {
    let tool = |program: PathBuf| Tool::new("cocotb", program, "1.9.2");
    let venv = tools.cache.folder().join("cocotb-1.9.2");
    let measure = || -> Result<f64, Box<dyn std::error::Error>> {
        tool("iverilog".into()).run(Path::new("."), &["-V"])?;
        fs::create_dir_all(&venv)?;
        tool("python3".into()).run(&venv, &["-m", "venv", "."])?;
        let python = tool(venv.join("bin/python"));
        python.run(&venv, &["-m", "pip", "install", "--quiet", "cocotb==1.9.2"])?;
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = here.join("benches/simulation/running_sum_cocotb.py").display().to_string();
        let verilog = here.join("tests/support/running_sum.v").display().to_string();
        let build = tempfile::tempdir()?;
        let output = python.run(build.path(), &[&script, &verilog, &build.path().display().to_string()])?;
        let text = String::from_utf8_lossy(&output.stdout);
        let speed = text.lines().find_map(|line| line.strip_prefix("cycles a second: "));
        Ok(speed.ok_or("cocotb printed no speed")?.parse()?)
    };
    match measure() {
        Ok(theirs) => {
            println!("  cocotb: {:.1} thousand cycles a second", theirs * 1e-3);
            println!("  ratio to cocotb: {:.0} (500 is asked)", ours / theirs);
        }
        Err(why) => println!("  cocotb: skipped: {why}"),
    }
}

fn running_sum() -> Design {
    let source = support::sources(support::RTL).remove(0);
    Design { source, top: "running_sum", ports: support::ports(), beats_out: |beats| beats }
}

fn dot() -> Design {
    let stream = |name: &str, lanes, range: Range, beats| {
        Port::new(name, "value", lanes, range, Frame::steps(beats, lanes))
    };
    let ports =
        Ports { inputs: vec![stream("x", 32, signed(8), 16)], outputs: vec![stream("y", 1, signed(32), 1)] };
    let source = SourceFile { name: "dot.v".into(), text: include_str!("dot.v").into() };
    Design { source, top: "dot", ports, beats_out: |beats| beats / 16 }
}
