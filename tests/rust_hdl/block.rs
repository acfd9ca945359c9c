//! What a block says of circuits that do not fit, and what rust-hdl makes of those that do.

use rust_hdl_core::check_error::CheckError;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;
use ternlet::hdl::{Circuit, Module, Range, signed, unsigned};
use ternlet::tools::{Progress, Toolchain};

ternlet::rust_hdl_block! {
    /// Counts in steps of `step`.
    struct Counter {
        inputs { clk: Clock, rst: Bit, step: Bits<4> }
        outputs { count: Bits<8> }
    }
}

/// `count` grows by `step`, which is no more than `most`, each cycle.
fn counter(name: &str, most: i64) -> Circuit {
    let m = Module::new(name);
    let step = m.input("step", Range::new(0, most));
    let count = m.register(unsigned(8), 0).named("count");
    count.set(count.get().add_with_carry(step, None).wrap(unsigned(8)));
    m.output("count", count.get());
    m.finish().unwrap()
}

fn errors(circuit: Circuit) -> String {
    let Err(errors) = Counter::new(circuit) else { panic!("it fits") };
    errors.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn every_port_that_does_not_fit_is_named_with_its_help() {
    let m = Module::new("sum");
    let step = m.input("step", signed(5));
    let more = m.input("more", signed(9));
    m.output("sum", step + more);
    assert_eq!(
        errors(m.finish().unwrap()),
        "the block declares the input `clk`, which circuit `sum` does not have: remove it\n\
         the block declares the input `rst`, which circuit `sum` does not have: remove it\n\
         the block declares the input `step` as Bits<4>, which cannot carry what circuit `sum` has there: write \
         `step: Signed<5>`\n\
         circuit `sum` has the input `more`, which the block does not declare: add `more: Signed<9>`\n\
         the block declares the output `count`, which circuit `sum` does not have: remove it\n\
         circuit `sum` has the output `sum`, which the block does not declare: add `sum: Signed<10>`\n"
    );
    assert_eq!(
        errors(counter("top", 15)),
        "rust-hdl calls its own top module `top`: give the circuit another name\n"
    );
}

ternlet::rust_hdl_block! {
    struct Misread {
        inputs { clk: Clock, rst: Bit, step: Bits<4> }
        outputs { count: Signed<8> }
    }
}

#[test]
fn a_number_without_sign_is_not_read_as_signed() {
    let Err(errors) = Misread::new(counter("counter", 15)) else { panic!("it fits") };
    assert_eq!(
        errors[0].to_string(),
        "the block declares the output `count` as Signed<8>, which cannot carry what circuit `counter` has there: write \
         `count: Bits<8>`"
    );
}

ternlet::rust_hdl_block! {
    struct Renamed {
        inputs { double_1: Bits<4> }
        outputs { reg_1: Bits<5> }
    }
}

/// A port is called as in the Verilog, also where a tool reserves the name that the author gave it.
#[test]
fn a_port_with_a_reserved_name() {
    let m = Module::new("renamed");
    let double = m.input("double", unsigned(4));
    m.output("reg", double + double);
    let mut block = Renamed::new(m.finish().unwrap()).unwrap();
    block.connect_all();
    let text = generate_verilog(&block);
    assert!(text.contains(".double_1(double_1),") && text.contains(".reg_1(reg_1)\n"), "{text}");
    block.double_1.next = 9.into();
    block.update_all();
    block.update_all();
    assert_eq!(block.reg_1.val(), 18);
}

#[test]
fn rust_hdl_sees_a_port_that_nothing_drives() {
    let mut design = TopWrap::new(Counter::new(counter("counter", 15)).unwrap());
    design.uut.clk.connect();
    design.uut.rst.connect();
    design.connect_all();
    let Err(CheckError::OpenSignal(open)) = check_all(&design) else { panic!("`step` is open") };
    let names: Vec<&str> = open.values().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["step"]);
}

