//! The nodes with what is trained of each, and their pass over a batch.

use super::array::Array;
use super::data::Frames;
use super::description::{Clip, Description, Kind, Origin};
use super::methods::Method;
use super::ops::{
    Statistics, Windows, add, batch_norm, clipped, concat, convolution, flatten, linear, max_pool,
    normalized, plus, transposed_convolution,
};
use super::pruner::Pruner;
use super::tape::{Tape, Var};
use rand::Rng;

/// The smallest number at which a quantizer clips.
const LEAST_CLIP: f32 = 1e-3;

/// The part that a new batch has in running means.
const NEWEST: f32 = 0.1;

/// Which share of the numbers above 0 a percentile clip keeps.
const SHARE: f64 = 0.999;

/// Positions, none of a vector, and channels.
pub type Shape = (Vec<usize>, usize);

/// A node of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub name: String,
    pub work: Work,
    /// One, or the two that are joined: nodes before this one.
    pub from: Vec<Origin>,
    /// What comes in; of two the first.
    pub input: Shape,
    pub output: Shape,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// A matrix or a convolution.
    Weights(Box<Weights>),
    MaxPool(Windows),
    Flatten,
    Concat,
    Add,
}

/// How weights see what comes in.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    Matrix,
    Convolution(Windows),
    /// Transposed, each position a block of this size.
    Blocks(Vec<usize>),
}

/// A node with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub form: Form,
    pub rows: usize,
    pub method: Method,
    /// What the method trains.
    pub latent: Vec<Array<f32>>,
    pub after: After,
}

/// What stands behind the sums.
#[derive(Clone, Debug, PartialEq)]
pub enum After {
    /// A batch norm and a quantizer.
    Codes {
        gamma: Array<f32>,
        beta: Array<f32>,
        running: Statistics<f32>,
        clip: Array<f32>,
        rule: Clip,
        bits: u32,
        /// The node whose clip is taken in place of its own: codes that are joined have one step.
        shares: Option<usize>,
    },
    /// A bias, at the end.
    Scores { bias: Array<f32> },
}

/// Something that is trained.
pub struct Parameter<'n> {
    /// `hidden.latent0`
    pub name: String,
    pub value: &'n mut Array<f32>,
    pub decays: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub nodes: Vec<Node>,
}

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
    /// The network of a training file for frames of `length` integers, before its training.
    ///
    /// # Errors
    /// The index of a node that does not fit what comes in, and a sentence.
    pub fn new(
        description: &Description,
        length: usize,
        random: &mut impl Rng,
    ) -> Result<Self, (usize, String)> {
        let size = &description.data.size;
        let positions: usize = size.iter().product();
        if !length.is_multiple_of(positions) {
            let why = format!("a frame has {length} integers, which are no channels of size = {size:?}");
            return Err((0, why));
        }
        let frame = (size.clone(), length / positions);
        let mut nodes: Vec<Node> = Vec::new();
        for (index, keys) in description.node.iter().enumerate() {
            let from = description.sources(index);
            let shape = |from: &Origin| match from {
                Origin::Frame => frame.clone(),
                Origin::Node(node) => nodes[*node].output.clone(),
            };
            let inputs: Vec<Shape> = from.iter().map(shape).collect();
            let wrong = |why: String| (index, format!("node {:?}: {why}", keys.name));
            let (work, output) = work(description, index, &inputs, random).map_err(wrong)?;
            nodes.push(Node { name: keys.name.clone(), work, from, input: inputs[0].clone(), output });
        }
        let mut network = Self { nodes };
        network.share_steps().map_err(|node| {
            let why = "the frame itself is joined, whose integers have a step of their own; put a node with weights between";
            (node, format!("node {:?}: {why}", network.nodes[node].name))
        })?;
        Ok(network)
    }

    /// Lets the quantizers of what is joined share a clip, so that their codes have one step.
    fn share_steps(&mut self) -> Result<(), usize> {
        // Of each node the one whose clip its codes have.
        let mut roots: Vec<usize> = (0..self.nodes.len()).collect();
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            if !matches!(node.work, Work::Concat | Work::Add) {
                continue;
            }
            let found: Option<Vec<usize>> = node.from.iter().map(|from| self.quantizer(*from)).collect();
            let found: Vec<usize> = found.ok_or(index)?.iter().map(|node| roots[*node]).collect();
            let first = found.iter().copied().min().unwrap_or(index);
            roots.iter_mut().filter(|root| found.contains(root)).for_each(|root| *root = first);
        }
        for (index, root) in roots.into_iter().enumerate().filter(|(index, root)| index != root) {
            if let Work::Weights(weights) = &mut self.nodes[index].work
                && let After::Codes { shares, .. } = &mut weights.after
            {
                *shares = Some(root);
            }
        }
        Ok(())
    }

    /// A node whose quantizer made the codes that come from there; none if it is the frame.
    fn quantizer(&self, from: Origin) -> Option<usize> {
        let Origin::Node(index) = from else { return None };
        match self.nodes[index].work {
            Work::Weights(_) => Some(index),
            _ => self.quantizer(self.nodes[index].from[0]),
        }
    }

    /// What 1 of the codes that come from there stands for: the clip and the bits of their quantizer; none of the frame's integers.
    pub fn clip_of(&self, from: Origin) -> Option<(f32, u32)> {
        let Work::Weights(weights) = &self.nodes[self.quantizer(from)?].work else { return None };
        let After::Codes { clip, bits, shares, .. } = &weights.after else { return None };
        match shares {
            None => Some((clip.values[0], *bits)),
            Some(root) => self.clip_of(Origin::Node(*root)),
        }
    }

    /// Classes that a frame has: one, or one at each position.
    pub fn labels(&self) -> usize {
        self.nodes.last().map_or(1, |node| node.output.0.iter().product())
    }

    /// All that is trained, in a fixed order.
    pub fn parameters(&mut self) -> Vec<Parameter<'_>> {
        let mut all = Vec::new();
        for node in &mut self.nodes {
            let Work::Weights(weights) = &mut node.work else { continue };
            let decays = weights.method.decays();
            let mut note = |name: String, value, decays| {
                all.push(Parameter { name: format!("{}.{name}", node.name), value, decays });
            };
            for (index, value) in weights.latent.iter_mut().enumerate() {
                note(format!("latent{index}"), value, decays);
            }
            match &mut weights.after {
                After::Codes { gamma, beta, clip, shares, .. } => {
                    note("gamma".into(), gamma, false);
                    note("beta".into(), beta, false);
                    if shares.is_none() {
                        note("clip".into(), clip, false);
                    }
                }
                After::Scores { bias } => note("bias".into(), bias, false),
            }
        }
        all
    }

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
            rows.map(|row| super::methods::slb::largest(row) as i64).collect::<Vec<_>>()
        };
        places.chunks(at_once).flat_map(of).collect()
    }
}

