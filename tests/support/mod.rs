//! What the tests of simulation share: the tools, and a small streaming design to break.

mod tools;

pub use tools::tools;

use ternlet::hdl::{Range, signed};
use ternlet::stream::{Frame, Port, Ports};
use ternlet::verilog::SourceFile;

pub const LANES: usize = 4;
pub const FRAME_BEATS: usize = 5;

/// Input `x`: frames of 5 beats of 4 signed bytes. Output `y`: one beat a beat, in each lane the sum of that lane since
/// the frame's start.
pub fn ports() -> Ports {
    let frame = Frame::steps(FRAME_BEATS, LANES);
    let stream = |name: &str, range: Range| Port::new(name, "value", LANES, range, frame.clone());
    Ports { inputs: vec![stream("x", signed(8))], outputs: vec![stream("y", signed(24))] }
}

/// The design, correct.
pub const RTL: &str = include_str!("running_sum.v");

pub fn sources(text: &str) -> Vec<SourceFile> {
    vec![SourceFile { name: "running_sum.v".into(), text: text.into() }]
}
