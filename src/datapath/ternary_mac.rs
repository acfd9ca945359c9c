//! `y = W x` with `W` in {-1, 0, +1}: a matrix times a vector by additions alone.
//!
//! Source: ternary weights of 3DQ (arXiv 1904.03110) and of the trained ternary quantization that it builds on. The scale
//! of a row is the business of `requantize`.

use super::config::{Config, ConfigError, IntType, Problems};
use super::ports::{Field, Ports, StreamPort, Tokens, Transfers};
use super::requantize::{Requantize, Scale, one};
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks::{AccumulatorForm, Packing, Trit, replay, row_accumulators, ternary_dot};
use crate::hdl::{Memory, Module, Range, Signal, Stream, Type};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

/// Where the weights come from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum WeightsConfig {
    /// A stream `w` beside the activations.
    Stream,
    /// A block RAM with the weights in it.
    Memory {
        /// A tensor of `rows` by `columns`.
        file: Option<String>,
        tensor: Option<String>,
        /// Or the rows themselves.
        values: Option<Vec<Vec<i64>>>,
        #[serde(default)]
        packing: Packing,
    },
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TernaryMacConfig {
    pub rows: usize,
    pub columns: usize,
    /// Columns a beat (SIMD in FINN's words).
    #[serde(default = "one")]
    pub lanes: usize,
    /// Rows at once (PE in FINN's words).
    #[serde(default = "one")]
    pub parallel_rows: usize,
    /// The type of the activations.
    pub input: IntType,
    pub weights: WeightsConfig,
    /// What becomes of the rows, one a beat; without it they leave as they are, `parallel_rows` a beat.
    pub requantize: Option<Scale>,
}

enum Weights {
    Stream,
    Memory { matrix: Vec<Vec<i8>>, packing: Packing },
}

/// A ternary matrix times a stream of vectors.
pub struct TernaryMac {
    rows: usize,
    columns: usize,
    lanes: usize,
    parallel_rows: usize,
    input: IntType,
    weights: Weights,
    requantize: Option<Requantize>,
}

/// `sum of w[i] * x[i]`, each weight -1, 0 or +1.
///
/// ```
/// assert_eq!(ternlet::datapath::ternary_dot_product(&[3, 5, -7], &[1, 0, -1]), 10);
/// ```
pub fn ternary_dot_product(x: &[i64], w: &[i8]) -> i64 {
    x.iter().zip(w).map(|(x, w)| x * i64::from(*w)).sum()
}

impl Config for TernaryMacConfig {
    const KIND: &'static str = "ternary_mac";
    const SUMMARY: &'static str =
        "y = W x with weights -1, 0 and +1, streamed or in block RAM, then requantized if wanted";
    const EXAMPLE: &'static str = r#"# A 4 x 6 ternary matrix in block RAM, 3 columns a beat, 2 rows at once.
name = "my_ternary_mac"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "ternary_mac"
rows = 4
columns = 6
lanes = 3           # columns a beat (SIMD in FINN's words)
parallel_rows = 2   # rows at once (PE in FINN's words)
input = "s8"        # the activations: u or s, and 1 to 32 bits

[datapath.weights]
from = "memory"     # or "stream": 2 bits a weight beside the activations
packing = "bits2"   # or "trits5": 5 weights in 8 bits
values = [          # or file = "w.safetensors" and tensor = "layer1.weight"
    [1, 0, -1, 1, 0, 0],
    [0, 0, 1, -1, 1, 1],
    [-1, 1, 1, 0, 0, 1],
    [1, 1, 0, -1, -1, 0],
]

# [datapath.requantize]   # leave it in for narrow results, one row a beat
# output = "u4"
# multiplier = 37
# shift = 6
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { rows, columns, lanes, parallel_rows, input, weights, requantize } = self;
        let mut problems = Problems::default();
        let mut positive = |field: &str, value: usize, most: usize, of: &str| {
            let why = format!("there must be 1 to {most} ({of})");
            problems.require((1..=most).contains(&value), field, value, &why, format!("write 1 to {most}"));
        };
        positive("rows", rows, 1 << 16, "a limit of the counters");
        positive("columns", columns, 1 << 16, "a limit of the counters");
        positive("lanes", lanes, columns.max(1), "the columns");
        positive("parallel_rows", parallel_rows, rows.max(1), "the rows");
        if !problems.is_empty() {
            return problems.finish(|| unreachable!("there is a problem"));
        }
        let weights = match weights {
            WeightsConfig::Stream => Weights::Stream,
            WeightsConfig::Memory { file, tensor, values, packing } => {
                let matrix = matrix(rows, columns, file, tensor, values, source, &mut problems);
                Weights::Memory { matrix, packing }
            }
        };
        let mut mac = TernaryMac { rows, columns, lanes, parallel_rows, input, weights, requantize: None };
        if let Some(scale) = requantize {
            match scale.load(rows, 1, mac.accumulator(), source) {
                Ok(loaded) => mac.requantize = Some(loaded),
                Err(inside) => problems.inside("requantize", inside),
            }
        }
        problems.finish(|| Box::new(mac) as Box<dyn Datapath>)
    }
}

