//! The design's golden model on inputs, next to what another program has recorded for them.

use super::activation::ClosePair;
use super::exact::approximate;
use super::lower::{Activation, Outcome};
use super::recorded::{Recorded, recorded};
use super::request::{Imported, InMemory};
use crate::datapath::{Catalog, Datapath};
use crate::graph::{Endpoint, Network};
use crate::stream::{Tokens, Transfers};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// What was compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Frames that the golden model computed.
    pub frames: usize,
    /// Of each tensor that was recorded, in the order of the file.
    pub tensors: Vec<CheckedTensor>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckedTensor {
    pub name: String,
    /// The node of the design that gives its codes.
    pub node: String,
    /// Codes, or classes, that were compared.
    pub codes: usize,
    pub different: usize,
    /// Of those how many lie at a border that a close pair of their channel is next to.
    pub explained: usize,
    pub first: Option<Deviation>,
}

/// The first code that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deviation {
    pub frame: usize,
    pub channel: usize,
    pub position: usize,
    pub recorded: f64,
    pub exact: i64,
    /// The close pair that explains it, if one does.
    pub close: Option<ClosePair>,
}

/// A file of a check.
struct Given {
    tensors: Vec<(String, Recorded)>,
    /// Those that come in, channels innermost.
    frames: Vec<Vec<i64>>,
}

impl Check {
    /// Whether each difference is at a border that a close pair is next to.
    pub fn is_explained(&self) -> bool {
        self.tensors.iter().all(|tensor| tensor.different == tensor.explained)
    }
}

impl Imported {
    /// Runs the golden model of the design on the integers of a safetensors file, `FILE` or `FILE:TENSOR`, a tensor in the file's order, and
    /// compares what else stands in the file: tensors that are called as those after the model's quantizers, recorded as codes or as what they
    /// stand for, and the model's output or `class`. What is recorded may have fewer frames.
    ///
    /// # Errors
    /// What is wrong with the file, in a sentence.
    ///
    /// # Panics
    /// If the design cannot be loaded, which is a mistake of the import.
    pub fn check(&self, given: &str, catalog: &Catalog) -> Result<Check, String> {
        let Given { tensors, frames } = self.given(given)?;
        let outputs = self.run(&frames, catalog);
        let mut checked = Vec::new();
        for activation in &self.lowered.activations {
            let found = tensors.iter().find(|(name, _)| *name == activation.tensor);
            if let (Some((_, recorded)), Some(codes)) =
                (found, self.codes(&activation.codes, &outputs, &frames))
            {
                let outcome = Outcome {
                    tensor: activation.tensor.clone(),
                    codes: activation.codes.clone(),
                    scale: activation.scale.clone(),
                    offset: activation.offset.clone(),
                    order: activation.order.clone(),
                };
                checked.push(compared(&outcome, Some(activation), recorded, codes)?);
            }
        }
        for outcome in &self.lowered.outcomes {
            let known = checked.iter().any(|checked| checked.name == outcome.tensor);
            let found = tensors.iter().find(|(name, _)| *name == outcome.tensor).filter(|_| !known);
            if let (Some((_, recorded)), Some(codes)) = (found, self.codes(&outcome.codes, &outputs, &frames))
            {
                checked.push(compared(outcome, None, recorded, codes)?);
            }
        }
        if let Some(classes) = outputs.get("class") {
            checked.extend(self.classes(&tensors, classes));
        }
        Ok(Check { frames: frames.len(), tensors: checked })
    }

    /// The design's network, and up to `most` frames of a file, given as to [`Imported::check`], as they come in: what the hardware is
    /// simulated on.
    ///
    /// # Errors
    /// What is wrong with the file, in a sentence.
    ///
    /// # Panics
    /// If the design cannot be loaded, which is a mistake of the import.
    pub fn simulated(
        &self,
        given: &str,
        most: usize,
        catalog: &Catalog,
    ) -> Result<(Network, Transfers), String> {
        let mut frames = self.given(given)?.frames;
        frames.truncate(most);
        let network = self.network(catalog);
        let inputs = vec![Tokens::pack(&network.ports().inputs[0], &frames.concat())];
        Ok((network, inputs))
    }

