//! `y = W x` by an array of multipliers: a matrix times a stream of vectors, for every kind of weights.
//!
//! The array reads a vector once and holds it while sets of rows pass ([`Folding`]); weights come from a stream, from a memory, or
//! are baked into one adder graph. What a weight is and how it is multiplied is the business of its [`WeightKind`].

mod array;
mod constant;
mod folding;
mod kind;
mod matrix;

pub use folding::Folding;
pub use kind::{Dot, Group, SharedColumn, WeightKind, cut, payload, row_dot};
pub use matrix::{Matrix, WeightsConfig};

use super::config::{ConfigError, IntType, Problems};
use super::requantize::{Requantize, Scale};
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks::AdderGraph;
use crate::hdl::{Module, Range, Timing};
use crate::stream::{Field, Frame, Pace, Port, Ports, Tokens, Transfers};
use kind::of_group;
use num_bigint::BigInt;

/// The keys that all kinds of weights have.
pub struct ArrayConfig {
    pub rows: usize,
    pub columns: usize,
    /// By default a group; all columns where weights are constant.
    pub lanes: Option<usize>,
    /// By default 1; all rows where weights are constant.
    pub parallel_rows: Option<usize>,
    pub input: IntType,
    pub weights: WeightsConfig,
    pub requantize: Option<Scale>,
}

enum Weights {
    Stream,
    Memory(Vec<Vec<i64>>),
    Constant { matrix: Vec<Vec<i64>>, graph: AdderGraph },
}

/// A matrix times a stream of vectors.
pub struct MacArray {
    folding: Folding,
    input: IntType,
    kind: Box<dyn WeightKind>,
    weights: Weights,
    requantize: Option<Requantize>,
}

/// `sum of w[i] * x[i]`.
///
/// ```
/// assert_eq!(ternlet::datapath::dot_product(&[3, 5, -7], &[2, 0, -4]), 34);
/// ```
pub fn dot_product(x: &[i64], w: &[i64]) -> i64 {
    x.iter().zip(w).map(|(x, w)| x * w).sum()
}

impl ArrayConfig {
    fn folding(&self, kind: &dyn WeightKind, problems: &mut Problems) -> Folding {
        let &Self { rows, columns, lanes, parallel_rows, .. } = self;
        let WeightsConfig::Constant { .. } = self.weights else {
            let (lanes, parallel_rows) = (lanes.unwrap_or(kind.group()), parallel_rows.unwrap_or(1));
            let folding = Folding { rows, columns, lanes, parallel_rows };
            folding.check(kind.group(), problems);
            return folding;
        };
        for (field, given, all) in [("lanes", lanes, columns), ("parallel_rows", parallel_rows, rows)] {
            let given = given.unwrap_or(all);
            let why = "constant weights multiply a whole vector in each clock cycle";
            problems.require(given == all, field, given, why, format!("leave it out, or write {all}"));
        }
        let why = "a matrix of constants has at most 65536 weights";
        let few = rows.saturating_mul(columns) <= 1 << 16;
        problems.require(few, "weights.from", "\"constant\"", why, "keep the weights in memory");
        let folding = Folding { rows, columns, lanes: columns, parallel_rows: rows };
        folding.check(1, problems);
        folding
    }

    /// The datapath with weights of `kind`; `problems` are those found so far.
    ///
    /// # Errors
    /// All problems at once.
    pub fn load(
        self,
        kind: Box<dyn WeightKind>,
        source: &dyn Source,
        mut problems: Problems,
    ) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let folding = self.folding(&*kind, &mut problems);
        let Self { rows, columns, input, weights, requantize, .. } = self;
        if !problems.is_empty() {
            return problems.finish(|| unreachable!("there is a problem"));
        }
        let mut read = |file: Option<String>, tensor: Option<String>, values: Option<Vec<Vec<i64>>>| {
            let shape = (rows, columns);
            let (file, tensor) = (file.as_deref(), tensor.as_deref());
            let matrix = Matrix::read(shape, file, tensor, values.as_deref(), source, &mut problems);
            let Matrix { values, name } = matrix.unwrap_or_default();
            kind.check(&values, &name, &mut problems);
            values
        };
        let weights = match weights {
            WeightsConfig::Stream => Weights::Stream,
            WeightsConfig::Memory { file, tensor, values, .. } => Weights::Memory(read(file, tensor, values)),
            WeightsConfig::Constant { file, tensor, values, .. } => {
                let matrix = read(file, tensor, values);
                if !problems.is_empty() {
                    return problems.finish(|| unreachable!("there is a problem"));
                }
                let graph = constant::graph(&matrix, &*kind, input);
                Weights::Constant { matrix, graph }
            }
        };
        let mut array = MacArray { folding, input, kind, weights, requantize: None };
        if let Some(scale) = requantize {
            match scale.load(rows, array.requantized_lanes(), array.accumulator(), source) {
                Ok(loaded) => array.requantize = Some(loaded),
                Err(inside) => problems.inside("requantize", inside),
            }
        }
        problems.finish(|| Box::new(array) as Box<dyn Datapath>)
    }
}

