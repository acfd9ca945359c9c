//! What a person may ask of `convolution`.

use super::outgoing::Outgoing;
use super::unfolding::Unfolding;
use super::{Convolution, ConvolutionShape};
use crate::blocks::{Border, Folding, Kernel, MacArray, Weights};
use crate::datapath::Datapath;
use crate::datapath::accumulators::Accumulators;
use crate::datapath::activation::{Activation, ActivationConfig};
use crate::datapath::codebook_mac::CodebookConfig;
use crate::datapath::config::{Config, ConfigError, IntType, Problems};
use crate::datapath::mac::{Matrix, TensorShape, WeightKind, WeightsConfig, constant_graph, constant_sums};
use crate::datapath::map::Map;
use crate::datapath::nm_mac::WeightType;
use crate::datapath::nm_pattern::NmPattern;
use crate::datapath::per_axis::{Around, PerAxis};
use crate::datapath::requantize::{Scale, one};
use crate::datapath::tensor::Source;
use crate::datapath::thresholds::Steps;
use crate::datapath::weight_keys::WeightKeys;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvolutionConfig {
    /// Positions of the map, the outermost axis first.
    pub size: Vec<usize>,
    pub channels: usize,
    pub input: IntType,
    /// Channels of the map that leaves.
    pub filters: usize,
    /// Positions that a filter sees along each axis: 1 to 11.
    pub kernel: PerAxis,
    /// Positions from a window to the next one.
    #[serde(default = "each")]
    pub stride: PerAxis,
    /// Positions from a tap to the next one.
    #[serde(default = "each")]
    pub dilation: PerAxis,
    /// Positions around the map, of the zero point.
    #[serde(default)]
    pub padding: Around,
    /// Parts of the channels, of which a filter sees one.
    #[serde(default = "one")]
    pub groups: usize,
    /// The integer that stands for 0.
    #[serde(default)]
    pub zero_point: i64,
    /// Channels a beat; 1 if it is not said, all of them for constant weights.
    pub lanes: Option<usize>,
    /// Columns that are multiplied at once, of taps times channels a beat; all of these if it is not said.
    pub parallel_columns: Option<usize>,
    /// Filters at once; 1 if it is not said, all of them for constant weights.
    pub parallel_rows: Option<usize>,
    /// Channels of a beat that leaves, a divisor of `parallel_rows`; if it is not said as many, or with `requantize` or `thresholds` as few
    /// as keep the pace.
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

fn each() -> PerAxis {
    PerAxis::All(1)
}

const MOST: usize = 1 << 16;
const LARGEST_KERNEL: usize = 11;

impl Config for ConvolutionConfig {
    const KIND: &'static str = "convolution";
    const SUMMARY: &'static str = "convolutions of lines, pictures and volumes: every kind of weights, stride, dilation, padding, groups";
    const EXAMPLE: &'static str = r#"# 4 ternary filters of 3 x 3 over pictures of 2 channels, zeros around them.
name = "my_convolution"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "convolution"
size = [5, 6]          # [width], [height, width] or [depth, height, width]
channels = 2
input = "u4"           # their type: u or s, and 1 to 32 bits
filters = 4            # channels of the map that leaves
kernel = 3             # positions along each axis, or a list: 1 to 11
stride = 1             # from a window to the next one, or a list
dilation = 1           # from a tap to the next one, or a list
padding = 1            # positions around the map, or a list of one or of [before, after] for each axis
groups = 1             # parts of the channels; as many as channels: depthwise
zero_point = 0         # what pads
lanes = 1              # channels a beat
parallel_columns = 9   # multiplied at once, of kernel times lanes; left out: all
parallel_rows = 2      # filters at once
output_lanes = 1       # channels a beat that leave, a divisor of parallel_rows; left out: as many
weight = "ternary"     # or "s4": u or s and 2 to 8 bits; with pattern = "2:4" N:M sparse; or codebook = "odd2" in its place

[datapath.weights]
from = "memory"        # or "stream"; or "constant": logic, a position a cycle
packing = "trits5"     # ternary weights alone: 5 weights in 8 bits; left out: 2 bits each
# scales = [5, 7]      # ternary weights alone: what +1 and -1 stand for, +5 and -7; or a list of two for each filter, or a tensor
values = [             # a list for each filter: channel by channel, the taps of each in raster order;
    [1, 0, -1, 1, 0, -1, 1, 0, -1, 0, 1, 0, 0, -1, 0, 0, 1, 0],   # or file = "w.safetensors" and tensor = "conv1.weight":
    [0, 1, 0, 1, 1, 1, 0, 1, 0, -1, -1, -1, 0, 0, 0, 1, 1, 1],    # [filters, channels / groups, height, width]
    [-1, -1, 0, -1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1],
    [0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 1, 0, -1],
]

[datapath.requantize]  # leave it out for the sums themselves
output = "u4"
multiplier = 13
shift = 5
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let loaded = self.loaded(source, &mut problems);
        problems.finish(|| Box::new(loaded.expect("what cannot be is noted")) as Box<dyn Datapath>)
    }
}

