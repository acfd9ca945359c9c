//! A feature map of more positions, each the nearest of what came in: `y[p] = x[p / factor]`.

use super::config::{Config, ConfigError, IntType, Problems, wide};
use super::map::{Map, numbered, positions};
use super::per_axis::PerAxis;
use super::rearranged::Rearranged;
use super::requantize::one;
use super::tensor::Source;
use super::{Datapath, Footprint, LaneStream};
use crate::blocks::Reorder;
use crate::hdl::{Module, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Ports, Reach, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpsampleConfig {
    /// Positions of the map that comes in, the outermost axis first.
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    #[serde(deserialize_with = "wide")]
    pub input: IntType,
    /// Positions that each becomes along each axis.
    pub factor: PerAxis,
}

/// A map whose positions are repeated along each axis.
pub struct Upsample {
    map: Map,
    input: IntType,
    factors: Vec<usize>,
}

/// Each position of a map with axes of these `lengths` as `factor` positions along each axis, whichever of them is nearest.
///
/// ```
/// use ternlet::datapath::upsample;
/// assert_eq!(upsample(&[1, 2], &[2], 1, &[3]), [1, 1, 1, 2, 2, 2]);
/// assert_eq!(upsample(&[1, 2, 3, 4], &[1, 2], 2, &[2, 1]), [1, 2, 3, 4, 1, 2, 3, 4]);
/// ```
pub fn upsample(x: &[i64], lengths: &[usize], channels: usize, factors: &[usize]) -> Vec<i64> {
    let longer: Vec<usize> = lengths.iter().zip(factors).map(|(length, factor)| length * factor).collect();
    let from = |at: Vec<usize>| {
        let nearest: Vec<usize> = at.iter().zip(factors).map(|(at, factor)| at / factor).collect();
        let start = numbered(&nearest, lengths) * channels;
        &x[start..start + channels]
    };
    positions(&longer).flat_map(from).copied().collect()
}

impl Config for UpsampleConfig {
    const KIND: &'static str = "upsample";
    const SUMMARY: &'static str = "a feature map of more positions, each the nearest of what came in";
    const EXAMPLE: &'static str = r#"# Pictures of 4 channels with twice the height and width.
name = "my_upsample"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "upsample"
size = [4, 4]       # of what comes in: [width], [height, width] or [depth, height, width]
channels = 4
lanes = 2           # channels in a beat, a divisor of the channels
input = "u4"        # their type: u1 to u62, or s1 to s63
factor = 2          # positions that each becomes along each axis, or a list
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let map = Map::check(&self.size, self.channels, self.lanes, &mut problems);
        let factors = self.factor.resolve(self.size.len(), "factor", &mut problems);
        map.check_longer(&factors, "factor", &mut problems);
        problems.finish(|| Box::new(Upsample { map, input: self.input, factors }) as Box<dyn Datapath>)
    }
}

impl Upsample {
    fn longer(&self) -> Map {
        let lengths = self.map.lengths.iter().zip(&self.factors).map(|(length, factor)| length * factor);
        Map { lengths: lengths.collect(), ..self.map.clone() }
    }

    /// What is held is a position along the outermost axis that becomes longer.
    fn rearranged(&self) -> Rearranged {
        let beats = self.map.beats();
        let Some(axis) = self.factors.iter().position(|factor| *factor > 1) else {
            return Rearranged::beats(Reorder::new(1, &[]));
        };
        let inner = |axis: usize| self.map.lengths[axis + 1..].iter().product::<usize>() * beats;
        let along = (axis + 1..self.factors.len())
            .flat_map(|axis| [(self.map.lengths[axis], inner(axis)), (self.factors[axis], 0)]);
        let loops: Vec<(usize, usize)> =
            std::iter::once((self.factors[axis], 0)).chain(along).chain([(beats, 1)]).collect();
        Rearranged::beats(Reorder::new(inner(axis), &loops))
    }
}

impl Datapath for Upsample {
    fn kind(&self) -> &'static str {
        UpsampleConfig::KIND
    }

    fn doc(&self) -> String {
        format!(
            "y = maps of {} ({}, {} channels a beat), each position {:?} times along the axes",
            self.map.frame(),
            self.input,
            self.map.lanes,
            self.factors
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        Ports {
            inputs: vec![self.map.port("x", range.clone())],
            outputs: vec![self.longer().port("y", range)],
        }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        vec![self.rearranged().build(inputs.remove(0), &self.ports().outputs[0])]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        Some(vec![self.rearranged().timed(t, inputs[0], &self.ports().outputs[0])])
    }

    fn footprint(&self) -> Footprint {
        let ports = self.ports();
        Footprint::of_streams(&ports).with_memory(self.rearranged().memory_bits(&ports.outputs[0]))
    }

    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let factor = self.factors[axis];
        Some(vec![inputs[0].spread(factor, factor)])
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let frames = x.chunks(ports.inputs[0].frame_values());
        let of = |x| upsample(x, &self.map.lengths, self.map.channels, &self.factors);
        vec![Tokens::pack(&ports.outputs[0], &frames.flat_map(of).collect::<Vec<_>>())]
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        vec![self.rearranged().fact(&self.ports().outputs[0])]
    }
}
