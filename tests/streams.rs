//! Streams lose nothing and invent nothing, whoever waits for whom; pipelines change when, never what.

use num_bigint::BigInt;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::panic::{AssertUnwindSafe, catch_unwind};
use ternlet::device::Family;
use ternlet::hdl::*;
use ternlet::stream::timeline::{Actor, Beat as Mark, LargeFifo};

/// A payload word and whether it is its frame's last.
type Beat = (i64, bool);

/// Offers `beats` at input stream `x` of a module and takes what comes out of `y`, both sides stalling at random; checks
/// that `y` keeps to the law of streams. Returns the beats and the clock cycles that it took.
fn run(m: Module, beats: &[Beat], seed: u64, stalls: f64) -> (Vec<Beat>, usize) {
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    let inputs: Vec<String> =
        circuit.inputs.iter().map(|&id| circuit.nodes[id].name.clone().unwrap()).collect();
    let outputs: Vec<String> = circuit.outputs.iter().map(|output| output.name.clone()).collect();
    let place = |name: &str| outputs.iter().position(|output| output == name);
    let (framed_in, last_out) = (inputs.iter().any(|name| name == "x_last"), place("y_last"));
    let (x_ready, y_valid, y_payload) =
        (place("x_ready").unwrap(), place("y_valid").unwrap(), place("y_payload").unwrap());
    let mut interpreter = Interpreter::new(circuit).expect("no black box");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut next, mut offered, mut taken, mut waiting, mut idle) = (0, false, Vec::new(), None, 0);
    for cycle in 0.. {
        let reset = cycle == 0;
        offered = !reset && (offered || next < beats.len() && !random.random_bool(stalls));
        let ready = !reset && !random.random_bool(stalls);
        let beat = if offered { beats[next] } else { (0, false) };
        let values: Vec<BigInt> = inputs
            .iter()
            .map(|name| match name.as_str() {
                "x_valid" => i64::from(offered).into(),
                "x_payload" => beat.0.into(),
                "x_last" => i64::from(beat.1).into(),
                "y_ready" => i64::from(ready).into(),
                other => panic!("no input {other}"),
            })
            .collect();
        let values = interpreter.cycle(reset, &values);
        let bit = |place: usize| values[place] == BigInt::from(1);
        let out = bit(y_valid)
            .then(|| (i64::try_from(&values[y_payload]).unwrap(), last_out.is_some_and(bit)))
            .filter(|_| !reset);
        if let Some(before) = waiting {
            assert_eq!(out, Some(before), "a beat that waits stays as it is");
        }
        waiting = out.filter(|_| !ready);
        taken.extend(out.filter(|_| ready));
        if offered && bit(x_ready) {
            (next, offered) = (next + 1, false);
        }
        idle = if next == beats.len() && out.is_none() { idle + 1 } else { 0 };
        assert!(framed_in || beats.iter().all(|beat| !beat.1));
        assert!(cycle < 200 * (beats.len() + 10), "the streams are stuck after {} beats", taken.len());
        if idle > 60 {
            return (taken, cycle - idle);
        }
    }
    unreachable!()
}

/// Beats of `width` bits in frames of these lengths.
fn frames(width: u32, lengths: &[usize], seed: u64) -> Vec<Beat> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    lengths
        .iter()
        .flat_map(|&length| (0..length).map(move |place| place + 1 == length))
        .map(|last| (random.random_range(0..1 << width), last))
        .collect()
}

fn unframed(beats: &[Beat]) -> Vec<Beat> {
    beats.iter().map(|beat| (beat.0, false)).collect()
}

/// Checks that what `describe` makes of a framed stream `x` of `width` bits is `expected`, under several stalls.
fn check(
    width: u32,
    lengths: &[usize],
    describe: impl for<'m> Fn(&'m Module, Stream<'m, Signal<'m>>),
    expected: impl Fn(&[Beat]) -> Vec<Beat>,
) {
    for (seed, stalls) in [(1, 0.0), (2, 0.3), (3, 0.7), (4, 0.5)] {
        for timing in [Timing::combinational(), Timing::levels(1), Timing::levels(2)] {
            let beats = frames(width, lengths, seed);
            let m = Module::with_timing("streams", timing);
            describe(&m, m.input_stream("x", true, &unsigned(width)));
            let (got, _) = run(m, &beats, seed, stalls);
            assert_eq!(got, expected(&beats), "seed {seed}, stalls {stalls}, {timing:?}");
        }
    }
}

