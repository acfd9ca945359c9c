//! Parts change nothing but where the text stands: the same description with and without them has the same registers and does
//! the same in every clock cycle.

use num_bigint::BigInt;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::cell::Cell;
use std::rc::Rc;
use ternlet::device::Family;
use ternlet::hdl::*;
use ternlet::verilog::emit;

type Lanes<'m> = Stream<'m, Vec<Signal<'m>>>;

/// Describes random pieces, which are parts if it says so.
struct Sketch<'m> {
    m: &'m Module,
    random: ChaCha8Rng,
    parts: bool,
    /// Names given so far: a flat module has each but once.
    names: Rc<Cell<u32>>,
}

/// Part `name` of `m`, or only what `f` describes.
fn within<'m, R>(
    m: &'m Module,
    parts: bool,
    name: &str,
    x: Lanes<'m>,
    f: impl FnOnce(Lanes<'m>) -> Stream<'m, R>,
) -> Stream<'m, R>
where
    R: Payload<'m>,
{
    let named = x.named("x");
    if parts {
        m.part(name, "", |part| part.output_stream("y", f(part.input_stream("x", named))))
    } else {
        f(named).named("y")
    }
}

impl<'m> Sketch<'m> {
    fn fresh(&self, name: &str) -> String {
        self.names.set(self.names.get() + 1);
        format!("{name}_{}", self.names.get())
    }

    /// What a lane becomes: a few operations, or all that fit in a byte.
    fn lane(random: &mut ChaCha8Rng, x: Signal<'m>, other: Signal<'m>) -> Signal<'m> {
        let mut y = x;
        for _ in 0..random.random_range(1..5) {
            y = match random.random_range(0..5) {
                0 => y + other,
                1 => (y - x).saturate(signed(6)),
                2 => (y * 5).round_shift(1, Rounding::HalfEven),
                3 => y.lt(other).mux(y, other - 3),
                _ => y.abs().named("magnitude"),
            };
        }
        y.wrap(signed(8))
    }

    fn piece(&mut self, x: Lanes<'m>, depth: u32) -> Lanes<'m> {
        let (m, parts) = (self.m, self.parts);
        let pieces = self.random.clone();
        let choice = self.random.random_range(0..if depth == 0 { 8 } else { 10 });
        let name = *["alpha", "beta"].choose(&mut self.random).expect("two names");
        match choice {
            0 => within(m, parts, name, x, |x| {
                x.map(|x| x.iter().map(|&lane| Self::lane(&mut pieces.clone(), lane, x[0])).collect())
            }),
            // Parts inside a `map`, cut into stages with what is around them.
            1 => x.map(|x| {
                let lane = |&lane: &Signal<'m>| {
                    let describe = |lane, other| Self::lane(&mut pieces.clone(), lane, other);
                    if !parts {
                        return describe(lane, x[x.len() - 1]);
                    }
                    m.part("lane", "", |part| {
                        let (lane, other) = (part.input("lane", lane), part.input("other", x[x.len() - 1]));
                        part.output("y", describe(lane, other))
                    })
                };
                x.iter().map(lane).collect()
            }),
            2 => within(m, parts, name, x, |x| x.spill()),
            3 => within(m, parts, name, x, |x| x.stage().named(self.fresh("waits")).fifo(3)),
            4 => within(m, parts, name, x, |x| {
                x.scan("sum", &signed(8), &[0], |sum, x, last| {
                    let next = last.mux(0, sum + x[0]).wrap(signed(8));
                    (next, x.iter().map(|&x| (x + sum).wrap(signed(8))).collect())
                })
            }),
            5 => {
                // A memory of the outside is read inside.
                let squares = m.rom(
                    self.fresh("squares"),
                    signed(8),
                    (0..256).map(|word| ((word * word) % 113).into()).collect(),
                );
                within(m, parts, name, x, |x| {
                    x.map(|x| {
                        let address = |x: Signal<'m>| x.to_bits().int(unsigned(8));
                        x.iter().map(|&x| squares.read(address(x))).collect()
                    })
                })
            }
            6 => within(m, parts, name, x, |x| x.registered()),
            7 => x,
            8 => {
                let mut branches = x.fork(2);
                let (late, early) = (branches.remove(1), branches.remove(0));
                let (one, other) = (self.piece(early, depth - 1), self.piece(late, depth - 1));
                let both = one.named("one").zip(other.named("other"));
                both.map(|(one, other)| {
                    one.iter().zip(&other).map(|(a, b)| (*a - *b).wrap(signed(8))).collect()
                })
            }
            _ => {
                let mut inner = Sketch { m, random: pieces, parts, names: self.names.clone() };
                let count = self.random.random_range(1..4);
                within(m, parts, name, x, |x| (0..count).fold(x, |x, _| inner.piece(x, depth - 1)))
            }
        }
    }
}

