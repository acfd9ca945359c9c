//! The tables of a design file that ask for it.

use super::choice::Costs;
use super::{FormChoice, Thresholds, table};
use crate::datapath::Datapath;
use crate::datapath::accumulators::Accumulators;
use crate::datapath::config::{Config, ConfigError, IntType, Problems, WIDEST, wide};
use crate::datapath::per_row::{PerRow, of_rows};
use crate::datapath::requantize::one;
use crate::datapath::tensor::Source;
use serde::{Deserialize, Serialize};

/// Codes have at most 8 bits.
const MOST_LEVELS: usize = 255;

/// The table `thresholds` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// The type of the codes, of at most 8 bits.
    pub output: IntType,
    pub thresholds: StepRows,
    /// 1 or -1.
    #[serde(default = "rising")]
    pub signs: PerRow,
    /// The least code; the least of the type if it is left out.
    pub least: Option<i64>,
    #[serde(default)]
    pub form: FormChoice,
}

fn rising() -> PerRow {
    PerRow::All(1)
}

/// Thresholds, in the design file or in a tensor of `[rows or 1, levels]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a list of integers for all rows, a list of them for each row, or a table { file = \"...\", tensor = \"...\" }"
)]
pub enum StepRows {
    All(Vec<i64>),
    Each(Vec<Vec<i64>>),
    File { file: String, tensor: Option<String> },
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdsConfig {
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
    pub thresholds: Steps,
}

impl Steps {
    /// The same of other rows, each with the thresholds of the row that `rows` says.
    pub fn of_rows(&self, rows: &[usize], source: &dyn Source) -> Self {
        let thresholds = match &self.thresholds {
            StepRows::Each(each) => StepRows::Each(of_rows(each, rows)),
            StepRows::File { file, tensor } => match source.tensor(file, tensor.as_deref()) {
                Ok(found) => {
                    let levels = found.shape.last().map_or(1, |levels| (*levels).max(1));
                    let each: Vec<Vec<i64>> = found.values.chunks(levels).map(<[i64]>::to_vec).collect();
                    StepRows::Each(of_rows(&each, rows))
                }
                Err(_) => self.thresholds.clone(),
            },
            all @ StepRows::All(_) => all.clone(),
        };
        Self { thresholds, signs: self.signs.of_rows(rows, source), ..self.clone() }
    }
}

impl StepRows {
    /// Those of each of `rows` rows, and where they come from; problems are noted.
    fn resolve(
        &self,
        rows: usize,
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<(Vec<Vec<i64>>, String)> {
        let (found, name) = match self {
            Self::All(all) => (vec![all.clone()], "the list".to_owned()),
            Self::Each(each) => (each.clone(), "the list".to_owned()),
            Self::File { file, tensor } => {
                let found = source.tensor(file, tensor.as_deref());
                let found = found.map_err(|why| problems.unreadable("thresholds", file, &why)).ok()?;
                let [count, levels] = found.shape[..] else {
                    let why = format!("the tensor has the shape {:?}, not [rows, levels]", found.shape);
                    let value = format!("\"{}\"", tensor.as_deref().unwrap_or(file));
                    problems.require(
                        false,
                        "thresholds",
                        value,
                        &why,
                        format!("give [1, levels] or [{rows}, levels]"),
                    );
                    return None;
                };
                (found.values.chunks(levels.max(1)).take(count).map(<[i64]>::to_vec).collect(), file.clone())
            }
        };
        let (count, levels) = (found.len(), found.first().map_or(0, Vec::len));
        let shown = format!("{count} x {levels} integers");
        let right = count == rows || count == 1;
        problems.require(
            right,
            "thresholds",
            &shown,
            &format!("there are thresholds of {count} rows for {rows}"),
            format!("give those of one row for all, or of {rows}"),
        );
        let equal = found.iter().all(|row| row.len() == levels) && (1..=MOST_LEVELS).contains(&levels);
        let why = "each row has as many thresholds as the others, 1 to 255";
        let help = "repeat a code's threshold where a row skips it, and give one that is never reached where a row ends early";
        problems.require(equal, "thresholds", &shown, why, help);
        if !right || !equal {
            return None;
        }
        let falling = |row: &Vec<i64>| row.windows(2).position(|pair| pair[0] > pair[1]);
        if let Some((row, level)) =
            found.iter().enumerate().find_map(|(index, row)| falling(row).map(|level| (index, level)))
        {
            let [before, after] = [found[row][level], found[row][level + 1]];
            let place = format!("{after} (row {row}, level {} of {name})", level + 1);
            let why = format!("thresholds rise, but the one before is {before}");
            let help = "where codes fall while the accumulator rises, give the negative thresholds, which rise, and a sign of -1";
            problems.require(false, "thresholds", place, &why, help);
            return None;
        }
        Some((if count == rows { found } else { vec![found[0].clone(); rows] }, name))
    }
}

impl Steps {
    /// Clock cycles that a beat takes in the form that is asked for.
    pub fn cycles(&self) -> usize {
        let bits = self.output.bits.min(8);
        self.form.form().map_or(1, |form| form.cycles(bits))
    }

