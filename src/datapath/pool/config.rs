//! What a person may ask of `pool`.

use super::{Pool, PoolOperation, strips};
use crate::blocks::{Border, Kernel};
use crate::datapath::Datapath;
use crate::datapath::activation::ActivationConfig;
use crate::datapath::config::{Config, ConfigError, IntType, Problems};
use crate::datapath::map::Map;
use crate::datapath::memory_kind::MemoryKind;
use crate::datapath::per_axis::{Around, PerAxis};
use crate::datapath::requantize::{Scale, one};
use crate::datapath::tensor::Source;
use crate::datapath::thresholds::Steps;
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolConfig {
    pub operation: PoolOperation,
    /// Positions of the map, the outermost axis first.
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels a beat, or those of several positions.
    #[serde(default = "one")]
    pub lanes: usize,
    pub input: IntType,
    /// Positions that a window sees along each axis; all of them if it is left out.
    pub kernel: Option<PerAxis>,
    /// Positions from a window to the next one; the kernel if it is left out.
    pub stride: Option<PerAxis>,
    /// Positions from one that a window sees to the next one along each axis; 1 if it is left out.
    pub dilation: Option<PerAxis>,
    /// Positions around the map that windows see too: less than any, or 0 in a sum.
    #[serde(default)]
    pub padding: Around,
    /// Whether a last window that is not full counts.
    #[serde(default)]
    pub ceil: bool,
    pub requantize: Option<Scale>,
    pub thresholds: Option<Steps>,
    /// Where the lines wait of which windows that overlap see several.
    #[serde(default, skip_serializing_if = "MemoryKind::is_default")]
    pub line_memory: MemoryKind,
}

/// Bits of a sum at most.
const MOST_BITS: u32 = 62;

impl Config for PoolConfig {
    const KIND: &'static str = "pool";
    const SUMMARY: &'static str =
        "the largest integer or the sum of each window of a feature map, channel by channel";
    const EXAMPLE: &'static str = r#"# The largest of each 2 x 2 positions of a picture of 8 channels.
name = "my_pool"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "pool"
operation = "max"   # or "sum": an average without its division, which the next scale takes; or "mean", where some windows see a border
size = [8, 8]       # [width], [height, width] or [depth, height, width]
channels = 4
lanes = 2           # channels in a beat, a divisor of the channels; or those of several positions of a line
input = "u4"        # their type: u or s, and 1 to 32 bits
kernel = 2          # positions of a window along each axis, or a list; left out: the whole map
stride = 2          # from a window to the next one, or a list; left out: the kernel
dilation = 1        # from one that a window sees to the next one, or a list
padding = 0         # around the map, or a list of one or of [before, after] for each axis
ceil = false        # true: a last window that is not full counts too

# line_memory = "spram"  # of an iCE40 UltraPlus: for the lines of which windows that overlap see several; a beat every two cycles then

# What a sum becomes; left out: it leaves as it is.
# requantize = { output = "u4", multiplier = 1, shift = 2 }
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let map = Map::check_strips(&self.size, self.channels, self.lanes, &mut problems);
        let why = "there are no windows where there is no axis";
        problems.require(
            !self.size.is_empty(),
            "size",
            "[]",
            why,
            "write [width], [height, width] or [depth, height, width]",
        );
        if !problems.is_empty() {
            return problems.finish(|| unreachable!("there is a problem"));
        }
        let kernels = self.kernels(&mut problems);
        if !problems.is_empty() {
            return problems.finish(|| unreachable!("there is a problem"));
        }
        if !strips::apply(&map, &kernels) {
            let why = "several positions a beat are for windows that do not overlap, and start in a line where beats do";
            problems.require(false, "lanes", self.lanes, why, format!("write {}", self.channels));
            return problems.finish(|| unreachable!("there is a problem"));
        }
        let (operation, input, is_global) = (self.operation, self.input, self.kernel.is_none());
        let strip = map.strip();
        let has_large_lines = self.line_memory.is_large();
        let mut pool = Pool { operation, map, input, kernels, is_global, activation: None, has_large_lines };
        if operation == PoolOperation::Mean {
            let why = "a mean takes a position a beat at most";
            problems.require(strip == 1, "lanes", self.lanes, why, format!("write {}", self.channels));
            let why = "what the counts of its windows have in common has more than 62 bits";
            let help = "take smaller windows, or less padding";
            problems.require(pool.mean_range().is_some(), "operation", "\"mean\"", why, help);
            if !problems.is_empty() {
                return problems.finish(|| unreachable!("there is a problem"));
            }
        }
        let bits = pool.values().width();
        let why = format!("sums of windows have {bits} bits, and at most {MOST_BITS} may be");
        problems.require(
            bits <= MOST_BITS,
            "input",
            format!("\"{}\"", self.input),
            &why,
            "take smaller windows",
        );
        if bits <= MOST_BITS {
            let activation = ActivationConfig { requantize: self.requantize, thresholds: self.thresholds };
            let values = pool.windows().accumulators(pool.values());
            let lanes = values.lanes;
            pool.activation = activation.load_lanes(values, Some(lanes), None, source, &mut problems);
        }
        problems.finish(|| Box::new(pool) as Box<dyn Datapath>)
    }
}

