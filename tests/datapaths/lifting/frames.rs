//! Pictures and volumes, and the inverse of all.

use super::golden::schemes;
use super::in_toml;
use crate::check::*;
use ternlet::datapath::lifting::LiftingConfig;
use ternlet::hdl::Timing;

fn toml(direction: &str, size: &str, levels: u32, varying: bool, rest: &str) -> String {
    format!(
        "direction = \"{direction}\"\nlevels = {levels}\ninput = \"u8\"\nsize = {size}\nvarying = {varying}\n{rest}"
    )
}

const FIVE_THREE: &str = "scheme = \"jpeg2000_5_3\"";

#[test]
fn five_three_in_all_sizes_forward() {
    for (size, levels, varying) in [
        ("[4, 6]", 1, false),
        ("[5, 7]", 2, true),
        ("[1, 5]", 1, false),
        ("[5, 1]", 2, true),
        ("[3, 4, 5]", 1, false),
        ("[4, 3, 6]", 2, true),
    ] {
        println!("{size} {levels} {varying}");
        interpreter(&*datapath::<LiftingConfig>(&toml("forward", size, levels, varying, FIVE_THREE)), 8, 41);
    }
}

#[test]
fn five_three_in_all_sizes_inverse() {
    for (size, levels, varying) in [
        ("[6]", 1, false),
        ("[9]", 2, true),
        ("[4, 6]", 1, false),
        ("[5, 7]", 2, true),
        ("[1, 5]", 1, false),
        ("[3, 4, 5]", 1, false),
        ("[4, 3, 6]", 2, true),
    ] {
        println!("{size} {levels} {varying}");
        interpreter(&*datapath::<LiftingConfig>(&toml("inverse", size, levels, varying, FIVE_THREE)), 8, 42);
    }
}

#[test]
fn every_scheme_transforms_pictures_and_back() {
    for (name, scheme) in schemes() {
        for direction in ["forward", "inverse"] {
            println!("{name} {direction}");
            let text = toml(direction, "[7, 5]", 1, true, &in_toml(&scheme));
            interpreter(&*datapath::<LiftingConfig>(&text), 3, 43);
        }
    }
}

/// Rung 2, with the pipeline of a real clock; also what a frame costs.
#[test]
fn under_verilator_a_sample_passes_a_cycle() {
    for (direction, size, beats, levels, scheme, rest) in [
        ("forward", "[33]", 33.0, 3, "jpeg2000_5_3", ""),
        ("forward", "[32]", 16.0, 2, "jpeg2000_5_3", "lanes = 2"),
        ("forward", "[11, 18]", 198.0, 2, "jpeg2000_5_3", ""),
        ("inverse", "[11, 18]", 198.0, 2, "jpeg2000_5_3", ""),
        ("forward", "[6, 5, 8]", 240.0, 1, "vc2_13_7", ""),
    ] {
        for varying in [false, true] {
            let rest = format!("{rest}\nscheme = \"{scheme}\"");
            let lifting = datapath::<LiftingConfig>(&toml(direction, size, levels, varying, &rest));
            let report = verilator(&*lifting, 20, 44, Timing::clock("ice40hx", 80.0).unwrap());
            assert_eq!(report.mismatches, 0);
            if !varying {
                // Planes come in pairs, with a pause between: a pair may find the rows of the last one on their way out.
                let row = if size == "[6, 5, 8]" { 8.0 } else { 0.0 };
                let interval = report.initiation_interval.unwrap();
                assert!(
                    interval <= beats + row,
                    "frames of {size} follow each other every {interval} cycles"
                );
            }
        }
    }
}