/// A random tree of pieces between the streams `x` and `y`.
fn sketch(seed: u64, timing: Timing, parts: bool) -> Circuit {
    let m = Module::with_timing("sketch", timing);
    let mut sketch = Sketch { m: &m, random: ChaCha8Rng::seed_from_u64(seed), parts, names: Rc::default() };
    let framed = sketch.random.random();
    let x = m.input_stream("x", framed, &vec![signed(8); 3]);
    let y = (0..4).fold(x, |x, _| sketch.piece(x, 2));
    if framed && sketch.random.random() {
        let y = within(&m, parts, "total", y, |y| {
            y.fold("total", &signed(12), &[0], |total, y| (total + y[0] - y[1] + y[2]).wrap(signed(12)))
        });
        m.output_stream("y", y);
    } else {
        m.output_stream("y", y);
    }
    finished(m)
}

fn finished(m: Module) -> Circuit {
    m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]))
}

/// Every register of `circuit` and of all inside it, in words, sorted.
fn registers(circuit: &Circuit) -> Vec<String> {
    let own = circuit.nodes.iter().filter_map(|node| match &node.op {
        Op::Register { enable, reset, .. } => Some(format!("{:?}, {}, {reset:?}", node.ty, enable.is_some())),
        Op::Read { enable, .. } => Some(format!("word of {:?}, {}", node.ty, enable.is_some())),
        _ => None,
    });
    let own = own.chain(circuit.memories.iter().map(|memory| format!("{} of {:?}", memory.words, memory.ty)));
    let mut all: Vec<String> = own.chain(children(circuit).flat_map(|inner| registers(inner))).collect();
    all.sort();
    all
}

fn children(circuit: &Circuit) -> impl Iterator<Item = &Rc<Circuit>> {
    circuit.instances.iter().map(|instance| match &instance.definition {
        Definition::Circuit(inner) => inner,
        Definition::BlackBox(_) => panic!("no black box"),
    })
}

fn modules(circuit: &Circuit) -> usize {
    1 + children(circuit).map(|inner| modules(inner)).sum::<usize>()
}

/// Outputs of both in every clock cycle, for the same random inputs.
fn assert_same(flat: Circuit, cut: Circuit, seed: u64, what: &str) {
    assert_eq!(registers(&flat), registers(&cut), "{what}");
    assert_eq!(flat.paths, cut.paths, "{what}");
    let types: Vec<Range> = flat.inputs.iter().map(|&id| flat.nodes[id].ty.range()).collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |range: &Range| match range.hi().bits() {
        bits if bits <= 62 => BigInt::from(random.random_range(0..1i64 << bits)),
        _ => BigInt::from(0),
    };
    let (mut flat, mut cut) = (Interpreter::new(flat).unwrap(), Interpreter::new(cut).unwrap());
    let mut moved = false;
    let mut before = None;
    for cycle in 0..400 {
        let inputs: Vec<BigInt> = types.iter().map(&mut draw).collect();
        let (expected, got) = (flat.cycle(cycle == 0, &inputs), cut.cycle(cycle == 0, &inputs));
        assert_eq!(expected, got, "{what}, cycle {cycle}");
        moved |= before.replace(expected.clone()).is_some_and(|before| before != expected);
    }
    assert!(moved, "{what}: nothing moves");
}

#[test]
fn random_trees_of_parts_are_their_flat_text() {
    let mut most = 0;
    for seed in 0..60 {
        for timing in [Timing::combinational(), Timing::levels(1), Timing::levels(2), Timing::levels(5)] {
            let (flat, cut) = (sketch(seed, timing, false), sketch(seed, timing, true));
            assert_eq!(modules(&flat), 1);
            most = most.max(modules(&cut));
            assert_same(flat, cut, seed, &format!("seed {seed}, {timing:?}"));
        }
    }
    assert!(most > 12, "the largest tree has only {most} modules");
}

