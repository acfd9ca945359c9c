//! The hardware of a lane, and what stands around it.
//!
//! A gradient of B bits with the sign `s` is folded: the low B - 1 bits, turned over where it is negative, with `s` below
//! them. That is `z = 2 |g| - s`, which needs no adder, and says all that must be known of a magnitude: `|g| > h` where
//! `z > 2 h`, and `|g| >= t` where `z > 2 (t - 1)`. Likewise `-t` is `t - 1` with every bit turned over.

use super::{GradientPrune, Output, Threshold, follow};
use crate::blocks::{compact, product, tree};
use crate::datapath::LaneStream;
use crate::hdl::{Module, Range, Signal, Stream, unsigned};

/// A gradient, folded.
#[derive(Clone, Copy)]
pub(super) struct Folded<'m> {
    /// Whether it is negative.
    pub sign: Signal<'m>,
    /// `|g| - s`.
    pub low: Signal<'m>,
}

impl<'m> Folded<'m> {
    pub fn of(g: Signal<'m>) -> Self {
        let bits = g.width() - 1;
        let sign = g.bit(bits).named("sign");
        let low = g.to_bits().slice(0, bits) ^ sign.repeat(bits as usize);
        Self { sign, low: low.int(unsigned(bits)) }
    }

    /// Whether `|g| > bound`, which is not negative: `2 bound + 1 <= z`. The sum with the complement of `z` overflows where it
    /// is not so; a comparison would turn the bound over, which takes a look-up table a bit on iCE40.
    fn exceeds(self, bound: Signal<'m>) -> Signal<'m> {
        let m = self.sign.module();
        let bits = self.low.width();
        let turned = (!m.concat(&[self.sign, self.low])).int(unsigned(bits + 1));
        let odd = m.concat(&[m.always(), bound.to_bits_of(&unsigned(bits))]).int(unsigned(bits + 1));
        !(odd + turned).bit(bits + 1)
    }
}

/// The pruned gradient, for a random number of `random_bits` bits times the threshold.
fn prune<'m>(g: Signal<'m>, threshold: Signal<'m>, scaled: Signal<'m>, random_bits: u32) -> Signal<'m> {
    let folded = Folded::of(g);
    let below = (threshold - 1).named("threshold_below");
    // Where the threshold is 0, all pass.
    let low_below = below.wrap(unsigned(folded.low.width()));
    let passes = (below.lt(0) | folded.exceeds(low_below)).named("passes");
    let keeps = folded.exceeds(scaled >> random_bits).named("keeps");
    let step = folded.sign.mux(below.complement(), threshold).named("step");
    passes.mux(g, keeps.mux(step, 0)).named("pruned")
}

impl GradientPrune {
    pub(super) fn hardware<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let mut inputs = inputs.into_iter();
        let gradients = self.within_frame(inputs.next().expect("a stream of gradients"));
        let token = inputs.next().map(|token| token.map(|lanes| lanes[0]));
        let (beats, report) = match (&self.threshold, token) {
            (Threshold::Fixed(value), _) => (gradients.map(|g| (g, m.constant(*value))), None),
            (Threshold::Stream, token) => {
                let [used, told] = two(token.expect("a stream of thresholds"));
                (gradients.zip_frames(used), Some(told.stage().map(|threshold| vec![threshold])))
            }
            (Threshold::Mean { depth, constants, shift, .. }, layer) => {
                let follow =
                    follow::Follow { magnitudes: self.magnitudes(), depth: *depth, constants, shift: *shift };
                let [gradients, seen] = two(gradients);
                let doc = "the threshold of each frame, as predicted, and as its own magnitudes measure it";
                let (threshold, measured) = m.part("follow_threshold", doc, |part| {
                    let seen = part.input_stream("gradients", seen);
                    let layer = layer.map(|layer| part.input_stream("layer", layer));
                    let sums = follow::magnitude_sums(seen, self.beats());
                    let (threshold, measured) = follow.thresholds(sums, layer);
                    (part.output_stream("threshold", threshold), part.output_stream("measured", measured))
                });
                let [used, told] = two(threshold);
                let told = told.stage().zip(measured.stage());
                (
                    gradients.zip_frames(used),
                    Some(told.map(|(threshold, measured)| vec![threshold, measured])),
                )
            }
        };
        let pruned = self.lanes(beats).named("y");
        let [pruned, counted] = two(pruned);
        let nonzeros = self.nonzeros(counted);
        let report = match report {
            Some(report) => report.zip(nonzeros).map(|(mut report, nonzeros)| {
                report.push(nonzeros);
                report
            }),
            None => nonzeros.map(|nonzeros| vec![nonzeros]),
        };
        let mut outputs = self.formatted(pruned);
        outputs.push(report.named("report"));
        outputs
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
    fn lanes<'m>(&self, beats: Stream<'m, (Vec<Signal<'m>>, Signal<'m>)>) -> LaneStream<'m> {
        let bits = self.random_bits;
        let beside = self.lfsr.beside(beats, self.numbers() * bits as usize);
        beside.map(|((gradients, threshold), word)| {
            let numbers = word.lanes(self.numbers(), &unsigned(bits)).into_iter();
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
        let kept = |lane: &Signal<'m>| lane.ne(0).named("kept");
        match self.output {
            Output::Dense => vec![pruned],
            Output::Bitmap => {
                let [flags, values] = two(pruned);
                let values = values.map(|lanes| lanes.into_iter().map(|lane| (kept(&lane), lane)).collect());
                vec![
                    flags.map(|lanes| lanes.iter().map(kept).collect::<Vec<_>>()).named("bitmap"),
                    compact(values),
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
                    let lanes = lanes.into_iter().enumerate();
                    lanes.map(|(lane, value)| (kept(&value), (value, first + lane as i64))).collect()
                });
                vec![compact(entries).map(|entries| {
                    let (values, places): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
                    [values, places].concat()
                })]
            }
        }
    }
}

/// The two takers of `stream`.
pub(super) fn two<'m, P: crate::hdl::Payload<'m>>(stream: Stream<'m, P>) -> [Stream<'m, P>; 2] {
    let mut copies = stream.fork(2);
    let second = copies.remove(1);
    [copies.remove(0), second]
}

/// What `add` makes of a frame, from 0 on. Without `last` each beat is a frame.
pub(super) fn frame_sums<'m, P: crate::hdl::Payload<'m>>(
    stream: Stream<'m, P>,
    name: &str,
    range: &Range,
    add: impl FnOnce(Signal<'m>, P) -> Signal<'m>,
) -> Stream<'m, Signal<'m>> {
    if stream.is_framed() {
        return stream.fold(name, range, &[0], |sum, part| add(sum, part).assume(range.clone()));
    }
    let m = stream.module();
    stream.map(|part| add(m.constant(0), part).assume(range.clone()))
}
