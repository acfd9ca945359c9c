//! What a training leaves: a design with its tensors, and figures.

use super::data::Frames;
use super::error::TrainError;
use super::export::{code_of, model, with_patterns};
use super::integers::{Integers, Ran, WholeWork};
use super::methods::Method;
use super::network::Work;
use super::pass::Mode;
use super::trainer::{Epoch, Trainer};
use crate::datapath::{Catalog, Source, Tensor};
use crate::design::{Accuracy, to_safetensors};
use crate::graph::{Endpoint, Graph};
use crate::import::exact::approximate;
use crate::import::{Lowered, Wishes, lower};
use rayon::prelude::*;
use serde::Serialize;
use std::fmt;
use toml::{Table, Value};

/// A trained network as a design.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The text of the design file.
    pub design: String,
    /// The name of the file of tensors that it reads, next to it, and its bytes.
    pub tensors: (String, Vec<u8>),
    pub figures: Figures,
}

/// What came of a training.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub design: String,
    pub seed: u64,
    pub frames: Parts<usize>,
    pub epochs: Vec<Epoch>,
    /// Of the validation part in float32, as it was trained.
    pub float_accuracy: Accuracy,
    /// Of the integers of the design.
    pub accuracy: Parts<Accuracy>,
    pub nodes: Vec<NodeFigures>,
    /// Accumulators at which the hardware's form is the exact staircase, over all quantizers.
    pub pairs: u128,
}

/// Of the parts of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Parts<T> {
    pub train: T,
    pub validation: T,
    pub test: Option<T>,
}

/// A node with weights.
#[derive(Clone, Debug, Serialize)]
pub struct NodeFigures {
    pub name: String,
    pub method: Method,
    /// Its kind in the design.
    pub kind: String,
    pub weights: usize,
    /// Weights that are not 0.
    pub kept: usize,
    /// What holds the integer of a weight.
    pub bits: u32,
}

/// The tensors of a design that is in no file yet.
struct InMemory<'t>(&'t [(String, Tensor)]);

impl Source for InMemory<'_> {
    fn tensor(&self, _: &str, name: Option<&str>) -> Result<Tensor, String> {
        let found = self.0.iter().find(|(found, _)| Some(&found[..]) == name);
        found.map(|(_, tensor)| tensor.clone()).ok_or_else(|| format!("there is no tensor {name:?}"))
    }
}

