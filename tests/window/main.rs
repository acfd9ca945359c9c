//! Windows see what nested loops over plain integers see, whoever stalls, and take the clock cycles that they say.

mod case;
mod run;
#[path = "../support/tools.rs"]
mod tools;

use case::{BITS, Case, TAP_BITS, random_case, random_passes};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use run::Outcome;
use ternlet::blocks::{Border, Kernel, Window};
use ternlet::device::Family;
use ternlet::hdl::*;
use ternlet::stream::timeline::{Beat, Cycles, Timeline};
use ternlet::stream::{Frame, Port, Ports, Tokens};
use ternlet::verify::{Plan, simulate};
use ternlet::verilog::emit;

/// Without the zeros at the end, which a word does not show.
fn trimmed(mut beats: Vec<(Vec<i64>, bool)>) -> Vec<(Vec<i64>, bool)> {
    for (values, _) in &mut beats {
        while values.last() == Some(&0) {
            values.pop();
        }
    }
    beats
}

/// For a family with large memories.
fn ultra_plus() -> Timing {
    Timing::clock(Family::named("ice40up").unwrap(), 24.0)
}

/// Random windows of `axes` axes under stalls, in pipelines of several depths; every fourth has its lines in a large memory.
fn check_random(axes: usize, cases: u64, draw: fn(usize, &mut ChaCha8Rng) -> Case) {
    for seed in 0..cases {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut case = draw(axes, &mut random);
        case.window.is_large = seed % 4 == 3;
        let frames = case.frames(4, &mut random);
        let expected = trimmed(case.expected(&frames));
        for (timing, stalls) in [
            (Timing::combinational(), 0.0),
            (Timing::combinational(), 0.4),
            (Timing::levels(1), 0.5),
            (Timing::levels(3), 0.2),
            (ultra_plus(), if seed % 8 == 7 { 0.0 } else { 0.3 }),
        ] {
            let got = case.run(timing, &frames, stalls, seed).beats;
            assert_eq!(got, expected, "seed {seed}, {case:?}, stalls {stalls}, {timing:?}");
        }
    }
}

#[test]
fn windows_over_lines() {
    check_random(1, 120, random_case);
}

#[test]
fn windows_over_pictures() {
    check_random(2, 120, random_case);
}

#[test]
fn windows_over_volumes() {
    check_random(3, 60, random_case);
}

#[test]
fn windows_that_come_again() {
    check_random(1, 80, random_passes);
    check_random(2, 80, random_passes);
    check_random(3, 30, random_passes);
}

/// What `numpy.pad` gave for `[1, 2, 3]` with 2 before and 2 after, in its modes `edge`, `symmetric`, `reflect` and
/// `constant`, frozen here.
#[test]
fn borders_are_those_of_numpy() {
    let padded = [
        (Border::Replicate, [1, 1, 1, 2, 3, 3, 3]),
        (Border::HalfSample, [2, 1, 1, 2, 3, 3, 2]),
        (Border::WholeSample, [3, 2, 1, 2, 3, 2, 1]),
        (Border::Constant(9), [9, 9, 1, 2, 3, 9, 9]),
    ];
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for (border, padded) in padded {
        let window = Window {
            kernels: vec![Kernel::same(5, 1, border)],
            beats: 1,
            groups: 1,
            passes: 1,
            is_large: false,
        };
        let case = Case { window, lengths: vec![3], lanes: 1 };
        let frames = [vec![1], vec![2], vec![3]];
        let stalls = random.random_range(0.0..0.5);
        let got = case.run(Timing::combinational(), &frames, stalls, 3).beats;
        let windows: Vec<_> = padded.windows(5).map(<[i64]>::to_vec).collect();
        assert_eq!(got.into_iter().map(|(taps, _)| taps).collect::<Vec<_>>(), windows, "{border:?}");
    }
}

