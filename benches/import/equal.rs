//! Codes, accumulators and classes of whole test sets, next to what an independent program made of them.

use crate::expected::{Case, Compared, Expected, Network, Tensor, activation_name, compare_thresholds};

/// What was compared, and found to be equal.
#[derive(Debug, Default)]
pub struct Equal {
    pub codes: usize,
    pub thresholds: usize,
    pub accumulators: usize,
    pub classes: usize,
    /// What differs, in words.
    pub wrong: Vec<String>,
}

/// Frames of a tensor `[frames, channels, positions...]`, each with its channels innermost.
pub fn streamed(tensor: &Tensor) -> Vec<Vec<i64>> {
    let channels = tensor.shape.get(1).copied().unwrap_or(1);
    let positions: usize = tensor.shape[2..].iter().product();
    let frame = |frame: &[i64]| {
        (0..channels * positions)
            .map(|place| frame[place % channels * positions + place / channels])
            .collect()
    };
    tensor.ints.chunks(channels * positions).map(frame).collect()
}

/// As [`streamed`], of vectors in the order that an activation has.
fn ordered(tensor: &Tensor, order: &[usize]) -> Vec<Vec<i64>> {
    match tensor.shape[..] {
        [_, length] if length == order.len() => tensor
            .ints
            .chunks(length)
            .map(|frame| order.iter().map(|place| frame[*place]).collect())
            .collect(),
        _ => streamed(tensor),
    }
}

/// Holds a network against what is expected, in all that stands there.
pub fn compare(network: &Network, case: Case, expected: &Expected, frames: &[Vec<i64>]) -> Equal {
    let Compared { thresholds, wrong } = compare_thresholds(&network.imported, case, expected);
    let mut compared = Equal { thresholds, wrong, ..Equal::default() };
    let outputs = network.run(frames);
    for (index, activation) in network.imported.lowered.activations.iter().enumerate() {
        let name = activation_name(expected, activation, index + case.outside).0;
        if let Some(codes) = expected.tensors.get(&name) {
            let found = match &network.stream(activation)[..] {
                "input" => frames,
                stream => &outputs[stream],
            };
            let wanted = ordered(codes, &activation.order);
            let equal = (found.iter().zip(&wanted))
                .flat_map(|(found, wanted)| found.iter().zip(wanted))
                .filter(|(a, b)| a == b)
                .count();
            compared.codes += equal;
            if equal != codes.ints.len() {
                compared.wrong.push(format!("{name}: {equal} of {} codes are equal", codes.ints.len()));
            }
        }
    }
    if let Some(wanted) = expected.tensors.get("accumulator")
        && let Some(found) = outputs
            .get("accumulator")
            .or(outputs.get("score").filter(|_| network.imported.lowered.scores.is_none()))
    {
        let frames = if wanted.shape.len() > 2 {
            streamed(wanted)
        } else {
            wanted.ints.chunks(wanted.shape[1]).map(<[i64]>::to_vec).collect()
        };
        let equal =
            found.iter().zip(&frames).flat_map(|(a, b)| a.iter().zip(b)).filter(|(a, b)| a == b).count();
        compared.accumulators = equal;
        if equal != wanted.ints.len() {
            compared.wrong.push(format!("{equal} of {} accumulators are equal", wanted.ints.len()));
        }
    }
    if let (Some(wanted), Some(found)) = (expected.tensors.get("class"), outputs.get("class")) {
        let equal = found.concat().iter().zip(&wanted.ints).filter(|(a, b)| a == b).count();
        compared.classes = equal;
        if equal != wanted.ints.len() {
            compared.wrong.push(format!("{equal} of {} classes are equal", wanted.ints.len()));
        }
    }
    compared
}
