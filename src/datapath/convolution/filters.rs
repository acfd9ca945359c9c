//! The keys that convolutions of both kinds have, and the array of multipliers that they ask for.

use super::outgoing::Outgoing;
use super::rows::Rows;
use super::strips::Strips;
use super::unfolding::Unfolding;
use crate::blocks::{Folding, Loop, MacArray, Weights};
use crate::datapath::accumulators::Accumulators;
use crate::datapath::activation::{Activation, ActivationConfig};
use crate::datapath::config::{IntType, Problems};
use crate::datapath::mac::{Matrix, TensorShape, WeightKind, WeightsConfig, constant_graph, constant_sums};
use crate::datapath::map::Map;
use crate::datapath::nm_pattern::NmPattern;
use crate::datapath::tensor::Source;
use crate::datapath::weight_keys::WeightKeys;
use std::sync::Arc;

/// Keys of weights, folding and activation.
pub struct FilterKeys {
    pub input: IntType,
    pub parallel_columns: Option<usize>,
    pub parallel_rows: Option<usize>,
    pub output_lanes: Option<usize>,
    pub kind: WeightKeys,
    pub weights: WeightsConfig,
    pub activation: ActivationConfig,
}

/// What the array multiplies at once, and how positions become its columns.
pub struct Layout {
    pub folding: Folding,
    /// None where weights are constant.
    pub unfolding: Option<Unfolding>,
    /// Where a beat holds several positions.
    pub strips: Option<Strips>,
}

const MOST: usize = 1 << 16;

impl FilterKeys {
    pub fn is_constant(&self) -> bool {
        matches!(self.weights, WeightsConfig::Constant { .. })
    }

    /// Notes where a beat is neither a part of a group nor whole groups.
    pub fn check_lanes(&self, rows: &Rows, lanes: usize, problems: &mut Problems) {
        let channels = rows.group_channels();
        let whole = self.is_constant() || channels.is_multiple_of(lanes) || lanes.is_multiple_of(channels);
        let why = format!("a beat is a whole part of a group of {channels} channels, or whole groups");
        let help = format!("write a divisor or a multiple of {channels}");
        problems.require(whole, "lanes", lanes, &why, help);
    }

    /// Of matrices of `of_matrix` rows, `parallel_rows` at once; none where problems are noted.
    pub fn layout(
        &self,
        rows: &Rows,
        [of_matrix, parallel_rows]: [usize; 2],
        lanes: usize,
        problems: &mut Problems,
    ) -> Option<Layout> {
        let (channels, taps) = (rows.group_channels(), rows.taps);
        let group = self.kind.pattern.map_or(1, NmPattern::group);
        let all = taps * lanes.min(channels);
        let columns = self.parallel_columns.unwrap_or(all.next_multiple_of(group));
        let most = all.next_multiple_of(group);
        let of = if taps == 1 { "channels of a beat" } else { "taps times channels of a beat" };
        let why = format!("there must be 1 to {most} ({of})");
        let counted = (1..=most).contains(&columns);
        problems.require(counted, "parallel_columns", columns, &why, format!("write 1 to {most}"));
        let why = format!("what is multiplied at once are whole groups of {group} columns");
        let help = format!("write a multiple of {group}");
        problems.require(columns.is_multiple_of(group), "parallel_columns", columns, &why, help);
        if !problems.is_empty() {
            return None;
        }
        let unfolding = Unfolding { taps, channels, lanes, columns };
        let columns_of_all = unfolding.vector_beats() * columns;
        let why = format!("a filter has {columns_of_all} columns");
        let help = "65536 are the most: take a smaller kernel, fewer channels or more groups";
        problems.require(columns_of_all <= MOST, "kernel", format!("{taps} taps"), &why, help);
        let folding = Folding { rows: of_matrix, columns: columns_of_all, lanes: columns, parallel_rows };
        problems.is_empty().then_some(Layout { folding, unfolding: Some(unfolding), strips: None })
    }

    /// The layout of constant weights, `all` rows of them; none where problems are noted.
    pub fn constant_layout(&self, rows: &Rows, all: usize, problems: &mut Problems) -> Option<Layout> {
        let columns = rows.taps * rows.channels;
        let why = "constant weights multiply all taps and channels of a position in each clock cycle";
        for (field, given, all) in
            [("parallel_columns", self.parallel_columns, columns), ("parallel_rows", self.parallel_rows, all)]
        {
            let given = given.unwrap_or(all);
            problems.require(given == all, field, given, why, format!("leave it out, or write {all}"));
        }
        let few = all.saturating_mul(rows.taps * rows.group_channels()) <= MOST;
        let why = "a matrix of constants has at most 65536 weights";
        problems.require(few, "weights.from", "\"constant\"", why, "keep the weights in memory");
        let folding = Folding { rows: all, columns, lanes: columns, parallel_rows: all };
        problems.is_empty().then_some(Layout { folding, unfolding: None, strips: None })
    }

