//! Transposed convolutions whose stride is not their kernel, or of whose map margins are left out: a convolution, depth to space, and a crop.
//!
//! Along an axis let the position `o + before` that leaves be `q * stride + r`. It sees the taps `r + stride * j` of a filter, each at the
//! position `q - j` that comes in. So for each of the phases `r` there is a convolution of `ceil(kernel / stride)` taps, and what these give
//! at `q` becomes `stride` positions.

use super::config::{TransposedConvolutionConfig, tensor_shape};
use super::golden::{TransposedShape, place, transposed_convolution};
use crate::datapath::accumulators::Accumulators;
use crate::datapath::activation::Activation;
use crate::datapath::chain::Chain;
use crate::datapath::config::{Config, ConfigError, IntType, Problems};
use crate::datapath::convolution::ConvolutionConfig;
use crate::datapath::crop::CropConfig;
use crate::datapath::mac::{WeightKind, WeightsConfig};
use crate::datapath::map::{Map, numbered};
use crate::datapath::memory_kind::MemoryKind;
use crate::datapath::per_axis::{Around, PerAxis};
use crate::datapath::pixel_shuffle::{ChannelOrder, PixelShuffleConfig};
use crate::datapath::tensor::Source;
use crate::datapath::{Datapath, Footprint, LaneStream};
use crate::hdl::{Module, Range, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Pace, Ports, Reach, Tokens, Transfers};
use num_bigint::BigInt;
use std::sync::Arc;

/// A transposed convolution of maps of one size, whose taps may overlap.
pub struct Overlapping {
    shape: TransposedShape,
    kind: Arc<dyn WeightKind>,
    /// The codes, a list for each channel.
    codes: Vec<Vec<i64>>,
    activation: Option<Activation>,
    chain: Chain,
}

impl TransposedShape {
    /// Taps of a phase along each axis.
    fn phase_taps(&self) -> Vec<usize> {
        self.kernel.iter().zip(&self.stride).map(|(taps, stride)| taps.div_ceil(*stride)).collect()
    }

    fn phases(&self) -> usize {
        self.stride.iter().product()
    }

    /// How the channels of a convolution are those of phases. Channels of a group stay together.
    fn order(&self) -> ChannelOrder {
        if self.groups == 1 { ChannelOrder::Dcr } else { ChannelOrder::Crd }
    }

    /// For each filter of the convolution its phase and its filter here.
    fn rows_of_phases(&self) -> Vec<(usize, usize)> {
        let (phases, filters) = (self.phases(), self.filters);
        match self.order() {
            ChannelOrder::Dcr => (0..phases * filters).map(|row| (row / filters, row % filters)).collect(),
            ChannelOrder::Crd => (0..phases * filters).map(|row| (row % phases, row / phases)).collect(),
        }
    }

    /// The filters of the convolution, each in the order `[channel, tap]`; `zero` where a phase has no tap.
    fn phase_filters(&self, w: &[Vec<i64>], zero: i64) -> Vec<Vec<i64>> {
        let (taps, channels) = (self.phase_taps(), self.group_channels());
        let count: usize = taps.iter().product();
        let tap_of = |phase: usize, window: usize| -> Option<usize> {
            let (phase, window) = (place(phase, &self.stride), place(window, &taps));
            let along = |axis: usize| phase[axis] + self.stride[axis] * (taps[axis] - 1 - window[axis]);
            let digits: Vec<usize> = (0..taps.len()).map(along).collect();
            let inside = digits.iter().zip(&self.kernel).all(|(digit, length)| digit < length);
            inside.then(|| numbered(&digits, &self.kernel))
        };
        let row = |(phase, filter): (usize, usize)| {
            let first = filter / self.group_filters() * channels;
            let column = filter % self.group_filters() * self.taps();
            let of_channel = |channel: usize| {
                let weight = move |window: usize| {
                    tap_of(phase, window).map_or(zero, |tap| w[first + channel][column + tap])
                };
                (0..count).map(weight)
            };
            (0..channels).flat_map(of_channel).collect()
        };
        self.rows_of_phases().into_iter().map(row).collect()
    }

    /// What is left out of the positions of all phases, at the ends of each axis.
    fn margins(&self) -> Vec<[usize; 2]> {
        let lengths = self.lengths();
        let margin = |axis: usize| {
            let all = (self.size[axis] + self.phase_taps()[axis] - 1) * self.stride[axis];
            let [before, _] = self.padding[axis];
            [before, all - before - lengths[axis]]
        };
        (0..lengths.len()).map(margin).collect()
    }
}