impl ConvolutionConfig {
    fn is_constant(&self) -> bool {
        matches!(self.weights, WeightsConfig::Constant { .. })
    }

    /// The datapath; none where problems are noted.
    fn loaded(self, source: &dyn Source, problems: &mut Problems) -> Option<Convolution> {
        let lanes = self.lanes.unwrap_or(if self.is_constant() { self.channels } else { 1 });
        let map = Map::check(&self.size, self.channels, lanes, problems);
        let why = "there are no windows where there is no axis";
        let help = "write [width], [height, width] or [depth, height, width]";
        problems.require(!self.size.is_empty(), "size", "[]", why, help);
        let shape = self.shape(problems)?;
        self.check_lanes(&shape, lanes, problems);
        let (folding, unfolding) = self.folding(&shape, lanes, problems)?;
        let keys = WeightKeys {
            weight: self.weight,
            pattern: self.pattern,
            dense: self.dense,
            codebook: self.codebook.clone(),
        };
        let kind = keys.kind(&self.weights, [folding.lanes, folding.parallel_rows], self.input, problems);
        let kind = kind.filter(|_| problems.is_empty())?;
        let codes = self.weights.read(&tensor_shape(&shape), source, problems);
        if let Some(Matrix { values, name }) = &codes {
            kind.check(values, name, problems);
        }
        if !problems.is_empty() {
            return None;
        }
        let array = self.array(&shape, &kind, codes.as_ref(), (folding, unfolding), problems)?;
        let rows = folding.parallel_rows;
        let wanted = self.output_lanes(rows, problems)?;
        // Sums of constant weights come whenever a position is there, and are cut before what follows them.
        let (taken, wanted) = match unfolding {
            Some(_) => (rows, wanted),
            None => (wanted.unwrap_or(rows), Some(wanted.unwrap_or(rows))),
        };
        let y = Map { lengths: shape.windows(), channels: self.filters, lanes: taken };
        let sums = Accumulators { cycles: array.cycles(), ..y.accumulators(array.accumulator()) };
        let activation = ActivationConfig { requantize: self.requantize, thresholds: self.thresholds };
        let activation = activation.load_lanes(sums, wanted, self.weights.scales(), source, problems);
        let lanes = activation.as_ref().map_or(wanted.unwrap_or(rows), Activation::lanes);
        let (y, sums) = (Map { lanes, ..y }, kind.sums());
        let outgoing = Outgoing { rows, sums, y, sums_on: unfolding.is_some(), activation };
        let codes = codes.map(|codes| codes.values);
        Some(Convolution { shape, input: self.input, map, kind, codes, array, unfolding, outgoing })
    }

    /// What is convolved with how many filters of which size; none where problems are noted.
    fn shape(&self, problems: &mut Problems) -> Option<ConvolutionShape> {
        let &Self { channels, filters, groups, .. } = self;
        let why = "there are 1 to 65536 filters";
        problems.require((1..=MOST).contains(&filters), "filters", filters, why, "write 1 to 65536");
        for (of, count) in [("channels", channels), ("filters", filters)] {
            let divides = groups > 0 && count.is_multiple_of(groups);
            let why = format!("groups divide the {count} {of}");
            let help = "write a divisor of channels and filters; 1 if each filter sees all channels";
            problems.require(divides, "groups", groups, &why, help);
        }
        let (zero, input) = (self.zero_point, self.input);
        let why = format!("the zero point is an integer of {input}");
        let inside = (input.lo()..=input.hi()).contains(&zero);
        problems.require(inside, "zero_point", zero, &why, format!("write {} to {}", input.lo(), input.hi()));
        let kernels = self.kernels(problems);
        if !problems.is_empty() {
            return None;
        }
        let shape = ConvolutionShape { size: self.size.clone(), channels, filters, groups, kernels };
        let values = |lengths: &[usize], channels: usize| {
            lengths.iter().fold(channels as u128, |values, length| values * *length as u128)
        };
        let most = values(&shape.size, channels).max(values(&shape.windows(), filters));
        let why = format!("a map has {most} integers, and at most 4294967296 may be");
        let help = "take smaller maps, or patches of them";
        problems.require(most <= 1 << 32, "size", format!("{:?}", shape.size), &why, help);
        problems.is_empty().then_some(shape)
    }

