//! `y = W x`: the array of multipliers between a datapath's ports, for every kind of weights.

mod constant;
mod figures;
mod golden;
mod kind;
mod matrix;

pub use constant::{facts as constant_facts, graph as constant_graph, sums as constant_sums};
pub use figures::{array_facts, array_footprint, array_work};
pub use golden::streamed;
pub use kind::WeightKind;
pub use matrix::{Given, Matrix, TensorShape, WeightsConfig};

use super::accumulators::Accumulators;
use super::activation::{Activation, ActivationConfig};
use super::config::{ConfigError, IntType, Problems};
use super::tensor::Source;
use super::{ArrayWork, Datapath, Footprint, LaneStream};
use crate::blocks::{Folding, MacArray, Weights};
use crate::hdl::{Module, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Frame, Pace, Port, Ports, Tokens, Transfers};
use std::sync::Arc;

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
    pub activation: ActivationConfig,
}

/// A matrix times a stream of vectors.
pub struct MatrixTimesVector {
    name: &'static str,
    input: IntType,
    kind: Arc<dyn WeightKind>,
    array: MacArray,
    /// The codes of each row, where they are not streamed.
    matrix: Option<Vec<Vec<i64>>>,
    activation: Option<Activation>,
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
            check(&folding, kind.group(), problems);
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
        check(&folding, 1, problems);
        folding
    }

    /// The datapath `name` with weights of `kind`; `problems` are those found so far.
    ///
    /// # Errors
    /// All problems at once.
    pub fn load(
        self,
        name: &'static str,
        kind: Arc<dyn WeightKind>,
        source: &dyn Source,
        mut problems: Problems,
    ) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let folding = self.folding(&*kind, &mut problems);
        let Self { rows, columns, input, weights, activation, .. } = self;
        if !problems.is_empty() {
            return problems.finish(|| unreachable!("there is a problem"));
        }
        let matrix = weights.read(&TensorShape::matrix(rows, columns), source, &mut problems);
        if let Some(Matrix { values, name }) = &matrix {
            kind.check(values, name, &mut problems);
            kind.check_groups(values, name, &mut problems);
        }
        if !problems.is_empty() && matches!(weights, WeightsConfig::Constant { .. }) {
            return problems.finish(|| unreachable!("there is a problem"));
        }
        let matrix = matrix.map(|matrix| matrix.values);
        let is_large = weights.loaded() == Some(true);
        let (form, sums) = match (&weights, &matrix) {
            (WeightsConfig::Loaded { .. }, _) => {
                (Weights::Loaded { rows, preset: matrix.clone(), is_large }, None)
            }
            (WeightsConfig::Constant { .. }, Some(matrix)) => {
                let weights = kind.weights(matrix);
                (Weights::Constant(constant::graph(&weights, input)), Some(constant::sums(&weights, input)))
            }
            (_, Some(matrix)) => (Weights::Memory(matrix.clone()), None),
            (_, None) => (Weights::Stream, None),
        };
        let array = MacArray {
            folding,
            input: input.range(),
            kind: kind.clone(),
            weights: form,
            sums,
            turns: Vec::new(),
            vectors: 1,
        };
        let accumulators = Accumulators {
            range: array.accumulator(),
            frame: Frame::vector(rows),
            lanes: folding.parallel_rows,
            cycles: array.cycles(),
        };
        let activation = activation.load(accumulators, weights.scales(), source, &mut problems);
        let datapath = MatrixTimesVector { name, input, kind, array, matrix, activation };
        problems.finish(|| Box::new(datapath) as Box<dyn Datapath>)
    }
}

/// Notes what cannot be of a folding, for weights in groups of `group`.
fn check(folding: &Folding, group: usize, problems: &mut Problems) {
    let mut counted = |field: &str, value: usize, most: usize, of: &str| {
        let why = format!("there must be 1 to {most} ({of})");
        problems.require((1..=most).contains(&value), field, value, &why, format!("write 1 to {most}"));
    };
    counted("rows", folding.rows, 1 << 16, "a limit of the counters");
    counted("columns", folding.columns, 1 << 16, "a limit of the counters");
    counted("lanes", folding.lanes, folding.columns.max(1).next_multiple_of(group), "the columns");
    counted("parallel_rows", folding.parallel_rows, folding.rows.max(1), "the rows");
    let below = folding.lanes - folding.lanes % group;
    let help = if below == 0 { group.to_string() } else { format!("{below} or {}", below + group) };
    let why = format!("a beat has whole groups of {group} columns");
    problems.require(
        folding.lanes.is_multiple_of(group),
        "lanes",
        folding.lanes,
        &why,
        format!("write {help}"),
    );
}

