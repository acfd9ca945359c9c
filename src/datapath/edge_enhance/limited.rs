//! Limited reconstruction: a picture from its subbands, each with a gain.

use super::super::bandwise::Transform;
use super::super::config::{ConfigError, IntType, Problems};
use super::super::lifting::SchemeConfig;
use super::super::picture::Pictures;
use super::super::tensor::Source;
use super::super::treatment::{Gain, Treatment};
use super::super::{Config, Datapath};
use super::EdgeEnhanceConfig;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A gain: an integer, or a multiplier over a power of two.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected an integer, or a table { multiplier = 3, shift = 1 }")]
pub enum BandGain {
    Whole(i64),
    Part(Gain),
}

/// The table `limited_reconstruction` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitedReconstruction {
    pub scheme: SchemeConfig,
    pub levels: u32,
    /// The type of what leaves, which clamps; that of the pixels where it is not given.
    pub output: Option<IntType>,
    /// `c' = clamp((c * multiplier + half) >> shift)` for each subband that is listed, by its name; the others stay.
    #[serde(default)]
    pub gains: BTreeMap<String, BandGain>,
}

impl LimitedReconstruction {
    /// # Errors
    /// All problems at once.
    pub fn load(
        self,
        pictures: &Pictures,
        source: &dyn Source,
    ) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { scheme: SchemeConfig(scheme), levels, output, gains } = self;
        let &Pictures { width, height, varying, pixel: input, .. } = pictures;
        let output = output.unwrap_or(input);
        let transform = Transform { scheme, levels, input, output, size: vec![height, width], varying };
        transform.forward(source)?;
        let bands = transform.bands();
        let mut problems = Problems::default();
        for name in gains.keys().filter(|name| !bands.contains(name)) {
            let why = format!("there is no such subband; there are {}", bands.join(", "));
            problems.require(false, &format!("gains.{name}"), "(as given)", &why, "rename or remove it");
        }
        let mut treatments = Vec::new();
        for name in &bands {
            let gain = match gains.get(name) {
                None => Gain::ONE,
                Some(BandGain::Whole(multiplier)) => Gain { multiplier: *multiplier, shift: 0 },
                Some(BandGain::Part(gain)) => *gain,
            };
            let mut inside = Problems::default();
            gain.check(&mut inside);
            if let Err(errors) = inside.finish(|| ()) {
                problems.inside(&format!("gains.{name}"), errors);
            }
            treatments.push(Treatment::Scale(gain));
        }
        problems.finish(|| ())?;
        let listed = gains.iter().map(|(name, gain)| match gain {
            BandGain::Whole(gain) => format!("{name} times {gain}"),
            BandGain::Part(Gain { multiplier, shift }) => {
                format!("{name} times {multiplier}/{}", 1u64 << shift)
            }
        });
        let doc = format!(
            "pictures of {}{width} x {height} pixels ({input}) reconstructed from {levels} levels of subbands, {} ({output})",
            if varying { "up to " } else { "" },
            listed.reduce(|all, one| format!("{all}, {one}")).unwrap_or("all as they are".into())
        );
        Ok(Box::new(transform.bandwise((EdgeEnhanceConfig::KIND, doc), treatments, true, source)?))
    }
}