/// Two counters of one circuit and one of another, reset by rust-hdl's widget.
#[derive(LogicBlock)]
struct Counters {
    pub clock: Signal<In, Clock>,
    pub sum: Signal<Out, Bits<8>>,
    reset: AutoReset,
    a: Counter,
    b: Counter,
    c: Counter,
}

impl Counters {
    fn new(twice: fn() -> Circuit, once: fn() -> Circuit) -> Self {
        let block = |circuit: fn() -> Circuit| Counter::new(circuit()).unwrap();
        Self {
            clock: Default::default(),
            sum: Default::default(),
            reset: Default::default(),
            a: block(twice),
            b: block(twice),
            c: block(once),
        }
    }
}

impl Logic for Counters {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, reset);
        self.a.clk.next = self.clock.val();
        self.b.clk.next = self.clock.val();
        self.c.clk.next = self.clock.val();
        self.a.rst.next = self.reset.reset.val();
        self.b.rst.next = self.reset.reset.val();
        self.c.rst.next = self.reset.reset.val();
        self.a.step.next = 1.into();
        self.b.step.next = 2.into();
        self.c.step.next = 12.into();
        self.sum.next = self.a.count.val() + self.b.count.val() + self.c.count.val();
    }
}

fn synthesized(design: &Counters) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("top.v"), generate_verilog(design)).unwrap();
    let yosys = Toolchain::new(Progress::quiet()).unwrap().yosys().unwrap();
    let script = "read -vlog95 top.v; hierarchy -check -top top; proc; check -assert";
    yosys.run(folder.path(), &["-q", "-p", script]).map(drop).map_err(|error| error.to_string())
}

#[test]
fn a_circuit_that_is_there_twice_is_read_once() {
    let mut design = Counters::new(|| counter("counter", 15), || counter("other", 15));
    design.connect_all();
    synthesized(&design).unwrap();
    let text = generate_verilog(&design);
    assert_eq!(text.matches("counter counter$core (").count(), 2);
    for module in ["counter_widening_adder", "other_widening_adder"] {
        assert!(
            text.contains(&format!("\nmodule {module} #(")),
            "inner modules carry their circuit's name: {text}"
        );
    }
}

#[test]
fn two_circuits_of_one_name_are_refused_by_the_tools() {
    let mut design = Counters::new(|| counter("counter", 15), || counter("counter", 14));
    design.connect_all();
    let error = synthesized(&design).unwrap_err();
    assert!(error.contains("Re-definition of module") && error.contains("counter"), "{error}");
}

/// Runs `design` for `cycles` in rust-hdl's simulator and gives the last sum.
fn sum_after(design: Counters, cycles: u64) -> Result<u64, SimError> {
    let (result, seen) = std::sync::mpsc::channel();
    let result = std::sync::Mutex::new(result);
    let mut sim = Simulation::new();
    sim.add_clock(10, |design: &mut Box<Counters>| design.clock.next = !design.clock.val());
    sim.add_testbench(move |mut sim: Sim<Counters>| {
        let x = sim.init()?;
        let x = sim.wait(20 * cycles + 5, x)?;
        result.lock().unwrap().send(x.sum.val()).unwrap();
        sim.done(x)
    });
    sim.run(Box::new(design), 1_000_000)?;
    let sum: Bits<8> = seen.recv().unwrap();
    Ok(u64::from(sum.index() as u32))
}

#[test]
fn the_circuit_runs_in_rust_hdls_simulator() {
    let design = || Counters::new(|| counter("counter", 15), || counter("other", 15));
    // `AutoReset` holds its output for 255 cycles.
    assert_eq!(sum_after(design(), 255).unwrap(), 0);
    assert_eq!(sum_after(design(), 258).unwrap(), 3 * (1 + 2 + 12));
}

#[test]
#[should_panic(expected = "input `step` of `other` is 12, which is not in 0..=9")]
fn an_input_out_of_its_range_stops_rust_hdls_simulator() {
    let _ = sum_after(Counters::new(|| counter("counter", 15), || counter("other", 9)), 2);
}
