//! `y[p, f] = sum over c, t of w[f, c, t] x[p * stride - padding + t * dilation, c]`: convolutions of lines, pictures and volumes.
//!
//! A window over what streams by gives for each position a vector of taps and channels, and the array of the matrices multiplies it
//! with the filters: every kind of weights, and every folding.

mod config;
mod filters;
mod golden;
mod outgoing;
mod passes;
mod rows;
mod strips;
mod unfolding;

pub use config::ConvolutionConfig;
pub(super) use filters::{FilterKeys, Layout};
pub use golden::{ConvolutionShape, convolution};
pub(super) use rows::Rows;

use super::activation::Activation;
use super::config::{Config, IntType};
use super::mac::{WeightKind, array_facts, array_footprint, array_work, dot_product, streamed};
use super::map::Map;
use super::{ArrayWork, Datapath, Footprint, LaneStream};
use crate::blocks::{MacArray, Weights, Window};
use crate::hdl::{Module, Signal, Stream, Timing};
use crate::stream::timeline::{Channel, Framed, Gather, Timeline};
use crate::stream::{Ports, Reach, Tokens, Transfers};
pub(super) use outgoing::Outgoing;
use std::sync::Arc;
pub(super) use unfolding::Unfolding;

/// A convolution of maps of one size.
pub struct Convolution {
    shape: ConvolutionShape,
    /// The same as it is built: over strips, where a beat holds several positions.
    built: ConvolutionShape,
    input: IntType,
    /// What comes in.
    map: Map,
    kind: Arc<dyn WeightKind>,
    /// The codes of each filter, where they are not streamed.
    codes: Option<Vec<Vec<i64>>>,
    array: MacArray,
    /// None where weights are constant: then a position comes with all its channels.
    unfolding: Option<Unfolding>,
    outgoing: Outgoing,
    /// Whether the longest lines of the window wait in a large memory of the family.
    has_large_lines: bool,
}

impl Convolution {
    fn window(&self, timing: Timing) -> Window {
        let (beats, groups) =
            if self.unfolding.is_some() { (self.map.beats(), self.shape.groups) } else { (1, 1) };
        let passes = self.window_passes(timing);
        let groups = if passes == 1 { 1 } else { groups };
        Window { kernels: self.built.kernels.clone(), beats, groups, passes, is_large: self.has_large_lines }
    }

    /// Whether each window is one position: then there is nothing to keep.
    fn is_pointwise(&self) -> bool {
        self.built.kernels.iter().all(|kernel| (kernel.size, kernel.stride) == (1, 1))
    }

    /// Beats of a position that come together before the window, where weights are constant.
    fn gathered(&self) -> usize {
        if self.unfolding.is_some() { 1 } else { self.map.beats() }
    }

    fn windows<'m>(&self, x: LaneStream<'m>) -> Stream<'m, Vec<Vec<Signal<'m>>>> {
        let x = match self.gathered() {
            1 => x,
            beats => x.unframed().chunk(beats).map(|beats| beats.concat()),
        };
        if self.is_pointwise() {
            return x.unframed().map(|x| vec![x]);
        }
        let timing = *x.module().timing();
        self.window(timing).of(x, "window", &self.built.size).unframed()
    }

    /// The columns of the array, vector after vector.
    fn columns<'m>(&self, windows: Stream<'m, Vec<Vec<Signal<'m>>>>) -> LaneStream<'m> {
        match &self.unfolding {
            None => windows.map(|taps| taps.concat()),
            Some(unfolding) => unfolding.columns_of(windows, &self.input.range()),
        }
    }

    /// The sums of a map whose weights are streamed: those of each position and group are their own; or loaded: those of each group.
    fn with_stream(&self, x: &[i64], w: &Tokens, frame: usize, loaded: &[i64]) -> Vec<i64> {
        let columns = self.unfolding.as_ref().map_or(Vec::new(), Unfolding::columns);
        let (mut sums, mut vector) = (Vec::new(), frame * self.array.vectors);
        let read = |vector: usize| streamed(&self.array, &*self.kind, w, vector, loaded);
        let held: Vec<Vec<Vec<i64>>> = match self.array.weights {
            Weights::Loaded { .. } => (0..self.shape.groups).map(read).collect(),
            _ => Vec::new(),
        };
        self.shape.each_patch(x, |_, patch| {
            let x: Vec<i64> = columns.iter().map(|column| column.map_or(0, |place| patch[place])).collect();
            let dots = |rows: &[Vec<i64>]| rows.iter().map(|row| dot_product(&x, row)).collect::<Vec<_>>();
            sums.extend(match held.get(vector % self.shape.groups) {
                Some(rows) => dots(rows),
                None => dots(&read(vector)),
            });
            vector += 1;
        });
        sums
    }
}

