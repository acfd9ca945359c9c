//! The co-simulation catches what a person would break: each fault is planted in the generated Verilog of a whole
//! `ternary_mac`, and must be reported with its place.

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

/// What is broken, from what to what, and what the simulation must say.
const FAULTS: [(&str, &str, &str, &str); 16] = [
    ("two lanes swapped", "<= {x_2, x_1, x_0};", "<= {x_2, x_0, x_1};", "expected"),
    ("a carry-in dropped", "(a + b) + carry_in;", "(a + b);", "expected"),
    (
        "a carry-in dropped in the accumulator",
        ".carry_in(dots_stage_0_carry)",
        ".carry_in(1'b0 & dots_stage_0_carry)",
        "expected",
    ),
    ("a wrong rounding constant", "+ 15'd16;", "+ 15'd15;", "expected"),
    ("a wrong clamp", "? 4'd15 :", "? 4'd14 :", "expected"),
    ("a weight's bit flipped", "weights[0] = 12'd1841", "weights[0] = 12'd1840", "expected"),
    ("a row's constant changed", "row_constants[4] = 10'd360", "row_constants[4] = 10'd361", "expected"),
    (
        "a row in place of another",
        "y_stage_1 <= accumulators_sums_payload[17:9]",
        "y_stage_1 <= accumulators_sums_payload[8:0]",
        "expected",
    ),
    ("the sum not started anew", "accumulator_start ? 9'd0 : accumulator_0;", "accumulator_0;", "expected"),
    ("a wrong reset value", "accumulator_start <= 1'b1;", "accumulator_start <= 1'b0;", "expected"),
    (
        "a stage that does not wait",
        "if (y_stage_go) begin\n      y_stage <=",
        "if (1'b1) begin\n      y_stage <=",
        "",
    ),
    ("a counter one short", "row_beat == 3'd4", "row_beat == 3'd3", "expected"),
    ("ready stuck at 0", "assign x_ready = ", "assign x_ready = 1'b1 ? 1'b0 : ", "deadlock"),
    ("ready stuck at 1", "assign x_ready = ", "assign x_ready = 1'b1 ? 1'b1 : ", ""),
    ("last lost", "assign y_last = y_stage_last;", "assign y_last = 1'b0;", "last"),
    ("last early", "assign y_last = y_stage_last;", "assign y_last = 1'b1;", "last"),
];

/// `sources` with the first `from` in them written as `to`.
fn broken(sources: &[SourceFile], what: &str, from: &str, to: &str) -> Vec<SourceFile> {
    let mut broken = sources.to_vec();
    let source = broken.iter_mut().find(|source| source.text.contains(from));
    let source = source.unwrap_or_else(|| panic!("{what}: there is no `{from}`"));
    source.text = source.text.replacen(from, to, 1);
    broken
}

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
fn every_fault_is_caught_and_reported_with_its_place() {
    let datapath = datapath::<TernaryMacConfig>(MAC);
    let sources = emit(&circuit(&*datapath, "dut", Timing::clock(Family::ICE40_UP, 24.0)));
    let folder = tempfile::tempdir().unwrap();
    let waves = folder.path().join("fault.vcd");
    assert!(simulated(&*datapath, &sources, &waves).is_ok(), "unbroken, it holds");
    for (what, from, to, said) in FAULTS {
        let broken = broken(&sources, what, from, to);
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
        let broken = broken(&sources, what, from, to);
        let message = simulated(&*datapath, &broken, &waves).expect_err(what).to_string();
        assert!(message.contains(said), "{what}: {message}");
    }
}
