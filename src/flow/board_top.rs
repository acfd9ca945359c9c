//! The module that holds a design on a board: a clock, a reset, and what stands between its streams and the pins.

use super::FlowError;
use super::design::{Access, Design};
use super::parts::Parts;
use super::scan::Scanned;
use super::serial::Serial;
use crate::device::{Board, ClockCell, Net, Pll, PllCell};
use crate::verilog::SourceFile;
use askama::Template;

/// The board top of a design, and the clock that it gives it.
#[derive(Clone, Debug)]
pub struct BoardTop {
    /// The first is the module `<design>_board`, called as its file; the design's own are not among them.
    pub sources: Vec<SourceFile>,
    /// What the design's `clk` runs at: the highest frequency not above the wanted one that the board can make, or
    /// its oscillator's.
    pub clock_mhz: f64,
    /// The names in the module of the pins, with those of the package.
    pub(super) pins: Vec<(&'static str, String)>,
    /// The first of the sources as it is simulated, where that is another: the clock of a flash leaves by a pin.
    pub(super) in_simulation: Option<SourceFile>,
    /// What makes that clock, where it is not the oscillator's.
    pub(super) pll: Option<Pll>,
    pub around: Around,
}

/// What stands between the pins and a design's streams.
#[derive(Clone, Debug)]
pub enum Around {
    Scan(Scanned),
    Uart(Box<Serial>),
}

impl BoardTop {
    /// The pins, as the family's place-and-route program reads them.
    pub(super) fn constraints(&self, board: &Board) -> String {
        let pins: Vec<(&str, &str)> = self.pins.iter().map(|(name, pin)| (*name, pin.as_str())).collect();
        board.constraints(&pins)
    }

    /// These modules as they are simulated: the loop passes its clock on, as the clock of the design is then the only one.
    pub fn simulated(&self, board: &Board) -> Vec<SourceFile> {
        let model = self.pll.as_ref().zip(board.family.pll.as_ref()).map(|(pll, cell)| model(cell, pll));
        let top = self.in_simulation.as_ref().unwrap_or(&self.sources[0]);
        [top].into_iter().chain(&self.sources[1..]).cloned().chain(model).collect()
    }

    /// The design's port behind a net of this module, where it is one of its shift register; other names stay.
    pub fn port_name(&self, net: &str) -> String {
        let port = match &self.around {
            Around::Scan(scanned) => scanned.port_name(net),
            Around::Uart(_) => None,
        };
        port.unwrap_or_else(|| net.to_owned())
    }
}

#[derive(Template)]
#[template(path = "board_top.v", escape = "none")]
struct Text<'a> {
    head: String,
    design: &'a str,
    board: &'a Board,
    clock_mhz: f64,
    pll: Option<PllText>,
    flash_clock: Option<ClockCell>,
    /// Whether there is a reset.
    resets: bool,
    /// All but the clock's, with their directions.
    pins: Vec<(&'static str, &'static str)>,
    body: String,
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
    /// Nobody asks whether the clock is stable where nothing is reset.
    fn of(cell: &PllCell, pll: &Pll, resets: bool) -> Self {
        let net = |net: Net| match net {
            Net::Oscillator => "clk",
            Net::Feedback => "feedback",
            Net::Locked => "locked",
            Net::Constant(false) => "1'b0",
            Net::Constant(true) => "1'b1",
        };
        let wired = cell.ports.iter().filter(|(_, net)| resets || *net != Net::Locked);
        Self {
            cell: cell.name,
            attributes: cell.attributes,
            feedback: cell.ports.iter().any(|(_, net)| *net == Net::Feedback),
            parameters: pll.parameters.iter().map(|(name, setting)| (*name, setting.to_string())).collect(),
            ports: wired.map(|(name, to)| (*name, net(*to))).chain([(pll.output, "clock")]).collect(),
        }
    }
}

/// The board top of `design` on `board`, timed for `wanted_mhz`.
///
/// # Errors
/// If the board has no pins for what is to stand around the design, or its clock is too slow for it.
pub fn board_top(design: &Design, board: &Board, wanted_mhz: f64) -> Result<BoardTop, FlowError> {
    if !board.is_some() {
        return Err(FlowError::NoBoard { design: design.name.into(), board: board.name.clone() });
    }
    let made = made_clock(board, wanted_mhz);
    let clock_mhz = made.as_ref().map_or(board.oscillator_mhz, |(_, pll)| pll.output_mhz);
    let (parts, around) = match &design.access {
        Access::Scan => {
            let (parts, scanned) = Scanned::around(design, board)?;
            (parts, Around::Scan(scanned))
        }
        Access::Uart(link) => {
            let (parts, serial) = Serial::around(design, link, board, clock_mhz)?;
            (parts, Around::Uart(Box::new(serial)))
        }
    };
    let Parts { head, body, pins, resets, flash_clock, sources } = parts;
    let resets = resets || design.clocked;
    let written = |flash_clock, more: &[(&'static str, &'static str)]| {
        let pins = pins.iter().map(|(direction, name, _)| (*direction, *name));
        let text = Text {
            head: head.clone(),
            design: design.name,
            board,
            clock_mhz,
            pll: made.as_ref().map(|(cell, pll)| PllText::of(cell, pll, resets)),
            flash_clock,
            resets,
            pins: pins.chain(more.iter().copied()).collect(),
            body: body.clone(),
        };
        let text = text.render().expect("writing to a string does not fail") + "\n";
        SourceFile { name: format!("{}_board.v", design.name), text }
    };
    let top = written(flash_clock, &[]);
    let in_simulation = flash_clock.map(|_| written(None, &[("output", "flash_sck")]));
    let clock = ("clk", board.pins.clk.clone());
    Ok(BoardTop {
        sources: [vec![top], sources].concat(),
        in_simulation,
        clock_mhz,
        pins: [clock].into_iter().chain(pins.into_iter().map(|(_, name, pin)| (name, pin))).collect(),
        pll: made.map(|(_, pll)| pll),
        around,
    })
}

/// A loop whose clock is that of the pin.
fn model(cell: &PllCell, pll: &Pll) -> SourceFile {
    let parameters: Vec<String> =
        pll.parameters.iter().map(|(name, setting)| format!("parameter {name} = {setting}")).collect();
    let port = |(name, net): &(&str, Net)| match net {
        Net::Locked => format!("output {name}"),
        Net::Oscillator | Net::Feedback | Net::Constant(_) => format!("input {name}"),
    };
    let ports: Vec<String> = cell.ports.iter().map(port).chain([format!("output {}", pll.output)]).collect();
    let of = |net: Net| cell.ports.iter().find(|(_, wired)| *wired == net).map(|(name, _)| *name);
    let clock = of(Net::Oscillator).expect("a loop has a clock");
    let locked = of(Net::Locked).map(|locked| format!("    assign {locked} = 1'b1;\n")).unwrap_or_default();
    let text = format!(
        "module {} #({}) ({});\n    assign {} = {clock};\n{locked}endmodule\n",
        cell.name,
        parameters.join(", "),
        ports.join(", "),
        pll.output
    );
    SourceFile { name: format!("{}.v", cell.name.to_lowercase()), text }
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
    ports.extend(design.ports.pins().map(|pin| {
        let direction = if pin.enters { "input" } else { "output" };
        format!("{direction} [{}:0] {}", pin.bits - 1, pin.name)
    }));
    format!("(* blackbox *)\nmodule {} ({});\nendmodule\n", design.name, ports.join(", "))
}
