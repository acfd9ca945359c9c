//! A ternary filter bank on the Alchitry Cu, next to rust-hdl's widgets, PLL and pins, up to the bitstream.
//!
//! Four times a second, four random bytes go through eight filters of weights -1, 0 and +1; each LED shows the sign of one
//! filter's sum. Run it with `cargo run --features rust-hdl-boards --example alchitry_cu`.

mod design;

use design::{Summary, bitstream};
use std::error::Error;
use std::fs;
use std::path::Path;
use ternlet::cli::shown_progress;
use ternlet::tools::Toolchain;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("build/alchitry_cu");
    fs::create_dir_all(folder)?;
    let Summary { fmax_mhz, logic_cells } = bitstream(&Toolchain::new(shown_progress(false))?, folder)?;
    println!("{}: {logic_cells} logic cells, {fmax_mhz:.1} MHz (25 asked)", folder.join("top.bin").display());
    Ok(())
}
