//! The language as a generator's author writes it: what comes out of a description, and every message of a mistake.

use num_bigint::BigInt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use ternlet::hdl::*;
use ternlet::verilog::emit;

/// The value of the only output for these inputs.
fn value(m: Module, inputs: &[i64]) -> BigInt {
    let circuit = Rc::new(m.finish().unwrap_or_else(|violations| panic!("{}", violations[0])));
    let inputs: Vec<BigInt> = inputs.iter().map(|&value| value.into()).collect();
    Interpreter::new(circuit).expect("no black box").cycle(false, &inputs)[0].clone()
}

/// The message of the panic of `f`.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("a mistake panics");
    payload
        .downcast_ref::<String>()
        .cloned()
        .or(payload.downcast_ref::<&str>().map(|s| s.to_string()))
        .unwrap()
}

#[test]
fn a_chain_of_37_signed_bytes_takes_14_bits() {
    let m = Module::new("chain");
    let sum = (0..37).map(|i| m.input(format!("x{i}"), signed(8))).reduce(|a, b| a + b).unwrap();
    assert_eq!(sum.range(), Range::new(-37 * 128, 37 * 127));
    assert_eq!(sum.width(), 14);
}

/// Each rounding against its definition on fractions: the nearest integers to `a / 2^k`, and which of them.
#[test]
fn rounding_is_that_of_its_definition() {
    for k in 0..4u32 {
        for rounding in Rounding::ALL {
            for a in -32..32i64 {
                let exact = a as f64 / f64::from(1 << k);
                let expected = match rounding {
                    Rounding::Floor => exact.floor(),
                    Rounding::HalfUp => (exact + 0.5).floor(),
                    Rounding::HalfEven => exact.round_ties_even(),
                    Rounding::TowardZero => exact.trunc(),
                    Rounding::Ceil => exact.ceil(),
                    Rounding::AwayFromZero => exact.abs().ceil().copysign(exact),
                    Rounding::HalfAwayFromZero => exact.round(),
                    Rounding::HalfTowardZero => (exact.abs() - 0.5).ceil().copysign(exact),
                };
                let m = Module::new("round");
                let x = m.input("x", signed(6));
                m.output("y", x.round_shift(k, rounding));
                assert_eq!(value(m, &[a]), BigInt::from(expected as i64), "{a} / 2^{k}, {rounding:?}");
            }
        }
    }
}

