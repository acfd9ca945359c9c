use crate::check::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};
use ternlet::blocks::Lfsr;
use ternlet::datapath::{
    GradientPruneConfig, RandomBits, ThresholdHistory, measured_threshold, pruning_constant, stochastic_prune,
};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::Tokens;

/// Rates and, to six digits, what numpy and scipy gave for `Phi^-1((1 + p) / 2) * sqrt(pi / 2)` and for the density of 2 million normal samples.
const RATES: [(f64, f64, f64); 6] = [
    (0.5, 0.845348, 0.7407),
    (0.7, 1.298977, 0.6199),
    (0.8, 1.606187, 0.5487),
    (0.9, 2.061518, 0.4597),
    (0.95, 2.456451, 0.3975),
    (0.99, 3.228323, 0.3085),
];

fn standard() -> Normal {
    Normal::new(0.0, 1.0).unwrap()
}

/// `(1 - p) + (2 / z) (phi(0) - phi(z))`: what of normal gradients is left at the rate `p`, `z` standard deviations away.
fn density(rate: f64) -> f64 {
    let z = standard().inverse_cdf(f64::midpoint(1.0, rate));
    (1.0 - rate) + 2.0 / z * (standard().pdf(0.0) - standard().pdf(z))
}

/// Normal gradients of standard deviation `sigma`, rounded.
fn normal(count: usize, sigma: f64, seed: u64) -> Vec<i64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let uniform = |rng: &mut ChaCha8Rng| rng.random_range(1e-12..1.0 - 1e-12);
    (0..count).map(|_| (sigma * standard().inverse_cdf(uniform(&mut rng))).round() as i64).collect()
}

#[test]
fn the_constant_is_that_of_the_normal_distribution() {
    for (rate, constant, _) in RATES {
        assert!((pruning_constant(rate) - constant).abs() < 1e-6, "{rate}");
    }
    for hundredths in 1..100 {
        let rate = f64::from(hundredths) / 100.0;
        let z = standard().inverse_cdf(f64::midpoint(1.0, rate));
        let exact = z * std::f64::consts::FRAC_PI_2.sqrt();
        assert!((pruning_constant(rate) / exact - 1.0).abs() < 1e-9, "{rate}");
    }
}

/// Over all random numbers: how often the threshold comes is the formula `ceil(|g| 2^R / t) / 2^R`, and the mean is `g` but for
/// the bias that follows, at most `t / 2^R`.
#[test]
fn every_random_number_once_gives_the_mean() {
    for (bits, threshold) in [(4u32, 13i64), (6, 100), (8, 1), (8, 127)] {
        let numbers = 1i64 << bits;
        for g in -128..128i64 {
            let pruned: Vec<i64> = (0..numbers).map(|r| stochastic_prune(g, threshold, r, bits)).collect();
            if g.abs() >= threshold {
                assert!(pruned.iter().all(|y| *y == g));
                continue;
            }
            let kept = pruned.iter().filter(|y| **y != 0).count() as i64;
            assert!(pruned.iter().all(|y| *y == 0 || *y == g.signum() * threshold), "{g}");
            assert_eq!(kept, (g.abs() * numbers + threshold - 1) / threshold, "{g} of {threshold}");
            let bias = pruned.iter().sum::<i64>() - g * numbers;
            assert!((0..=threshold).contains(&(bias * g.signum())), "{g} of {threshold}");
        }
    }
    assert_eq!(stochastic_prune(0, 0, 0, 8), 0);
    assert_eq!(stochastic_prune(-1, 0, 255, 8), -1, "a threshold of 0 passes all");
}

/// A pruned value is `t` or 0, so its standard deviation is at most `t / 2`: the mean of n lies within five times
/// `t / (2 sqrt n)`, and the bias `t / 2^R`, of the input. The numbers are those of the generator.
#[test]
fn the_mean_of_many_prunings_is_the_input() {
    let (threshold, bits, count) = (1000i64, 16, 40_000);
    let mut random = RandomBits::of(&Lfsr::for_bits(bits, 7));
    let bound = threshold as f64 * (2.5 / f64::from(count).sqrt() + 1.0 / f64::from(1 << bits));
    for g in [-999i64, -731, -500, -10, -1, 0, 1, 3, 123, 499, 998, 1000, 2000] {
        let sum: i64 =
            (0..count).map(|_| stochastic_prune(g, threshold, random.next(bits as u32), bits as u32)).sum();
        let mean = sum as f64 / f64::from(count);
        assert!((mean - g as f64).abs() <= bound, "{g} became {mean}");
    }
}

