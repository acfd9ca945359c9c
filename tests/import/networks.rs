//! Trained networks, held against what independent programs made of them: their thresholds by rationals (`tests/vectors/onnx.py`), their codes
//! by numpy (`tests/vectors/networks.py`).

use crate::expected::{Case, Expected, Network, compare_thresholds};
use std::path::{Path, PathBuf};
use ternlet::import::Made;

fn model(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/onnx")).join(format!("{name}.onnx"))
}

fn case(input: &'static str) -> Case {
    Case { input, outside: 0 }
}

/// Frames as they stand in a file of examples.
fn frames(file: &Expected, tensor: &str, most: usize) -> Vec<Vec<i64>> {
    let tensor = file.tensor(tensor);
    tensor.ints.chunks(tensor.shape[1]).take(most).map(<[i64]>::to_vec).collect()
}

#[test]
fn thresholds_signs_and_bounds_are_those_of_an_independent_program() {
    let mut thresholds = 0;
    for (name, expected, input, count) in [
        ("tcnn", "tcnn", "u8/256", 855),
        ("tcnn_qcdq", "tcnn", "u8/256", 855),
        ("resdw", "resdw", "u8/256", 1170),
        ("resdw_qcdq", "resdw", "u8/256", 1170),
        ("tfc_qcdq", "tfc", "u8/256", 386),
        ("vowels", "vowels", "s8/64", 975),
        ("vowels_qcdq", "vowels", "s8/64", 975),
        ("cov_3d", "cov_3d", "u8/256", 405),
        ("cov_bipolar", "cov_bipolar", "u8/256", 287),
        ("cov_transpose", "cov_transpose", "u8/256", 390),
        ("cov_trunc", "cov_trunc", "u8/256", 360),
        ("unet3d", "unet3d", "u8/256", 1215),
        ("unet3d_qcdq", "unet3d", "u8/256", 1215),
        ("vnet3d", "vnet3d", "u8/256", 1245),
        ("vnet3d_qcdq", "vnet3d", "u8/256", 1245),
        ("unet3d_ttq", "unet3d_ttq", "u8/256", 1215),
    ] {
        let case = case(input);
        let expected = Expected::read(&model(expected).with_extension("expected.safetensors"));
        let compared = compare_thresholds(&Network::imported(&model(name), case), case, &expected);
        assert_eq!((compared.wrong, compared.thresholds), (Vec::<String>::new(), count), "{name}");
        thresholds += count;
    }
    assert_eq!(thresholds, 13_963);
}

/// The codes of all layers, in their order, and the classes, for the inputs of the examples.
fn codes(
    name: &'static str,
    input: &'static str,
    file: &str,
    tensor: &str,
    layers: &[&str],
    most: usize,
) -> usize {
    let network = Network::import(&model(name), case(input));
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/networks"));
    let file = Expected::read(&folder.join(format!("{file}.safetensors")));
    let inputs = frames(&file, tensor, most);
    let outputs = network.run(&inputs);
    let mut codes = 0;
    let inner = network
        .imported
        .lowered
        .activations
        .iter()
        .skip(network.imported.lowered.activations.len() - layers.len());
    for (layer, activation) in layers.iter().zip(inner) {
        let stream = network.stream(activation);
        assert!(
            outputs[&stream] == frames(&file, &format!("{layer}.code"), most),
            "{name}: {layer} ({stream})"
        );
        codes += outputs[&stream].concat().len();
    }
    assert_eq!(outputs["class"], frames(&file, "class", most), "{name}");
    codes
}

#[test]
fn pictures_and_lines_give_the_codes_of_an_independent_program() {
    for name in ["tcnn", "tcnn_qcdq", "tcnn_finn"] {
        let input = if name == "tcnn_finn" { "u8" } else { "u8/256" };
        assert_eq!(codes(name, input, "tcnn", "image", &["conv1", "conv2", "conv3"], 20), 196_160);
    }
    for name in ["resdw", "resdw_qcdq"] {
        assert_eq!(codes(name, "u8/256", "resdw", "image", &["c1", "dw", "pw", "a3", "c4"], 20), 205_440);
    }
    for name in ["vowels", "vowels_qcdq"] {
        assert_eq!(codes(name, "s8/64", "vowels", "frame", &["conv1", "conv2"], 370), 355_200);
    }
}

#[test]
fn volumes_give_the_codes_of_an_independent_program() {
    let unet = ["c1", "c2", "c3", "c4", "up", "d"];
    assert_eq!(codes("unet3d", "u8/256", "unet3d", "image", &unet, 1), 331_776);
    assert_eq!(codes("unet3d_ttq", "u8/256", "unet3d_ttq", "image", &unet, 1), 331_776);
    let vnet = ["c1", "c2", "a2", "dn", "c3", "up", "d", "a4"];
    assert_eq!(codes("vnet3d", "u8/256", "vnet3d", "image", &vnet, 1), 479_232);
}

/// A network of 8 bits with zero points: its form of integer operators and that of quantizers around float ones.
#[test]
fn both_forms_of_a_network_are_the_same_integers() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/networks"));
    let pictures = frames(&Expected::read(&folder.join("tcnn.safetensors")), "image", 20);
    let [integers, floats] = ["ptq_qop", "ptq_qdq"].map(|name| {
        let network = Network::import(&model(name), case("u8/255"));
        let added = network
            .imported
            .lowered
            .activations
            .iter()
            .filter(|made| matches!(made.form, Made::Sum(_)))
            .count();
        assert_eq!(added, 1, "{name}: codes of two scales are added by small factors");
        network.run(&pictures)
    });
    // QLinearAdd has its zero point before the rounding, QuantizeLinear after it: no code of these pictures is at a tie.
    assert_eq!(integers["score"], floats["score"]);
    assert_eq!(integers["class"], floats["class"]);
}

/// The pairs at which a float execution of the V-Net differs from the exact one, as its authors found them.
#[test]
fn pairs_where_floating_point_errs_are_listed() {
    let network = Network::imported(&model("vnet3d"), case("u8/256"));
    let report = network.report();
    let first =
        &report.nodes.iter().find(|node| node.name.contains("/s1/") && node.form.is_some()).unwrap().close;
    for (channel, accumulator, border, distance) in [(1, 27067, 2.5, 6.5e-7), (6, 2675, 1.5, 4.3e-7)] {
        let pair = first.iter().find(|pair| (pair.channel, pair.accumulator) == (channel, accumulator));
        let pair = pair.unwrap_or_else(|| panic!("channel {channel} at {accumulator} is listed"));
        assert_eq!(pair.border, border);
        assert!((pair.distance - distance).abs() < 1e-8, "{pair:?}");
    }
    let ttq = Network::imported(&model("unet3d_ttq"), case("u8/256")).report();
    let close = |node: &ternlet::import::NodeReport| {
        node.close.iter().any(|pair| (pair.channel, pair.accumulator) == (11, 2_329_420_102))
    };
    assert!(ttq.nodes.iter().any(close), "channel 11 at 2329420102 is listed");
    assert_eq!(ttq.pairs, 84_731_341, "each pair of sums");
}
