//! The layers of the source, and what each may use: dependencies point one way.

mod circles;

use std::fs;
use std::path::{Path, PathBuf};

/// `hdl` may use `device`, since the delays by which the pipeliner places registers are data of a family.
const LAYERS: &[(&str, &[&str])] = &[
    ("device", &[]),
    ("tools", &[]),
    ("hdl", &["device"]),
    ("verilog", &["hdl"]),
    ("rust_hdl", &["hdl", "verilog"]),
    ("estimate", &["device", "hdl"]),
    ("stream", &["hdl"]),
    ("link", &["hdl", "stream", "verilog"]),
    ("flash", &["hdl", "link", "stream", "verilog"]),
    ("blocks", &["device", "hdl", "stream"]),
    ("datapath", &["blocks", "device", "estimate", "hdl", "stream"]),
    ("graph", &["datapath", "hdl", "stream"]),
    ("verify", &["hdl", "link", "stream", "tools", "verilog"]),
    ("flow", &["device", "flash", "hdl", "link", "stream", "tools", "verilog"]),
    ("report", &["datapath", "flow", "verify"]),
    ("design", &["datapath", "device", "graph", "hdl", "stream", "tools", "verilog"]),
    ("fold", &["datapath", "design", "device", "estimate", "graph", "hdl", "stream"]),
    ("import", &["blocks", "datapath", "design", "device", "fold", "graph", "hdl", "stream"]),
    ("train", &["datapath", "design", "graph", "import", "stream"]),
    (
        "project",
        &[
            "datapath", "design", "device", "estimate", "flash", "flow", "graph", "hdl", "link", "report",
            "stream", "tools", "verify", "verilog",
        ],
    ),
    (
        "cli",
        &[
            "datapath", "design", "device", "flow", "fold", "graph", "import", "link", "project", "tools",
            "train", "verify",
        ],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for path in entries {
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false => found.push(path),
        }
    }
    found
}

/// The first name after each `crate::` of a line.
fn used(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or_default();
    code.split("crate::")
        .skip(1)
        // The macros of the crate are those of the language.
        .map(|rest| if rest.starts_with("payload!") { "hdl" } else { rest })
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
}

/// What a layer may use.
fn allowed(layer: &str) -> &'static [&'static str] {
    LAYERS.iter().find(|(name, _)| *name == layer).unwrap_or_else(|| panic!("layer {layer}")).1
}

/// Each layer stands after those that it may use, so that no two use each other.
#[test]
fn layers_stand_in_an_order() {
    for (index, (layer, allowed)) in LAYERS.iter().enumerate() {
        for name in *allowed {
            let stands = LAYERS[..index].iter().any(|(before, _)| before == name);
            assert!(stands, "{layer} uses {name}, which does not stand before it");
        }
    }
}

#[test]
fn no_layer_uses_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut lines = 0;
    for path in sources(&root) {
        let inner = path.strip_prefix(&root).unwrap().with_extension("");
        let layer = inner.iter().next().unwrap().to_str().unwrap().to_owned();
        if ["lib", "main"].contains(&layer.as_str()) {
            continue;
        }
        let allowed = allowed(&layer);
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            lines += 1;
            for name in used(line) {
                let place = format!("{}:{}", path.display(), number + 1);
                assert!(name == layer || allowed.contains(&name), "{place}: {layer} may not use {name}");
            }
        }
    }
    assert!(lines > 5000, "the sources were read");
}

/// Only `tools` starts processes.
#[test]
fn processes_are_started_in_one_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root).into_iter().filter(|path| !path.starts_with(root.join("tools"))) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("process::Command"), "{} starts a process", path.display());
    }
}

/// Only `cli` speaks.
#[test]
fn only_the_command_line_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root).into_iter().filter(|path| !path.starts_with(root.join("cli"))) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().map(|line| line.split("//").next().unwrap()) {
            assert!(!line.contains("print!(") && !line.contains("println!("), "{}: {line}", path.display());
        }
    }
}
