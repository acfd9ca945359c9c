//! The trained networks in the fastest folding that `ternlet fold --fit` finds for each board, simulated, synthesized and placed; the table of
//! docs/figures.md. Names of networks as arguments choose rows, others stay as they are. Exit status 1 where fewer than 9 of 10 fit and meet their clock.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, ExitCode};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/figures.md");
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
const START: &str = "<!-- folding -->\n";
const END: &str = "<!-- /folding -->";
const HEAD: &str = "| network | board, MHz asked | cycles a frame; frames a second | LUT4: estimate, found | block RAM | DSP | MHz | |\n\
     |---|---|---|---|---|---|---|---|";

/// Each network with the boards that it is folded for, and their clocks in MHz. 3-D networks are far too large for the small ones.
const NETWORKS: [(&str, &[(&str, u32)]); 6] = [
    ("tcnn", &SMALL),
    ("resdw", &SMALL),
    ("vowels", &SMALL),
    ("unet3d", &[("ulx3s", 40)]),
    ("vnet3d", &[("ulx3s", 40)]),
    ("unet3d_ttq", &[("ulx3s", 40)]),
];
const SMALL: [(&str, u32); 4] = [("hx8k", 30), ("icebreaker", 24), ("tangnano9k", 27), ("ulx3s", 50)];

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let page = fs::read_to_string(PAGE).expect("the page");
    let (before, rest) = page.split_once(START).expect("the mark of the table");
    let (table, after) = rest.split_once(END).expect("the mark of its end");
    let cells = |line: &str| line.split('|').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    let old = table.lines().skip(HEAD.lines().count()).map(|line| {
        let cells = cells(line);
        ((cells[1].clone(), cells[2].clone()), line.to_owned())
    });
    let mut rows: BTreeMap<(String, String), String> = old.collect();
    println!("{HEAD}");
    for (network, boards) in NETWORKS {
        if !(chosen.is_empty() || chosen.iter().any(|name| name == network)) {
            continue;
        }
        for (board, mhz) in boards {
            let (name, target) = (format!("`{network}`"), format!("{board}, {mhz}"));
            let line = format!("| {name} | {target} | {} |", folded(network, board, *mhz));
            println!("{line}");
            rows.insert((name, target), line);
            // Each row as it comes, so that a run that is stopped has not run in vain.
            let lines: Vec<&str> = rows.values().map(String::as_str).collect();
            let table = format!("{before}{START}{HEAD}\n{}\n{END}{after}", lines.join("\n"));
            fs::write(PAGE, table).expect("the page");
        }
    }
    let met = rows.values().filter(|line| line.ends_with("| met |")).count();
    println!("{met} of {} fit and meet their clock", rows.len());
    if met * 10 >= rows.len() * 9 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The cells of a network on a board.
fn folded(network: &str, board: &str, mhz: u32) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    symlink(format!("{EXAMPLES}/data"), path.join("data")).expect("the temporary folder");
    fs::copy(format!("{EXAMPLES}/{network}.toml"), path.join("design.toml")).expect("the example");
    let mhz = mhz.to_string();
    let on = ["--board", board, "--frequency", &mhz];
    let fold = run(path, &[&["fold", "design.toml", "--fit", "-o", "folded.toml"], &on[..]].concat());
    let Some(cycles) = fold["cycles_per_frame"].as_u64() else {
        return "nothing fits by the estimate | | | | | |".into();
    };
    // Its frames are simulated once where they are long.
    let once: &[&str] = if cycles > 50_000 { &["--once"] } else { &[] };
    let flow = run(path, &[&["flow", "folded.toml"], once].concat());
    let (simulated, found) = (&flow["simulate"], &flow["synthesize"]);
    assert_eq!(simulated["initiation_interval"].as_f64(), Some(cycles as f64), "{network} on {board}");
    let number = |object: &Value, key: &str| object[key].as_u64().unwrap_or_default();
    let both = |key| format!("{}, {}", number(&fold["counts"], key), number(found, key));
    let reached = found["fmax_mhz"].as_f64();
    let verdict = match (found["fits"].as_bool(), found["timing_met"].as_bool()) {
        (Some(true), Some(true)) => "met",
        (Some(true), _) => "too slow",
        _ => "too large",
    };
    format!(
        "{cycles}; {:.0} | {} | {} | {} | {} | {verdict}",
        fold["frames_per_second"].as_f64().unwrap_or_default(),
        both("lut4"),
        both("block_ram"),
        both("dsp"),
        reached.map_or(String::new(), |mhz| format!("{mhz:.1}")),
    )
}

/// What the command line answers; a check that fails is an answer.
fn run(folder: &Path, arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    let output = command.args(arguments).args(["--json", "--quiet"]).current_dir(folder).output();
    let output = output.expect("the command line starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {said}"))
}
