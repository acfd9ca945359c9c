//! A design with its link, as Verilog.

use super::packet::IDENTITY;
use super::streams::{Rings, streams};
use super::uart::Rate;
use super::{line, signals};
use crate::hdl::{Timing, Wire};
use crate::stream::Ports;
use crate::verilog::{SourceFile, cell_models, emit};
use askama::Template;

#[derive(Template)]
#[template(path = "link.v", escape = "none")]
struct Text<'a> {
    design: &'a str,
    name: &'a str,
    line: &'a str,
    streams: &'a str,
    clocked: bool,
    /// Between line and streams, then those of the design.
    wires: Vec<(String, u32)>,
    between: Vec<(String, u32)>,
    pins: Vec<(String, u32)>,
}

/// What a link is made for.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// The design's module, whether it has a clock, and its streams.
    pub design: &'a str,
    pub clocked: bool,
    pub ports: &'a Ports,
    pub rings: Rings,
    pub rate: Rate,
    /// What the board says that it is, in groups of 7 bits.
    pub identity: [u8; IDENTITY],
    pub timing: Timing,
}

impl Link<'_> {
    /// The module of the pins `clk`, `rst`, `rx` and `tx` around the design.
    pub fn name(&self) -> String {
        format!("{}_link", self.design)
    }

    /// The files of that module and of the link's parts; not those of the design.
    pub fn sources(&self) -> Vec<SourceFile> {
        let Self { design, clocked, ports, rings, rate, identity, timing } = self;
        let [line_name, streams_name] = ["line", "streams"].map(|part| format!("{design}_link_{part}"));
        let at_pins = line::line(&line_name, *rate, *identity, *timing);
        let at_streams = streams(&streams_name, ports, rings, *timing);
        let signals = [&signals::PACKET[..], &signals::TURN, &signals::TOLD, &signals::FRAME].concat();
        let between: Vec<(String, u32)> =
            signals.into_iter().map(|(name, bits)| (name.to_owned(), bits)).collect();
        let pins: Vec<(String, u32)> = ports
            .each()
            .flat_map(|(port, _)| {
                let forward = port.forward().map(|(wire, width)| (port.wire(wire), width as u32));
                forward.chain([(port.wire(Wire::Ready), 1)]).collect::<Vec<_>>()
            })
            .collect();
        let (name, wires) = (self.name(), [&between[..], &pins].concat());
        let text = Text {
            design,
            name: &name,
            line: &line_name,
            streams: &streams_name,
            clocked: *clocked,
            wires,
            between,
            pins,
        };
        let text = text.render().expect("writing to a string does not fail") + "\n";
        let top = SourceFile { name: format!("{name}.v"), text };
        [vec![top], emit(&at_pins), cell_models(&at_pins), emit(&at_streams), cell_models(&at_streams)]
            .concat()
    }
}