    /// The datapath for `acc`.
    ///
    /// # Errors
    /// All problems at once.
    pub fn load(&self, acc: Accumulators, source: &dyn Source) -> Result<Thresholds, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let Self { output, least, form, .. } = *self;
        let why = "a code has 1 to 8 bits";
        problems.require(
            output.bits <= 8,
            "output",
            format!("\"{output}\""),
            why,
            "write u1 to u8, or s1 to s8",
        );
        let rows = self.thresholds.resolve(acc.rows(), source, &mut problems);
        let signs = self.signs.resolve(acc.rows(), source, ("signs", 32), &mut problems);
        if let Some(row) = signs.iter().position(|sign| sign.abs() != 1) {
            let place = format!("{} (row {row})", signs[row]);
            problems.require(
                false,
                "signs",
                place,
                "a sign is 1 or -1",
                "write -1 where codes fall while the accumulator rises",
            );
        }
        let narrow = WIDEST.range().covers(&acc.range);
        let why = "accumulators have at most 62 bits and a sign";
        problems.require(narrow, "thresholds", &acc.range, why, "take narrower inputs or weights");
        let small = acc.range.width() <= table::MOST_BITS;
        let why = format!("a table has accumulators of at most 8 bits, not {}", acc.range);
        problems.require(form != FormChoice::Table || small, "form", "\"table\"", &why, "write \"auto\"");
        let least = least.unwrap_or(output.lo());
        let thresholds = rows.map_or(Vec::new(), |(rows, _)| rows);
        let most = least.saturating_add(thresholds.first().map_or(0, Vec::len) as i64);
        let why =
            format!("codes are {least} to {most}, but {output} holds {} to {}", output.lo(), output.hi());
        let holds = least >= output.lo() && most <= output.hi();
        problems.require(holds, "output", format!("\"{output}\""), &why, "widen it, or write another least");
        let asked = form.form();
        problems.finish(|| Thresholds {
            acc,
            output,
            least,
            thresholds,
            signs,
            asked,
            costs: Costs::default(),
        })
    }
}

impl Config for ThresholdsConfig {
    const KIND: &'static str = "thresholds";
    const SUMMARY: &'static str =
        "y = least + number of thresholds at or below sign * acc, per row: any quantizer";
    const EXAMPLE: &'static str = r#"# Accumulators of 12 bits to codes of 2 bits, by the thresholds of each row.
name = "my_thresholds"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "thresholds"
rows = 4            # accumulators of a position: its channels
lanes = 2           # accumulators in a beat
# size = [28, 28]   # of a feature map; leave it out for vectors
input = "s12"       # their type: u1 to u62, or s1 to s63

[datapath.thresholds]
output = "u2"       # the type of the codes, at most 8 bits
# least = 0         # the least code, by default the least of the type
thresholds = [      # of each row, or one list for all, or { file = "w.safetensors", tensor = "quant1.threshold" }
    [-210, 35, 400],
    [-90, 0, 90],
    [12, 13, 700],
    [-1000, -20, 2047],
]
signs = [1, 1, -1, 1]   # -1: the code falls while the accumulator rises; or one for all, or a tensor
form = "auto"           # by cost; or "comparators", "pipelined_search", "search" (a threshold a cycle), "table"
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let Self { rows, size, lanes, input, thresholds } = self;
        let acc = Accumulators::of_stream((rows, lanes), size.as_deref(), input, &mut problems);
        match thresholds.load(acc, source) {
            Ok(thresholds) => problems.finish(|| Box::new(thresholds) as Box<dyn Datapath>),
            Err(inside) => {
                problems.inside("thresholds", inside);
                problems.finish(|| unreachable!("there is a problem"))
            }
        }
    }
}