impl Trainer {
    /// The design of the network as it is now. Its data is the test part, or the validation part where there is none; what is expected of it is
    /// computed by [`Integers`], apart from the design.
    ///
    /// # Errors
    /// If the network becomes no design: what import says of it, or an integer of the design that is not the trainer's.
    pub fn outcome(&self, catalog: &Catalog) -> Result<Outcome, TrainError> {
        let name = &self.description.name;
        let file = format!("{name}.safetensors");
        let integers = Integers::of(&self.network, self.data.divisor);
        let wishes = Wishes { shape: None, input: Some(self.data.meaning.clone()) };
        let refused = |problems: Vec<_>| {
            TrainError::NoDesign(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        };
        let mut lowered =
            lower(&model(&integers, &self.network), &wishes, catalog, &file).map_err(refused)?;
        with_patterns(&mut lowered.graph, &lowered.layers, &self.network);
        if let Some(front) = &self.front {
            lowered.graph = front.before(lowered.graph);
        }
        if let Err(errors) = lowered.graph.load(catalog, &InMemory(&lowered.tensors)) {
            return Err(TrainError::NoDesign(
                errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            ));
        }
        let shown = self.data.test.as_ref().unwrap_or(&self.data.validation);
        let run = |place: usize| integers.run(shown.frame(place));
        let ran: Vec<Ran> = (0..shown.count()).into_par_iter().map(run).collect();
        let expected = expected(&lowered, &ran)?;
        let design = self.design(&lowered.graph, &file, &expected);
        let classes = ran.iter().flat_map(|ran| &ran.classes).map(|class| *class as i64);
        let figures = self.figures(&lowered, &integers, shown.accuracy(&classes.collect::<Vec<_>>()));
        let mut tensors = lowered.tensors;
        tensors.extend(data(shown));
        tensors.extend(expected.into_iter().map(|(stream, tensor)| (tensor_of(&stream), tensor)));
        Ok(Outcome { design, tensors: (file, to_safetensors(&tensors)), figures })
    }

    /// The text of the design file.
    fn design(&self, graph: &Graph, file: &str, expected: &[(String, Tensor)]) -> String {
        let named = |tensor: &str| {
            let keys = [("file", file), ("tensor", tensor)];
            Table::from_iter(keys.map(|(key, value)| (key.to_owned(), Value::from(value))))
        };
        let mut root = Table::new();
        root.insert("name".into(), self.description.name.clone().into());
        if let Some(board) = &self.description.board {
            root.insert("board".into(), board.clone().into());
        }
        if let Some(mhz) = self.description.frequency_mhz {
            root.insert("frequency_mhz".into(), mhz.into());
        }
        root.insert("input".into(), named(FRAMES).into());
        let streams = expected.iter().map(|(stream, _)| (stream.clone(), named(&tensor_of(stream)).into()));
        root.insert("expected".into(), Value::Table(streams.collect()));
        let mut labels = named(LABELS);
        labels.insert("stream".into(), "class".into());
        root.insert("labels".into(), labels.into());
        root.extend(graph.to_table());
        let text = toml::to_string(&root).expect("tables of TOML are TOML");
        format!(
            "# Trained by `ternlet train`, seed {}. What is expected of the data was computed by the trainer's own integers.\n{text}",
            self.seed
        )
    }

    /// `shown` is the accuracy on the test part, or on the validation part where there is none.
    fn figures(&self, lowered: &Lowered, integers: &Integers, shown: Accuracy) -> Figures {
        let data = &self.data;
        let (validation, test) = match data.test {
            Some(_) => (integers.accuracy(&data.validation), Some(shown)),
            None => (shown, None),
        };
        let epochs = self.description.train.epochs;
        let done = self.history.len() as f64 / epochs as f64;
        let nodes = self.network.nodes.iter().zip(&integers.nodes).filter_map(|(node, whole)| {
            let (Work::Weights(weights), WholeWork::Weights { codes, .. }) = (&node.work, &whole.work) else {
                return None;
            };
            let layer = lowered.layers.iter().find(|layer| layer.name == node.name);
            Some(NodeFigures {
                name: node.name.clone(),
                method: weights.method,
                kind: layer.map_or_else(String::new, |layer| layer.kind.clone()),
                weights: codes.values.len(),
                kept: codes.values.iter().filter(|code| **code != 0).count(),
                bits: weights.method.bits(),
            })
        });
        let mode = Mode::Evaluate { done, epochs };
        let classes = self.network.classes(&data.validation, data.divisor, mode);
        Figures {
            design: self.description.name.clone(),
            seed: self.seed,
            frames: Parts {
                train: data.train.count(),
                validation: data.validation.count(),
                test: data.test.as_ref().map(Frames::count),
            },
            epochs: self.history.clone(),
            float_accuracy: data.validation.accuracy(&classes),
            accuracy: Parts { train: integers.accuracy(&data.train), validation, test },
            nodes: nodes.collect(),
            pairs: lowered.activations.iter().map(|activation| activation.pairs).sum(),
        }
    }
}

const FRAMES: &str = "data.frames";
const LABELS: &str = "data.labels";

fn tensor_of(stream: &str) -> String {
    format!("expected.{stream}")
}

fn data(frames: &Frames) -> [(String, Tensor); 2] {
    let seen = Tensor { shape: vec![frames.count(), frames.length], values: frames.integers.clone() };
    let labels = frames.labels.iter().map(|label| *label as i64).collect();
    [
        (FRAMES.into(), frames.raw.clone().unwrap_or(seen)),
        (LABELS.into(), Tensor { shape: vec![frames.count(), frames.labels_each()], values: labels }),
    ]
}

/// What each stream of the design must give for these frames: the codes of each quantizer, the scores, the class.
fn expected(lowered: &Lowered, ran: &[Ran]) -> Result<Vec<(String, Tensor)>, TrainError> {
    let stream = |from: &Endpoint| {
        let all = lowered.graph.outputs.iter().chain(&lowered.graph.probes);
        all.into_iter().find(|(_, found)| found == from).map(|(name, _)| name.clone())
    };
    let tensor = |rows: Vec<Vec<i64>>| Tensor {
        shape: vec![rows.len(), rows.first().map_or(0, Vec::len)],
        values: rows.concat(),
    };
    let mut expected = Vec::new();
    for (index, (node, _)) in ran.first().map_or(&[][..], |first| &first.codes).iter().enumerate() {
        let made = lowered.activations.iter().find(|activation| activation.tensor == code_of(node));
        if let Some(stream) = made.and_then(|activation| stream(&activation.codes)) {
            expected.push((stream, tensor(ran.iter().map(|ran| ran.codes[index].1.clone()).collect())));
        }
    }
    let scores = ran.iter().map(|ran| score(lowered, ran)).collect::<Result<_, _>>()?;
    expected.push(("score".into(), tensor(scores)));
    let classes = |ran: &Ran| ran.classes.iter().map(|class| *class as i64).collect();
    expected.push(("class".into(), tensor(ran.iter().map(classes).collect())));
    Ok(expected)
}

/// The scores as integers of the design: the trainer's sums in the units of the design's accumulators, by the integers that decide.
fn score(lowered: &Lowered, ran: &Ran) -> Result<Vec<i64>, TrainError> {
    let Some(scores) = &lowered.scores else { return Ok(ran.accumulators.clone()) };
    let Some(decision) = &scores.decision else {
        return Err(TrainError::NoDesign(
            "no integers of 31 bits decide as its scores do; take fewer bits of weights".into(),
        ));
    };
    let rows = scores.scales.len();
    let row = |(place, sum): (usize, &f64)| {
        let row = place % rows;
        let accumulator = sum / approximate(&scores.scales[row]);
        let whole = accumulator.round();
        if (accumulator - whole).abs() > 1e-3 {
            return Err(TrainError::NoDesign(format!(
                "score {row} is {accumulator} of its accumulator's units, no integer: this is a fault of ternlet"
            )));
        }
        Ok(decision.multipliers[row] * whole as i64 + decision.biases[row])
    };
    ran.sums.iter().enumerate().map(row).collect()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, seed, frames, epochs, float_accuracy, accuracy, nodes, pairs } = self;
        write!(f, "{design}: {} epochs over {} frames, seed {seed}", epochs.len(), frames.train)?;
        if let Some(last) = epochs.last() {
            write!(f, "; the loss is {:.4}", last.loss)?;
        }
        for NodeFigures { name, method, kind, weights, kept, bits } in nodes {
            let method = toml::Value::try_from(method)
                .ok()
                .and_then(|value| Some(value.get("kind")?.as_str()?.to_owned()));
            let density = 100.0 * *kept as f64 / (*weights).max(1) as f64;
            write!(
                f,
                "\n  {name}: {kind}, {}, {weights} weights of {bits} bits, {density:.1} % not 0",
                method.unwrap_or_default()
            )?;
        }
        if nodes.iter().any(|node| node.method.pattern().is_some()) {
            let sad = epochs.last().map_or(0, |epoch| epoch.sad);
            write!(f, "\n  the masks changed at {sad} places in the last epoch (SAD)")?;
        }
        write!(
            f,
            "\n  right: {} of the validation in float32, {} in integers",
            float_accuracy, accuracy.validation
        )?;
        if let Some(test) = &accuracy.test {
            write!(f, "\n         {test} of the test in integers")?;
        }
        write!(f, "\n  the integers are exact at all {pairs} accumulators of the quantizers")
    }
}
