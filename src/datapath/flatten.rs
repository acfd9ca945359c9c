//! A feature map as a vector: what a dense layer takes.

use super::config::{Config, ConfigError, IntType, Problems, wide};
use super::map::Map;
use super::rearranged::Rearranged;
use super::requantize::one;
use super::tensor::Source;
use super::{Datapath, Footprint, LaneStream};
use crate::blocks::Reorder;
use crate::hdl::{Module, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Pace, Port, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlattenConfig {
    /// Positions of the map, the outermost axis first.
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    #[serde(deserialize_with = "wide")]
    pub input: IntType,
    #[serde(default)]
    pub order: FlattenOrder,
}

/// In which order the integers of a map become those of a vector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlattenOrder {
    /// As they come: position after position, each with its channels.
    #[default]
    ChannelLast,
    /// Channel after channel, each with its positions, as ONNX and PyTorch have them.
    ChannelFirst,
}

/// A map read as a vector.
pub struct Flatten {
    map: Map,
    input: IntType,
    order: FlattenOrder,
}

/// The integers of a map of so many channels, channel after channel.
///
/// ```
/// use ternlet::datapath::channels_first;
/// // Three positions of two channels.
/// assert_eq!(channels_first(&[1, 2, 3, 4, 5, 6], 2), [1, 3, 5, 2, 4, 6]);
/// ```
pub fn channels_first(x: &[i64], channels: usize) -> Vec<i64> {
    (0..channels).flat_map(|channel| x.iter().skip(channel).step_by(channels)).copied().collect()
}

impl Config for FlattenConfig {
    const KIND: &'static str = "flatten";
    const SUMMARY: &'static str = "a feature map as a vector";
    const EXAMPLE: &'static str = r#"# A picture of 3 channels as the vector of a dense layer.
name = "my_flatten"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "flatten"
size = [4, 4]            # [width], [height, width] or [depth, height, width]
channels = 3
lanes = 1                # channels in a beat, a divisor of the channels; or those of several positions of a line
input = "u4"             # their type: u1 to u62, or s1 to s63
order = "channel_last"   # as they come; or "channel_first": channel after channel, as ONNX has them, one integer a beat
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let check = if self.order == FlattenOrder::ChannelLast { Map::check_strips } else { Map::check };
        let map = check(&self.size, self.channels, self.lanes, &mut problems);
        problems
            .finish(|| Box::new(Flatten { map, input: self.input, order: self.order }) as Box<dyn Datapath>)
    }
}

impl Flatten {
    /// None where nothing is.
    fn rearranged(&self) -> Option<Rearranged> {
        let (values, channels) = (self.map.frame().values(), self.map.channels);
        let by_channel = || Reorder::new(values, &[(channels, 1), (values / channels, channels)]);
        (self.order == FlattenOrder::ChannelFirst).then(|| Rearranged::integers(&self.map, by_channel()))
    }
}

impl Datapath for Flatten {
    fn kind(&self) -> &'static str {
        FlattenConfig::KIND
    }

    fn doc(&self) -> String {
        format!(
            "y = the integers of a map of {} ({}, {} channels a beat) as a vector{}",
            self.map.frame(),
            self.input,
            self.map.lanes,
            if self.order == FlattenOrder::ChannelFirst { ", channel after channel" } else { "" }
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        let lanes = if self.order == FlattenOrder::ChannelFirst { 1 } else { self.map.lanes };
        let y = Port::vectors("y", "y", lanes, range.clone(), self.map.frame().values());
        Ports { inputs: vec![self.map.port("x", range)], outputs: vec![y] }
    }

    fn build<'m>(&self, _: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let y = &self.ports().outputs[0];
        let of = |x| match self.rearranged() {
            None => x,
            Some(rearranged) => rearranged.build(x, y),
        };
        inputs.into_iter().map(of).collect()
    }

    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![Some(inputs[0].clone()).filter(|_| self.rearranged().is_none())]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let y = &self.ports().outputs[0];
        Some(vec![self.rearranged().map_or(inputs[0], |rearranged| rearranged.timed(t, inputs[0], y))])
    }

    fn footprint(&self) -> Footprint {
        let ports = self.ports();
        let kept = self.rearranged().map_or(0, |rearranged| rearranged.memory_bits(&ports.outputs[0]));
        Footprint::of_streams(&ports).with_memory(kept)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let y = match self.order {
            FlattenOrder::ChannelLast => x,
            FlattenOrder::ChannelFirst => {
                let frames = x.chunks(ports.inputs[0].frame_values());
                frames.flat_map(|x| channels_first(x, self.map.channels)).collect()
            }
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        self.rearranged().iter().map(|rearranged| rearranged.fact(&self.ports().outputs[0])).collect()
    }
}
