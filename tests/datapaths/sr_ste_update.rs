use crate::check::*;
use serde_json::Value;
use ternlet::datapath::{Config, SrSteUpdateConfig, sr_ste_weight};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::Tokens;
use ternlet::verify::Case;

/// The table `datapath` of the example, with `changes` in place of some of its keys.
fn config(changes: &str) -> String {
    let design: toml::Table = SrSteUpdateConfig::EXAMPLE.parse().unwrap();
    let mut table = design["datapath"].as_table().unwrap().clone();
    table.remove("kind");
    table.extend(changes.parse::<toml::Table>().unwrap());
    toml::to_string(&table).unwrap()
}

/// A case of `tests/vectors/sr_ste_update.py`: its configuration, weights, gradients, weights after the step, and SAD.
fn vectors() -> Vec<(String, [Vec<i64>; 3], i64)> {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../vectors/sr_ste_update.json")).unwrap();
    let integers = |case: &Value, key: &str| -> Vec<i64> {
        case[key].as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect()
    };
    let of_case = |case: &Value| {
        let factor = |key: &str| {
            let [multiplier, shift] = integers(case, key)[..] else { panic!("a multiplier and a shift") };
            format!("{{ multiplier = {multiplier}, shift = {shift} }}")
        };
        let toml = format!(
            "pattern = {}\ncolumns = 48\nlanes = 8\nweight = \"s{bits}\"\ngradient = \"s{bits}\"\n\
             gradient_shift = {}\nrounding = {}\nlearning_rate = {}\nlambda = {}",
            case["pattern"],
            case["gradient_shift"],
            case["rounding"],
            factor("learning_rate"),
            factor("lambda"),
            bits = case["bits"],
        );
        (toml, ["w", "g", "w_next"].map(|key| integers(case, key)), case["sad"].as_i64().unwrap())
    };
    cases.iter().map(of_case).collect()
}

#[test]
fn golden_model_and_verilog_equal_exact_fractions() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 16);
    for (index, (toml, [w, g, next], sad)) in vectors.into_iter().enumerate() {
        let datapath = datapath::<SrSteUpdateConfig>(&toml);
        let ports = datapath.ports();
        let inputs = vec![Tokens::pack(&ports.inputs[0], &w), Tokens::pack(&ports.inputs[1], &g)];
        let expected = vec![Tokens::pack(&ports.outputs[0], &next), Tokens::pack(&ports.outputs[1], &[sad])];
        assert_eq!(datapath.golden(&inputs), expected, "{toml}");
        if index % 5 == 0 {
            verilator_on(&*datapath, &[Case { inputs, expected }], 40, Timing::clock(Family::ECP5, 80.0));
        }
    }
}

/// Within half a unit in the last place of the step in floating point; whole units where the rounding is one-sided.
#[test]
fn a_step_is_as_near_as_its_rounding_says() {
    for (rounding, most) in [("half_even", 0.5), ("half_up", 0.5), ("floor", 1.0), ("toward_zero", 1.0)] {
        let toml = config(&format!(
            "rounding = \"{rounding}\"\nlearning_rate = {{ multiplier = 410, shift = 12 }}\ngradient_shift = 3"
        ));
        let config: SrSteUpdateConfig = toml::from_str(&toml).unwrap();
        for number in 0..20_000i64 {
            let (w, g, kept) =
                (number * 7919 % 65536 - 32768, number * 104_729 % 65536 - 32768, number % 3 == 0);
            let pull = if kept { 0.0 } else { 13.0 / 65536.0 * w as f64 };
            let float = w as f64 - 410.0 / 4096.0 * (g as f64 / 8.0 + pull);
            let step = sr_ste_weight(w, g, kept, &config);
            let off = step as f64 - float;
            assert!(
                off.abs() <= most && (most < 1.0 || off.abs() < 1.0),
                "{w} {g} {rounding}: {step} for {float}"
            );
        }
    }
}

