//! The tools of a simulation.

use std::path::Path;
use ternlet::tools::{Cache, Progress, Toolchain};
use ternlet::verify::VerilatorTools;

/// The installed tools, with a cache in the target folder.
pub fn tools() -> VerilatorTools {
    let toolchain = Toolchain::new(Progress::quiet()).expect("a cache folder");
    let cache = Cache::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")).expect("a folder");
    VerilatorTools { cache, ..VerilatorTools::of(&toolchain).unwrap_or_else(|error| panic!("{error}")) }
}
