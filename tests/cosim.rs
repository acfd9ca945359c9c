//! Co-simulation says yes to the right hardware and finds what is wrong with the other.

mod support;

use std::fs;
use std::path::Path;
use support::{FRAME_BEATS, LANES, RTL, ports, sources, tools};
use ternlet::hdl::{Range, signed, unsigned};
use ternlet::stream::{Field, Port, Ports, Tokens, Transfers};
use ternlet::verify::{
    Bench, Case, Failure, Fault, Model, Options, Plan, Report, Run, SimulationError, Stalls, Waveform,
    simulate,
};
use ternlet::verilog::SourceFile;

const FRAMES: usize = 40;

fn golden(x: &Tokens) -> Tokens {
    let mut sums = [0; LANES];
    let mut y = Tokens { lanes: LANES, values: vec![], last: x.last.clone() };
    for beat in 0..x.beats() {
        sums.iter_mut().zip(x.beat(beat)).for_each(|(sum, value)| *sum += value);
        y.values.extend_from_slice(&sums);
        if x.last[beat] {
            sums = [0; LANES];
        }
    }
    y
}

fn case(inputs: Transfers) -> Case {
    let expected = inputs.iter().map(golden).collect();
    Case { inputs, expected }
}

fn check(text: &str, waves: Option<&Path>) -> Result<Report, SimulationError> {
    let ports = ports();
    let cases = [case(ternlet::stream::random(&ports, FRAMES, 3))];
    let sources = sources(text);
    let plan = Plan { cases: &cases, waves, ..plan(&ports, &sources) };
    simulate(&tools(), &plan)
}

