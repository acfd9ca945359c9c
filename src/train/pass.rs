//! The pass of a network over a batch, and what it leaves in batch norms and clips.

use super::array::Array;
use super::data::Frames;
use super::description::{Clip, Origin};
use super::methods::slb::largest;
use super::network::{After, Form, Network, Weights, Work};
use super::ops::{
    Statistics, add, batch_norm, clipped, concat, convolution, flatten, linear, max_pool, normalized, plus,
    transposed_convolution,
};
use super::pruner::Pruner;
use super::tape::{Tape, Var};

/// The smallest number at which a quantizer clips.
const LEAST_CLIP: f32 = 1e-3;

/// The part that a new batch has in running means.
const NEWEST: f32 = 0.1;

/// Which share of the numbers above 0 a percentile clip keeps.
const SHARE: f64 = 0.999;

/// What the batch norm of a node saw of a batch, and where a percentile clip would clip it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub node: usize,
    pub statistics: Statistics<f32>,
    pub percentile: Option<f32>,
}

/// A pass over a batch.
pub struct Pass {
    pub tape: Tape<f32>,
    pub scores: Var,
    /// Of each parameter, in the order of [`Network::parameters`].
    pub parameters: Vec<Var>,
    /// What leaves each node.
    pub outputs: Vec<Var>,
    /// Of each batch norm.
    pub seen: Vec<Seen>,
}

/// How a pass is made.
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    /// By the statistics of the batch, after `done` (0 to 1) of so many epochs.
    Train { done: f64, epochs: usize },
    /// By the running ones.
    Evaluate { done: f64, epochs: usize },
}

impl Network {
    /// The scores of frames `[count, integers]`; the gradients that come back are pruned, if so.
    pub fn pass(&self, frames: &[&[i64]], divisor: f32, mode: Mode, mut pruner: Option<&mut Pruner>) -> Pass {
        let mut tape = Tape::new();
        let values =
            frames.iter().flat_map(|frame| frame.iter().map(|value| *value as f32 / divisor)).collect();
        let (size, channels) = self.nodes.first().map_or((Vec::new(), 1), |node| node.input.clone());
        let frame = tape.constant(Array::new([&[frames.len()], &size[..], &[channels]].concat(), values));
        let mut pass = Pass { tape, scores: frame, parameters: vec![], outputs: vec![], seen: vec![] };
        // Of each quantizer its clip.
        let mut clips: Vec<Option<Var>> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let of = |from: &Origin| match from {
                Origin::Frame => frame,
                Origin::Node(node) => pass.outputs[*node],
            };
            let inputs: Vec<Var> = node.from.iter().map(of).collect();
            let tape = &mut pass.tape;
            let mut clip = None;
            let output = match (&node.work, &inputs[..]) {
                (Work::Flatten, [x, ..]) => flatten(tape, *x),
                (Work::MaxPool(windows), [x, ..]) => max_pool(tape, *x, windows),
                (Work::Concat, [a, b]) => concat(tape, *a, *b),
                (Work::Add, [a, b]) => add(tape, *a, *b),
                (Work::Weights(weights), [x, ..]) => {
                    let (sums, vars) = weights.sums(tape, *x, mode);
                    pass.parameters.extend(vars);
                    match &weights.after {
                        After::Scores { bias } => {
                            let bias = tape.parameter(bias.clone());
                            pass.parameters.push(bias);
                            plus(tape, sums, bias)
                        }
                        after => {
                            let sums = match &mut pruner {
                                Some(pruner) => pruner.prune(tape, index, sums),
                                None => sums,
                            };
                            let shared = after.shares().and_then(|root| clips[root]);
                            let made = after.codes(tape, sums, (mode, shared));
                            pass.parameters.extend(made.parameters);
                            pass.seen.extend(made.seen.map(|(statistics, percentile)| Seen {
                                node: index,
                                statistics,
                                percentile,
                            }));
                            clip = Some(made.clip);
                            made.codes
                        }
                    }
                }
                _ => unreachable!("what is joined are two, as is checked"),
            };
            clips.push(clip);
            pass.outputs.push(output);
            pass.scores = output;
        }
        pass
    }

    /// Takes the statistics of a batch into the running ones, and keeps clips above 0.
    pub fn settle(&mut self, seen: Vec<Seen>) {
        let blend = |old: &mut f32, new: f32| *old += NEWEST * (new - *old);
        // Of each clip the largest percentile of those that share it.
        let mut percentiles = vec![None; self.nodes.len()];
        for Seen { node, statistics, percentile } in seen {
            let Some(After::Codes { running, shares, .. }) = self.after(node) else { continue };
            running.mean.iter_mut().zip(statistics.mean).for_each(|(old, new)| blend(old, new));
            running.variance.iter_mut().zip(statistics.variance).for_each(|(old, new)| blend(old, new));
            let own: &mut Option<f32> = &mut percentiles[shares.unwrap_or(node)];
            *own = percentile.map(|found| own.map_or(found, |own| own.max(found)));
        }
        for (node, percentile) in percentiles.into_iter().enumerate() {
            let Some(After::Codes { clip, .. }) = self.after(node) else { continue };
            if let Some(percentile) = percentile {
                blend(&mut clip.values[0], percentile);
            }
            clip.values[0] = clip.values[0].max(LEAST_CLIP);
        }
    }

    fn after(&mut self, node: usize) -> Option<&mut After> {
        match &mut self.nodes[node].work {
            Work::Weights(weights) => Some(&mut weights.after),
            _ => None,
        }
    }

    /// The class with the largest score, of equals the first one, of each frame or of each of its positions.
    pub fn classes(&self, frames: &Frames, divisor: f32, mode: Mode) -> Vec<i64> {
        let at_once = (256 / frames.labels_each()).max(1);
        let places: Vec<usize> = (0..frames.count()).collect();
        let of = |places: &[usize]| {
            let batch: Vec<&[i64]> = places.iter().map(|place| frames.frame(*place)).collect();
            let pass = self.pass(&batch, divisor, mode, None);
            let scores = pass.tape.value(pass.scores);
            let rows = scores.values.chunks_exact(scores.channels());
            rows.map(|row| largest(row) as i64).collect::<Vec<_>>()
        };
        places.chunks(at_once).flat_map(of).collect()
    }
}

