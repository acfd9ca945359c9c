//! What leaves a design, as the model's file has it.

use std::collections::BTreeMap;
use ternlet::import::exact::{Rational, approximate};
use ternlet::import::{Imported, Outcome};

/// A frame of the file's order with its channels innermost.
pub fn innermost(frame: &[i64], channels: usize) -> Vec<i64> {
    let positions = frame.len() / channels;
    (0..frame.len()).map(|place| frame[place % channels * positions + place / channels]).collect()
}

/// What stands for the output `name` of the model: reals, or indices of classes; `streams` are all frames of what leaves or is probed, and of the
/// design's input.
pub fn output(
    imported: &Imported,
    name: &str,
    streams: &BTreeMap<String, Vec<Vec<i64>>>,
) -> Option<Vec<f64>> {
    let lowered = &imported.lowered;
    let Some(leaving) = lowered.outcomes.iter().find(|outcome| outcome.tensor == name) else {
        let classes = streams.get("class")?;
        return Some(classes.concat().iter().map(|class| *class as f64).collect());
    };
    let named = lowered.graph.outputs.iter().chain(&lowered.graph.probes);
    let stream = named.into_iter().find(|(_, from)| *from == leaving.codes).map_or("input", |(name, _)| name);
    Some(streams.get(stream)?.iter().flat_map(|codes| reals(leaving, codes)).collect())
}

/// What the codes of a frame stand for, in the order of the file.
fn reals(leaving: &Outcome, codes: &[i64]) -> Vec<f64> {
    let rows = leaving.order.len();
    let positions = codes.len() / rows;
    let mut reals = vec![0.0; codes.len()];
    for (place, code) in codes.iter().enumerate() {
        let (row, position) = (place % rows, place / rows);
        let [scale, offset] =
            [leaving.scale.get(row), leaving.offset.get(row)].map(|number| number.rounded());
        let real = scale * Rational::from_integer((*code).into()) + offset;
        reals[leaving.order[row] * positions + position] = approximate(&real);
    }
    reals
}
