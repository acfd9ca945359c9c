//! Files that cannot be: each is refused with its node's name and what to do, at once.

use crate::model::{
    Message, Model, floats, int_attribute, ints_attribute, node, quant, text_attribute, value,
};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use ternlet::datapath::Catalog;
use ternlet::device::Board;
use ternlet::fold::Target;
use ternlet::import::{Imported, Request, Wishes, import};

fn imported(bytes: &[u8], shape: Option<Vec<usize>>) -> Result<Imported, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.onnx");
    fs::write(&path, bytes).unwrap();
    let wishes = Wishes { shape, ..Wishes::default() };
    let request = Request { model: path, wishes, ..Request::default() };
    import(&request, &Catalog::standard()).map_err(|error| error.to_string())
}

fn refused(bytes: &[u8]) -> String {
    let begin = Instant::now();
    let error = imported(bytes, None).expect_err("a file that cannot be");
    assert!(begin.elapsed() < Duration::from_secs(10), "{error} took {:?}", begin.elapsed());
    error
}

#[test]
fn a_small_model_is_imported() {
    let imported = imported(&Model::layer().bytes(), None).unwrap();
    assert_eq!(imported.lowered.graph.nodes.len(), 1, "{}", imported.design);
    let report = imported.report().to_string();
    assert!(report.contains("/layer (Conv) -> layer (convolution)"), "{report}");
    let target = Target::of(&Board::named("icebreaker").unwrap(), 24.0);
    let report = imported.report_on(target, &Catalog::standard()).unwrap();
    let [layer] = &report.costs[..] else { panic!("{:?}", report.costs) };
    assert!(layer.name == "layer" && layer.cycles > 0 && layer.counts.lut4 > 0, "{layer:?}");
    let lines: Vec<String> =
        report.to_string().lines().filter(|line| line.contains(" LUT4")).map(Into::into).collect();
    let cost = format!("; {} cycles, {} LUT4", layer.cycles, layer.counts.lut4);
    assert!(lines.len() == 1 && lines[0].contains("/layer (Conv)") && lines[0].contains(&cost), "{lines:?}");
}

#[test]
fn what_a_quantizer_cannot_be_is_refused() {
    let scale = |value: f32| Model::layer().with_tensor(0, floats("scale", &[], &[value]));
    let bits = |value: f32| Model::layer().with_tensor(2, floats("bits", &[], &[value]));
    let mode = text_attribute("rounding_mode", "NEAREST");
    let modes = node("/last", "Quant", "onnx.brevitas", &["sums", "scale", "zero", "bits"], &["y"], &[mode]);
    for (model, node, why) in [
        (scale(0.0), "node \"/first\" (Quant)", "its scale is 0; a scale is more than 0 and finite"),
        (scale(f32::NAN), "node \"/first\" (Quant)", "its scale is NaN"),
        (scale(f32::INFINITY), "node \"/first\" (Quant)", "its scale is inf"),
        (scale(-0.5), "node \"/first\" (Quant)", "its scale is -0.5"),
        (bits(40.0), "node \"/first\" (Quant)", "it has 40 bits; 1 to 16 whole bits are imported"),
        (bits(3.5), "node \"/first\" (Quant)", "it has 3.5 bits"),
        (bits(f32::NAN), "node \"/first\" (Quant)", "it has NaN bits"),
        (
            Model::layer().with_node(2, modes),
            "node \"/last\" (Quant)",
            "its rounding_mode is \"NEAREST\"; there are ROUND",
        ),
    ] {
        let error = refused(&model.bytes());
        assert!(error.contains(node) && error.contains(why), "{error}");
    }
}

