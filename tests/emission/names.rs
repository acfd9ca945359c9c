//! Whatever things are called, the text is clean and means what the circuit means.

use crate::simulate::{Case, icarus, verilator, yosys};
use std::rc::Rc;
use ternlet::hdl::*;

/// Names that Verilog, C++, the ports, the adders, other nets or the modules have already.
const HOSTILE: [&str; 16] = [
    "clk",
    "rst",
    "x",
    "y",
    "sum",
    "a",
    "carry_in",
    "reg",
    "int",
    "adder",
    "hostile",
    "hostile_adder",
    "hostile_clk",
    "product",
    "x_q",
    "layer_1",
];

/// A module of this name with an adder, a register of `net`'s name and a memory of `memory`'s.
fn inner(name: &str, net: &str, memory: &str) -> Rc<Circuit> {
    let m = Module::new(name);
    let x = m.input("x", signed(4));
    let state = m.register(signed(6), 0).named(net);
    let squares = m.rom(memory, unsigned(8), (0..16).map(|i: i64| (i * i).into()).collect());
    let square = squares.read(x.to_bits().int(unsigned(4)));
    state.set(x.add_with_carry(state.get().wrap(signed(4)), None).wrap(signed(6)));
    m.output("y", (state.get() + square).named("product"));
    m.finish().unwrap_or_else(|violations| panic!("{}", violations[0])).into()
}

#[test]
fn hostile_names_do_no_harm() {
    let m = Module::new("hostile");
    let x = m.input("x", signed(4));
    let mut total = m.constant(0);
    for (place, name) in HOSTILE.iter().enumerate() {
        let (net, memory) = (HOSTILE[(place + 5) % HOSTILE.len()], HOSTILE[(place + 9) % HOSTILE.len()]);
        let _section = m.section(name);
        let y = m.instance(*name, inner(name, net, memory), &[x])[0];
        total = total.add_with_carry(y.named(HOSTILE[(place + 1) % HOSTILE.len()]), None);
    }
    m.output("y", total);
    let circuit: Rc<Circuit> = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0])).into();
    let cycles =
        (0..8).map(|cycle| (cycle == 0, vec![num_bigint::BigInt::from(cycle * 5 % 16 - 8)])).collect();
    let cases = [Case { circuit, cycles }];
    for (place, text) in ternlet::verilog::emit(&cases[0].circuit).iter().enumerate() {
        assert!(place == 0 || text.name.starts_with("hostile_"), "{}", text.name);
    }
    verilator(&cases).unwrap();
    icarus(&cases).unwrap();
    yosys(&cases).unwrap();
}
