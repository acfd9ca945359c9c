//! Mutants and proofs about them, each paired with one that must come out the other way.

use crate::{toolchain, verilator};
use ternlet::datapath::{Field, Ports, StreamPort, Tokens, stimulus};
use ternlet::hdl::signed;
use ternlet::verify::{Bench, Bound, Case, Conduct, Plan, SELECT, Verdict, equivalent, mutants};
use ternlet::verilog::SourceFile;

/// `y = x + 3`, a beat later. `unseen` can change nothing: `beats` never passes 5.
const RTL: &str = "module plus_three (
    input clk, input rst, input x_valid, output x_ready, input [7:0] x_payload,
    output y_valid, input y_ready, output [7:0] y_payload
);
    reg full;
    reg [7:0] y;
    reg [2:0] beats;
    wire unseen = beats == 3'd6;
    assign x_ready = !full || y_ready;
    assign y_valid = full;
    assign y_payload = y;
    always @(posedge clk) begin
        if (x_ready) full <= x_valid;
        if (x_ready && x_valid) begin
            y <= x_payload + (unseen ? 8'd4 : 8'd3);
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
    let stream = |name: &str| StreamPort {
        fields: vec![Field { name: name.into(), lanes: 1, range: signed(8) }],
        ..StreamPort::frames(name, name, 1, signed(8), 1)
    };
    Ports { inputs: vec![stream("x")], outputs: vec![stream("y")] }
}

#[test]
fn what_simulation_kills_a_solver_tells_apart_and_what_cannot_be_seen_it_proves() {
    let (toolchain, ports) = (toolchain(), ports());
    let sources = [SourceFile { name: "plus_three.v".into(), text: RTL.into() }];
    let all = mutants(&toolchain, &sources, "plus_three", 150, 1).unwrap();
    assert!(all.list.len() > 60, "{}", all.list.len());
    let x = stimulus::random(&ports, 300, 2).remove(0);
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
        patience: 1000,
    };
    let tools = verilator(&toolchain);
    let bench = Bench::selecting(&tools, &plan, SELECT).unwrap();
    let whole = bench.run(Conduct::default()).unwrap_or_else(|failure| panic!("the design: {failure}"));
    let killed = |number| {
        let conduct = Conduct { select: number, limit: 100_000, ..Conduct::default() };
        bench.run(conduct).is_err()
    };
    let bound = Bound { cycles: 20, seconds: 60 };
    let verdict = |mutant| equivalent(&toolchain, &all, mutant, &ports, bound).unwrap();

    let of_sum = all.list.iter().filter(|mutant| mutant.mode == "inv" && mutant.what == "y");
    for mutant in of_sum.clone().take(2) {
        assert!(killed(mutant.number), "{mutant}");
        assert_eq!(verdict(mutant), Verdict::Different, "{mutant}");
    }
    assert!(of_sum.count() > 0, "{:?}", all.list);
    let unseen = all.list.iter().find(|mutant| mutant.mode == "const0" && mutant.what == "unseen");
    let unseen = unseen.unwrap_or_else(|| panic!("{:?}", all.list));
    assert!(!killed(unseen.number), "{unseen}");
    assert_eq!(verdict(unseen), Verdict::Equivalent, "{unseen}");
    let awake = all.list.iter().find(|mutant| mutant.mode == "const1" && mutant.what == "unseen");
    if let Some(awake) = awake {
        assert!(killed(awake.number), "{awake}");
    }
    assert!(whole.pace != 0);
}
