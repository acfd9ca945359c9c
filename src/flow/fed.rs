//! Streams that the flash of a board gives to a design.

use super::FlowError;
use super::design::Design;
use crate::device::{Board, ClockCell, Flash};
use crate::flash::{Place, image_bytes, reader};
use crate::hdl::Timing;
use crate::stream::{Pin, Port, Ports};
use crate::verilog::{SourceFile, cell_models, emit};
use askama::Template;

/// The pins of a flash, as modules of ours call them, with their directions.
pub const PINS: [(&str, &str); 4] =
    [("output", "flash_cs"), ("output", "flash_sck"), ("output", "flash_mosi"), ("input", "flash_miso")];

/// The streams that a flash gives, and where it is.
#[derive(Clone, Debug)]
pub struct Fed {
    pub ports: Vec<Port>,
    pub flash: Flash,
    /// What drives its clock, where no pin does.
    pub clock: Option<ClockCell>,
}

#[derive(Template)]
#[template(path = "fed.v", escape = "none")]
struct Text<'a> {
    design: &'a str,
    name: &'a str,
    reader: &'a str,
    passes: &'a [(&'static str, &'static str)],
    pins: Vec<Pin>,
    fed: Vec<Pin>,
}

impl Fed {
    /// The streams called `names` of `design` on `board`; none if there are no names.
    ///
    /// # Errors
    /// If the board has no flash, or it is too small.
    pub fn of(design: &Design, names: &[String], board: &Board) -> Result<Option<Self>, FlowError> {
        if names.is_empty() {
            return Ok(None);
        }
        let title = || board.title.clone();
        let flash = board.pins.flash.clone().ok_or_else(|| FlowError::NoFlash { board: title() })?;
        let clock = board.family.flash_clock.filter(|_| flash.sck.is_none());
        if flash.sck.is_none() && clock.is_none() {
            return Err(FlowError::NoFlashClock { board: title() });
        }
        let ports = names.iter().map(|name| {
            let port = design.ports.inputs.iter().find(|port| port.name == *name);
            port.cloned().expect("the design was asked for the name")
        });
        let fed = Self { ports: ports.collect(), flash, clock };
        let (needed, there) = (image_bytes(&fed.ports), fed.flash.bytes.saturating_sub(fed.flash.free_from));
        match needed <= there as usize {
            true => Ok(Some(fed)),
            false => Err(FlowError::SmallFlash { board: title(), needed, there }),
        }
    }

    /// All ports but those.
    pub fn others(&self, ports: &Ports) -> Ports {
        let others = ports.inputs.iter().filter(|port| !self.ports.contains(port)).cloned();
        Ports { inputs: others.collect(), outputs: ports.outputs.clone() }
    }

    /// The module around `design`.
    pub fn name(design: &Design) -> String {
        format!("{}_fed", design.name)
    }

    /// The files of that module and of what reads the flash.
    pub fn sources(&self, design: &Design, board: &Board, clock_mhz: f64) -> Vec<SourceFile> {
        let (name, reader_name) = (Self::name(design), format!("{}_flash", design.name));
        let circuit =
            reader(&reader_name, &self.ports, self.place(clock_mhz), Timing::clock(board.family, clock_mhz));
        let others = self.others(&design.ports);
        let fed = Ports { inputs: self.ports.clone(), outputs: Vec::new() };
        let (pins, fed) = (others.pins().collect(), fed.pins().collect());
        let text = Text { design: design.name, name: &name, reader: &reader_name, passes: &PINS, pins, fed };
        let text = text.render().expect("writing to a string does not fail") + "\n";
        [vec![SourceFile { name: format!("{name}.v"), text }], emit(&circuit), cell_models(&circuit)].concat()
    }

    /// Where the image begins, for a reader of this clock.
    pub fn place(&self, clock_mhz: f64) -> Place {
        Place { address: self.flash.free_from, clock_mhz }
    }

    /// Its pins on the board: direction, name in the board top, name of the package.
    pub(super) fn pins(&self) -> Vec<(&'static str, &'static str, String)> {
        let Flash { cs, sck, mosi, miso, .. } = &self.flash;
        let places = [Some(cs), sck.as_ref(), Some(mosi), Some(miso)];
        let pins = PINS.iter().zip(places);
        pins.filter_map(|((direction, name), pin)| Some((*direction, *name, pin?.clone()))).collect()
    }
}
