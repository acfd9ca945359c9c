//! The digital twin of a board: its whole top under Verilator, behind a port.

use super::error::Error;
use super::flashed;
use super::generate::Project;
use crate::flow::Serial;
use crate::link::{Terminal, Wire};
use crate::tools::Toolchain;
use crate::verify::{Desk, Twin, VerilatorTools};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The board of `project` as it is after power up, and its line; registers begin with what `seed` says. Where streams come from a flash, `image` is in it, or
/// what the design has for them.
///
/// # Errors
/// If the design is behind a shift register, or a tool fails.
pub fn twin(
    toolchain: &Toolchain,
    project: &Project,
    seed: u64,
    image: Option<Vec<u8>>,
) -> Result<(Twin, Serial), Error> {
    let design = &project.design;
    let (top, serial) = project.on_line()?;
    let image = match image {
        Some(image) if serial.fed.is_some() => Some(image),
        Some(_) => {
            return Err(Error::Refused(format!(
                "{} takes nothing from a flash; leave the image out",
                design.name
            )));
        }
        None => project.flash_image()?,
    };
    let _task = toolchain.progress().task(&format!("compiling the board top of {}", design.name));
    let sources = [top.simulated(&design.board), project.simulated_sources()].concat();
    let desk =
        Desk { mhz: top.clock_mhz, baud: serial.baud, seed, resets: false, flash: serial.fed.is_some() };
    let tools = VerilatorTools::of(toolchain)?;
    let name = format!("{}_board", design.name);
    let mut twin = Twin::start(&tools, &sources, &[], &name, desk)?;
    if let (Some(fed), Some(image)) = (&serial.fed, image) {
        flashed::write(&mut twin, fed, &image);
    }
    Ok((twin, serial))
}

/// What happens to bytes of a line, in both directions: of a thousand one is turned over in a bit, one is lost, and one comes from nowhere.
pub struct Noise(ChaCha8Rng);

impl Noise {
    pub fn seeded(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    fn through(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut through = Vec::new();
        for &byte in bytes {
            match self.0.random_range(0..1000) {
                0 => through.push(byte ^ 1 << self.0.random_range(0..8)),
                1 => {}
                2 => through.extend([self.0.random(), byte]),
                _ => through.push(byte),
            }
        }
        through
    }
}

/// Lets `twin` be the board behind `terminal` until `ends` says so. Where nobody says anything its time goes slowly.
///
/// # Errors
/// What became of the terminal, or what the design said.
pub fn serve(
    twin: &mut Twin,
    terminal: &mut Terminal,
    mut noise: Option<Noise>,
    ends: &AtomicBool,
) -> io::Result<()> {
    /// Exchanges after which a board that says nothing is idle.
    const IDLE: u32 = 200;
    /// Bytes on their way to the board, at most: the port has no more room.
    const MOST: usize = 4096;
    let mut through = |bytes: Vec<u8>| match &mut noise {
        Some(noise) => noise.through(&bytes),
        None => bytes,
    };
    let (mut to_board, mut to_host, mut silent) = (Vec::new(), Vec::new(), 0);
    while !ends.load(Ordering::Relaxed) {
        if to_board.len() < MOST {
            to_board.extend(through(terminal.hear()?));
        }
        let (taken, heard) = twin.exchange(&to_board)?;
        silent = if taken + heard.len() > 0 { 0 } else { silent + 1 };
        to_board.drain(..taken);
        to_host.extend(through(heard));
        let said = terminal.say(&to_host)?;
        to_host.drain(..said);
        if to_host.len() > MOST {
            // Nobody reads.
            to_host.clear();
        }
        if silent > IDLE {
            terminal.wait(Duration::from_millis(2));
        }
    }
    Ok(())
}
