//! Tools come by themselves, whole, into a cache of their own.

use std::path::Path;
use ternlet::tools::{Cache, Progress, Toolchain};

#[test]
fn two_at_once_install_verilator_once() {
    let folder = tempfile::tempdir().unwrap();
    let toolchain = Toolchain::at(Cache::at(folder.path()).unwrap(), Progress::quiet());
    let installed = |status: Vec<ternlet::tools::ToolStatus>| {
        status.iter().any(|tool| tool.name == "verilator" && tool.installed)
    };
    assert!(!installed(toolchain.status()));
    let roots: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| toolchain.verilator().unwrap().root)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(roots[0], roots[1]);
    assert!(roots[0].join("include/verilated.cpp").is_file());
    let verilator = toolchain.verilator().unwrap();
    assert_eq!(verilator.tool.version, "5.48.0");
    verilator.tool.run(Path::new("/"), &["--version"]).unwrap();
    assert!(installed(toolchain.status()));
    let left = std::fs::read_dir(folder.path().join("tools"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    assert!(left.into_iter().all(|name| !name.starts_with(".partial")), "nothing half-installed stays");
}

#[test]
fn an_unknown_tool_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let toolchain = Toolchain::at(Cache::at(folder.path()).unwrap(), Progress::quiet());
    let error = toolchain.find("yoyos").unwrap_err().to_string();
    assert!(error.starts_with("yoyos is not installed: ternlet knows no program of this name"), "{error}");
}
