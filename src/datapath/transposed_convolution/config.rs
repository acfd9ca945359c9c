//! What a person may ask of `transposed_convolution`.

use super::rereading::{Rereading, turns};
use super::{TransposedConvolution, TransposedShape};
use crate::datapath::Datapath;
use crate::datapath::activation::ActivationConfig;
use crate::datapath::codebook_mac::CodebookConfig;
use crate::datapath::config::{Config, ConfigError, IntType, Problems};
use crate::datapath::convolution::{FilterKeys, Layout, Rows};
use crate::datapath::mac::{Matrix, TensorShape, WeightsConfig};
use crate::datapath::map::Map;
use crate::datapath::nm_mac::WeightType;
use crate::datapath::nm_pattern::NmPattern;
use crate::datapath::per_axis::{Around, PerAxis};
use crate::datapath::requantize::{Scale, one};
use crate::datapath::tensor::Source;
use crate::datapath::thresholds::Steps;
use crate::datapath::weight_keys::WeightKeys;
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransposedConvolutionConfig {
    /// Positions of the map, the outermost axis first.
    pub size: Vec<usize>,
    pub channels: usize,
    pub input: IntType,
    /// Channels of the map that leaves.
    pub filters: usize,
    /// Positions that each adds to along each axis: 1 to 11.
    pub kernel: PerAxis,
    /// From what a position adds to, to what the next one does: the kernel, if it is not said.
    pub stride: Option<PerAxis>,
    /// Positions that are left out around the map that leaves.
    #[serde(default)]
    pub padding: Around,
    /// Parts of the channels, each of which adds to a part of the filters.
    #[serde(default = "one")]
    pub groups: usize,
    /// Channels a beat; 1 if it is not said, all of them for constant weights.
    pub lanes: Option<usize>,
    /// Channels of a beat that are multiplied at once; all of one group if it is not said.
    pub parallel_columns: Option<usize>,
    /// Filters at once, or several times all of them; 1 if it is not said.
    pub parallel_rows: Option<usize>,
    /// Channels of a beat that leaves; if it is not said as many as filters at once, or with `requantize` or `thresholds` as few as keep the
    /// pace.
    pub output_lanes: Option<usize>,
    /// What a weight is: `"ternary"`, or a type of 2 to 8 bits.
    pub weight: Option<WeightType>,
    /// Of N:M weights.
    pub pattern: Option<NmPattern>,
    /// Of N:M weights, of which more may be other than 0.
    #[serde(default)]
    pub dense: bool,
    /// In place of `weight`: weights are indices into a codebook.
    pub codebook: Option<CodebookConfig>,
    pub weights: WeightsConfig,
    /// What becomes of the sums, or `thresholds`; without both they leave as they are.
    pub requantize: Option<Scale>,
    pub thresholds: Option<Steps>,
}

const MOST: usize = 1 << 16;
/// Positions along an axis that one adds to, at most.
pub const LARGEST_KERNEL: usize = 11;

impl Config for TransposedConvolutionConfig {
    const KIND: &'static str = "transposed_convolution";
    const SUMMARY: &'static str = "transposed convolutions: each position of a line, picture or volume becomes several, which may overlap";
    const EXAMPLE: &'static str = r#"# Pictures of 3 channels to pictures of twice the size and 2 channels, with ternary weights.
name = "my_transposed_convolution"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "transposed_convolution"
size = [3, 4]          # [width], [height, width] or [depth, height, width]
channels = 3
input = "u4"           # their type: u or s, and 1 to 32 bits
filters = 2            # channels of the map that leaves
kernel = 2             # positions that each adds to along each axis, or a list: 1 to 11
stride = 2             # from those of a position to those of the next one, or a list; left out: the kernel, so that nothing overlaps
padding = 0            # positions left out around the map that leaves, or a list of one or of [before, after] for each axis
groups = 1             # parts of the channels; as many as channels: depthwise
lanes = 1              # channels a beat
parallel_columns = 1   # channels of a beat that are multiplied at once; left out: all
parallel_rows = 2      # filters at once, or 2 or more times all filters of a position
output_lanes = 1       # channels a beat that leave; left out: as many as filters at once
weight = "ternary"     # or "s4": u or s and 2 to 8 bits; with pattern = "2:4" N:M sparse; or codebook = "odd2" in its place

[datapath.weights]
from = "memory"        # or "constant": logic, a position that leaves a cycle; or "loaded", where nothing overlaps
packing = "trits5"     # ternary weights alone: 5 weights in 8 bits; left out: 2 bits each
# scales = [5, 7]      # ternary weights alone: what +1 and -1 stand for, +5 and -7; or a list of two for each filter, or a tensor
values = [             # a list for each channel: filter by filter, the taps of each in raster order;
    [1, 0, -1, 1, 0, -1, 1, 0],      # or file = "w.safetensors" and tensor = "up1.weight":
    [0, 1, 1, -1, 1, 1, 1, 0],       # [channels, filters / groups, height, width]
    [-1, -1, 0, -1, 0, 1, 0, 1],
]

[datapath.requantize]  # leave it out for the sums themselves
output = "u4"
multiplier = 13
shift = 3
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let loaded = self.loaded(source, &mut problems);
        problems.finish(|| loaded.expect("what cannot be is noted"))
    }
}

