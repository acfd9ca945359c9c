//! Our models of the cells that Yosys only has the ports of, against memories and products of integers: through whatever
//! Yosys makes of them, in many shapes.

use crate::{toolchain, verilator};
use ternlet::device::{Counts, Family};
use ternlet::flow::{Access, Design, FlowError, Gates, Netlist, netlist};
use ternlet::hdl::{Range, signed, unsigned};
use ternlet::stream::{Field, Port, Ports, Tokens};
use ternlet::verify::{Bench, Case, Plan, RunOptions};
use ternlet::verilog::SourceFile;

/// A stream of beats of these fields.
fn stream(name: &str, fields: &[(&str, Range)]) -> Port {
    Port::single(name, fields.iter().map(|(name, range)| Field::single(*name, range.clone())).collect())
}

/// Between streams `x` and `y`, one beat later: `body` sets `y` at a rising edge of `clk` where `go` is 1.
fn design(ports: &Ports, body: &str) -> SourceFile {
    let (x, y) = (ports.inputs[0].width() - 1, ports.outputs[0].width() - 1);
    let text = format!(
        "module cell_test (input clk, input rst, input x_valid, output x_ready, input [{x}:0] x_payload,
                  output y_valid, input y_ready, output [{y}:0] y_payload);
    reg full;
    reg [{y}:0] y;
    wire go = x_ready && x_valid && !rst;
    assign x_ready = !full || y_ready;
    assign y_valid = full;
    assign y_payload = y;
    always @(posedge clk) begin
        if (x_ready) full <= x_valid;
        if (rst) full <= 1'b0;
    end
{body}
endmodule
"
    );
    SourceFile { name: "cell_test.v".into(), text }
}

/// The netlist of `source`.
fn netlist_of(family: Family, source: &SourceFile, ports: &Ports) -> Result<Netlist, FlowError> {
    let sources = std::slice::from_ref(source);
    let design =
        Design { name: "cell_test", sources, ports: ports.clone(), clocked: true, access: Access::Scan };
    netlist(&toolchain(), &design, family)
}

/// The netlist of `source` simulates as `case` says, and has what `expected` looks for among its cells.
fn holds(
    family: Family,
    source: SourceFile,
    ports: &Ports,
    case: Case,
    resets: bool,
    expected: fn(&Counts) -> bool,
) {
    let toolchain = toolchain();
    let netlist = netlist_of(family, &source, ports).unwrap_or_else(|error| panic!("{error}"));
    let text = &source.text;
    assert!(expected(&netlist.counts), "{family:?}: {:?}\n{text}", netlist.counts);
    let gates = netlist.gates(&toolchain).unwrap_or_else(|error| panic!("{error}"));
    let Gates { sources: gates, defines } = gates;
    let plan = Plan {
        sources: &gates,
        top: "cell_test",
        ports,
        defines,
        cases: &[case],
        seed: 5,
        waves: None,
        stall_limit: 1000,
    };
    let tools = verilator(&toolchain);
    let bench = Bench::compile(&tools, &plan).unwrap_or_else(|error| panic!("{family:?}: {error}\n{text}"));
    let options = RunOptions { resets, ..RunOptions::default() };
    bench.run(options).unwrap_or_else(|failure| panic!("{family:?}: {failure}\n{text}"));
}