/// Of 49,152 normal gradients, pruned at the threshold that the frame before measured. The counted share has a standard deviation of
/// at most 0.0023, and the thresholds of 16,384 gradients are within 0.6 % of theirs, which moves it by no more than 0.002.
#[test]
fn the_density_is_that_of_the_formula() {
    let frame = 16_384;
    for (rate, _, sampled) in RATES {
        assert!((density(rate) - sampled).abs() < 1e-3, "{rate}");
        let toml = format!(
            "input = \"s16\"\nframe = {frame}\nlanes = 4\nthreshold = {{ from = \"mean\", rate = {rate} }}"
        );
        let datapath = datapath::<GradientPruneConfig>(&toml);
        let g = normal(4 * frame, 2000.0, 21);
        let ports = datapath.ports();
        let outputs = datapath.golden(&vec![Tokens::pack(&ports.inputs[0], &g)]);
        let reports: Vec<&[i64]> = outputs[1].values.chunks(3).collect();
        assert_eq!(reports[0][0], 0, "nothing is known before the first frame");
        let nonzeros: i64 = reports[1..].iter().map(|report| report[2]).sum();
        let counted = nonzeros as f64 / (3 * frame) as f64;
        assert!((counted - density(rate)).abs() < 0.012, "{rate}: {counted}, not {}", density(rate));
    }
}

/// The thresholds of integers against doubles and `statrs`: half a unit for the rounding, and 2^-16 for the constant's.
#[test]
fn thresholds_are_those_of_a_floating_point_computation() {
    for (frame, rate, sigma) in [(64, 0.9, 300.0), (37, 0.5, 5000.0), (1000, 0.99, 20.0), (1, 0.7, 900.0)] {
        let toml = format!(
            "input = \"s16\"\nframe = {frame}\nthreshold = {{ from = \"mean\", rate = {rate}, frames = 4 }}"
        );
        let datapath = datapath::<GradientPruneConfig>(&toml);
        let g: Vec<i64> = normal(frame * 12, sigma, 22).into_iter().map(|g| g.clamp(-32768, 32767)).collect();
        let outputs = datapath.golden(&vec![Tokens::pack(&datapath.ports().inputs[0], &g)]);
        let z = standard().inverse_cdf(f64::midpoint(1.0, rate));
        let mut exact: Vec<f64> = Vec::new();
        for (index, (frame, report)) in g.chunks(frame).zip(outputs[1].values.chunks(3)).enumerate() {
            let mean = frame.iter().map(|g| g.abs().min(32767) as f64).sum::<f64>() / frame.len() as f64;
            let threshold = (z * std::f64::consts::FRAC_PI_2.sqrt() * mean).min(32767.0);
            let near = |got: i64, exact: f64| (got as f64 - exact).abs() <= 0.5 + exact / 65536.0;
            assert!(near(report[1], threshold), "frame {index}: {} for {threshold}", report[1]);
            let predicted = if index < 4 { 0.0 } else { exact[index - 4..].iter().sum::<f64>() / 4.0 };
            // Rounded down once more.
            assert!(
                near(report[0], predicted) || near(report[0] + 1, predicted),
                "frame {index}: {predicted}"
            );
            exact.push(threshold);
        }
    }
}

#[test]
fn thresholds_saturate_and_halves_go_up() {
    assert_eq!(measured_threshold(&[-128, -128], 1 << 10, 10, 127), 127);
    assert_eq!(measured_threshold(&[-128], 1 << 9, 10, 127), 64, "the most negative counts as 127: 63.5");
    let mut history = ThresholdHistory::default();
    for (threshold, prediction) in [(10, 0), (21, 15), (4, 12), (0, 2)] {
        history.push(threshold, 2);
        assert_eq!(history.prediction(2), prediction);
    }
}

const MEANS: [&str; 4] = [
    "{ from = \"mean\", rate = 0.9 }",
    "{ from = \"mean\", rate = 0.5, frames = 4 }",
    "{ from = \"mean\", rate = 0.9, layers = 3 }",
    "{ from = \"mean\", rate = 0.7, frames = 2, layers = 5 }",
];

fn config(input: &str, lanes: usize, frame: &str, threshold: &str, output: &str, random: &str) -> String {
    format!(
        "input = \"{input}\"\nlanes = {lanes}\nframe = {frame}\nthreshold = {threshold}\noutput = \"{output}\"\n\
         random = {random}"
    )
}