/// The weights of a file or of the design file itself; problems are noted.
fn matrix(
    rows: usize,
    columns: usize,
    file: Option<String>,
    tensor: Option<String>,
    values: Option<Vec<Vec<i64>>>,
    source: &dyn Source,
    problems: &mut Problems,
) -> Vec<Vec<i8>> {
    let (name, found) = match (file, values) {
        (Some(file), None) => match source.tensor(&file, tensor.as_deref()) {
            Ok(found) => {
                let shaped = found.shape == [rows, columns];
                let why =
                    format!("the tensor has the shape {:?}, the matrix {rows} x {columns}", found.shape);
                problems.require(
                    shaped,
                    "weights.tensor",
                    tensor.unwrap_or_default(),
                    &why,
                    "name another, or change rows and columns",
                );
                (
                    file,
                    if shaped {
                        found.values.chunks(columns).map(<[i64]>::to_vec).collect()
                    } else {
                        Vec::new()
                    },
                )
            }
            Err(why) => {
                problems.require(
                    false,
                    "weights.file",
                    format!("\"{file}\""),
                    &why,
                    "name a tensor that is there",
                );
                (file, Vec::new())
            }
        },
        (None, Some(values)) => {
            let shaped = values.len() == rows && values.iter().all(|row| row.len() == columns);
            let why = format!("the matrix is not {rows} rows of {columns} weights");
            problems.require(
                shaped,
                "weights.values",
                "[...]",
                &why,
                "list them all, or change rows and columns",
            );
            ("weights.values".into(), if shaped { values } else { Vec::new() })
        }
        (file, _) => {
            let why = if file.is_some() {
                "both a file and values are given"
            } else {
                "neither a file nor values are given"
            };
            problems.require(false, "weights.file", file.unwrap_or_default(), why, "give one of them");
            return Vec::new();
        }
    };
    for (row, weights) in found.iter().enumerate() {
        if let Some(column) = weights.iter().position(|weight| !(-1..=1).contains(weight)) {
            let place = format!("{} (row {row}, column {column} of {name})", weights[column]);
            problems.require(
                false,
                "weights",
                place,
                "a ternary weight is -1, 0 or 1",
                "ternarize the tensor first",
            );
            break;
        }
    }
    found.into_iter().map(|row| row.into_iter().map(|weight| weight as i8).collect()).collect()
}

impl TernaryMac {
    /// Beats of a vector.
    fn beats(&self) -> usize {
        self.columns.div_ceil(self.lanes)
    }

    /// Passes over a vector: groups of rows that are computed at once.
    fn groups(&self) -> usize {
        self.rows.div_ceil(self.parallel_rows)
    }

    /// The whole word that holds every row's sum.
    fn accumulator(&self) -> Range {
        let most = self.input.hi().max(-self.input.lo()) * self.columns as i64;
        Range::new(-most, most).word()
    }