/// A step of no gradient and no lambda changes nothing; lambda alone shrinks what is pruned, and nothing else.
#[test]
fn laws_of_the_step() {
    let still = datapath::<SrSteUpdateConfig>(&config("lambda = { multiplier = 0, shift = 0 }"));
    let ports = still.ports();
    let w = stimuli(&*still, 50, 41).pop().unwrap().remove(0);
    let none = Tokens::pack(&ports.inputs[1], &vec![0; w.values.len()]);
    let outputs = still.golden(&vec![w.clone(), none.clone()]);
    assert_eq!(outputs[0].values, w.values);
    assert!(outputs[1].values.iter().all(|&sad| sad == 0));

    let shrinking = datapath::<SrSteUpdateConfig>(&config(
        "lambda = { shift = 0 }\nlearning_rate = { shift = 1 }\nrounding = \"toward_zero\"",
    ));
    let outputs = shrinking.golden(&vec![w.clone(), none]);
    for (before, after) in w.values.chunks(4).zip(outputs[0].values.chunks(4)) {
        let changed: Vec<_> = before.iter().zip(after).filter(|(before, after)| before != after).collect();
        assert!(changed.len() <= 2, "{before:?} {after:?}");
        assert!(changed.iter().all(|(before, after)| **after == **before / 2), "{before:?} {after:?}");
    }
    assert!(outputs[1].values.iter().all(|&sad| sad == 0), "the kept ones stay the largest");
}

#[test]
fn hardware_equals_golden() {
    for changes in [
        "",
        "columns = 12\nlanes = 8\nweight = \"s5\"\ngradient = \"s6\"\ngradient_shift = 0\nrounding = \"floor\"",
        "pattern = \"1:1\"\ncolumns = 3\nlanes = 2\nweight = \"s1\"\ngradient = \"s1\"",
        "pattern = \"3:5\"\ncolumns = 5\nlanes = 5\nties = \"higher\"\nrounding = \"half_up\"",
        "pattern = \"2:4\"\ncolumns = 4\nweight = \"s32\"\ngradient = \"s32\"\ngradient_shift = 31\n\
         learning_rate = { multiplier = 65535, shift = 31 }\nlambda = { multiplier = 65535, shift = 31 }",
        "weight = \"u4\"\ngradient = \"s8\"\nrounding = \"toward_zero\"",
        "learning_rate = { multiplier = 0, shift = 0 }",
    ] {
        interpreter(&*datapath::<SrSteUpdateConfig>(&config(changes)), 30, 42);
    }
}

#[test]
fn verilog_equals_golden() {
    let small = "columns = 20\nlanes = 8\nweight = \"s6\"\ngradient = \"s7\"";
    for timing in [Timing::combinational(), Timing::levels(1)] {
        let report = verilator(&*datapath::<SrSteUpdateConfig>(&config(small)), 300, 43, timing);
        assert_eq!(report.mismatches, 0);
    }
    let report = verilator(&*datapath::<SrSteUpdateConfig>(&config("")), 100, 44, Timing::levels(3));
    assert_eq!(report.initiation_interval, Some(4.0), "a group a cycle");
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<SrSteUpdateConfig>(&config(
        "columns = 7\ngradient_shift = 32\nlearning_rate = { multiplier = 65536, shift = 32 }\nlambda = { shift = 99 }",
    ));
    for line in [
        "columns = 7: a frame has 1 to 65536 columns in whole groups of 4; pad it with zeros to 8",
        "learning_rate.multiplier = 65536: a multiplier has 16 bits; write 0 to 65535",
        "learning_rate.shift = 32: a shift is at most 31; write 0 to 31",
        "lambda.shift = 99: a shift is at most 31; write 0 to 31",
        "gradient_shift = 32: a shift is at most 31; write 0 to 31",
    ] {
        assert!(text.contains(line), "{text}");
    }
}