    fn network(&self, catalog: &Catalog) -> Network {
        self.lowered.graph.load(catalog, &InMemory(self)).unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    /// The tensors of a file, and the frames that come in.
    fn given(&self, given: &str) -> Result<Given, String> {
        let whole = Path::new(given).is_file();
        let (path, tensor) = match given.rsplit_once(':').filter(|_| !whole) {
            Some((path, tensor)) => (path, Some(tensor)),
            None => (given, None),
        };
        let tensors = recorded(Path::new(path))?;
        let frames = self.frames(&tensors, tensor)?;
        Ok(Given { tensors, frames })
    }

    /// The frames that come in, channels innermost.
    fn frames(&self, tensors: &[(String, Recorded)], wanted: Option<&str>) -> Result<Vec<Vec<i64>>, String> {
        let (shape, ty) = &self.lowered.input;
        let values: usize = shape.iter().product();
        let fits = |tensor: &Recorded| {
            tensor.integers && tensor.shape.len() > 1 && tensor.shape[1..].iter().product::<usize>() == values
        };
        let called = |name: &str| tensors.iter().find(|(found, _)| found == name);
        let input = self.model.inputs.first().map_or("", |input| &input.name);
        let found = match wanted {
            Some(name) => called(name).filter(|(_, tensor)| fits(tensor)),
            None => called(input)
                .filter(|(_, tensor)| fits(tensor))
                .or(tensors.iter().find(|(_, tensor)| fits(tensor))),
        };
        let (name, tensor) = found.ok_or_else(|| {
            let listed: Vec<&str> = tensors.iter().map(|(name, _)| &name[..]).collect();
            format!(
                "there is no tensor of integers [frames, {shape:?}] to come in; there are {}",
                listed.join(", ")
            )
        })?;
        let range = ty.lo() as f64..=ty.hi() as f64;
        if let Some(wrong) = tensor.values.iter().find(|value| !range.contains(value)) {
            return Err(format!("tensor {name:?} holds {wrong}, but the input is {ty}"));
        }
        let channels = shape[0];
        Ok(tensor
            .values
            .chunks(values)
            .map(|frame| streamed(frame, channels).map(|value| value as i64).collect())
            .collect())
    }

    /// The frames of each stream that leaves or is probed.
    fn run(&self, frames: &[Vec<i64>], catalog: &Catalog) -> BTreeMap<String, Vec<Vec<i64>>> {
        let network = self.network(catalog);
        let network = network.probed().unwrap_or(network);
        let ports = network.ports();
        let outputs = network.golden(&vec![Tokens::pack(&ports.inputs[0], &frames.concat())]);
        let of = |(port, tokens): (&crate::stream::Port, &Tokens)| {
            let values = tokens.unpack(port);
            (port.name.clone(), values.chunks(port.frame_values()).map(<[i64]>::to_vec).collect())
        };
        ports.outputs.iter().zip(&outputs).map(of).collect()
    }

    /// The codes that pass there.
    fn codes<'o>(
        &self,
        passing: &Endpoint,
        outputs: &'o BTreeMap<String, Vec<Vec<i64>>>,
        frames: &'o [Vec<i64>],
    ) -> Option<&'o [Vec<i64>]> {
        let graph = &self.lowered.graph;
        let leaving = graph.outputs.iter().chain(&graph.probes);
        let stream = leaving.into_iter().find(|(_, from)| from == passing).map(|(name, _)| name);
        match stream {
            Some(stream) => outputs.get(stream).map(|frames| &frames[..]),
            None => (passing.node == "input").then_some(frames),
        }
    }

    /// Classes, recorded as such or as scores.
    fn classes(&self, tensors: &[(String, Recorded)], exact: &[Vec<i64>]) -> Option<CheckedTensor> {
        let output = self.model.outputs.first()?;
        let (name, recorded) = tensors.iter().find(|(name, _)| name == output || name == "class")?;
        let positions = exact.first()?.len();
        let frames = *recorded.shape.first()?;
        let classes = (recorded.values.len() / frames.max(1)).checked_div(positions)?;
        let class = |frame: &[f64], position: usize| match classes {
            1 => frame[position],
            _ => {
                let score = |class: usize| frame[class * positions + position];
                (0..classes)
                    .reduce(|best, class| if score(class) > score(best) { class } else { best })
                    .unwrap_or(0) as f64
            }
        };
        let mut checked = CheckedTensor::new(name, "class");
        for (frame, (recorded, exact)) in recorded.values.chunks(classes * positions).zip(exact).enumerate() {
            for (position, exact) in exact.iter().enumerate() {
                let recorded = class(recorded, position);
                checked.note((frame, 0, position), recorded, *exact, recorded == *exact as f64, None);
            }
        }
        Some(checked)
    }
}

