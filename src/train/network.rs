//! A chain of nodes with what is trained of each, and its pass over a batch.

use super::array::Array;
use super::data::Frames;
use super::description::{Clip, Description, Kind};
use super::methods::Method;
use super::ops::{
    Statistics, Windows, batch_norm, clipped, convolution, flatten, linear, max_pool, normalized, plus,
};
use super::tape::{Tape, Var};
use rand::Rng;

/// The smallest number at which a quantizer clips.
const LEAST_CLIP: f32 = 1e-3;

/// The part that a new batch has in running means.
const NEWEST: f32 = 0.1;

/// Which share of the numbers above 0 a percentile clip keeps.
const SHARE: f64 = 0.999;

/// A node of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub name: String,
    pub work: Work,
    /// What comes in: positions, none of a vector, and channels.
    pub input: (Vec<usize>, usize),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// A matrix or a convolution, by its windows.
    Weights(Box<Weights>),
    MaxPool(Windows),
    Flatten,
}

/// A node with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub windows: Option<Windows>,
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

/// What a batch norm saw of a batch, and where a percentile clip would clip it.
pub type Seen = (Statistics<f32>, Option<f32>);

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
        let positions: usize = description.data.size.iter().product();
        if !length.is_multiple_of(positions) {
            return Err((
                0,
                format!(
                    "a frame has {length} integers, which are no channels of size = {:?}",
                    description.data.size
                ),
            ));
        }
        let (mut size, mut channels) = (description.data.size.clone(), length / positions);
        let mut nodes = Vec::new();
        for (index, keys) in description.node.iter().enumerate() {
            let wrong = |why: String| (index, format!("node {:?}: {why}", keys.name));
            let windows = keys.kind.windows(&size).map_err(wrong)?;
            let input = (size.clone(), channels);
            let is_last = index + 1 == description.node.len();
            let work = match (&keys.kind, description.method(keys)) {
                (Kind::Linear { rows, .. } | Kind::Convolution { filters: rows, .. }, Some(method)) => {
                    let shape = match &windows {
                        None if !size.is_empty() => {
                            return Err(wrong(
                                "a map comes in; put a node of kind \"flatten\" before it".into(),
                            ));
                        }
                        None => vec![*rows, channels],
                        Some(windows) => vec![*rows, windows.kernel.iter().product(), channels],
                    };
                    let latent = method.initial(&shape, random);
                    let after = after(description, *rows, is_last);
                    Work::Weights(Box::new(Weights {
                        windows: windows.clone(),
                        rows: *rows,
                        method,
                        latent,
                        after,
                    }))
                }
                (Kind::Flatten, _) => Work::Flatten,
                (_, _) => Work::MaxPool(windows.clone().ok_or_else(|| wrong("it has no windows".into()))?),
            };
            if size.is_empty() && windows.is_some() {
                return Err(wrong("a vector comes in, but it walks over a map; say `size` in [data]".into()));
            }
            (size, channels) = match (&work, windows) {
                (Work::Flatten, _) => (Vec::new(), channels * size.iter().product::<usize>()),
                (Work::Weights(weights), None) => (Vec::new(), weights.rows),
                (work, Some(windows)) => {
                    let output = windows.output().map_err(|error| wrong(error.to_string()))?;
                    (output, if let Work::Weights(weights) = work { weights.rows } else { channels })
                }
                (Work::MaxPool(_), None) => (size, channels),
            };
            nodes.push(Node { name: keys.name.clone(), work, input });
        }
        Ok(Self { nodes })
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
                After::Codes { gamma, beta, clip, .. } => {
                    note("gamma".into(), gamma, false);
                    note("beta".into(), beta, false);
                    note("clip".into(), clip, false);
                }
                After::Scores { bias } => note("bias".into(), bias, false),
            }
        }
        all
    }

    /// The scores of frames `[count, integers]`.
    pub fn pass(&self, frames: &[&[i64]], divisor: f32, mode: Mode) -> Pass {
        let mut tape = Tape::new();
        let values =
            frames.iter().flat_map(|frame| frame.iter().map(|value| *value as f32 / divisor)).collect();
        let (size, channels) = self.nodes.first().map_or((Vec::new(), 1), |node| node.input.clone());
        let mut x = tape.constant(Array::new([&[frames.len()], &size[..], &[channels]].concat(), values));
        let (mut parameters, mut outputs, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        for node in &self.nodes {
            x = match &node.work {
                Work::Flatten => flatten(&mut tape, x),
                Work::MaxPool(windows) => max_pool(&mut tape, x, windows),
                Work::Weights(weights) => {
                    let (vars, y, statistics) = weights.pass(&mut tape, x, mode);
                    parameters.extend(vars);
                    seen.extend(statistics);
                    y
                }
            };
            outputs.push(x);
        }
        Pass { tape, scores: x, parameters, outputs, seen }
    }

    /// Takes the statistics of a batch into the running ones, and keeps clips above 0.
    pub fn settle(&mut self, seen: Vec<Seen>) {
        let afters = self.nodes.iter_mut().filter_map(|node| match &mut node.work {
            Work::Weights(weights) => Some(&mut weights.after),
            _ => None,
        });
        let codes = afters.filter_map(|after| match after {
            After::Codes { running, clip, .. } => Some((running, clip)),
            After::Scores { .. } => None,
        });
        for ((running, clip), (batch, percentile)) in codes.zip(seen) {
            let blend = |old: &mut f32, new: f32| *old += NEWEST * (new - *old);
            running.mean.iter_mut().zip(batch.mean).for_each(|(old, new)| blend(old, new));
            running.variance.iter_mut().zip(batch.variance).for_each(|(old, new)| blend(old, new));
            if let Some(percentile) = percentile {
                blend(&mut clip.values[0], percentile);
            }
            clip.values[0] = clip.values[0].max(LEAST_CLIP);
        }
    }

    /// Frames whose largest score is that of their class; of equals the first one is taken.
    pub fn right(&self, frames: &Frames, divisor: f32, mode: Mode) -> usize {
        const AT_ONCE: usize = 256;
        let places: Vec<usize> = (0..frames.count()).collect();
        let of = |places: &[usize]| {
            let batch: Vec<&[i64]> = places.iter().map(|place| frames.frame(*place)).collect();
            let pass = self.pass(&batch, divisor, mode);
            let scores = pass.tape.value(pass.scores);
            let classes = scores.values.chunks_exact(scores.channels()).map(super::methods::slb::largest);
            classes.zip(places).filter(|(class, place)| *class == frames.labels[**place]).count()
        };
        places.chunks(AT_ONCE).map(of).sum()
    }
}

