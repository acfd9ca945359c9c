//! The largest integer, or the sum, of each window of a feature map: max pooling, and average pooling without its division.

mod config;
mod golden;
mod mean;
mod sliding;
mod strips;

pub use config::PoolConfig;
pub use golden::pool;
pub use mean::mean_factors;

use super::activation::Activation;
use super::config::{Config, IntType};
use super::map::Map;
use super::{Datapath, Footprint, LaneStream};
use crate::blocks::{Kernel, Tiles};
use crate::hdl::{Module, Range, Signal, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Ports, Reach, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// What becomes of the integers of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolOperation {
    Max,
    Sum,
    /// The sum times `L / n`, where `n` is how many positions of the map a window sees, and `L` the least common multiple of these along each
    /// axis: an average but for its division, which is one of all windows.
    Mean,
}

/// Windows of a map, each folded to one integer a channel.
pub struct Pool {
    operation: PoolOperation,
    map: Map,
    input: IntType,
    kernels: Vec<Kernel>,
    /// Whether a window is the whole map because nothing else was asked for: of a larger map it would be larger.
    is_global: bool,
    activation: Option<Activation>,
    /// Whether lines that windows share wait in a large memory of the family.
    has_large_lines: bool,
}

impl Pool {
    /// What leaves the windows; of averages whose factors are too large their sums.
    fn values(&self) -> Range {
        match self.operation {
            PoolOperation::Mean => self.mean_range().unwrap_or_else(|| self.folded()),
            PoolOperation::Max | PoolOperation::Sum => self.folded(),
        }
    }

    /// What windows are folded to.
    fn folded(&self) -> Range {
        let input = self.input.range();
        match (self.operation, Tiles::apply(&self.kernels)) {
            (PoolOperation::Max, _) => input,
            (_, true) => {
                let axes = self.kernels.iter().zip(&self.map.lengths);
                let positions: u64 = axes.map(|(kernel, &length)| kernel.size.min(length) as u64).product();
                Range::new(input.lo() * positions, input.hi() * positions)
            }
            (_, false) => self.slid_range(),
        }
    }

    /// The windows, if they do not overlap.
    fn tiles(&self) -> Option<Tiles> {
        Tiles::apply(&self.kernels).then(|| {
            let map = self.map.of_strips();
            Tiles { kernels: self.over_strips(), beats: map.beats(), lengths: map.lengths }
        })
    }

    fn windows(&self) -> Map {
        let axes = self.kernels.iter().zip(&self.map.lengths);
        let lengths = axes.map(|(kernel, length)| kernel.windows(*length)).collect();
        Map { lengths, lanes: self.map.lanes / self.within(), ..self.map.clone() }
    }

    fn fold<'m>(&self, before: Signal<'m>, x: Signal<'m>) -> Signal<'m> {
        match self.operation {
            PoolOperation::Max => before.max(x),
            PoolOperation::Sum | PoolOperation::Mean => before + x,
        }
    }
}

impl Datapath for Pool {
    fn kind(&self) -> &'static str {
        PoolConfig::KIND
    }

    fn doc(&self) -> String {
        let Map { lanes, .. } = self.map;
        let operation = match self.operation {
            PoolOperation::Max => "the largest integer",
            PoolOperation::Sum => "the sum",
            PoolOperation::Mean => "the mean, times what all counts of positions have in common,",
        };
        let axes = |of: fn(&Kernel) -> usize| {
            self.kernels.iter().map(|kernel| of(kernel).to_string()).collect::<Vec<_>>().join(" x ")
        };
        let dilated = self.kernels.iter().any(|kernel| kernel.dilation > 1);
        let holes =
            if dilated { format!(" (every {})", axes(|kernel| kernel.dilation)) } else { String::new() };
        format!(
            "y = {operation} of each window of {} positions{holes}, {} apart, of a map of {} ({}, {lanes} channels a beat){}",
            axes(|kernel| kernel.size),
            axes(|kernel| kernel.stride),
            self.map.frame(),
            self.input,
            self.activation.iter().map(|activation| format!("; {}", activation.title())).collect::<String>()
        )
    }

    fn ports(&self) -> Ports {
        let y = self.activation.as_ref().map_or(self.values(), Activation::output);
        Ports {
            inputs: vec![self.map.port("x", self.input.range())],
            outputs: vec![self.windows().port("y", y)],
        }
    }

    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let x = inputs.remove(0);
        let folded = match self.tiles() {
            Some(tiles) => {
                tiles.fold(self.folded_within(x), &self.folded(), |before, x| self.fold(before, x))
            }
            None => self.slid(x),
        };
        let folded = if self.operation == PoolOperation::Mean { self.averaged(m, folded) } else { folded };
        let folded = if self.ports().outputs[0].is_framed() { folded } else { folded.unframed() };
        vec![self.activation.iter().fold(folded, |folded, activation| activation.after(folded))]
    }

    /// A comparator or an adder for each lane, and what is kept of the windows that are open.
    fn footprint(&self) -> Footprint {
        let bits = self.map.lanes as u128 * u128::from(self.folded().width());
        let streams = Footprint::of_streams(&self.ports());
        let kept = self.tiles().map_or_else(|| self.slid_bits(), |tiles| tiles.words() as u128 * bits);
        Footprint { lut4: streams.lut4 + bits, ..streams }.with_memory(kept)
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let folded = match self.tiles() {
            Some(tiles) => t.block("windows", inputs[0], 1, tiles.actor()),
            None => self.timed_slid(t, inputs[0]),
        };
        Some(vec![self.activation.iter().fold(folded, |folded, activation| activation.timed(t, folded))])
    }

    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let [x] = inputs else { return None };
        // What counts have in common may be another number in a larger map.
        let is_alike = self.operation != PoolOperation::Mean;
        (is_alike && !self.is_global && !self.remembers()).then(|| vec![self.kernels[axis].reach(*x)])
    }

    fn remembers(&self) -> bool {
        self.activation.as_ref().is_some_and(Activation::is_stochastic)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values = inputs[0].unpack(&ports.inputs[0]);
        let of_frame =
            |frame: &[i64]| pool(frame, &self.map.lengths, self.map.channels, &self.kernels, self.operation);
        let folded: Vec<i64> = values.chunks(ports.inputs[0].frame_values()).flat_map(of_frame).collect();
        let y = match &self.activation {
            Some(activation) => activation.of_all(folded),
            None => folded,
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let kept = match self.tiles() {
            Some(tiles) => {
                let word = self.map.lanes as u64 * u64::from(self.folded().width());
                format!("{} words of {word} bits: windows that are open", tiles.words())
            }
            None => format!("at least {} bits: lines of windows that overlap", self.slid_bits()),
        };
        let open = ("kept".into(), kept);
        std::iter::once(open)
            .chain(self.activation.iter().flat_map(|activation| activation.facts(timing)))
            .collect()
    }
}