impl MacArray {
    /// The whole word that holds every row's sum.
    fn accumulator(&self) -> Range {
        if let Weights::Constant { matrix, .. } = &self.weights {
            return constant::sums(matrix, &*self.kind, self.input);
        }
        let kind = &self.kind;
        let terms = self.folding.columns.div_ceil(kind.group()) * kind.products() * kind.repeats();
        let (lo, hi) = kind.bounds();
        let ends = [lo, hi].into_iter().flat_map(|w| [w * self.input.lo(), w * self.input.hi()]);
        Range::hull(ends.chain([0]).map(|end| BigInt::from(end) * terms)).word()
    }

    /// Groups of weights of a beat, row by row.
    fn groups(&self) -> usize {
        self.folding.parallel_rows * self.folding.lanes / self.kind.group()
    }

    /// Beats of weights for a vector.
    fn steps(&self) -> usize {
        self.folding.passes() * self.folding.beats() * self.kind.repeats()
    }

    /// Rows a beat that are requantized at once.
    fn requantized_lanes(&self) -> usize {
        if let Weights::Constant { .. } = self.weights { self.folding.rows } else { 1 }
    }

    /// The codes of beat `beat` of the groups of pass `pass`; where there is no weight, one that is 0 if there is one.
    fn codes(&self, matrix: &[Vec<i64>], pass: usize, beat: usize) -> Vec<Vec<i64>> {
        let Folding { lanes, parallel_rows, .. } = self.folding;
        let group = self.kind.group();
        let padding = self.kind.zero().unwrap_or(0);
        let code = |row: usize, column: usize| {
            matrix.get(row).and_then(|row| row.get(column)).copied().unwrap_or(padding)
        };
        let of_row = |row: usize| {
            let first = move |index: usize| beat * lanes + index * group;
            (0..lanes / group).map(move |index| {
                (first(index)..first(index) + group).map(|column| code(row, column)).collect()
            })
        };
        (0..parallel_rows).flat_map(|row| of_row(pass * parallel_rows + row)).collect()
    }

    /// The words of the weight memory, in the order in which they are read.
    fn words(&self, matrix: &[Vec<i64>]) -> Vec<BigInt> {
        let mut words = Vec::new();
        for pass in 0..self.folding.passes() {
            for beat in 0..self.folding.beats() {
                let codes = self.codes(matrix, pass, beat);
                words.extend((0..self.kind.repeats()).map(|repeat| {
                    let groups: Vec<_> = codes.iter().map(|codes| self.kind.encode(codes, repeat)).collect();
                    self.kind.store(&groups)
                }));
            }
        }
        words
    }

    /// The weights that vector `frame` meets in the stream `w`.
    fn streamed(&self, w: &Tokens, frame: usize, loaded: &[i64]) -> Vec<Vec<i64>> {
        let Folding { rows, columns, lanes, parallel_rows } = self.folding;
        let (group, repeats, fields) = (self.kind.group(), self.kind.repeats(), self.kind.fields());
        let mut matrix = vec![vec![0; columns.next_multiple_of(group)]; rows];
        for (row, weights) in matrix.iter_mut().enumerate() {
            for (place, weights) in weights.chunks_mut(group).enumerate() {
                let (beat, lane) = (place * group / lanes, place * group % lanes);
                let first =
                    frame * self.steps() + (row / parallel_rows * self.folding.beats() + beat) * repeats;
                let index = row % parallel_rows * (lanes / group) + lane / group;
                for repeat in 0..repeats {
                    let fields = of_group(&fields, self.groups(), w.beat(first + repeat), index);
                    let decoded = self.kind.decode(&fields, loaded);
                    weights.iter_mut().zip(decoded).for_each(|(weight, part)| *weight += part);
                }
            }
        }
        matrix
    }
}

