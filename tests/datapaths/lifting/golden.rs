//! The golden transform against what nobody here wrote (`tests/vectors/lifting.py`), and against its own inverse.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use ternlet::datapath::lifting::*;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/lifting.json")).unwrap()
}

/// Rows of integers as an array: its shape and its values.
fn array(value: &Value) -> ([usize; 2], Vec<i64>) {
    let rows: Vec<Vec<i64>> = serde_json::from_value(value.clone()).unwrap();
    ([rows.len(), rows[0].len()], rows.concat())
}

fn named(name: &str) -> Scheme {
    Scheme::named(name).unwrap()
}

/// The values of each subband of `x`, by name.
fn bands_of(scheme: &Scheme, shape: &[usize], x: &[i64], levels: u32) -> Vec<(String, Vec<i64>)> {
    let y = forward(scheme, shape, x, levels);
    let values = |band: &Subband| band.places(shape).into_iter().map(|place| y[place]).collect();
    subbands(shape, levels).iter().map(|band| (band.name(), values(band))).collect()
}

#[test]
fn approximations_are_those_of_openjpeg() {
    let mut compared = 0;
    for picture in vectors()["openjpeg"].as_array().unwrap() {
        let (shape, x) = array(&picture["x"]);
        for (level, low) in (1..).zip(picture["ll"].as_array().unwrap()) {
            let (name, values) = bands_of(&named("jpeg2000_5_3"), &shape, &x, level).swap_remove(0);
            assert_eq!(name, format!("ll{level}"));
            assert_eq!(values, array(low).1, "{shape:?}, level {level}");
            compared += 1;
        }
    }
    assert!(compared == 20, "{compared}");
}

#[test]
fn every_band_is_that_of_vc2_conformance() {
    let vectors = vectors();
    let filters = vectors["vc2"].as_object().unwrap();
    assert_eq!(filters.len(), 6);
    for (name, pictures) in filters {
        for picture in pictures.as_array().unwrap() {
            let (shape, x) = array(&picture["x"]);
            let levels = picture["levels"].as_u64().unwrap() as u32;
            let bands = bands_of(&named(name), &shape, &x, levels);
            assert_eq!(bands.len(), picture["bands"].as_object().unwrap().len());
            for (band, values) in bands {
                assert_eq!(values, array(&picture["bands"][&band]).1, "{name} {shape:?} {band}");
            }
        }
    }
}

#[test]
fn the_high_band_is_the_ceiling_of_pywavelets() {
    for line in vectors()["pywavelets"].as_array().unwrap() {
        let x: Vec<i64> = serde_json::from_value(line["x"].clone()).unwrap();
        let high: Vec<i64> = serde_json::from_value(line["high"].clone()).unwrap();
        assert_eq!(forward_line(&named("jpeg2000_5_3"), &x).1, high, "{} samples", x.len());
    }
}

#[test]
fn the_s_transform_is_its_textbook_definition() {
    let (low, high) = forward_line(&named("haar"), &[7, 2, -3, 4, 5]);
    assert_eq!((low, high), (vec![4, 0, 5], vec![5, -7]));
}

/// `tests/vectors/mallat.py` numbers the coefficients band by band.
#[test]
fn the_order_of_one_frame_is_that_of_pywavelets() {
    let layouts: Value = serde_json::from_str(include_str!("../../vectors/mallat.json")).unwrap();
    for layout in layouts.as_array().unwrap() {
        let list = |key: &str| -> Vec<usize> { serde_json::from_value(layout[key].clone()).unwrap() };
        let (shape, theirs) = (list("shape"), list("layout"));
        let levels = layout["levels"].as_u64().unwrap() as u32;
        let places: Vec<usize> =
            subbands(&shape, levels).iter().flat_map(|band| band.places(&shape)).collect();
        let mut ours = vec![0; places.len()];
        places.iter().enumerate().for_each(|(number, place)| ours[*place] = number);
        assert_eq!(ours, theirs, "{shape:?}");
    }
}