/// A memory of 2^`address` words of `bits` bits with contents, read in every beat and, if `written`, written in some; it does
/// not read what it writes.
fn memory(family: Family, address: u32, bits: u32, written: bool) {
    let size = 1 << address;
    let ports = Ports {
        inputs: vec![stream(
            "x",
            &[
                ("write", unsigned(1)),
                ("place", unsigned(address)),
                ("other", unsigned(address)),
                ("value", unsigned(bits)),
            ],
        )],
        outputs: vec![stream("y", &[("value", unsigned(bits))])],
    };
    let random = |frames, seed| ternlet::stream::random(&ports, frames, seed).remove(0);
    let mut words: Vec<i64> = random(size, 3).values.chunks(4).map(|beat| beat[3]).collect();
    let initial = words.iter().enumerate().map(|(place, word)| format!("words[{place}] = {bits}'d{word};"));
    let (a, b) = (address, bits);
    let write = if written {
        format!("if (go && x_payload[0]) words[x_payload[{a}:1]] <= x_payload[{}:{}];", 2 * a + b, 2 * a + 1)
    } else {
        String::new()
    };
    let body = format!(
        "    (* ram_style = \"block\", rom_style = \"block\", no_rw_check *) reg [{}:0] words [0:{}];
    initial begin {} end
    always @(posedge clk) begin {write} end
    always @(posedge clk) if (go) y <= words[x_payload[{}:{}]];",
        b - 1,
        size - 1,
        initial.collect::<Vec<_>>().join(" "),
        2 * a,
        a + 1,
    );
    let mut x = random(4 * size, u64::from(64 * address + bits));
    let mut y = Tokens { lanes: 1, ..Tokens::default() };
    for beat in x.values.chunks_mut(4) {
        if written && beat[0] == 1 && beat[1] == beat[2] {
            beat[2] = (beat[1] + 1) % size as i64;
        }
        y.values.push(words[beat[2] as usize]);
        if written && beat[0] == 1 {
            words[beat[1] as usize] = beat[3];
        }
    }
    let case = Case { inputs: vec![x], expected: vec![y] };
    // A reset does not bring back what a memory held.
    holds(family, design(&ports, &body), &ports, case, false, |counts| counts.block_ram > 0);
}

/// The streams of a multiplier, whose result has `spare` bits more than the product of its factors.
fn factors(a: &Range, b: &Range, spare: u32) -> Ports {
    let bits = a.width() + b.width() + spare;
    let product = if a.is_signed() || b.is_signed() { signed(bits) } else { unsigned(bits) };
    Ports {
        inputs: vec![stream("x", &[("a", a.clone()), ("b", b.clone())])],
        outputs: vec![stream("y", &[("product", product)])],
    }
}

/// The formula of the product of the two factors in a beat.
fn formula(a: &Range, b: &Range) -> String {
    let factor = |range: &Range, high: u32, low: u32| {
        let sign = if range.is_signed() { "" } else { "1'b0, " };
        format!("$signed({{{sign}x_payload[{high}:{low}]}})")
    };
    format!("{} * {}", factor(a, a.width() - 1, 0), factor(b, a.width() + b.width() - 1, a.width()))
}

/// The product of two integers of these types, as a multiplier block; in its own width, and in a wider register.
fn product(family: Family, a: Range, b: Range) {
    for spare in [0, 1, 5] {
        let ports = factors(&a, &b, spare);
        let body = format!("    always @(posedge clk) if (go) y <= {};", formula(&a, &b));
        let x = ternlet::stream::random(&ports, 2000, 9).remove(0);
        let values = x.values.chunks(2).map(|factors| factors[0] * factors[1]).collect();
        let case = Case { inputs: vec![x], expected: vec![Tokens { lanes: 1, values, ..Tokens::default() }] };
        holds(family, design(&ports, &body), &ports, case, true, |counts| counts.dsp > 0);
    }
}

/// The sum of all products so far, which wraps.
fn sum_of_products(family: Family, a: Range, b: Range) {
    let ports = factors(&a, &b, 0);
    let bits = ports.outputs[0].width();
    let body = format!(
        "    reg signed [{high}:0] sum;
    wire signed [{high}:0] next = sum + {};
    always @(posedge clk) if (rst) sum <= 0; else if (go) sum <= next;
    always @(posedge clk) if (go) y <= next;",
        formula(&a, &b),
        high = bits - 1,
    );
    let x = ternlet::stream::random(&ports, 2000, 10).remove(0);
    let sums = x.values.chunks(2).scan(0i64, |sum, factors| {
        let above = 64 - bits as u32;
        *sum = ((*sum + factors[0] * factors[1]) << above) >> above;
        Some(*sum)
    });
    let expected = vec![Tokens { lanes: 1, values: sums.collect(), ..Tokens::default() }];
    let case = Case { inputs: vec![x], expected };
    holds(family, design(&ports, &body), &ports, case, true, |counts| counts.dsp > 0);
}

