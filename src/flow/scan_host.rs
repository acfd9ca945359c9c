//! What stands at the four pins of a shift register in a simulation: a host that passes the beats of all streams.

use super::design::Design;
use super::scan::{Part, Scanned};
use crate::stream::{self, Wire};
use crate::verilog::SourceFile;
use askama::Template;

#[derive(Template)]
#[template(path = "scan_host.v", escape = "none")]
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
    stream: &'a stream::Port,
    /// Of an input its `ready`, of an output its `valid`.
    answer: String,
    payload: String,
    last: String,
}

/// The module `<design>_host`: the board top of `design` with the streams of the design.
pub fn scan_host(design: &Design, top: &Scanned) -> SourceFile {
    let port = |port| Port::of(port, &top.outputs);
    // Of an input what is held of it, of an output whether there is room.
    let held = |part: &Part| match part.wire {
        Wire::Ready => format!("{}_room", part.stream),
        _ => format!("{}_held", part.name()),
    };
    let text = Text {
        design: design.name,
        inputs: design.ports.inputs.iter().map(port).collect(),
        outputs: design.ports.outputs.iter().map(port).collect(),
        bits: top.bits(),
        input_bits: top.inputs.iter().map(|part| part.width).sum(),
        word: top.inputs.iter().rev().map(held).collect::<Vec<_>>().join(", "),
    };
    let name = format!("{}_host.v", design.name);
    SourceFile { name, text: text.render().expect("writing to a string does not fail") + "\n" }
}

impl<'a> Port<'a> {
    /// Of a stream with the `parts` of the answer.
    fn of(port: &'a stream::Port, parts: &[Part]) -> Self {
        let of_port = |part: &&Part| part.stream == port.name;
        let select = |wires: &[Wire]| {
            let part = parts.iter().filter(of_port).find(|part| wires.contains(&part.wire));
            part.map_or_else(String::new, |part| format!("answer{}", part.select()))
        };
        Self {
            stream: port,
            // The answer holds one of them.
            answer: select(&[Wire::Ready, Wire::Valid]),
            payload: select(&[Wire::Payload]),
            last: select(&[Wire::Last]),
        }
    }
}
