use crate::check::*;
use serde::Deserialize;
use ternlet::blocks::Border;
use ternlet::datapath::{
    Config, EdgeEnhanceConfig, MaximaBorder, Modulus, Plane, Smoothing, Tensor, direction, gradient,
    is_maximum, modulus,
};
use ternlet::device::Family;
use ternlet::hdl::Timing;

/// What SciPy computed: tests/vectors/edge_enhance.py.
#[derive(Deserialize)]
struct Vector {
    width: usize,
    pixels: Vec<i64>,
    border: MaximaBorder,
    rounded: bool,
    scale: u32,
    threshold: i64,
    w1: Vec<i64>,
    w2: Vec<i64>,
    kept: Vec<u8>,
}

#[test]
fn the_golden_model_equals_scipy() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/edge_enhance.json")).unwrap();
    assert_eq!(vectors.len(), 96);
    for Vector { width, pixels, border, rounded, scale, threshold, w1, w2, kept } in vectors {
        let smoothing = if rounded { Smoothing::Rounded } else { Smoothing::Exact };
        let of = format!("{} x {}, scale {scale}, {border:?}, {smoothing:?}", width, pixels.len() / width);
        let gradients = gradient(&Plane { width, values: pixels }, scale, smoothing, border.border());
        assert_eq!((&gradients.0.values, &gradients.1.values), (&w1, &w2), "{of}");
        let maxima = is_maximum(&gradients.0, &gradients.1, Modulus::Exact, threshold);
        assert_eq!(maxima, kept.iter().map(|kept| *kept == 1).collect::<Vec<_>>(), "{of}");
    }
}

/// The bound of the docs, over all gradients of 8-bit pixels at the first scale.
#[test]
fn the_approximate_modulus_keeps_its_bound() {
    for w1 in (-510..=510i64).step_by(2) {
        for w2 in (0..=510i64).step_by(2) {
            let exact = ((w1 * w1 + w2 * w2) as f64).sqrt();
            let near = modulus(w1, w2, Modulus::AlphaMaxBetaMin).0 as f64;
            assert!(near > 0.970 * exact - 1.0 && near <= 1.008 * exact, "{w1} {w2}: {near} for {exact}");
            assert_eq!(modulus(w1, w2, Modulus::Exact).0, exact.floor() as i64);
        }
    }
}

/// Against the angle: the sectors meet at 22.5 degrees and its odd multiples, which 106/256 misses by less than 0.01 degrees.
#[test]
fn directions_are_the_nearest_of_four() {
    for w1 in -60..=60i64 {
        for w2 in -60..=60i64 {
            let angle = (w2 as f64).atan2(w1 as f64).to_degrees().rem_euclid(180.0);
            let boundary = ((angle - 22.5) / 45.0 - ((angle - 22.5) / 45.0).round()).abs() * 45.0;
            if (w1, w2) == (0, 0) || boundary < 0.01 {
                continue;
            }
            let nearest = [(0, 1), (1, 1), (1, 0), (1, -1)][(angle / 45.0).round() as usize % 4];
            assert_eq!(direction(w1, w2), nearest, "{w1} {w2}");
        }
    }
}

/// A plateau as wide as the smoothing makes it keeps one pixel of each row.
#[test]
fn a_step_is_an_edge_of_one_pixel() {
    let picture =
        Plane { width: 16, values: (0..8 * 16).map(|place| if place % 16 < 8 { 10 } else { 90 }).collect() };
    for scale in 1..=4 {
        let (w1, w2) = gradient(&picture, scale, Smoothing::Rounded, Border::Replicate);
        let kept = is_maximum(&w1, &w2, Modulus::Exact, 5);
        for row in kept.chunks(16) {
            assert_eq!(row.iter().filter(|kept| **kept).count(), 1, "scale {scale}");
            assert!(row[7] || row[6], "scale {scale}");
        }
    }
    let flat = Plane { width: 5, values: vec![7; 25] };
    let (w1, w2) = gradient(&flat, 2, Smoothing::Rounded, Border::HalfSample);
    assert!(is_maximum(&w1, &w2, Modulus::Exact, 0).iter().all(|kept| !kept));
}

fn config(width: usize, height: usize, varying: bool, input: &str, maxima: &str) -> String {
    format!(
        "size = [{height}, {width}]\nvarying = {varying}\ninput = \"{input}\"\n[modulus_maxima]\n{maxima}"
    )
}

#[test]
fn the_example_equals_golden() {
    let design: toml::Table = EdgeEnhanceConfig::EXAMPLE.parse().unwrap();
    let mut table = design["datapath"].as_table().unwrap().clone();
    table.remove("kind");
    interpreter(&*datapath::<EdgeEnhanceConfig>(&toml::to_string(&table).unwrap()), 6, 1);
}

