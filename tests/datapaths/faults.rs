//! The co-simulation catches what a person would break: each fault is planted in the generated Verilog of a whole
//! `ternary_mac`, and must be told with its place.

use crate::check::*;
use ternlet::datapath::{Datapath, GradientPruneConfig, TernaryMacConfig, circuit};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::verify::{Case, Failure, Fault, Plan, SimulationError, Waveform, simulate};
use ternlet::verilog::{SourceFile, emit};

const MAC: &str = r#"
rows = 5
columns = 6
lanes = 3
parallel_rows = 2
input = "s6"
weights = { from = "memory", values = [
    [1, 0, -1, 1, -1, 0], [0, -1, 1, -1, 1, 1], [-1, 1, 1, 0, 0, 1], [1, 1, 0, -1, -1, 0], [1, -1, -1, 1, 0, 1]] }
requantize = { output = "u4", multiplier = [37, 41, 29, 35, 40], bias = [1, 2, 3, -4, 5], shift = 5 }
"#;

/// What is broken, in which file (by the start of its name), from what to what, and what the simulation must say.
const FAULTS: [(&str, &str, &str, &str, &str); 16] = [
    (
        "two lanes swapped",
        "dut",
        "<= x_payload;",
        "<= {x_payload[17:12], x_payload[5:0], x_payload[11:6]};",
        "expected",
    ),
    ("a carry-in dropped", "dut_adder_with_carry", "(a + b) + carry_in;", "(a + b);", "expected"),
    (
        "a carry-in dropped in the accumulator",
        "dut",
        ".carry_in(replay_stage_0_1)",
        ".carry_in(1'b0 & replay_stage_0_1)",
        "expected",
    ),
    ("a wrong rounding constant", "dut", "+ 15'd16;", "+ 15'd15;", "expected"),
    ("a wrong clamp", "dut", "? 4'd15 :", "? 4'd14 :", "expected"),
    ("a weight's bit flipped", "dut", "weights[0] = 12'd1841", "weights[0] = 12'd1840", "expected"),
    (
        "a row's constant changed",
        "dut",
        "row_constants[4] = 10'd360",
        "row_constants[4] = 10'd361",
        "expected",
    ),
    (
        "a row in place of another",
        "dut",
        "y_stage_1 <= accumulator_1",
        "y_stage_1 <= accumulator_0",
        "expected",
    ),
    (
        "the sum not started anew",
        "dut",
        "accumulator_start ? 9'd0 : accumulator_0;",
        "accumulator_0;",
        "expected",
    ),
    ("a wrong reset value", "dut", "accumulator_start <= 1'b1;", "accumulator_start <= 1'b0;", "expected"),
    (
        "a stage that does not wait",
        "dut",
        "if (y_lane_stage_go) begin\n      y_lane_stage <=",
        "if (1'b1) begin\n      y_lane_stage <=",
        "",
    ),
    ("a counter one short", "dut", "row_beat == 3'd4", "row_beat == 3'd3", "expected"),
    ("ready stuck at 0", "dut", "assign x_ready = ", "assign x_ready = 1'b1 ? 1'b0 : ", "deadlock"),
    ("ready stuck at 1", "dut", "assign x_ready = ", "assign x_ready = 1'b1 ? 1'b1 : ", ""),
    ("last lost", "dut", "assign y_last = y_lane_stage_last;", "assign y_last = 1'b0;", "last"),
    ("last early", "dut", "assign y_last = y_lane_stage_last;", "assign y_last = 1'b1;", "last"),
];