#[test]
fn hardware_equals_golden_for_every_threshold() {
    let others =
        ["{ from = \"fixed\", value = 77 }", "{ from = \"fixed\", value = 0 }", "{ from = \"stream\" }"];
    for threshold in others.iter().chain(&MEANS) {
        for (lanes, frame) in [(1, 1), (1, 9), (3, 3), (4, 16), (5, 37), (16, 40)] {
            let toml = config("s8", lanes, &frame.to_string(), threshold, "dense", "{ bits = 5, seed = 3 }");
            interpreter(&*datapath::<GradientPruneConfig>(&toml), 25, 31);
        }
    }
}

#[test]
fn hardware_equals_golden_for_every_format_and_type() {
    for output in ["dense", "places", "bitmap"] {
        for (input, lanes, frame) in
            [("s2", 2, "8"), ("s16", 1, "20"), ("s16", 4, "30"), ("s32", 3, "11"), ("s9", 8, "8")]
        {
            let toml =
                config(input, lanes, frame, "{ from = \"stream\" }", output, "{ bits = 16, shared = true }");
            interpreter(&*datapath::<GradientPruneConfig>(&toml), 25, 32);
        }
    }
    let wide = config("s32", 2, "6", "{ from = \"stream\" }", "dense", "{ bits = 32, seed = 9 }");
    interpreter(&*datapath::<GradientPruneConfig>(&wide), 40, 33);
}

#[test]
fn layers_of_different_length_have_states_of_their_own() {
    for output in ["dense", "places", "bitmap"] {
        for frames in ["", "frames = 4,"] {
            let threshold = format!("{{ from = \"mean\", {frames} rate = 0.8 }}");
            let toml = config("s10", 2, "[6, 20, 11]", &threshold, output, "{ bits = 8 }");
            interpreter(&*datapath::<GradientPruneConfig>(&toml), 60, 34);
        }
    }
    // A multiple that all share, and so many that one product takes fewer adders than a multiple for each.
    for frames in ["[4, 8, 16]", "[3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25]"] {
        let toml = config("s10", 2, frames, "{ from = \"mean\", rate = 0.8 }", "dense", "{ bits = 8 }");
        interpreter(&*datapath::<GradientPruneConfig>(&toml), 120, 37);
    }
    let toml = config("s10", 2, "[6, 20]", "{ from = \"stream\" }", "places", "{ bits = 8 }");
    interpreter(&*datapath::<GradientPruneConfig>(&toml), 60, 35);
}

/// At low rates a frame's threshold has fewer bits than thresholds may have; at a rate of next to 0 it has none.
#[test]
fn layers_keep_narrow_thresholds() {
    for rate in ["0.001", "0.03", "0.3", "0.99"] {
        for (frames, frame) in [(1, "3"), (2, "3"), (1, "[1, 5]"), (4, "[8, 2]")] {
            for layers in ["", ", layers = 2"] {
                let threshold = format!("{{ from = \"mean\", rate = {rate}, frames = {frames}{layers} }}");
                let toml = config("s3", 3, frame, &threshold, "dense", "{ bits = 4 }");
                interpreter(&*datapath::<GradientPruneConfig>(&toml), 30, 38);
            }
        }
    }
}

#[test]
fn verilog_equals_golden() {
    for (threshold, output, frame, lanes) in [
        ("{ from = \"stream\" }", "dense", "12", 1),
        ("{ from = \"fixed\", value = 900 }", "places", "23", 4),
        (MEANS[1], "bitmap", "23", 4),
        (MEANS[3], "dense", "[5, 9, 16, 3, 24]", 2),
    ] {
        let toml = config("s12", lanes, frame, threshold, output, "{ bits = 8 }");
        for timing in [Timing::levels(2), Timing::clock(Family::ICE40_HX, 100.0)] {
            let report = verilator(&*datapath::<GradientPruneConfig>(&toml), 400, 36, timing);
            assert_eq!(report.mismatches, 0);
        }
    }
}

