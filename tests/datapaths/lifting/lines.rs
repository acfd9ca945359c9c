//! Lines.

use super::golden::schemes;
use super::in_toml;
use crate::check::*;
use ternlet::datapath::Config;
use ternlet::datapath::lifting::LiftingConfig;

#[test]
fn every_scheme_transforms_lines_of_any_length() {
    for (name, scheme) in schemes() {
        let scheme = in_toml(&scheme);
        for (size, lanes, levels, varying) in [
            (9, 1, 1, true),
            (1, 1, 1, false),
            (8, 2, 1, false),
            (7, 2, 2, false),
            (20, 1, 3, true),
            (12, 2, 2, true),
        ] {
            let toml = format!(
                "levels = {levels}\ninput = \"u8\"\nsize = [{size}]\nlanes = {lanes}\nvarying = {varying}\n{scheme}"
            );
            println!("{name} {toml}");
            interpreter(&*datapath::<LiftingConfig>(&toml), 12, 40);
        }
    }
}

/// Several samples a beat, forward and back: lines that end anywhere in a beat, and levels down to one sample a beat and on.
#[test]
fn every_scheme_takes_several_samples_a_beat() {
    for (name, scheme) in schemes() {
        let scheme = in_toml(&scheme);
        for (size, lanes, levels, varying) in [
            (16, 4, 1, true),
            (13, 4, 2, false),
            (3, 4, 1, false),
            (18, 8, 1, false),
            (31, 8, 4, false),
            (32, 8, 2, true),
            (41, 16, 3, false),
        ] {
            for direction in ["forward", "inverse"] {
                if varying && direction == "inverse" {
                    continue;
                }
                let toml = format!(
                    "direction = \"{direction}\"\nlevels = {levels}\ninput = \"u8\"\nsize = [{size}]\nlanes = {lanes}\nvarying = {varying}\n{scheme}"
                );
                println!("{name} {toml}");
                interpreter(&*datapath::<LiftingConfig>(&toml), 6, 46);
            }
        }
    }
}

/// A line that ends with each number of samples that a beat can have.
#[test]
fn lines_end_anywhere_in_a_beat() {
    for (lanes, direction) in [(2, "inverse"), (4, "forward"), (4, "inverse"), (8, "forward"), (8, "inverse")]
    {
        for size in 1..=2 * lanes + 1 {
            let levels = if size > 2 { 2 } else { 1 };
            let toml = format!(
                "direction = \"{direction}\"\nlevels = {levels}\ninput = \"u8\"\nsize = [{size}]\nlanes = {lanes}\nscheme = \"jpeg2000_5_3\""
            );
            println!("{toml}");
            interpreter(&*datapath::<LiftingConfig>(&toml), 6, 47);
        }
    }
}

#[test]
fn the_example_equals_golden() {
    let design: toml::Table = LiftingConfig::EXAMPLE.parse().unwrap();
    let mut table = design["datapath"].as_table().unwrap().clone();
    table.remove("kind");
    interpreter(&*datapath::<LiftingConfig>(&toml::to_string(&table).unwrap()), 5, 45);
}