#[test]
fn narrowing_verbs_on_every_value() {
    for a in -64..64i64 {
        let narrow = |f: fn(Signal<'_>) -> Signal<'_>| {
            let m = Module::new("narrow");
            m.output("y", f(m.input("x", signed(7))));
            value(m, &[a])
        };
        assert_eq!(narrow(|x| x.saturate(Range::new(-5, 9))), BigInt::from(a.clamp(-5, 9)));
        assert_eq!(narrow(|x| x.wrap(signed(4))), BigInt::from((a + 8).rem_euclid(16) - 8));
        assert_eq!(narrow(|x| x.wrap(unsigned(4))), BigInt::from(a.rem_euclid(16)));
        assert_eq!(narrow(|x| x.abs()), BigInt::from(a.abs()));
        assert_eq!(narrow(|x| x.max(3)), BigInt::from(a.max(3)));
        assert_eq!(narrow(|x| x.min(-3)), BigInt::from(a.min(-3)));
    }
}

#[test]
fn an_index_chooses_its_item_whatever_their_number() {
    for count in 1..=9i64 {
        for index in 0..count {
            let m = Module::new("choose");
            let items: Vec<_> = (0..count).map(|item| m.constant(10 * item)).collect();
            let place = m.input("index", Range::new(0, count - 1));
            m.ignore(place);
            m.output("y", place.choose(&items) + m.input("zero", Range::new(0, 1)));
            assert_eq!(value(m, &[index, 0]), BigInt::from(10 * index));
        }
    }
}

#[test]
fn words_are_cut_and_joined_from_the_least_significant_bits() {
    let m = Module::new("lanes");
    let lanes = m.input_bits("word", 12).lanes(3, &signed(4));
    m.output("y", m.concat(&[lanes[2], lanes[0]]).int(unsigned(8)));
    assert_eq!(value(m, &[0xabc]), BigInt::from(0xca));
}

#[test]
fn a_memory_is_written_and_read_a_cycle_later() {
    let m = Module::new("ram");
    let (write, address) = (m.input("write", Range::condition()), m.input("address", Range::new(0, 4)));
    let memory = m.memory("words", 5, signed(9));
    memory.write_when(write, address, m.input("x", signed(9)));
    m.output("y", memory.read_when(!write, address));
    let mut interpreter = Interpreter::new(m.finish().unwrap()).expect("no black box");
    let mut cycle = |inputs: [i64; 3]| interpreter.cycle(false, &inputs.map(BigInt::from))[0].clone();
    cycle([1, 4, -7]);
    cycle([1, 3, 200]);
    cycle([0, 4, 0]);
    cycle([0, 3, 0]);
    assert_eq!(cycle([1, 0, 0]), BigInt::from(200));
    assert_eq!(cycle([1, 0, 0]), BigInt::from(200), "a read that is not enabled stays");
}

#[test]
fn an_instance_is_emitted_once_and_means_its_circuit() {
    let half = Module::new("half");
    half.output("y", half.input("x", signed(8)) >> 1);
    let half = Rc::new(half.finish().unwrap());
    let m = Module::new("quarter");
    let once = m.instance("first", half.clone(), &[m.input("x", signed(8))]);
    let twice = m.instance("second", half, &[once[0].wrap(signed(8))]);
    m.output("y", twice[0]);
    let circuit = m.finish().unwrap();
    assert_eq!(circuit.paths, [[0]]);
    assert!(!circuit.clocked);
    let names: Vec<String> = emit(&circuit).into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["quarter.v", "quarter_half.v"]);
    let mut interpreter = Interpreter::new(circuit).expect("no black box");
    assert_eq!(interpreter.cycle(false, &[BigInt::from(-7)]), [BigInt::from(-2)]);
}

#[test]
fn a_mistake_names_both_sides() {
    let m = Module::new("mistakes");
    let (x, word) = (m.input("x", signed(8)), m.input_bits("word", 8));
    let cases: [(&dyn Fn(), &str); 9] = [
        (
            &|| {
                _ = word + 1;
            },
            "`+` wants integers, not a word of 8 bits; say which number it is with `int(range)`",
        ),
        (
            &|| m.register(signed(8), 0).set(x + 1),
            "a register holds -128..=127 but its next value can be -127..=128; wrap or saturate it, or widen the register",
        ),
        (
            &|| {
                _ = x.mux(1, 0);
            },
            "the choice of a multiplexer wants a condition (0 or 1), not an integer in -128..=127",
        ),
        (
            &|| {
                _ = x.wrap(Range::new(0, 2));
            },
            "`wrap` wants a whole word, not 0..=2",
        ),
        (
            &|| {
                _ = x & x;
            },
            "`&` wants two conditions or two words of one width, not an integer in -128..=127 and an integer in -128..=127",
        ),
        (
            &|| {
                _ = word.slice(4, 5);
            },
            "bits 4..9 of a word of 8 bits",
        ),
        (
            &|| {
                _ = x.choose(&[x]);
            },
            "an index in -128..=127 chooses of 1 items",
        ),
        (
            &|| {
                _ = m.memory("few", 5, signed(4)).read(word.int(unsigned(8)));
            },
            "an address in 0..=255 reaches past the 5 words of a memory",
        ),
        (
            &|| {
                _ = Module::new("other").input("y", signed(2)) + x;
            },
            "a signal of module `mistakes` is used in module `other`",
        ),
    ];
    for (mistake, expected) in cases {
        assert_eq!(message(mistake), expected);
    }
}

