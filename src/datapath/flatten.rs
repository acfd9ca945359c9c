//! A feature map as a vector: what a dense layer takes.

use super::config::{Config, ConfigError, IntType, Problems, wide};
use super::map::Map;
use super::requantize::one;
use super::tensor::Source;
use super::{Datapath, LaneStream};
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
}

/// A map read as a vector.
pub struct Flatten {
    map: Map,
    input: IntType,
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
lanes = 1                # channels in a beat, a divisor of the channels
input = "u4"             # their type: u1 to u62, or s1 to s63
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let map = Map::check(&self.size, self.channels, self.lanes, &mut problems);
        problems.finish(|| Box::new(Flatten { map, input: self.input }) as Box<dyn Datapath>)
    }
}

impl Datapath for Flatten {
    fn kind(&self) -> &'static str {
        FlattenConfig::KIND
    }

    fn doc(&self) -> String {
        format!(
            "y = the integers of a map of {} ({}, {} channels a beat) as a vector",
            self.map.frame(),
            self.input,
            self.map.lanes
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        let y = Port::vectors("y", "y", self.map.lanes, range.clone(), self.map.frame().values());
        Ports { inputs: vec![self.map.port("x", range)], outputs: vec![y] }
    }

    fn build<'m>(&self, _: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        inputs
    }

    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![Some(inputs[0].clone())]
    }

    fn timed(&self, _: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        Some(inputs)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        vec![Tokens::pack(&ports.outputs[0], &inputs[0].unpack(&ports.inputs[0]))]
    }
}
