//! Every kind's example under Icarus Verilog from unknown: registers, memories and idle payloads are X, and one cycle of reset must be
//! enough for right results under random stalls.

#[path = "support/small.rs"]
mod small;

use num_bigint::BigInt;
use rayon::prelude::*;
use small::small_examples;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design};
use ternlet::project::Project;
use ternlet::stream::{Draw, Port, Ports, Tokens, Transfers, packing};
use ternlet::tools::{Icarus, Progress, Toolchain};
use ternlet::verilog::SourceFile;

fn icarus() -> Icarus {
    Toolchain::new(Progress::quiet())
        .expect("a cache folder")
        .icarus()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A design with random frames and what the golden model makes of them.
struct Case {
    project: Project,
    ports: Ports,
    inputs: Transfers,
    expected: Transfers,
}

impl Case {
    fn of(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("design.toml");
        fs::write(&path, text).unwrap();
        let design = Design::read(&path, &Choices::default(), &Catalog::standard()).unwrap();
        let datapath = &design.datapath;
        let ports = datapath.ports();
        let longest = ports.each().map(|(port, _)| port.frame_beats()).max().unwrap_or(1);
        let frames = (300 / longest.max(1)).clamp(2, 60) * datapath.frame_multiple();
        let inputs = datapath.random(frames, &mut Draw::seeded(1));
        let expected = datapath.golden(&inputs);
        Self { project: Project::generate(design, true).unwrap(), ports, inputs, expected }
    }

    /// What is wrong with these Verilog sources of the design; nothing if all is right.
    fn fault(&self, icarus: &Icarus, sources: &[SourceFile]) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let printed = simulated(icarus, folder.path(), sources, &self.bench(folder.path()));
        let mut came: HashMap<&str, Vec<&str>> = HashMap::new();
        for line in printed.lines() {
            match line.split_once(' ') {
                Some(("beat", rest)) => {
                    let (port, bits) = rest.split_once(' ').expect("a port and bits");
                    came.entry(port).or_default().push(bits);
                }
                _ => return Some(line.to_owned()),
            }
        }
        let outputs = self.ports.outputs.iter().zip(&self.expected);
        outputs.into_iter().find_map(|(port, expected)| {
            let (expected, came) =
                (words(port, expected), came.remove(port.name.as_str()).unwrap_or_default());
            let wrong = expected.iter().zip(&came).position(|(expected, came)| expected != came);
            match wrong {
                Some(beat) => {
                    Some(format!("beat {beat} of {}: {} for {}", port.name, came[beat], expected[beat]))
                }
                None if expected.len() != came.len() => {
                    Some(format!("{} beats of {}, not {}", came.len(), port.name, expected.len()))
                }
                None => None,
            }
        })
    }

    /// A test bench in Verilog that prints each beat of an output, and what is unknown and must not be. The beats of each input are in a file.
    fn bench(&self, folder: &Path) -> String {
        let filled = |text: &str, port: &Port, tokens: &Tokens| {
            let values = [
                ("PORT", port.name.clone()),
                ("BITS", forward_bits(port).to_string()),
                ("BEATS", tokens.beats().to_string()),
            ];
            values.iter().fold(text.to_owned(), |text, (key, value)| text.replace(key, value))
        };
        let inputs: Vec<_> = self.ports.inputs.iter().zip(&self.inputs).collect();
        let outputs: Vec<_> = self.ports.outputs.iter().zip(&self.expected).collect();
        for (port, tokens) in &inputs {
            fs::write(folder.join(format!("{}.txt", port.name)), words(port, tokens).join("\n")).unwrap();
        }
        let all = |of_inputs: &str, of_outputs: &str| -> String {
            let inputs = inputs.iter().map(|(port, tokens)| filled(of_inputs, port, tokens));
            inputs.chain(outputs.iter().map(|(port, tokens)| filled(of_outputs, port, tokens))).collect()
        };
        let beats: usize = inputs.iter().chain(&outputs).map(|(_, tokens)| tokens.beats()).sum();
        let cycles = 100 * (beats as u64 + self.project.design.datapath.footprint().cycles);
        let clock = if self.project.clocked { ".clk(clk), .rst(rst)" } else { "" };
        let pins: Vec<String> = self.ports.each().map(|(port, _)| pins(port)).chain([clock.into()]).collect();
        BENCH
            .replace("DECLARATIONS", &all(SOURCE, SINK))
            .replace("DRIVE", &all(SOURCE_DRIVE, SINK_DRIVE))
            .replace("DONE", &all(" && PORT_sent == BEATS", " && PORT_came >= BEATS"))
            .replace("LIMIT", &(20_000 + cycles).to_string())
            .replace("NAME", &self.project.design.name)
            .replace("PINS", pins.join(", ").trim_end_matches(", "))
    }
}

/// One cycle of reset, from time 0 on; 60 cycles after the last beat no more may have come.
const BENCH: &str = "module bench;
  reg clk = 0, rst = 1, runs = 0;
  integer seed = 7, cycle = 0, idle = 0;
DECLARATIONS  NAME dut (PINS);
  always #1 clk = ~clk;
  always @(posedge clk) begin
    rst <= 0;
    runs <= 1;
    cycle <= cycle + 1;