impl TransposedConvolutionConfig {
    /// The keys that say how filters are multiplied.
    pub(super) fn filter_keys(&self) -> FilterKeys {
        FilterKeys {
            input: self.input,
            parallel_columns: self.parallel_columns,
            parallel_rows: self.parallel_rows,
            output_lanes: self.output_lanes,
            kind: WeightKeys {
                weight: self.weight,
                pattern: self.pattern,
                dense: self.dense,
                codebook: self.codebook.clone(),
            },
            weights: self.weights.clone(),
            activation: ActivationConfig {
                requantize: self.requantize.clone(),
                thresholds: self.thresholds.clone(),
            },
        }
    }

    /// The datapath; none where problems are noted.
    fn loaded(self, source: &dyn Source, problems: &mut Problems) -> Option<Box<dyn Datapath>> {
        let keys = self.filter_keys();
        let constant = keys.is_constant();
        let lanes = self.lanes.unwrap_or(if constant { self.channels } else { 1 });
        let map = Map::check(&self.size, self.channels, lanes, problems);
        let streamed = matches!(self.weights, WeightsConfig::Stream { .. });
        let help = "keep them in memory, load them, or take constant ones";
        problems.require(!streamed, "weights.from", "\"stream\"", "weights are not streamed", help);
        let shape = self.shape(problems)?;
        if !shape.is_apart() {
            let why = "where taps overlap, weights are known";
            let help =
                "keep them in memory, take constant ones, or a stride that is the kernel without padding";
            problems.require(!keys.is_loaded(), "weights.from", "\"loaded\"", why, help);
            return Some(Box::new(self.overlapping(shape, source, problems)?));
        }
        let rows = shape.rows();
        keys.check_lanes(&rows, lanes, problems);
        let layout = self.layout(&keys, &shape, lanes, problems)?;
        let (kind, codes) = keys.read(&layout, &tensor_shape(&shape), source, problems)?;
        if codes.is_none() && !keys.is_loaded() {
            return None;
        }
        let in_rows = codes
            .as_ref()
            .map(|codes| Matrix { values: shape.in_rows(&codes.values), name: codes.name.clone() });
        let turns = turns(&shape, !constant);
        let rereading =
            if constant { Rereading::of_rows(&shape) } else { Rereading::new(&shape, map.beats()) };
        let vectors = rereading.vectors() * if constant { 1 } else { shape.groups };
        // Of weights that are known the matrix says how many rows there are.
        let filters = if in_rows.is_none() { shape.taps() * self.filters } else { self.filters };
        let array_rows = Rows { filters, ..shape.rows() };
        let array =
            keys.array(&array_rows, &layout, (&kind, in_rows.as_ref()), (vectors, turns), problems)?;
        let at_once = if constant { shape.inner_rows() } else { layout.folding.parallel_rows };
        let y = Map { lengths: shape.lengths(), channels: self.filters, lanes: at_once.min(self.filters) };
        let outgoing = keys.outgoing(&array, (at_once, y), source, problems)?;
        let codes = codes.map(|codes| codes.values);
        let (unfolding, input) = (layout.unfolding, self.input);
        Some(Box::new(TransposedConvolution {
            shape,
            input,
            map,
            kind,
            codes,
            array,
            unfolding,
            rereading,
            outgoing,
        }))
    }

