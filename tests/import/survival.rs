//! Files that a person would not make: each ends the command line with status 2 and the name of what is wrong, within a second of processor time and 100 MB.

use crate::model::{Message, Model, floats, int_attribute, node, quant, value};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Address space: what the program maps besides what it touches is of it.
const MOST_BYTES: u64 = 100 << 20;
const MOST_SECONDS: u64 = 1;

/// What `ternlet import` says of `model.onnx` in `folder`, without more memory and processor time than that.
fn said(folder: &Path) -> (Option<i32>, String) {
    let script = format!("ulimit -v {}; ulimit -t {MOST_SECONDS}; exec \"$0\" \"$@\"", MOST_BYTES / 1024);
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_ternlet"), "import", "model.onnx"]).current_dir(folder);
    let output = command.env("RUST_BACKTRACE", "0").output().expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// That a file of these bytes is refused so.
#[track_caller]
fn refused(bytes: &[u8], at: &str, why: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.onnx"), bytes).unwrap();
    let (status, text) = said(folder.path());
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains(at) && text.contains(why), "{text}");
}

fn conv(inputs: &[&str], outputs: &[&str], attributes: &[Message]) -> Message {
    node("/layer", "Conv", "", inputs, outputs, attributes)
}

#[test]
fn a_file_that_is_right_is_imported_within_these_limits() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.onnx"), Model::layer().bytes()).unwrap();
    let (status, text) = said(folder.path());
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("/layer (Conv) -> layer (convolution)"), "{text}");
}

#[test]
fn bytes_that_are_no_model() {
    let whole = Model::layer().bytes();
    refused(&whole[..whole.len() / 2], "model.onnx", "the file is cut");
    refused(b"\x89PNG\r\n", "model.onnx", "the file is cut, or is no ONNX file");
    refused(&[], "model.onnx", "there is no graph");
    let mut named = whole.clone();
    let place = named.windows(6).position(|window| window == b"/layer").unwrap();
    named[place] = 0xff;
    refused(&named, "model.onnx", "UTF-8");
    // Graphs in attributes of graphs, 20,000 deep; and groups inside of groups.
    let mut graph = Message::default();
    for _ in 0..20_000 {
        let attribute = Message::default().bytes(1, "body").message(6, graph).int(20, 5);
        graph = Message::default().message(1, Message::default().bytes(4, "If").message(5, attribute));
    }
    let nested = Message::default().message(7, graph).0;
    refused(&nested, "model.onnx", "the graph has no output");
    refused(&[&nested[..], &vec![0x0b; 1 << 20]].concat(), "model.onnx", "no ONNX file");
    // A length of a field that says more than memory holds.
    refused(&[0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "model.onnx", "the file is cut");
}

#[test]
fn graphs_that_are_none() {
    let layer = Model::layer;
    let circle = layer().with_node(0, quant("/first", "y", "codes", &["scale", "zero", "bits"]));
    refused(&circle.bytes(), "node \"/first\" (Quant)", "it waits for its own output");
    let mut twice = layer();
    twice.nodes.push(node("/again", "Conv", "", &["codes", "weight"], &["sums"], &[]));
    refused(&twice.bytes(), "node \"/again\" (Conv)", "gives tensor \"sums\" too");
    let missing = layer().with_node(1, conv(&["codes", "nothing"], &["sums"], &[]));
    refused(&missing.bytes(), "node \"/layer\" (Conv)", "gives its input \"nothing\"");
    let groups = layer().with_node(1, conv(&["codes", "weight"], &["sums"], &[int_attribute("group", 3)]));
    refused(&groups.bytes(), "node \"/layer\" (Conv)", "in 3 groups, but its input has 8 channels");
    let many =
        layer().with_node(1, conv(&["codes", "weight"], &["sums"], &[int_attribute("group", i64::MAX)]));
    refused(&many.bytes(), "node \"/layer\" (Conv)", "groups, but its input has 8 channels");
    let mut long = layer();
    for index in 0..1 << 16 {
        let [from, to] =
            [index, index + 1].map(|index| if index == 0 { "codes".to_owned() } else { format!("t{index}") });
        long.nodes.push(node("", "Identity", "", &[&from], &[&to], &[]));
    }
    refused(&long.bytes(), "model.onnx", "nodes, and at most 65536 are read");
}

#[test]
fn shapes_that_lie() {
    let layer = Model::layer;
    let dims = layer().with_tensor(3, floats("weight", &[8, 8, 1 << 40, 1 << 40], &[0.0]));
    refused(&dims.bytes(), "tensor \"weight\"", "more elements than the");
    let large = layer().with_tensor(3, floats("weight", &[1 << 13, 1 << 13], &[0.0]));
    refused(&large.bytes(), "tensor \"weight\"", "268435456 bytes, but 4 are there");
    let none = layer().with_tensor(3, floats("weight", &[0, 8, 1, 1], &[]));
    refused(&none.bytes(), "node \"/layer\" (Conv)", "it has no weights");
    for shape in [&[-1, 8, -1, -1][..], &[1, 8, -1, 4]] {
        let open = Model { inputs: vec![value("x", shape)], ..layer() };
        refused(&open.bytes(), "input \"x\"", "--input-shape");
    }
    let wide = Model { inputs: vec![value("x", &[1, 8, 1 << 40, 4])], ..layer() };
    refused(&wide.bytes(), "input \"x\"", "at most 65536 positions");
    let huge = Model { inputs: vec![value("x", &[1, 8, 1 << 16, 1 << 16])], ..layer() };
    refused(&huge.bytes(), "node \"/layer\" (Conv)", "");
}

#[test]
fn quantizers_that_are_none() {
    let scale = |value: f32| Model::layer().with_tensor(0, floats("scale", &[], &[value])).bytes();
    for value in [0.0, f32::NAN, f32::INFINITY, -0.5] {
        refused(&scale(value), "node \"/first\" (Quant)", "a scale is more than 0 and finite");
    }
    let bits = |value: f32| Model::layer().with_tensor(2, floats("bits", &[], &[value])).bytes();
    for value in [40.0, 3.5, 0.0, f32::NAN] {
        refused(&bits(value), "node \"/first\" (Quant)", "1 to 16 whole bits are imported");
    }
}

/// Data of a tensor in another file: that one must stand in the folder, whatever its name or a link says.
#[test]
fn data_outside_of_the_folder() {
    let external = |location: &str| {
        let entry = |key: &str, value: &str| Message::default().bytes(1, key).bytes(2, value);
        let dims = [8, 8, 1, 1].iter().fold(Message::default(), |message, dim| message.int(1, *dim));
        let tensor = dims.int(2, 1).bytes(8, "weight").message(13, entry("location", location)).int(14, 1);
        Model::layer().with_tensor(3, tensor).bytes()
    };
    for location in ["../secret", "/etc/passwd", "a/../../secret"] {
        refused(&external(location), "tensor \"weight\"", "only files in the model's own folder are read");
    }
    refused(&external("nowhere.bin"), "tensor \"weight\"", "cannot be read");
    let [folder, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    fs::write(other.path().join("secret"), [0; 256]).unwrap();
    std::os::unix::fs::symlink(other.path().join("secret"), folder.path().join("link")).unwrap();
    fs::write(folder.path().join("model.onnx"), external("link")).unwrap();
    let (status, text) = said(folder.path());
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("only files in the model's own folder are read"), "{text}");
}
