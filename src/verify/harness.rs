//! A model's own part of the test bench: its streams.

use crate::stream::{Port, Ports, Wire};
use askama::Template;

#[derive(Template)]
#[template(path = "harness.cpp", escape = "none")]
struct Harness<'a> {
    top: &'a str,
    sources: &'a [String],
    inputs: Vec<Stream<'a>>,
    outputs: Vec<Stream<'a>>,
    /// The input that holds [`super::Run::select`], if there is one.
    select: Option<String>,
}

/// A stream in C++: `index` among its like, `number` among all, and the members of the model that are its pins.
struct Stream<'a> {
    name: &'a str,
    index: usize,
    number: usize,
    bits: usize,
    valid: String,
    ready: String,
    payload: String,
    last: String,
}

impl<'a> Stream<'a> {
    fn of(port: &'a Port, index: usize, number: usize) -> Self {
        let pin = |wire: Wire| member(&port.wire(wire));
        let or_absent = |wire: Wire| match port.forward().any(|(there, _)| there == wire) {
            true => format!("model.{}", pin(wire)),
            false => "absent".into(),
        };
        Self {
            name: &port.name,
            index,
            number,
            bits: port.width(),
            valid: pin(Wire::Valid),
            ready: pin(Wire::Ready),
            payload: or_absent(Wire::Payload),
            last: or_absent(Wire::Last),
        }
    }
}

/// The translation unit of a model whose C++ files are `sources`.
pub(super) fn text(top: &str, ports: &Ports, select: Option<&str>, sources: &[String]) -> String {
    let inputs = ports.inputs.iter().enumerate().map(|(i, port)| Stream::of(port, i, i)).collect();
    let first = ports.inputs.len();
    let outputs = ports.outputs.iter().enumerate().map(|(i, port)| Stream::of(port, i, first + i)).collect();
    let harness = Harness { top, sources, inputs, outputs, select: select.map(member) };
    harness.render().expect("a template without fallible parts")
}

/// Verilator's name of a port: in C++ it keeps `__` for itself.
fn member(port: &str) -> String {
    port.replace("__", "___05F")
}