    /// The words of the weight memory: for each row group and beat, row by row, lane by lane, with zeros where there are
    /// no weights.
    fn words(&self, matrix: &[Vec<i8>], packing: Packing) -> Vec<BigInt> {
        let beats = matrix.iter().map(Vec::len).max().unwrap_or(0).div_ceil(self.lanes);
        let weight =
            |row: usize, column: usize| matrix.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0);
        let word = |group: usize, beat: usize| {
            let rows = (0..self.parallel_rows).map(|row| group * self.parallel_rows + row);
            let of_row = |row: usize| (0..self.lanes).map(move |lane| weight(row, beat * self.lanes + lane));
            packing.pack(&rows.flat_map(of_row).collect::<Vec<i8>>())
        };
        let mut words = Vec::new();
        for group in 0..self.groups() {
            words.extend((0..beats).map(|beat| word(group, beat)));
        }
        words
    }

    /// The stream of vectors beside the weights of each beat.
    fn beside_weights<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        w: Option<LaneStream<'m>>,
    ) -> Stream<'m, (Vec<Signal<'m>>, Signal<'m>)> {
        let count = self.parallel_rows * self.lanes;
        let steps = Range::new(0, self.beats() * self.groups() - 1);
        let stepped =
            x.scan("step", &steps, &[0], |step, x, _| (step.counted(step.eq(steps.hi())), (x, step)));
        match (&self.weights, w) {
            (Weights::Memory { matrix, packing }, _) => {
                let words = self.words(matrix, *packing);
                let rom: Memory<'m> = m.rom("weights", Type::Bits(packing.width(count)), words);
                stepped.map(|(x, step)| (x, rom.read(step)))
            }
            (Weights::Stream, Some(w)) => stepped.zip(w).map(|((x, step), w)| {
                let masks = self.masks(step);
                let weights: Vec<Signal<'m>> = w
                    .iter()
                    .enumerate()
                    .flat_map(|(place, w)| {
                        let (row, lane) = (place / self.lanes, place % self.lanes);
                        let trit = Trit::of_bits(w.to_bits());
                        let trit = masks(row, lane).into_iter().fold(trit, Trit::unless);
                        [trit.nonzero, trit.negative]
                    })
                    .collect();
                (x, m.concat(&weights))
            }),
            (Weights::Stream, None) => unreachable!("a streamed matrix has a stream `w`"),
        }
    }

    /// Many columns a beat: an adder tree a row, then an accumulator.
    fn columns_at_once<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        w: Option<LaneStream<'m>>,
    ) -> LaneStream<'m> {
        let weighted = self.beside_weights(m, x, w.map(Stream::unframed));
        let packing = match self.weights {
            Weights::Stream => Packing::Bits2,
            Weights::Memory { packing, .. } => packing,
        };
        let dots = weighted.map(|(x, word)| {
            let weights = packing.unpack(word, self.parallel_rows * self.lanes);
            weights.chunks(self.lanes).map(|row| ternary_dot(&x, row)).collect::<Vec<_>>()
        });
        let word = self.accumulator();
        if self.beats() == 1 {
            return dots
                .map(|rows| rows.into_iter().map(|(sum, carry)| (sum + carry).wrap(word.clone())).collect());
        }
        let accumulators = vec![word.clone(); self.parallel_rows];
        dots.fold("accumulator", &accumulators, &vec![0; self.parallel_rows], |accumulators, rows| {
            let sums = accumulators.iter().zip(rows);
            sums.map(|(sum, (dot, carry))| sum.add_with_carry(dot, Some(carry)).wrap(word.clone())).collect()
        })
    }

    /// One column a beat, which all rows share: an accumulator a row, in as many look-up tables as it has bits.
    fn one_column_a_beat<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        matrix: &[Vec<i8>],
        packing: Packing,
    ) -> LaneStream<'m> {
        let form = AccumulatorForm::of(m.timing().family());
        let encoded: Vec<Vec<i8>> = matrix.iter().map(|row| form.encode(row)).collect();
        let words = self.words(&encoded, packing);
        let steps = Range::new(0, words.len() - 1);
        let rom: Memory<'m> = m.rom("weights", Type::Bits(packing.width(self.parallel_rows)), words);
        let x = x.map(|lanes| lanes[0]);
        let x = if form.steps(self.columns) > self.columns { x.headed() } else { x };
        let stepped =
            x.scan("step", &steps, &[0], |step, x, _| (step.counted(step.eq(steps.hi())), (x, step)));
        let weighted = stepped.map(|(x, step)| (x, packing.unpack(rom.read(step), self.parallel_rows)));
        row_accumulators(m, weighted, &self.accumulator(), form)
    }

    /// For a row and lane of a beat, the conditions under which they stand for no row or no column.
    fn masks<'m>(&self, step: Signal<'m>) -> impl Fn(usize, usize) -> Vec<Signal<'m>> {
        let (beats, groups) = (self.beats() as i64, self.groups() as i64);
        let (column_tail, row_tail) = (
            self.columns - (self.beats() - 1) * self.lanes,
            self.rows - (self.groups() - 1) * self.parallel_rows,
        );
        let some_columns = column_tail < self.lanes;
        let some_rows = row_tail < self.parallel_rows;
        let last_beat = some_columns.then(|| {
            let ends = (1..=groups).map(|group| step.eq(group * beats - 1));
            ends.reduce(|a, b| a | b).expect("at least one group")
        });
        let last_group = some_rows.then(|| step.ge((groups - 1) * beats));
        if !some_columns && !some_rows {
            step.module().ignore(step);
        }
        move |row, lane| {
            let beat = last_beat.filter(|_| lane >= column_tail);
            let group = last_group.filter(|_| row >= row_tail);
            beat.into_iter().chain(group).collect()
        }
    }
}

