//! Every operation, exhaustively at small widths and at random on wide words, against its formula.

use crate::build::Build;
use crate::simulate::{Case, icarus, verilator, yosys};
use num_bigint::BigInt;
use num_integer::Integer;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::rc::Rc;
use ternlet::hdl::*;
use ternlet::verilog::emit;

/// What an output must be for the inputs `a` and `b`.
type Formula = Box<dyn Fn(&BigInt, &BigInt) -> BigInt>;

/// The low `width` bits.
fn low(value: &BigInt, width: u32) -> BigInt {
    value.mod_floor(&(BigInt::from(1) << width))
}

/// The low `width` bits, the highest of which is the sign.
fn low_signed(value: &BigInt, width: u32) -> BigInt {
    let half = BigInt::from(1) << (width - 1);
    low(&(value + &half), width) - half
}

/// A circuit that applies every operation to inputs of two types, and the formula of each output.
fn circuit(name: &str, a_range: &Range, b_range: &Range) -> (Rc<Circuit>, Vec<Formula>) {
    let mut build = Build::new(name);
    let mut formulas: Vec<Formula> = Vec::new();
    let (a, b) = (build.input("a", a_range.clone()), build.input("b", b_range.clone()));
    let mut output = |build: &mut Build, node: NodeId, formula: Formula| {
        build.output(&format!("y{}", formulas.len()), node);
        formulas.push(formula);
    };
    macro_rules! op {
        ($op:expr, |$x:ident, $y:ident| $formula:expr) => {{
            let node = build.node($op);
            output(&mut build, node, Box::new(move |$x: &BigInt, $y: &BigInt| $formula));
            node
        }};
        ($op:expr, $ty:expr, |$x:ident, $y:ident| $formula:expr) => {{
            let node = build.typed($op, $ty);
            output(&mut build, node, Box::new(move |$x: &BigInt, $y: &BigInt| $formula));
            node
        }};
    }
    op!(Op::Add(a, b), |a, b| a + b);
    op!(Op::Sub(a, b), |a, b| a - b);
    op!(Op::Mul(a, b), |a, b| a * b);
    let eq = op!(Op::Compare(Comparison::Eq, a, b), |a, b| BigInt::from(u8::from(a == b)));
    op!(Op::Compare(Comparison::Ne, a, b), |a, b| BigInt::from(u8::from(a != b)));
    let lt = op!(Op::Compare(Comparison::Lt, a, b), |a, b| BigInt::from(u8::from(a < b)));
    let le = op!(Op::Compare(Comparison::Le, a, b), |a, b| BigInt::from(u8::from(a <= b)));
    op!(Op::Adder { a, b, carry_in: None, subtracts: false, inverted: false }, |a, b| a + b);
    op!(Op::Adder { a, b, carry_in: None, subtracts: true, inverted: false }, |a, b| a - b);
    op!(Op::Adder { a, b, carry_in: Some(lt), subtracts: false, inverted: true }, |a, b| -(a
        + b
        + u8::from(a < b))
        - 1);
    op!(Op::Adder { a, b, carry_in: Some(lt), subtracts: true, inverted: true }, |a, b| -(a - b
        + u8::from(a < b))
        - 1);
    op!(Op::Adder { a, b, carry_in: Some(lt), subtracts: false, inverted: false }, |a, b| a
        + b
        + u8::from(a < b));
    op!(Op::Mux { condition: le, then: a, otherwise: b }, |a, b| a.min(b).clone());
    op!(Op::Not(lt), |a, b| BigInt::from(u8::from(a >= b)));
    op!(Op::And(le, lt), |a, b| BigInt::from(u8::from(a < b)));
    op!(Op::Or(eq, lt), |a, b| BigInt::from(u8::from(a <= b)));
    op!(Op::Xor(eq, lt), |a, b| BigInt::from(u8::from(a <= b)));
    op!(Op::Wire { driver: Some(a) }, |a, _b| a.clone());
    for constant in [-5, 0, 3] {
        let c = build.constant(constant);
        op!(Op::Sub(c, a), |a, _b| constant - a);
        op!(Op::Mul(b, c), |_a, b| b * constant);
        op!(Op::Compare(Comparison::Le, c, b), |_a, b| BigInt::from(u8::from(&BigInt::from(constant) <= b)));
    }
    // Of a gate with a constant at either side only the other side is written, or the constant.
    for bit in [0u8, 1] {
        let c = build.constant(i64::from(bit));
        op!(Op::And(lt, c), |a, b| BigInt::from(u8::from(a < b) & bit));
        op!(Op::And(c, le), |a, b| BigInt::from(u8::from(a <= b) & bit));
        op!(Op::Or(lt, c), |a, b| BigInt::from(u8::from(a < b) | bit));
        op!(Op::Or(c, le), |a, b| BigInt::from(u8::from(a <= b) | bit));
        op!(Op::Not(c), |_a, _b| BigInt::from(1 - bit));
    }
    for k in [0, 1, 3] {
        op!(Op::ShiftLeft(a, k), |a, _b| a << k);
    }
    let (wa, wb) = (a_range.width(), b_range.width());
    for k in [0, 1, 2, wa - 1, wa, wa + 70] {
        op!(Op::ShiftRight(a, k), |a, _b| a.div_floor(&(BigInt::from(1) << k)));
    }
    let wide = Range::new(a_range.lo() - 1000, a_range.hi() + 1000);
    op!(Op::ShiftRight(a, 2), wide, |a, _b| a.div_floor(&BigInt::from(4)));
    for width in [1, 2, wa, wa + 3] {
        op!(Op::Wrap(a), unsigned(width), |a, _b| low(a, width));
        op!(Op::Wrap(a), signed(width), |a, _b| low_signed(a, width));
    }
    for (lo, hi) in [(-2, 2), (0, 3), (-100, 1), (1, 100), (-100, 100), (50, 60)] {
        let (lo, hi) = (BigInt::from(lo), BigInt::from(hi));
        let (nearest_lo, nearest_hi) = (a_range.lo().clamp(&lo, &hi), a_range.hi().clamp(&lo, &hi));
        let hull = Range::new(nearest_lo.clone(), nearest_hi.clone());
        op!(Op::Clamp(a), hull, |a, _b| a.clamp(&lo, &hi).clone());
    }
    op!(Op::Assume { a, when: None }, Range::new(a_range.lo() - 1, a_range.hi() + 9), |a, _b| a.clone());
    let a_bits = op!(Op::ToBits(a), |a, _b| low(a, wa));
    let b_bits = op!(Op::ToBits(b), |_a, b| low(b, wb));
    op!(Op::ToInt(a_bits), unsigned(wa), |a, _b| low(a, wa));
    op!(Op::ToInt(a_bits), signed(wa), |a, _b| low_signed(a, wa));
    op!(Op::Concat(vec![a_bits, b_bits, a_bits]), |a, b| low(a, wa)
        + (low(b, wb) << wa)
        + (low(a, wa) << (wa + wb)));
    for (lsb, width) in [(0, 1), (wa - 1, 1), (wa / 2, wa - wa / 2)] {
        op!(Op::Slice { a: a_bits, lsb }, Type::Bits(width), |a, _b| low(&(a >> lsb), width));
    }
    // Two words of one width, and numbers read from them whose sign is not that of the port.
    let width = wa.min(wb);
    let [x, y] = [a_bits, b_bits].map(|word| build.typed(Op::Slice { a: word, lsb: 0 }, Type::Bits(width)));
    op!(Op::And(x, y), |a, b| low(&(a & b), width));
    op!(Op::Or(x, y), |a, b| low(&(a | b), width));
    op!(Op::Xor(x, y), |a, b| low(&(a ^ b), width));
    op!(Op::Not(x), |a, _b| (BigInt::from(1) << width) - 1 - low(a, width));
    op!(Op::Mux { condition: lt, then: x, otherwise: y }, |a, b| low(a.min(b), width));
    op!(Op::Compare(Comparison::Lt, x, y), |a, b| BigInt::from(u8::from(low(a, width) < low(b, width))));
    for (p, q) in [(a_bits, b_bits), (x, y)] {
        let [p, q] = [p, q].map(|word| (word, build.ty(word).width()));
        let (wp, wq) = (p.1, q.1);
        let unsigned_p = build.typed(Op::ToInt(p.0), unsigned(wp));
        let unsigned_q = build.typed(Op::ToInt(q.0), unsigned(wq));
        let signed_p = build.typed(Op::ToInt(p.0), signed(wp));
        let signed_q = build.typed(Op::ToInt(q.0), signed(wq));
        op!(Op::Compare(Comparison::Lt, unsigned_p, unsigned_q), |a, b| BigInt::from(u8::from(
            low(a, wp) < low(b, wq)
        )));
        op!(Op::Compare(Comparison::Le, signed_p, signed_q), |a, b| BigInt::from(u8::from(
            low_signed(a, wp) <= low_signed(b, wq)
        )));
        op!(Op::Mul(unsigned_p, signed_q), |a, b| low(a, wp) * low_signed(b, wq));
    }
    (build.finish(), formulas)
}

