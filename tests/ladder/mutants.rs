//! Mutants and proofs about them, each paired with one that must come out the other way.

use crate::{toolchain, verilator};
use ternlet::hdl::signed;
use ternlet::stream::{Port, Ports, Tokens};
use ternlet::verify::{Bench, Bound, Case, Plan, RunOptions, SELECT, Verdict, equivalent, mutants};
use ternlet::verilog::SourceFile;

/// `y = x + 3`, a beat later. `unseen` can change nothing: `beats` never passes 5, so that no register on the way needs its clock.
const RTL: &str = "module plus_three (
    input clk, input rst, input x_valid, output x_ready, input [7:0] x_payload,
    output y_valid, input y_ready, output [7:0] y_payload
);
    reg full;
    reg [7:0] y;
    reg [2:0] beats;
    reg soon, later, unseen;
    assign x_ready = !full || y_ready;
    assign y_valid = full;
    assign y_payload = y;
    always @(posedge clk) soon <= !rst && beats == 3'd6;
    always @(posedge clk) later <= !rst && soon;
    always @(posedge clk) unseen <= !rst && later;
    always @(posedge clk) begin
        if (x_ready) full <= x_valid;
        if (x_ready && x_valid) begin
            y <= (x_payload ^ {7'd0, unseen}) + 8'd3;
            beats <= beats == 3'd5 ? 3'd0 : beats + 3'd1;
        end
        if (rst) begin
            full <= 1'b0;
            beats <= 3'd0;
        end
    end
endmodule
";

fn ports() -> Ports {
    let stream = |name: &str| Port::vectors(name, name, 1, signed(8), 1);
    Ports { inputs: vec![stream("x")], outputs: vec![stream("y")] }
}

#[test]
fn what_simulation_kills_a_solver_tells_apart_and_what_cannot_be_seen_it_proves() {
    let (toolchain, ports) = (toolchain(), ports());
    let sources = [SourceFile { name: "plus_three.v".into(), text: RTL.into() }];
    let all = mutants(&toolchain, &sources, "plus_three", 80, 3).unwrap();
    assert!(all.list.len() > 40, "{}", all.list.len());
    let x = ternlet::stream::random(&ports, 300, 2).remove(0);
    let wrapped = x.values.iter().map(|x| i64::from((x + 3) as i8)).collect();
    let y = Tokens { values: wrapped, ..x.clone() };
    let plan = Plan {
        sources: std::slice::from_ref(&all.source),
        top: "plus_three",
        ports: &ports,
        defines: Vec::new(),
        cases: &[Case { inputs: vec![x], expected: vec![y] }],
        seed: 3,
        waves: None,
        stall_limit: 1000,
    };
    let tools = verilator(&toolchain);
    let bench = Bench::selecting(&tools, &plan, SELECT).unwrap();
    let whole = bench.run(RunOptions::default()).unwrap_or_else(|failure| panic!("the design: {failure}"));
    let killed = |number| {
        let options = RunOptions { select: number, limit: 100_000, ..RunOptions::default() };
        bench.run(options).is_err()
    };
    let bound = Bound { cycles: 20, seconds: 60 };
    let verdict = |mutant| equivalent(&toolchain, &all, mutant, &ports, bound).unwrap();

    let (killed, survived): (Vec<_>, Vec<_>) = all.list.iter().partition(|mutant| killed(mutant.number));
    assert!(killed.len() > 20, "{}", killed.len());
    for mutant in killed.iter().take(2) {
        assert_eq!(verdict(mutant), Verdict::Different, "{mutant}");
    }
    // A clock that stands still: a register of which nothing is seen if it starts at 0, as the solver's do. A simulated one may
    // start at 1, and stay so.
    let (turned, still): (Vec<_>, Vec<_>) =
        all.list.iter().filter(|mutant| mutant.what.contains("CLK")).partition(|mutant| mutant.mode == "inv");
    assert_eq!((turned.len(), still.len()), (1, 4));
    assert!(still.into_iter().all(|mutant| verdict(mutant) == Verdict::Equivalent));
    assert!(killed.contains(&turned[0]));
    assert_eq!(verdict(turned[0]), Verdict::Different, "{}", turned[0]);
    // All that simulation does not find is about the state that never comes.
    let same = |mutant| {
        let options = RunOptions { select: mutant, ..RunOptions::default() };
        bench.run(options).is_ok_and(|report| report.pace == whole.pace)
    };
    let survived: Vec<_> = survived.into_iter().filter(|mutant| same(mutant.number)).collect();
    assert!(!survived.is_empty());
    for mutant in survived.into_iter().take(3) {
        assert_eq!(verdict(mutant), Verdict::Equivalent, "{mutant}");
    }
}