/// What a quantizer makes.
struct Coded {
    parameters: Vec<Var>,
    codes: Var,
    clip: Var,
    seen: Option<(Statistics<f32>, Option<f32>)>,
}

impl Weights {
    /// The sums, and what the method trains.
    fn sums(&self, tape: &mut Tape<f32>, x: Var, mode: Mode) -> (Var, Vec<Var>) {
        let (Mode::Train { done, epochs } | Mode::Evaluate { done, epochs }) = mode;
        let vars: Vec<Var> = self.latent.iter().map(|latent| tape.parameter(latent.clone())).collect();
        let effective = self.method.weights(tape, &vars, done, epochs);
        let sums = match &self.form {
            Form::Convolution(windows) => convolution(tape, x, effective, windows),
            Form::Blocks(blocks) => transposed_convolution(tape, x, effective, blocks),
            Form::Matrix => linear(tape, x, effective),
        };
        (sums, vars)
    }
}

impl After {
    fn shares(&self) -> Option<usize> {
        if let Self::Codes { shares, .. } = self { *shares } else { None }
    }

    /// The codes of `sums`, with its own clip or a shared one.
    ///
    /// # Panics
    /// If there is no quantizer.
    fn codes(&self, tape: &mut Tape<f32>, sums: Var, (mode, shared): (Mode, Option<Var>)) -> Coded {
        let Self::Codes { gamma, beta, running, clip, rule, bits, .. } = self else {
            unreachable!("scores have no quantizer")
        };
        let [g, b] = [gamma, beta].map(|value| tape.parameter(value.clone()));
        let (normal, seen) = match mode {
            Mode::Train { .. } => {
                let (normal, statistics) = batch_norm(tape, sums, g, b);
                let percentile = (*rule == Clip::Percentile).then(|| percentile(&tape.value(normal).values));
                (normal, Some((statistics, percentile)))
            }
            Mode::Evaluate { .. } => (normalized(tape, sums, (gamma, beta), running), None),
        };
        let mut parameters = vec![g, b];
        let clip = shared.unwrap_or_else(|| {
            let own = match rule {
                Clip::Learned => tape.parameter(clip.clone()),
                Clip::Percentile => tape.constant(clip.clone()),
            };
            parameters.push(own);
            own
        });
        Coded { parameters, codes: clipped(tape, normal, clip, *bits), clip, seen }
    }
}

/// What [`SHARE`] of the numbers above 0 do not exceed; 0 where there are none.
fn percentile(values: &[f32]) -> f32 {
    let mut above: Vec<f32> = values.iter().copied().filter(|value| *value > 0.0).collect();
    if above.is_empty() {
        return 0.0;
    }
    let place = ((above.len() - 1) as f64 * SHARE) as usize;
    *above.select_nth_unstable_by(place, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_leaves_the_largest_out() {
        let values: Vec<f32> = (-500..2001).map(|value| value as f32).collect();
        assert_eq!(percentile(&values), 1998.0);
        assert_eq!(percentile(&[-1.0, 0.0]), 0.0);
    }
}