const LENGTHS: [usize; 9] = [1, 2, 5, 1, 1, 4, 7, 3, 8];

#[test]
fn fifos_and_spill_registers_keep_every_beat() {
    for depth in [1, 2, 3, 5, 8] {
        check(9, &LENGTHS, |m, x| m.output_stream("y", x.fifo(depth)), |beats| beats.to_vec());
    }
    check(9, &LENGTHS, |m, x| m.output_stream("y", x.spill()), |beats| beats.to_vec());
    check(9, &LENGTHS, |m, x| m.output_stream("y", x.stage()), |beats| beats.to_vec());
    check(9, &LENGTHS, |m, x| m.output_stream("y", x.spill().fifo(2).spill()), |beats| beats.to_vec());
}

/// A FIFO behind one port keeps every beat, is never full before it holds as many as it is asked to, passes as many a cycle as one of two ports
/// while it is filled and emptied at once, and gives each in the cycle in which its timed run does.
#[test]
fn a_fifo_in_a_large_memory_keeps_every_beat_when_its_timed_run_says() {
    let family = Family::named("ice40up").unwrap();
    for (depth, seed) in [1, 2, 3, 4, 7, 16, 33].into_iter().flat_map(|depth| [(depth, 1), (depth, 2)]) {
        let m = Module::with_timing("large", Timing::clock(family, 24.0));
        m.output_stream("y", m.input_stream("x", true, &unsigned(9)).large_fifo(depth));
        let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
        assert!(circuit.memories.iter().all(|memory| memory.is_large) && !circuit.memories.is_empty());
        let mut interpreter = Interpreter::new(circuit).expect("no black box");
        let mut actor = LargeFifo::new(depth);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (mut sent, mut taken, mut offered, mut fast) = (0, 0, false, 0);
        interpreter.set("rst", 1);
        interpreter.step();
        interpreter.set("rst", 0);
        for cycle in 0..6000 {
            // How often each side waits changes from time to time; in between both never do while the FIFO is half full.
            let phase = cycle / 300 % 5;
            let [gives, takes] = [[0.9, 0.2], [1.0, 1.0], [0.3, 0.9], [0.5, 0.5], [1.0, 0.5]][phase];
            offered = offered || random.random_bool(gives);
            let free = random.random_bool(takes);
            let beat = (17 * sent % 512, sent % 5 == 4);
            interpreter.set("x_valid", i64::from(offered));
            interpreter.set("x_payload", beat.0);
            interpreter.set("x_last", i64::from(beat.1));
            interpreter.set("y_ready", i64::from(free));
            let is = |interpreter: &mut Interpreter, name: &str| interpreter.get(name) == BigInt::from(1);
            let (ready, valid) = (is(&mut interpreter, "x_ready"), is(&mut interpreter, "y_valid"));

            let input = [offered.then(|| Mark { last: beat.1, ..Mark::default() })];
            let (mut output, mut is_ready) = ([None], [false]);
            actor.offers(&input, &mut output);
            actor.takes(&input, &[free], &mut is_ready);
            assert_eq!((is_ready[0], output[0].is_some()), (ready, valid), "depth {depth}, cycle {cycle}");
            // A cycle in which it rests and nothing passes is left out of a timed run.
            let passes = (offered && ready) || (valid && free);
            if passes || !actor.rests(&input, &[free]) {
                actor.step(&input, &is_ready, &[free]);
            }
            assert!(ready || sent - taken >= depth as i64, "full with {} of {depth}", sent - taken);
            if valid {
                let y = (interpreter.get("y_payload"), is(&mut interpreter, "y_last"));
                assert_eq!(y, ((17 * taken % 512).into(), taken % 5 == 4), "beat {taken}");
            }
            sent += i64::from(offered && ready);
            taken += i64::from(valid && free);
            fast += i64::from(phase == 1 && valid && free);
            offered &= !ready;
            interpreter.step();
        }
        assert!(fast > 4 * 290, "{fast} of 1200 beats at full speed");
        assert!(taken > 2000 && sent - taken <= depth as i64 + 6);
    }
}

