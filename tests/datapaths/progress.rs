//! Whatever is held up, frames leave: transforms and quantizers of random forms, at random depths of the pipeline, with outputs that
//! are always ready, and with each output held back until nothing moves. A FIFO that is too small, or a block that keeps the end of a
//! frame until it has the next one, which that FIFO holds up, stops for ever in one of them.

use crate::check::datapath;
use crate::schedule::holds;
use crate::timed::{SCHEMES, graph, pick, quantizer, size};
use std::rc::Rc;
use ternlet::datapath::lifting::subbands;
use ternlet::datapath::{ArgmaxConfig, Datapath, LiftingConfig, circuit};
use ternlet::hdl::Timing;
use ternlet::stream::Draw;
use ternlet::stream::timeline::{Beat, Fifo, Fork, Gather, Repeat, Timeline, Zip};
use ternlet::verify::{Case, Fault, Readiness, interpret};

/// Frames in a row: more than wait anywhere.
const FRAMES: usize = 8;

/// Depths of the pipeline: registers after so many levels of logic, none for 0.
const DEPTHS: [u32; 5] = [0, 4, 3, 2, 1];

/// Of two forms one is a small picture of several levels: there frames are short, and many wait at once.
fn drawn(case: usize, random: &mut Draw) -> (Vec<usize>, i64) {
    if case.is_multiple_of(2) {
        let size = vec![random.integer(2, 6) as usize, random.integer(5, 10) as usize];
        (size, random.integer(2, 3))
    } else {
        size(4, random)
    }
}

/// A transform of the keys that are drawn.
fn transform(case: usize, random: &mut Draw) -> Box<dyn Datapath> {
    let (size, levels) = drawn(case, random);
    let folded = case % 8 == 7;
    let lanes = if size.len() == 1 && !folded { 1 << random.integer(0, 2) } else { 1 };
    let in_one = lanes == 1 && !folded && (case.is_multiple_of(2) || random.integer(0, 1) == 1);
    datapath::<LiftingConfig>(&format!(
        "scheme = \"{}\"\ndirection = \"{}\"\nlevels = {levels}\ninput = \"u4\"\nsize = {size:?}\nlanes = {lanes}\n\
         hardware = \"{}\"\nsubbands = \"{}\"",
        SCHEMES[case / 2 % SCHEMES.len()],
        pick(&["forward", "inverse"], random),
        if folded { "folded" } else { "cascade" },
        if in_one { "mallat" } else { "streams" },
    ))
}

/// Whether one of the runs stops before its end: at each depth with outputs that are always ready, and at one with each held back.
fn locks(datapath: &dyn Datapath, held_at: usize) -> bool {
    let inputs = datapath.random(FRAMES, &mut Draw::seeded(1));
    let (ports, case) = (datapath.ports(), Case { expected: datapath.golden(&inputs), inputs });
    let stops = |depth: usize| {
        let levels = DEPTHS[depth];
        let timing = if levels == 0 { Timing::combinational() } else { Timing::levels(levels) };
        let circuit = Rc::new(circuit(datapath, "dut", timing));
        let outputs = if depth == held_at { ports.outputs.len() } else { 0 };
        [Readiness::Always].into_iter().chain((0..outputs).map(Readiness::HeldBack)).any(|readiness| {
            let at = format!("{}, registers after {levels} levels, {readiness:?}", datapath.doc());
            match interpret(&circuit, &ports, &case, readiness).unwrap() {
                None => false,
                Some(fault @ Fault::Stuck { .. }) => {
                    println!("{at}: {fault}");
                    true
                }
                Some(fault) => panic!("{at}: {fault}"),
            }
        })
    };
    // All, so that each is printed.
    (0..DEPTHS.len()).filter(|depth| stops(*depth)).count() > 0
}

/// How many of `count` lock.
fn locked(seed: u64, count: usize, mut draw: impl FnMut(usize, &mut Draw) -> Box<dyn Datapath>) -> usize {
    let mut random = Draw::seeded(seed);
    let mut locks_one = |case| {
        let datapath = draw(case, &mut random);
        locks(&*datapath, random.integer(0, DEPTHS.len() as i64 - 1) as usize)
    };
    (0..count).filter(|case| locks_one(*case)).count()
}

#[test]
fn transforms_never_lock() {
    assert_eq!(locked(21, 120, transform), 0, "of 120");
}

#[test]
fn transforms_there_and_back_never_lock() {
    let quantized = |case: usize, random: &mut Draw| {
        let (size, levels) = drawn(case, random);
        quantizer((SCHEMES[case / 2 % SCHEMES.len()], "samples"), &size, levels, false)
    };
    assert_eq!(locked(22, 24, quantized), 0, "of 24");
}

/// A transform and the one back as two nodes, between which the graph places FIFOs.
#[test]
fn graphs_there_and_back_never_lock() {
    let joined = |case: usize, random: &mut Draw| {
        let (size, levels) = drawn(case, random);
        let keys = format!(
            "scheme = \"{}\"\nlevels = {levels}\ninput = \"u4\"\nsize = {size:?}\n",
            SCHEMES[case / 2 % SCHEMES.len()]
        );
        let bands = subbands(&size, levels as u32).into_iter();
        let bands = bands.filter(|band| band.shape.iter().all(|length| *length > 0));
        let from: Vec<String> = bands.map(|band| format!("{0} = \"there.{0}\"", band.name())).collect();
        graph(&format!(
            "[[node]]\nname = \"there\"\nkind = \"lifting\"\ndirection = \"forward\"\n{keys}\
             [[node]]\nname = \"back\"\nkind = \"lifting\"\ndirection = \"inverse\"\n{keys}from = {{ {} }}\n",
            from.join(", ")
        ))
    };
    assert_eq!(locked(23, 16, joined), 0, "of 16");
}

/// A whole frame is to meet its own beats, for which there is room or not.
#[test]
fn a_timed_run_that_locks_says_nothing() {
    let argmax = datapath::<ArgmaxConfig>("columns = 1\nlanes = 1\ninput = \"s4\"");
    let latency = circuit(&*argmax, "dut", Timing::combinational()).latency;
    let runs = |room: usize| {
        let mut t = Timeline::of(&latency, Timing::combinational());
        let beats = (0..4).map(|beat| Beat { last: beat == 3, ..Beat::default() }).collect();
        let x = t.source(beats);
        let copies = t.add(&[x], 2, Fork::new(2));
        let frame = t.through(copies[0], 0, Gather::frames());
        let frame = t.through(frame, 0, Repeat::new(4, 4));
        let waiting = t.through(copies[1], 0, Fifo::new(room));
        let y = t.add(&[frame, waiting], 1, Zip)[0];
        t.run(&[y], 50, 1000).map(|cycles| cycles.outputs[0].len())
    };
    assert_eq!([runs(4), runs(1)], [Some(4), None]);
}

/// The frames that showed it: the last pair of a row waited for the next frame's second one.
#[test]
fn a_frame_does_not_wait_for_the_next() {
    let transform = datapath::<LiftingConfig>(
        "scheme = \"vc2_13_7\"\nlevels = 3\ninput = \"u4\"\nsize = [4, 8]\nsubbands = \"mallat\"",
    );
    assert!(!locks(&*transform, 0));
    holds(&*transform);
}
