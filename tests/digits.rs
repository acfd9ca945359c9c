//! Trained networks on 360 real digits: the ternary one from its design file to a bitstream and a report, the 2:4 sparse one in
//! simulation, with its cycles counted next to those of dense weights.

use std::path::Path;
use std::process::Command;

/// Runs `ternlet flow` on an example, into `folder`; the objects of its steps.
fn flow(example: &str, folder: &Path) -> serde_json::Value {
    let design = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["flow", "--json", "--quiet", "-o"])
        .arg(folder)
        .arg(design)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// All gradients of the network's training, pruned: 1,437 frames, whole, after corners and random frames.
#[test]
fn the_digits_gradients_are_pruned() {
    let folder = tempfile::tempdir().unwrap();
    let steps = flow("gradient_prune_digits.toml", folder.path());
    let simulated = &steps["simulate"];
    assert_eq!(simulated["mismatches"], 0);
    assert!(simulated["frames"].as_u64().unwrap() > 1437);
    assert_eq!(steps["synthesize"]["timing_met"], true);
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    for title in ["density of each frame", "threshold of each frame", "magnitudes before and after"] {
        assert!(page.contains(&format!("<title>{title}</title>")), "{title}");
        let file = folder.path().join(format!("{}.svg", title.replace(' ', "_")));
        assert!(std::fs::read_to_string(file).unwrap().ends_with("</svg>"), "{title}");
    }
}

#[test]
fn the_digits_network_goes_from_its_design_file_to_a_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let steps = flow("digits_ternary.toml", folder.path());
    let (simulated, synthesized) = (&steps["simulate"], &steps["synthesize"]);
    assert_eq!(simulated["mismatches"], 0);
    for (stream, integers) in [("hidden", 360 * 64), ("score", 360 * 10)] {
        assert_eq!(simulated["expected"][stream]["equal"], true);
        assert_eq!(simulated["expected"][stream]["values"], integers);
    }
    assert_eq!((&simulated["accuracy"]["right"], &simulated["accuracy"]["of"]), (&348.into(), &360.into()));
    // 64 x 64 weights in 64 cycles: 64 ternary MACs a cycle in the first layer alone.
    assert_eq!(simulated["initiation_interval"], 64.0);
    assert_eq!(synthesized["timing_met"], true);
    assert!(synthesized["frequency_mhz"].as_f64().unwrap() >= 24.0);
    assert_eq!(synthesized["board"], "icebreaker");
    assert!(folder.path().join("digits_ternary.bin").is_file());

    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("Every check holds") && page.contains("348 of 360 named right"));
    assert_eq!(page.matches("<svg ").count(), 11, "ten digits as pictures, and a roofline");
    for outside in ["http:", "https:", "src=", "@import", "<script"] {
        assert!(!page.contains(outside), "the page needs nothing else: {outside}");
    }
}

fn simulated(design: &Path, folder: &Path) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["simulate", "--json", "--quiet", "-o"])
        .arg(folder)
        .arg(design)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["mismatches"], 0);
    for (stream, integers) in [("hidden", 360 * 64), ("score", 360 * 10)] {
        assert_eq!(result["expected"][stream]["equal"], true);
        assert_eq!(result["expected"][stream]["values"], integers);
    }
    assert_eq!((&result["accuracy"]["right"], &result["accuracy"]["of"]), (&351.into(), &360.into()));
    result
}

/// 2:4 doubles the throughput: the same weights on the same arrays, with the word that they are dense, take twice the cycles.
#[test]
fn the_sparse_digits_network_takes_half_the_cycles_of_a_dense_one() {
    let folder = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let sparse = simulated(&examples.join("digits_sparse24.toml"), &folder.path().join("sparse"));
    let text = std::fs::read_to_string(examples.join("digits_sparse24.toml")).unwrap();
    let text = text.replace("\"data/", &format!("\"{}/data/", examples.display()));
    let dense_design = folder.path().join("digits_dense.toml");
    std::fs::write(&dense_design, text.replace("weight = \"s4\"\n", "weight = \"s4\"\ndense = true\n"))
        .unwrap();
    let dense = simulated(&dense_design, &folder.path().join("dense"));
    assert_eq!(
        (&sparse["initiation_interval"], &dense["initiation_interval"]),
        (&64.0.into(), &128.0.into())
    );
}
