//! A feature map as a vector: what a dense layer takes.

use super::config::{Config, ConfigError, IntType, Problems, wide};
use super::map::{Map, numbered, positions};
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "an order is \"channel_last\", \"channel_first\", or a list of axes")]
pub enum FlattenOrder {
    Named(NamedOrder),
    /// The axes of what comes in, numbered as its stream has them, the channels last, in the order of what leaves: the outermost first.
    Axes(Vec<usize>),
}

/// An order that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedOrder {
    /// As they come: position after position, each with its channels.
    ChannelLast,
    /// Channel after channel, each with its positions, as ONNX and PyTorch have them.
    ChannelFirst,
}

impl Default for FlattenOrder {
    fn default() -> Self {
        Self::Named(NamedOrder::ChannelLast)
    }
}

impl FlattenOrder {
    /// The order of the axes of a map of so many axes of positions.
    fn axes(&self, positions: usize) -> Vec<usize> {
        match self {
            Self::Named(NamedOrder::ChannelLast) => (0..=positions).collect(),
            Self::Named(NamedOrder::ChannelFirst) => std::iter::once(positions).chain(0..positions).collect(),
            Self::Axes(axes) => axes.clone(),
        }
    }
}

/// A map read as a vector.
pub struct Flatten {
    map: Map,
    input: IntType,
    /// The axes in the order of what leaves, the outermost first; the channels are the last number.
    order: Vec<usize>,
}

/// The integers of a frame with axes of these lengths, its axes in another order, the outermost first.
///
/// ```
/// use ternlet::datapath::in_order;
/// // Three positions of two channels, channel after channel.
/// assert_eq!(in_order(&[1, 2, 3, 4, 5, 6], &[3, 2], &[1, 0]), [1, 3, 5, 2, 4, 6]);
/// ```
pub fn in_order(x: &[i64], lengths: &[usize], order: &[usize]) -> Vec<i64> {
    let turned: Vec<usize> = order.iter().map(|axis| lengths[*axis]).collect();
    let from = |at: Vec<usize>| {
        let mut place = vec![0; lengths.len()];
        order.iter().zip(at).for_each(|(axis, at)| place[*axis] = at);
        x[numbered(&place, lengths)]
    };
    positions(&turned).map(from).collect()
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
order = "channel_last"   # as they come; or "channel_first": channel after channel, as ONNX has them, one integer a beat; or axes: [2, 0, 1]
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let axes = self.size.len();
        let order = self.order.axes(axes);
        let is_in_order = order.is_sorted();
        let check = if is_in_order { Map::check_strips } else { Map::check };
        let map = check(&self.size, self.channels, self.lanes, &mut problems);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let why = format!("each axis stands there once: those of the positions, and {axes} of the channels");
        let help = format!("write \"channel_first\", or the numbers from 0 to {axes} in another order");
        problems.require(sorted.into_iter().eq(0..=axes), "order", format!("{order:?}"), &why, help);
        problems.finish(|| Box::new(Flatten { map, input: self.input, order }) as Box<dyn Datapath>)
    }
}

impl Flatten {
    /// Integers of the axes that come, the channels last.
    fn lengths(&self) -> Vec<usize> {
        [&self.map.lengths[..], &[self.map.channels]].concat()
    }

    /// Whether the channels of a position stay together, and beats whole.
    fn keeps_beats(&self) -> bool {
        self.order.last() == Some(&self.map.lengths.len())
    }

    /// None where nothing is.
    fn rearranged(&self) -> Option<Rearranged> {
        if self.order.is_sorted() {
            return None;
        }
        let mut lengths = self.lengths();
        if self.keeps_beats() {
            lengths[self.map.lengths.len()] = self.map.beats();
        }
        let inner = |axis: usize| lengths[axis + 1..].iter().product::<usize>();
        let loops: Vec<(usize, usize)> =
            self.order.iter().map(|axis| (lengths[*axis], inner(*axis))).collect();
        let reorder = Reorder::new(lengths.iter().product(), &loops);
        Some(if self.keeps_beats() {
            Rearranged::beats(reorder)
        } else {
            Rearranged::integers(&self.map, reorder)
        })
    }
}

impl Datapath for Flatten {
    fn kind(&self) -> &'static str {
        FlattenConfig::KIND
    }

    fn doc(&self) -> String {
        let axes = self.map.lengths.len();
        format!(
            "y = the integers of a map of {} ({}, {} channels a beat) as a vector{}",
            self.map.frame(),
            self.input,
            self.map.lanes,
            match &self.order {
                order if order.is_sorted() => String::new(),
                order if order[0] == axes && order[1..].is_sorted() => ", channel after channel".into(),
                order => format!(", its axes in the order {order:?}"),
            }
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        let lanes = if self.keeps_beats() { self.map.lanes } else { 1 };
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
        let frames = x.chunks(ports.inputs[0].frame_values());
        let y: Vec<i64> = frames.flat_map(|x| in_order(x, &self.lengths(), &self.order)).collect();
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        self.rearranged().iter().map(|rearranged| rearranged.fact(&self.ports().outputs[0])).collect()
    }
}
