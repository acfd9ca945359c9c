//! One level's hardware for all levels, and all subbands as one frame.

use super::golden::schemes;
use super::in_toml;
use crate::check::*;
use ternlet::datapath::lifting::LiftingConfig;
use ternlet::device::Family;
use ternlet::hdl::Timing;

fn toml(direction: &str, size: &str, levels: u32, varying: bool, rest: &str) -> String {
    format!(
        "direction = \"{direction}\"\nlevels = {levels}\ninput = \"u8\"\nsize = {size}\nvarying = {varying}\n{rest}"
    )
}

const SIZES: [(&str, u32, bool); 9] = [
    ("[1]", 1, false),
    ("[13]", 3, false),
    ("[20]", 4, true),
    ("[8, 8]", 3, false),
    ("[5, 7]", 2, true),
    ("[1, 5]", 2, false),
    ("[6, 1]", 2, true),
    ("[3, 4, 5]", 2, false),
    ("[4, 3, 6]", 2, true),
];

fn five_three(keys: &str, frames: usize) {
    for (size, levels, varying) in SIZES {
        for direction in ["forward", "inverse"] {
            println!("{direction} {size} {levels} {varying}");
            let text = toml(direction, size, levels, varying, &format!("{keys}\nscheme = \"jpeg2000_5_3\""));
            interpreter(&*datapath::<LiftingConfig>(&text), frames, 48);
        }
    }
}

#[test]
fn folded_levels_equal_golden() {
    five_three("hardware = \"folded\"", 6);
}

#[test]
fn one_frame_of_all_subbands_equals_golden() {
    five_three("subbands = \"mallat\"", 6);
}

#[test]
fn folded_levels_in_one_frame_equal_golden() {
    five_three("hardware = \"folded\"\nsubbands = \"mallat\"", 4);
}

#[test]
fn every_scheme_folds() {
    for (name, scheme) in schemes() {
        for direction in ["forward", "inverse"] {
            println!("{name} {direction}");
            let rest = format!("hardware = \"folded\"\nsubbands = \"mallat\"\n{}", in_toml(&scheme));
            interpreter(&*datapath::<LiftingConfig>(&toml(direction, "[6, 5]", 2, true, &rest)), 3, 49);
        }
    }
}

/// Rung 2, with the pipeline of a real clock. Folded, a frame costs the samples of all its levels, and little more.
#[test]
fn under_verilator_a_frame_takes_the_samples_of_its_levels() {
    for (direction, size, levels, keys, most) in [
        ("forward", "[64]", 6, "hardware = \"folded\"", Some(127 + 6 * 12)),
        ("inverse", "[64]", 6, "hardware = \"folded\"", Some(127 + 6 * 12)),
        ("forward", "[32, 32]", 3, "hardware = \"folded\"", Some(1024 + 256 + 64 + 3 * 32 * 3)),
        ("inverse", "[17, 12]", 2, "hardware = \"folded\"\nsubbands = \"mallat\"", None),
        ("forward", "[17, 12]", 2, "subbands = \"mallat\"", None),
        ("forward", "[61]", 2, "lanes = 4", Some(16)),
        ("inverse", "[61]", 2, "lanes = 8", Some(8)),
    ] {
        let rest = format!("{keys}\nscheme = \"jpeg2000_5_3\"");
        let lifting = datapath::<LiftingConfig>(&toml(direction, size, levels, false, &rest));
        let report = verilator(&*lifting, 20, 50, Timing::clock(Family::ICE40_HX, 80.0));
        assert_eq!(report.mismatches, 0);
        println!("{direction} {size} {keys}: {:?} cycles a frame", report.initiation_interval);
        if let Some(most) = most {
            assert!(
                report.initiation_interval.unwrap() <= f64::from(most),
                "{:?}",
                report.initiation_interval
            );
        }
    }
}

/// A frame of subbands waits for the one before, whose last values a deeper level must not hold back until more comes in.
#[test]
fn frames_of_subbands_never_lock() {
    let text = toml("forward", "[5, 9, 7]", 2, true, "subbands = \"mallat\"\nscheme = \"jpeg2000_5_3\"");
    let lifting = datapath::<LiftingConfig>(&text);
    // One of the seeds that lock a design whose deeper levels wait as the first one may.
    let report = verilator(&*lifting, 800, 3, Timing::clock(Family::ICE40_HX, 25.0));
    assert_eq!(report.mismatches, 0);
}
