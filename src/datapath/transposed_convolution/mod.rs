//! `y[p * kernel + t, f] = sum over c of w[c, f, t] x[p, c]`: each position of a map becomes several.
//!
//! A position is a vector, which the array of the matrices multiplies with one matrix for each tap. As the map leaves in raster order,
//! rows and planes are read again for each that they become, and meet the matrices of its taps meanwhile.

mod config;
mod golden;
mod overlapping;
mod rereading;

pub use config::{LARGEST_KERNEL, TransposedConvolutionConfig};
pub use golden::{TransposedShape, transposed_convolution};

use super::activation::Activation;
use super::config::{Config, IntType};
use super::convolution::{Outgoing, Unfolding};
use super::mac::{WeightKind, array_facts, array_footprint, array_work, streamed};
use super::map::Map;
use super::{ArrayWork, Datapath, Footprint, LaneStream};
use crate::blocks::{MacArray, Walk, Weights};
use crate::hdl::{Module, Signal, Timing};
use crate::stream::timeline::{Channel, Framed, Gather, Timeline};
use crate::stream::{Ports, Reach, Tokens, Transfers};
use rereading::Rereading;
use std::sync::Arc;

/// A transposed convolution of maps of one size.
pub struct TransposedConvolution {
    shape: TransposedShape,
    input: IntType,
    /// What comes in.
    map: Map,
    kind: Arc<dyn WeightKind>,
    /// The codes, a list for each channel; none where only who loads them knows them.
    codes: Option<Vec<Vec<i64>>>,
    array: MacArray,
    /// None where weights are constant: then a position comes with all its channels.
    unfolding: Option<Unfolding>,
    rereading: Rereading,
    outgoing: Outgoing,
}

impl TransposedConvolution {
    /// Of the rows of all taps those of the taps whose turn it is.
    fn chosen<'m>(&self, rows: LaneStream<'m>) -> LaneStream<'m> {
        let walk = Walk::new(self.array.turns.iter().copied()).endless();
        if walk.count() == 1 {
            return rows;
        }
        let at_once = self.outgoing.rows * self.outgoing.sums;
        rows.module().part("phases", "of the rows of all taps those whose turn it is", |part| {
            let rows = part.input_stream("rows", rows.unframed());
            let chosen = walk.numbered(rows, "phase").map(|(rows, phase): (Vec<Signal<'m>>, Signal<'m>)| {
                let row = |row: usize| {
                    let of_phases: Vec<Signal<'m>> =
                        rows.iter().copied().skip(row).step_by(at_once).collect();
                    phase.choose(&of_phases)
                };
                (0..at_once).map(row).collect::<Vec<_>>()
            });
            part.output_stream("chosen", chosen)
        })
    }

    /// The weights of the channels for each sum of a row, given what is loaded: of them `w`, or else a codebook.
    fn sides(&self, w: Option<&Tokens>, loaded: &[i64]) -> Vec<Vec<Vec<i64>>> {
        let all = match w {
            Some(w) => self.rows_of_stream(w, loaded),
            None => self.kind.loaded_weights(self.codes.as_deref().unwrap_or_default(), loaded),
        };
        let count = self.kind.sums();
        let of_side = |side: usize| {
            let lists: Vec<Vec<i64>> = all.iter().skip(side).step_by(count).cloned().collect();
            if w.is_some() { self.shape.of_rows(&lists) } else { lists }
        };
        (0..count).map(of_side).collect()
    }

    /// The rows of all taps out of what fills the memory, each a list of the channels of its group; those of a row's sums next to each other.
    fn rows_of_stream(&self, w: &Tokens, loaded: &[i64]) -> Vec<Vec<i64>> {
        let columns = self.unfolding.as_ref().map_or(Vec::new(), Unfolding::columns);
        let vectors = self.shape.taps() * self.shape.filters / self.array.folding.rows;
        let rows = (0..vectors).flat_map(|vector| streamed(&self.array, &*self.kind, w, vector, loaded));
        let in_channels = |row: Vec<i64>| {
            let mut channels = vec![0; self.shape.group_channels()];
            let weights = columns.iter().zip(row);
            weights
                .filter_map(|(column, weight)| Some(((*column)?, weight)))
                .for_each(|(channel, weight)| channels[channel] = weight);
            channels
        };
        rows.map(in_channels).collect()
    }

    /// The sums of a map, those of a row next to each other.
    fn sums(&self, x: &[i64], sides: &[Vec<Vec<i64>>]) -> Vec<i64> {
        let of_side = |weights: &Vec<Vec<i64>>| transposed_convolution(x, weights, &self.shape);
        let sides: Vec<Vec<i64>> = sides.iter().map(of_side).collect();
        (0..sides[0].len()).flat_map(|row| sides.iter().map(move |side| side[row])).collect()
    }

    /// Bits of the memory of what is read again.
    fn kept_bits(&self) -> usize {
        let lanes = if self.unfolding.is_some() { self.map.lanes } else { self.map.channels };
        self.rereading.words() * lanes * self.input.bits as usize
    }
}

