//! A serial line around all streams of a design.

use super::FlowError;
use super::design::{Design, UartAccess};
use super::fed::{self, Fed};
use super::parts::Parts;
use crate::device::Board;
use crate::hdl::Timing;
use crate::link::{IDENTITY, Link, Rate, Rings};
use crate::stream::Ports;
use askama::Template;

/// Bits a second that adapters can make, the fastest first.
const BAUDS: [u32; 8] = [3_000_000, 2_000_000, 1_500_000, 1_000_000, 921_600, 460_800, 230_400, 115_200];

/// Streams of each way, at most: their numbers have 5 bits.
const MOST_STREAMS: usize = 32;

/// The serial line of a board top.
#[derive(Clone, Debug)]
pub struct Serial {
    /// Bits a second, as a host is to set them.
    pub baud: u32,
    pub rings: Rings,
    /// What the board says that it is.
    pub identity: [u8; IDENTITY],
    /// The streams that go over it; the others come from the flash.
    pub ports: Ports,
    pub fed: Option<Fed>,
}

#[derive(Template)]
#[template(path = "serial.v", escape = "none")]
struct Body<'a> {
    design: &'a str,
    passes: &'a [&'static str],
}

impl Serial {
    /// The serial line of `design` on `board` at a clock of `clock_mhz`, and its rate.
    ///
    /// # Errors
    /// If the board has none, or the clock is too slow for all rates.
    fn of(
        design: &Design,
        access: &UartAccess,
        board: &Board,
        clock_mhz: f64,
    ) -> Result<(Self, Rate), FlowError> {
        let uart =
            board.pins.uart.as_ref().ok_or_else(|| FlowError::NoUart { board: board.title.clone() })?;
        let fed = Fed::of(design, &access.flash, board)?;
        let ports = fed.as_ref().map_or_else(|| design.ports.clone(), |fed| fed.others(&design.ports));
        let streams = ports.inputs.len().max(ports.outputs.len());
        if streams > MOST_STREAMS {
            return Err(FlowError::ManyStreams { design: design.name.into(), streams });
        }
        let most = access.baud.unwrap_or(u32::MAX).min(uart.baud);
        let mut rates = BAUDS.into_iter().filter(|baud| *baud <= most);
        let found = rates.find_map(|baud| Some((baud, Rate::of(baud, clock_mhz)?)));
        let (baud, rate) = found.ok_or(FlowError::NoRate { clock_mhz, most })?;
        let least = board.family.numbers().block_ram_bytes();
        let bits = access.ring.unwrap_or(least).ilog2();
        let rings = Rings { into: vec![bits; ports.inputs.len()], out: vec![bits; ports.outputs.len()] };
        Ok((Self { baud, rings, identity: access.identity, ports, fed }, rate))
    }

    /// What is around `design`.
    pub(super) fn around(
        design: &Design,
        access: &UartAccess,
        board: &Board,
        clock_mhz: f64,
    ) -> Result<(Parts, Self), FlowError> {
        let (serial, rate) = Self::of(design, access, board, clock_mhz)?;
        let fed_name = Fed::name(design);
        let passes: &[_] = if serial.fed.is_some() { &fed::PINS } else { &[] };
        let link = Link {
            design: design.name,
            core: if serial.fed.is_some() { &fed_name } else { design.name },
            clocked: design.clocked,
            ports: &serial.ports,
            passes,
            rings: serial.rings.clone(),
            rate,
            identity: serial.identity,
            timing: Timing::clock(board.family, clock_mhz),
        };
        let head = format!(
            "// {} on {}, behind a serial line of {} bits a second: `ternlet run` talks to it.",
            design.name, board.title, serial.baud
        );
        let pins = board.pins.uart.as_ref().expect("it has a rate");
        let passes: Vec<&str> = passes.iter().map(|(_, name)| *name).collect();
        let body = Body { design: design.name, passes: &passes }
            .render()
            .expect("writing to a string does not fail");
        let pins = vec![("input", "rx", pins.rx.clone()), ("output", "tx", pins.tx.clone())];
        let fed = serial.fed.as_ref();
        let parts = Parts {
            head,
            body,
            pins: [pins, fed.map(Fed::pins).unwrap_or_default()].concat(),
            resets: true,
            flash_clock: fed.and_then(|fed| fed.clock),
            sources: [
                vec![link.around()],
                link.sources(),
                fed.map(|fed| fed.sources(design, board, clock_mhz)).unwrap_or_default(),
            ]
            .concat(),
        };
        Ok((parts, serial))
    }
}