/// The clock cycles from one frame to the next, and those that a frame's first and last window take.
#[test]
fn cycles_are_those_that_the_window_says() {
    const FRAMES: usize = 6;
    let mut kept = 0;
    for seed in 1000..1300 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let axes = 1 + seed as usize % 3;
        let case = random_case(axes, &mut random);
        let frames = case.frames(FRAMES, &mut random);
        let Outcome { given, taken, .. } = case.run(Timing::combinational(), &frames, 0.0, seed);
        let windows = given.len() / FRAMES;
        let period = taken[4 * case.beats()] - taken[3 * case.beats()];
        let most = case.window.cycles(&case.lengths);
        let axes: Vec<_> = case.window.kernels.iter().zip(&case.lengths).collect();
        let run = |(kernel, length): &(&Kernel, &usize)| (kernel.windows(**length) - 1) * kernel.stride + 1;
        let is_long = |pair: &(&Kernel, &usize)| run(pair) > *pair.1;
        let skips = |pair: &(&Kernel, &usize)| pair.0.windows(*pair.1) < run(pair).max(*pair.1);
        let mixed = axes.iter().position(skips).is_some_and(|outer| axes[outer..].iter().any(is_long));
        if mixed {
            assert!(period <= most, "seed {seed}: {period} > {most} {case:?}");
        } else {
            assert_eq!(period, most, "seed {seed}: {case:?}");
        }
        let [first, last] = case.window.latency(&case.lengths);
        assert_eq!((given[0] - taken[0]) as i64, first, "seed {seed}: {case:?}");
        if !axes.iter().any(is_long) {
            assert_eq!(period, case.beats(), "borders cost no cycle");
            let (out, into) = (given[FRAMES * windows - 1], taken[FRAMES * case.beats() - 1]);
            assert_eq!(out as i64 - into as i64, last, "seed {seed}: {case:?}");
            kept += 1;
        }
    }
    assert!(kept > 100, "{kept} cases without more windows than positions");
}

/// Where each position has a window, those that come again take no cycle but their own.
#[test]
fn passes_lose_no_cycle() {
    const FRAMES: usize = 6;
    for seed in 3000..3100 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let Case { mut window, lengths, lanes } = random_passes(1 + seed as usize % 3, &mut random);
        for kernel in &mut window.kernels {
            *kernel = Kernel::same(kernel.size, kernel.dilation, Border::Constant(3));
        }
        let case = Case { window, lengths, lanes };
        let frames = case.frames(FRAMES, &mut random);
        let Outcome { given, .. } = case.run(Timing::combinational(), &frames, 0.0, seed);
        let of_frame = case.beats() * case.window.passes;
        assert_eq!(given.len(), FRAMES * of_frame, "seed {seed}: {case:?}");
        assert_eq!(case.window.cycles(&case.lengths), of_frame, "seed {seed}: {case:?}");
        let gaps = given[of_frame..].windows(2).filter(|pair| pair[1] > pair[0] + 1).count();
        assert_eq!(gaps, 0, "seed {seed}: {case:?}");
    }
}

/// Where its lines are in a large memory, a window passes a beat in two clock cycles, one of them for each time that it comes but the last; where
/// lines are of one beat, and in families without such memories, nothing changes.
#[test]
fn lines_behind_one_port_pass_a_beat_in_two_cycles() {
    const FRAMES: usize = 4;
    for (beats, passes, lengths) in [(1, 1, vec![5, 6]), (2, 3, vec![4, 3]), (3, 1, vec![7]), (1, 1, vec![9])]
    {
        let kernels = vec![Kernel::same(3, 1, Border::Constant(3)); lengths.len()];
        let window = Window { kernels, beats, groups: 1, passes, is_large: true };
        let case = Case { window, lengths, lanes: 2 };
        let frames = case.frames(FRAMES, &mut ChaCha8Rng::seed_from_u64(beats as u64));
        let expected = trimmed(case.expected(&frames));
        let interval = |timing| {
            let Outcome { beats, given, .. } = case.run(timing, &frames, 0.0, 1);
            assert_eq!(beats, expected, "{case:?}");
            let windows = given.len() / FRAMES;
            given[3 * windows] - given[2 * windows]
        };
        let of_frame = case.beats() * passes;
        assert_eq!(interval(Timing::combinational()), of_frame, "{case:?}");
        let is_one_line = case.lengths.len() == 1 && case.window.beats == 1;
        let twice = if is_one_line { 0 } else { case.beats() };
        // Where beats come slowly to a further axis, its last windows leave by themselves between them.
        let (said, shown) = (of_frame + twice, interval(ultra_plus()));
        let inner: usize =
            case.lengths[..case.lengths.len() - 1].iter().product::<usize>() * of_frame / case.beats();
        let most =
            if case.window.beats == 1 || case.lengths.len() == 1 { said } else { said + inner * beats };
        assert!((said..=most).contains(&shown), "{shown}, and not {said} to {most}: {case:?}");
    }
}

