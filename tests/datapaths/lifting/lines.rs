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

#[test]
fn the_example_equals_golden() {
    let design: toml::Table = LiftingConfig::EXAMPLE.parse().unwrap();
    let mut table = design["datapath"].as_table().unwrap().clone();
    table.remove("kind");
    interpreter(&*datapath::<LiftingConfig>(&toml::to_string(&table).unwrap()), 5, 45);
}
