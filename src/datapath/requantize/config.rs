//! The tables of a design file that ask for it.

use super::Requantize;
use super::product::Product;
use super::serial;
use crate::datapath::Datapath;
use crate::datapath::accumulators::Accumulators;
use crate::datapath::config::{Config, ConfigError, IntType, Problems, WIDEST, wide};
use crate::datapath::per_row::PerRow;
use crate::datapath::rounding::RoundingMode;
use crate::datapath::row_constants::RowConstants;
use crate::datapath::tensor::Source;
use crate::hdl::Range;
use serde::{Deserialize, Serialize};

/// The table `requantize` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The type of `y`; its bounds are those of the clamp, so an unsigned one is a ReLU.
    #[serde(deserialize_with = "wide")]
    pub output: IntType,
    /// Narrower bounds of the clamp, `[least, greatest]`, as a quantizer has that leaves out its type's least integer.
    pub bounds: Option<[i64; 2]>,
    /// A signed integer of at most 32 bits.
    pub multiplier: PerRow,
    /// A signed integer of at most 63 bits, added before the shift.
    #[serde(default = "no_bias")]
    pub bias: PerRow,
    /// 0 to 62.
    #[serde(default)]
    pub shift: u32,
    /// A signed integer of at most 32 bits, added after the rounding and before the clamp: a tie is one of the integer before it.
    #[serde(default)]
    pub zero_point: i64,
    #[serde(default)]
    pub rounding: RoundingMode,
    /// Where the random numbers of stochastic rounding start: 1 or more; 1 if it is left out.
    pub seed: Option<u64>,
    #[serde(default)]
    pub product: Product,
}

fn no_bias() -> PerRow {
    PerRow::All(0)
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequantizeConfig {
    /// Accumulators of a position: its channels.
    pub rows: usize,
    /// Of a feature map, `[width]`, `[height, width]` or `[depth, height, width]`; vectors have none.
    pub size: Option<Vec<usize>>,
    /// Rows a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    /// The type of the accumulators.
    #[serde(deserialize_with = "wide")]
    pub input: IntType,
    pub requantize: Scale,
}

pub fn one() -> usize {
    1
}

impl Scale {
    /// The same of other rows, each with the constants of the row that `rows` says.
    pub fn of_rows(&self, rows: &[usize], source: &dyn Source) -> Self {
        let [multiplier, bias] =
            [&self.multiplier, &self.bias].map(|constants| constants.of_rows(rows, source));
        Self { multiplier, bias, ..self.clone() }
    }

    /// Clock cycles that a beat of accumulators of `range` takes in the form that is asked for.
    pub fn cycles(&self, range: &Range) -> usize {
        if self.product == Product::Serial { serial::cycles(range) } else { 1 }
    }

    /// The datapath for `acc`.
    ///
    /// # Errors
    /// All problems at once.
    pub fn load(&self, acc: Accumulators, source: &dyn Source) -> Result<Requantize, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let (rows, lanes) = (acc.rows(), acc.lanes);
        let ty = self.output;
        let output = self.bounds.unwrap_or([ty.lo(), ty.hi()]);
        let [lo, hi] = output;
        let why = format!("bounds are two integers of {ty}, {} to {}, the lesser first", ty.lo(), ty.hi());
        let within = ty.lo() <= lo && lo <= hi && hi <= ty.hi();
        problems.require(
            within,
            "bounds",
            format!("[{lo}, {hi}]"),
            &why,
            "widen the type, or leave them out",
        );
        problems.require(
            self.shift <= 62,
            "shift",
            self.shift,
            "a shift is at most 62",
            "scale the multiplier down",
        );
        problems.require(
            i32::try_from(self.zero_point).is_ok(),
            "zero_point",
            self.zero_point,
            "a zero point has at most 32 bits",
            "write one within the type of the output",
        );
        let multipliers = self.multiplier.resolve(rows, source, ("multiplier", 32), &mut problems);
        let biases = self.bias.resolve(rows, source, ("bias", WIDEST.bits), &mut problems);
        let [multipliers, biases] = [multipliers, biases].map(|rows| RowConstants { rows, lanes });
        problems.require(
            self.product != Product::ShiftAdd || multipliers.is_constant(),
            "product",
            "\"shift_add\"",
            "rows of one lane have different multipliers, which are no constant",
            "write \"auto\" or \"multiply\"",
        );
        let &Scale { shift, zero_point, rounding, seed, product, .. } = self;
        let rounder = rounding.rounder(seed, lanes, shift, &mut problems);
        problems.finish(|| Requantize {
            acc,
            output,
            multipliers,
            biases,
            shift,
            zero_point,
            rounder,
            product,
        })
    }
}

impl Config for RequantizeConfig {
    const KIND: &'static str = "requantize";
    const SUMMARY: &'static str = "y = clamp((acc * multiplier + bias + half) >> shift) per row";
    const EXAMPLE: &'static str = r#"# Accumulators of 16 bits back to 4 bits, with a ReLU.
name = "my_requantize"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "requantize"
rows = 8            # accumulators of a position: its channels
lanes = 1           # accumulators in a beat
# size = [28, 28]   # of a feature map; leave it out for vectors
input = "s16"       # their type: u1 to u62, or s1 to s63

[datapath.requantize]
output = "u4"       # clamps to 0..=15, which is a ReLU; "s4" to -8..=7
# bounds = [0, 14]  # narrower bounds of the clamp
multiplier = [37, 41, 29, 35, 40, 33, 38, 36]   # one for all rows, one for each, or { file = "w.safetensors", tensor = "m" }
bias = 0            # likewise
shift = 10
rounding = "half_up"   # or "half_even", "half_away_from_zero", "half_toward_zero", "floor", "ceil", "toward_zero",
                       # "away_from_zero"; or "stochastic", with seed = 1 or more
zero_point = 0         # added after the rounding
product = "auto"       # by family and clock; or "multiply", "shift_add" where a lane has one multiplier, or "serial"
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let Self { rows, size, lanes, input, requantize } = self;
        let acc = Accumulators::of_stream((rows, lanes), size.as_deref(), input, &mut problems);
        match requantize.load(acc, source) {
            Ok(requantize) => problems.finish(|| Box::new(requantize) as Box<dyn Datapath>),
            Err(inside) => {
                problems.inside("requantize", inside);
                problems.finish(|| unreachable!("there is a problem"))
            }
        }
    }
}
