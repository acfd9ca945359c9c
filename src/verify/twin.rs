//! A board on a desk: a module with a clock and a serial line, simulated pin by pin.

use super::verilator::{Options, VerilatorTools};
use super::{CannotLoad, SimulationError};
use crate::verilog::SourceFile;
use askama::Template;
use libloading::{Library, Symbol};
use std::ffi::{CStr, c_char, c_void};

#[derive(Template)]
#[template(path = "twin.cpp", escape = "none")]
struct Text<'a> {
    top: &'a str,
    sources: &'a [String],
}

/// A module that runs, with pins `clk`, `rst`, `rx` and `tx`.
pub struct Twin {
    library: Library,
    twin: *mut c_void,
}

// What is at the pointer is this one's alone.
unsafe impl Send for Twin {}

impl Twin {
    /// Compiles module `top` of `sources` with these macros, or takes it from the cache. A bit on its line takes `cycles_per_bit` clock cycles on the desk's side; registers begin
    /// with what `seed` says.
    ///
    /// # Errors
    /// If a tool fails: the Verilog is wrong, or its ports are not those.
    pub fn start(
        tools: &VerilatorTools,
        sources: &[SourceFile],
        defines: &[String],
        top: &str,
        (cycles_per_bit, seed): (f64, u64),
    ) -> Result<Self, SimulationError> {
        let options = Options { defines: defines.to_vec(), ..Options::default() };
        let text =
            |sources: &[String]| Text { top, sources }.render().expect("a template without fallible parts");
        let (path, _) = tools.shared_object(sources, top, &text, &options)?;
        // SAFETY: the object is of our own making; its initializers are those of the C++ library.
        let library = unsafe { Library::new(&path) }.map_err(|source| CannotLoad { path, source })?;
        // SAFETY: the function is of this signature (templates/twin.cpp).
        let twin = unsafe {
            let new: Symbol<unsafe extern "C" fn(f64, u64) -> *mut c_void> =
                library.get(b"ternlet_twin_new").expect("it is there");
            new(cycles_per_bit, seed)
        };
        Ok(Self { library, twin })
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
        Ok((taken as usize, heard))
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
