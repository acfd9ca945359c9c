//! A small design through the real tools, onto every board.

use std::path::Path;
use ternlet::device::Board;
use ternlet::flow::{Access, Design, Options, Outcome, board_top, netlist, synthesize};
use ternlet::hdl::unsigned;
use ternlet::stream::{Frame, Port, Ports};
use ternlet::tools::{Cache, Progress, Toolchain, text};
use ternlet::verilog::SourceFile;

const ADDER: &str = "
(* keep_hierarchy *)
module adder9 (input [8:0] a, input [8:0] b, input c, output [8:0] y);
    assign y = a + b + {8'd0, c};
endmodule
";

/// `y = x[7:0] + x[15:8] + last`, one beat later, with a second adder so that instances are counted, not modules.
const SUMS: &str = "
module sums (input clk, input rst, input x_valid, output x_ready, input [15:0] x_payload, input x_last,
             output y_valid, input y_ready, output [8:0] y_payload, output y_last);
    reg [8:0] total; reg full; reg last;
    wire [8:0] sum;
    wire [8:0] doubled;
    adder9 add (.a({1'b0, x_payload[7:0]}), .b({1'b0, x_payload[15:8]}), .c(x_last), .y(sum));
    adder9 again (.a(sum), .b(9'd1), .c(x_last), .y(doubled));
    assign x_ready = !full || y_ready;
    assign y_valid = full;
    assign y_payload = total;
    assign y_last = last;
    always @(posedge clk) begin
        if (x_ready) begin
            full <= x_valid;
            last <= x_last;
            total <= x_last ? doubled : sum;
        end
        if (rst) full <= 1'b0;
    end
endmodule
";

fn sources() -> Vec<SourceFile> {
    let file = |name: &str, text: &str| SourceFile { name: name.into(), text: text.into() };
    vec![file("adder9.v", ADDER), file("sums.v", SUMS)]
}

/// A stream of words of `width` bits.
fn words(name: &str, width: u32) -> Port {
    Port::new(name, "word", 1, unsigned(width), Frame::vector(1))
}

/// As [`words`], whose frames `last` ends.
fn framed(name: &str, width: u32) -> Port {
    Port { frame: Frame::of(&[2]).varying(), ..words(name, width) }
}

fn sums(sources: &[SourceFile]) -> Design<'_> {
    let ports = Ports { inputs: vec![framed("x", 16)], outputs: vec![framed("y", 9)] };
    Design { name: "sums", sources, ports, clocked: true, access: Access::Scan }
}

/// The installed tools, but nothing synthesized before.
fn toolchain(results: &Path) -> Toolchain {
    let tools = Cache::open().unwrap().folder().join("tools");
    std::fs::create_dir_all(&tools).unwrap();
    std::os::unix::fs::symlink(tools, results.join("tools")).unwrap();
    Toolchain::at(Cache::at(results).unwrap(), Progress::quiet())
}

fn lands_on(board: &str, start: &[u8]) {
    let results = tempfile::tempdir().unwrap();
    let (toolchain, board, sources) = (toolchain(results.path()), Board::named(board).unwrap(), sources());
    let options = Options { frequency_mhz: 24.0, seeds: 2, dsp: true };
    let result = synthesize(&toolchain, &sums(&sources), &board, options).unwrap();
    let placement = result.placement().unwrap();
    let bitstream = std::fs::read(&placement.bitstream).unwrap();
    assert!(bitstream.len() > 10_000 && bitstream.starts_with(start), "{:?}", &bitstream[..32]);
    assert!(placement.timing_met && placement.fmax_mhz >= placement.median_fmax_mhz && !result.cached);
    assert_eq!((placement.seeds.len(), result.unmet()), (2, None));
    assert!((28..=32).contains(&result.counts.lut4), "two adders of nine bits: {:?}", result.counts);
    assert_eq!(result.counts.ff, 11, "{:?}", result.counts);
    assert!(result.counts.carry >= 10, "{:?}", result.counts);
    let path = placement.critical_path.as_ref().unwrap();
    assert!(
        (path.delay_ns - 1000.0 / placement.fmax_mhz).abs() < 0.05 * path.delay_ns,
        "{path:?} for {}",
        placement.fmax_mhz
    );
    for usage in &placement.used {
        let known = match usage.resource.as_str() {
            "logic_cell" | "lut4" => board.resources.lut4,
            "ff" => board.resources.ff,
            "block_ram" => board.resources.block_ram,
            "dsp" => board.resources.dsp,
            _ => board.resources.spram,
        };
        assert_eq!((usage.there_is, &usage.resource), (known, &usage.resource), "what {} has", board.name);
    }
    // Where nextpnr knows the loop, it finds the frequency by itself, from the oscillator's and the cell's parameters.
    assert!(result.board_clock_mhz <= 24.0 && result.board_clock_mhz > 23.5, "{}", result.board_clock_mhz);
    let log = std::fs::read_to_string(placement.placed.with_extension("log")).unwrap();
    let derived = log.lines().find_map(|line| {
        let (_, rest) = line.split_once("Derived frequency constraint of ")?;
        rest.strip_suffix(" MHz for net clock")?.parse::<f64>().ok()
    });
    assert_eq!(derived.is_some(), board.name != "tangnano9k", "{log}");
    assert!(derived.is_none_or(|mhz| (mhz - result.board_clock_mhz).abs() < 0.1), "{derived:?}");
    let again = synthesize(&toolchain, &sums(&sources), &board, options).unwrap();
    assert!(again.cached);
    assert_eq!(again.placement().unwrap().fmax_mhz, placement.fmax_mhz);
    assert_eq!(again.netlist_hash, result.netlist_hash);
}

#[test]
fn a_design_lands_on_icebreaker() {
    lands_on("icebreaker", &[0xff, 0x00, 0x00, 0xff, 0x7e, 0xaa, 0x99, 0x7e]);
}

#[test]
fn a_design_lands_on_hx8k() {
    lands_on("hx8k", &[0xff, 0x00, 0x00, 0xff, 0x7e, 0xaa, 0x99, 0x7e]);
}

#[test]
fn a_design_lands_on_ulx3s() {
    lands_on("ulx3s", &[0xff, 0x00]);
}

#[test]
fn a_design_lands_on_tangnano9k() {
    lands_on("tangnano9k", b"1111");
}

/// An iCE40 makes no clock below 16 MHz; the design then has to reach the oscillator's.
#[test]
fn a_clock_below_the_boards_own_is_not_met_by_a_slower_design() {
    let (board, sources) = (Board::named("icebreaker").unwrap(), sources());
    let options = Options { frequency_mhz: 3.0, seeds: 1, dsp: true };
    let results = tempfile::tempdir().unwrap();
    let result = synthesize(&toolchain(results.path()), &sums(&sources), &board, options).unwrap();
    assert_eq!((result.board_clock_mhz, result.needed_mhz), (12.0, 12.0));
    assert!(
        result.placement().unwrap().timing_met && result.notes[1].contains("must reach"),
        "{:?}",
        result.notes
    );
    let mut slow = result;
    let Outcome::Placed(placement) = &mut slow.outcome else { panic!("it fits") };
    (placement.fmax_mhz, placement.timing_met) = (5.0, false);
    let message = slow.unmet().unwrap();
    assert!(
        message.contains("5.0 MHz of 12 MHz") && message.contains("makes no clock of 5 MHz or less"),
        "{message}"
    );
}

#[test]
fn a_clock_that_is_missed_is_a_result() {
    let results = tempfile::tempdir().unwrap();
    let (board, sources) = (Board::named("icebreaker").unwrap(), sources());
    let options = Options { frequency_mhz: 300.0, seeds: 1, dsp: true };
    let result = synthesize(&toolchain(results.path()), &sums(&sources), &board, options).unwrap();
    let message = result.unmet().unwrap();
    assert!(message.starts_with("the design misses its clock on icebreaker: it reaches "), "{message}");
    let placement = result.placement().unwrap();
    assert!(!placement.timing_met && placement.bitstream.is_file());
}

#[test]
fn a_design_that_does_not_fit_says_by_how_much() {
    let text = "
module wide (input clk, input rst, input x_valid, output x_ready, input [7:0] x_payload,
             output y_valid, input y_ready, output [7:0] y_payload);
    reg [5999:0] held;
    assign x_ready = y_ready;
    assign y_valid = x_valid;
    assign y_payload = held[5999:5992];
    always @(posedge clk) if (x_valid) held <= {held[5991:0], x_payload} ^ {6000{rst}};
endmodule
";
    let sources = [SourceFile { name: "wide.v".into(), text: text.into() }];
    let ports = Ports { inputs: vec![words("x", 8)], outputs: vec![words("y", 8)] };
    let design = Design { name: "wide", sources: &sources, ports, clocked: true, access: Access::Scan };
    let results = tempfile::tempdir().unwrap();
    let board = Board::named("icebreaker").unwrap();
    let options = Options { frequency_mhz: 12.0, seeds: 1, dsp: true };
    let toolchain = toolchain(results.path());
    let result = synthesize(&toolchain, &design, &board, options).unwrap();
    let Outcome::TooLarge { over } = &result.outcome else { panic!("{result}") };
    assert_eq!(over[0].resource, "logic_cell");
    assert!(over[0].used >= 6000 && over[0].there_is == 5280, "{over:?}");
    assert_eq!(result.counts.ff, 6000, "cells are counted all the same");
    let message = result.unmet().unwrap();
    assert!(message.contains("or a board with more: hx8k, tangnano9k"), "{message}");
    let again = synthesize(&toolchain, &design, &board, options).unwrap();
    assert!(again.cached && again.unmet() == Some(message), "that there is no room need not be found twice");
}

#[test]
fn the_netlist_is_the_same_for_every_board_of_a_family() {
    let results = tempfile::tempdir().unwrap();
    let (toolchain, sources) = (toolchain(results.path()), sources());
    let family = Board::named("icebreaker").unwrap().family;
    let first = netlist(&toolchain, &sums(&sources), family).unwrap();
    let second = netlist(&toolchain, &sums(&sources), family).unwrap();
    assert!(!first.cached && second.cached);
    assert_eq!(first.hash, second.hash);
    assert!(
        std::fs::read_to_string(first.verilog).unwrap().contains("module adder9("),
        "adders stay modules"
    );
}

#[test]
fn bits_of_the_shift_register_have_the_ports_names() {
    let ports = Ports { inputs: vec![framed("x", 8)], outputs: vec![words("y", 8)] };
    let design = Design { name: "sums", sources: &[], ports, clocked: true, access: Access::Scan };
    let top = board_top(&design, &Board::named("hx8k").unwrap(), 12.0).unwrap();
    for (bit, port) in [
        ("scan[0]", "x_valid"),
        ("scan[3]", "x_payload[2]"),
        ("scan[9]", "x_last"),
        ("scan[10]", "y_ready"),
        ("answer_next[0]", "x_ready"),
        ("answer_next[1]", "y_valid"),
        ("answer_next[2]", "y_payload[0]"),
        ("scan[99]", "scan[99]"),
        ("go", "go"),
    ] {
        assert_eq!(top.port_name(bit), port, "{bit}");
    }
}

/// Lints the board top and passes beats through it as its comment says.
#[test]
fn beats_pass_through_the_board_top() {
    let folder = tempfile::tempdir().unwrap();
    let (toolchain, sources) = (toolchain(folder.path()), sources());
    let folder = folder.path();
    for source in &sources {
        std::fs::write(folder.join(&source.name), &source.text).unwrap();
    }
    let verilator = toolchain.verilator().unwrap().tool;
    let cells = "/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSEDSIGNAL */
/* verilator lint_off UNUSEDPARAM */
module SB_PLL40_PAD #(parameter FEEDBACK_PATH = \"\", parameter [3:0] DIVR = 0, parameter [6:0] DIVF = 0,
    parameter [2:0] DIVQ = 0, parameter [2:0] FILTER_RANGE = 0)
    (input PACKAGEPIN, input RESETB, input BYPASS, output PLLOUTGLOBAL, output LOCK);
    assign PLLOUTGLOBAL = PACKAGEPIN;
    assign LOCK = 1'b1;
endmodule
";
    std::fs::write(folder.join("cells.v"), cells).unwrap();
    for (board, mhz, clock_mhz) in [("icebreaker", 24.0, 24.0), ("ulx3s", 25.0, 25.0)] {
        let top = board_top(&sums(&sources), &Board::named(board).unwrap(), mhz).unwrap();
        assert_eq!(top.clock_mhz, clock_mhz);
        std::fs::write(folder.join(&top.sources[0].name), &top.sources[0].text).unwrap();
        let arguments = [
            "--lint-only",
            "-Wall",
            "--top-module",
            "sums_board",
            "cells.v",
            "sums_board.v",
            "sums.v",
            "adder9.v",
        ];
        verilator.run(folder, &arguments).unwrap_or_else(|error| panic!("{error}\n{}", top.sources[0].text));
    }
    // In: x_valid, x_payload, x_last, y_ready from bit 0 up. Out: x_ready, y_valid, y_payload, y_last.
    let bench = "
module bench;
    reg clk = 0, sck = 0, serial_in = 0, apply = 0; wire serial_out;
    sums_board board (.clk(clk), .sck(sck), .serial_in(serial_in), .apply(apply), .serial_out(serial_out));
    always #1 clk = !clk;
    reg [18:0] word; integer i;
    task pass(input y_ready, input x_last, input [15:0] x, input x_valid); begin
        word = {y_ready, x_last, x, x_valid};
        for (i = 18; i >= 0; i = i - 1) begin
            serial_in = word[i]; #10 word[i] = serial_out; sck = 1; #10 sck = 0;
        end
        #10 apply = 1; #20 apply = 0; #10;
    end endtask
    initial begin
        #600 pass(0, 1, {8'd200, 8'd100}, 1);
        pass(1, 0, {8'd3, 8'd4}, 1);
        $display(\"ready %0d valid %0d\", word[0], word[1]);
        pass(1, 0, 0, 0);
        $display(\"valid %0d y %0d last %0d\", word[1], word[10:2], word[11]);
        pass(1, 0, 0, 0);
        $display(\"valid %0d y %0d last %0d\", word[1], word[10:2], word[11]);
        pass(1, 0, 0, 0);
        $display(\"valid %0d\", word[1]);
        $finish;
    end
endmodule
";
    std::fs::write(folder.join("bench.v"), bench).unwrap();
    let icarus = toolchain.icarus().unwrap();
    icarus
        .compiler
        .run(folder, &["-o", "bench.vvp", "bench.v", "sums_board.v", "sums.v", "adder9.v"])
        .unwrap();
    let said = text(&icarus.simulator.run(folder, &["bench.vvp"]).unwrap());
    let said: Vec<&str> = said.lines().filter(|line| line.contains("valid")).collect();
    // 100 + 200 + 1, and once more 1 + 1 in the frame's last beat; 3 + 4 in a beat that is not.
    assert_eq!(said, ["ready 1 valid 0", "valid 1 y 303 last 1", "valid 1 y 7 last 0", "valid 0"]);
}

/// Each board's loop under a simulator with time, with the parameters of its board top.
#[test]
fn the_clock_that_is_reported_is_the_one_that_the_loop_makes() {
    let folder = tempfile::tempdir().unwrap();
    let (toolchain, sources) = (toolchain(folder.path()), sources());
    let icarus = toolchain.icarus().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("pll.v"), include_str!("support/pll.v")).unwrap();
    for source in &sources {
        std::fs::write(folder.join(&source.name), &source.text).unwrap();
    }
    for (board, wanted) in
        [("icebreaker", 40.0), ("ulx3s", 60.0), ("ulx3s", 24.0), ("tangnano9k", 48.0), ("tangnano9k", 25.0)]
    {
        let board = Board::named(board).unwrap();
        let top = board_top(&sums(&sources), &board, wanted).unwrap();
        std::fs::write(folder.join(&top.sources[0].name), &top.sources[0].text).unwrap();
        let half_period_ns = 500.0 / board.oscillator_mhz;
        let bench = format!(
            "`timescale 1ns / 1ps
module bench;
    reg clk = 0; wire serial_out; realtime start;
    sums_board board (.clk(clk), .sck(1'b0), .serial_in(1'b0), .apply(1'b0), .serial_out(serial_out));
    always #({half_period_ns}) clk = !clk;
    initial begin
        repeat (400) @(posedge board.clock);
        start = $realtime;
        repeat (1000) @(posedge board.clock);
        $display(\"%f %b\", 1.0e6 / ($realtime - start), board.reset);
        $finish;
    end
endmodule
"
        );
        std::fs::write(folder.join("bench.v"), bench).unwrap();
        let files = ["pll.v", "adder9.v", "sums.v", "sums_board.v", "bench.v"];
        icarus.compiler.run(folder, &[&["-g2001", "-o", "bench.vvp"][..], &files].concat()).unwrap();
        let said = text(&icarus.simulator.run(folder, &["bench.vvp"]).unwrap());
        let (mhz, reset) = said.lines().find_map(|line| line.split_once(' ')).unwrap();
        let mhz: f64 = mhz.parse().unwrap();
        assert!((mhz / top.clock_mhz - 1.0).abs() < 1e-3, "{said} for {} on {}", top.clock_mhz, board.name);
        assert_eq!(reset.trim(), "0", "the loop locks and the design runs");
        assert!(
            top.clock_mhz <= wanted + 1e-6 && top.clock_mhz > 0.97 * wanted,
            "{} for {wanted}",
            top.clock_mhz
        );
    }
}
