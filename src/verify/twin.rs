//! A board on a desk: a module with a clock and a serial line, simulated pin by pin.

use super::verilator::{Options, VerilatorTools};
use super::{CannotLoad, SimulationError};
use crate::link::Wire;
use crate::verilog::SourceFile;
use askama::Template;
use libloading::{Library, Symbol};
use std::ffi::{CStr, c_char, c_void};
use std::io;
use std::time::Duration;

#[derive(Template)]
#[template(path = "twin.cpp", escape = "none")]
struct Text<'a> {
    top: &'a str,
    /// Whether it has a pin `rst`.
    resets: bool,
    sources: &'a [String],
    /// The model of a flash, if one hangs at its pins.
    flash: Option<&'static str>,
}

/// A module that runs, with pins `clk`, `rx` and `tx`, and `rst` if it has one.
pub struct Twin {
    library: Library,
    twin: *mut c_void,
    desk: Desk,
    cycles: u64,
}

/// What is on the desk around a board.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// What its clock runs at.
    pub mhz: f64,
    /// Bits a second on the desk's side of the line.
    pub baud: u32,
    /// What registers begin with.
    pub seed: u64,
    /// Whether the module has a pin `rst`.
    pub resets: bool,
    /// Whether a flash hangs at it, at pins `flash_cs`, `flash_sck`, `flash_mosi` and `flash_miso`.
    pub flash: bool,
}

impl Desk {
    fn cycles_per_bit(self) -> f64 {
        self.mhz * 1e6 / f64::from(self.baud)
    }
}

// What is at the pointer is this one's alone.
unsafe impl Send for Twin {}

impl Twin {
    /// Compiles module `top` of `sources` with these macros, or takes it from the cache.
    ///
    /// # Errors
    /// If a tool fails: the Verilog is wrong, or its ports are not those.
    pub fn start(
        tools: &VerilatorTools,
        sources: &[SourceFile],
        defines: &[String],
        top: &str,
        desk: Desk,
    ) -> Result<Self, SimulationError> {
        let options = Options { defines: defines.to_vec(), ..Options::default() };
        let flash = desk.flash.then_some(include_str!("../../sim/flash.h"));
        let text = |sources: &[String]| {
            let text = Text { top, resets: desk.resets, sources, flash };
            text.render().expect("a template without fallible parts")
        };
        let (path, _) = tools.shared_object(sources, top, &text, &options)?;
        // SAFETY: the object is of our own making; its initializers are those of the C++ library.
        let library = unsafe { Library::new(&path) }.map_err(|source| CannotLoad { path, source })?;
        // SAFETY: the function is of this signature (templates/twin.cpp).
        let twin = unsafe {
            let new: Symbol<unsafe extern "C" fn(f64, u64) -> *mut c_void> =
                library.get(b"ternlet_twin_new").expect("it is there");
            new(desk.cycles_per_bit(), desk.seed)
        };
        Ok(Self { library, twin, desk, cycles: 0 })
    }

    /// Runs for so many cycles, in which `send` goes to the board as far as there is time: how much of it, and what the board has sent.
    ///
    /// # Errors
    /// What the design said, if it spoke: an assumption does not hold.
    pub fn run(&mut self, cycles: u64, send: &[u8]) -> Result<(usize, Vec<u8>), String> {
        // A byte has at least six cycles a bit.
        let mut heard = vec![0; cycles as usize / 60 + 2];
        let mut taken = 0;
        // SAFETY: the functions are of these signatures, and the arrays as long as is said.
        unsafe {
            type Run = unsafe extern "C" fn(*mut c_void, u64, *const u8, u64, *mut u64, *mut u8, u64) -> u64;
            let run: Symbol<Run> = self.library.get(b"ternlet_twin_run").expect("it is there");
            let room = heard.len() as u64;
            let hears = run(
                self.twin,
                cycles,
                send.as_ptr(),
                send.len() as u64,
                &mut taken,
                heard.as_mut_ptr(),
                room,
            );
            heard.truncate(hears as usize);
            let spoke: Symbol<unsafe extern "C" fn(*const c_void) -> *const c_char> =
                self.library.get(b"ternlet_twin_spoke").expect("it is there");
            let said = CStr::from_ptr(spoke(self.twin));
            if !said.is_empty() {
                return Err(said.to_string_lossy().into_owned());
            }
        }
        self.cycles += cycles;
        Ok((taken as usize, heard))
    }

    /// Writes `bytes` at `address` of the flash on the desk, and nothing elsewhere.
    ///
    /// # Panics
    /// If there is none.
    pub fn write_flash(&mut self, address: u32, bytes: &[u8]) {
        // SAFETY: the function is of this signature, and the array as long as is said.
        unsafe {
            type Write = unsafe extern "C" fn(*mut c_void, u32, *const u8, u64);
            let write: Symbol<Write> =
                self.library.get(b"ternlet_twin_flash").expect("a flash hangs at the module");
            write(self.twin, address, bytes.as_ptr(), bytes.len() as u64);
        }
    }

    /// The time that has passed on the desk.
    pub fn now(&self) -> Duration {
        Duration::from_secs_f64(self.cycles as f64 / self.desk.mhz / 1e6)
    }
}

/// Ten bytes at a time.
impl Wire for Twin {
    fn exchange(&mut self, bytes: &[u8]) -> io::Result<(usize, Vec<u8>)> {
        let cycles = (100.0 * self.desk.cycles_per_bit()) as u64;
        self.run(cycles, bytes).map_err(io::Error::other)
    }

    fn now(&self) -> Duration {
        Twin::now(self)
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        // SAFETY: it was made by this library, and is freed once.
        unsafe {
            let free: Symbol<unsafe extern "C" fn(*mut c_void)> =
                self.library.get(b"ternlet_twin_free").expect("it is there");
            free(self.twin);
        }
    }
}
