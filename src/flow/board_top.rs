//! The module that holds a design on a board: a shift register around all of its streams.

use super::design::Design;
use crate::device::{Board, Net, Pll, PllCell};
use crate::stream::{Port, Wire};
use crate::verilog::SourceFile;
use askama::Template;

/// The board top of a design, and the clock that it gives it.
#[derive(Clone, Debug)]
pub struct BoardTop {
    /// The module is called as the file: `<design>_board`.
    pub source: SourceFile,
    /// What the design's `clk` runs at: the highest frequency not above the wanted one that the board can make, or
    /// its oscillator's.
    pub clock_mhz: f64,
    /// What makes that clock, where it is not the oscillator's.
    pub(super) pll: Option<Pll>,
    pub(super) inputs: Vec<Part>,
    pub(super) outputs: Vec<Part>,
}

impl BoardTop {
    /// Length of the shift register.
    pub(super) fn bits(&self) -> usize {
        let bits = |parts: &[Part]| parts.iter().map(|part| part.width).sum();
        usize::max(bits(&self.inputs), bits(&self.outputs))
    }

    /// The design's port behind a bit of the shift register: `x_payload[2]` for `scan[3]`; other names stay.
    pub fn port_name(&self, net: &str) -> String {
        let port = |parts: &[Part], index: &str| {
            let index: usize = index.strip_suffix(']')?.parse().ok()?;
            let part = parts.iter().find(|part| (part.lsb..part.lsb + part.width).contains(&index))?;
            let name = part.name();
            Some(if part.width == 1 { name } else { format!("{name}[{}]", index - part.lsb) })
        };
        let scanned = net.strip_prefix("scan[").and_then(|index| port(&self.inputs, index));
        let answered = net.strip_prefix("answer_next[").and_then(|index| port(&self.outputs, index));
        scanned.or(answered).unwrap_or_else(|| net.to_owned())
    }
}

#[derive(Template)]
#[template(path = "board_top.v", escape = "none")]
struct Text<'a> {
    design: &'a str,
    board: &'a Board,
    clocked: bool,
    clock_mhz: f64,
    pll: Option<PllText>,
    /// Length of the shift register.
    bits: usize,
    output_bits: usize,
    inputs: &'a [Part],
    outputs: &'a [Part],
}

/// A phase-locked loop as Verilog.
struct PllText {
    cell: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    feedback: bool,
    /// Names, and values or nets.
    parameters: Vec<(&'static str, String)>,
    ports: Vec<(&'static str, &'static str)>,
}

impl PllText {
    /// Nobody asks whether the clock of a design without any is stable.
    fn of(cell: &PllCell, pll: &Pll, clocked: bool) -> Self {
        let net = |net: Net| match net {
            Net::Oscillator => "clk",
            Net::Feedback => "feedback",
            Net::Locked => "locked",
            Net::Constant(false) => "1'b0",
            Net::Constant(true) => "1'b1",
        };
        let wired = cell.ports.iter().filter(|(_, net)| clocked || *net != Net::Locked);
        Self {
            cell: cell.name,
            attributes: cell.attributes,
            feedback: cell.ports.iter().any(|(_, net)| *net == Net::Feedback),
            parameters: pll.parameters.iter().map(|(name, setting)| (*name, setting.to_string())).collect(),
            ports: wired.map(|(name, to)| (*name, net(*to))).chain([(pll.output, "clock")]).collect(),
        }
    }
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

/// The board top of `design` on `board`, timed for `wanted_mhz`.
pub fn board_top(design: &Design, board: &Board, wanted_mhz: f64) -> BoardTop {
    let (mut inputs, mut outputs) = (Parts::default(), Parts::default());
    for (port, enters) in design.ports.each() {
        let (with_sender, against) =
            if enters { (&mut inputs, &mut outputs) } else { (&mut outputs, &mut inputs) };
        port.forward().for_each(|(wire, width)| with_sender.push(port, wire, width));
        against.push(port, Wire::Ready, 1);
    }
    let made = made_clock(board, wanted_mhz);
    let clock_mhz = made.as_ref().map_or(board.oscillator_mhz, |(_, pll)| pll.output_mhz);
    let text = Text {
        design: design.name,
        board,
        clocked: design.clocked,
        clock_mhz,
        pll: made.as_ref().map(|(cell, pll)| PllText::of(cell, pll, design.clocked)),
        bits: inputs.bits.max(outputs.bits),
        output_bits: outputs.bits,
        inputs: &inputs.parts,
        outputs: &outputs.parts,
    };
    let name = format!("{}_board.v", design.name);
    let text = text.render().expect("writing to a string does not fail") + "\n";
    let source = SourceFile { name, text };
    BoardTop {
        source,
        clock_mhz,
        pll: made.map(|(_, pll)| pll),
        inputs: inputs.parts,
        outputs: outputs.parts,
    }
}

/// The loop that makes the highest frequency not above the wanted one; none if that is the oscillator's, or it cannot be made.
fn made_clock(board: &Board, wanted_mhz: f64) -> Option<(&PllCell, Pll)> {
    let cell = board.family.pll.as_ref().filter(|_| wanted_mhz != board.oscillator_mhz)?;
    Some((cell, (cell.settings)(board.oscillator_mhz, wanted_mhz)?))
}

/// What the clock runs at on `board` where `wanted_mhz` are asked for.
pub fn clock_mhz(board: &Board, wanted_mhz: f64) -> f64 {
    made_clock(board, wanted_mhz).map_or(board.oscillator_mhz, |(_, pll)| pll.output_mhz)
}

/// The module of this name and these ports without its contents, for synthesis of what is around it.
pub fn stub(design: &Design) -> String {
    let mut ports: Vec<String> = Vec::new();
    if design.clocked {
        ports.extend(["input clk".into(), "input rst".into()]);
    }
    for (port, enters) in design.ports.each() {
        let (with_sender, against) = if enters { ("input", "output") } else { ("output", "input") };
        let forward = |(wire, width)| format!("{with_sender} [{}:0] {}", width - 1, port.wire(wire));
        ports.extend(port.forward().map(forward));
        ports.push(format!("{against} {}", port.wire(Wire::Ready)));
    }
    format!("(* blackbox *)\nmodule {} ({});\nendmodule\n", design.name, ports.join(", "))
}

#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    bits: usize,
}

impl Parts {
    fn push(&mut self, port: &Port, wire: Wire, width: usize) {
        self.parts.push(Part { stream: port.name.clone(), wire, lsb: self.bits, width });
        self.bits += width;
    }
}