impl Datapath for MatrixTimesVector {
    fn kind(&self) -> &'static str {
        self.name
    }

    fn doc(&self) -> String {
        let Folding { rows, columns, lanes, parallel_rows } = self.array.folding;
        let (title, input) = (self.kind.title(), self.input);
        let weights = match &self.array.weights {
            Weights::Stream => "streamed",
            Weights::Loaded { .. } => "loaded",
            Weights::Memory(_) => "in memory",
            Weights::Constant(_) => "constant",
        };
        format!(
            "y = W x, {rows} x {columns} {title} ({weights}); x is {input}; lanes = {lanes}, parallel_rows = \
             {parallel_rows}{}",
            self.activation.as_ref().map_or(String::new(), |activation| format!("; {}", activation.title()))
        )
    }

    fn ports(&self) -> Ports {
        let Folding { rows, parallel_rows, .. } = self.array.folding;
        let y = match &self.activation {
            Some(activation) => activation.port("y"),
            None => Port::vectors("y", "y", parallel_rows, self.array.accumulator(), rows),
        };
        Ports { inputs: self.array.inputs(), outputs: vec![y] }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let zero_tail = self.activation.is_none();
        let rows = self.array.rows(m, inputs, zero_tail).named("y");
        vec![self.activation.iter().fold(rows, |rows, activation| activation.after(rows))]
    }

    fn arrays(&self) -> Vec<ArrayWork> {
        array_work(&self.array, &*self.kind)
    }

    /// About 18 look-up tables for a product of activations of 8 bits.
    fn footprint(&self) -> Footprint {
        Footprint::of_streams(&self.ports()) + array_footprint(&self.array, &*self.kind)
    }

    /// As [`MacArray::pace`] says, and then the activation.
    fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        let sums = self.array.pace(inputs, timing);
        vec![match &self.activation {
            Some(activation) => sums.and_then(|sums| activation.pace(&sums, timing)),
            None => sums,
        }]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let sums = self.array.timed(t, &inputs);
        Some(vec![self.activation.iter().fold(sums, |sums, activation| activation.timed(t, sums))])
    }

    fn presets(&self) -> Vec<Option<Tokens>> {
        self.array.presets()
    }

    fn remembers(&self) -> bool {
        self.activation.as_ref().is_some_and(Activation::is_stochastic)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let rows = self.sums(inputs);
        let y: Vec<i64> = match &self.activation {
            Some(activation) => activation.of_all(rows),
            None => rows,
        };
        vec![Tokens::pack(&self.ports().outputs[0], &y)]
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let Folding { rows, columns, lanes, parallel_rows } = self.array.folding;
        let mut facts = match &self.array.weights {
            Weights::Constant(graph) => constant::facts(graph, timing),
            _ => {
                let products = self.array.groups() * self.kind.products();
                let columns = format!("{} of {columns} columns", lanes.min(columns));
                let beat = format!("{products}: {parallel_rows} of {rows} rows, {columns}");
                let mut facts = vec![("products a cycle".to_string(), beat)];
                facts.extend(self.kind.facts());
                facts
            }
        };
        if let Weights::Memory(_) | Weights::Loaded { .. } = &self.array.weights {
            facts.push(("weight memory".into(), format!("{} bits", self.array.memory_bits())));
        }
        if let (Some(matrix), Some(zero)) = (&self.matrix, self.kind.zero()) {
            let zeros = matrix.iter().flatten().filter(|code| **code == zero).count();
            facts.push(("weights that are 0".into(), format!("{zeros} of {}", rows * columns)));
        }
        facts.extend(self.activation.iter().flat_map(|activation| activation.facts(timing)));
        facts
    }
}
