//! What became of each node of a file, for a person and for programs.

use super::activation::ClosePair;
use super::exact::approximate;
use super::lower::{Activation, Layer};
use super::request::{Imported, InMemory};
use crate::datapath::Catalog;
use crate::fold::{FoldError, FoldedNode, Target, costs};
use serde::Serialize;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub design: String,
    /// The frame that comes in, in the file's order, and its type.
    pub input: Vec<usize>,
    pub input_type: String,
    /// Accumulators at which the hardware's form is the exact staircase, over all nodes.
    pub pairs: u64,
    pub nodes: Vec<NodeReport>,
    /// Of each node of the design cycles a frame, and what it takes alone; none where no target is known.
    pub costs: Vec<FoldedNode>,
    /// Of a network without a last quantizer.
    pub scores: Option<ScoresReport>,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeReport {
    /// In the file: the node of a layer, the tensor that leaves a quantizer.
    pub name: String,
    pub op: String,
    /// The node of the design that computes it.
    pub node: String,
    pub kind: String,
    /// The least and the greatest accumulator of all channels.
    pub bounds: [i64; 2],
    /// Of an activation: `wires`, `requantize`, `thresholds`, or `outside`.
    pub form: Option<String>,
    /// Accumulators at which the form is the exact staircase: a multiplier is compared one by one; thresholds are the staircase, held against
    /// the file's meaning on both sides of each. With two scales pairs of sums.
    pub pairs: u64,
    /// The least distance of an accumulator from a border, in steps of the quantizer.
    pub margin: Option<f64>,
    /// Accumulators so close to a border that a float32 execution may decide otherwise.
    pub close: Vec<ClosePair>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoresReport {
    /// The node whose accumulators the scores are.
    pub node: String,
    /// `scale * accumulator + offset` is the score of each class.
    pub scales: Vec<f64>,
    pub offsets: Vec<f64>,
    /// The integers by which the class is decided, for all accumulators as by the scores.
    pub multipliers: Vec<i64>,
    pub biases: Vec<i64>,
    pub pairs: u64,
}

/// The most close pairs that a person is shown of a node.
const SHOWN: usize = 4;

impl Imported {
    /// What became of each node.
    pub fn report(&self) -> Report {
        let lowered = &self.lowered;
        let mut nodes: Vec<NodeReport> = lowered.layers.iter().map(layer).collect();
        nodes.extend(lowered.activations.iter().map(|made| activation(self, made)));
        let scores = lowered.scores.as_ref().map(|scores| {
            let decision = scores.decision.clone();
            ScoresReport {
                node: scores.accumulators.node.clone(),
                scales: scores.scales.iter().map(approximate).collect(),
                offsets: scores.offsets.iter().map(approximate).collect(),
                pairs: decision.as_ref().map_or(0, |decision| decision.pairs as u64),
                multipliers: decision.as_ref().map_or(Vec::new(), |decision| decision.multipliers.clone()),
                biases: decision.map_or(Vec::new(), |decision| decision.biases),
            }
        });
        let (input, ty) = &lowered.input;
        Report {
            design: self.name.clone(),
            input: input.clone(),
            input_type: ty.to_string(),
            pairs: nodes.iter().map(|node| node.pairs).sum(),
            nodes,
            costs: Vec::new(),
            scores,
            notes: lowered.notes.clone(),
        }
    }

    /// What became of each node, and what each node of the design takes: cycles a frame, and of the target by the estimate.
    ///
    /// # Errors
    /// As of [`costs`].
    pub fn report_on(&self, target: Target, catalog: &Catalog) -> Result<Report, FoldError> {
        let costs = costs(&self.lowered.graph, catalog, &InMemory(self), target)?;
        Ok(Report { costs, ..self.report() })
    }
}

fn hull(bounds: impl IntoIterator<Item = (i64, i64)>) -> [i64; 2] {
    let all = bounds.into_iter().reduce(|(lo, hi), (least, most)| (lo.min(least), hi.max(most)));
    let (lo, hi) = all.unwrap_or((0, 0));
    [lo, hi]
}

fn layer(layer: &Layer) -> NodeReport {
    NodeReport {
        name: layer.name.clone(),
        op: layer.op.clone(),
        node: layer.node.clone(),
        kind: layer.kind.clone(),
        bounds: hull(layer.bounds.iter().copied()),
        form: None,
        pairs: 0,
        margin: None,
        close: Vec::new(),
    }
}

fn activation(imported: &Imported, made: &Activation) -> NodeReport {
    let node = &made.codes.node;
    let op = imported.model.nodes.get(made.number).map_or("", |node| &node.op);
    let kind = imported
        .lowered
        .graph
        .nodes
        .iter()
        .find(|found| found.name == *node)
        .map_or("input", |node| &node.kind);
    NodeReport {
        name: made.tensor.clone(),
        op: op.into(),
        node: node.clone(),
        kind: kind.into(),
        bounds: hull(made.staircase.channels.iter().map(|stairs| stairs.bounds)),
        form: Some(made.form.name().into()),
        pairs: u64::try_from(made.pairs).unwrap_or(u64::MAX),
        margin: made.margin.least,
        close: made.margin.close.clone(),
    }
}

impl fmt::Display for Report {
    /// A node's cost stands where it is first named; nodes that only move integers come after all others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {:?} of {} come in", self.design, self.input, self.input_type)?;
        let mut costs: Vec<&FoldedNode> = self.costs.iter().collect();
        for node in &self.nodes {
            let [lo, hi] = node.bounds;
            write!(
                f,
                "  {} ({}) -> {} ({}), {lo} to {hi}",
                node.name.escape_debug(),
                node.op,
                node.node,
                node.kind
            )?;
            if let Some(form) = &node.form {
                write!(f, "; {form}, equal at {} accumulators", node.pairs)?;
            }
            if let Some(margin) = node.margin {
                write!(f, "; closest to a border: {margin:.3e} steps")?;
            }
            if let Some(place) = costs.iter().position(|cost| cost.name == node.node) {
                write!(f, "; {}", costs.remove(place).cost())?;
            }
            writeln!(f)?;
            for pair in node.close.iter().take(SHOWN) {
                let ClosePair { channel, accumulator, distance, border, .. } = pair;
                writeln!(
                    f,
                    "    channel {channel}, accumulator {accumulator}: {distance:.1e} from {border} steps"
                )?;
            }
            if node.close.len() > SHOWN {
                writeln!(
                    f,
                    "    and {} more pairs where float32 may decide otherwise (--json lists them)",
                    node.close.len() - SHOWN
                )?;
            }
        }
        for cost in costs {
            writeln!(f, "  {} ({}); {}", cost.name, cost.kind, cost.cost())?;
        }
        if let Some(scores) = &self.scores {
            let classes = scores.scales.len();
            writeln!(
                f,
                "  {classes} scores of {}: decided by integers, equal for {} pairs of accumulators",
                scores.node, scores.pairs
            )?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        write!(f, "{} accumulators, all equal", self.pairs)
    }
}