    /// Which positions become which, with how many filters; none where problems are noted.
    fn shape(&self, problems: &mut Problems) -> Option<TransposedShape> {
        let &Self { channels, filters, groups, .. } = self;
        let why = "there are 1 to 65536 filters";
        problems.require((1..=MOST).contains(&filters), "filters", filters, why, "write 1 to 65536");
        for (of, count) in [("channels", channels), ("filters", filters)] {
            let divides = groups > 0 && count.is_multiple_of(groups);
            let why = format!("groups divide the {count} {of}");
            let help = "write a divisor of channels and filters; 1 if all channels add to each filter";
            problems.require(divides, "groups", groups, &why, help);
        }
        let axes = self.size.len();
        let help = "write [width], [height, width] or [depth, height, width]";
        problems.require(axes > 0, "size", "[]", "a position of no axis becomes no others", help);
        let kernel = self.kernel.resolve(axes, "kernel", problems);
        let holds = kernel.iter().all(|taps| (1..=LARGEST_KERNEL).contains(taps));
        let why = "a position adds to 1 to 11 along an axis";
        problems.require(holds, "kernel", format!("{kernel:?}"), why, "write 1 to 11 for each");
        let stride = self.stride.as_ref().map(|stride| stride.resolve(axes, "stride", problems));
        let stride = stride.unwrap_or(kernel.clone());
        let holds = stride.iter().all(|stride| (1..=LARGEST_KERNEL).contains(stride));
        let why = "positions are 1 to 11 apart along an axis";
        problems.require(holds, "stride", format!("{stride:?}"), why, "write 1 to 11 for each");
        let padding = self.padding.resolve(axes, "padding", problems);
        if !problems.is_empty() {
            return None;
        }
        let all = |axis: usize| (self.size[axis] - 1) * stride[axis] + kernel[axis];
        let left = |axis: usize| padding[axis][0].saturating_add(padding[axis][1]) < all(axis);
        let why = format!("nothing is left of {:?} positions", (0..axes).map(all).collect::<Vec<_>>());
        let holds = (0..axes).all(left);
        problems.require(holds, "padding", format!("{padding:?}"), &why, "leave out fewer");
        let small = padding.iter().zip(&kernel).all(|(ends, taps)| ends.iter().all(|end| end < taps));
        let why = format!("less than the kernel, {kernel:?}, is left out at each end");
        problems.require(small, "padding", format!("{padding:?}"), &why, "leave out fewer, or take a crop");
        if !problems.is_empty() {
            return None;
        }
        let size = self.size.clone();
        let shape = TransposedShape { size, channels, filters, groups, kernel, stride, padding };
        let values = |lengths: &[usize], channels: usize| {
            lengths.iter().fold(channels as u128, |values, length| values * *length as u128)
        };
        let most = values(&shape.size, channels).max(values(&shape.lengths(), filters));
        let why = format!("a map has {most} integers, and at most 4294967296 may be");
        let help = "take smaller maps, or patches of them";
        problems.require(most <= 1 << 32, "size", format!("{:?}", shape.size), &why, help);
        problems.is_empty().then_some(shape)
    }

    /// What the array multiplies at once; none where problems are noted.
    fn layout(
        &self,
        keys: &FilterKeys,
        shape: &TransposedShape,
        lanes: usize,
        problems: &mut Problems,
    ) -> Option<Layout> {
        if !problems.is_empty() {
            return None;
        }
        let rows = shape.rows();
        if keys.is_constant() {
            return keys.constant_layout(&rows, shape.taps() * self.filters, problems);
        }
        let filters = shape.group_filters();
        // Groups meet a matrix each.
        let all = if shape.groups > 1 { filters } else { shape.inner_rows() };
        let parallel_rows = self.parallel_rows.unwrap_or(1);
        let divides = |parallel: usize| filters.is_multiple_of(parallel) || parallel.is_multiple_of(filters);
        let whole = parallel_rows > 0 && all.is_multiple_of(parallel_rows) && divides(parallel_rows);
        let (why, help) = if all > filters {
            let why = format!(
                "they are a whole part of the {filters} filters, or those of whole positions of {}",
                all / filters
            );
            (why, format!("write a divisor of {filters}, or {filters} times a divisor of {}", all / filters))
        } else {
            (format!("they divide the {filters} filters of a group"), format!("write a divisor of {filters}"))
        };
        problems.require(whole, "parallel_rows", parallel_rows, &why, help);
        keys.layout(&rows, [all, parallel_rows], lanes, problems)
    }
}

/// The tensor `[channels, filters / groups, ...]`.
pub(super) fn tensor_shape(shape: &TransposedShape) -> TensorShape {
    let axes = ["depth", "height", "width"];
    let axes = axes[axes.len() - shape.kernel.len()..].join(", ");
    let mut lengths = vec![shape.channels, shape.group_filters()];
    lengths.extend(&shape.kernel);
    TensorShape {
        title: format!("the filters {lengths:?}: channels, filters / groups, {axes}"),
        help: "transpose the tensor to this order, or change channels, filters, groups or kernel".into(),
        lengths,
        exact: true,
    }
}
