//! Assumptions stop a simulation where they do not hold, and only there.

use crate::build::Build;
use crate::simulate::{Case, icarus_prints, verilator_prints};
use ternlet::hdl::*;

/// Assumes that `a` lies in -5..=20, that word `d` is a digit, and that a register that is never written is small.
fn case(values: &[(bool, i64, i64)]) -> Case {
    let mut m = Build::new("assumes");
    let a = m.input("a", signed(8));
    let d = m.input("d", Type::Bits(4));
    let small = m.typed(Op::Assume { a, when: None }, Range::new(-5, 20));
    m.named(small, "small");
    let digit = m.typed(Op::ToInt(d), unsigned(4));
    let digit = m.typed(Op::Assume { a: digit, when: None }, Range::new(0, 9));
    m.named(digit, "digit");
    let never = m.constant(0);
    let unknown = m.register(signed(8), a, Some(never), None);
    let assumed = m.typed(Op::Assume { a: unknown, when: None }, Range::new(-1, 5));
    for (name, node) in [("small", small), ("digit", digit), ("unknown", assumed)] {
        m.output(&format!("{name}_out"), node);
    }
    let cycles = values.iter().map(|&(reset, a, d)| (reset, vec![a.into(), d.into()])).collect();
    Case { circuit: m.finish(), cycles }
}

type Simulator = fn(&[Case]) -> String;

/// How many cycles the simulator runs, and what it says in the end.
fn outcome(simulator: Simulator, values: &[(bool, i64, i64)]) -> (usize, Option<String>) {
    let printed = simulator(&[case(values)]);
    let cycles = printed.lines().filter(|line| line.starts_with("0 ")).count();
    (cycles, printed.lines().find(|line| line.contains("assumed")).map(str::to_string))
}

#[test]
fn what_holds_or_is_reset_or_unknown_runs_on() {
    let values = [(true, 100, 12), (false, 20, 0), (false, -5, 9), (false, 3, 4)];
    assert_eq!(outcome(verilator_prints, &values), (4, None));
    assert_eq!(outcome(icarus_prints, &values), (4, None));
}

#[test]
fn a_broken_assumption_ends_the_simulation() {
    let cases: [(Simulator, i64, i64, &str, i64); 4] = [
        (verilator_prints, 21, 5, "small is assumed to be -5..=20", 21),
        (icarus_prints, 21, 5, "small is assumed to be -5..=20", 21),
        (icarus_prints, -6, 0, "small is assumed to be -5..=20", -6),
        (icarus_prints, 0, 10, "digit is assumed to be 0..=9", 10),
    ];
    for (simulator, a, d, what, value) in cases {
        let (cycles, said) = outcome(simulator, &[(true, 0, 0), (false, 0, 0), (false, a, d), (false, 1, 1)]);
        let said = said.expect("a message");
        assert!(said.contains(&format!("c0: {what} (tests/emission/assumptions.rs:")), "{said}");
        assert!(said.ends_with(&format!("not {value}")), "{said}");
        assert_eq!(cycles, 3, "the simulation ends in the third cycle");
    }
}

#[test]
#[should_panic(expected = "small is 21, which is not in -5..=20 (tests/emission/assumptions.rs:")]
fn the_interpreter_panics() {
    let case = case(&[]);
    Interpreter::new(case.circuit).expect("no black box").cycle(false, &[21.into(), 0.into()]);
}
