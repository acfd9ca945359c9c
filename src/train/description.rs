//! The training file: data, method, schedule, and the nodes whose weights are trained.

use super::error::TrainError;
use super::methods::{Method, Pruning};
use super::ops::{Windows, WindowsError};
use super::optimizer::{Optimizer, Schedule};
use crate::design::{Problem, Text, of_toml};
use crate::import::InputMeaning;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// A training file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Also the design's.
    pub name: String,
    pub board: Option<String>,
    pub frequency_mhz: Option<f64>,
    pub data: DataKeys,
    pub train: TrainKeys,
    /// Nodes of a design file through which frames come before the network sees them.
    #[serde(default)]
    pub front: Vec<toml::Table>,
    pub node: Vec<NodeKeys>,
}

/// The table `[data]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataKeys {
    pub train: Labelled,
    /// Never used to choose anything: it is looked at once, at the end.
    pub test: Option<Labelled>,
    /// The integers that come into the network and what they are divided by: `u5/16`.
    pub input: String,
    /// The positions of a frame, one to three axes; none of a vector.
    #[serde(default)]
    pub size: Vec<usize>,
}

/// Frames and the class of each; relative to the training file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labelled {
    pub file: String,
    /// The tensor of integers, frames first.
    pub frames: String,
    /// The tensor of classes: one a frame, or one for each position that leaves.
    pub labels: String,
    /// Where both tensors are one large map: from where to where along each of its axes. The frames are the blocks of `size` in there, next to each
    /// other; a rest that is no whole block is left out.
    pub blocks: Option<Vec<[usize; 2]>>,
}

/// The table `[train]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainKeys {
    /// Of all nodes that name none.
    #[serde(default)]
    pub method: Method,
    pub epochs: usize,
    pub batch: usize,
    pub rate: f64,
    #[serde(default)]
    pub optimizer: Optimizer,
    #[serde(default)]
    pub schedule: Schedule,
    /// The part of the training in which the rate rises.
    #[serde(default)]
    pub warmup: f64,
    #[serde(default)]
    pub weight_decay: f64,
    /// The part of the frames that is not trained on.
    pub validation: f64,
    /// Of the gradients of every layer but the last.
    pub prune: Option<Pruning>,
    #[serde(default)]
    pub activation: ActivationKeys,
    #[serde(default = "one")]
    pub seed: u64,
}

fn one() -> u64 {
    1
}

/// The quantizers between layers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActivationKeys {
    /// 1 to 8.
    pub bits: u32,
    pub clip: Clip,
}

impl Default for ActivationKeys {
    fn default() -> Self {
        Self { bits: 4, clip: Clip::Learned }
    }
}

/// Where a quantizer clips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clip {
    /// By its gradient (PACT).
    Learned,
    /// At what 99.9 % of the numbers above 0 do not exceed, in the running mean over batches.
    Percentile,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeKeys {
    pub name: String,
    /// The node before it, if it is not said.
    pub from: Option<Feed>,
    #[serde(flatten)]
    pub kind: Kind,
}

/// One node, or the two that are joined, by name; `input` is the frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Feed {
    One(String),
    Several(Vec<String>),
}

impl Feed {
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// Where a node takes what comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Frame,
    Node(usize),
}

/// The name of the frame.
const FRAME: &str = "input";

/// What a node computes. The last one gives the scores of the classes, of a frame or of each position, and has a bias; behind each other one with
/// weights stand a batch norm and a quantizer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// `y = W x`
    Linear { rows: usize, method: Option<Method> },
    Convolution {
        filters: usize,
        kernel: Vec<usize>,
        #[serde(default)]
        stride: Option<Vec<usize>>,
        #[serde(default)]
        padding: Option<Vec<usize>>,
        method: Option<Method>,
    },
    /// Each position becomes a block of `kernel` positions: the stride is the kernel.
    TransposedConvolution { filters: usize, kernel: Vec<usize>, method: Option<Method> },
    MaxPool {
        kernel: Vec<usize>,
        #[serde(default)]
        stride: Option<Vec<usize>>,
    },
    /// Positions and channels as channels.
    Flatten,
    /// The channels of one map behind those of another. The quantizers before it share a step.
    Concat,
    /// The sum of two maps, of codes of one step.
    Add,
}

