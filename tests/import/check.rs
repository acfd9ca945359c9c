//! `--check`: what another program has recorded, next to the exact codes.

use crate::expected::{Case, Expected, Network};
use crate::model::Model;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::fs;
use std::path::Path;
use std::process::Command;
use ternlet::datapath::Catalog;
use ternlet::import::activation::ClosePair;
use ternlet::import::{Check, Imported};

const FIRST: &str = "/net/net.3/act_quant/export_handler/Quant_output_0";

fn imported() -> Imported {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/onnx/tcnn.onnx");
    Network::imported(Path::new(model), Case { input: "u8/256", outside: 0 })
}

/// Pictures, what leaves the first layer for them in the file's order, and classes.
struct Recorded {
    pictures: Vec<u8>,
    codes: Vec<u8>,
    classes: Vec<u8>,
}

const FRAMES: usize = 4;
const CHANNELS: usize = 8;
const POSITIONS: usize = 28 * 28;

impl Recorded {
    fn new() -> Self {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/networks"));
        let file = Expected::read(&folder.join("tcnn.safetensors"));
        let bytes = |name: &str, count: usize| -> Vec<u8> {
            file.tensor(name).ints.iter().take(count).map(|value| *value as u8).collect()
        };
        let streamed = bytes("conv1.code", FRAMES * CHANNELS * POSITIONS);
        let place = |place: usize| {
            let (frame, rest) = (place / (CHANNELS * POSITIONS), place % (CHANNELS * POSITIONS));
            streamed[frame * CHANNELS * POSITIONS + rest % POSITIONS * CHANNELS + rest / POSITIONS]
        };
        let codes = (0..streamed.len()).map(place).collect();
        Self { pictures: bytes("image", FRAMES * POSITIONS), codes, classes: bytes("class", FRAMES) }
    }

    /// Compared as codes, or as the reals that they stand for.
    fn check(&self, imported: &Imported, step: Option<f32>) -> Check {
        let floats: Vec<u8> = self
            .codes
            .iter()
            .flat_map(|code| (f32::from(*code) * step.unwrap_or(1.0)).to_le_bytes())
            .collect();
        let shape = vec![FRAMES, CHANNELS, 28, 28];
        let first = match step {
            Some(_) => TensorView::new(Dtype::F32, shape, &floats),
            None => TensorView::new(Dtype::U8, shape, &self.codes),
        };
        let tensors = [
            ("x.1", TensorView::new(Dtype::U8, vec![FRAMES, 1, 28, 28], &self.pictures).unwrap()),
            (FIRST, first.unwrap()),
            ("class", TensorView::new(Dtype::U8, vec![FRAMES], &self.classes).unwrap()),
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recorded.safetensors");
        std::fs::write(&path, safetensors::serialize(tensors, None).unwrap()).unwrap();
        imported.check(path.to_str().unwrap(), &Catalog::standard()).unwrap()
    }
}

#[test]
fn codes_and_reals_that_are_recorded_are_compared() {
    let (imported, recorded) = (imported(), Recorded::new());
    for step in [None, Some(0.254_428_86)] {
        let check = recorded.check(&imported, step);
        let found: Vec<_> =
            check.tensors.iter().map(|tensor| (&tensor.name[..], tensor.codes, tensor.different)).collect();
        assert_eq!(found, [(FIRST, FRAMES * CHANNELS * POSITIONS, 0), ("class", FRAMES, 0)]);
        assert!(check.is_explained());
    }
}

#[test]
fn what_differs_is_found_and_explained_by_a_close_pair_or_not() {
    let mut imported = imported();
    let recorded = Recorded::new();
    let channel = |place: &usize| place / POSITIONS % CHANNELS;
    let place = 300;
    let pair = ClosePair {
        channel: channel(&place),
        accumulator: 7,
        distance: 1e-8,
        border: 2.5,
        code: recorded.codes[place].into(),
    };
    let layer = imported.lowered.activations.iter_mut().find(|made| made.tensor == FIRST).unwrap();
    layer.margin.close = vec![pair.clone()];
    let mut explained = Recorded::new();
    explained.codes[place] += 1;
    let check = explained.check(&imported, None);
    assert_eq!((check.tensors[0].different, check.tensors[0].explained), (1, 1), "{check}");
    assert!(check.is_explained());

    let mut wrong = Recorded::new();
    let place = (0..wrong.codes.len()).find(|place| channel(place) != pair.channel).unwrap();
    wrong.codes[place] ^= 1;
    wrong.classes[2] ^= 1;
    let check = wrong.check(&imported, None);
    let first = check.tensors[0].first.clone().unwrap();
    assert_eq!((first.channel, first.position, first.frame), (channel(&place), place % POSITIONS, 0));
    assert_eq!(check.tensors[1].different, 1);
    assert!(!check.is_explained());
    assert!(check.to_string().contains("which no close pair explains"), "{check}");
}

/// The Verilog of a small model, on the first two of three frames.
#[test]
fn hardware_is_simulated_on_what_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.onnx"), Model::layer().bytes()).unwrap();
    let x: Vec<u8> =
        (0..3 * 8 * 16).map(|place| (place * 7 % 16) as u8 ^ 8).map(|code| code.wrapping_sub(8)).collect();
    let view = TensorView::new(Dtype::I8, vec![3, 8, 4, 4], &x).unwrap();
    let recorded = safetensors::serialize([("x", view)], None).unwrap();
    fs::write(folder.path().join("recorded.safetensors"), recorded).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args([
            "import",
            "model.onnx",
            "--check",
            "recorded.safetensors",
            "--hardware",
            "2",
            "--json",
            "--quiet",
        ])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((&answer["check"]["frames"], &answer["hardware"]["frames"]), (&3.into(), &2.into()));
    // A beat of `y` is one channel of a position.
    assert_eq!(answer["hardware"]["beats"], 2 * 16 * 8);
    assert!(
        answer["hardware"]["cycles"].as_u64() > Some(2 * 16 * 8) && answer["hardware"]["fault"].is_null()
    );
}
