//! Labels belong to frames one by one.

use crate::{accepted, folder, i64s, npy, refused, ternlet};
use std::fs;

/// Two nodes: three scores, and the index of the largest.
fn network(labels: &str) -> String {
    format!(
        "name = \"tested\"\n[input]\nfile = \"x.npy\"\n[labels]\nfile = \"l.npy\"\npicture = [2, 2]\n{labels}\n\
         [[node]]\nname = \"hidden\"\nkind = \"ternary_mac\"\nrows = 3\ncolumns = 4\ninput = \"u5\"\n\
         weights = {{ from = \"memory\", values = [[1, 0, -1, 1], [0, 1, 1, -1], [-1, -1, 0, 1]] }}\n\
         requantize = {{ output = \"s7\", multiplier = 3, shift = 1 }}\n\
         [[node]]\nname = \"class\"\nkind = \"argmax\"\ncolumns = 3\ninput = \"s7\"\n\
         [outputs]\nhidden = \"hidden\"\nclass = \"class\"\n"
    )
}

#[test]
fn there_are_as_many_labels_as_frames() {
    let folder = folder(&network("stream = \"class\"\nscores = \"hidden\""));
    let path = folder.path();
    fs::write(path.join("x.npy"), npy("<i8", false, "(5, 2, 2)", &i64s(&[3; 20]))).unwrap();
    for (shape, count) in [("(9,)", 9), ("(3,)", 3), ("(5, 3)", 15), ("()", 1)] {
        fs::write(path.join("l.npy"), npy("<i8", false, shape, &i64s(&vec![0; count]))).unwrap();
        let ran = ternlet(path, &["generate", "design.toml"]);
        refused(&ran, &["design.toml:4", &format!("there are {count} labels"), "for 5 frames of input"]);
    }
    for shape in ["(5,)", "(5, 1)"] {
        fs::write(path.join("l.npy"), npy("<i8", false, shape, &i64s(&[0; 5]))).unwrap();
        accepted(&ternlet(path, &["generate", "design.toml"]));
    }
}

#[test]
fn a_label_stands_for_a_stream_of_one_integer_a_frame() {
    let folder = folder(&network("stream = \"hidden\"\nscores = \"hidden\""));
    let path = folder.path();
    fs::write(path.join("x.npy"), npy("<i8", false, "(2, 4)", &i64s(&[3; 8]))).unwrap();
    fs::write(path.join("l.npy"), npy("<i8", false, "(2,)", &i64s(&[0; 2]))).unwrap();
    for command in ["generate", "flow"] {
        let ran = ternlet(path, &[command, "design.toml"]);
        refused(
            &ran,
            &["labels.stream: `hidden` gives frames of 3 channels; a label stands for one integer a frame"],
        );
    }
    let other = network("stream = \"class\"\nscores = \"hidden\"");
    fs::write(
        path.join("design.toml"),
        other.replace("picture = [2, 2]", "picture = [4294967296, 4294967297]"),
    )
    .unwrap();
    refused(
        &ternlet(path, &["generate", "design.toml"]),
        &["4294967296 x 4294967297 pixels are not the 4 integers"],
    );
}

/// The sums of [3, 3, 3, 3] are 3, 3 and -3, of which the first is the largest; those of [0, 9, 0, 0] are 0, 9 and -9.
#[test]
fn other_data_takes_other_labels() {
    let folder = folder(&network("stream = \"class\"\nscores = \"hidden\""));
    let path = folder.path();
    let write = |name: &str, shape: &str, values: &[i64]| {
        fs::write(path.join(name), npy("<i8", false, shape, &i64s(values))).unwrap();
    };
    write("x.npy", "(1, 4)", &[3; 4]);
    write("l.npy", "(1,)", &[0]);
    write("z.npy", "(3, 4)", &[0, 9, 0, 0, 3, 3, 3, 3, 0, 9, 0, 0]);
    write("k.npy", "(3,)", &[1, 0, 2]);
    let golden = |more: &[&str]| {
        let arguments = ["golden", "design.toml", "-o", "y.safetensors"];
        ternlet(path, &[&arguments[..], more].concat())
    };
    let accuracies = [
        (golden(&[]), Some("accuracy 1 of 1 (100.0 %)")),
        (golden(&["--input", "z.npy"]), None),
        (golden(&["--input", "z.npy", "--labels", "k.npy"]), Some("accuracy 2 of 3 (66.7 %)")),
    ];
    for (ran, accuracy) in accuracies {
        accepted(&ran);
        assert_eq!(ran.said.contains("accuracy"), accuracy.is_some(), "{}", ran.said);
        assert!(accuracy.is_none_or(|accuracy| ran.said.contains(accuracy)), "{}", ran.said);
    }
    refused(&golden(&["--input", "z.npy", "--labels", "l.npy"]), &["l.npy", "there are 1 labels"]);
    refused(&golden(&["--labels", "k.npy"]), &["--input"]);
    let without = fs::read_to_string(path.join("design.toml")).unwrap();
    let (head, rest) = without.split_once("[labels]").unwrap();
    let (_, nodes) = rest.split_once("[[node]]").unwrap();
    fs::write(path.join("design.toml"), format!("{head}[[node]]{nodes}")).unwrap();
    refused(&golden(&["--input", "z.npy", "--labels", "k.npy"]), &["k.npy", "no table [labels]"]);
}