#[test]
fn finish_reports_every_broken_rule_with_its_line() {
    let m = Module::new("broken");
    let line = line!() + 1;
    let _unread = m.input("unread", signed(8));
    let register = m.register(signed(8), 0).named("state");
    m.output("y", register.get());
    m.output("y", m.input("clk", signed(2)));
    m.output("z", m.memory("empty", 4, signed(2)).read(m.input("address", unsigned(2))));
    let violations = m.finish().expect_err("four rules are broken");
    let texts: Vec<&str> = violations.iter().map(|violation| violation.what.as_str()).collect();
    assert_eq!(
        texts,
        [
            "input `unread` is never read",
            "register `state` has no next value",
            "memory `empty` is read but never written",
            "input `clk` has the name of the clock",
            "output `y` has the name of another output",
        ]
    );
    assert!(violations[0].to_string().starts_with(&format!("tests/language.rs:{line}: module `broken`: ")));
}

/// The line of the panic of `f`, and its message.
fn mistake(f: impl FnOnce()) -> (u32, String) {
    use std::cell::Cell;
    use std::panic::{set_hook, take_hook};
    use std::sync::Once;
    static HOOK: Once = Once::new();
    thread_local!(static LINE: Cell<u32> = const { Cell::new(0) });
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            LINE.set(info.location().filter(|at| at.file() == file!()).map_or(0, |at| at.line()));
            before(info);
        }));
    });
    let message = message(f);
    (LINE.get(), message)
}

/// Generators come to a width of 0 with their smallest parameter: the author reads it at the line that makes the word.
#[test]
fn a_word_of_no_bits_is_a_mistake_at_its_line() {
    let m = Module::new("empty");
    let x = m.input("x", signed(4));
    let first = line!() + 2;
    let words: [&dyn Fn(); 7] = [
        &|| _ = m.input_bits("flags", 0),
        &|| _ = m.bits(0, 0),
        &|| _ = m.register(Type::Bits(0), 0).get(),
        &|| _ = m.unreset_register(Type::Bits(0)).get(),
        &|| _ = m.memory("flags", 4, Type::Bits(0)),
        &|| _ = m.concat(&[]),
        &|| _ = x.repeat(0),
    ];
    for (word, line) in words.into_iter().zip(first..) {
        let (at, message) = mistake(word);
        assert!(
            message.ends_with("a word of no bits; leave the signal out where its width is 0"),
            "{message}"
        );
        assert_eq!(at, line, "{message}");
    }
}

/// A sum with the register's own value is too wide for any register: what the panic advises works.
#[test]
fn an_accumulator_is_told_what_works() {
    type Next = for<'m> fn(Signal<'m>) -> Signal<'m>;
    let accumulator = |next: Next, direct: bool| {
        let m = Module::new("sum");
        let acc = m.register(signed(8), 0).named("acc");
        let x = m.input("x", signed(4));
        // Through another register it is the same.
        let back = if direct { acc.get() } else { acc.get().delay(m.always()) };
        acc.set(next(back + x));
        m.output("y", acc.get());
        m.finish().map(drop).unwrap_or_else(|violations| panic!("{}", violations[0]));
    };
    for direct in [true, false] {
        let (line, message) = mistake(|| accumulator(|sum| sum, direct));
        let said = "a register holds -128..=127 but its next value can be -136..=134; it grows out of any width, since it comes \
                    from the register itself; wrap or saturate it, or assume the range in which you know it to stay";
        assert_eq!(message, said);
        assert!(line > 0, "the author's line");
        accumulator(|sum| sum.wrap(signed(8)), direct);
        accumulator(|sum| sum.saturate(signed(8)), direct);
        accumulator(|sum| sum.assume(signed(8)), direct);
    }
}

#[test]
fn what_has_no_name_is_found_by_its_line() {
    let m = Module::new("nameless");
    let line = line!() + 1;
    let register = m.register(signed(8), 0);
    m.output("y", register.get());
    let unread = m.register(signed(8), 0);
    unread.set(0);
    let violations: Vec<String> =
        m.finish().expect_err("two rules").iter().map(ToString::to_string).collect();
    let at = |line: u32| format!("tests/language.rs:{line}: module `nameless`: ");
    assert_eq!(violations[0], at(line + 2) + "register is never read");
    assert_eq!(violations[1], at(line) + "register has no next value");
}
