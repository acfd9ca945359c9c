//! Our models of the cells that Yosys only has the ports of, against memories and products of integers: through whatever
//! Yosys makes of them, in many shapes.

use crate::{toolchain, verilator};
use ternlet::datapath::{Field, Ports, StreamPort, Tokens, stimulus};
use ternlet::flow::{Counts, Design, Direction, Family, Gates, Stream, netlist};
use ternlet::hdl::{Range, signed, unsigned};
use ternlet::verify::{Case, Plan, simulate};
use ternlet::verilog::SourceFile;

/// A stream of beats of these fields.
fn stream(name: &str, fields: &[(&str, Range)]) -> StreamPort {
    let field =
        |(name, range): &(&str, Range)| Field { name: (*name).into(), lanes: 1, range: range.clone() };
    let port = StreamPort::frames(name, "", 1, unsigned(1), 1);
    StreamPort { fields: fields.iter().map(field).collect(), frame_values: fields.len(), ..port }
}

/// Between streams `x` and `y`, one beat later: `body` sets `y` at a rising edge of `clk` where `go` is 1.
fn design(ports: &Ports, body: &str) -> SourceFile {
    let (x, y) = (ports.inputs[0].width() - 1, ports.outputs[0].width() - 1);
    let text = format!(
        "module cell_test (input clk, input rst, input x_valid, output x_ready, input [{x}:0] x_payload,
                  output y_valid, input y_ready, output [{y}:0] y_payload);
    reg full;
    reg [{y}:0] y;
    wire go = x_ready && x_valid;
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

/// The netlist of `source` simulates as `case` says, and has what `expected` looks for among its cells.
fn holds(family: Family, source: SourceFile, ports: &Ports, case: Case, expected: fn(&Counts) -> bool) {
    let toolchain = toolchain();
    let stream = |port: &StreamPort, direction| {
        let (name, framed) = (port.name.clone(), port.framed);
        Stream { name, direction, width: port.width(), framed }
    };
    let streams =
        vec![stream(&ports.inputs[0], Direction::Input), stream(&ports.outputs[0], Direction::Output)];
    let sources = [source];
    let design = Design { name: "cell_test", sources: &sources, streams, clocked: true };
    let netlist = netlist(&toolchain, &design, family).unwrap_or_else(|error| panic!("{error}"));
    let text = &sources[0].text;
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
        patience: 1000,
    };
    simulate(&verilator(&toolchain), &plan).unwrap_or_else(|error| panic!("{family:?}: {error}\n{text}"));
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
    let random = |frames, seed| stimulus::random(&ports, frames, seed).remove(0);
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
    holds(family, design(&ports, &body), &ports, case, |counts| counts.bram > 0);
}

/// The product of two integers of these types, as a multiplier block.
fn product(family: Family, a: Range, b: Range) {
    let (wide_a, wide_b) = (a.width(), b.width());
    let bits = wide_a + wide_b;
    let ports = Ports {
        inputs: vec![stream("x", &[("a", a.clone()), ("b", b.clone())])],
        outputs: vec![stream("y", &[("product", signed(bits + 1))])],
    };
    let factor = |range: &Range, high: u32, low: u32| {
        let sign = if range.is_signed() { "" } else { "1'b0, " };
        format!("$signed({{{sign}x_payload[{high}:{low}]}})")
    };
    let body = format!(
        "    always @(posedge clk) if (go) y <= {} * {};",
        factor(&a, wide_a - 1, 0),
        factor(&b, bits - 1, wide_a)
    );
    let x = stimulus::random(&ports, 2000, 9).remove(0);
    let values = x.values.chunks(2).map(|factors| factors[0] * factors[1]).collect();
    let case = Case { inputs: vec![x], expected: vec![Tokens { lanes: 1, values, ..Tokens::default() }] };
    holds(family, design(&ports, &body), &ports, case, |counts| counts.dsp > 0);
}

#[test]
fn memories_of_ecp5_and_gowin_keep_what_is_written() {
    for family in [Family::Ecp5, Family::Gowin] {
        for (address, bits) in [(9, 36), (6, 18), (8, 5), (11, 2)] {
            memory(family, address, bits, true);
        }
    }
}

#[test]
fn memories_that_are_only_read_have_their_contents() {
    for family in [Family::Ecp5, Family::Gowin] {
        for (address, bits) in [(9, 30), (7, 12), (11, 1)] {
            memory(family, address, bits, false);
        }
    }
    memory(Family::Ice40Up, 8, 20, false);
}

#[test]
fn multipliers_multiply_signed_and_unsigned() {
    product(Family::Ecp5, signed(16), signed(12));
    product(Family::Ecp5, unsigned(15), signed(9));
    product(Family::Gowin, signed(9), signed(8));
    product(Family::Gowin, signed(16), unsigned(10));
    product(Family::Gowin, signed(30), signed(25));
    product(Family::Ice40Up, signed(16), signed(12));
}