/// Every window leaves in the cycle that the timed run says.
#[test]
fn a_timed_run_is_that_of_the_hardware() {
    for seed in 2000..2450 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let draw = if seed < 2300 { random_case } else { random_passes };
        let mut case = draw(1 + seed as usize % 3, &mut random);
        case.window.is_large = seed % 5 < 2;
        let frames = case.frames(3, &mut random);
        let timings = [Timing::combinational(), Timing::levels(1), ultra_plus()];
        for timing in timings.into_iter().take(if case.window.is_large { 3 } else { 2 }) {
            let Outcome { given, taken, .. } = case.run(timing, &frames, 0.0, seed);
            let latency = case.circuit(timing).latency;
            let mut timeline = Timeline::of(&latency, timing);
            let source = timeline.source(vec![Beat::default(); frames.len()]);
            let windows = case.window.timed(&mut timeline, source, "window", &case.lengths);
            let windows = timeline.crossing(windows, "y");
            let Cycles { start, outputs } = timeline.run(&[windows], 500, 1 << 20).unwrap();
            // A beat that is held for all passes is taken after its first windows have left.
            let said: Vec<i64> = outputs[0].iter().map(|(cycle, _)| *cycle as i64 - start as i64).collect();
            let shown: Vec<i64> = given.iter().map(|cycle| *cycle as i64 - taken[0] as i64).collect();
            assert_eq!(said, shown, "seed {seed}, {timing:?}: {case:?}");
            let ends = outputs[0].iter().filter(|(_, beat)| beat.last).count();
            assert_eq!(ends, 3, "seed {seed}: {case:?}");
        }
    }
}

/// As Verilog too, with each stream held back in turn and a reset in the middle.
#[test]
fn verilator_sees_the_same_windows() {
    const FRAMES: usize = 12;
    let border = Border::Constant(-3);
    let kernels = [
        vec![Kernel::same(3, 1, border), Kernel { stride: 2, before: 1, ..Kernel::valid(4) }],
        vec![Kernel::same(3, 2, Border::WholeSample); 2],
        vec![
            Kernel::same(3, 1, Border::Replicate),
            Kernel::POINT,
            Kernel { before: 2, after: 2, ..Kernel::valid(3) },
        ],
    ];
    for (kernels, (lengths, beats)) in
        kernels.into_iter().zip([(vec![5, 6], 2), (vec![7, 5], 1), (vec![3, 2, 4], 3)])
    {
        let case = Case {
            window: Window { kernels, beats, groups: 1, passes: 1, is_large: false },
            lengths,
            lanes: 2,
        };
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let frames = case.frames(FRAMES, &mut random);
        let expected = case.expected(&frames);
        let taps = expected[0].0.len();
        let port = |name: &str, lengths: &[usize], lanes: usize, range: Range| {
            Port::new(name, "value", lanes, range, Frame::of(lengths).with_channels(lanes * beats))
        };
        let windows = case.window.windows(&case.lengths);
        let ports = Ports {
            inputs: vec![port("x", &case.lengths, case.lanes, unsigned(BITS))],
            outputs: vec![port("y", &windows, taps, signed(TAP_BITS))],
        };
        let tokens = |port: &Port, values: Vec<i64>| {
            let mut tokens = Tokens { lanes: port.lanes(), ..Tokens::default() };
            values.chunks(port.frame_values()).for_each(|frame| tokens.push_frame(port, frame));
            tokens
        };
        let inputs = vec![tokens(&ports.inputs[0], frames.concat())];
        let values = expected.into_iter().flat_map(|(taps, _)| taps).collect();
        let cases = [ternlet::verify::Case { inputs, expected: vec![tokens(&ports.outputs[0], values)] }];
        let sources = emit(&case.circuit(Timing::levels(2)));
        let plan = Plan {
            sources: &sources,
            top: "windows",
            ports: &ports,
            defines: vec![],
            cases: &cases,
            seed: 7,
            waves: None,
            stall_limit: 2_000,
        };
        let report = simulate(&tools::tools(), &plan).unwrap_or_else(|error| panic!("{case:?}: {error}"));
        assert_eq!((report.frames, report.mismatches), (FRAMES, 0));
    }
}
