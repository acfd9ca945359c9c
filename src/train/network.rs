//! The nodes of a network, with what is trained of each.

use super::array::Array;
use super::description::{Clip, Description, Kind, Origin};
use super::methods::Method;
use super::ops::{Statistics, Windows};
use rand::Rng;

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
    /// Transposed, each position one of these blocks of the map that leaves.
    Blocks(Windows),
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
            let output: Vec<usize> =
                size.iter().zip(kernel).map(|(length, kernel)| length * kernel).collect();
            let shape = [*filters, kernel.iter().product(), *channels];
            Ok(weights(Form::Blocks(Windows::blocks(output.clone(), kernel)), *filters, &shape, output))
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