impl Datapath for TernaryMac {
    fn kind(&self) -> &'static str {
        TernaryMacConfig::KIND
    }

    fn doc(&self) -> String {
        let &Self { rows, columns, lanes, parallel_rows, input, .. } = self;
        let weights = match &self.weights {
            Weights::Stream => "streamed".to_string(),
            Weights::Memory { packing, .. } => format!("in memory, {packing:?}"),
        };
        format!(
            "y = W x, {rows} x {columns} weights in -1, 0, +1 ({weights}); x is {input}, {lanes} columns a beat; \
             {parallel_rows} rows at once{}",
            if self.requantize.is_some() { "; requantized" } else { "" }
        )
    }

    fn ports(&self) -> Ports {
        let mut inputs = vec![StreamPort::frames("x", "x", self.lanes, self.input.range(), self.columns)];
        if let Weights::Stream = self.weights {
            let lanes = self.parallel_rows * self.lanes;
            let frame_beats = self.beats() * self.groups();
            inputs.push(StreamPort {
                name: "w".into(),
                fields: vec![Field { name: "w".into(), lanes, range: Range::new(-1, 1) }],
                framed: frame_beats > 1,
                varying: false,
                frame_beats,
                frame_values: frame_beats * lanes,
            });
        }
        let y = match &self.requantize {
            Some(requantize) => StreamPort::frames("y", "y", 1, requantize.output().range(), self.rows),
            None => StreamPort::frames("y", "y", self.parallel_rows, self.accumulator(), self.rows),
        };
        Ports { inputs, outputs: vec![y] }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let mut inputs = inputs.into_iter();
        let x = replay(inputs.next().expect("a stream of activations"), self.beats(), self.groups());
        let rows = match &self.weights {
            Weights::Memory { matrix, packing } if self.lanes == 1 && self.columns > 1 => {
                self.one_column_a_beat(m, x, matrix, *packing)
            }
            _ => self.columns_at_once(m, x, inputs.next()),
        };
        let rows = rows.framed(self.groups()).named("y");
        let Some(requantize) = &self.requantize else { return vec![rows] };
        let tail = self.rows - (self.groups() - 1) * self.parallel_rows;
        // The next rows are summed up while these leave one by one.
        let rows = if self.parallel_rows > 1 { rows.stage() } else { rows };
        let serial = rows.flatten(tail).framed(self.rows).map(|row| vec![row]);
        vec![requantize.build(serial)]
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let streamed = |frame: usize| -> Vec<Vec<i8>> {
            let (beats, lanes) = (self.beats(), self.lanes);
            let weight = |row: usize, column: usize| {
                let (group, place) = (row / self.parallel_rows, row % self.parallel_rows);
                let beat = (frame * self.groups() + group) * beats + column / lanes;
                inputs[1].beat(beat)[place * lanes + column % lanes] as i8
            };
            (0..self.rows).map(|row| (0..self.columns).map(|column| weight(row, column)).collect()).collect()
        };
        let rows = x.chunks(self.columns).enumerate().flat_map(|(frame, x)| {
            let dot = |matrix: &[Vec<i8>]| -> Vec<i64> {
                matrix.iter().map(|row| ternary_dot_product(x, row)).collect()
            };
            match &self.weights {
                Weights::Stream => dot(&streamed(frame)),
                Weights::Memory { matrix, .. } => dot(matrix),
            }
        });
        let y: Vec<i64> = match &self.requantize {
            Some(requantize) => requantize.of_all(rows),
            None => rows.collect(),
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn facts(&self) -> Vec<(String, String)> {
        let mut facts =
            vec![("ternary MACs a cycle".to_string(), (self.lanes * self.parallel_rows).to_string())];
        if let Weights::Memory { matrix, packing } = &self.weights {
            let bits = packing.width(self.lanes * self.parallel_rows) as usize * self.beats() * self.groups();
            let zeros = matrix.iter().flatten().filter(|weight| **weight == 0).count();
            facts.push(("weight memory".into(), format!("{bits} bits")));
            facts.push(("weights that are 0".into(), format!("{zeros} of {}", self.rows * self.columns)));
        }
        facts.extend(self.requantize.iter().flat_map(Datapath::facts));
        facts
    }
}