impl Kind {
    /// The key of its rows of weights, how many there are, and the method that it names; none of kinds without weights.
    pub fn weights(&self) -> Option<(&'static str, usize, Option<Method>)> {
        match self {
            Self::Linear { rows, method } => Some(("rows", *rows, *method)),
            Self::Convolution { filters, method, .. }
            | Self::TransposedConvolution { filters, method, .. } => Some(("filters", *filters, *method)),
            Self::MaxPool { .. } | Self::Flatten | Self::Concat | Self::Add => None,
        }
    }

    /// The windows of a convolution or a pool over a map of `size`; none of other kinds.
    ///
    /// # Errors
    /// In a sentence, if they do not fit the map.
    pub fn windows(&self, size: &[usize]) -> Result<Option<Windows>, String> {
        let (kernel, stride, padding) = match self {
            Self::Convolution { kernel, stride, padding, .. } => (kernel, stride.clone(), padding.clone()),
            // Windows next to each other.
            Self::MaxPool { kernel, stride } => (kernel, stride.clone().or(Some(kernel.clone())), None),
            Self::Linear { .. }
            | Self::TransposedConvolution { .. }
            | Self::Flatten
            | Self::Concat
            | Self::Add => return Ok(None),
        };
        let stride = stride.unwrap_or(vec![1; kernel.len()]);
        let padding = padding.unwrap_or(vec![0; kernel.len()]);
        for (key, list) in [("kernel", kernel), ("stride", &stride), ("padding", &padding)] {
            let least = usize::from(key != "padding");
            if list.len() != size.len() || list.iter().any(|length| !(least..=64).contains(length)) {
                return Err(format!(
                    "{key} = {list:?}: write {} numbers from {least} to 64, one for each axis",
                    size.len()
                ));
            }
        }
        let windows = Windows { size: size.into(), kernel: kernel.clone(), stride, padding };
        windows.output().map_err(|error: WindowsError| error.to_string())?;
        Ok(Some(windows))
    }
}

impl Description {
    /// The training file at `path`.
    ///
    /// # Errors
    /// That it cannot be read, or all that is wrong with it, each with its line.
    pub fn read(path: &Path) -> Result<Self, TrainError> {
        let raw = fs::read_to_string(path)
            .map_err(|source| TrainError::Unreadable { path: path.into(), source })?;
        Self::parse(&raw).map_err(|problems| TrainError::Wrong { path: path.into(), problems })
    }

    /// The training file of this text.
    ///
    /// # Errors
    /// All that is wrong with it, each with its line.
    pub fn parse(raw: &str) -> Result<Self, Vec<Problem>> {
        let text = Text::parse(raw).map_err(|problem| vec![problem])?;
        let description: Self = toml::from_str(raw).map_err(|error| vec![of_toml(raw, &error)])?;
        let problems: Vec<Problem> =
            description.faults().into_iter().map(|(key, why)| text.problem(&key, why)).collect();
        if problems.is_empty() { Ok(description) } else { Err(problems) }
    }

    /// What is wrong at a key of the file of this text.
    pub fn problem(raw: &str, key: &str, why: impl std::fmt::Display) -> Problem {
        match Text::parse(raw) {
            Ok(text) => text.problem(key, why),
            Err(problem) => problem,
        }
    }