DRIVE    idle <= (runsDONE) ? idle + 1 : 0;
    if (idle == 60) $finish;
    if (cycle == LIMIT) begin
      $display(\"stuck\");
      $finish;
    end
  end
endmodule
";

const SOURCE: &str = "  reg PORT_valid = 1'bx;
  reg [BITS-1:0] PORT_beat = {BITS{1'bx}};
  wire PORT_ready;
  integer PORT_sent = 0;
  reg [BITS-1:0] PORT_beats [0:BEATS-1];
  initial $readmemb(\"PORT.txt\", PORT_beats);
";

const SOURCE_DRIVE: &str =
    "    if (runs && PORT_ready === 1'bx) $display(\"PORT_ready is unknown in cycle %0d\", cycle);
    if (PORT_valid === 1 && PORT_ready === 1) PORT_sent = PORT_sent + 1;
    if (PORT_valid !== 1 || PORT_ready === 1) begin
      PORT_valid <= 0;
      PORT_beat <= {BITS{1'bx}};
      if (PORT_sent < BEATS && $random(seed) % 4 != 0) begin
        PORT_valid <= 1;
        PORT_beat <= PORT_beats[PORT_sent];
      end
    end
";

const SINK: &str = "  reg PORT_ready = 1'bx;
  wire PORT_valid;
  wire [BITS-1:0] PORT_beat;
  integer PORT_came = 0;
";

const SINK_DRIVE: &str =
    "    if (runs && PORT_valid === 1'bx) $display(\"PORT_valid is unknown in cycle %0d\", cycle);
    if (PORT_valid === 1 && PORT_ready === 1) begin
      $display(\"beat PORT %b\", PORT_beat);
      PORT_came = PORT_came + 1;
    end
    PORT_ready <= $random(seed) % 3 != 0;
";

/// The bits of a beat, `last` above the payload.
fn forward_bits(port: &Port) -> usize {
    port.width() + usize::from(port.is_framed())
}

/// How the module's ports are wired.
fn pins(port: &Port) -> String {
    let (name, width) = (&port.name, port.width());
    let payload = (width > 0).then(|| format!("{name}_payload({name}_beat[{}:0])", width.max(1) - 1));
    let last = port.is_framed().then(|| format!("{name}_last({name}_beat[{width}])"));
    let handshake = ["valid", "ready"].map(|wire| format!("{name}_{wire}({name}_{wire})"));
    let all: Vec<String> =
        handshake.into_iter().chain(payload).chain(last).map(|pin| format!(".{pin}")).collect();
    all.join(", ")
}

/// Each beat of `tokens` in binary.
fn words(port: &Port, tokens: &Tokens) -> Vec<String> {
    let word = |beat: usize| {
        let payload = packing::word(port.lane_ranges().zip(tokens.beat(beat).iter().copied()));
        let last = port.is_framed() && tokens.last[beat];
        let word: BigInt = payload + (BigInt::from(u8::from(last)) << port.width());
        format!("{:0>1$}", word.to_str_radix(2), forward_bits(port))
    };
    (0..tokens.beats()).map(word).collect()
}

/// What a simulation prints.
fn simulated(icarus: &Icarus, folder: &Path, sources: &[SourceFile], bench: &str) -> String {
    fs::write(folder.join("bench.v"), bench).unwrap();
    let mut arguments = vec!["-g2001", "-s", "bench", "-o", "bench.vvp", "bench.v"];
    for source in sources {
        fs::write(folder.join(&source.name), &source.text).unwrap();
        arguments.push(&source.name);
    }
    icarus.compiler.run(folder, &arguments).unwrap_or_else(|error| panic!("{error}\n{bench}"));
    let output = icarus.simulator.run(folder, &["-n", "bench.vvp"]).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn one_cycle_of_reset_is_enough_for_right_results() {
    let icarus = icarus();
    small_examples().par_iter().for_each(|(example, text)| {
        let case = Case::of(text);
        assert!(case.expected.iter().any(|tokens| tokens.beats() > 0), "{}", example.kind);
        let fault = case.fault(&icarus, &case.project.simulated_sources());
        assert_eq!(fault, None, "{}", example.kind);
    });
}

/// Every register of the two that a reset sets, one at a time.
#[test]
fn a_lost_reset_value_is_found() {
    let icarus = icarus();
    for kind in ["argmax", "ternary_mac"] {
        let (_, text) = small_examples().into_iter().find(|(example, _)| example.kind == kind).unwrap();
        let case = Case::of(&text);
        let sources = case.project.simulated_sources();
        assert_eq!(case.fault(&icarus, &sources), None, "{kind} as it is");
        let faulty: Vec<(String, Vec<SourceFile>)> = (0..sources.len())
            .flat_map(|file| {
                without_one_reset(&sources[file].text).into_iter().map(move |fault| (file, fault))
            })
            .map(|(file, (lost, text))| {
                let mut faulty = sources.clone();
                faulty[file].text = text;
                (lost, faulty)
            })
            .collect();
        assert!(faulty.len() >= 3, "{kind} resets registers");
        faulty.par_iter().for_each(|(lost, sources)| {
            assert!(case.fault(&icarus, sources).is_some(), "{kind} without {lost}");
        });
    }
}

/// `text` without one of the lines that give a register of the design its value at a reset, each in turn.
fn without_one_reset(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut resets, mut is_check) = (false, false);
    let mut faulty = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        match line.trim() {
            "`ifndef SYNTHESIS" => is_check = true,
            "`endif" => is_check = false,
            "if (rst) begin" => resets = !is_check,
            line if line.starts_with("end") => resets = false,
            line if resets && line.contains("<=") => {
                let rest = lines.iter().enumerate().filter(|(at, _)| *at != number);
                let rest: String = rest.flat_map(|(_, line)| [line, "\n"]).collect();
                faulty.push((line.to_owned(), rest));
            }
            _ => {}
        }
    }
    faulty
}