#[test]
fn hardware_equals_golden_for_every_size() {
    let sizes = [(1, 1), (1, 2), (2, 1), (1, 5), (5, 1), (2, 3), (3, 2), (5, 9), (8, 8)];
    for (width, height) in sizes {
        for (scale, border) in [(1, "reflect"), (2, "replicate"), (3, "reflect"), (4, "replicate")] {
            let maxima = format!("scale = {scale}\nborder = \"{border}\"\nthreshold = 9");
            interpreter(&*datapath::<EdgeEnhanceConfig>(&config(width, height, false, "u6", &maxima)), 3, 2);
        }
    }
}

#[test]
fn hardware_equals_golden_for_every_form() {
    for (input, rest) in [
        ("u8", "scale = 2\nsmoothing = \"exact\"\noutput = \"gradient\""),
        ("s5", "scale = 2\nmodulus = \"alpha_max_beta_min\"\nborder = \"reflect\""),
        ("u1", "scale = 1\nmodulus = \"alpha_max_beta_min\"\noutput = \"edges\""),
        ("s16", "scale = 1\noutput = \"edges\"\nthreshold = 20000"),
        ("u4", "scale = 3\noutput = \"gradient\"\nmodulus = \"alpha_max_beta_min\""),
    ] {
        for varying in [false, true] {
            interpreter(&*datapath::<EdgeEnhanceConfig>(&config(7, 6, varying, input, rest)), 6, 3);
        }
    }
}

#[test]
fn verilog_equals_golden_without_a_gap_between_pictures() {
    for (width, height, scale) in [(8, 8, 2), (5, 9, 3), (9, 5, 1)] {
        let maxima = format!("scale = {scale}\nthreshold = 12");
        for timing in [Timing::combinational(), Timing::levels(3)] {
            let toml = config(width, height, false, "u8", &maxima);
            let report = verilator(&*datapath::<EdgeEnhanceConfig>(&toml), 150, 4, timing);
            assert_eq!(report.mismatches, 0);
            assert_eq!(report.initiation_interval, Some((width * height) as f64));
        }
    }
}

#[test]
fn verilog_equals_golden_for_pictures_of_any_size() {
    for (width, height, rest) in [
        (33, 20, "scale = 2\nborder = \"reflect\""),
        (1, 12, "scale = 1"),
        (12, 1, "scale = 3"),
        (24, 24, "scale = 3\nsmoothing = \"exact\"\noutput = \"gradient\""),
    ] {
        let toml = config(width, height, true, "u8", rest);
        let report = verilator(&*datapath::<EdgeEnhanceConfig>(&toml), 200, 5, Timing::levels(4));
        assert_eq!(report.mismatches, 0);
    }
}