    /// The windows along each axis; what cannot be is noted.
    fn kernels(&self, problems: &mut Problems) -> Vec<Kernel> {
        let axes = self.size.len();
        let sizes = self.kernel.resolve(axes, "kernel", problems);
        let strides = self.stride.resolve(axes, "stride", problems);
        let dilations = self.dilation.resolve(axes, "dilation", problems);
        let padding = self.padding.resolve(axes, "padding", problems);
        let all = [
            ("kernel", &sizes, LARGEST_KERNEL, "a kernel sees 1 to 11 positions along an axis"),
            ("stride", &strides, MOST, "from a window to the next one are 1 to 65536 positions"),
            ("dilation", &dilations, MOST, "from a tap to the next one are 1 to 65536 positions"),
        ];
        for (field, numbers, most, why) in all {
            let holds = numbers.iter().all(|number| (1..=most).contains(number));
            problems.require(
                holds,
                field,
                format!("{numbers:?}"),
                why,
                format!("write 1 to {most} for each"),
            );
        }
        if !problems.is_empty() {
            return Vec::new();
        }
        let along = |axis: usize| {
            let ([before, after], length) = (padding[axis], self.size[axis]);
            let (size, stride, dilation) = (sizes[axis], strides[axis], dilations[axis]);
            let border = Border::Constant(self.zero_point);
            let kernel = Kernel { size, stride, dilation, before, after, border };
            let span = kernel.span();
            let why = format!("a window of {span} positions would see nothing but padding");
            let narrow = before.max(after) < span;
            problems.require(
                narrow,
                "padding",
                format!("{padding:?}"),
                &why,
                format!("write less than {span}"),
            );
            let why = format!("a window of {span} positions does not fit in {before} + {length} + {after}");
            let help = "write a smaller kernel or dilation, or a larger padding or size";
            let fits = !narrow || kernel.windows(length) > 0;
            problems.require(fits, "kernel", format!("{sizes:?}"), &why, help);
            kernel
        };
        (0..axes).map(along).collect()
    }

    /// Notes where a beat is neither a part of a group nor whole groups.
    fn check_lanes(&self, shape: &ConvolutionShape, lanes: usize, problems: &mut Problems) {
        let channels = shape.group_channels();
        let whole = self.is_constant() || channels.is_multiple_of(lanes) || lanes.is_multiple_of(channels);
        let why = format!("a beat is a whole part of a group of {channels} channels, or whole groups");
        let help = format!("write a divisor or a multiple of {channels}");
        problems.require(whole, "lanes", lanes, &why, help);
    }

    /// What the array multiplies at once, and how windows become its columns; none where problems are noted.
    fn folding(
        &self,
        shape: &ConvolutionShape,
        lanes: usize,
        problems: &mut Problems,
    ) -> Option<(Folding, Option<Unfolding>)> {
        if !problems.is_empty() {
            return None;
        }
        if self.is_constant() {
            return self.constant_folding(shape, problems).map(|folding| (folding, None));
        }
        let (channels, taps, rows) = (shape.group_channels(), shape.taps(), shape.filters / shape.groups);
        let group = self.pattern.map_or(1, NmPattern::group);
        let all = taps * lanes.min(channels);
        let columns = self.parallel_columns.unwrap_or(all.next_multiple_of(group));
        let most = all.next_multiple_of(group);
        let why = format!("there must be 1 to {most} (taps times channels of a beat)");
        let counted = (1..=most).contains(&columns);
        problems.require(counted, "parallel_columns", columns, &why, format!("write 1 to {most}"));
        let why = format!("what is multiplied at once are whole groups of {group} columns");
        let help = format!("write a multiple of {group}");
        problems.require(columns.is_multiple_of(group), "parallel_columns", columns, &why, help);
        let parallel_rows = self.parallel_rows.unwrap_or(1);
        let divides = parallel_rows > 0 && rows.is_multiple_of(parallel_rows);
        let why = format!("they divide the {rows} filters of a group");
        problems.require(divides, "parallel_rows", parallel_rows, &why, format!("write a divisor of {rows}"));
        if !problems.is_empty() {
            return None;
        }
        let unfolding = Unfolding { taps, channels, lanes, columns };
        let columns_of_all = unfolding.vector_beats() * columns;
        let why = format!("a filter has {columns_of_all} columns");
        let help = "65536 are the most: take a smaller kernel, fewer channels or more groups";
        problems.require(columns_of_all <= MOST, "kernel", format!("{taps} taps"), &why, help);
        let folding = Folding { rows, columns: columns_of_all, lanes: columns, parallel_rows };
        Some((folding, Some(unfolding)))
    }