fn simulated(
    datapath: &dyn Datapath,
    sources: &[SourceFile],
    waves: &std::path::Path,
) -> Result<(), Box<Failure>> {
    let ports = datapath.ports();
    let inputs = ternlet::stream::random(&ports, 60, 24);
    let cases = [Case { expected: datapath.golden(&inputs), inputs }];
    let plan = Plan {
        sources,
        top: "dut",
        ports: &ports,
        defines: Vec::new(),
        cases: &cases,
        seed: 24,
        waves: Some(waves),
        stall_limit: 2000,
    };
    match simulate(&tools(), &plan) {
        Ok(_) => Ok(()),
        Err(SimulationError::Failed(failure)) => Err(failure),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn every_fault_is_caught_and_told_with_its_place() {
    let datapath = datapath::<TernaryMacConfig>(MAC);
    let sources = emit(&circuit(&*datapath, "dut", Timing::clock(Family::ICE40_UP, 24.0)));
    let folder = tempfile::tempdir().unwrap();
    let waves = folder.path().join("fault.vcd");
    assert!(simulated(&*datapath, &sources, &waves).is_ok(), "unbroken, it holds");
    for (what, file, from, to, said) in FAULTS {
        let mut broken = sources.clone();
        let source = broken.iter_mut().find(|source| source.name.starts_with(file)).unwrap();
        assert!(source.text.contains(from), "{what}: there is no `{from}` in\n{}", source.text);
        source.text = source.text.replacen(from, to, 1);
        let failure = simulated(&*datapath, &broken, &waves).expect_err(what);
        let message = failure.to_string();
        assert!(message.contains(said), "{what}: {message}");
        assert!(message.contains("seed 24"), "{what}: {message}");
        if let Fault::Wrong { .. } = failure.fault {
            let place = if said == "last" { "last" } else { "lane" };
            for part in ["stream y", "frame", "beat", place, "got", "expected"] {
                assert!(message.contains(part), "{what}: {message}");
            }
        }
        assert_eq!(failure.waves, Waveform::At(waves.clone()), "{what}");
        assert!(std::fs::metadata(&waves).unwrap().len() > 1000, "{what}: the waveform shows it");
    }
}

/// The same for stochastic pruning: what is broken, from what to what, and what the simulation must say.
const PRUNING_FAULTS: [(&str, &str, &str, &str); 9] = [
    ("the sign of the threshold", "step = sign_q ?", "step = ~sign_q ?", "stream y"),
    ("the choice of what passes", "pruned = passes_q4 ?", "pruned = ~passes_q4 ?", "stream y"),
    ("the random sequence", "random_fresh = ((", "random_fresh = ~((", "stream y"),
    ("the mean of the thresholds", "? history_sum[17:3]", "? history_sum[16:2]", "expected"),
    ("a mean of too few", "history_place == 3'd7", "history_place == 3'd6", "expected"),
    (
        "the sum not started anew",
        "magnitude_sum_start ? 21'd0 : magnitude_sum;",
        "magnitude_sum;",
        "stream report",
    ),
    ("the carry of a negative one", "<= sign & (", "<= 1'b0 & (", "stream report"),
    ("the count not started anew", "nonzeros_start ? 7'd0 : nonzeros;", "nonzeros;", "is assumed to be"),
    (
        "no state recalled",
        "layer_recalled <= ~(layer_recalled | threshold_offered);",
        "layer_recalled <= 1'b0;",
        "deadlock",
    ),
];

#[test]
fn every_fault_of_pruning_is_caught() {
    let toml = "input = \"s16\"\nframe = 64\nthreshold = { from = \"mean\", rate = 0.9, frames = 8 }";
    let datapath = datapath::<GradientPruneConfig>(toml);
    let sources = emit(&circuit(&*datapath, "dut", Timing::clock(Family::ICE40_HX, 100.0)));
    let folder = tempfile::tempdir().unwrap();
    let waves = folder.path().join("fault.vcd");
    assert!(simulated(&*datapath, &sources, &waves).is_ok(), "unbroken, it holds");
    for (what, from, to, said) in PRUNING_FAULTS {
        let mut broken = sources.clone();
        let text = &mut broken[0].text;
        assert!(text.contains(from), "{what}: there is no `{from}` in\n{text}");
        *text = text.replacen(from, to, 1);
        let message = simulated(&*datapath, &broken, &waves).expect_err(what).to_string();
        assert!(message.contains(said), "{what}: {message}");
    }
}