/// Interprets `circuit` on all pairs of values, compares each output with its formula, and gives the stimuli.
fn check(circuit: &Rc<Circuit>, formulas: &[Formula], pairs: Vec<[BigInt; 2]>) -> Case {
    let mut interpreter = Interpreter::new(circuit.clone()).expect("no black box");
    for [a, b] in &pairs {
        let outputs = interpreter.cycle(false, &[a.clone(), b.clone()]);
        for ((output, formula), port) in outputs.iter().zip(formulas).zip(&circuit.outputs) {
            let op = &circuit.nodes[port.node].op;
            assert_eq!(*output, formula(a, b), "{}: {op:?} of {a} and {b}", circuit.name);
        }
    }
    let cycles = pairs.into_iter().map(|pair| (false, pair.to_vec())).collect();
    Case { circuit: circuit.clone(), cycles }
}

fn small_cases() -> Vec<Case> {
    let ranges =
        [(-4, 3), (0, 7), (-3, 5), (0, 1), (2, 6), (-1, 0), (-7, -2)].map(|(lo, hi)| Range::new(lo, hi));
    let mut cases = Vec::new();
    for a_range in &ranges {
        for b_range in &ranges {
            let (circuit, formulas) = circuit(&format!("small{}", cases.len()), a_range, b_range);
            let all = |range: &Range| num_iter(range).collect::<Vec<_>>();
            let bs = all(b_range);
            let pairs = all(a_range).into_iter();
            let pairs = pairs.flat_map(|a| bs.iter().map(move |b| [a.clone(), b.clone()])).collect();
            cases.push(check(&circuit, &formulas, pairs));
        }
    }
    cases
}

