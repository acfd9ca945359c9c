//! Weights that are logic: the whole matrix as one adder graph, a vector in every clock cycle.

use crate::blocks::{AdderGraph, Polarities};
use crate::datapath::config::IntType;
use crate::device::AdderForm;
use crate::hdl::{Range, Timing};

/// The graph of a matrix.
pub fn graph(weights: &[Vec<i64>], input: IntType) -> AdderGraph {
    let inputs = vec![(input.lo(), input.hi()); weights[0].len()];
    AdderGraph::of(weights, &inputs, AdderGraph::default_effort(weights))
}

/// The word that holds every row's sum, and no more.
pub fn sums(weights: &[Vec<i64>], input: IntType) -> Range {
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