impl Weights {
    /// Its parameters, what leaves it, and what it saw.
    fn pass(&self, tape: &mut Tape<f32>, x: Var, mode: Mode) -> (Vec<Var>, Var, Option<Seen>) {
        let (Mode::Train { done, epochs } | Mode::Evaluate { done, epochs }) = mode;
        let mut vars: Vec<Var> = self.latent.iter().map(|latent| tape.parameter(latent.clone())).collect();
        let effective = self.method.weights(tape, &vars, done, epochs);
        let sums = match &self.windows {
            Some(windows) => convolution(tape, x, effective, windows),
            None => linear(tape, x, effective),
        };
        match &self.after {
            After::Scores { bias } => {
                let bias = tape.parameter(bias.clone());
                vars.push(bias);
                (vars, plus(tape, sums, bias), None)
            }
            After::Codes { gamma, beta, running, clip, rule, bits } => {
                let [g, b] = [gamma, beta].map(|value| tape.parameter(value.clone()));
                let (normal, seen) = match mode {
                    Mode::Train { .. } => {
                        let (normal, statistics) = batch_norm(tape, sums, g, b);
                        let percentile =
                            (*rule == Clip::Percentile).then(|| percentile(&tape.value(normal).values));
                        (normal, Some((statistics, percentile)))
                    }
                    Mode::Evaluate { .. } => (normalized(tape, sums, (gamma, beta), running), None),
                };
                let clip = match rule {
                    Clip::Learned => tape.parameter(clip.clone()),
                    Clip::Percentile => tape.constant(clip.clone()),
                };
                vars.extend([g, b, clip]);
                (vars, clipped(tape, normal, clip, *bits), seen)
            }
        }
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
    After::Codes { gamma: all(1.0), beta: all(0.0), running, clip, rule, bits }
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
