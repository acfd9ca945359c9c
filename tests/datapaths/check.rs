//! Rungs 1 and 2 of the verification ladder, for any datapath.

use num_bigint::BigInt;
use std::rc::Rc;
use ternlet::datapath::{Config, Datapath, Source, Tensor, circuit};
use ternlet::hdl::{Circuit, Interpreter, Timing};
use ternlet::stream::{Draw, Ports, Tokens, Transfers, packing};
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::{Case, Plan, Report, VerilatorTools, simulate};
use ternlet::verilog::{cell_models, emit};

/// A source of no files.
pub struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: no such file"))
    }
}

/// The datapath of the keys of a `[datapath]` table.
pub fn datapath<C: Config>(toml: &str) -> Box<dyn Datapath> {
    let config: C = toml::from_str(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
    config.load(&NoFiles).unwrap_or_else(|errors| panic!("{}\n{toml}", errors[0]))
}

/// The problems of a configuration, one a line.
pub fn problems<C: Config>(toml: &str) -> String {
    match toml::from_str::<C>(toml) {
        Err(error) => error.to_string(),
        Ok(config) => match config.load(&NoFiles) {
            Ok(_) => panic!("no problem"),
            Err(errors) => errors.iter().map(|error| format!("{error}\n")).collect(),
        },
    }
}

/// Corner transfers and `frames` random frames from `seed`.
pub fn stimuli(datapath: &dyn Datapath, frames: usize, seed: u64) -> Vec<Transfers> {
    let mut stimuli = datapath.corners();
    stimuli.push(datapath.random(frames, &mut Draw::seeded(seed)));
    stimuli
}

/// Rung 1: the interpreter computes the golden tokens at several pipeline depths, every other beat stalled on both sides.
pub fn interpreter(datapath: &dyn Datapath, frames: usize, seed: u64) {
    for timing in [Timing::combinational(), Timing::levels(4), Timing::levels(1)] {
        interpreter_at(timing, datapath, frames, seed);
    }
}

/// The same at one pipeline depth.
pub fn interpreter_at(timing: Timing, datapath: &dyn Datapath, frames: usize, seed: u64) {
    let circuit = Rc::new(circuit(datapath, "dut", timing));
    for inputs in stimuli(datapath, frames, seed) {
        let expected = datapath.golden(&inputs);
        let outputs = run(&circuit, &datapath.ports(), &inputs, &expected);
        assert_eq!(outputs, expected, "{}, {timing:?}", datapath.doc());
    }
}

fn run(circuit: &Rc<Circuit>, ports: &Ports, inputs: &Transfers, expected: &Transfers) -> Transfers {
    let mut interpreter = Interpreter::new(circuit.clone()).expect("no black box");
    interpreter.set("rst", 1);
    interpreter.step();
    interpreter.set("rst", 0);
    let mut sent = vec![0; inputs.len()];
    let mut outputs: Transfers =
        ports.outputs.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect();
    let total: usize = inputs.iter().chain(expected).map(Tokens::beats).sum();
    let mut idle = 0;
    for cycle in 0..100 * total + 1000 {
        for (port, (tokens, sent)) in ports.inputs.iter().zip(inputs.iter().zip(&sent)) {
            let offered = *sent < tokens.beats();
            interpreter.set(&format!("{}_valid", port.name), i64::from(offered));
            if offered {
                interpreter.set(
                    &format!("{}_payload", port.name),
                    packing::word(port.lane_ranges().zip(tokens.beat(*sent).iter().copied())),
                );
                if port.is_framed() {
                    interpreter.set(&format!("{}_last", port.name), i64::from(tokens.last[*sent]));
                }
            }
        }
        for (index, port) in ports.outputs.iter().enumerate() {
            interpreter.set(&format!("{}_ready", port.name), i64::from((cycle + index) % 3 != 0));
        }
        let mut moved = false;
        let one = BigInt::from(1);
        for (port, sent) in ports.inputs.iter().zip(&mut sent) {
            let passes = interpreter.get(&format!("{}_ready", port.name)) == one;
            if passes && *sent < inputs[ports.inputs.iter().position(|other| other == port).unwrap()].beats()
            {
                *sent += 1;
                moved = true;
            }
        }
        for (index, (port, tokens)) in ports.outputs.iter().zip(&mut outputs).enumerate() {
            if (cycle + index) % 3 != 0 && interpreter.get(&format!("{}_valid", port.name)) == one {
                let payload = interpreter.get(&format!("{}_payload", port.name));
                tokens.values.extend(packing::values(port.lane_ranges(), &payload));
                if port.is_framed() {
                    tokens.last.push(interpreter.get(&format!("{}_last", port.name)) == one);
                }
                moved = true;
            }
        }
        interpreter.step();
        idle = if moved { 0 } else { idle + 1 };
        if idle > 200 {
            return outputs;
        }
    }
    panic!("the datapath never rests");
}

pub fn tools() -> VerilatorTools {
    let toolchain = Toolchain::new(Progress::quiet()).expect("a cache folder");
    VerilatorTools::of(&toolchain).unwrap_or_else(|error| panic!("{error}"))
}

/// Rung 2: the Verilog under Verilator computes the golden tokens, under every kind of stall.
pub fn verilator(datapath: &dyn Datapath, frames: usize, seed: u64, timing: Timing) -> Report {
    let case = |inputs: Transfers| Case { expected: datapath.golden(&inputs), inputs };
    let cases: Vec<Case> = stimuli(datapath, frames, seed).into_iter().map(case).collect();
    verilator_on(datapath, &cases, seed, timing)
}

/// The Verilog under Verilator gives what the `cases` expect, whoever says it.
pub fn verilator_on(datapath: &dyn Datapath, cases: &[Case], seed: u64, timing: Timing) -> Report {
    let circuit = circuit(datapath, "dut", timing);
    let sources = [emit(&circuit), cell_models(&circuit)].concat();
    let ports = datapath.ports();
    let plan = Plan {
        sources: &sources,
        top: "dut",
        ports: &ports,
        defines: Vec::new(),
        cases,
        seed,
        waves: None,
        stall_limit: 100_000,
    };
    simulate(&tools(), &plan).unwrap_or_else(|error| panic!("{}: {error}", datapath.doc()))
}