    /// What is out of its range: the key, and a sentence.
    fn faults(&self) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        let mut require = |holds: bool, key: &str, why: String| {
            if !holds {
                faults.push((key.to_owned(), why));
            }
        };
        let TrainKeys { epochs, batch, rate, warmup, weight_decay, validation, activation, .. } = &self.train;
        if let Some(why) = crate::graph::name_fault(&self.name) {
            require(false, "name", format!("name = {why}"));
        }
        if let Err(why) = InputMeaning::parse(&self.data.input) {
            require(false, "data.input", format!("input: {why}"));
        }
        require(
            self.data.size.len() <= 3,
            "data.size",
            format!("size = {:?}: a frame has up to three axes of positions", self.data.size),
        );
        require(
            (1..=100_000).contains(epochs),
            "train.epochs",
            format!("epochs = {epochs}: write 1 to 100000"),
        );
        require(
            (2..=1 << 16).contains(batch),
            "train.batch",
            format!(
                "batch = {batch}: a batch norm needs 2 frames or more, and at most 65536 are taken at once"
            ),
        );
        require(
            *rate > 0.0 && *rate <= 100.0,
            "train.rate",
            format!("rate = {rate}: a rate is above 0; 0.1 is usual for sgd, 0.001 for adam"),
        );
        require(
            (0.0..1.0).contains(warmup),
            "train.warmup",
            format!("warmup = {warmup}: it is a part of the training, from 0 to below 1"),
        );
        require(
            (0.0..=1.0).contains(weight_decay),
            "train.weight_decay",
            format!("weight_decay = {weight_decay}: write 0 to 1; 1e-4 is usual"),
        );
        require(
            *validation > 0.0 && *validation <= 0.9,
            "train.validation",
            format!(
                "validation = {validation}: a part of the frames, above 0 and at most 0.9, is kept for validation; 0.2 is usual"
            ),
        );
        require(
            (1..=8).contains(&activation.bits),
            "train.activation.bits",
            format!("bits = {}: codes between layers have 1 to 8 bits", activation.bits),
        );
        if let Optimizer::Sgd { momentum } = self.train.optimizer {
            require(
                (0.0..1.0).contains(&momentum),
                "train.optimizer.momentum",
                format!("momentum = {momentum}: it is from 0 to below 1"),
            );
        }
        if let Some(Err((key, why))) = self.train.prune.as_ref().map(Pruning::check) {
            require(false, &format!("train.prune.{key}"), why);
        }
        if let Err((key, why)) = self.train.method.check() {
            require(false, &format!("train.method.{key}"), why);
        }
        let last = self.node.len().saturating_sub(1);
        require(
            self.classes().is_some(),
            &format!("node[{last}]"),
            "the last node gives the scores of the classes; let it be of kind \"linear\" with a row, or \"convolution\" with a filter, for each \
             class"
                .into(),
        );
        for (index, node) in self.node.iter().enumerate() {
            let key = |key: &str| format!("node[{index}].{key}");
            if let Some(why) = crate::graph::name_fault(&node.name) {
                require(false, &key("name"), format!("name = {why}"));
            }
            let taken = self.node[..index].iter().any(|other| other.name == node.name);
            require(!taken, &key("name"), format!("name = {:?}: another node is called so", node.name));
            for name in node.from.iter().flat_map(Feed::names) {
                let is_before = name == FRAME || self.node[..index].iter().any(|other| other.name == *name);
                let why = format!("from: there is no node {name:?} before this one; `{FRAME}` is the frame");
                require(is_before, &key("from"), why);
            }
            let joins = usize::from(matches!(node.kind, Kind::Concat | Kind::Add)) + 1;
            let fed = node.from.as_ref().map_or(1, |from| from.names().len());
            let why = match joins {
                1 => format!("from names {fed} nodes; write one"),
                _ => "it joins two nodes; write from = [\"one\", \"other\"]".into(),
            };
            require(fed == joins, &key("from"), why);
            let Some((name, count, method)) = node.kind.weights() else { continue };
            require((1..=4096).contains(&count), &key(name), format!("{name} = {count}: write 1 to 4096"));
            if let Some(Err((name, why))) = method.as_ref().map(Method::check) {
                require(false, &key(&format!("method.{name}")), why);
            }
        }
        faults
    }

    /// How the weights of a node are trained: none where it has none.
    pub fn method(&self, node: &NodeKeys) -> Option<Method> {
        node.kind.weights().map(|(_, _, method)| method.unwrap_or(self.train.method))
    }

    /// How many classes the last node gives scores of; none where it gives no scores.
    pub fn classes(&self) -> Option<usize> {
        match self.node.last()?.kind {
            Kind::Linear { rows, .. } => Some(rows),
            Kind::Convolution { filters, .. } => Some(filters),
            _ => None,
        }
    }

    /// Where node `index` takes what comes in.
    pub fn sources(&self, index: usize) -> Vec<Origin> {
        let node = |name: &String| {
            let found = self.node[..index].iter().position(|node| node.name == *name);
            found.map_or(Origin::Frame, Origin::Node)
        };
        match &self.node[index].from {
            Some(from) => from.names().iter().map(node).collect(),
            None => vec![index.checked_sub(1).map_or(Origin::Frame, Origin::Node)],
        }
    }
}
