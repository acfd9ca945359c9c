//! Many circuits in one simulation, by Verilator and by Icarus, next to the interpreter.

use num_bigint::BigInt;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::rc::Rc;
use ternlet::hdl::*;
use ternlet::tools::{Progress, Tool, ToolError, Toolchain};
use ternlet::verilog::emit;

/// A circuit and what its inputs are in each cycle: `rst`, then a value for each input.
pub struct Case {
    pub circuit: Rc<Circuit>,
    pub cycles: Vec<(bool, Vec<BigInt>)>,
}

fn toolchain() -> Toolchain {
    Toolchain::new(Progress::quiet()).expect("a cache folder")
}

/// Fails where `tool` does, or prints a warning.
fn run(folder: &Path, tool: Result<Tool, ToolError>, args: &[&str]) -> String {
    let (tool, output) = tool
        .and_then(|tool| tool.output(folder, args).map(|output| (tool, output)))
        .unwrap_or_else(|error| panic!("{error}"));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && errors.is_empty(), "{}:\n{errors}", tool.name);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The bits of all outputs in each cycle as the interpreter has them, the first output rightmost.
fn interpret(case: &Case) -> Vec<String> {
    let mut interpreter = Interpreter::new(case.circuit.clone()).expect("no black box");
    let types: Vec<&Type> = case.circuit.outputs.iter().map(|output| &output.ty).collect();
    let bits = |values: Vec<BigInt>| -> String {
        values.iter().zip(&types).map(|(v, ty)| word(v, ty)).rev().collect()
    };
    case.cycles.iter().map(|(reset, inputs)| bits(interpreter.cycle(*reset, inputs))).collect()
}

/// The two's-complement bits of `value`.
fn word(value: &BigInt, ty: &Type) -> String {
    let width = ty.width() as usize;
    let modulus = BigInt::from(1) << width;
    let word = ((value % &modulus) + &modulus) % &modulus;
    format!("{:0>width$}", word.to_str_radix(2))
}

/// A module that applies the stimuli of all cases and prints their outputs in each cycle.
fn bench(cases: &[Case], folder: &Path) -> String {
    let cycles = cases.iter().map(|case| case.cycles.len()).max().unwrap_or(1).next_power_of_two();
    let counter = cycles.ilog2().max(1);
    let mut text = format!(
        "module bench (input wire clk);\n  reg [{0}:0] cycle;\n  initial cycle = {counter}'d0;\n  \
         always @(posedge clk) cycle <= cycle + {counter}'d1;\n",
        counter - 1
    );
    for (index, Case { circuit, cycles: stimuli }) in cases.iter().enumerate() {
        let types: Vec<&Type> = circuit.inputs.iter().map(|&id| &circuit.nodes[id].ty).collect();
        let mut lines = String::new();
        for step in 0..cycles {
            let (reset, values) = &stimuli[step.min(stimuli.len() - 1)];
            let bits: String = values.iter().zip(&types).map(|(v, ty)| word(v, ty)).rev().collect();
            let _ = writeln!(lines, "{bits}{}", u8::from(*reset));
        }
        std::fs::write(folder.join(format!("s{index}.mem")), lines).expect("a writable folder");
        let width: u32 = types.iter().map(|ty| ty.width()).sum::<u32>() + 1;
        let _ = writeln!(
            text,
            "  reg [{0}:0] s{index} [0:{1}];\n  initial $readmemb(\"s{index}.mem\", s{index});\n  \
             wire [{0}:0] i{index} = s{index}[cycle];",
            width - 1,
            cycles - 1
        );
        let mut ports = Vec::new();
        if circuit.clocked {
            ports.push(".clk(clk)".to_string());
            ports.push(format!(".rst(i{index}[0])"));
        } else {
            let _ = writeln!(text, "  wire unused_rst{index} = i{index}[0];");
        }
        let mut low = 1;
        for (&id, ty) in circuit.inputs.iter().zip(&types) {
            let name = circuit.nodes[id].name.as_deref().expect("inputs have names");
            ports.push(format!(".{name}(i{index}[{}:{low}])", low + ty.width() - 1));
            low += ty.width();
        }
        let mut shown = Vec::new();
        for (port, output) in circuit.outputs.iter().enumerate() {
            let net = format!("o{index}_{port}");
            let _ = writeln!(text, "  wire [{}:0] {net};", output.ty.width() - 1);
            ports.push(format!(".{}({net})", output.name));
            shown.insert(0, net);
        }
        let _ = writeln!(
            text,
            "  {} c{index} ({});\n  always @(posedge clk) $display(\"{index} %0d %b\", cycle, {{{}}});",
            circuit.name,
            ports.join(", "),
            shown.join(", ")
        );
    }
    text + "endmodule\n"
}

/// Writes the cases' modules and the bench, and gives the names of the files.
fn write(cases: &[Case], folder: &Path) -> Vec<String> {
    let mut files: HashMap<String, String> = HashMap::new();
    let mut names = vec!["bench.v".to_string()];
    std::fs::write(folder.join("bench.v"), bench(cases, folder)).expect("a writable folder");
    for file in cases.iter().flat_map(|case| emit(&case.circuit)) {
        match files.get(&file.name) {
            Some(text) => assert_eq!(*text, file.text, "{} is written twice, differently", file.name),
            None => {
                std::fs::write(folder.join(&file.name), &file.text).expect("a writable folder");
                names.push(file.name.clone());
                files.insert(file.name, file.text);
            }
        }
    }
    names
}

