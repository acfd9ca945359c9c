//! Pictures and volumes, and the inverse of all.

use super::golden::schemes;
use super::in_toml;
use crate::check::*;
use ternlet::datapath::Tensor;
use ternlet::datapath::lifting::LiftingConfig;
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::Draw;
use ternlet::verify::Case;

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

/// A family's sums are cheapest with complemented targets, another's differences cost as much as sums.
#[test]
fn every_scheme_suits_the_adders_of_each_family() {
    for (name, scheme) in schemes() {
        for direction in ["forward", "inverse"] {
            for family in [Family::ICE40_HX, Family::ECP5] {
                println!("{name} {direction} {family:?}");
                let text = toml(direction, "[7, 5]", 1, true, &in_toml(&scheme));
                interpreter_at(Timing::clock(family, 20.0), &*datapath::<LiftingConfig>(&text), 3, 44);
            }
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
        ("forward", "[11, 18]", 198.0, 2, "vc2_9_7", ""),
        ("inverse", "[11, 18]", 198.0, 2, "vc2_9_7", ""),
        ("forward", "[6, 5, 8]", 240.0, 1, "vc2_13_7", ""),
    ] {
        for varying in [false, true] {
            let rest = format!("{rest}\nscheme = \"{scheme}\"");
            let lifting = datapath::<LiftingConfig>(&toml(direction, size, levels, varying, &rest));
            let report = verilator(&*lifting, 20, 44, Timing::clock(Family::ICE40_HX, 80.0));
            assert_eq!(report.mismatches, 0);
            if !varying {
                let interval = report.initiation_interval.unwrap();
                assert!(interval <= beats, "frames of {size} follow each other every {interval} cycles");
            }
        }
    }
}

/// Pictures that vary lose no cycle between each other, but where the next one is narrower: by so many columns, since the rest of
/// the last row leaves when the first row has come in.
#[test]
fn pictures_of_many_sizes_follow_each_other() {
    let heights = [[5, 12], [1, 12], [8, 12], [2, 12], [3, 12], [12, 12]];
    let widths = [[4, 3], [5, 6], [7, 6], [3, 12], [6, 9], [5, 5]];
    for (scheme, direction, levels) in [
        ("jpeg2000_5_3", "forward", 1),
        ("jpeg2000_5_3", "forward", 2),
        ("jpeg2000_5_3", "inverse", 1),
        ("vc2_5_3", "forward", 1),
        ("vc2_9_7", "forward", 1),
        ("vc2_13_7", "forward", 2),
    ] {
        for sizes in [heights, widths] {
            let rest = format!("scheme = \"{scheme}\"");
            let lifting = datapath::<LiftingConfig>(&toml("forward", "[12, 12]", levels, true, &rest));
            let mut inputs = lifting.random(0, &mut Draw::seeded(1));
            for (seed, [height, width]) in (0..).zip([sizes; 4].concat()) {
                let values = (0..height * width).map(|place| (place * 37 + seed * 91) % 256).collect();
                let shape = [height, width].map(|length| length as usize).to_vec();
                let frame = lifting.carry(&Tensor { shape, values }).unwrap().unwrap();
                inputs.iter_mut().zip(&frame).for_each(|(tokens, more)| tokens.append(more));
            }
            let (lifting, inputs) = match direction {
                "inverse" => {
                    let outputs = lifting.golden(&inputs);
                    let back = datapath::<LiftingConfig>(&toml("inverse", "[12, 12]", levels, true, &rest));
                    (back, [&inputs[..1], &outputs].concat())
                }
                _ => (lifting, inputs),
            };
            let expected = lifting.golden(&inputs);
            let timing = Timing::clock(Family::ICE40_HX, 80.0);
            let report = verilator_on(&*lifting, &[Case { inputs, expected }], 45, timing);
            let pixels: i64 = sizes.iter().map(|[height, width]| height * width).sum();
            let next = sizes.iter().cycle().skip(1);
            let narrower: i64 = sizes.iter().zip(next).map(|(this, next)| (this[1] - next[1]).max(0)).sum();
            let cycles = report.initiation_interval.unwrap() * sizes.len() as f64;
            // After the last picture none comes, and its last row waits a little for one.
            let most = (pixels + narrower + 1) as f64;
            assert!(cycles <= most, "{scheme} {direction} {levels}, {sizes:?}: {cycles} cycles of {most}");
        }
    }
}