    /// The kind of the weights, and their codes where they are not streamed; none where problems are noted.
    pub fn read(
        &self,
        layout: &Layout,
        tensor: &TensorShape,
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<(Arc<dyn WeightKind>, Option<Matrix>)> {
        let at_once = [layout.folding.lanes, layout.folding.parallel_rows];
        let kind = self.kind.kind(&self.weights, at_once, self.input, problems);
        let kind = kind.filter(|_| problems.is_empty())?;
        let codes = self.weights.read(tensor, source, problems);
        if let Some(Matrix { values, name }) = &codes {
            kind.check(values, name, problems);
        }
        problems.is_empty().then_some((kind, codes))
    }

    /// Whether weights come once, after a reset.
    pub fn is_loaded(&self) -> bool {
        self.weights.loaded().is_some()
    }

    /// The array of `codes`, rows in the order `[channel, tap]`, for `vectors` of a frame; none where problems are noted.
    pub fn array(
        &self,
        rows: &Rows,
        layout: &Layout,
        (kind, codes): (&Arc<dyn WeightKind>, Option<&Matrix>),
        (vectors, turns): (usize, Vec<Loop>),
        problems: &mut Problems,
    ) -> Option<MacArray> {
        let loaded = self.weights.loaded();
        let fixed = codes.filter(|_| kind.loaded().is_none() && loaded.is_none());
        let sums = fixed.map(|codes| constant_sums(&kind.weights(&codes.values), self.input));
        let weights = match (codes, layout.unfolding) {
            (None, _) => match loaded {
                Some(is_large) => Weights::Loaded { rows: rows.filters, preset: None, is_large },
                None => Weights::Stream,
            },
            (Some(codes), Some(unfolding)) => {
                let zero = kind.zero().unwrap_or(0);
                let columns = unfolding.columns();
                let column = |row: &[i64], column: &Option<usize>| column.map_or(zero, |place| row[place]);
                let row = |row: &Vec<i64>| columns.iter().map(|place| column(row, place)).collect();
                let matrix: Vec<Vec<i64>> = codes.values.iter().map(row).collect();
                let source =
                    format!("{}, in the order of the window: channels of a beat, then taps", codes.name);
                kind.check_groups(&matrix, &source, problems);
                match loaded {
                    Some(is_large) => Weights::Loaded { rows: matrix.len(), preset: Some(matrix), is_large },
                    None => Weights::Memory(matrix),
                }
            }
            (Some(codes), None) => {
                let rows = rows.diagonal(&kind.weights(&codes.values), kind.sums());
                let rows = match &layout.strips {
                    Some(strips) => strips.rows(&rows),
                    None => rows,
                };
                Weights::Constant(constant_graph(&rows, self.input))
            }
        };
        let (folding, input, kind) = (layout.folding, self.input.range(), kind.clone());
        problems.is_empty().then(|| MacArray { folding, input, kind, weights, sums, turns, vectors })
    }

    /// What becomes of sums of which `rows` come at once, as `y`, whose lanes are the most that may leave at once; none where problems are noted.
    pub fn outgoing(
        self,
        array: &MacArray,
        (rows, y): (usize, Map),
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Outgoing> {
        let most = y.lanes;
        let wanted = self.output_lanes;
        let lanes = wanted.unwrap_or(most);
        let divides = lanes > 0 && most.is_multiple_of(lanes);
        let why = format!("they divide the {most} filters at once");
        problems.require(divides, "output_lanes", lanes, &why, format!("write a divisor of {most}"));
        let filters = y.channels;
        let whole = !divides || filters.is_multiple_of(lanes) || lanes.is_multiple_of(filters);
        let why = format!("a beat is a part of a position of {filters} channels, or whole positions");
        let help = format!("write a divisor or a multiple of {filters}");
        problems.require(whole, "output_lanes", lanes, &why, help);
        if !problems.is_empty() {
            return None;
        }
        // Sums of constant weights come whenever a position is there, and are cut before what follows them.
        let sums_on = !self.is_constant();
        let (taken, wanted) = if sums_on { (most, wanted) } else { (lanes, Some(lanes)) };
        let cycles = (array.cycles() * taken / rows).max(1);
        let y = Map { lanes: taken, ..y };
        let sums = Accumulators { cycles, ..y.accumulators(array.accumulator()) };
        let activation = self.activation.load_lanes(sums, wanted, self.weights.scales(), source, problems);
        let lanes = activation.as_ref().map_or(lanes, Activation::lanes);
        problems.is_empty().then_some(Outgoing {
            rows,
            sums: array.kind.sums(),
            y: Map { lanes, ..y },
            sums_on,
            activation,
        })
    }
}
