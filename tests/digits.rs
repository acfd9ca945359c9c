//! The main job: a trained ternary network on 360 real digits, from its design file to a bitstream and a report.

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

/// All gradients of the network's training, pruned: 1,437 frames, whole, behind corners and random frames.
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
    assert_eq!(page.matches("<svg ").count(), 10, "ten digits as pictures");
    for outside in ["http:", "https:", "src=", "@import", "<script"] {
        assert!(!page.contains(outside), "the page needs nothing else: {outside}");
    }
}
