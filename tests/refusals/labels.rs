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
