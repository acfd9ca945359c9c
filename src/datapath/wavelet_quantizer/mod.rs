//! Multiscale quantization: each subband of a wavelet transform with a quantizer of its own, and back.
//!
//! Source: "MWQ: multiscale wavelet quantized neural networks" (arXiv 2103.05363), which quantizes the components of different
//! scales separately. What it leaves open is a key here: the scheme, each subband's bits and step, rounding and clamps.

mod fit;

pub use fit::{Fit, fit};

use super::Datapath;
use super::bandwise::Transform;
use super::config::{Config, ConfigError, IntType, Problems};
use super::lifting::SchemeConfig;
use super::tensor::Source;
use super::treatment::{Quantizer, Treatment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaves {
    /// The samples that come back, clamped to their type.
    #[default]
    Samples,
    /// The codes of each subband, a stream each; those without bits are dropped.
    Codes,
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveletQuantizerConfig {
    pub scheme: SchemeConfig,
    pub levels: u32,
    /// The type of the samples.
    pub input: IntType,
    /// `[length]`, `[height, width]` or `[depth, height, width]`; the most of each, where frames vary.
    pub size: Vec<usize>,
    #[serde(default)]
    pub varying: bool,
    #[serde(default)]
    pub output: Leaves,
    /// The quantizer of each subband, by its name.
    pub subband: BTreeMap<String, Quantizer>,
}

impl Config for WaveletQuantizerConfig {
    const KIND: &'static str = "wavelet_quantizer";
    const SUMMARY: &'static str = "each subband of a wavelet transform quantized on its own, and back";
    const EXAMPLE: &'static str = r#"# Lines of 16 activations through one Haar level: 4 bits for the averages, 2 for the differences, 3 bits an activation.
# `ternlet fit` writes such a file from a tensor or picture and a bit budget.
name = "my_wavelet_quantizer"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "wavelet_quantizer"
scheme = "haar"        # or another of `ternlet new lifting`
levels = 1
input = "u4"           # the type of the samples
size = [16]            # [length], [height, width] or [depth, height, width]
varying = false        # true: each picture or volume of its own size, up to that
output = "samples"     # what comes back; or "codes", a stream for each subband

# code = clamp((c * multiplier + bias + half) >> shift, 0, 2^bits - 1); c' = (code * step + offset + half) >> fraction.
# Without bits a subband is dropped: c' = offset >> fraction.
[datapath.subband]
l1 = { bits = 4, multiplier = 1, step = 1 }
h1 = { bits = 2, multiplier = 1, bias = 8, shift = 2, step = 4, offset = -8 }
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { scheme: SchemeConfig(scheme), levels, input, size, varying, output, subband } = self;
        let samples = size.iter().product::<usize>();
        let transform = Transform { scheme, levels, input, output: input, size, varying };
        transform.forward(source)?;
        let mut problems = Problems::default();
        let bands = transform.bands();
        let counts = transform_counts(&transform);
        for name in subband.keys().filter(|name| !bands.contains(name)) {
            let why = format!("there is no such subband; there are {}", bands.join(", "));
            problems.require(false, &format!("subband.{name}"), "(as given)", &why, "rename or remove it");
        }
        let mut quantizers = Vec::new();
        for name in &bands {
            let field = format!("subband.{name}");
            let Some(quantizer) = subband.get(name) else {
                problems.require(
                    false,
                    &field,
                    "(nothing)",
                    "a subband has a quantizer",
                    "give one; bits = 0 drops it",
                );
                continue;
            };
            let mut inside = Problems::default();
            quantizer.check(&mut inside);
            if let Err(errors) = inside.finish(|| ()) {
                problems.inside(&field, errors);
            }
            quantizers.push(quantizer.clone());
        }
        let some = output == Leaves::Samples || quantizers.iter().any(|quantizer| quantizer.bits > 0);
        problems.require(some, "output", "\"codes\"", "no subband has a bit", "give one some");
        let lines = !(varying && transform.size.len() == 1 && output == Leaves::Samples);
        let why = "lines that vary cannot come back: only their end says how long they are";
        problems.require(lines, "varying", varying, why, "write varying = false, or output = \"codes\"");
        problems.finish(|| ())?;

        let spent: usize = quantizers.iter().zip(&counts).map(|(one, count)| one.bits as usize * count).sum();
        let bits = spent as f64 / samples as f64;
        let listed = bands.iter().zip(&quantizers).map(|(name, one)| format!("{name} {}", one.bits));
        let facts = vec![
            ("bits a value".into(), format!("{bits:.3}")),
            ("bits of each subband".into(), listed.collect::<Vec<_>>().join(", ")),
        ];
        let doc = format!(
            "each subband of {levels} levels quantized on its own, {bits:.3} bits a value; frames of {}{:?} samples ({input})",
            if varying { "up to " } else { "" },
            transform.size
        );
        let reconstructs = output == Leaves::Samples;
        let treat = |quantizer| match output {
            Leaves::Samples => Treatment::Quantize(quantizer),
            Leaves::Codes => Treatment::Encode(quantizer),
        };
        let treatments = quantizers.into_iter().map(treat).collect();
        let bandwise = transform.bandwise((Self::KIND, doc), treatments, reconstructs, source)?;
        Ok(Box::new(bandwise.with_facts(facts)))
    }
}

/// Values of each subband, in the order of [`Transform::bands`].
fn transform_counts(transform: &Transform) -> Vec<usize> {
    let bands = super::lifting::subbands(&transform.size, transform.levels).into_iter();
    bands.map(|band| band.shape.iter().product()).filter(|count| *count > 0).collect()
}