/// The correct design with `from` replaced by `to`, which must fail.
#[track_caller]
fn broken(from: &str, to: &str) -> Failure {
    assert!(RTL.contains(from), "{from}");
    match check(&RTL.replace(from, to), None) {
        Err(SimulationError::Failed(failure)) => *failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_right_design_passes() {
    let report = check(RTL, None).unwrap();
    assert_eq!(report.frames, FRAMES);
    assert_eq!(report.beats_in, FRAMES * FRAME_BEATS);
    assert_eq!(report.beats_out, FRAMES * FRAME_BEATS);
    assert_eq!(report.passes, 5, "never, random, x held, y held, reset");
    let output = &report.outputs[0];
    assert_eq!(
        (output.latency_first_cycles, output.latency_last_cycles),
        (Some(1), Some(FRAME_BEATS as u64))
    );
    assert_eq!(report.latency_cycles, output.latency_last_cycles);
    assert_eq!(report.initiation_interval, Some(FRAME_BEATS as f64));
    assert_eq!(report.frame_latencies, [1; FRAMES]);
    assert_eq!(report.mismatches, 0);
    assert!(check(RTL, None).unwrap().cached, "the second time it is there");
}

#[test]
fn a_swapped_lane() {
    let failure = broken("y_payload[47:24], x_payload[15:8]", "y_payload[47:24], x_payload[23:16]");
    let Fault::Wrong { first, mismatches } = &failure.fault else { panic!("{failure}") };
    assert_eq!((first.stream.as_str(), first.field.as_str(), first.lane), ("y", "value", 1));
    let x = &ternlet::stream::random(&ports(), FRAMES, 3)[0];
    let index = (0..x.beats()).find(|&beat| x.beat(beat)[1] != x.beat(beat)[2]).unwrap();
    assert_eq!((first.frame, first.beat), (index / FRAME_BEATS, index % FRAME_BEATS));
    assert!(*mismatches > 1);
    assert!(failure.to_string().contains("lane 1 of value: got"), "{failure}");
    assert!(failure.to_string().contains("never stalled; repeat it with seed 11"), "{failure}");
}

#[test]
fn a_dropped_sign() {
    let failure = broken("{{16{value[7]}}, value}", "{16'd0, value}");
    assert!(matches!(failure.fault, Fault::Wrong { .. }), "{failure}");
}

#[test]
fn a_stuck_ready() {
    let failure =
        broken("assign x_ready = !y_valid || y_ready;", "assign x_ready = first && (!y_valid || y_ready);");
    let expected = "deadlock: nothing moved for 5000 cycles; stream x waits for ready, 1 of 200 beats accepted; \
                    stream y gave 1 of 200 beats";
    assert_eq!(failure.fault.to_string(), expected);
}

#[test]
fn a_lost_last() {
    let failure = broken("y_last <= x_last;", "y_last <= 1'b0;");
    assert_eq!(
        failure.fault.to_string(),
        "stream y, frame 0, beat 4, last: got 0, expected 1; 40 integers differ"
    );
}

#[test]
fn valid_that_falls_under_a_stall() {
    let failure = broken("if (y_ready) y_valid <= 1'b0;", "y_valid <= 1'b0;");
    assert!(failure.fault.to_string().ends_with(": valid fell before the beat was accepted"), "{failure}");
    assert!(failure.to_string().contains("with random stalls"), "only stalls can show it: {failure}");
}

#[test]
fn a_payload_that_changes_under_a_stall() {
    let failure = broken(
        "if (y_ready) y_valid",
        "if (y_valid && !y_ready) y_payload[80] <= !y_payload[80];\nif (y_ready) y_valid",
    );
    let text = failure.fault.to_string();
    assert!(text.ends_with(": the payload or last changed before the beat was accepted"), "{failure}");
}

#[test]
fn a_beat_too_many() {
    let ports = ports();
    let mut short = case(ternlet::stream::random(&ports, 1, 3));
    let surplus = short.expected[0].values.split_off(4 * LANES);
    short.expected[0].last.pop();
    let failure = fails(&ports, &short);
    let Fault::Surplus { expected_beats: 4, payload, .. } = &failure.fault else { panic!("{failure}") };
    assert_eq!(*payload, surplus);
    assert!(
        failure.to_string().starts_with("stream y: a beat more than the 4 expected ones: ["),
        "{failure}"
    );
}

#[test]
fn a_beat_too_few() {
    let ports = ports();
    let mut long = case(ternlet::stream::random(&ports, 2, 3));
    long.expected[0].append(&Tokens { lanes: LANES, values: vec![0; LANES], last: vec![true] });
    let failure = fails(&ports, &long);
    assert_eq!(
        failure.fault.to_string(),
        "lost beats: nothing moved for 5000 cycles; stream y gave 10 of 11 beats"
    );
}

fn fails(ports: &Ports, case: &Case) -> Failure {
    let sources = sources(RTL);
    let plan = Plan { cases: std::slice::from_ref(case), ..plan(ports, &sources) };
    match simulate(&tools(), &plan) {
        Err(SimulationError::Failed(failure)) => *failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_register_without_reset() {
    let failure = broken("first <= 1'b1;", "");
    assert!(matches!(failure.fault, Fault::Wrong { .. }), "{failure}");
}

#[test]
fn an_assertion_is_heard() {
    let checked = "`ifndef SYNTHESIS\nalways @(posedge clk) if (!rst && take && x_payload[7:0] == 8'h80) begin \
                   $display(\"%m: lane 0 is %0d\", x_payload[7:0]); $finish; end\n`endif\nendmodule";
    let failure = broken("endmodule", checked);
    assert!(
        matches!(&failure.fault, Fault::Said(text) if text.ends_with("running_sum: lane 0 is 128")),
        "{failure}"
    );
    let failure = broken("endmodule", "always @(posedge clk) if (!rst && take && x_last) $stop;\nendmodule");
    assert!(
        matches!(&failure.fault, Fault::Said(text) if text.contains("$stop at running_sum.v:")),
        "{failure}"
    );
}

#[test]
fn a_loop_that_never_settles_does_not_end_the_process() {
    let failure = broken(
        "endmodule",
        "wire a = take ? !a : 1'b0;\nalways @(posedge clk) if (a) y_last <= a;\nendmodule",
    );
    assert!(matches!(&failure.fault, Fault::Said(text) if text.contains("converge")), "{failure}");
}

#[test]
fn a_fault_leaves_a_waveform_that_ends_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/fault.vcd");
    let text = RTL.replace(
        "sum(first, y_payload[23:0], x_payload[7:0])",
        "sum(first, y_payload[23:0], x_payload[7:0]) ^ {24{&x_payload[31:25] && !x_payload[0]}}",
    );
    let failure = match check(&text, Some(&path)) {
        Err(SimulationError::Failed(failure)) => *failure,
        other => panic!("{other:?}"),
    };
    assert_eq!(failure.waves, Waveform::At(path.clone()), "{failure}");
    assert!(
        failure.to_string().ends_with(&format!("the waveform that ends there: {}", path.display())),
        "{failure}"
    );
    let waves = fs::read_to_string(&path).unwrap();
    assert!(waves.contains("y_payload") && waves.contains("first"), "also inner signals");
    let end: u64 = waves.lines().rev().find_map(|line| line.strip_prefix('#')?.parse().ok()).unwrap();
    assert!((2 * failure.cycle..=2 * failure.cycle + 8).contains(&end), "{end}, {failure}");
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing half-written");
}

/// On one core and on many, the report and the first fault are the same.
#[test]
fn what_is_shown_does_not_depend_on_the_cores() {
    let wrong = RTL.replace("x_payload[7:0]", "{x_payload[7:1], x_payload[0] & !x_payload[9]}");
    assert_ne!(wrong, RTL);
    let on = |cores: usize, text: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        pool.install(|| match check(text, None) {
            Ok(report) => format!("{:?}", Report { cycles_per_second: 0.0, cached: true, ..report }),
            Err(SimulationError::Failed(failure)) => failure.to_string(),
            Err(other) => panic!("{other}"),
        })
    };
    for text in [RTL, &wrong] {
        let alone = on(1, text);
        (0..3).for_each(|_| assert_eq!(on(4, text), alone));
    }
}

#[test]
fn wrong_verilog_is_an_error_with_verilators_words() {
    let Err(SimulationError::Tool(error)) =
        check(&RTL.replace("y_payload <= sums", "y_payload <= sums.nowhere"), None)
    else {
        panic!("it compiled");
    };
    assert!(error.to_string().contains("nowhere"), "{error}");
}

/// A pass-through of every kind of width, two streams, without `last`.
#[test]
fn payloads_of_any_width() {
    let fields = |widths: &[(Range, usize)]| {
        let field = |(index, (range, lanes)): (usize, &(Range, usize))| Field {
            name: format!("f{index}"),
            lanes: *lanes,
            range: range.clone(),
        };
        widths.iter().enumerate().map(field).collect::<Vec<_>>()
    };
    let kinds: [&[(Range, usize)]; 6] = [
        &[(unsigned(1), 1)],
        &[(signed(11), 1)],
        &[(signed(31), 1)],
        &[(signed(64), 1)],
        &[(unsigned(64), 1), (signed(1), 1)],
        &[(signed(5), 300), (unsigned(64), 30), (Range::new(-3, 1000), 7)],
    ];
    let mut verilog = String::from("module wires (input wire clk, input wire rst");
    let mut body = String::new();
    let (mut inputs, mut outputs) = (vec![], vec![]);
    for (index, kind) in kinds.iter().enumerate() {
        let port = |name: String| Port::single(&name, fields(kind));
        let high = port(String::new()).width() - 1;
        verilog += &format!(
            ",\n input wire a__{index}_valid, output wire a__{index}_ready, input wire [{high}:0] a__{index}_payload,\
             output wire b__{index}_valid, input wire b__{index}_ready, output wire [{high}:0] b__{index}_payload"
        );
        body += &format!(
            "assign b__{index}_valid = a__{index}_valid; assign a__{index}_ready = b__{index}_ready; assign b__{index}_payload = a__{index}_payload;\n"
        );
        inputs.push(port(format!("a__{index}")));
        outputs.push(port(format!("b__{index}")));
    }
    let text = format!("{verilog});\n{body}endmodule\n");
    let ports = Ports { inputs, outputs };
    let inputs = ternlet::stream::random(&ports, 200, 5);
    let cases = [Case { expected: inputs.clone(), inputs }];
    let sources = [SourceFile { name: "wires.v".into(), text }];
    let plan = Plan { top: "wires", cases: &cases, ..plan(&ports, &sources) };
    let report = simulate(&tools(), &plan).unwrap();
    assert_eq!((report.frames, report.passes), (200, 15));
    assert_eq!(report.latency_cycles, Some(0));
}

#[test]
fn the_same_model_from_two_threads() {
    let tools = tools();
    let text = RTL.replace("running_sum", "twice");
    let inputs = ternlet::stream::random(&ports(), FRAMES, 9);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let run = || {
            let model =
                Model::compile(&tools, &sources(&text), "twice", &ports(), &Options::default()).unwrap();
            let expected = vec![inputs[0].beats()];
            model.run(&Run { stalls: Stalls::Random, ..Run::new(5, &inputs, expected) })
        };
        let threads = [scope.spawn(run), scope.spawn(run)];
        threads.map(|thread| thread.join().unwrap()).into()
    });
    assert_eq!(outcomes[0].outputs, vec![golden(&inputs[0])]);
    assert_eq!(outcomes[0].output_cycles, outcomes[1].output_cycles, "the seed decides the stalls");
}

#[test]
fn a_case_can_be_recorded_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.vcd");
    let (ports, sources) = (ports(), sources(RTL));
    let cases = [case(ternlet::stream::random(&ports, 3, 3))];
    let plan = Plan { cases: &cases, ..plan(&ports, &sources) };
    let tools = tools();
    let bench = Bench::compile(&tools, &plan).unwrap();
    bench.record(&cases[0], &path).unwrap();
    let waves = fs::read_to_string(&path).unwrap();
    let times: Vec<u64> = waves.lines().filter_map(|line| line.strip_prefix('#')?.parse().ok()).collect();
    assert_eq!(times[0], 0);
    assert!(times[times.len() - 1] >= 2 * 15, "15 beats take as many cycles");
    let nowhere = bench.record(&cases[0], &path.join("below/a/file")).unwrap_err();
    assert!(nowhere.to_string().contains("run.vcd/below"), "{nowhere}");
}

fn plan<'a>(ports: &'a Ports, sources: &'a [SourceFile]) -> Plan<'a> {
    Plan {
        sources,
        top: "running_sum",
        ports,
        defines: vec![],
        cases: &[],
        seed: 11,
        waves: None,
        stall_limit: 5_000,
    }
}
