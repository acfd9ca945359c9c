//! A network's file, imported, written, read back as a design, and run by its golden model, next to what an independent program made of it.

use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use ternlet::datapath::{Catalog, Datapath};
use ternlet::design::{Choices, Design};
use ternlet::import::{Activation, Imported, InputMeaning, Request, Wishes, import};
use ternlet::stream::Tokens;

/// A tensor of integers.
#[derive(Clone, Debug)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub ints: Vec<i64>,
}

/// What stands in `NAME.expected.safetensors`, or in a file of inputs.
pub struct Expected {
    pub tensors: BTreeMap<String, Tensor>,
    pub metadata: BTreeMap<String, String>,
}

impl Expected {
    pub fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let metadata = header.metadata().clone().unwrap_or_default().into_iter().collect();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let tensor = |(name, view): (String, safetensors::tensor::TensorView<'_>)| {
            let size = view.dtype().bitsize() / 8;
            let signed = matches!(view.dtype(), Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64);
            let int = |chunk: &[u8]| {
                let mut word = [if signed && chunk[size - 1] >= 128 { 0xff } else { 0 }; 8];
                word[..size].copy_from_slice(chunk);
                i64::from_le_bytes(word)
            };
            let float = matches!(view.dtype(), Dtype::F32 | Dtype::F64);
            let ints = if float { Vec::new() } else { view.data().chunks_exact(size).map(int).collect() };
            (name, Tensor { shape: view.shape().to_vec(), ints })
        };
        Self { tensors: file.tensors().into_iter().map(tensor).collect(), metadata }
    }

    pub fn tensor(&self, name: &str) -> &Tensor {
        self.tensors.get(name).unwrap_or_else(|| panic!("there is no tensor {name}"))
    }
}

/// A network that was imported and written, and the design that was read back.
pub struct Network {
    pub imported: Imported,
    pub design: Design,
    _folder: tempfile::TempDir,
}

/// What a network is imported with.
#[derive(Clone, Copy)]
pub struct Case {
    /// What its integers are divided by.
    pub input: &'static str,
    /// How many quantizers of the expected network this one has outside: then its accumulators are others, and codes alone are compared.
    pub outside: usize,
}

impl Network {
    pub fn imported(model: &Path, case: Case) -> Imported {
        let wishes = Wishes { input: Some(InputMeaning::parse(case.input).unwrap()), shape: None };
        let request =
            Request { model: model.into(), name: Some("network".into()), wishes, ..Request::default() };
        import(&request, &Catalog::standard()).unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn import(model: &Path, case: Case) -> Self {
        let imported = Self::imported(model, case);
        let catalog = Catalog::standard();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network.toml");
        for (path, bytes) in imported.files(&path) {
            fs::write(path, bytes).unwrap();
        }
        let design =
            Design::read(&path, &Choices::default(), &catalog).unwrap_or_else(|error| panic!("{error}"));
        Self { imported, design, _folder: folder }
    }

    /// Each stream that leaves, or is probed, for these frames.
    pub fn run(&self, frames: &[Vec<i64>]) -> BTreeMap<String, Vec<Vec<i64>>> {
        let network: &dyn Datapath = self.design.probed.as_deref().unwrap_or(&*self.design.datapath);
        let ports = network.ports();
        let all: Vec<i64> = frames.concat();
        let outputs = network.golden(&vec![Tokens::pack(&ports.inputs[0], &all)]);
        let frames = |(port, tokens): (&ternlet::stream::Port, &Tokens)| {
            let values = tokens.unpack(port);
            (port.name.clone(), values.chunks(port.frame_values()).map(<[i64]>::to_vec).collect())
        };
        ports.outputs.iter().zip(&outputs).map(frames).collect()
    }

    /// The stream of an activation, among those of [`Network::run`].
    pub fn stream(&self, activation: &Activation) -> String {
        let graph = &self.design.graph;
        let named =
            graph.outputs.iter().chain(&graph.probes).find(|(_, from)| from.node == activation.codes.node);
        named.map_or_else(|| "input".into(), |(name, _)| name.clone())
    }
}

/// What was compared, and found to be equal.
#[derive(Debug, Default)]
pub struct Compared {
    pub thresholds: usize,
    /// What differs, in words.
    pub wrong: Vec<String>,
}

/// Holds the thresholds of a network against those that are expected.
pub fn compare_thresholds(imported: &Imported, case: Case, expected: &Expected) -> Compared {
    let mut compared = Compared::default();
    for (index, activation) in imported.lowered.activations.iter().enumerate() {
        if let (_, Some(prefix)) = activation_name(expected, activation, index + case.outside)
            && case.outside == 0
        {
            thresholds(activation, expected, &prefix, &mut compared);
        }
    }
    compared
}

/// The tensor of an activation's codes, and the name before its thresholds.
pub fn activation_name(
    expected: &Expected,
    activation: &Activation,
    index: usize,
) -> (String, Option<String>) {
    if expected.tensors.contains_key(&activation.tensor) {
        return (activation.tensor.clone(), None);
    }
    let named = expected.metadata.iter().find(|(_, tensor)| **tensor == activation.tensor);
    let quant = named.map_or_else(|| format!("quant{index}"), |(quant, _)| quant.clone());
    (format!("{quant}.code"), Some(quant))
}

/// Bounds, signs and thresholds of each channel; a threshold that none or all accumulators reach may be any that none or all reach.
fn thresholds(activation: &Activation, expected: &Expected, prefix: &str, compared: &mut Compared) {
    let of = |what: &str| expected.tensors.get(&format!("{prefix}.{what}"));
    let (Some(bounds), Some(signs), Some(wanted)) = (of("bounds"), of("sign"), of("threshold")) else {
        return;
    };
    let levels = wanted.shape[1];
    for (channel, wanted) in wanted.ints.chunks(levels).enumerate() {
        let stairs = activation.staircase.of_channel(channel);
        let (lo, hi) = (bounds.ints[2 * channel], bounds.ints[2 * channel + 1]);
        if stairs.bounds != (lo, hi) {
            compared.wrong.push(format!(
                "{prefix} channel {channel}: bounds {:?} are expected to be {lo}..{hi}",
                stairs.bounds
            ));
        }
        let falls = stairs.sign != signs.ints[channel];
        let (lo, hi) = stairs.signed_bounds();
        let within = |threshold: &i64| *threshold.clamp(&lo, &(hi + 1));
        let wanted: Vec<i64> = wanted.iter().map(within).collect();
        let found: Vec<i64> = stairs.thresholds.iter().map(within).collect();
        let constant = found.iter().all(|threshold| [lo, hi + 1].contains(threshold));
        if wanted != found || falls && !constant {
            compared.wrong.push(format!(
                "{prefix} channel {channel}: thresholds {found:?} are expected to be {wanted:?}"
            ));
        } else {
            compared.thresholds += levels;
        }
    }
}
