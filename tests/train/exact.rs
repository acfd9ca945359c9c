//! What leaves is exact: the Verilog gives the trainer's own integers, code by code and score by score.

use super::{MAPS, VECTORS, file, ternlet};
use serde_json::Value;

const METHODS: [&str; 8] = [
    "{ kind = \"float\" }",
    "{ kind = \"ste\", pattern = \"2:4\", bits = 4 }",
    "{ kind = \"sr_ste\", pattern = \"1:4\", bits = 5 }",
    "{ kind = \"slb\", bits = 1 }",
    "{ kind = \"slb\", bits = 2 }",
    "{ kind = \"slb\", bits = 4 }",
    "{ kind = \"ttq\" }",
    "{ kind = \"twn\" }",
];

/// Trains with each method and simulates the design on the test digits.
fn equal(nodes: &str, streams: &[(&str, usize)]) {
    for method in METHODS {
        let folder = tempfile::tempdir().unwrap();
        file(folder.path(), method, nodes);
        let object = |arguments: &[&str]| -> Value {
            let output = ternlet(folder.path(), &[arguments, &["--json", "--quiet"]].concat());
            assert!(output.status.success(), "{method}: {output:?}");
            serde_json::from_slice(&output.stdout).unwrap()
        };
        let trained = object(&["train", "train.toml", "-o", "digits.toml"]);
        let simulated = object(&["simulate", "digits.toml", "--once"]);
        for (stream, integers) in streams {
            let expected = &simulated["expected"][stream];
            assert_eq!(expected["equal"], true, "{method}: {stream}: {expected}");
            assert_eq!(expected["values"], 360 * integers, "{method}: {stream}");
        }
        assert_eq!(simulated["accuracy"], trained["accuracy"]["test"], "{method}");
        // The scores of SLB's values need more than two epochs.
        if !method.contains("slb") {
            let right = trained["accuracy"]["validation"]["right"].as_u64().unwrap();
            assert!(right > 287 / 2, "{method}: {right} of 287 are right after two epochs");
        }
    }
}

#[test]
fn vectors_of_all_methods() {
    equal(VECTORS, &[("hidden", 12), ("score", 10), ("class", 1)]);
}

#[test]
fn maps_of_all_methods() {
    equal(MAPS, &[("first", 64 * 4), ("second", 2 * 4 * 8), ("score", 10), ("class", 1)]);
}

/// Weights that were trained to a pattern are multiplied by an array that has it.
#[test]
fn a_pattern_reaches_the_hardware() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), METHODS[1], MAPS);
    let output = ternlet(folder.path(), &["train", "train.toml", "-o", "digits.toml", "--quiet"]);
    assert!(output.status.success(), "{output:?}");
    let text = std::fs::read_to_string(folder.path().join("digits.toml")).unwrap();
    // One channel comes into the first convolution, so that its groups are no whole ones.
    assert_eq!(text.matches("pattern = \"2:4\"").count(), 2, "{text}");
}
