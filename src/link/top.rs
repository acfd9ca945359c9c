//! A link as Verilog, and a design with its link.

use super::packet::IDENTITY;
use super::streams::{Rings, streams};
use super::uart::Rate;
use super::{line, signals};
use crate::hdl::Timing;
use crate::stream::{Pin, Ports};
use crate::verilog::{SourceFile, cell_models, emit};
use askama::Template;

/// What a link is made for.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// The design's module, whether it has a clock, and its streams.
    pub design: &'a str,
    /// The module whose streams these are: the design's own, or one around it.
    pub core: &'a str,
    pub clocked: bool,
    pub ports: &'a Ports,
    /// Further pins of that module, with their directions.
    pub passes: &'a [(&'static str, &'static str)],
    pub rings: Rings,
    pub rate: Rate,
    /// What the board says that it is, in groups of 7 bits.
    pub identity: [u8; IDENTITY],
    pub timing: Timing,
}

#[derive(Template)]
#[template(path = "link.v", escape = "none")]
struct Between<'a> {
    design: &'a str,
    name: &'a str,
    line: &'a str,
    streams: &'a str,
    wires: &'a [(&'static str, u32)],
    pins: &'a [Pin],
}

#[derive(Template)]
#[template(path = "linked.v", escape = "none")]
struct Linked<'a> {
    design: &'a str,
    name: &'a str,
    link: &'a str,
    core: &'a str,
    clocked: bool,
    pins: &'a [Pin],
    passes: &'a [(&'static str, &'static str)],
}

impl Link<'_> {
    /// The module between the pins `rx` and `tx` and the streams.
    pub fn name(&self) -> String {
        format!("{}_link", self.design)
    }

    /// The files of that module.
    pub fn sources(&self) -> Vec<SourceFile> {
        let Self { design, ports, rings, rate, identity, timing, .. } = self;
        let [line_name, streams_name] = ["line", "streams"].map(|part| format!("{design}_link_{part}"));
        let at_pins = line::line(&line_name, *rate, *identity, *timing);
        let at_streams = streams(&streams_name, ports, rings, *timing);
        let wires = [&signals::PACKET[..], &signals::TURN, &signals::TOLD, &signals::FRAME].concat();
        let (name, pins) = (self.name(), self.ports.pins().collect::<Vec<_>>());
        let (line, streams) = (line_name.as_str(), streams_name.as_str());
        let text = Between { design, name: &name, line, streams, wires: &wires, pins: &pins };
        let parts = [&at_pins, &at_streams].map(|circuit| [emit(circuit), cell_models(circuit)].concat());
        [vec![file(&name, &text)], parts.concat()].concat()
    }

    /// The module of the pins `clk`, `rst`, `rx` and `tx` with link and design in it.
    pub fn around(&self) -> SourceFile {
        let name = format!("{}_linked", self.design);
        let Self { design, core, clocked, passes, .. } = *self;
        let (link, pins) = (self.name(), self.ports.pins().collect::<Vec<_>>());
        file(&name, &Linked { design, name: &name, link: &link, core, clocked, pins: &pins, passes })
    }
}

fn file(name: &str, text: &impl Template) -> SourceFile {
    let text = text.render().expect("writing to a string does not fail") + "\n";
    SourceFile { name: format!("{name}.v"), text }
}