#[test]
fn a_loaded_threshold_takes_a_gradient_a_cycle() {
    let toml = config("s16", 1, "64", "{ from = \"stream\" }", "dense", "{}");
    let timing = Timing::clock(Family::ICE40_HX, 100.0);
    let report = verilator(&*datapath::<GradientPruneConfig>(&toml), 200, 37, timing);
    assert_eq!(report.initiation_interval, Some(64.0));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let cases = [
        (
            config("s16", 0, "64", "{ from = \"stream\" }", "dense", "{}"),
            "lanes = 0: a beat has 1 to 16 lanes; write 1 to 16",
        ),
        (
            config("s16", 17, "64", "{ from = \"stream\" }", "dense", "{}"),
            "lanes = 17: a beat has 1 to 16 lanes; write 1 to 16",
        ),
        (
            config("s16", 8, "5", "{ from = \"stream\" }", "dense", "{}"),
            "lanes = 8: a beat of 8 lanes is longer than the longest frame; write 1 to 5",
        ),
        (
            config("s16", 1, "0", "{ from = \"stream\" }", "dense", "{}"),
            "frame = 0: a frame has 1 to 1048576 gradients; write such a number, or a list of them",
        ),
        (
            config("s16", 1, "[64, 0]", "{ from = \"stream\" }", "dense", "{}"),
            "frame = [64, 0]: a frame has 1 to 1048576 gradients; write such a number, or a list of them",
        ),
        (
            config("u16", 1, "64", "{ from = \"stream\" }", "dense", "{}"),
            "input = \"u16\": a gradient has a sign and a magnitude; write s2 to s32",
        ),
        (
            config("s8", 1, "64", "{ from = \"fixed\", value = 128 }", "dense", "{}"),
            "threshold.value = 128: a threshold lies in the magnitudes of s8, 0 to 127; write such a one, or widen the input",
        ),
        (
            config("s8", 1, "64", "{ from = \"fixed\", value = -1 }", "dense", "{}"),
            "threshold.value = -1: a threshold lies in the magnitudes of s8, 0 to 127",
        ),
        (
            config("s16", 1, "64", "{ from = \"stream\" }", "dense", "{ seed = 0 }"),
            "random.seed = 0: a shift register of zeros stays as it is; write 1 or more",
        ),
        (
            config("s16", 1, "64", "{ from = \"stream\" }", "dense", "{ bits = 33 }"),
            "random.bits = 33: a random number has 1 to 32 bits; write 1 to 32",
        ),
        (
            config("s16", 16, "64", "{ from = \"stream\" }", "dense", "{ bits = 17 }"),
            "random.bits = 17: 16 numbers of 17 random bits are 272 a beat, and there are at most 256; take fewer lanes",
        ),
        (
            config("s16", 1, "64", "{ from = \"mean\", rate = 0.9, frames = 3 }", "dense", "{}"),
            "threshold.frames = 3: a mean is of 1, 2, 4, 8, 16, 32 or 64 frames; write one of these",
        ),
        (
            config("s16", 1, "64", "{ from = \"mean\", rate = 0.9, layers = 0 }", "dense", "{}"),
            "threshold.layers = 0: there are 1 to 256 layers; write 1 to 256",
        ),
        (
            config("s16", 1, "[64, 32]", "{ from = \"mean\", rate = 0.9, layers = 3 }", "dense", "{}"),
            "threshold.layers = 3: `frame` lists the lengths of 2 layers; leave it out, or list as many",
        ),
    ];
    for (toml, message) in cases {
        let text = problems::<GradientPruneConfig>(&toml);
        assert!(text.contains(message), "{message}\n{text}");
    }
    for rate in ["0.0", "1.0", "1.5", "-0.1", "nan"] {
        let threshold = format!("{{ from = \"mean\", rate = {rate} }}");
        let text = problems::<GradientPruneConfig>(&config("s16", 1, "64", &threshold, "dense", "{}"));
        assert!(text.contains("a pruning rate is above 0 and below 1; write one such as 0.9"), "{text}");
    }
    let text =
        problems::<GradientPruneConfig>(&config("s16", 1, "64", "{ from = \"streem\" }", "dense", "{}"));
    assert!(text.contains("unknown variant `streem`"), "{text}");
    let text =
        problems::<GradientPruneConfig>(&config("s16", 1, "\"x\"", "{ from = \"stream\" }", "dense", "{}"));
    assert!(text.contains("expected a number of gradients, or a list with one for each layer"), "{text}");
}

/// A threshold that a file brings is held to the magnitudes by the range of its stream.
#[test]
fn a_threshold_is_no_wider_than_the_gradient() {
    let toml = config("s8", 1, "64", "{ from = \"stream\" }", "dense", "{}");
    let ports = datapath::<GradientPruneConfig>(&toml).ports();
    assert_eq!(ports.inputs[1].fields[0].range, ternlet::hdl::unsigned(7));
}

/// The sum of what is not 0 in a beat is one of comparisons, of which GCC 12 makes negative numbers where it may vectorize.
#[test]
fn what_is_not_zero_is_counted_as_the_compiler_should() {
    let toml = "input = \"s5\"\nlanes = 4\nframe = 13\nthreshold = { from = \"fixed\", value = 5 }\n\
                random = { bits = 14, seed = 85458, shared = false }";
    let report =
        verilator(&*datapath::<GradientPruneConfig>(toml), 40, 38, Timing::clock(Family::ICE40_HX, 12.0));
    assert_eq!(report.mismatches, 0);
}