/// The built-in schemes, and some that only a test would think of: update first, long and lopsided steps, two predicts.
pub fn schemes() -> Vec<(String, Scheme)> {
    let own = [
        ("update_first", "steps = [{ kind = \"update\", taps = [3, -1, 2, 5, -7, 1], first = -4, offset = 5, shift = 4, sign = \"minus\" },
            { kind = \"predict\", taps = [-2, 10, -25, 81, 81, -25, 10, -2], first = -3, offset = 128, shift = 8, sign = \"minus\" }]"),
        ("lopsided", "scaling = [-2, 4]\nlevel_shift = 2\norder = \"horizontal_first\"\nsteps = [{ kind = \"predict\", taps = [1, 2], first = 1, shift = 1, sign = \"plus\" },
            { kind = \"predict\", taps = [1], first = -2, shift = 0, sign = \"minus\" }, { kind = \"update\", taps = [5], first = 2, offset = 1, shift = 3, sign = \"plus\" }]"),
        ("clamped", "extension = \"clamp\"\nsteps = [{ kind = \"update\", taps = [1, -1, 3], first = -1, offset = 3, shift = 2, sign = \"plus\" },
            { kind = \"predict\", taps = [4, 1, 1], first = 0, offset = 2, shift = 3, sign = \"minus\" }]"),
    ];
    let built_in = Scheme::names().map(|(name, _)| (name.to_string(), named(name)));
    let own = own.iter().map(|(name, toml)| (name.to_string(), toml::from_str(toml).unwrap()));
    let all: Vec<_> = built_in.chain(own).collect();
    for (name, scheme) in &all {
        assert!(scheme.problems().is_empty(), "{name}: {:?}", scheme.problems());
    }
    all
}

#[test]
fn every_scheme_gives_every_line_back() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for (name, scheme) in schemes() {
        let lengths = (1..=64).chain((0..20).map(|_| rng.random_range(65..3000))).collect::<Vec<usize>>();
        for length in lengths {
            let x: Vec<i64> = (0..length).map(|_| rng.random_range(-40_000..40_000)).collect();
            let (low, high) = forward_line(&scheme, &x);
            assert_eq!((low.len(), high.len()), (length.div_ceil(2), length / 2));
            assert_eq!(inverse_line(&scheme, &low, &high), x, "{name}, {length} samples");
        }
        for (shape, levels) in
            [(vec![37], 8), (vec![1, 1], 1), (vec![5, 9], 3), (vec![6, 1, 7], 2), (vec![4, 6, 5], 3)]
        {
            let x: Vec<i64> = (0..shape.iter().product()).map(|_| rng.random_range(-200..200)).collect();
            let y = forward(&scheme, &shape, &x, levels);
            assert_eq!(inverse(&scheme, &shape, &y, levels), x, "{name} {shape:?}");
        }
    }
}

/// Lines of extremes, chosen so that each coefficient goes as far as it can.
#[test]
fn ranges_hold_and_are_tight() {
    let input = (0, 255);
    for (name, scheme) in schemes() {
        for levels in 1..=2u32 {
            let length = 40usize;
            // The sign of each sample's effect on each coefficient, found by a large impulse.
            let impulse = |at: usize| {
                let x: Vec<i64> = (0..length).map(|i| if i == at { 1 << 36 } else { 0 }).collect();
                forward(&scheme, &[length], &x, levels)
            };
            let effects: Vec<Vec<i64>> = (0..length).map(impulse).collect();
            for band in subbands(&[length], levels) {
                let bands: Vec<_> = band.bands.iter().copied().map(Some).collect();
                let (lo, hi) = range(&scheme, input, band.level, &bands);
                let (mut least, mut most) = (i64::MAX, i64::MIN);
                for place in band.places(&[length]) {
                    for up in [true, false] {
                        let x: Vec<i64> = effects
                            .iter()
                            .map(|e| if (e[place] > 0) == up { input.1 } else { input.0 })
                            .collect();
                        let value = forward(&scheme, &[length], &x, levels)[place];
                        (least, most) = (least.min(value), most.max(value));
                    }
                }
                assert!(lo <= least && most <= hi, "{name} {}: {least}..={most} of {lo}..={hi}", band.name());
                if scheme.extends_at_once() {
                    let slack = 2 * i64::from(levels) * (1 << (scheme.level_shift * levels));
                    assert!(
                        least - lo <= slack && hi - most <= slack,
                        "{name} {}: {least}..={most} of {lo}..={hi}",
                        band.name()
                    );
                }
            }
        }
    }
    // The table of worst-case growth: 5/3 in two dimensions.
    let scheme = named("jpeg2000_5_3");
    let (low, high) = (Some(Band::Low), Some(Band::High));
    assert_eq!(range(&scheme, (0, 255), 1, &[high]), (-255, 255));
    assert_eq!(range(&scheme, (0, 255), 1, &[low]), (-64, 319));
    assert_eq!(range(&scheme, (-128, 127), 1, &[high, high]), (-510, 511));
}