fn num_iter(range: &Range) -> impl Iterator<Item = BigInt> + use<> {
    let (hi, mut next) = (range.hi().clone(), range.lo().clone());
    std::iter::from_fn(move || {
        let value = next.clone();
        next += 1;
        (value <= hi).then_some(value)
    })
}

fn wide_cases() -> Vec<Case> {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let ranges = [
        signed(31),
        unsigned(32),
        signed(63),
        signed(64),
        unsigned(64),
        signed(65),
        unsigned(65),
        signed(129),
        unsigned(200),
        signed(200),
    ];
    let mut cases = Vec::new();
    for (index, a_range) in ranges.iter().enumerate() {
        for b_range in [&ranges[(index + 1) % ranges.len()], &ranges[(index * 7 + 3) % ranges.len()]] {
            let (circuit, formulas) = circuit(&format!("wide{}", cases.len()), a_range, b_range);
            let mut pick = |range: &Range| match random.next_u32() % 8 {
                0 => range.lo().clone(),
                1 => range.hi().clone(),
                2 => BigInt::from(1).clamp(range.lo().clone(), range.hi().clone()),
                _ => random_in(&mut random, range),
            };
            let pairs = (0..60).map(|_| [pick(a_range), pick(b_range)]).collect();
            cases.push(check(&circuit, &formulas, pairs));
        }
    }
    cases
}

/// An integer of `range`, the long ones as likely as the short.
pub fn random_in(random: &mut ChaCha8Rng, range: &Range) -> BigInt {
    let words = range.width() / 32 + 2;
    let digits = (0..words).map(|_| random.next_u32()).collect();
    let span: BigInt = range.hi() - range.lo() + 1;
    range.lo() + BigInt::from(num_bigint::BigUint::new(digits)).mod_floor(&span)
}

#[test]
fn the_interpreter_computes_every_operation() {
    assert_eq!(small_cases().len(), 49);
    assert_eq!(wide_cases().len(), 20);
}

#[test]
fn simulators_compute_every_operation_without_a_warning() {
    let mut cases = small_cases();
    cases.extend(wide_cases());
    for simulator in [verilator, icarus, yosys] {
        simulator(&cases).unwrap_or_else(|(case, message)| panic!("{}: {message}", cases[case].circuit.name));
    }
}

/// Verilator reads no line of more than 40,000 tokens, and each of these bits is five.
#[test]
fn a_word_of_many_parts_is_read_by_all() {
    const BITS: u32 = 9000;
    let mut build = Build::new("turning");
    let word = build.input("word", Type::Bits(BITS));
    let bits: Vec<NodeId> =
        (0..BITS).map(|lsb| build.typed(Op::Slice { a: word, lsb }, Type::Bits(1))).collect();
    let same = build.node(Op::Concat(bits.clone()));
    build.output("same", same);
    let turned = build.node(Op::Concat(bits.into_iter().rev().collect()));
    build.output("turned", turned);
    let circuit = build.finish();
    let text = &emit(&circuit)[0].text;
    assert!(text.contains("assign same = word;"), "neighbours become one");
    let longest = text.lines().map(str::len).max().unwrap_or(0);
    assert!(longest < 200, "a line of {longest} characters");
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let last: BigInt = (BigInt::from(1) << BITS) - 1;
    let cycles =
        (0..4).map(|_| (false, vec![random_in(&mut random, &Range::new(0, last.clone()))])).collect();
    let cases = [Case { circuit, cycles }];
    for simulator in [verilator, icarus, yosys] {
        simulator(&cases).unwrap_or_else(|(_, message)| panic!("{message}"));
    }
}
