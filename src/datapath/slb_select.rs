//! The quantized weight of each set of scores over a codebook: `v[argmax scores]`.
//!
//! Source: SLB, searching for low-bit weights (arXiv 2009.08695): where the temperature has fallen, the softmax
//! of a weight's scores is the one-hot choice of the largest, so no softmax is computed. Equal scores choose the first, as
//! `argmax` of numpy and PyTorch do.

use super::codebook::Codebook;
use super::config::{Config, ConfigError, IntType, Problems};
use super::requantize::one;
use super::tail::zero_tail;
use super::tensor::Source;
use super::{Datapath, LaneStream, argmax};
use crate::blocks::{Ties, first_largest};
use crate::hdl::{Module, Range, Signal, Timing};
use crate::stream::timeline::{Channel, Fork, Timeline};
use crate::stream::{Pace, Port, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlbSelectConfig {
    /// Weights in a frame.
    pub weights: usize,
    /// Weights a beat, each with all its scores.
    #[serde(default = "one")]
    pub lanes: usize,
    /// What weights may be.
    pub codebook: Codebook,
    /// The type of the scores.
    pub score: IntType,
}

/// A choice from a codebook for each weight.
pub struct SlbSelect {
    weights: usize,
    lanes: usize,
    codebook: Vec<i64>,
    score: IntType,
}

impl Config for SlbSelectConfig {
    const KIND: &'static str = "slb_select";
    const SUMMARY: &'static str =
        "the codebook's integer with the largest score, and its index, for each weight";
    const EXAMPLE: &'static str = r#"# Two-bit weights from their scores over -3, -1, 1, 3: one weight a cycle.
name = "my_slb_select"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "slb_select"
weights = 16        # weights in a frame
lanes = 1           # weights in a beat, each with a score for every integer of the codebook
codebook = "odd2"   # "binary", "ternary", "odd2", "odd3", "odd4", or a list such as [-4, -1, 0, 1, 4]
score = "s8"        # the type of the scores: u or s, and 1 to 32 bits
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { weights, lanes, codebook, score } = self;
        let mut problems = Problems::default();
        let sound = (1..=1 << 16).contains(&weights);
        problems.require(sound, "weights", weights, "a frame has 1 to 65536 weights", "write 1 to 65536");
        let why = "a beat has 1 to `weights` lanes";
        let help = format!("write 1 to {weights}");
        problems.require((1..=weights).contains(&lanes), "lanes", lanes, why, help);
        let codebook = codebook.resolve(&mut problems);
        problems.finish(|| Box::new(SlbSelect { weights, lanes, codebook, score }) as Box<dyn Datapath>)
    }
}

impl Datapath for SlbSelect {
    fn kind(&self) -> &'static str {
        SlbSelectConfig::KIND
    }

    fn doc(&self) -> String {
        let Self { weights, lanes, codebook, score } = self;
        format!(
            "for each of {weights} weights, {lanes} a beat, the place of its largest score ({score}, the first of equals) and \
             the integer of {codebook:?} at that place"
        )
    }

    fn ports(&self) -> Ports {
        let Self { weights, lanes, codebook, score } = self;
        let codes = codebook.len();
        let one_each = |name: &str, range| Port::vectors(name, name, *lanes, range, *weights);
        let values = Range::hull(codebook.iter().map(|&value| value.into()).chain([0.into()])).word();
        Ports {
            inputs: vec![Port::vectors("scores", "score", lanes * codes, score.range(), weights * codes)],
            outputs: vec![one_each("index", Range::new(0, codes - 1)), one_each("weight", values)],
        }
    }

    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let indices = inputs
            .remove(0)
            .map(|scores| scores.chunks(self.codebook.len()).map(first_largest).collect::<Vec<_>>());
        let values: Vec<_> = self.codebook.iter().map(|&value| m.constant(value)).collect();
        let [indices, looked_up] = indices.noted("indices").fork_to(["index", "weight"]);
        let weight = |index: Signal<'m>| index.choose(&values).named("weight");
        let weights = looked_up.map(|indices| indices.into_iter().map(weight).collect::<Vec<_>>());
        let ports = self.ports().outputs;
        vec![zero_tail(indices, &ports[0]), zero_tail(weights, &ports[1])]
    }

    /// A beat a cycle of both outputs, each with its scores.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![Some(inputs[0].clone()); 2]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let indices = t.crossing(inputs[0], "indices");
        Some(t.add(&[indices], 2, Fork::new(2)))
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let scores = inputs[0].unpack(&ports.inputs[0]);
        let indices: Vec<usize> =
            scores.chunks(self.codebook.len()).map(|scores| argmax(scores, Ties::Lower)).collect();
        let places: Vec<i64> = indices.iter().map(|&index| index as i64).collect();
        let weights: Vec<i64> = indices.iter().map(|&index| self.codebook[index]).collect();
        vec![Tokens::pack(&ports.outputs[0], &places), Tokens::pack(&ports.outputs[1], &weights)]
    }
}
