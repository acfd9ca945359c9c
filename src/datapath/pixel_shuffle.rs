//! Channels of a feature map as positions: depth to space.
//!
//! Source: DepthToSpace of ONNX, whose modes DCR and CRD name the order of the channels; Shi and others, arXiv 1609.05158 (CRD).

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
pub struct PixelShuffleConfig {
    /// Positions of the map that comes in, the outermost axis first.
    pub size: Vec<usize>,
    /// Of the map that comes in.
    pub channels: usize,
    /// Channels a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    #[serde(deserialize_with = "wide")]
    pub input: IntType,
    /// Positions that the channels of each become along each axis.
    pub factor: PerAxis,
    /// Of the channels that come in.
    #[serde(default)]
    pub order: ChannelOrder,
}

/// How the channels of a position lie that become positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelOrder {
    /// All channels of the first position, then those of the next one: depth, column, row of ONNX.
    #[default]
    Dcr,
    /// All positions of the first channel, then those of the next one: column, row, depth of ONNX, and PyTorch's.
    Crd,
}

/// A map of fewer channels and more positions.
pub struct PixelShuffle {
    map: Map,
    input: IntType,
    factors: Vec<usize>,
    order: ChannelOrder,
}

/// `y[p * factor + d, c] = x[p, d * channels_out + c]`, or in the order `Crd` `x[p, c * positions + d]`, where `d` counts the `positions`
/// that one becomes, in raster order.
///
/// ```
/// use ternlet::datapath::{ChannelOrder, pixel_shuffle};
/// // One position of 4 channels as 2 of 2.
/// assert_eq!(pixel_shuffle(&[1, 2, 3, 4], &[1], 4, &[2], ChannelOrder::Dcr), [1, 2, 3, 4]);
/// assert_eq!(pixel_shuffle(&[1, 2, 3, 4], &[1], 4, &[2], ChannelOrder::Crd), [1, 3, 2, 4]);
/// ```
pub fn pixel_shuffle(
    x: &[i64],
    lengths: &[usize],
    channels: usize,
    factors: &[usize],
    order: ChannelOrder,
) -> Vec<i64> {
    let longer: Vec<usize> = lengths.iter().zip(factors).map(|(length, factor)| length * factor).collect();
    let (count, mut y) = (factors.iter().product::<usize>(), Vec::new());
    for at in positions(&longer) {
        let from: Vec<usize> = at.iter().zip(factors).map(|(at, factor)| at / factor).collect();
        let within: Vec<usize> = at.iter().zip(factors).map(|(at, factor)| at % factor).collect();
        let (from, within) = (numbered(&from, lengths), numbered(&within, factors));
        y.extend((0..channels / count).map(|channel| {
            x[from * channels
                + match order {
                    ChannelOrder::Dcr => within * (channels / count) + channel,
                    ChannelOrder::Crd => channel * count + within,
                }]
        }));
    }
    y
}

impl Config for PixelShuffleConfig {
    const KIND: &'static str = "pixel_shuffle";
    const SUMMARY: &'static str = "channels of a feature map as positions: depth to space";
    const EXAMPLE: &'static str = r#"# Pictures of 8 channels as pictures of 2 channels and twice the height and width.
name = "my_pixel_shuffle"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "pixel_shuffle"
size = [4, 4]       # of what comes in: [width], [height, width] or [depth, height, width]
channels = 8        # of what comes in
lanes = 2           # channels in a beat, a divisor of the channels
input = "u4"        # their type: u1 to u62, or s1 to s63
factor = 2          # positions that the channels of each become along each axis, or a list
order = "dcr"       # all channels of the first position first; "crd": all positions of the first channel, as PyTorch has them
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let Self { size, channels, lanes, input, factor, order } = self;
        let map = Map::check(&size, channels, lanes, &mut problems);
        let factors = factor.resolve(size.len(), "factor", &mut problems);
        if map.check_longer(&factors, "factor", &mut problems) {
            let count: usize = factors.iter().product();
            let why = format!("channels become {count} positions each, so {count} divides them");
            let next = channels.next_multiple_of(count);
            problems.require(
                channels.is_multiple_of(count),
                "channels",
                channels,
                &why,
                format!("write {next}"),
            );
            let given = channels / count;
            let why = format!("lanes divide the {given} channels of a position that leaves");
            let fits =
                order == ChannelOrder::Crd || !channels.is_multiple_of(count) || given.is_multiple_of(lanes);
            let help = (1..=given)
                .rev()
                .find(|lanes| channels.is_multiple_of(*lanes) && given.is_multiple_of(*lanes));
            problems.require(fits, "lanes", lanes, &why, format!("write {}", help.unwrap_or(1)));
        }
        problems.finish(|| Box::new(PixelShuffle { map, input, factors, order }) as Box<dyn Datapath>)
    }
}

impl PixelShuffle {
    fn count(&self) -> usize {
        self.factors.iter().product()
    }

    fn longer(&self) -> Map {
        let lengths = self.map.lengths.iter().zip(&self.factors).map(|(length, factor)| length * factor);
        let lanes = if self.order == ChannelOrder::Crd { 1 } else { self.map.lanes };
        Map { lengths: lengths.collect(), channels: self.map.channels / self.count(), lanes }
    }

    /// What is held is a position along the outermost axis that becomes longer.
    fn rearranged(&self) -> Rearranged {
        let Some(axis) = self.factors.iter().position(|factor| *factor > 1) else {
            let reorder = Reorder::new(1, &[]);
            return match self.order {
                ChannelOrder::Dcr => Rearranged::beats(reorder),
                ChannelOrder::Crd => Rearranged::integers(&self.map, reorder),
            };
        };
        let longer = self.longer();
        // Words of a position that comes in, and from channel to channel of those that leave.
        let (words, given) = (self.map.channels / longer.lanes, longer.beats());
        let (channel, position) = match self.order {
            ChannelOrder::Dcr => (1, given),
            ChannelOrder::Crd => (self.count(), 1),
        };
        let inner = |axis: usize| self.map.lengths[axis + 1..].iter().product::<usize>() * words;
        let within = |axis: usize| self.factors[axis + 1..].iter().product::<usize>() * position;
        let along = (axis + 1..self.factors.len())
            .flat_map(|axis| [(self.map.lengths[axis], inner(axis)), (self.factors[axis], within(axis))]);
        let first = (self.factors[axis], within(axis));
        let loops: Vec<(usize, usize)> =
            std::iter::once(first).chain(along).chain([(given, channel)]).collect();
        let reorder = Reorder::new(inner(axis), &loops);
        match self.order {
            ChannelOrder::Dcr => Rearranged::beats(reorder),
            ChannelOrder::Crd => Rearranged::integers(&self.map, reorder),
        }
    }
}

impl Datapath for PixelShuffle {
    fn kind(&self) -> &'static str {
        PixelShuffleConfig::KIND
    }

    fn doc(&self) -> String {
        let order = match self.order {
            ChannelOrder::Dcr => "position after position",
            ChannelOrder::Crd => "channel after channel",
        };
        format!(
            "y = maps of {} ({}, {} channels a beat), whose channels become {:?} positions along the axes, {order}",
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
        let of = |x| pixel_shuffle(x, &self.map.lengths, self.map.channels, &self.factors, self.order);
        vec![Tokens::pack(&ports.outputs[0], &frames.flat_map(of).collect::<Vec<_>>())]
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        vec![self.rearranged().fact(&self.ports().outputs[0])]
    }
}