impl Datapath for TransposedConvolution {
    fn kind(&self) -> &'static str {
        TransposedConvolutionConfig::KIND
    }

    fn doc(&self) -> String {
        let TransposedShape { size, channels, filters, groups, kernel, .. } = &self.shape;
        let weights = match &self.array.weights {
            Weights::Memory(_) => "in memory",
            Weights::Loaded { .. } => "loaded",
            Weights::Stream | Weights::Constant(_) => "constant",
        };
        let after = self.outgoing.activation.iter().map(|activation| format!("; {}", activation.title()));
        format!(
            "transposed convolution of maps {size:?} x {channels} ({}), {} a beat, with {filters} filters in {groups} groups: each position \
             becomes {kernel:?}; {} ({weights}), {} columns and {} rows at once{}",
            self.input,
            self.map.lanes,
            self.kind.title(),
            self.array.folding.lanes,
            self.array.folding.parallel_rows,
            after.collect::<String>()
        )
    }

    fn ports(&self) -> Ports {
        let mut inputs = self.array.inputs();
        inputs[0] = self.map.port("x", self.input.range());
        let y = self.outgoing.y.port("y", self.outgoing.range(self.array.accumulator()));
        Ports { inputs, outputs: vec![y] }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let mut inputs = inputs;
        let x = inputs.remove(0);
        let rows = match &self.unfolding {
            Some(unfolding) => {
                let windows = self.rereading.build(x).map(|x| vec![x]);
                inputs.insert(0, unfolding.columns_of(windows, &self.input.range()));
                self.array.rows(m, inputs, false)
            }
            None => {
                let beats = self.map.beats();
                let x = if beats == 1 { x } else { x.unframed().chunk(beats).map(|beats| beats.concat()) };
                self.chosen(self.array.rows(m, vec![self.rereading.build(x)], false))
            }
        };
        vec![self.outgoing.build(rows)]
    }

    fn arrays(&self) -> Vec<ArrayWork> {
        array_work(&self.array, &*self.kind)
    }

    /// The products, the weights, and what is read again.
    fn footprint(&self) -> Footprint {
        let streams = Footprint::of_streams(&self.ports());
        (streams + array_footprint(&self.array, &*self.kind)).with_memory(self.kept_bits() as u128)
    }

    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let [x] = inputs else { return None };
        let taps = self.shape.kernel[axis];
        (!self.remembers()).then(|| vec![x.spread(taps, taps)])
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let mut inputs = inputs;
        inputs[0] = match (&self.unfolding, self.map.beats()) {
            (Some(unfolding), _) => {
                let x = self.rereading.timed(t, inputs[0]);
                unfolding.timed(t, x)
            }
            (None, 1) => self.rereading.timed(t, inputs[0]),
            (None, beats) => {
                let x = t.through(inputs[0], 0, Framed::new(usize::MAX));
                let x = t.through(x, 1, Gather::chunk(beats));
                self.rereading.timed(t, x)
            }
        };
        let mut rows = self.array.timed(t, &inputs);
        if self.unfolding.is_none() && Walk::new(self.array.turns.iter().copied()).count() > 1 {
            rows = t.part("phases", |t| {
                let rows = t.crossing(rows, "rows");
                t.crossing(rows, "chosen")
            });
        }
        Some(vec![self.outgoing.timed(t, rows)])
    }

    fn presets(&self) -> Vec<Option<Tokens>> {
        self.array.presets()
    }

    fn remembers(&self) -> bool {
        self.outgoing.activation.as_ref().is_some_and(Activation::is_stochastic)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let maps = x.chunks(ports.inputs[0].frame_values()).enumerate();
        let w = self.array.is_loaded().then(|| &inputs[1]);
        let once = self.kind.loaded().is_none().then(|| self.sides(w, &[]));
        let sums = maps.flat_map(|(frame, x)| match &once {
            Some(sides) => self.sums(x, sides),
            None => self.sums(x, &self.sides(w, inputs[inputs.len() - 1].beat(frame))),
        });
        let y: Vec<i64> = match &self.outgoing.activation {
            Some(activation) => activation.of_all(sums),
            None => sums.collect(),
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    /// Besides the extremes, maps whose positions make the least and the greatest sums of the filters' taps, one after the other.
    fn corners(&self) -> Vec<Transfers> {
        let plain = super::corners_of(&self.ports());
        let ([x], Some(codes)) = (&self.ports().inputs[..], &self.codes) else { return plain };
        let weights = |codes: &Vec<i64>| codes.iter().map(|&code| self.kind.weight(code, &[])).collect();
        let rows = self.shape.in_rows(&codes.iter().map(weights).collect::<Vec<Vec<i64>>>());
        let positions: usize = self.shape.size.iter().product();
        let extreme = |index: usize| -> Vec<i64> {
            let (row, sign) = (index / 2 % rows.len(), if index.is_multiple_of(2) { 1 } else { -1 });
            let group = row % self.shape.filters / self.shape.group_filters();
            let channels = self.shape.group_channels();
            let value = |channel: usize| {
                let weight =
                    if channel / channels == group { rows[row][channel % channels] * sign } else { 0 };
                if weight > 0 { self.input.hi() } else { self.input.lo() }
            };
            (0..self.shape.channels).map(value).collect()
        };
        let frames = (2 * rows.len()).div_ceil(positions).min(MOST_FRAMES_OF_EXTREMES);
        let values: Vec<i64> = (0..frames * positions).flat_map(extreme).collect();
        plain.into_iter().chain([vec![Tokens::pack(x, &values)]]).collect()
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let mut facts = array_facts(&self.array, &*self.kind, timing);
        facts.push(("memory of what is read again".into(), format!("{} bits", self.kept_bits())));
        if let (Some(codes), Some(zero)) = (&self.codes, self.kind.zero()) {
            let zeros = codes.iter().flatten().filter(|code| **code == zero).count();
            let all: usize = codes.iter().map(Vec::len).sum();
            facts.push(("weights that are 0".into(), format!("{zeros} of {all}")));
        }
        facts.extend(self.outgoing.activation.iter().flat_map(|activation| activation.facts(timing)));
        facts
    }
}

/// Frames of a corner.
const MOST_FRAMES_OF_EXTREMES: usize = 4;
