//! Programs of other projects: found or installed, run, and their results cached.

mod cache;
mod install;
mod packages;
mod process;
mod progress;
mod toolchain;

pub use cache::{Cache, Entry, key};
pub use process::{Tool, ToolError, text};
pub use progress::{Event, Progress, Task};
pub use toolchain::{Icarus, ToolStatus, Toolchain, Verilator};
