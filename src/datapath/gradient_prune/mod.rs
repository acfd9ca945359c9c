//! Stochastic pruning of gradients: below the threshold, a gradient becomes 0 or the threshold at random, so that its mean stays.
//!
//! `|g| >= t` passes; below it `sign(g) * t` with probability `|g| / t`, else 0: `(|g| << R) > r * t` with `r` of R random
//! bits, so the bias is at most `t / 2^R`. The threshold is fixed, loaded, or follows the mean magnitude: `K_p` times the
//! mean of `|g|` over a frame, of which the mean over the last frames of a layer predicts the next one.
//!
//! Source: SparseTrain (arXiv 2007.13595) and the algorithm that it builds on (Ye et al., arXiv 1908.00173); `K_p` with the
//! unbiased `sqrt(pi / 2)`. Half-way cases, saturation and the stepping of random numbers, which the papers leave open,
//! are as [`golden`] says.

mod config;
mod figures;
mod folded;
mod follow;
mod frames;
mod golden;
mod hardware;

pub use config::{FrameLength, GradientPruneConfig, RandomConfig, ThresholdConfig, pruning_constant};
pub use golden::{ThresholdHistory, measured_threshold, stochastic_prune};

use self::frames::PrunedFrame;
use super::config::{Config, IntType};
use super::figure::Figure;
use super::{Datapath, LaneStream};
use crate::blocks::Lfsr;
use crate::hdl::{Module, Range, Timing, unsigned};
use crate::stream::{Field, Frame, Pace, Port, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// How pruned gradients leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// As they came, zeros and all.
    #[default]
    Dense,
    /// Those that are not 0, each with its place in the frame.
    Places,
    /// A bit for each, and those that are not 0.
    Bitmap,
}

/// Where thresholds come from.
#[derive(Clone, Debug)]
enum Threshold {
    Fixed(i64),
    Stream,
    /// `constants[layer] / 2^shift` times the sum of magnitudes, and the mean of `depth` of these.
    Mean {
        rate: f64,
        depth: usize,
        constants: Vec<i64>,
        shift: u32,
    },
}

/// Prunes frames of gradients.
pub struct GradientPrune {
    input: IntType,
    lanes: usize,
    /// Gradients in the longest frame.
    longest: usize,
    /// Whether `last` says how long a frame is.
    varying: bool,
    threshold: Threshold,
    random_bits: u32,
    /// Whether the lanes of a beat share a random number.
    shared: bool,
    lfsr: Lfsr,
    output: Output,
}

impl GradientPrune {
    /// Thresholds: the magnitudes of the gradients, that of the most negative one saturated.
    fn magnitudes(&self) -> Range {
        unsigned(self.input.bits - 1)
    }

    fn beats(&self) -> usize {
        self.longest.div_ceil(self.lanes)
    }

    /// Random numbers a beat.
    fn numbers(&self) -> usize {
        if self.shared { 1 } else { self.lanes }
    }

    fn layers(&self) -> usize {
        match &self.threshold {
            Threshold::Mean { constants, .. } => constants.len(),
            _ => 1,
        }
    }

    /// The beats of the values that are not 0, one after the other in lanes; at least one beat. With `places`, the places
    /// of a beat after its values.
    fn compressed(&self, y: &[i64], places: bool) -> Vec<i64> {
        let kept: Vec<(i64, i64)> =
            (0..).zip(y).filter(|(_, value)| **value != 0).map(|(place, value)| (*value, place)).collect();
        let beats = kept.len().div_ceil(self.lanes).max(1);
        let entry = |index: usize| kept.get(index).copied().unwrap_or((0, 0));
        let beat = |beat: usize| {
            let entries = beat * self.lanes..(beat + 1) * self.lanes;
            let values = entries.clone().map(move |index| entry(index).0);
            let places = entries.filter(move |_| places).map(move |index| entry(index).1);
            values.chain(places).collect::<Vec<_>>()
        };
        (0..beats).flat_map(beat).collect()
    }

    /// A stream of beats of these fields, as many lanes of each, whose frames end with `last` wherever they end.
    fn packed_port(&self, name: &str, fields: &[(&str, Range)]) -> Port {
        let field = |(name, range): &(&str, Range)| Field {
            name: (*name).into(),
            lanes: self.lanes,
            range: range.clone(),
        };
        let fields: Vec<Field> = fields.iter().map(field).collect();
        let frame = Frame::steps(self.beats(), self.lanes * fields.len()).varying();
        Port { name: name.into(), fields, frame }
    }

    /// A stream of frames as long as those of the gradients.
    fn dense_port(&self, name: &str, range: Range) -> Port {
        let frame = Frame::vector(self.longest);
        let frame = if self.varying { frame.varying() } else { frame };
        Port::new(name, name, self.lanes, range, frame)
    }

    fn places(&self) -> Range {
        Range::new(0, self.beats() * self.lanes - 1)
    }
}