#[test]
fn a_fifo_has_its_exit_before_its_entrance_is_filled() {
    check(
        7,
        &LENGTHS,
        |m, x| {
            let (entrance, late) = m.fifo("late", 5, &unsigned(7));
            let mut branches = x.fork(2);
            let now = branches.remove(0).fifo(2).zip(late);
            entrance.fill(branches.remove(0).unframed());
            m.output_stream("y", now.map(|(now, late)| now + late));
        },
        |beats| beats.iter().map(|beat| (2 * beat.0, beat.1)).collect(),
    );
}

#[test]
fn a_map_computes_the_same_in_any_number_of_stages() {
    let polynomial = |x: i64| (x * x + 3 * x - 7) * (x - 5) + if x < 100 { x } else { 1 };
    let describe = |m: &Module| {
        let x = m.input_stream("x", true, &unsigned(8));
        let y = x.map(|x| (x * x + 3 * x - 7) * (x - 5) + x.lt(100).mux(x, 1));
        m.output_stream("y", y.map(|y| y.wrap(unsigned(30))));
    };
    let beats = frames(8, &LENGTHS, 5);
    let expected: Vec<Beat> = beats.iter().map(|beat| (polynomial(beat.0) & 0x3fff_ffff, beat.1)).collect();
    let mut latencies = Vec::new();
    for timing in [Timing::combinational(), Timing::levels(6), Timing::levels(2), Timing::levels(1)] {
        for stalls in [0.0, 0.5] {
            let m = Module::with_timing("polynomial", timing);
            describe(&m);
            let (got, cycles) = run(m, &beats, 6, stalls);
            assert_eq!(got, expected);
            if stalls == 0.0 {
                latencies.push(cycles - beats.len());
            }
        }
    }
    assert!(latencies.is_sorted() && latencies[0] < latencies[2], "{latencies:?}");
    assert_eq!(latencies[3] - latencies[0], 5, "five levels in sequence, each with its register");
}

#[test]
fn a_rom_in_a_map_answers_its_own_beat() {
    let table: Vec<i64> = (0..32).map(|place| (place * 37 + 11) % 64).collect();
    let contents: Vec<BigInt> = table.iter().map(|&value| value.into()).collect();
    check(
        5,
        &LENGTHS,
        |m, x| {
            let rom = m.rom("table", unsigned(6), contents.clone());
            m.output_stream("y", x.map(|x| (rom.read(x) + x).wrap(unsigned(7))));
        },
        |beats| beats.iter().map(|beat| (table[beat.0 as usize] + beat.0, beat.1)).collect(),
    );
}

#[test]
fn a_fold_gives_one_beat_a_frame_and_a_scan_one_a_beat() {
    check(
        6,
        &LENGTHS,
        |m, x| {
            m.output_stream("y", x.fold("sum", &unsigned(10), &[5], |sum, x| (sum + x).wrap(unsigned(10))))
        },
        |beats| {
            beats
                .split_inclusive(|beat| beat.1)
                .map(|f| (5 + f.iter().map(|b| b.0).sum::<i64>(), false))
                .collect()
        },
    );
    check(
        6,
        &LENGTHS,
        |m, x| {
            let y = x.scan("count", &unsigned(6), &[3], |count, x, last| {
                (last.mux(0, (count + 1).wrap(unsigned(6))), (x + count).wrap(unsigned(7)))
            });
            m.output_stream("y", y);
        },
        |beats| {
            let mut count = 3;
            let step = |beat: &Beat| {
                let result = (beat.0 + count, beat.1);
                count = if beat.1 { 0 } else { count + 1 };
                result
            };
            beats.iter().map(step).collect()
        },
    );
}

#[test]
fn a_fork_and_a_zip_meet_again() {
    check(
        7,
        &LENGTHS,
        |m, x| {
            let mut branches = x.fork(3).into_iter();
            let mut next = || branches.next().unwrap();
            let (a, b, c) = (next(), next().fifo(3), next().map(|x| (x * x).wrap(unsigned(14))).spill());
            let y = a.fifo(4).zip(b.unframed()).zip(c.unframed());
            m.output_stream("y", y.map(|((a, b), c)| (a + b + c).wrap(unsigned(15))));
        },
        |beats| beats.iter().map(|beat| (2 * beat.0 + beat.0 * beat.0, beat.1)).collect(),
    );
}

