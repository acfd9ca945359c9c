//! What a sender promises of `last`: a simulation ends at the beat that breaks it, in every datapath.

use crate::small::small_examples;
use std::path::Path;
use ternlet::datapath::{Catalog, circuit};
use ternlet::design::{Choices, Design};
use ternlet::stream::{Port, Ports};
use ternlet::tools::{Progress, Toolchain, text};
use ternlet::verilog::emit;

/// A bench that always offers beats of zeros and takes all; `last` of every input is 1 in each beat, or as it should be.
fn bench(name: &str, ports: &Ports, is_wrong: bool) -> String {
    let mut declared = String::new();
    let mut wired = vec![".clk(clk), .rst(rst)".to_owned()];
    for port in &ports.inputs {
        let (x, width) = (&port.name, port.width());
        declared += &format!("    wire {x}_ready; reg [31:0] {x}_at = 0;\n");
        wired.push(format!(".{x}_valid(1'b1), .{x}_ready({x}_ready), .{x}_payload({width}'d0)"));
        if port.is_framed() {
            let last = if is_wrong { "1'b1".into() } else { format!("{x}_at == {}", port.frame_beats() - 1) };
            wired.push(format!(".{x}_last({last})"));
            let next = format!("{x}_at == {} ? 0 : {x}_at + 1", port.frame_beats() - 1);
            declared += &format!("    always @(posedge clk) if (!rst && {x}_ready) {x}_at <= {next};\n");
        }
    }
    let takes = |port: &Port| format!(".{}_ready(1'b1)", port.name);
    wired.extend(ports.outputs.iter().map(takes));
    format!(
        "module bench;
    reg clk = 0; reg rst = 1;
    always #1 clk = !clk;
{declared}    {name} dut ({});
    initial begin #9 rst = 0; #2000 $display(\"held\"); $finish; end
endmodule
",
        wired.join(", ")
    )
}

fn simulated(folder: &Path, files: &[&str]) -> String {
    let icarus =
        Toolchain::new(Progress::quiet()).unwrap().icarus().unwrap_or_else(|error| panic!("{error}"));
    let arguments = [&["-g2001", "-o", "bench.vvp"][..], files].concat();
    icarus.compiler.run(folder, &arguments).unwrap_or_else(|error| panic!("{error}"));
    text(&icarus.simulator.run(folder, &["bench.vvp"]).unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn a_wrong_last_ends_the_simulation_of_every_datapath() {
    let mut framed = 0;
    for (entry, toml) in small_examples() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("design.toml");
        std::fs::write(&path, toml).unwrap();
        let design = Design::read(&path, &Choices::default(), &Catalog::standard()).unwrap();
        let ports = design.datapath.ports();
        if !ports.inputs.iter().any(|port| port.is_framed() && !port.is_varying()) {
            continue;
        }
        let sources = emit(&circuit(&*design.datapath, "dut", design.timing()));
        if !sources[0].text.contains("wire clk,") {
            continue; // of wires alone: nothing that counts beats, or that a wrong `last` could mislead
        }
        framed += 1;
        for source in &sources {
            std::fs::write(folder.path().join(&source.name), &source.text).unwrap();
        }
        let files = sources.iter().map(|source| source.name.as_str()).chain(["bench.v"]).collect::<Vec<_>>();
        for is_wrong in [true, false] {
            std::fs::write(folder.path().join("bench.v"), bench("dut", &ports, is_wrong)).unwrap();
            let said = simulated(folder.path(), &files);
            let wrong = said.contains("bench.dut: ") && said.contains("_last is 1 in beat 0 of 0 to ");
            assert_eq!((wrong, said.contains("held")), (is_wrong, !is_wrong), "{}: {said}", entry.kind);
        }
    }
    assert!(framed >= 8, "{framed} datapaths take frames of several beats");
}
