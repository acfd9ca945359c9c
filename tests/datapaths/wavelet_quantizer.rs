use crate::check::*;
use ternlet::datapath::lifting::{Scheme, forward, inverse};
use ternlet::datapath::{Config, Quantizer, WaveletQuantizerConfig, fit};
use ternlet::hdl::Timing;

/// A table `datapath` where each subband has so many bits over its whole range of 9 or 10 bits.
fn config(rest: &str, bands: &[(&str, u32)]) -> String {
    let band = |(name, bits): &(&str, u32)| match bits {
        0 => format!("{name} = {{ bits = 0, offset = 5, fraction = 1 }}\n"),
        bits => {
            let (lo, shift) = (-64, 10u32.saturating_sub(*bits));
            format!(
                "{name} = {{ bits = {bits}, multiplier = 5, bias = {}, shift = {shift}, step = {}, offset = {lo}, fraction = 2 }}\n",
                -lo,
                1 << shift
            )
        }
    };
    format!("{rest}\n[subband]\n{}", bands.iter().map(band).collect::<String>())
}

#[test]
fn the_example_equals_golden() {
    let design: toml::Table = WaveletQuantizerConfig::EXAMPLE.parse().unwrap();
    let mut table = design["datapath"].as_table().unwrap().clone();
    table.remove("kind");
    interpreter(&*datapath::<WaveletQuantizerConfig>(&toml::to_string(&table).unwrap()), 6, 1);
}

/// A law: within its clamps a quantizer whose step is whole is at most half a step off, and one of step 1 is exact.
#[test]
fn a_quantizer_is_at_most_half_a_step_off() {
    for step in [1i64, 2, 3, 7, 16] {
        let low = -40;
        let quantizer = Quantizer {
            bits: 6,
            multiplier: (65536 + step / 2) / step,
            bias: -low * 65536 / step,
            shift: 16,
            step,
            offset: low,
            fraction: 0,
        };
        for value in low..(low + 63 * step).min(200) {
            let back = quantizer.value(quantizer.code(value));
            assert!(2 * (back - value).abs() <= step, "step {step}: {value} gives {back}");
        }
        assert_eq!((quantizer.code(-1000), quantizer.code(100_000)), (0, 63));
    }
}

/// Quantizers of step 1 over the whole range give back what came, whatever the scheme: against the input itself.
#[test]
fn without_loss_the_input_comes_back() {
    for scheme in ["haar", "jpeg2000_5_3"] {
        let exact = |name: &str| {
            let (bits, low) = if name.starts_with("ll") { (8, -64) } else { (9, -256) };
            format!(
                "{name} = {{ bits = {bits}, multiplier = 1, bias = {}, step = 1, offset = {low} }}\n",
                -low
            )
        };
        let bands = ["ll2", "hl2", "lh2", "hh2", "hl1", "lh1", "hh1"].map(exact).concat();
        let toml =
            format!("scheme = \"{scheme}\"\nlevels = 2\ninput = \"u4\"\nsize = [5, 9]\n[subband]\n{bands}");
        let datapath = datapath::<WaveletQuantizerConfig>(&toml);
        for inputs in stimuli(&*datapath, 20, 2) {
            assert_eq!(datapath.golden(&inputs)[0], inputs[0], "{scheme}");
        }
    }
}

#[test]
fn hardware_equals_golden_for_lines_pictures_and_volumes() {
    let haar = "scheme = \"haar\"\ninput = \"u5\"";
    let five = "scheme = \"jpeg2000_5_3\"\ninput = \"s5\"";
    let line = [("l2", 5), ("h2", 3), ("h1", 0)];
    let picture = [("ll1", 5), ("hl1", 2), ("lh1", 1), ("hh1", 0)];
    for size in ["[1]", "[2]", "[7]", "[16]"] {
        let bands = if size == "[1]" || size == "[2]" { vec![("l1", 6), ("h1", 2)] } else { line.to_vec() };
        let bands: Vec<_> = bands.into_iter().filter(|band| size != "[1]" || band.0 != "h1").collect();
        let levels = if size == "[1]" || size == "[2]" { 1 } else { 2 };
        for scheme in [haar, five] {
            let toml = config(&format!("{scheme}\nlevels = {levels}\nsize = {size}"), &bands);
            interpreter(&*datapath::<WaveletQuantizerConfig>(&toml), 5, 3);
        }
    }
    for (size, varying) in [("[5, 9]", false), ("[4, 4]", false), ("[6, 7]", true)] {
        for scheme in [haar, five] {
            let toml = config(&format!("{scheme}\nlevels = 1\nsize = {size}\nvarying = {varying}"), &picture);
            interpreter(&*datapath::<WaveletQuantizerConfig>(&toml), 5, 4);
            let codes =
                format!("{scheme}\nlevels = 1\nsize = {size}\nvarying = {varying}\noutput = \"codes\"");
            interpreter(&*datapath::<WaveletQuantizerConfig>(&config(&codes, &picture)), 5, 5);
        }
    }
    let volume = ["lll1", "hll1", "lhl1", "hhl1", "llh1", "hlh1", "lhh1", "hhh1"];
    let volume: Vec<_> =
        volume.iter().enumerate().map(|(index, name)| (*name, 5 - index as u32 * 5 / 7)).collect();
    let toml = config(&format!("{haar}\nlevels = 1\nsize = [3, 4, 5]"), &volume);
    interpreter(&*datapath::<WaveletQuantizerConfig>(&toml), 4, 6);
}