#[test]
fn pictures_of_any_size_go_in() {
    let datapath = datapath::<EdgeEnhanceConfig>(&config(6, 4, true, "u4", "scale = 1"));
    let carry = |shape: &[usize], value: i64| {
        let values = vec![value; shape.iter().product()];
        datapath.carry(&Tensor { shape: shape.into(), values }).unwrap()
    };
    let carried = carry(&[2, 3, 5], 7).unwrap();
    assert_eq!((carried[1].beats(), &carried[0].values[..]), (30, &[3, 5, 3, 5][..]));
    for (shape, value, why) in [
        (&[3, 7][..], 0, "the picture is 7 pixels wide, but size = [4, 6] allows 6"),
        (&[5, 6], 0, "the picture is 5 pixels high, but size = [4, 6] allows 4"),
        (&[3, 3], 16, "a pixel is 16, but input = \"u4\"; widen it"),
        (&[2, 3, 3, 3], 0, "shape [2, 3, 3, 3]; a picture is [height, width]"),
        (&[0, 3], 0, "there is no pixel"),
        (
            &[4, 6, 3],
            0,
            "a picture of 3 channels; a datapath of pictures takes grey ones, so convert it first",
        ),
    ] {
        let error = carry(shape, value).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(carry(&[1, 1], 7).unwrap()[1].values, [7]);
    let fixed = self::datapath::<EdgeEnhanceConfig>(&config(6, 4, false, "u4", "scale = 1"));
    let colours = Tensor { shape: vec![4, 6, 3], values: vec![0; 72] };
    assert!(fixed.carry(&colours).unwrap().unwrap_err().contains("3 channels"));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<EdgeEnhanceConfig>(&config(0, 20000, false, "u8", "scale = 5"));
    for line in [
        "size = [20000, 0]: a picture is 1 to 16384 pixels high and wide; write [height, width]",
        "modulus_maxima.scale = 5: a scale is 1 to 4; write 1 to 4",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let text = problems::<EdgeEnhanceConfig>(&config(8, 8, false, "u8", "scale = 1\nthreshold = 1024"));
    assert!(text.contains("modulus_maxima.threshold = 1024: a modulus is in 0..=1023"), "{text}");
    let text = problems::<EdgeEnhanceConfig>(&config(8, 8, false, "u8", "scale = 1\nborder = \"zero\""));
    assert!(text.contains("unknown variant `zero`, expected `replicate` or `reflect`"), "{text}");
}

fn limited(width: usize, height: usize, varying: bool, rest: &str) -> String {
    format!(
        "size = [{height}, {width}]\nvarying = {varying}\ninput = \"u6\"\n[limited_reconstruction]\n{rest}"
    )
}

/// A law: with all gains 1 the picture comes back bit for bit.
#[test]
fn a_reconstruction_from_everything_is_the_picture() {
    for scheme in ["haar", "jpeg2000_5_3"] {
        let toml = limited(9, 5, false, &format!("scheme = \"{scheme}\"\nlevels = 2"));
        let datapath = datapath::<EdgeEnhanceConfig>(&toml);
        for inputs in stimuli(&*datapath, 20, 6) {
            assert_eq!(datapath.golden(&inputs)[0], inputs[0], "{scheme}");
        }
        interpreter(&*datapath, 3, 6);
    }
}

/// Without the approximation a constant picture is black.
#[test]
fn a_constant_picture_has_no_edges() {
    let rest = "scheme = \"jpeg2000_5_3\"\nlevels = 2\noutput = \"s8\"\ngains = { ll2 = 0 }";
    let datapath = datapath::<EdgeEnhanceConfig>(&limited(8, 8, true, rest));
    let tensor = Tensor { shape: vec![7, 5], values: vec![50; 35] };
    let edges = datapath.golden(&datapath.carry(&tensor).unwrap().unwrap());
    assert_eq!(edges[0].values, [0; 35]);
}

#[test]
fn limited_reconstruction_equals_golden() {
    let one = "scheme = \"haar\"\nlevels = 1\noutput = \"s8\"\n";
    let two = "scheme = \"jpeg2000_5_3\"\nlevels = 2\noutput = \"s9\"\n";
    for (width, height) in [(2, 2), (5, 9), (8, 8)] {
        let rest = format!("{one}gains = {{ ll1 = 0, hh1 = {{ multiplier = 3, shift = 1 }} }}");
        interpreter(&*datapath::<EdgeEnhanceConfig>(&limited(width, height, false, &rest)), 3, 7);
    }
    for varying in [false, true] {
        let rest = format!("{two}gains = {{ ll2 = 0, hl2 = -2, hh1 = 0 }}");
        let toml = limited(13, 10, varying, &rest);
        let report = verilator(&*datapath::<EdgeEnhanceConfig>(&toml), 60, 8, Timing::levels(4));
        assert_eq!(report.mismatches, 0);
    }
}

/// At a clock beyond the device's nothing moves at the ports for hundreds of cycles, while a picture passes the registers.
#[test]
fn a_deep_pipeline_is_not_taken_for_a_lock() {
    let datapath = datapath::<EdgeEnhanceConfig>(&limited(9, 5, false, "scheme = \"vc2_13_7\"\nlevels = 3"));
    interpreter_at(Timing::clock(Family::ECP5, 250.0), &*datapath, 1, 8);
}

#[test]
fn methods_and_subbands_that_cannot_be_are_named() {
    let text = problems::<EdgeEnhanceConfig>("size = [8, 8]\ninput = \"u8\"");
    assert!(text.contains("modulus_maxima = 0 methods: edges have one method; give one table"), "{text}");
    let rest = "scheme = \"haar\"\nlevels = 1\ngains = { ll2 = 0, hh1 = { multiplier = 1, shift = 31 } }";
    let text = problems::<EdgeEnhanceConfig>(&limited(8, 8, false, rest));
    for line in [
        "limited_reconstruction.gains.ll2 = (as given): there is no such subband; there are ll1, hl1, lh1, hh1",
        "limited_reconstruction.gains.hh1.shift = 31: a shift is at most 30; scale the gain down",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let text = problems::<EdgeEnhanceConfig>(&limited(8, 8, false, "scheme = \"haar\"\nlevels = 0"));
    assert!(text.contains("limited_reconstruction.levels = 0: 8 samples allow 1 to 3 levels"), "{text}");
}