impl Datapath for MacArray {
    fn kind(&self) -> &'static str {
        self.kind.name()
    }

    fn doc(&self) -> String {
        let Folding { rows, columns, lanes, parallel_rows } = self.folding;
        let (title, input) = (self.kind.title(), self.input);
        let weights = match &self.weights {
            Weights::Stream => "streamed",
            Weights::Memory(_) => "in memory",
            Weights::Constant { .. } => "constant",
        };
        format!(
            "y = W x, {rows} x {columns} {title} ({weights}); x is {input}; lanes = {lanes}, parallel_rows = \
             {parallel_rows}{}",
            if self.requantize.is_some() { "; requantized" } else { "" }
        )
    }

    fn ports(&self) -> Ports {
        let Folding { rows, columns, lanes, parallel_rows } = self.folding;
        let mut inputs = vec![Port::vectors("x", "x", lanes, self.input.range(), columns)];
        if let Weights::Stream = self.weights {
            let fields = self.kind.fields().into_iter();
            let fields: Vec<Field> =
                fields.map(|field| Field { lanes: field.lanes * self.groups(), ..field }).collect();
            let lanes = fields.iter().map(|field| field.lanes).sum();
            inputs.push(Port { name: "w".into(), fields, frame: Frame::steps(self.steps(), lanes) });
        }
        inputs.extend(self.kind.loaded());
        let y = match &self.requantize {
            Some(requantize) => {
                let lanes = self.requantized_lanes();
                Port::vectors("y", "y", lanes, requantize.output().range(), rows)
            }
            None => Port::vectors("y", "y", parallel_rows, self.accumulator(), rows),
        };
        Ports { inputs, outputs: vec![y] }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let rows = self.rows_of(m, inputs).named("y");
        let Some(requantize) = &self.requantize else { return vec![rows] };
        if let Weights::Constant { .. } = self.weights {
            return vec![requantize.part(rows)];
        }
        // The next rows are summed up while these leave one by one.
        let rows = if self.folding.parallel_rows > 1 { rows.stage() } else { rows };
        let serial = rows.flatten(self.folding.row_tail()).framed(self.folding.rows).map(|row| vec![row]);
        vec![requantize.part(serial)]
    }

    /// As `MacArray::pace` says.
    fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        vec![self.pace(inputs, timing)]
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let of_codes = |matrix: &[Vec<i64>], loaded: &[i64]| -> Vec<Vec<i64>> {
            let row = |row: &Vec<i64>| row.iter().map(|&code| self.kind.weight(code, loaded)).collect();
            matrix.iter().map(row).collect()
        };
        let fixed = match &self.weights {
            Weights::Memory(matrix) | Weights::Constant { matrix, .. } if self.kind.loaded().is_none() => {
                Some(of_codes(matrix, &[]))
            }
            _ => None,
        };
        let rows = x.chunks(self.folding.columns).enumerate().flat_map(|(frame, x)| {
            let loaded = match self.kind.loaded() {
                Some(_) => inputs[inputs.len() - 1].beat(frame),
                None => &[],
            };
            let dots = |matrix: &[Vec<i64>]| matrix.iter().map(|row| dot_product(x, row)).collect::<Vec<_>>();
            match (&self.weights, &fixed) {
                (_, Some(matrix)) => dots(matrix),
                (Weights::Stream, _) => dots(&self.streamed(&inputs[1], frame, loaded)),
                (Weights::Memory(matrix) | Weights::Constant { matrix, .. }, _) => {
                    dots(&of_codes(matrix, loaded))
                }
            }
        });
        let y: Vec<i64> = match &self.requantize {
            Some(requantize) => requantize.of_all(rows),
            None => rows.collect(),
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let Folding { rows, columns, lanes, parallel_rows } = self.folding;
        let mut facts = match &self.weights {
            Weights::Constant { graph, .. } => constant::facts(graph),
            _ => {
                let products = self.groups() * self.kind.products();
                let columns = format!("{} of {columns} columns", lanes.min(columns));
                let beat = format!("{products}: {parallel_rows} of {rows} rows, {columns}");
                let mut facts = vec![("products a cycle".to_string(), beat)];
                facts.extend(self.kind.facts());
                facts
            }
        };
        if let Weights::Memory(_) = &self.weights {
            let bits = self.kind.word_bits(self.groups()) as usize * self.steps();
            facts.push(("weight memory".into(), format!("{bits} bits")));
        }
        if let Weights::Memory(matrix) | Weights::Constant { matrix, .. } = &self.weights
            && let Some(zero) = self.kind.zero()
        {
            let zeros = matrix.iter().flatten().filter(|code| **code == zero).count();
            facts.push(("weights that are 0".into(), format!("{zeros} of {}", rows * columns)));
        }
        facts.extend(self.requantize.iter().flat_map(|requantize| requantize.facts(timing)));
        facts
    }
}
