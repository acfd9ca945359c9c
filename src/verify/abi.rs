//! What passes between us and a compiled model: the same structures, field by field, as in `sim/harness.h`.

use std::ffi::{CStr, c_char};

#[repr(C)]
pub(super) struct Input {
    pub words: *const u32,
    pub last: *const u8,
    pub beats: u64,
    pub cycles: *mut u64,
    pub accepted: u64,
}

#[repr(C)]
pub(super) struct Output {
    pub words: *mut u32,
    pub last: *mut u8,
    pub cycles: *mut u64,
    pub capacity: u64,
    pub expected: u64,
    pub accepted: u64,
}

/// How a run ended; the numbers are those of `enum Ending`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every expected beat arrived, then nothing moved for the idle cycles.
    Complete,
    /// Nothing moved for long, and beats are missing.
    Quiet,
    /// The limit of cycles was reached.
    Limited,
    /// An output gave far more beats than expected.
    Surplus,
    /// `valid` fell before its beat was accepted.
    Dropped,
    /// The payload or `last` changed before the beat was accepted.
    Changed,
    /// The design spoke: `$display`, `$finish`, `$stop`, or a fatal error of the simulator.
    Stopped,
}

impl Ending {
    pub(super) fn from_number(number: u32) -> Self {
        use Ending::*;
        let endings = [Complete, Quiet, Limited, Surplus, Dropped, Changed, Stopped];
        *endings.get(number as usize).expect("an ending of sim/harness.h")
    }
}

#[repr(C)]
pub(super) struct Run {
    pub seed: u64,
    pub stalls: u32,
    pub held_stream: u32,
    pub reset_at: u64,
    pub limit: u64,
    pub stall_limit: u64,
    pub idle: u64,
    pub select: u32,
    pub waves: *const c_char,
    pub waves_from: u64,
    pub inputs: *mut Input,
    pub outputs: *mut Output,
    pub cycles: u64,
    pub all_cycles: u64,
    pub last_transfer: u64,
    pub nanoseconds: u64,
    pub ending: u32,
    pub culprit: u32,
    pub text: [c_char; 2048],
}

impl Run {
    /// What the design said, as far as it fits.
    pub fn text(&self) -> String {
        let bytes: Vec<u8> = self.text.iter().map(|&c| c as u8).collect();
        let text = CStr::from_bytes_until_nul(&bytes).map(CStr::to_string_lossy);
        text.map(|text| text.trim_end().to_string()).unwrap_or_default()
    }
}
