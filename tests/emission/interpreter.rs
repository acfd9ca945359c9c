//! State, ranges and names of the interpreter.

use crate::build::Build;
use num_bigint::BigInt;
use ternlet::hdl::*;

fn run(m: Build) -> Interpreter {
    Interpreter::new(m.finish()).expect("no black box")
}

#[test]
fn reset_comes_before_enable_and_registers_start_nearest_to_0() {
    let mut m = Build::new("registers");
    let a = m.input("a", Range::new(3, 9));
    let enable = m.input("enable", Range::condition());
    for (name, enable, reset) in
        [("plain", None, None), ("enabled", Some(enable), None), ("reset", Some(enable), Some(7))]
    {
        let register = m.register(Range::new(3, 9), a, enable, reset);
        m.output(name, register);
    }
    let mut interpreter = run(m);
    let mut see = |rst: u8, enable: u8, a: i64| {
        interpreter.set("rst", rst);
        interpreter.set("enable", enable);
        interpreter.set("a", a);
        let seen = ["plain", "enabled", "reset"].map(|name| interpreter.get(name));
        interpreter.step();
        seen.map(|value| i64::try_from(value).expect("small"))
    };
    assert_eq!(see(0, 0, 9), [3, 3, 3]);
    assert_eq!(see(1, 1, 8), [9, 3, 3]);
    assert_eq!(see(0, 1, 5), [8, 8, 7]);
    assert_eq!(see(1, 0, 4), [5, 5, 5]);
    assert_eq!(see(0, 0, 4), [4, 5, 7]);
    assert_eq!(see(0, 0, 4), [4, 5, 7]);
}

#[test]
fn a_read_that_meets_a_write_takes_the_old_word() {
    let mut m = Build::new("memory");
    let address = m.input("address", Range::new(0, 2));
    let value = m.input("value", signed(70));
    let write = m.input("write", Range::condition());
    let memory = m.memory("words", signed(70), 3, Some(vec![10.into(), 20.into(), (-30).into()]));
    m.circuit.memories[memory].write = Some(Write { enable: write, address, value });
    let word = m.read(memory, address, None);
    m.output("word", word);
    let mut interpreter = run(m);
    let mut words = Vec::new();
    for (address, value, write) in
        [(2, 5, 0), (2, 6, 1), (2, 7, 0), (0, 8, 1), (1, 0, 0), (0, 0, 0), (0, 0, 0)]
    {
        words.push(interpreter.cycle(false, &[address, value, write].map(BigInt::from)).remove(0));
    }
    assert_eq!(words, [0, -30, -30, 6, 10, 20, 8].map(BigInt::from));
}

#[test]
#[should_panic(expected = "inner.total is 12, which is not in 0..=11 (tests/emission/interpreter.rs:")]
fn a_value_out_of_its_range_is_named_with_its_path() {
    let mut inner = Build::new("inner");
    let a = inner.input("a", Range::new(0, 6));
    let total = inner.typed(Op::Add(a, a), Range::new(0, 11));
    inner.named(total, "total");
    inner.output("total", total);
    let mut m = Build::new("outer");
    let a = m.input("a", Range::new(0, 6));
    let total = m.instance("inner", &inner.finish(), vec![a])[0];
    m.output("total", total);
    let mut interpreter = run(m);
    interpreter.cycle(false, &[5.into()]);
    interpreter.cycle(false, &[6.into()]);
}

#[test]
fn with_reset_a_broken_assumption_is_pulled_into_its_range() {
    let mut m = Build::new("assume");
    let a = m.input("a", signed(80));
    let assumed = m.typed(Op::Assume { a, when: None }, Range::new(-5, 20));
    m.output("y", assumed);
    let mut interpreter = run(m);
    assert_eq!(interpreter.cycle(true, &[100.into()]), [20.into()]);
    assert_eq!(interpreter.cycle(false, &[12.into()]), [12.into()]);
}

/// `y`, which is `a`, assumed to be -5 to 20.
fn assuming() -> Interpreter {
    let mut m = Build::new("assume");
    let a = m.input("a", signed(80));
    let assumed = m.typed(Op::Assume { a, when: None }, Range::new(-5, 20));
    m.output("y", assumed);
    run(m)
}

#[test]
fn a_peek_in_the_middle_of_a_cycle_checks_no_assumption() {
    let mut interpreter = assuming();
    interpreter.set("a", 100);
    assert_eq!(interpreter.peek("y"), 20.into());
    interpreter.set("a", 12);
    assert_eq!(
        [interpreter.peek("y"), interpreter.get("y"), interpreter.peek("y")],
        [12, 12, 12].map(BigInt::from)
    );
}

#[test]
#[should_panic(expected = "is 100, which is not in -5..=20")]
fn a_step_checks_what_a_peek_did_not() {
    let mut interpreter = assuming();
    interpreter.set("a", 100);
    interpreter.peek("y");
    interpreter.step();
}

#[test]
fn a_running_circuit_goes_to_another_thread() {
    let mut interpreter = assuming();
    let outputs = std::thread::spawn(move || interpreter.cycle(false, &[7.into()])).join().unwrap();
    assert_eq!(outputs, [7.into()]);
}

#[test]
#[should_panic(expected = "a is 4, which is not in 0..=3")]
fn inputs_keep_to_their_ranges() {
    let mut m = Build::new("input");
    let a = m.input("a", unsigned(2));
    m.output("y", a);
    run(m).set("a", 4);
}

#[test]
fn instances_may_pass_values_back_and_forth_in_one_cycle() {
    let mut inner = Build::new("two_ways");
    let (a, b) = (inner.input("a", unsigned(4)), inner.input("b", unsigned(5)));
    let up = inner.node(Op::Add(a, a));
    let down = inner.node(Op::Sub(b, a));
    inner.output("up", up);
    inner.output("down", down);
    let inner = inner.finish();
    let mut m = Build::new("loops");
    let a = m.input("a", unsigned(4));
    // The second input of the instance comes, through a shift, from its own first output.
    m.circuit.instances.push(Instance {
        name: "inner".into(),
        definition: Definition::Circuit(inner),
        inputs: vec![a, 2],
        at: std::panic::Location::caller(),
    });
    let up = m.typed(Op::Output { instance: 0, port: 0 }, unsigned(5));
    let half = m.typed(Op::ShiftRight(up, 1), unsigned(5));
    let down = m.typed(Op::Output { instance: 0, port: 1 }, Range::new(-15, 31));
    assert_eq!(half, 2);
    m.output("down", down);
    let mut interpreter = run(m);
    assert_eq!(interpreter.cycle(false, &[9.into()]), [0.into()]);
}
