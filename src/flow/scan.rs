//! A shift register around all streams of a design, for boards without a serial line: a means to place, time and load it.

use super::FlowError;
use super::design::Design;
use super::parts::Parts;
use crate::device::Board;
use crate::stream::{Port, Wire};
use askama::Template;

/// The signals of a design's streams in a shift register.
#[derive(Clone, Debug)]
pub struct Scanned {
    pub(super) inputs: Vec<Part>,
    pub(super) outputs: Vec<Part>,
}

#[derive(Template)]
#[template(path = "scan_head.v", escape = "none")]
struct Head<'a> {
    design: &'a str,
    board: &'a str,
    bits: usize,
    inputs: &'a [Part],
    outputs: &'a [Part],
}

#[derive(Template)]
#[template(path = "scan.v", escape = "none")]
struct Body<'a> {
    design: &'a str,
    clocked: bool,
    /// Length of the shift register.
    bits: usize,
    output_bits: usize,
    inputs: &'a [Part],
    outputs: &'a [Part],
}

/// A signal of a stream of the design, and its place in the shift register.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) stream: String,
    pub(super) wire: Wire,
    lsb: usize,
    pub(super) width: usize,
}

impl Part {
    /// The design's port.
    pub(super) fn name(&self) -> String {
        self.wire.of(&self.stream)
    }

    /// Whether the design sees it in one cycle only.
    fn is_gated(&self) -> bool {
        matches!(self.wire, Wire::Valid | Wire::Ready)
    }

    fn range(&self) -> String {
        format!("[{}:{}]", self.lsb + self.width - 1, self.lsb)
    }

    pub(super) fn select(&self) -> String {
        if self.width == 1 { format!("[{}]", self.lsb) } else { self.range() }
    }
}

impl Scanned {
    /// What is around `design` on `board`.
    pub(super) fn around(design: &Design, board: &Board) -> Result<(Parts, Self), FlowError> {
        let scanned = Self::of(design);
        let Self { inputs, outputs } = &scanned;
        let pins =
            board.pins.scan.as_ref().ok_or_else(|| FlowError::NoScan { board: board.title.clone() })?;
        let bits = scanned.bits();
        let head = Head { design: design.name, board: &board.title, bits, inputs, outputs };
        let (design, clocked, output_bits) = (design.name, design.clocked, bits_of(outputs));
        let body = Body { design, clocked, bits, output_bits, inputs, outputs };
        let [head, body] =
            [head.render(), body.render()].map(|text| text.expect("writing to a string does not fail"));
        let parts = Parts {
            head,
            body,
            pins: vec![
                ("input", "sck", pins.sck.clone()),
                ("input", "serial_in", pins.serial_in.clone()),
                ("input", "apply", pins.apply.clone()),
                ("output", "serial_out", pins.serial_out.clone()),
            ],
            resets: false,
            flash_clock: None,
            sources: Vec::new(),
        };
        Ok((parts, scanned))
    }

    pub(super) fn of(design: &Design) -> Self {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for (port, enters) in design.ports.each() {
            let (with_sender, against) =
                if enters { (&mut inputs, &mut outputs) } else { (&mut outputs, &mut inputs) };
            port.forward().for_each(|(wire, width)| push(with_sender, port, wire, width));
            push(against, port, Wire::Ready, 1);
        }
        Self { inputs, outputs }
    }

    /// Length of the shift register.
    pub(super) fn bits(&self) -> usize {
        usize::max(bits_of(&self.inputs), bits_of(&self.outputs))
    }

    /// The design's port behind a bit of the shift register: `x_payload[2]` for `scan[3]`.
    pub(super) fn port_name(&self, net: &str) -> Option<String> {
        let port = |parts: &[Part], index: &str| {
            let index: usize = index.strip_suffix(']')?.parse().ok()?;
            let part = parts.iter().find(|part| (part.lsb..part.lsb + part.width).contains(&index))?;
            let name = part.name();
            Some(if part.width == 1 { name } else { format!("{name}[{}]", index - part.lsb) })
        };
        let scanned = net.strip_prefix("scan[").and_then(|index| port(&self.inputs, index));
        let answered = net.strip_prefix("answer_next[").and_then(|index| port(&self.outputs, index));
        scanned.or(answered)
    }
}

fn bits_of(parts: &[Part]) -> usize {
    parts.last().map_or(0, |part| part.lsb + part.width)
}

fn push(parts: &mut Vec<Part>, port: &Port, wire: Wire, width: usize) {
    let lsb = bits_of(parts);
    parts.push(Part { stream: port.name.clone(), wire, lsb, width });
}