#[test]
fn verilog_equals_golden() {
    let bands = [
        ("ll3", 6),
        ("hl3", 4),
        ("lh3", 4),
        ("hh3", 3),
        ("hl2", 3),
        ("lh2", 3),
        ("hh2", 2),
        ("hl1", 2),
        ("lh1", 1),
        ("hh1", 0),
    ];
    for (size, varying) in [("[19, 24]", false), ("[24, 19]", true)] {
        let rest = format!(
            "scheme = \"jpeg2000_5_3\"\nlevels = 3\ninput = \"u8\"\nsize = {size}\nvarying = {varying}"
        );
        let report =
            verilator(&*datapath::<WaveletQuantizerConfig>(&config(&rest, &bands)), 40, 7, Timing::levels(4));
        assert_eq!(report.mismatches, 0);
    }
}

/// What is fitted is what comes back: the error that `fit` tells, recomputed; and more bits never hurt.
#[test]
fn a_fit_tells_its_error() {
    let values: Vec<i64> = (0..24 * 20i64)
        .map(|place| {
            let (y, x) = (place / 20, place % 20);
            (x * 9 + y * 3 + (x * 7 + y * 13) % 11).min(255)
        })
        .collect();
    let (scheme, shape) = (Scheme::named("haar").unwrap(), [24, 20]);
    let mut before = f64::INFINITY;
    for bits in [1.0, 2.0, 2.5, 3.0, 4.0] {
        let fitted = fit(&scheme, &shape, &values, 2, bits, (0, 255));
        assert!(fitted.bits <= bits && fitted.error <= before * 1.05, "{bits} bits: {}", fitted.error);
        before = fitted.error;
        let mut coefficients = forward(&scheme, &shape, &values, 2);
        for (name, quantizer) in &fitted.bands {
            let bands = ternlet::datapath::lifting::subbands(&shape, 2);
            let band = bands.iter().find(|band| band.name() == *name).unwrap();
            for place in band.places(&shape) {
                coefficients[place] = quantizer.value(quantizer.code(coefficients[place]));
            }
        }
        let back = inverse(&scheme, &shape, &coefficients, 2);
        let error: i64 =
            back.iter().zip(&values).map(|(back, value)| (back.clamp(&0, &255) - value).pow(2)).sum();
        assert!((error as f64 / values.len() as f64 - fitted.error).abs() < 1e-9);
    }
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let rest = "scheme = \"haar\"\nlevels = 1\ninput = \"u4\"\nsize = [4]";
    let text = problems::<WaveletQuantizerConfig>(&config(rest, &[("l1", 17), ("hl1", 2)]));
    for line in [
        "subband.hl1 = (as given): there is no such subband; there are l1, h1; rename or remove it",
        "subband.l1.bits = 17: a code has 0 to 16 bits; write 0 to 16",
        "subband.h1 = (nothing): a subband has a quantizer; give one; bits = 0 drops it",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let text = problems::<WaveletQuantizerConfig>(&config(
        &format!("{rest}\nvarying = true"),
        &[("l1", 3), ("h1", 2)],
    ));
    assert!(text.contains("varying = true: lines that vary cannot come back"), "{text}");
    let text = problems::<WaveletQuantizerConfig>(&config(
        &format!("{rest}\noutput = \"codes\""),
        &[("l1", 0), ("h1", 0)],
    ));
    assert!(text.contains("output = \"codes\": no subband has a bit; give one some"), "{text}");
    let text = problems::<WaveletQuantizerConfig>(&config(
        "scheme = \"haar\"\nlevels = 0\ninput = \"u4\"\nsize = [4]",
        &[("l1", 3)],
    ));
    assert!(text.contains("levels = 0"), "{text}");
}
