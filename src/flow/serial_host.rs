//! What stands at the four pins of a board top in a simulation: a host that passes the beats of all streams.

use super::board_top::BoardTop;
use super::design::{Design, Direction, Stream};
use crate::verilog::SourceFile;
use askama::Template;

#[derive(Template)]
#[template(path = "serial_host.v", escape = "none")]
struct Text<'a> {
    design: &'a str,
    inputs: Vec<Port<'a>>,
    outputs: Vec<Port<'a>>,
    /// Length of the shift register, and how much of it goes in.
    bits: usize,
    input_bits: usize,
    /// What is shifted in, from its highest part to its lowest.
    word: String,
}

/// A stream, and where the answer's bits of it are.
struct Port<'a> {
    name: &'a str,
    width: usize,
    framed: bool,
    /// Of an input its `ready`, of an output its `valid`.
    answer: String,
    payload: String,
    last: String,
}

/// The module `<design>_host`: the board top of `design` with the streams of the design.
pub fn serial_host(design: &Design, top: &BoardTop) -> SourceFile {
    let answer = |name: String| match top.outputs.iter().find(|part| part.name == name) {
        Some(part) => format!("answer{}", part.select()),
        None => String::new(),
    };
    let ports = |direction: Direction| {
        let of = |stream: &&Stream| stream.direction == direction;
        let port = |stream| port(stream, &answer);
        design.streams.iter().filter(of).map(port).collect::<Vec<_>>()
    };
    // Of an input what is held of it, of an output whether there is room.
    let held = |name: &str| match name.strip_suffix("_ready") {
        Some(stream) if design.streams.iter().any(|other| other.name == stream) => {
            format!("{stream}_room")
        }
        _ => format!("{name}_held"),
    };
    let text = Text {
        design: design.name,
        inputs: ports(Direction::Input),
        outputs: ports(Direction::Output),
        bits: top.bits(),
        input_bits: top.inputs.iter().map(|part| part.width).sum(),
        word: top.inputs.iter().rev().map(|part| held(&part.name)).collect::<Vec<_>>().join(", "),
    };
    let name = format!("{}_host.v", design.name);
    SourceFile { name, text: text.render().expect("writing to a string does not fail") + "\n" }
}

fn port<'a>(stream: &'a Stream, answer: &impl Fn(String) -> String) -> Port<'a> {
    let name = &stream.name;
    Port {
        name,
        width: stream.width,
        framed: stream.framed,
        answer: answer(match stream.direction {
            Direction::Input => stream.ready(),
            Direction::Output => format!("{name}_valid"),
        }),
        payload: answer(format!("{name}_payload")),
        last: answer(format!("{name}_last")),
    }
}
