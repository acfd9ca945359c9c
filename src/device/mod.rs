//! The devices: what each family of FPGAs has, takes and needs. The bottom of the house: uses nothing else of ours.
//!
//! A family is one file here (`ecp5.rs`), the numbers measured on it (`ecp5.toml`), and a line in [`Family::ALL`]. Outside
//! this folder nobody asks which family one is: everybody reads its fields.

mod board;
mod counts;
mod ecp5;
mod family;
mod forms;
mod gatemate;
mod generic;
mod gowin;
mod ice40;
mod numbers;
mod pins;
mod placed;
mod pll;
mod template;

pub use board::{Board, Resources, UnknownBoard};
pub use counts::Counts;
pub use family::{ClockCell, Description, Family, Models, Program, Synthesis, UnknownFamily};
pub use forms::{AccumulatorForm, AdderForm, HandWritten, ResetPriority};
pub use numbers::{CarryCell, Delays, HardMultiplier, LutRam, Numbers};
pub use pins::{Flash, Pins, Scan, Uart};
pub use placed::{Correction, PlacedCells};
pub use pll::{Net, Pll, PllCell, Setting};