impl Datapath for GradientPrune {
    fn kind(&self) -> &'static str {
        GradientPruneConfig::KIND
    }

    fn doc(&self) -> String {
        let &Self { input, lanes, longest, random_bits, .. } = self;
        let threshold = match &self.threshold {
            Threshold::Fixed(value) => format!("t = {value}"),
            Threshold::Stream => "t of each frame from a stream".into(),
            Threshold::Mean { rate, depth, constants, .. } => format!(
                "t = the mean of the last {depth} thresholds of one of {} layers, each K(p = {rate}) times the mean |g| of a frame",
                constants.len()
            ),
        };
        format!(
            "y = g where |g| >= t; else sign(g) * t where (|g| << {random_bits}) > r * t; else 0. g is {input}, {lanes} a \
             beat, frames of {}{longest}; {threshold}; r of a register of {} bits",
            if self.varying { "up to " } else { "" },
            self.lfsr.degree
        )
    }

    fn ports(&self) -> Ports {
        let token = |name: &str, range| Port::vectors(name, name, 1, range, 1);
        let mut inputs = vec![self.dense_port("g", self.input.range())];
        match &self.threshold {
            Threshold::Stream => inputs.push(token("threshold", self.magnitudes())),
            Threshold::Mean { constants, .. } if constants.len() > 1 => {
                inputs.push(token("layer", Range::new(0, constants.len() - 1)));
            }
            _ => {}
        }
        let gradients = self.input.range();
        let mut outputs = match self.output {
            Output::Dense => vec![self.dense_port("y", gradients)],
            Output::Places => vec![self.packed_port("y", &[("value", gradients), ("place", self.places())])],
            Output::Bitmap => {
                vec![
                    self.dense_port("bitmap", Range::condition()),
                    self.packed_port("y", &[("value", gradients)]),
                ]
            }
        };
        let mut fields = match &self.threshold {
            Threshold::Fixed(_) => vec![],
            _ => vec![Field::single("threshold", self.magnitudes())],
        };
        if let Threshold::Mean { .. } = self.threshold {
            fields.push(Field::single("measured", self.magnitudes()));
        }
        fields.push(Field::single("nonzeros", Range::new(0, self.beats() * self.lanes)));
        outputs.push(Port::single("report", fields));
        Ports { inputs, outputs }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        self.hardware(m, inputs)
    }

    /// A beat a cycle with a threshold that is fixed; the report comes with a frame's last beat. With a threshold from a stream too, where
    /// it is there before, but frames that are shorter than the pipeline wait for their reports. Thresholds that follow come when a loop
    /// gives them, and compressed values when a beat of them is full: of these nothing is known.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        let beats = match (&self.threshold, inputs) {
            (Threshold::Fixed(_), [gradients]) => Some(gradients.clone()),
            (Threshold::Stream, [gradients, threshold]) if threshold.first <= gradients.first => {
                Some(gradients.once())
            }
            _ => None,
        };
        let report = beats.as_ref().map(Pace::folded);
        match self.output {
            Output::Dense => vec![beats, report],
            Output::Places => vec![None, report],
            Output::Bitmap => vec![beats.map(|beats| beats.once()), None, report],
        }
    }

    fn corners(&self) -> Vec<Transfers> {
        self.border_corners()
    }

    fn remembers(&self) -> bool {
        true
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports().outputs;
        let mut outputs: Transfers =
            ports.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect();
        for PrunedFrame { y, threshold, measured, .. } in self.frames(inputs) {
            let mut streams = match self.output {
                Output::Dense => vec![y.clone()],
                Output::Places => vec![self.compressed(&y, true)],
                Output::Bitmap => {
                    vec![y.iter().map(|value| i64::from(*value != 0)).collect(), self.compressed(&y, false)]
                }
            };
            let loaded = Some(threshold).filter(|_| !matches!(self.threshold, Threshold::Fixed(_)));
            let nonzeros = y.iter().filter(|value| **value != 0).count() as i64;
            streams.push(loaded.into_iter().chain(measured).chain([nonzeros]).collect());
            for ((port, tokens), beats) in ports.iter().zip(&mut outputs).zip(&streams) {
                tokens.push_beats(port, beats);
            }
        }
        outputs
    }

    fn figures(&self, inputs: &Transfers, _: &Transfers) -> Vec<Figure> {
        self.figures_of(&self.frames(inputs))
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        let mut facts = vec![
            ("random numbers".to_string(), format!("{} of {} bits a beat", self.numbers(), self.random_bits)),
            ("random register".into(), format!("{} bits, period 2^{0} - 1", self.lfsr.degree)),
        ];
        if let Threshold::Mean { rate, constants, shift, .. } = &self.threshold {
            let constant = pruning_constant(*rate);
            facts.push(("K_p, the threshold of a mean magnitude of 1".into(), format!("{constant:.6}")));
            facts.push((format!("K_p / n of each layer, times 2^{shift}"), format!("{constants:?}")));
        }
        facts
    }
}
