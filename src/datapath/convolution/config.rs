//! What a person may ask of `convolution`.

use super::filters::{FilterKeys, Layout};
use super::strips::Strips;
use super::{Convolution, ConvolutionShape};
use crate::blocks::{Border, Kernel};
use crate::datapath::Datapath;
use crate::datapath::activation::ActivationConfig;
use crate::datapath::codebook_mac::CodebookConfig;
use crate::datapath::config::{Config, ConfigError, IntType, Problems};
use crate::datapath::mac::{TensorShape, WeightsConfig};
use crate::datapath::map::Map;
use crate::datapath::memory_kind::MemoryKind;
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
    /// Channels a beat; 1 if it is not said, all of them for constant weights, which also take those of several positions.
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
    /// Where the lines wait of which windows see several.
    #[serde(default, skip_serializing_if = "MemoryKind::is_default")]
    pub line_memory: MemoryKind,
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
lanes = 1              # channels a beat; for constant weights also those of several positions: as many windows a cycle
parallel_columns = 9   # multiplied at once, of kernel times lanes; left out: all
parallel_rows = 2      # filters at once
output_lanes = 1       # channels a beat that leave, a divisor of parallel_rows; left out: as many
# line_memory = "spram"  # of an iCE40 UltraPlus: for the lines of which windows see several; a beat every two cycles then
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
    /// The keys that say how filters are multiplied.
    fn filter_keys(&self) -> FilterKeys {
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
    fn loaded(self, source: &dyn Source, problems: &mut Problems) -> Option<Convolution> {
        let keys = self.filter_keys();
        let lanes = self.lanes.unwrap_or(if keys.is_constant() { self.channels } else { 1 });
        let check = if keys.is_constant() { Map::check_strips } else { Map::check };
        let map = check(&self.size, self.channels, lanes, problems);
        let why = "there are no windows where there is no axis";
        let help = "write [width], [height, width] or [depth, height, width]";
        problems.require(!self.size.is_empty(), "size", "[]", why, help);
        let shape = self.shape(problems)?;
        let rows = shape.rows();
        keys.check_lanes(&rows, lanes, problems);
        let strips = match map.strip() {
            1 => None,
            positions => Some(Strips::new(&shape, positions, problems)?),
        };
        let built = strips.as_ref().map_or_else(|| shape.clone(), |strips| strips.shape(&shape));
        let layout = Layout { strips, ..self.layout(&keys, &built, lanes, problems)? };
        let (kind, codes) = keys.read(&layout, &tensor_shape(&shape), source, problems)?;
        let vectors = built.positions() * if keys.is_constant() { 1 } else { shape.groups };
        let weights = (&kind, codes.as_ref());
        let array = keys.array(&rows, &layout, weights, (vectors, Vec::new()), problems)?;
        let at_once = layout.folding.parallel_rows;
        let y = Map { lengths: shape.windows(), channels: self.filters, lanes: at_once };
        let outgoing = keys.outgoing(&array, (at_once, y), source, problems)?;
        let (unfolding, codes) = (layout.unfolding, codes.map(|codes| codes.values));
        let has_large_lines = self.line_memory.is_large();
        let input = self.input;
        Some(Convolution {
            shape,
            built,
            input,
            map,
            kind,
            codes,
            array,
            unfolding,
            outgoing,
            has_large_lines,
        })
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

    /// What the array multiplies at once of the convolution that is built, and how windows become its columns; none where problems are
    /// noted.
    fn layout(
        &self,
        keys: &FilterKeys,
        built: &ConvolutionShape,
        lanes: usize,
        problems: &mut Problems,
    ) -> Option<Layout> {
        if !problems.is_empty() {
            return None;
        }
        if keys.is_constant() {
            return keys.constant_layout(&built.rows(), built.filters, problems);
        }
        let of_group = self.filters / self.groups;
        let parallel_rows = self.parallel_rows.unwrap_or(1);
        let divides = parallel_rows > 0 && of_group.is_multiple_of(parallel_rows);
        let why = format!("they divide the {of_group} filters of a group");
        let help = format!("write a divisor of {of_group}");
        problems.require(divides, "parallel_rows", parallel_rows, &why, help);
        keys.layout(&built.rows(), [of_group, parallel_rows], lanes, problems)
    }
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
