//! Tools come by themselves, whole, into a cache of their own.

use std::path::Path;
use ternlet::project::Mnist;
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

/// The digits that the networks of the examples were tested with: counts and sums of theirs, computed elsewhere.
#[test]
fn the_digits_of_mnist_come_by_themselves() {
    let toolchain = Toolchain::new(Progress::quiet()).unwrap();
    let Mnist { test, train } = Mnist::fetch(&toolchain).unwrap();
    assert_eq!((test.labels.len(), train.labels.len()), (500, 4500));
    for digit in 0..10 {
        assert_eq!(test.labels.iter().filter(|label| **label == digit).count(), 50);
    }
    assert_eq!(test.images.iter().map(|pixel| u64::from(*pixel)).sum::<u64>(), 13_271_044);
}

#[test]
fn an_unknown_tool_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let toolchain = Toolchain::at(Cache::at(folder.path()).unwrap(), Progress::quiet());
    let error = toolchain.find("yoyos").unwrap_err().to_string();
    assert!(error.starts_with("yoyos is not installed: ternlet knows no program of this name"), "{error}");
}