#[test]
fn chunks_are_padded_with_zeros_and_flattened_again() {
    for count in [1, 2, 3, 4] {
        check(
            4,
            &LENGTHS,
            |m, x| m.output_stream("y", x.chunk(count)),
            |beats| {
                let pack = |chunk: &[Beat]| {
                    let word = chunk.iter().rev().fold(0, |word, beat| word << 4 | beat.0);
                    (word, chunk.iter().any(|beat| beat.1))
                };
                beats.split_inclusive(|beat| beat.1).flat_map(|frame| frame.chunks(count).map(pack)).collect()
            },
        );
    }
    // Frames of 7 beats: of the last of three chunks one lane is meant.
    check(4, &[7, 7, 7], |m, x| m.output_stream("y", x.chunk(3).flatten(1)), |beats| beats.to_vec());
    check(4, &[4, 8], |m, x| m.output_stream("y", x.unframed().chunk(4).flatten(4)), unframed);
}

#[test]
fn mistakes_with_streams_are_named() {
    let message = |describe: &dyn Fn()| {
        let payload = catch_unwind(AssertUnwindSafe(describe)).expect_err("a mistake panics");
        payload
            .downcast_ref::<String>()
            .cloned()
            .or(payload.downcast_ref::<&str>().map(|s| s.to_string()))
            .unwrap()
    };
    let state = message(&|| {
        let m = Module::new("m");
        m.input_stream("x", false, &unsigned(4)).map(|x| x.delay(m.always()));
    });
    assert_eq!(state, "`map` takes a function without state; use `scan` or `fold`, and a memory's `read`");
    let outside = message(&|| {
        let m = Module::new("m");
        let offset = m.input("offset", unsigned(4));
        m.input_stream("x", false, &unsigned(4)).map(|x| x + offset);
    });
    assert!(
        outside.contains("tests/streams.rs:") && outside.contains("outside the payload of `map`"),
        "{outside}"
    );
    let unframed = message(&|| {
        let m = Module::new("m");
        m.input_stream("x", false, &unsigned(4)).fold("sum", &unsigned(4), &[0], |_, x| x);
    });
    assert_eq!(unframed, "`fold` wants a framed stream, but `x` has no `last`");
    let framed = message(&|| {
        let m = Module::new("m");
        let other = m.input_stream("other", true, &unsigned(4));
        m.input_stream("x", true, &unsigned(4)).zip_frames(other);
    });
    assert_eq!(framed, "`zip_frames` wants one beat a frame, but `other` has `last` itself");

    let m = Module::new("dropped");
    let dropped = m.input_stream("x", false, &unsigned(4));
    m.output("bits", dropped.payload().to_bits());
    drop(dropped);
    let violations = m.finish().expect_err("nothing takes the stream");
    assert!(violations.iter().any(|violation| violation.what == "nothing takes the stream of `x_ready`"));
}

/// Each beat next to the sum of its frame, which is known only when the frame has passed.
#[test]
fn zip_frames_gives_each_beat_what_belongs_to_its_frame() {
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let (mut beats, mut expected) = (Vec::new(), Vec::new());
    for _ in 0..80 {
        let frame: Vec<i64> = (0..random.random_range(1..=10)).map(|_| random.random_range(0..16)).collect();
        let sum: i64 = frame.iter().sum();
        let ends = |place: usize| place + 1 == frame.len();
        beats.extend(frame.iter().enumerate().map(|(place, x)| (*x, ends(place))));
        expected.extend(frame.iter().enumerate().map(|(place, x)| (x | sum << 4, ends(place))));
    }
    for stalls in [0.0, 0.4] {
        let m = Module::with_timing("beside_sum", Timing::levels(2));
        let mut copies = m.input_stream("x", true, &unsigned(4)).fork(2);
        let sum = copies.remove(0).fold("sum", &unsigned(8), &[0], |sum, x| (sum + x).wrap(unsigned(8)));
        m.output_stream("y", copies.remove(0).fifo(12).zip_frames(sum));
        assert_eq!(run(m, &beats, 7, stalls).0, expected);
    }
}

#[test]
fn a_loop_through_ready_is_reported() {
    let m = Module::new("looped");
    let x = m.input_stream("x", false, &unsigned(4));
    let (back, back_ready) = Stream::offer("back", m.always(), None, m.constant(0));
    let payload = *x.payload();
    let taken = x.take(back_ready);
    let (a, a_ready) = Stream::offer("a", taken.valid, None, payload);
    m.output_stream("y", a);
    back.take(back_ready & a_ready);
    let violations = m.finish().expect_err("a loop");
    assert!(violations[0].what.contains("a loop without a register through back_ready"), "{}", violations[0]);
}