/// Checks what a simulator printed: equal to the interpreter but where it is unknown.
fn compare(simulator: &str, printed: &str, cases: &[Case]) -> Result<(), (usize, String)> {
    let expected: Vec<Vec<String>> = cases.iter().map(interpret).collect();
    let mut compared = 0;
    for line in printed.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [case, cycle, bits] = words[..] else { continue };
        let (Ok(case), Ok(cycle)) = (case.parse::<usize>(), cycle.parse::<usize>()) else { continue };
        let Some(want) = expected[case].get(cycle) else { continue };
        let equal = want.len() == bits.len()
            && want.bytes().zip(bits.bytes()).all(|(want, got)| got == b'x' || got == want);
        if !equal {
            let message = format!("{simulator}, cycle {cycle}:\n{bits}, but the interpreter has\n{want}");
            return Err((case, message));
        }
        compared += 1;
    }
    assert_eq!(
        compared,
        expected.iter().map(Vec::len).sum::<usize>(),
        "{simulator} skipped cycles:\n{printed}"
    );
    Ok(())
}

/// Simulates with Icarus; an error names the first case that differs from the interpreter.
pub fn icarus(cases: &[Case]) -> Result<(), (usize, String)> {
    compare("Icarus", &icarus_prints(cases), cases)
}

/// Lints with all warnings, and simulates with Verilator.
pub fn verilator(cases: &[Case]) -> Result<(), (usize, String)> {
    compare("Verilator", &verilator_prints(cases), cases)
}

/// Reads all modules with Yosys, which must not warn, and simulates with Icarus what Yosys makes of them.
pub fn yosys(cases: &[Case]) -> Result<(), (usize, String)> {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let files = write(cases, folder.path());
    let script =
        format!("read_verilog {}; hierarchy; proc; write_verilog -noattr yosys.v", files[1..].join(" "));
    let printed = run(folder.path(), toolchain().yosys(), &["-p", &script]);
    // A memory that is only read and written at constant addresses is, rightly, no memory to Yosys.
    let allowed = |line: &str| line.contains("with list of registers");
    let warnings: Vec<&str> =
        printed.lines().filter(|line| line.contains("Warning:") && !allowed(line)).collect();
    assert!(warnings.is_empty(), "Yosys: {}", warnings.join("\n"));
    let files = ["bench.v".to_string(), "yosys.v".to_string()];
    compare("Yosys", &simulate_with_icarus(folder.path(), &files, &[], cases), cases)
}

pub fn icarus_prints(cases: &[Case]) -> String {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let files = write(cases, folder.path());
    simulate_with_icarus(folder.path(), &files, &["-g2001", "-Wall"], cases)
}

fn simulate_with_icarus(folder: &Path, files: &[String], flags: &[&str], cases: &[Case]) -> String {
    let cycles = cases.iter().map(|case| case.cycles.len()).max().unwrap_or(1);
    let clock = format!(
        "module clock;\n  reg clk = 1'b0;\n  bench bench (clk);\n  initial begin\n    \
         repeat ({cycles}) begin #1 clk = 1'b1; #1 clk = 1'b0; end\n    $finish;\n  end\nendmodule\n"
    );
    std::fs::write(folder.join("clock.v"), clock).expect("a writable folder");
    let mut args = flags.to_vec();
    args.extend(["-s", "clock", "-o", "bench.vvp", "clock.v"]);
    args.extend(files.iter().map(String::as_str));
    let icarus = toolchain().icarus().unwrap_or_else(|error| panic!("{error}"));
    run(folder, Ok(icarus.compiler), &args);
    run(folder, Ok(icarus.simulator), &["-n", "bench.vvp"])
}

pub fn verilator_prints(cases: &[Case]) -> String {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let files = write(cases, folder.path());
    let cycles = cases.iter().map(|case| case.cycles.len()).max().unwrap_or(1);
    let verilator = toolchain().verilator().unwrap_or_else(|error| panic!("{error}"));
    let mut args = vec!["--cc", "-Wall", "--top-module", "bench", "--prefix", "Vbench", "--Mdir", "."];
    args.extend(files.iter().map(String::as_str));
    run(folder.path(), Ok(verilator.tool), &args);
    let mut main = String::from("#include \"Vbench.h\"\n");
    let generated = std::fs::read_dir(folder.path()).expect("a readable folder");
    let mut sources: Vec<String> = generated
        .map(|entry| entry.expect("a readable folder").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".cpp"))
        .collect();
    sources.sort();
    for source in &sources {
        let _ = writeln!(main, "#include \"{source}\"");
    }
    let _ = writeln!(
        main,
        "int main() {{\n  Vbench bench;\n  for (int i = 0; i < {cycles} && !Verilated::gotFinish(); ++i) {{\n    \
         bench.clk = 0; bench.eval();\n    bench.clk = 1; bench.eval();\n  }}\n}}"
    );
    std::fs::write(folder.path().join("main.cc"), main).expect("a writable folder");
    let include = verilator.root.join("include");
    let [flag, std_flag] =
        [include.clone(), include.join("vltstd")].map(|path| format!("-I{}", path.display()));
    let runtime =
        ["verilated.cpp", "verilated_threads.cpp"].map(|file| include.join(file).display().to_string());
    let args = [
        "-O0",
        "-w",
        "-pthread",
        "-I.",
        &flag,
        &std_flag,
        "main.cc",
        &runtime[0],
        &runtime[1],
        "-o",
        "bench",
    ];
    run(folder.path(), toolchain().compiler(), &args);
    run(folder.path(), Ok(Tool::new("bench", folder.path().join("bench"), "")), &[])
}