#[test]
fn a_boundary_between_two_maps_costs_no_register() {
    // Levels: the four additions take two stages of two, wherever a boundary lies between them.
    for boundary in 0..=4 {
        let m = Module::with_timing("sums", Timing::levels(2));
        let x = m.input_stream("x", false, &vec![signed(8)]);
        fn add(x: Lanes<'_>, times: usize) -> Lanes<'_> {
            (0..times).fold(x, |x, _| x.map(|x| vec![x[0] + 1]))
        }
        let y = within(&m, true, "first", x, |x| add(x, boundary));
        let y = within(&m, true, "second", y, |y| add(y, 4 - boundary));
        m.output_stream("y", y);
        let circuit = finished(m);
        let payload =
            registers(&circuit).iter().filter(|text| !text.contains("Range { lo: 0, hi: 1 }")).count();
        assert_eq!(payload, 2, "one behind the second addition, one at the output: boundary at {boundary}");
    }
}

/// A register of the pipeline stands with those that read it, but outside a part that names it as its port: else the port would be
/// what the register holds next, under a name of nobody's, and its clock enable.
#[test]
fn a_port_that_a_part_names_is_one_though_it_comes_from_a_register_of_the_pipeline() {
    let m = Module::with_timing("sums", Timing::levels(1));
    let x = m.input_stream("x", false, &vec![signed(8); 2]);
    let late = x.map(|x| vec![x[0] + 1 + 1, x[1]]);
    let y = m.part("last", "b = a_0 + a_1", |part| {
        let a = part.input_stream("a", late);
        part.output_stream("b", a.map(|a| vec![a[0] + a[1]]))
    });
    m.output_stream("y", y);
    let circuit = finished(m);
    let last = children(&circuit).next().expect("a part");
    let names: Vec<&str> = last.inputs.iter().filter_map(|&id| last.nodes[id].name.as_deref()).collect();
    assert_eq!(names, ["a_valid", "a_payload", "b_ready"]);
    let lanes: Vec<&str> = last.payloads["a_payload"].iter().map(|(lane, _)| lane.as_str()).collect();
    assert_eq!(lanes, ["a_0", "a_1"]);
}

#[test]
fn equal_parts_are_written_once_whatever_they_are_connected_to() {
    let m = Module::with_timing("lanes", Timing::levels(1));
    let x = m.input_stream("x", true, &vec![signed(8); 4]);
    let y = x.map(|x| {
        let offset = (x[0].to_bits() ^ x[1].to_bits()).named("offset").int(signed(8));
        let lane = x.iter().map(|&lane| {
            m.part("lane", "y = |x + offset|", |part| {
                let (x, offset) = (part.input("x", lane), part.input("offset", offset));
                part.output("y", (x + offset).abs() + x)
            })
        });
        lane.collect::<Vec<_>>()
    });
    m.output_stream("y", y);
    let circuit = finished(m);
    let names: Vec<&str> = circuit.instances.iter().map(|instance| instance.name.as_str()).collect();
    assert_eq!(names, ["lane_0", "lane_1", "lane_2", "lane_3"]);
    let files = emit(&circuit);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["lanes.v", "lanes_lane.v"]);
    for text in ["// y = |x + offset|\n", "input  wire signed [7:0] x,", "offset", "y_go"] {
        let there = files[1].text.contains(text);
        assert_eq!(there, text != "y_go", "{text} in\n{}", files[1].text);
    }
}

#[test]
fn a_rule_that_a_part_breaks_is_reported_with_the_part_and_the_line() {
    let m = Module::new("outer");
    let x = m.input("x", signed(8));
    let line = line!() + 3; // That of the register.
    let y = m.part("inner", "", |part| {
        let x = part.input("x", x);
        let register = m.register(signed(8), 0).named("state");
        m.part("innermost", "", |_| m.memory("words", 2, signed(8)).write_when(m.always(), m.never(), x));
        m.part("innermost", "", |_| m.memory("words", 2, signed(8)).read(m.never()) + register.get())
    });
    m.output("y", y);
    let violations = m.finish().expect_err("four rules are broken");
    assert!(violations[2].to_string().starts_with(&format!("tests/parts.rs:{line}: module `inner`: ")));
    let texts: Vec<String> =
        violations.iter().map(|Violation { module, what, .. }| format!("{module}: {what}")).collect();
    assert_eq!(
        texts,
        [
            "outer: input `x` is never read",
            "innermost: memory `words` is never read",
            "inner: register `state` has no next value",
            "innermost: memory `words` is read but never written",
        ]
    );
}