/// What a node does with what comes in, before the training, and what leaves it.
fn work(
    description: &Description,
    index: usize,
    inputs: &[Shape],
    random: &mut impl Rng,
) -> Result<(Work, Shape), String> {
    let keys = &description.node[index];
    let (size, channels) = &inputs[0];
    let windows = keys.kind.windows(size)?;
    if size.is_empty() && (windows.is_some() || matches!(keys.kind, Kind::TransposedConvolution { .. })) {
        return Err("a vector comes in, but it walks over a map; say `size` in [data]".into());
    }
    let mut weights = |form: Form, rows: usize, shape: &[usize], output: Vec<usize>| {
        let method = description.method(keys).unwrap_or_default();
        let latent = method.initial(shape, random);
        let after = after(description, rows, index + 1 == description.node.len());
        (Work::Weights(Box::new(Weights { form, rows, method, latent, after })), (output, rows))
    };
    match (&keys.kind, windows) {
        (Kind::Linear { .. }, _) if !size.is_empty() => {
            Err("a map comes in; put a node of kind \"flatten\" before it".into())
        }
        (Kind::Linear { rows, .. }, _) => Ok(weights(Form::Matrix, *rows, &[*rows, *channels], Vec::new())),
        (Kind::Convolution { filters, .. }, Some(windows)) => {
            let output = windows.output().map_err(|error| error.to_string())?;
            let shape = [*filters, windows.kernel.iter().product(), *channels];
            Ok(weights(Form::Convolution(windows), *filters, &shape, output))
        }
        (Kind::TransposedConvolution { filters, kernel, .. }, _) => {
            if kernel.len() != size.len() || kernel.iter().any(|length| !(1..=8).contains(length)) {
                let axes = size.len();
                return Err(format!(
                    "kernel = {kernel:?}: write {axes} numbers from 1 to 8, one for each axis"
                ));
            }
            let output = size.iter().zip(kernel).map(|(length, kernel)| length * kernel).collect();
            let shape = [*filters, kernel.iter().product(), *channels];
            Ok(weights(Form::Blocks(kernel.clone()), *filters, &shape, output))
        }
        (Kind::MaxPool { .. }, Some(windows)) => {
            let output = windows.output().map_err(|error| error.to_string())?;
            Ok((Work::MaxPool(windows), (output, *channels)))
        }
        (Kind::Flatten, _) => Ok((Work::Flatten, (Vec::new(), channels * size.iter().product::<usize>()))),
        (Kind::Concat | Kind::Add, _) => {
            let [_, (other, others)] = inputs else {
                return Err("it joins two nodes; write from = [\"one\", \"other\"]".into());
            };
            let is_sum = keys.kind == Kind::Add;
            if other != size || is_sum && others != channels {
                return Err(format!(
                    "it joins {size:?} of {channels} channels and {other:?} of {others}; {} must be the same",
                    if is_sum { "they" } else { "positions" }
                ));
            }
            match is_sum {
                true => Ok((Work::Add, (size.clone(), *channels))),
                false => Ok((Work::Concat, (size.clone(), channels + others))),
            }
        }
        (Kind::Convolution { .. } | Kind::MaxPool { .. }, None) => Err("it has no windows".into()),
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
            Form::Blocks(kernel) => transposed_convolution(tape, x, effective, kernel),
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

/// What stands behind a node of so many rows before the training.
fn after(description: &Description, rows: usize, is_last: bool) -> After {
    let all = |value: f32| Array::filled([rows], value);
    if is_last {
        return After::Scores { bias: all(0.0) };
    }
    let running = Statistics { mean: vec![0.0; rows], variance: vec![1.0; rows] };
    let super::description::ActivationKeys { bits, clip: rule } = description.train.activation;
    // Of normal numbers one of 700 is larger.
    let clip = Array::filled([1], 3.0);
    After::Codes { gamma: all(1.0), beta: all(0.0), running, clip, rule, bits, shares: None }
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
