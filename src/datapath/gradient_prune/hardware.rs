//! The hardware of a lane, and what stands around it.

use super::folded::{Folded, frame_sums};
use super::{GradientPrune, Output, Threshold, follow};
use crate::blocks::{Entry, Flagged, WithRandom, compact, product, tree};
use crate::datapath::LaneStream;
use crate::hdl::{Module, Payload, Range, Signal, Stream, unsigned};

/// The gradients of a beat, and the threshold of their frame.
#[derive(Clone)]
struct Beat<'m> {
    gradients: Vec<Signal<'m>>,
    threshold: Signal<'m>,
}

crate::payload!(Beat { gradients, threshold });

/// What is reported of a frame, in the order of the port.
#[derive(Clone, Default)]
struct Report<'m> {
    threshold: Option<Signal<'m>>,
    measured: Option<Signal<'m>>,
    nonzeros: Option<Signal<'m>>,
}

crate::payload!(Report { threshold, measured, nonzeros });

/// The pruned gradient, for a random number of `random_bits` bits times the threshold.
fn prune<'m>(g: Signal<'m>, threshold: Signal<'m>, scaled: Signal<'m>, random_bits: u32) -> Signal<'m> {
    let folded = Folded::of(g);
    let below = (threshold - 1).named("threshold_below");
    // Where the threshold is 0, all pass.
    let low_below = below.wrap(unsigned(folded.low.width()));
    let passes = (below.lt(0) | folded.exceeds(low_below, "passes")).named("passes");
    let keeps = folded.exceeds(scaled >> random_bits, "keeps").named("keeps");
    let step = folded.sign.mux(below.complement(), threshold).named("step");
    passes.mux(g, keeps.mux(step, 0)).named("pruned")
}

