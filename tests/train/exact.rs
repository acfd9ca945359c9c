//! What leaves is exact: the Verilog gives the trainer's own integers, code by code and score by score.

use super::{BRANCHES, MAPS, VECTORS, file, ternlet};
use serde_json::Value;
use std::path::Path;

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
fn equal(methods: &[&str], nodes: &str, streams: &[(&str, usize)]) {
    for method in methods {
        let folder = tempfile::tempdir().unwrap();
        file(folder.path(), method, nodes);
        let trained = said(folder.path(), &["train", "train.toml", "-o", "digits.toml"]);
        let simulated = said(folder.path(), &["simulate", "digits.toml", "--once"]);
        for (stream, integers) in streams {
            // Thresholds of a node of their own are called so.
            let all = &simulated["expected"];
            let expected = all.get(stream).unwrap_or(&all[format!("{stream}_code")]);
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
    equal(&METHODS, VECTORS, &[("hidden", 12), ("score", 10), ("class", 1)]);
}

#[test]
fn maps_of_all_methods() {
    equal(&METHODS, MAPS, &[("first", 64 * 4), ("second", 2 * 4 * 8), ("score", 10), ("class", 1)]);
}

#[test]
fn branches_of_two_methods() {
    let streams = [
        ("first", 256),
        ("deep", 96),
        ("up", 192),
        ("narrow", 256),
        ("last", 64),
        ("score", 10),
        ("class", 1),
    ];
    equal(&METHODS[5..7], BRANCHES, &streams);
}

/// A network behind an edge layer and a scale: it sees what they give, and the design takes the picture.
#[test]
fn edges_in_front() {
    let folder = tempfile::tempdir().unwrap();
    let front = "[[front]]\nname = \"edges\"\nkind = \"edge_enhance\"\nsize = [8, 8]\ninput = \"u5\"\nmodulus_maxima = { scale = 1, threshold = 4 }\n\
                 [[front]]\nname = \"scaled\"\nkind = \"requantize\"\nrows = 64\ninput = \"u7\"\n\
                 requantize = { output = \"u5\", multiplier = 3, shift = 3 }\n";
    let path = file(folder.path(), METHODS[7], &format!("{front}{VECTORS}"));
    let trained = said(folder.path(), &["train", "train.toml", "-o", "digits.toml"]);
    let simulated = said(folder.path(), &["simulate", "digits.toml", "--once"]);
    for (stream, integers) in [("hidden", 12), ("score", 10), ("class", 1)] {
        let expected = &simulated["expected"][stream];
        assert_eq!((&expected["equal"], &expected["values"]), (&true.into(), &(360 * integers).into()));
    }
    assert_eq!(simulated["accuracy"], trained["accuracy"]["test"]);
    let design = std::fs::read_to_string(folder.path().join("digits.toml")).unwrap();
    assert!(design.contains("kind = \"edge_enhance\""), "{design}");

    let text = std::fs::read_to_string(&path).unwrap();
    for (right, wrong, why) in [
        ("threshold = 4", "threshold = -4", "threshold"),
        ("size = [8, 8]", "size = [8, 9]", "front[1]: `edges.y` gives frames of height 8 x width 9"),
        ("train.image", "train.label", "but 64 integers come into [[front]] with each frame"),
        ("input = \"u5\"\n", "input = \"u4\"\n", "16 is not among the 0 to 15 that come into [[front]]"),
        ("kind = \"edge_enhance\"", "kind = \"edge\"", "there is no datapath \"edge\""),
    ] {
        assert!(text.contains(right), "{right}");
        std::fs::write(&path, text.replacen(right, wrong, 1)).unwrap();
        let output = ternlet(folder.path(), &["train", "train.toml", "--quiet"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(why), "{wrong}: {said}");
    }
}

/// The object that a command prints.
fn said(folder: &Path, arguments: &[&str]) -> Value {
    let output = ternlet(folder, &[arguments, &["--json", "--quiet"]].concat());
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Classes of each voxel: blocks of a brain, of which those of the left half are trained on and others tested.
#[test]
fn maps_of_classes() {
    let folder = tempfile::tempdir().unwrap();
    let brain = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/brain_mni152_2mm.safetensors");
    let part = |blocks: &str| {
        format!("{{ file = {brain:?}, frames = \"t1\", labels = \"tissue\", blocks = {blocks} }}")
    };
    let text = format!(
        "name = \"brain\"\n[data]\ninput = \"u8/256\"\nsize = [4, 10, 12]\ntrain = {}\ntest = {}\n[train]\nmethod = {{ kind = \"twn\" }}\n\
         epochs = 5\nbatch = 2\nrate = 0.01\noptimizer = {{ kind = \"adam\" }}\nvalidation = 0.2\n\
         [[node]]\nname = \"first\"\nkind = \"convolution\"\nfilters = 4\nkernel = [3, 3, 3]\npadding = [1, 1, 1]\n\
         [[node]]\nname = \"scores\"\nkind = \"convolution\"\nfilters = 3\nkernel = [1, 1, 1]\n",
        part("[[8, 24], [20, 60], [10, 60]]"),
        part("[[45, 53], [30, 50], [20, 44]]")
    );
    std::fs::write(folder.path().join("train.toml"), text).unwrap();
    let trained = said(folder.path(), &["train", "train.toml", "-o", "brain.toml"]);
    let simulated = said(folder.path(), &["simulate", "brain.toml", "--once"]);
    for (stream, integers) in [("first", 4), ("score", 3), ("class", 1)] {
        let expected = &simulated["expected"][stream];
        assert_eq!((&expected["equal"], &expected["values"]), (&true.into(), &(8 * 480 * integers).into()));
    }
    assert_eq!(simulated["accuracy"], trained["accuracy"]["test"]);
    let right = simulated["accuracy"]["right"].as_u64().unwrap();
    assert!(right > 8 * 480 / 2 && simulated["accuracy"]["dice"].is_object(), "{right} of 3840");
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
