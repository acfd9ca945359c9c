//! Programs of other projects: found or installed, run, and their results cached.

mod process;

pub use process::{Tool, ToolError};