#[test]
fn a_loop_through_parts_is_found() {
    let m = Module::new("ring");
    let x = m.input_stream("x", false, &signed(8));
    let (y, ready) = Stream::offer("y", x.valid(), None, *x.payload());
    let taken = m.part("taker", "", |_| x.take(ready));
    let y = m.part("giver", "", |_| y.take(taken.passes));
    m.output("y", y.payload);
    let violations = m.finish().expect_err("`ready` waits for itself");
    let what = &violations[0].what;
    assert!(what.starts_with("a loop without a register through ") && what.contains("y_ready"), "{what}");
}

#[test]
fn several_signals_are_one_port_and_keep_their_ranges() {
    let m = Module::new("outer");
    let narrow = Range::new(-3, 5);
    let x: Vec<_> = (0..3).map(|lane| m.input(format!("x{lane}"), narrow.clone())).collect();
    let sums = m.part("inner", "", |part| {
        let x = part.input("x", x);
        part.output("y", vec![x[0] + x[1], x[1] + x[2]])
    });
    assert_eq!(sums[0].range(), Range::new(-6, 10));
    sums.iter().zip(["y0", "y1"]).for_each(|(sum, name)| m.output(name, *sum));
    let circuit = finished(m);
    let inner = children(&circuit).next().expect("a part").clone();
    assert_eq!(inner.nodes[inner.inputs[0]].ty, Type::Bits(12));
    assert_eq!((inner.inputs.len(), inner.outputs[0].ty.clone()), (1, Type::Bits(10)));
    let mut interpreter = Interpreter::new(circuit).unwrap();
    for x in [[-3, 5, -3], [5, 5, 5], [-3, -3, 1]] {
        let sums = [x[0] + x[1], x[1] + x[2]].map(BigInt::from);
        assert_eq!(interpreter.cycle(false, &x.map(BigInt::from)), sums);
    }
}

#[test]
fn lanes_that_feed_each_other_are_not_packed() {
    let m = Module::new("outer");
    let (x, valid) = (m.input("x", unsigned(4)), m.input("valid", Range::condition()));
    let (stream, ready) = Stream::offer("stream", valid, None, x);
    let y = m.part("lanes", "", |part| {
        let lanes = part.input("lanes", vec![x, ready]);
        part.output("y", vec![lanes[0] + 1, lanes[1] + 2])
    });
    // One lane that leaves decides the other that enters: a loop through words, but none through bits.
    let taken = stream.take(y[0].eq(3));
    m.output("y", y[1]);
    m.output("passes", taken.passes);
    let circuit = finished(m);
    assert_eq!(children(&circuit).next().expect("a part").inputs.len(), 2);
    let mut interpreter = Interpreter::new(circuit).unwrap();
    for (x, expected) in [(2, [3, 1]), (3, [2, 0])] {
        assert_eq!(interpreter.cycle(false, &[x, 1].map(BigInt::from)), expected.map(BigInt::from));
    }
}

#[test]
fn the_register_before_an_output_stands_in_the_part_that_gives_the_stream() {
    let m = Module::with_timing("doubled", Timing::clock(Family::ICE40_HX, 50.0));
    let x = m.input_stream("x", true, &signed(8));
    let y = m.part("double", "y = 2 x + 1", |part| {
        let x = part.input_stream("x", x);
        part.output_stream("y", x.stage().map(|x| x + x + 1))
    });
    m.output_stream("result", y);
    let circuit = m.finish().unwrap();
    let double = children(&circuit).next().expect("a part");
    assert_eq!(registers(double).len(), 6, "valid, last and the payload, before and after the sum");
    assert_eq!(registers(&circuit), registers(double), "none stands outside");
    let outputs: Vec<&str> = double.outputs.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(outputs, ["x_ready", "y_valid", "y_payload", "y_last"]);
}