/// A frame of the file's order with its channels innermost.
fn streamed(frame: &[f64], channels: usize) -> impl Iterator<Item = f64> {
    let positions = frame.len() / channels.max(1);
    (0..frame.len()).map(move |place| frame[place % channels * positions + place / channels])
}

/// Codes, of an activation or not, next to what was recorded of them: integers as codes where an activation gives them, else what they stand for.
fn compared(
    outcome: &Outcome,
    activation: Option<&Activation>,
    recorded: &Recorded,
    codes: &[Vec<i64>],
) -> Result<CheckedTensor, String> {
    let rows = outcome.order.len();
    let values = recorded.shape.get(1..).unwrap_or_default().iter().product::<usize>();
    if codes.first().is_some_and(|frame| frame.len() != values) {
        return Err(format!(
            "tensor {:?} has the shape {:?}, which is not that of the model",
            outcome.tensor, recorded.shape
        ));
    }
    let positions = values / rows.max(1);
    let line = |row: usize| {
        [outcome.scale.get(row), outcome.offset.get(row)].map(|value| approximate(&value.rounded()))
    };
    let lines: Vec<[f64; 2]> = (0..rows).map(line).collect();
    let mut checked = CheckedTensor::new(&outcome.tensor, &outcome.codes.node);
    for (frame, (recorded_frame, codes)) in recorded.values.chunks(values).zip(codes).enumerate() {
        for (place, exact) in codes.iter().enumerate() {
            let (row, position) = (place % rows, place / rows);
            let value = recorded_frame[outcome.order[row] * positions + position];
            let [scale, offset] = lines[row];
            let code = if recorded.integers && activation.is_some() {
                value
            } else {
                ((value - offset) / scale).round()
            };
            let equal = code == *exact as f64;
            let close = if equal {
                None
            } else {
                activation.and_then(|made| explaining(made, row, code as i64, *exact))
            };
            checked.note((frame, row, position), code, *exact, equal, close);
        }
    }
    Ok(checked)
}

/// A close pair of the channel at which one of both codes begins.
fn explaining(activation: &Activation, row: usize, recorded: i64, exact: i64) -> Option<ClosePair> {
    let alike = activation.staircase.channels.len() == 1;
    let near = |pair: &&ClosePair| {
        (alike || pair.channel == row) && pair.code == exact && (recorded - exact).abs() == 1
    };
    activation.margin.close.iter().find(near).cloned()
}

impl CheckedTensor {
    fn new(name: &str, node: &str) -> Self {
        Self { name: name.into(), node: node.into(), codes: 0, different: 0, explained: 0, first: None }
    }

    fn note(
        &mut self,
        (frame, channel, position): (usize, usize, usize),
        recorded: f64,
        exact: i64,
        equal: bool,
        close: Option<ClosePair>,
    ) {
        self.codes += 1;
        if equal {
            return;
        }
        self.different += 1;
        self.explained += usize::from(close.is_some());
        self.first.get_or_insert(Deviation { frame, channel, position, recorded, exact, close });
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "checked on {} frames", self.frames)?;
        if self.tensors.is_empty() {
            write!(f, "; nothing is recorded next to them")?;
        }
        for tensor in &self.tensors {
            let CheckedTensor { name, node, codes, different, explained, first } = tensor;
            write!(f, "\n  {} ({node}): {} of {codes} equal", name.escape_debug(), codes - different)?;
            let Some(Deviation { frame, channel, position, recorded, exact, close }) = first else {
                continue;
            };
            write!(
                f,
                "; the first that differs: frame {frame}, channel {channel}, position {position}: {recorded}, exactly {exact}"
            )?;
            match close {
                Some(pair) => write!(
                    f,
                    " at accumulator {}, {:.1e} steps from a border",
                    pair.accumulator, pair.distance
                )?,
                None => write!(f, ", which no close pair explains")?,
            }
            write!(f, "; {explained} of {different} are explained so")?;
        }
        Ok(())
    }
}