    fn constant_folding(&self, shape: &ConvolutionShape, problems: &mut Problems) -> Option<Folding> {
        let (rows, columns) = (shape.filters, shape.taps() * shape.channels);
        let why = "constant weights multiply all taps and channels of a position in each clock cycle";
        for (field, given, all) in [
            ("parallel_columns", self.parallel_columns, columns),
            ("parallel_rows", self.parallel_rows, rows),
        ] {
            let given = given.unwrap_or(all);
            problems.require(given == all, field, given, why, format!("leave it out, or write {all}"));
        }
        let few = rows.saturating_mul(shape.taps() * shape.group_channels()) <= MOST;
        let why = "a matrix of constants has at most 65536 weights";
        problems.require(few, "weights.from", "\"constant\"", why, "keep the weights in memory");
        problems.is_empty().then_some(Folding { rows, columns, lanes: columns, parallel_rows: rows })
    }

    /// The array of the filters; none where problems are noted.
    fn array(
        &self,
        shape: &ConvolutionShape,
        kind: &Rc<dyn WeightKind>,
        codes: Option<&Matrix>,
        (folding, unfolding): (Folding, Option<Unfolding>),
        problems: &mut Problems,
    ) -> Option<MacArray> {
        let vectors = if unfolding.is_some() { shape.positions() * shape.groups } else { shape.positions() };
        let fixed = codes.filter(|_| kind.loaded().is_none());
        let sums = fixed.map(|codes| constant_sums(&kind.weights(&codes.values), self.input));
        let weights = match (codes, unfolding) {
            (None, _) => Weights::Stream,
            (Some(codes), Some(unfolding)) => {
                let zero = kind.zero().unwrap_or(0);
                let columns = unfolding.columns();
                let column =
                    |filter: &[i64], column: &Option<usize>| column.map_or(zero, |place| filter[place]);
                let row = |filter: &Vec<i64>| columns.iter().map(|place| column(filter, place)).collect();
                let matrix: Vec<Vec<i64>> = codes.values.iter().map(row).collect();
                let source =
                    format!("{}, in the order of the window: channels of a beat, then taps", codes.name);
                kind.check_groups(&matrix, &source, problems);
                Weights::Memory(matrix)
            }
            (Some(codes), None) => {
                let rows = diagonal(&kind.weights(&codes.values), shape);
                Weights::Constant(constant_graph(&rows, self.input))
            }
        };
        let input = self.input.range();
        problems.is_empty().then(|| MacArray { folding, input, kind: kind.clone(), weights, sums, vectors })
    }

    fn output_lanes(&self, rows: usize, problems: &mut Problems) -> Option<Option<usize>> {
        let lanes = self.output_lanes.unwrap_or(rows);
        let divides = lanes > 0 && rows.is_multiple_of(lanes);
        let why = format!("they divide the {rows} filters at once");
        problems.require(divides, "output_lanes", lanes, &why, format!("write a divisor of {rows}"));
        problems.is_empty().then_some(self.output_lanes)
    }
}

/// The rows of all filters over all taps and channels, tap by tap: 0 where a filter does not see a channel. A filter has one row or
/// several, for each of its sums one.
fn diagonal(filters: &[Vec<i64>], shape: &ConvolutionShape) -> Vec<Vec<i64>> {
    let (taps, channels) = (shape.taps(), shape.group_channels());
    let row = |(index, filter): (usize, &Vec<i64>)| {
        let group = index / (filters.len() / shape.groups);
        let mut row = vec![0; taps * shape.channels];
        for (place, weight) in filter.iter().enumerate() {
            row[place % taps * shape.channels + group * channels + place / taps] = *weight;
        }
        row
    };
    filters.iter().enumerate().map(row).collect()
}

/// The tensor `[filters, channels / groups, ...]`.
fn tensor_shape(shape: &ConvolutionShape) -> TensorShape {
    let axes = ["depth", "height", "width"];
    let axes = axes[axes.len() - shape.kernels.len()..].join(", ");
    let mut lengths = vec![shape.filters, shape.group_channels()];
    lengths.extend(shape.kernels.iter().map(|kernel| kernel.size));
    TensorShape {
        title: format!("the filters {lengths:?}: filters, channels / groups, {axes}"),
        help: "transpose the tensor to this order, or change filters, channels, groups or kernel".into(),
        lengths,
        exact: true,
    }
}