impl TransposedConvolutionConfig {
    /// The datapath; none where problems are noted.
    pub(super) fn overlapping(
        self,
        shape: TransposedShape,
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Overlapping> {
        let keys = self.filter_keys();
        let kind = keys.kind.kind(&self.weights, [1, 1], self.input, problems)?;
        let codes = self.weights.read(&tensor_shape(&shape), source, problems)?;
        let whole = shape.kernel.iter().zip(&shape.stride).all(|(taps, stride)| taps.is_multiple_of(*stride));
        let why = "some phases have fewer taps than others, for which a weight of 0 stands";
        let help = "give the codebook a 0, or take a kernel that is a multiple of the stride";
        problems.require(whole || kind.zero().is_some(), "codebook", "(as given)", why, help);
        let (wanted, filters) = (self.output_lanes.unwrap_or(1), shape.filters);
        let most = if shape.order() == ChannelOrder::Crd { 1 } else { filters };
        let whole = wanted > 0 && most.is_multiple_of(wanted);
        let why = if most == 1 {
            "with groups channels leave one by one"
        } else {
            &format!("they divide the {filters} filters")
        };
        let help = format!("write {}", num_integer::gcd(wanted, most));
        problems.require(whole, "output_lanes", wanted, why, help);
        let activation = self.activation(&shape, (&*kind, &codes.values), source, problems);
        let drawn = activation.as_ref().is_some_and(Activation::is_stochastic);
        let help = "write another rounding, or a stride that is the kernel without padding";
        let why = "where taps overlap, positions do not leave in the order in which they are computed";
        problems.require(!drawn, "requantize.rounding", "\"stochastic\"", why, help);
        if !problems.is_empty() {
            return None;
        }
        let filters = shape.phase_filters(&codes.values, kind.zero().unwrap_or(0));
        let chain = self.chain(&shape, filters, source).map_err(|errors| problems.extend(errors)).ok()?;
        Some(Overlapping { shape, kind, codes: codes.values, activation, chain })
    }

    /// What becomes of the sums of the map that leaves; problems are noted.
    fn activation(
        &self,
        shape: &TransposedShape,
        (kind, codes): (&dyn WeightKind, &[Vec<i64>]),
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Activation> {
        if kind.loaded().is_some() {
            let why = "a codebook that is loaded may have no 0";
            let help = "write its entries, or take a stride that is the kernel without padding";
            problems.require(false, "codebook.from", "\"stream\"", why, help);
            return None;
        }
        let weights = codes.iter().flatten().map(|&code| kind.weight(code, &[]));
        let negative = self.input.signed || weights.clone().any(|weight| weight < 0);
        let most = weights.map(|weight| BigInt::from(weight.abs())).sum::<BigInt>();
        let most = most * self.input.hi().max(-self.input.lo());
        let map = Map { lengths: shape.lengths(), channels: shape.filters, lanes: 1 };
        let least = if negative { -most.clone() } else { BigInt::from(0) };
        let range = Range::hull([least, most]);
        let sums = Accumulators { cycles: 1, ..map.accumulators(range) };
        self.filter_keys().activation.load(sums, self.weights.scales(), source, problems)
    }

    /// The convolution of all phases, and what makes their channels positions.
    fn chain(
        &self,
        shape: &TransposedShape,
        filters: Vec<Vec<i64>>,
        source: &dyn Source,
    ) -> Result<Chain, Vec<ConfigError>> {
        let rows: Vec<usize> = shape.rows_of_phases().into_iter().map(|(_, filter)| filter).collect();
        let convolution = self.convolution(shape, filters, &rows, source);
        let mut convolved = convolution.clone().load(source)?;
        // Beats of positions are cut out of beats of all phases.
        let lanes = convolved.ports().outputs[0].lanes();
        let fewer =
            if shape.order() == ChannelOrder::Crd { 1 } else { num_integer::gcd(lanes, shape.filters) };
        if fewer != lanes {
            convolved = ConvolutionConfig { output_lanes: Some(fewer), ..convolution }.load(source)?;
        }
        let y = &convolved.ports().outputs[0];
        let range = y.lane_ranges().next().expect("a lane").clone();
        let input = IntType { signed: range.is_signed(), bits: range.width() };
        let size = y.frame.lengths().to_vec();
        let shuffle = PixelShuffleConfig {
            channels: shape.phases() * shape.filters,
            lanes: fewer,
            input,
            factor: PerAxis::Each(shape.stride.clone()),
            order: shape.order(),
            size,
        };
        let shuffled = shuffle.load(source)?;
        let y = &shuffled.ports().outputs[0];
        let crop = CropConfig {
            size: y.frame.lengths().to_vec(),
            channels: shape.filters,
            lanes: y.lanes(),
            input,
            margin: Around::Ends(shape.margins()),
        };
        let cropped = crop.load(source)?;
        Ok(Chain(vec![("convolution", convolved), ("positions", shuffled), ("inner", cropped)]))
    }

    /// The convolution whose filters are those of all phases; `rows` says of which filter here each is.
    fn convolution(
        &self,
        shape: &TransposedShape,
        filters: Vec<Vec<i64>>,
        rows: &[usize],
        source: &dyn Source,
    ) -> ConvolutionConfig {
        let taps = shape.phase_taps();
        let scales = self.weights.scales().map(|scales| scales.of_rows(rows, source));
        let (file, tensor, metadata, values) = (None, None, None, Some(filters));
        let weights = match &self.weights {
            WeightsConfig::Constant { .. } => {
                WeightsConfig::Constant { file, tensor, values, metadata, scales }
            }
            WeightsConfig::Memory { packing, .. } => {
                WeightsConfig::Memory { file, tensor, values, metadata, packing: *packing, scales }
            }
            WeightsConfig::Stream { .. } | WeightsConfig::Loaded { .. } => WeightsConfig::Stream { scales },
        };
        ConvolutionConfig {
            size: shape.size.clone(),
            channels: shape.channels,
            input: self.input,
            filters: rows.len(),
            kernel: PerAxis::Each(taps.clone()),
            stride: PerAxis::All(1),
            dilation: PerAxis::All(1),
            padding: Around::Ends(taps.iter().map(|taps| [taps - 1; 2]).collect()),
            groups: shape.groups,
            zero_point: 0,
            lanes: self.lanes,
            parallel_columns: self.parallel_columns,
            parallel_rows: self.parallel_rows,
            output_lanes: self.output_lanes,
            weight: self.weight,
            pattern: self.pattern,
            dense: self.dense,
            codebook: self.codebook.clone(),
            weights,
            requantize: self.requantize.as_ref().map(|scale| scale.of_rows(rows, source)),
            thresholds: self.thresholds.as_ref().map(|steps| steps.of_rows(rows, source)),
            line_memory: MemoryKind::default(),
        }
    }
}

impl Overlapping {
    /// The sums of a map, those of a row next to each other.
    fn sums(&self, x: &[i64]) -> Vec<i64> {
        let of_side = |side: usize| {
            let weights = |codes: &Vec<i64>| {
                let weights = codes.iter().map(|&code| self.kind.weight(code, &[])).collect();
                self.kind.sides(weights).swap_remove(side)
            };
            let weights: Vec<Vec<i64>> = self.codes.iter().map(weights).collect();
            transposed_convolution(x, &weights, &self.shape)
        };
        let sides: Vec<Vec<i64>> = (0..self.kind.sums()).map(of_side).collect();
        (0..sides[0].len()).flat_map(|row| sides.iter().map(move |side| side[row])).collect()
    }
}

impl Datapath for Overlapping {
    fn kind(&self) -> &'static str {
        TransposedConvolutionConfig::KIND
    }

    fn doc(&self) -> String {
        let TransposedShape { size, channels, filters, groups, kernel, stride, padding } = &self.shape;
        format!(
            "transposed convolution of maps {size:?} x {channels} with {filters} filters of {kernel:?} in {groups} groups, stride {stride:?}, \
             without {padding:?}: a convolution of the taps of each phase, whose channels become positions"
        )
    }

    fn ports(&self) -> Ports {
        self.chain.ports()
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        self.chain.build(m, inputs)
    }

    fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        self.chain.schedule(inputs, timing)
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, tokens: &[Tokens]) -> Option<Vec<Channel>> {
        self.chain.timed(t, inputs, tokens)
    }

    fn footprint(&self) -> Footprint {
        self.chain.footprint()
    }

    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        self.chain.reach(axis, inputs)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let sums = x.chunks(ports.inputs[0].frame_values()).flat_map(|x| self.sums(x));
        let y: Vec<i64> = match &self.activation {
            Some(activation) => activation.of_all(sums),
            None => sums.collect(),
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn corners(&self) -> Vec<Transfers> {
        self.chain.0[0].1.corners()
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        self.chain.facts(timing)
    }
}
