//! Weights that are logic: the whole matrix as one adder graph, a vector in every clock cycle.

use super::WeightKind;
use crate::blocks::{AdderGraph, Polarities};
use crate::datapath::config::IntType;
use crate::device::AdderForm;
use crate::hdl::{Range, Timing};

/// The graph of a matrix of codes.
pub fn graph(matrix: &[Vec<i64>], kind: &dyn WeightKind, input: IntType) -> AdderGraph {
    let matrix = weights(matrix, kind);
    let inputs = vec![(input.lo(), input.hi()); matrix[0].len()];
    AdderGraph::of(&matrix, &inputs, AdderGraph::default_effort(&matrix))
}

fn weights(matrix: &[Vec<i64>], kind: &dyn WeightKind) -> Vec<Vec<i64>> {
    matrix.iter().map(|row| row.iter().map(|&code| kind.weight(code, &[])).collect()).collect()
}

/// The word that holds every row's sum, and no more.
pub fn sums(matrix: &[Vec<i64>], kind: &dyn WeightKind, input: IntType) -> Range {
    let weights = weights(matrix, kind);
    let end = |row: &Vec<i64>, lo: i64, hi: i64| -> i64 {
        row.iter().map(|&weight| weight * if weight < 0 { hi } else { lo }).sum()
    };
    let ends =
        weights.iter().flat_map(|row| [end(row, input.lo(), input.hi()), end(row, input.hi(), input.lo())]);
    Range::hull(ends.map(Into::into)).word()
}

/// Adders, and on iCE40 the look-up tables that they take, which are known before synthesis there: exactly, but for inputs of one or two
/// bits, whose sums synthesis makes of gates.
pub fn facts(graph: &AdderGraph, timing: Timing) -> Vec<(String, String)> {
    let rows = graph.rows.iter().flatten().count();
    let is_narrow = graph.inputs.iter().any(|(lo, hi)| hi - lo < 7);
    let about = if is_narrow { "about " } else { "" };
    let mut facts = vec![(
        "adders".into(),
        format!("{} for {} inputs and {rows} rows", graph.adders(), graph.inputs.len()),
    )];
    if timing.family().is_none_or(|family| family.adders == AdderForm::Polarity) {
        let luts = Polarities::of(graph).luts;
        facts.push(("look-up tables of the adders".into(), format!("{about}{luts} on iCE40")));
    }
    facts
}
