//! Programs of other projects: found or installed, run, and their results cached.

mod cache;
mod contents;
mod install;
mod packages;
mod partial;
mod process;
mod progress;
mod toolchain;

pub use cache::{Cache, Entry, key};
pub use contents::Check;
pub use process::{Tool, ToolError, on_path, run_shown, text};
pub use progress::{Event, Progress, Task};
pub use toolchain::{Icarus, ToolStatus, Toolchain, Verilator};
