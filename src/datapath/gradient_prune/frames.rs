//! Frame after frame on plain integers: what the hardware remembers between them, and frames that show its lowest bits.

use super::{GradientPrune, Threshold, ThresholdHistory, measured_threshold, stochastic_prune};
use crate::datapath::Datapath;
use crate::datapath::random::RandomBits;
use crate::stream::{Draw, Tokens, Transfers, corners_of};

/// What the golden model makes of a frame.
pub(super) struct PrunedFrame {
    /// All lanes of all beats; what lies beyond the frame is 0.
    pub g: Vec<i64>,
    pub y: Vec<i64>,
    pub threshold: i64,
    /// The threshold that its own magnitudes give, where thresholds follow them.
    pub measured: Option<i64>,
}

/// The golden model between two frames.
struct Pruner<'a> {
    design: &'a GradientPrune,
    random: RandomBits,
    histories: Vec<ThresholdHistory>,
}

impl<'a> Pruner<'a> {
    fn of(design: &'a GradientPrune) -> Self {
        let histories = vec![ThresholdHistory::default(); design.layers()];
        Self { design, random: RandomBits::of(&design.lfsr), histories }
    }

    /// The next frame, of `beats` beats, whose token is its threshold or its layer; `gradients` may know the threshold and
    /// the random number of each gradient.
    fn frame(
        &mut self,
        token: i64,
        beats: usize,
        gradients: impl FnOnce(i64, &[i64]) -> Vec<i64>,
    ) -> PrunedFrame {
        let design = self.design;
        let layer = if design.layers() > 1 { token as usize } else { 0 };
        let history = &mut self.histories[layer];
        let threshold = match &design.threshold {
            Threshold::Fixed(value) => *value,
            Threshold::Stream => token,
            Threshold::Mean { depth, .. } => history.prediction(*depth),
        };
        let mut numbers = Vec::with_capacity(beats * design.lanes);
        for _ in 0..beats {
            let drawn: Vec<i64> =
                (0..design.numbers()).map(|_| self.random.next(design.random_bits)).collect();
            numbers.extend((0..design.lanes).map(|lane| drawn[if design.shared { 0 } else { lane }]));
        }
        let mut g = gradients(threshold, &numbers);
        if !design.varying {
            g[design.longest..].fill(0);
        }
        let measured = match &design.threshold {
            Threshold::Mean { depth, constants, shift, .. } => {
                let measured = measured_threshold(&g, constants[layer], *shift, design.input.hi());
                history.push(measured, *depth);
                Some(measured)
            }
            _ => None,
        };
        let pruned = |(&g, &r): (&i64, &i64)| stochastic_prune(g, threshold, r, design.random_bits);
        let y = g.iter().zip(&numbers).map(pruned).collect();
        PrunedFrame { g, y, threshold, measured }
    }
}

impl GradientPrune {
    /// All frames, one after the other.
    pub(super) fn frames(&self, inputs: &Transfers) -> Vec<PrunedFrame> {
        let ports = self.ports().inputs;
        let mut pruner = Pruner::of(self);
        let frame = |(index, beats): (usize, &[i64])| {
            let token = inputs.get(1).map_or(0, |tokens| tokens.values[index]);
            pruner.frame(token, beats.len() / self.lanes, |_, _| beats.to_vec())
        };
        inputs[0].frames(&ports[0]).enumerate().map(frame).collect()
    }

    /// Besides the extremes, frames whose every gradient is at a border: the largest magnitude that its random number makes 0, or
    /// the next one, or the threshold itself, or one less, so that the lowest bits of each product and comparison decide. They
    /// come at thresholds of each power of two; where thresholds follow, random frames of that size lead up to them.
    pub(super) fn border_corners(&self) -> Vec<Transfers> {
        /// Of all frames together.
        const GRADIENTS: usize = 1 << 14;
        const AT_BORDERS: usize = 2;
        let ports = self.ports();
        let leading = if let Threshold::Mean { depth, .. } = self.threshold { depth } else { 0 };
        let bits = self.magnitudes().width() as usize;
        let of_a_size = self.beats() * self.lanes * self.layers() * (leading + AT_BORDERS);
        let sizes = (GRADIENTS / of_a_size).clamp(1, bits);
        let mut draw = Draw::seeded(1);
        let mut pruner = Pruner::of(self);
        let mut inputs: Transfers =
            ports.inputs.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect();
        for size in 1..=sizes {
            let most = (1i64 << (size * bits / sizes)) - 1;
            for turn in 0..leading + AT_BORDERS {
                for layer in 0..self.layers() {
                    let token = match self.threshold {
                        Threshold::Stream => draw.integer(most / 2, most),
                        _ => layer as i64,
                    };
                    let frame = pruner.frame(token, self.beats(), |threshold, numbers| {
                        let mut gradient = |&r: &i64| {
                            let zero = ((i128::from(r) * i128::from(threshold)) >> self.random_bits) as i64;
                            let magnitude = if turn < leading {
                                draw.integer(0, most)
                            } else {
                                match draw.integer(0, 7) {
                                    0 => threshold,
                                    1 => threshold - 1,
                                    other => zero + other % 2,
                                }
                            };
                            let sign = if draw.integer(0, 1) == 0 { 1 } else { -1 };
                            (sign * magnitude).clamp(self.input.lo(), self.input.hi())
                        };
                        numbers.iter().map(&mut gradient).collect()
                    });
                    inputs[0].push_beats(&ports.inputs[0], &frame.g);
                    if let Some(port) = ports.inputs.get(1) {
                        inputs[1].push_beats(port, &[token]);
                    }
                }
            }
        }
        corners_of(&ports).into_iter().chain([inputs]).collect()
    }
}
