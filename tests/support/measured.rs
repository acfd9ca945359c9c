//! The cycles that a circuit takes in the interpreter where nobody holds it back.

use num_bigint::BigInt;
use std::rc::Rc;
use ternlet::datapath::Datapath;
use ternlet::hdl::{Circuit, Interpreter, Timing};
use ternlet::stream::timeline::{Actor, Beat, Timeline};
use ternlet::stream::{OutputSchedule, Port, Schedule, Tokens, Transfers, packing};

/// What the interpreter shows of `inputs`, in which each frame is as long as the others.
pub fn measured(circuit: &Rc<Circuit>, datapath: &dyn Datapath, inputs: &Transfers) -> Schedule {
    let ports = datapath.ports();
    let golden = datapath.golden(inputs);
    let (start, came) = passes(circuit, datapath, inputs, &mut |_, _| true);
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

/// In which cycle the first beat of an input passes, and for each output in which its beats do, where outputs are ready so.
fn passes(
    circuit: &Rc<Circuit>,
    datapath: &dyn Datapath,
    inputs: &Transfers,
    is_ready: &mut dyn FnMut(usize, u64) -> bool,
) -> (u64, Vec<Vec<u64>>) {
    let ports = datapath.ports();
    let mut interpreter = Interpreter::new(circuit.clone()).expect("no black box");
    interpreter.set("rst", 1);
    interpreter.step();
    interpreter.set("rst", 0);
    let one = BigInt::from(1);
    let mut sent = vec![0; inputs.len()];
    let mut came: Vec<Vec<u64>> = vec![Vec::new(); ports.outputs.len()];
    let expected: Vec<usize> = datapath.golden(inputs).iter().map(Tokens::beats).collect();
    let mut start = None;
    for cycle in 0u64.. {
        let ready: Vec<bool> = (0..ports.outputs.len()).map(|output| is_ready(output, cycle)).collect();
        for (port, ready) in ports.outputs.iter().zip(&ready) {
            interpreter.set(&format!("{}_ready", port.name), i64::from(*ready));
        }
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
        for ((port, ready), cycles) in ports.outputs.iter().zip(ready).zip(&mut came) {
            if ready && interpreter.get(&format!("{}_valid", port.name)) == one {
                cycles.push(cycle);
            }
        }
        interpreter.step();
        if came.iter().zip(&expected).all(|(cycles, beats)| cycles.len() == *beats) {
            break;
        }
        assert!(cycle < 1_000_000, "{}: stuck", datapath.doc());
    }
    (start.expect("a beat passes"), came)
}

/// An output that is ready in these cycles.
struct Stalled {
    ready: Vec<bool>,
    cycle: usize,
}

impl Stalled {
    fn is_ready(&self) -> bool {
        self.ready[self.cycle % self.ready.len()]
    }
}

impl Actor for Stalled {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].filter(|_| self.is_ready());
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], ready: &mut [bool]) {
        ready[0] = self.is_ready();
    }

    fn step(&mut self, _: &[Option<Beat>], _: &[bool], _: &[bool]) {
        self.cycle += 1;
    }
}

/// Whether `datapath` has a timed run; its beats then leave in the cycles in which they do in the interpreter, where the first output is
/// ready in the cycles `ready`, over and over, and each other one some cycles after the one before it. What moves a register from one side of a block to the other changes no cycle until something waits.
pub fn stalls_alike(
    circuit: &Rc<Circuit>,
    datapath: &dyn Datapath,
    timing: Timing,
    inputs: &Transfers,
    ready: &[bool],
) -> Result<bool, String> {
    let ports = datapath.ports();
    let mut t = Timeline::of(&circuit.latency, timing);
    let beats = |(port, tokens): (&Port, &Tokens)| -> Vec<Beat> {
        let last = |beat: usize| match port.is_framed() {
            true => tokens.last[beat],
            false => (beat + 1).is_multiple_of(port.frame_beats()),
        };
        (0..tokens.beats()).map(last).map(|last| Beat { last, ends: last.into(), flags: 0 }).collect()
    };
    let sources = ports.inputs.iter().zip(inputs).map(|input| t.source(beats(input))).collect();
    let Some(channels) = datapath.timed(&mut t, sources, inputs) else { return Ok(false) };
    let of_output = |output: usize| {
        let mut of_output = ready.to_vec();
        of_output.rotate_right(output * 7 % ready.len());
        of_output
    };
    let ready: Vec<Vec<bool>> = (0..ports.outputs.len()).map(of_output).collect();
    let stalled = channels.into_iter().zip(&ports.outputs).zip(&ready).map(|((channel, port), ready)| {
        let channel = t.crossing(channel, &port.name);
        t.add(&[channel], 1, Stalled { ready: ready.clone(), cycle: 0 })[0]
    });
    let stalled: Vec<_> = stalled.collect();
    let run = t.run(&stalled, 10_000, 1 << 24).ok_or("the timed run stands still")?;
    let said: Vec<Vec<u64>> =
        run.outputs.iter().map(|beats| beats.iter().map(|(cycle, _)| *cycle).collect()).collect();
    let (_, shown) = passes(circuit, datapath, inputs, &mut |output, cycle| {
        ready[output][cycle as usize % ready[output].len()]
    });
    let streams = ports.outputs.iter().zip(said.iter().zip(&shown));
    let differs = |(port, (said, shown)): (&Port, (&Vec<u64>, &Vec<u64>))| {
        let beat = said.iter().zip(shown).position(|(said, shown)| said != shown)?;
        let (said, shown) = (said[beat], shown[beat]);
        Some(format!("beat {beat} of {} leaves in cycle {said}, in the interpreter in {shown}", port.name))
    };
    match streams.filter_map(differs).next() {
        Some(why) => Err(format!("outputs are ready in {ready:?}: {why}")),
        None => Ok(true),
    }
}