impl PoolConfig {
    /// The windows along each axis; what cannot be is noted.
    fn kernels(&self, problems: &mut Problems) -> Vec<Kernel> {
        let axes = self.size.len();
        let sizes = numbers(self.kernel.as_ref(), &self.size, "kernel", problems);
        let strides = numbers(self.stride.as_ref(), &sizes, "stride", problems);
        let dilations = numbers(self.dilation.as_ref(), &vec![1; axes], "dilation", problems);
        let padding = self.padding.resolve(axes, "padding", problems);
        if !problems.is_empty() {
            return Vec::new();
        }
        let axes = sizes.iter().zip(&strides).zip(&dilations).zip(&padding).zip(&self.size);
        axes.map(|((((&size, &stride), &dilation), &[before, after]), &length)| {
            let shown = format!("{padding:?}");
            let border = match self.operation {
                PoolOperation::Max => self.input.lo(),
                PoolOperation::Sum | PoolOperation::Mean => 0,
            };
            let border = Border::Constant(border);
            let kernel = Kernel { size, stride, dilation, before, after, border };
            let span = kernel.span();
            let why = format!("a window of {span} positions would see nothing but padding");
            let help = format!("write less than {span}");
            let sees = before.max(after) < span;
            problems.require(sees, "padding", &shown, &why, help);
            let why = format!("a window of {span} positions does not fit in {before} + {length} + {after}");
            let help = "write a smaller kernel, or a larger padding or size";
            let fits = span <= before + length + after;
            problems.require(fits, "kernel", format!("{sizes:?}"), &why, help);
            let kernel = if self.ceil { with_rest(kernel, length) } else { kernel };
            if sees && fits && dilation > 1 {
                let seen = |window: usize| kernel.seen(window, length).next().is_some();
                let why = "a window would see padding between its positions alone";
                let all = (0..kernel.windows(length)).all(seen);
                problems.require(
                    all,
                    "dilation",
                    format!("{dilations:?}"),
                    why,
                    "write a smaller one, or less padding",
                );
            }
            kernel
        })
        .collect()
    }
}

/// With one window more along an axis where positions are left over, but for one that would start after the last.
fn with_rest(kernel: Kernel, length: usize) -> Kernel {
    let (reach, span, stride) = (kernel.before + length, kernel.span(), kernel.stride);
    let rest = (reach + kernel.after).saturating_sub(span);
    let windows = (rest.div_ceil(stride) + 1).min((reach - 1) / stride + 1);
    Kernel { after: ((windows - 1) * stride + span).saturating_sub(reach), ..kernel }
}

/// The number of each axis, which are those of `otherwise` where none are given.
fn numbers(given: Option<&PerAxis>, otherwise: &[usize], field: &str, problems: &mut Problems) -> Vec<usize> {
    let Some(given) = given else { return otherwise.to_vec() };
    let numbers = given.resolve(otherwise.len(), field, problems);
    let holds = numbers.iter().all(|number| (1..=1 << 16).contains(number));
    let why = format!("a {field} is 1 to 65536 positions along each axis");
    problems.require(holds, field, format!("{numbers:?}"), &why, "write 1 or more");
    numbers
}