impl GradientPrune {
    pub(super) fn hardware<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let mut inputs = inputs.into_iter();
        let gradients = self.within_frame(inputs.next().expect("a stream of gradients"));
        let token = inputs.next().map(|token| token.map(|lanes| lanes[0]));
        let (beats, thresholds) = self.with_thresholds(m, gradients, token);
        let [pruned, counted] = self.lanes(beats).named("y").fork_to(["leaves", "counted"]);
        let nonzeros = self.nonzeros(counted);
        let report = match thresholds {
            Some(thresholds) => thresholds
                .zip(nonzeros)
                .map(|(report, nonzeros)| Report { nonzeros: Some(nonzeros), ..report }),
            None => nonzeros.map(|nonzeros| Report { nonzeros: Some(nonzeros), ..Report::default() }),
        };
        let mut outputs = self.formatted(pruned);
        outputs.push(report.named("report").map(|report| report.signals()));
        outputs
    }

    /// The gradients, each beat with the threshold of its frame, and what is to be reported of thresholds.
    fn with_thresholds<'m>(
        &self,
        m: &'m Module,
        gradients: LaneStream<'m>,
        token: Option<Stream<'m, Signal<'m>>>,
    ) -> (Stream<'m, Beat<'m>>, Option<Stream<'m, Report<'m>>>) {
        let beats = |gradients: LaneStream<'m>, used| {
            gradients.zip_frames(used).map(|(gradients, threshold)| Beat { gradients, threshold })
        };
        match &self.threshold {
            Threshold::Fixed(value) => {
                let threshold = m.constant(*value);
                (gradients.map(|gradients| Beat { gradients, threshold }), None)
            }
            Threshold::Stream => {
                let thresholds = token.expect("a stream of thresholds");
                let [used, reported] = thresholds.fork_to(["used", "reported"]);
                let report = reported
                    .stage()
                    .map(|threshold| Report { threshold: Some(threshold), ..Report::default() });
                (beats(gradients, used), Some(report))
            }
            Threshold::Mean { depth, constants, shift, .. } => {
                let follow =
                    follow::Follow { magnitudes: self.magnitudes(), depth: *depth, constants, shift: *shift };
                let [gradients, seen] = gradients.fork_to(["pruned", "measured"]);
                let doc = "the threshold of each frame, as predicted, and as its own magnitudes measure it";
                let (threshold, measured) = m.part("follow_threshold", doc, |part| {
                    let seen = part.input_stream("gradients", seen);
                    let layer = token.map(|layer| part.input_stream("layer", layer));
                    let sums = follow::magnitude_sums(seen, self.beats());
                    let (threshold, measured) = follow.thresholds(sums, layer);
                    (part.output_stream("threshold", threshold), part.output_stream("measured", measured))
                });
                let [used, reported] = threshold.fork_to(["used", "reported"]);
                let report = reported.stage().zip(measured.stage()).map(|(threshold, measured)| Report {
                    threshold: Some(threshold),
                    measured: Some(measured),
                    nonzeros: None,
                });
                (beats(gradients, used), Some(report))
            }
        }
    }

    /// Zeros in place of what the last beat of a frame has too many.
    fn within_frame<'m>(&self, g: LaneStream<'m>) -> LaneStream<'m> {
        let tail = self.longest - (self.beats() - 1) * self.lanes;
        if self.varying || tail == self.lanes {
            return g;
        }
        let nothing: Vec<Range> = Vec::new();
        g.scan("tail", &nothing, &[], |state, mut lanes, last| {
            for lane in &mut lanes[tail..] {
                *lane = last.mux(0, *lane);
            }
            (state, lanes)
        })
    }

    /// The pruned gradients of each beat, which comes with its threshold.
    fn lanes<'m>(&self, beats: Stream<'m, Beat<'m>>) -> LaneStream<'m> {
        let bits = self.random_bits;
        let beats = self.lfsr.with_random(beats, self.numbers() * bits as usize);
        beats.map(|WithRandom { beat: Beat { gradients, threshold }, random }| {
            let numbers = random.lanes(self.numbers(), &unsigned(bits)).into_iter();
            let scaled = |r| {
                threshold.module().part("scale_threshold", "r times the threshold", |part| {
                    let (r, threshold) = (part.input("r", r), part.input("threshold", threshold));
                    part.output("scaled_threshold", product(r, threshold).named("scaled_threshold"))
                })
            };
            let scaled: Vec<Signal<'m>> = numbers.map(scaled).collect();
            let of_lane = |lane: usize| scaled[if self.shared { 0 } else { lane }];
            let pruned = |(lane, g)| {
                threshold.module().part("prune", "g, or the threshold with its sign, or 0", |part| {
                    let (g, threshold) = (part.input("g", g), part.input("threshold", threshold));
                    let scaled = part.input("scaled_threshold", of_lane(lane));
                    part.output("pruned", prune(g, threshold, scaled, bits))
                })
            };
            gradients.into_iter().enumerate().map(pruned).collect()
        })
    }

    /// How many of each frame are not 0.
    fn nonzeros<'m>(&self, pruned: LaneStream<'m>) -> Stream<'m, Signal<'m>> {
        let counts = pruned.map(|lanes| {
            let flags: Vec<Signal<'m>> = lanes.iter().map(|lane| lane.ne(0)).collect();
            tree(&flags, &mut |a, b| a + b)
        });
        let counter = Range::new(0, self.beats() * self.lanes);
        frame_sums(counts, "nonzeros", &counter, |sum, count| sum + count)
    }

    /// The streams in which pruned gradients leave.
    fn formatted<'m>(&self, pruned: LaneStream<'m>) -> Vec<LaneStream<'m>> {
        let is_kept = |value: Signal<'m>| value.ne(0).named("kept");
        match self.output {
            Output::Dense => vec![pruned],
            Output::Bitmap => {
                let [flags, values] = pruned.fork_to(["flags", "values"]);
                let flagged = |value| Flagged { flag: is_kept(value), lane: value };
                vec![
                    flags.map(|lanes| lanes.into_iter().map(is_kept).collect::<Vec<_>>()).named("bitmap"),
                    compact(values.map(|lanes| lanes.into_iter().map(flagged).collect())),
                ]
            }
            Output::Places => {
                let beats = Range::new(0, self.beats() - 1);
                let placed = pruned.scan("beat", &beats, &[0], |beat, lanes, last| {
                    let next =
                        if self.beats() > 1 { last.mux(0, (beat + 1).saturate(beats.clone())) } else { beat };
                    (next, (lanes, beat))
                });
                let entries = placed.map(|(lanes, beat)| {
                    let first = beat * self.lanes as i64;
                    let entry = |(lane, value): (usize, Signal<'m>)| Flagged {
                        flag: is_kept(value),
                        lane: Entry { value, index: first + lane as i64 },
                    };
                    lanes.into_iter().enumerate().map(entry).collect()
                });
                vec![compact(entries).map(|entries| {
                    let values = entries.iter().map(|entry| entry.value);
                    values.chain(entries.iter().map(|entry| entry.index)).collect()
                })]
            }
        }
    }
}