impl Datapath for Convolution {
    fn kind(&self) -> &'static str {
        ConvolutionConfig::KIND
    }

    fn doc(&self) -> String {
        let ConvolutionShape { size, channels, filters, groups, kernels } = &self.shape;
        let list = |of: fn(&crate::blocks::Kernel) -> usize| kernels.iter().map(of).collect::<Vec<_>>();
        let weights = match &self.array.weights {
            Weights::Stream => "streamed",
            Weights::Loaded { .. } => "loaded",
            Weights::Memory(_) => "in memory",
            Weights::Constant(_) => "constant",
        };
        format!(
            "convolution of maps {size:?} x {channels} ({}), {} a beat, with {filters} filters of {:?} in {groups} groups: stride \
             {:?}, dilation {:?}, {:?} before; {} ({weights}), {} columns and {} rows at once{}",
            self.input,
            self.map.lanes,
            list(|kernel| kernel.size),
            list(|kernel| kernel.stride),
            list(|kernel| kernel.dilation),
            list(|kernel| kernel.before),
            self.kind.title(),
            self.array.folding.lanes,
            self.array.folding.parallel_rows,
            self.outgoing
                .activation
                .iter()
                .map(|activation| format!("; {}", activation.title()))
                .collect::<String>()
        )
    }

    fn ports(&self) -> Ports {
        let mut inputs = self.array.inputs();
        inputs[0] = self.map.port("x", self.input.range());
        Ports {
            inputs,
            outputs: vec![self.outgoing.y.port("y", self.outgoing.range(self.array.accumulator()))],
        }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let mut inputs = inputs;
        let x = inputs.remove(0);
        inputs.insert(0, self.columns(self.windows(x)));
        let rows = match self.window_passes(*m.timing()) {
            1 => self.array.rows(m, inputs, false),
            _ => self.array.rows_of_passes(m, inputs, false),
        };
        vec![self.outgoing.build(rows)]
    }

    fn arrays(&self) -> Vec<ArrayWork> {
        array_work(&self.array, &*self.kind)
    }

    /// The products, the weights, and what the window keeps.
    fn footprint(&self) -> Footprint {
        let streams = Footprint::of_streams(&self.ports());
        let kept = self.window(Timing::combinational()).memory_bits(&self.built.size, self.beat_bits());
        (streams + array_footprint(&self.array, &*self.kind)).with_memory(kept as u128)
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let mut inputs = inputs;
        let x = match self.gathered() {
            1 => inputs[0],
            beats => {
                let x = t.through(inputs[0], 0, Framed::new(usize::MAX));
                t.through(x, 1, Gather::chunk(beats))
            }
        };
        let windows = if self.is_pointwise() {
            x
        } else {
            self.window(t.timing()).timed(t, x, "window", &self.built.size)
        };
        inputs[0] = match &self.unfolding {
            None => windows,
            Some(unfolding) => unfolding.timed(t, windows),
        };
        let rows = match self.window_passes(t.timing()) {
            1 => self.array.timed(t, &inputs),
            _ => self.array.timed_of_passes(t, &inputs),
        };
        Some(vec![self.outgoing.timed(t, rows)])
    }

    /// Streamed weights are those of each position: they have no place in the volume.
    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let [x] = inputs else { return None };
        (!self.remembers()).then(|| vec![self.shape.kernels[axis].reach(*x)])
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
        let known = self.codes.as_ref().filter(|_| !self.array.is_loaded());
        let fixed = known.filter(|_| self.kind.loaded().is_none());
        let fixed = fixed.map(|codes| self.kind.weights(codes));
        let maps = x.chunks(ports.inputs[0].frame_values()).enumerate();
        let sums = maps.flat_map(|(frame, x)| {
            let loaded = self.kind.loaded().map_or(&[][..], |_| inputs[inputs.len() - 1].beat(frame));
            match (&fixed, known) {
                (Some(filters), _) => convolution(x, filters, &self.shape),
                (None, Some(codes)) => convolution(x, &self.kind.loaded_weights(codes, loaded), &self.shape),
                (None, None) => self.with_stream(x, &inputs[1], frame, loaded),
            }
        });
        let y: Vec<i64> = match &self.outgoing.activation {
            Some(activation) => activation.of_all(sums),
            None => sums.collect(),
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    /// Besides the extremes, maps of which a window of each filter makes the least and the greatest sum.
    fn corners(&self) -> Vec<Transfers> {
        let plain = super::corners_of(&self.ports());
        let (Some(codes), None, [x]) = (&self.codes, self.kind.loaded(), &self.ports().inputs[..]) else {
            return plain;
        };
        let mut extremes = Tokens { lanes: x.lanes(), ..Tokens::default() };
        for (filter, codes) in codes.iter().enumerate().take(MOST_EXTREMES) {
            let weights: Vec<i64> = codes.iter().map(|&code| self.kind.weight(code, &[])).collect();
            for sign in [1, -1] {
                extremes.append(&Tokens::pack(x, &self.extreme(filter, &weights, sign)));
            }
        }
        plain.into_iter().chain([vec![extremes]]).collect()
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let mut facts = array_facts(&self.array, &*self.kind, timing);
        let kept = self.window(timing).memory_bits(&self.built.size, self.beat_bits());
        facts.push(("window memory".into(), format!("{kept} bits")));
        facts.extend(self.passes().map(|passes| ("passes over a vector".into(), passes.fact(timing))));
        if let (Some(codes), Some(zero)) = (&self.codes, self.kind.zero()) {
            let zeros = codes.iter().flatten().filter(|code| **code == zero).count();
            let all: usize = codes.iter().map(Vec::len).sum();
            facts.push(("weights that are 0".into(), format!("{zeros} of {all}")));
        }
        facts.extend(self.outgoing.activation.iter().flat_map(|activation| activation.facts(timing)));
        facts
    }
}

/// Filters whose extremes are corners.
const MOST_EXTREMES: usize = 16;

impl Convolution {
    /// Bits of a beat of the window's input.
    fn beat_bits(&self) -> u32 {
        (self.map.lanes * self.gathered()) as u32 * self.input.bits
    }

    /// A map whose middle window makes the greatest sum of a filter, or the least one if `sign` is less than 0.
    fn extreme(&self, filter: usize, weights: &[i64], sign: i64) -> Vec<i64> {
        let shape = &self.shape;
        let mut x = vec![
            0i64.clamp(self.input.lo(), self.input.hi());
            shape.size.iter().product::<usize>() * shape.channels
        ];
        let first = filter / (shape.filters / shape.groups) * shape.group_channels();
        let taps = shape.seen_in_the_middle();
        for (index, weight) in weights.iter().enumerate() {
            let (channel, tap) = (first + index / taps.len(), index % taps.len());
            if let Some(place) = taps[tap] {
                let high = weight * sign > 0;
                x[place * shape.channels + channel] = if high { self.input.hi() } else { self.input.lo() };
            }
        }
        x
    }
}