/// Registers that a reset sets and clears, with and without enable: each beat shows what the one before left in them.
fn registers(family: Family) {
    let ports = Ports {
        inputs: vec![stream("x", &[("enable", unsigned(1)), ("value", unsigned(4))])],
        outputs: vec![stream("y", &[("always", unsigned(4)), ("enabled", unsigned(4))])],
    };
    let body = "    reg [3:0] always_q, enabled_q;
    always @(posedge clk)
        if (rst) begin
            always_q <= 4'd9;
            enabled_q <= 4'd6;
        end else begin
            always_q <= go ? x_payload[4:1] : always_q;
            if (go && x_payload[0]) enabled_q <= x_payload[4:1];
        end
    always @(posedge clk) if (go) y <= {enabled_q, always_q};";
    let x = ternlet::stream::random(&ports, 200, 4).remove(0);
    let (mut always, mut enabled) = (9, 6);
    let mut y = Tokens { lanes: 2, ..Tokens::default() };
    for beat in x.values.chunks(2) {
        y.values.extend([always, enabled]);
        always = beat[1];
        if beat[0] == 1 {
            enabled = beat[1];
        }
    }
    let case = Case { inputs: vec![x], expected: vec![y] };
    holds(family, design(&ports, body), &ports, case, true, |counts| counts.ff > 8);
}

#[test]
fn a_reset_sets_and_clears_registers() {
    for family in Family::ALL.into_iter().filter(|family| family.has_cells()) {
        registers(family);
    }
}

#[test]
fn memories_keep_what_is_written() {
    for family in [Family::ECP5, Family::GOWIN, Family::GOWIN_5A, Family::GATEMATE] {
        for (address, bits) in [(9, 36), (6, 18), (8, 5), (11, 2)] {
            memory(family, address, bits, true);
        }
    }
}

#[test]
fn memories_that_are_only_read_have_their_contents() {
    for family in [Family::ECP5, Family::GOWIN, Family::GOWIN_5A, Family::GATEMATE] {
        for (address, bits) in [(9, 30), (7, 12), (11, 1)] {
            memory(family, address, bits, false);
        }
    }
    memory(Family::ICE40_UP, 8, 20, false);
}

#[test]
fn multipliers_multiply_signed_and_unsigned() {
    product(Family::ECP5, signed(16), signed(12));
    product(Family::ECP5, unsigned(15), signed(9));
    product(Family::GOWIN, signed(9), signed(8));
    product(Family::GOWIN, signed(16), unsigned(10));
    product(Family::GOWIN, signed(30), signed(25));
    product(Family::ICE40_UP, signed(16), signed(12));
    product(Family::ICE40_UP, unsigned(15), signed(9));
    product(Family::ICE40_UP, unsigned(16), unsigned(11));
    sum_of_products(Family::ICE40_UP, signed(16), signed(16));
    sum_of_products(Family::ICE40_UP, signed(9), unsigned(12));
}

#[test]
fn a_product_whose_bits_yosys_would_lose_is_refused_with_the_help() {
    let (a, b) = (signed(16), signed(12));
    let ports = factors(&a, &b, 1);
    let body = format!(
        "    wire [27:0] product = {};\n    always @(posedge clk) if (go) y <= {{product[0], product}};",
        formula(&a, &b)
    );
    let error = netlist_of(Family::ICE40_UP, &design(&ports, &body), &ports).unwrap_err().to_string();
    assert!(error.contains("would lose bits of a product of cell_test"), "{error}");
    assert!(error.contains("--no-dsp"), "{error}");
}
