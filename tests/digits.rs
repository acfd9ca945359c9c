//! The main job: a trained ternary network on 360 real digits, from its design file to a bitstream and a report.

use std::path::Path;
use std::process::Command;

#[test]
fn the_digits_network_goes_from_its_design_file_to_a_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let design = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/digits_ternary.toml");
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["flow", "--json", "--quiet", "-o"])
        .arg(folder.path())
        .arg(design)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let steps: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
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
