//! The whole command line of ternlet with one datapath more: `cargo run -- new energy`, `cargo run -- flow energy.toml`.

mod energy;

use energy::EnergyConfig;
use std::process::ExitCode;
use ternlet::cli::main_with;
use ternlet::datapath::Catalog;

fn main() -> ExitCode {
    main_with(&Catalog::standard().with::<EnergyConfig>())
}
