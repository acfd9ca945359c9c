//! The cycles that a circuit takes in the interpreter where nobody holds it back.

use num_bigint::BigInt;
use std::rc::Rc;
use ternlet::datapath::Datapath;
use ternlet::hdl::{Circuit, Interpreter};
use ternlet::stream::{OutputSchedule, Port, Schedule, Tokens, Transfers, packing};

/// What the interpreter shows of `inputs`, in which each frame is as long as the others.
pub fn measured(circuit: &Rc<Circuit>, datapath: &dyn Datapath, inputs: &Transfers) -> Schedule {
    let ports = datapath.ports();
    let mut interpreter = Interpreter::new(circuit.clone()).expect("no black box");
    interpreter.set("rst", 1);
    interpreter.step();
    interpreter.set("rst", 0);
    let one = BigInt::from(1);
    let mut sent = vec![0; inputs.len()];
    let mut came: Vec<Vec<u64>> = vec![Vec::new(); ports.outputs.len()];
    let golden = datapath.golden(inputs);
    let expected: Vec<usize> = golden.iter().map(Tokens::beats).collect();
    let mut start = None;
    ports.outputs.iter().for_each(|port| interpreter.set(&format!("{}_ready", port.name), 1));
    for cycle in 0u64.. {
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
        for (port, (tokens, sent)) in ports.inputs.iter().zip(inputs.iter().zip(&mut sent)) {
            if *sent < tokens.beats() && interpreter.get(&format!("{}_ready", port.name)) == one {
                *sent += 1;
                start.get_or_insert(cycle);
            }
        }
        for (port, cycles) in ports.outputs.iter().zip(&mut came) {
            if interpreter.get(&format!("{}_valid", port.name)) == one {
                cycles.push(cycle);
            }
        }
        interpreter.step();
        if came.iter().zip(&expected).all(|(cycles, beats)| cycles.len() == *beats) {
            break;
        }
        assert!(cycle < 1_000_000, "{}: stuck", datapath.doc());
    }
    let start = start.expect("a beat passes");
    let starts: Vec<Vec<usize>> =
        ports.outputs.iter().zip(&golden).map(|(port, tokens)| starts(port, tokens)).collect();
    let streams = ports.outputs.iter().zip(came.iter().zip(&starts));
    let output = |(port, (cycles, starts)): (&Port, (&Vec<u64>, &Vec<usize>))| OutputSchedule {
        name: port.name.clone(),
        latency_first_cycles: Some(cycles[0].saturating_sub(start)),
        latency_last_cycles: Some(cycles[starts[1] - 1].saturating_sub(start)),
    };
    let outputs: Vec<OutputSchedule> = streams.map(output).collect();
    // In the mean of the later half of the frames, as simulations say it.
    let frames = &starts[0][..starts[0].len() - 1];
    let later = &frames[(frames.len() / 2).saturating_sub(1)..];
    let (cycles, intervals) = (&came[0], later.len() as u64 - 1);
    let all = cycles[later[later.len() - 1]] - cycles[later[0]];
    Schedule {
        latency_cycles: outputs.iter().filter_map(|output| output.latency_last_cycles).max(),
        outputs,
        initiation_interval: all.is_multiple_of(intervals).then(|| all / intervals),
    }
}

/// The number of each frame's first beat, and how many beats there are.
fn starts(port: &Port, tokens: &Tokens) -> Vec<usize> {
    let mut starts = vec![0];
    tokens.frames(port).for_each(|frame| starts.push(starts[starts.len() - 1] + frame.len() / port.lanes()));
    starts
}

/// `said`, and what it does not know as `measured` shows it: equal to that where all that is known holds.
pub fn filled(said: &Schedule, measured: &Schedule) -> Schedule {
    let mut filled = said.clone();
    filled.initiation_interval = filled.initiation_interval.or(measured.initiation_interval);
    filled.latency_cycles = filled.latency_cycles.or(measured.latency_cycles);
    for (output, shown) in filled.outputs.iter_mut().zip(&measured.outputs) {
        output.latency_first_cycles = output.latency_first_cycles.or(shown.latency_first_cycles);
        output.latency_last_cycles = output.latency_last_cycles.or(shown.latency_last_cycles);
    }
    filled
}