/// Sums of 27 bits of 8 channels are too many to compare one by one: thresholds need no comparison, but codes of 10 bits have too many.
#[test]
fn sums_without_measure_take_no_time() {
    let wide = |bits: f32| {
        let mut model = Model::layer().with_tensor(2, floats("bits", &[], &[16.0]));
        model.tensors.push(floats("few", &[], &[bits]));
        model.tensors.push(floats("large", &[], &[977.0]));
        let weights: Vec<f32> = (0..64).map(|index| 100.0 + (index % 3) as f32).collect();
        model.tensors[3] = floats("weight", &[8, 8, 1, 1], &weights);
        model.with_node(2, quant("/last", "sums", "y", &["large", "zero", "few"]))
    };
    let begin = Instant::now();
    let narrow = imported(&wide(4.0).bytes(), None).unwrap();
    assert!(narrow.design.contains("[node.thresholds]"), "{}", narrow.design);
    let error = refused(&wide(10.0).bytes());
    assert!(error.contains("thresholds are more than 255"), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

#[test]
fn what_a_graph_cannot_be_is_refused() {
    let conv = |name: &str, inputs: &[&str], outputs: &[&str]| node(name, "Conv", "", inputs, outputs, &[]);
    let layer = Model::layer;
    let circle = layer().with_node(0, quant("/first", "y", "codes", &["scale", "zero", "bits"]));
    let mut twice = layer();
    twice.nodes.push(conv("/again", &["codes", "weight"], &["sums"]));
    let missing = layer().with_node(1, conv("/layer", &["codes", "nothing"], &["sums"]));
    let groups = layer().with_node(
        1,
        node("/layer", "Conv", "", &["codes", "weight"], &["sums"], &[int_attribute("group", 3)]),
    );
    let open = Model { inputs: vec![value("x", &[1, 8, -1, -1])], ..layer() };
    let batch = Model { inputs: vec![value("x", &[4, 8, 4, 4])], ..layer() };
    let dims = layer().with_tensor(3, floats("weight", &[8, 8, 1 << 40, 1 << 40], &[0.0]));
    let short = layer().with_tensor(3, floats("weight", &[8, 8, 1, 1], &[0.0; 63]));
    let unquantized = layer().with_node(1, conv("/layer", &["x", "weight"], &["sums"]));
    let folded: Vec<f32> = (0..64).map(|index| index as f32 * 0.37).collect();
    let folded = layer().with_tensor(3, floats("weight", &[8, 8, 1, 1], &folded));
    for (model, at, why) in [
        (circle, "node \"/first\" (Quant)", "it waits for its own output, with 2 other nodes"),
        (twice, "node \"/again\" (Conv)", "gives tensor \"sums\" too"),
        (missing, "node \"/layer\" (Conv)", "gives its input \"nothing\""),
        (groups, "node \"/layer\" (Conv)", "in 3 groups, but its input has 8 channels"),
        (open, "input \"x\"", "its shape is open; write --input-shape"),
        (batch, "input \"x\"", "its batch is 4"),
        (dims, "tensor \"weight\"", "more elements than the"),
        (short, "tensor \"weight\"", "256 bytes, but 252 are there"),
        (unquantized, "node \"/layer\" (Conv)", "what integers come in is not said: write --input"),
        (folded, "node \"/layer\" (Conv)", "Where a batch norm was folded into a layer"),
    ] {
        let error = refused(&model.bytes());
        assert!(error.contains(at) && error.contains(why), "{error}");
    }
}

#[test]
fn a_shape_that_is_open_can_be_said() {
    let open = Model { inputs: vec![value("x", &[-1, 8, -1, -1])], ..Model::layer() };
    let imported = imported(&open.bytes(), Some(vec![1, 8, 3, 5])).unwrap();
    assert_eq!(imported.lowered.input.0, [8, 3, 5]);
    for wrong in [vec![1, 8, 3], vec![2, 8, 3, 5], vec![1, 8, 0, 5], vec![]] {
        let error = super::refusals::imported(&open.bytes(), Some(wrong)).unwrap_err();
        assert!(error.contains("--input-shape"), "{error}");
    }
}

#[test]
fn all_operators_that_are_not_imported_are_reported_at_once() {
    let mut model = Model::layer();
    for name in ["/a", "/b", "/c"] {
        model.nodes.push(node(name, "LSTM", "", &["codes"], &[name], &[]));
    }
    model.nodes.push(node("/float", "FloatQuant", "qonnx.custom_op.general", &["codes"], &["float"], &[]));
    model.nodes.push(node("/dynamic", "DynamicQuantizeLinear", "", &["x"], &["d", "e", "f"], &[]));
    let error = refused(&model.bytes());
    for said in [
        "node \"/a\" (LSTM): operator LSTM is not imported (here and in \"/b\", \"/c\")",
        "operator qonnx.custom_op.general.FloatQuant is not imported",
        "quantize statically",
    ] {
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn attributes_are_read_packed_or_not() {
    for packed in [true, false] {
        let attributes =
            [ints_attribute("strides", &[2, 2], packed), ints_attribute("kernel_shape", &[1, 1], packed)];
        let conv = node("/layer", "Conv", "", &["codes", "weight"], &["sums"], &attributes);
        let imported = imported(&Model::layer().with_node(1, conv).bytes(), None).unwrap();
        assert!(imported.design.contains("stride = 2"), "{}", imported.design);
    }
}

#[test]
fn files_that_are_cut_or_are_none_are_refused() {
    let whole = Model::layer().bytes();
    for length in (0..whole.len()).step_by(7) {
        let error = refused(&whole[..length]);
        assert!(!error.is_empty());
    }
    for junk in [&b"\x89PNG\r\n"[..], b"hello", &[0xff; 64], &[0x0a; 999]] {
        refused(junk);
    }
    assert!(imported(&whole, None).is_ok());
    let mut idle = Model::layer();
    (idle.nodes, idle.outputs) = (vec![node("/same", "Identity", "", &["x"], &["y"], &[])], idle.outputs);
    assert!(refused(&idle.bytes()).contains("--input"));
    let missing = Request { model: Path::new("/nowhere/model.onnx").into(), ..Request::default() };
    assert!(
        import(&missing, &Catalog::standard())
            .unwrap_err()
            .to_string()
            .contains("name an ONNX file that is there")
    );
}

/// A graph in an attribute of a graph in an attribute, and so on.
#[test]
fn nesting_has_an_end() {
    let mut graph = Message::default();
    for _ in 0..20_000 {
        let attribute = Message::default().bytes(1, "body").message(6, graph).int(20, 5);
        graph = Message::default().message(1, Message::default().bytes(4, "If").message(5, attribute));
    }
    let mut model = Message::default().message(7, graph).0;
    assert!(refused(&model).contains("the graph has no output"));
    // Groups inside of groups, which nothing has used for decades.
    model.extend(vec![0x0b; 1 << 20]);
    refused(&model);
}

#[test]
fn names_are_text() {
    let mut bytes = Model::layer().bytes();
    let place = bytes.windows(6).position(|window| window == b"/layer").unwrap();
    bytes[place] = 0xff;
    assert!(refused(&bytes).contains("UTF-8"));
}
