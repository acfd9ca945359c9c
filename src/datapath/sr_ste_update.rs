//! `w <- w - lr (g + lambda (1 - mask) w)`: a training step of weights that become N:M sparse.
//!
//! Source: SR-STE (arXiv 2102.04010). `mask` is 1 for the N largest magnitudes of each group of M weights, of
//! the weights before the step; `g` is the gradient with respect to the masked weights, passed straight through. The SAD of
//! the step counts the places at which the mask of the weights after it differs from that before it, so no mask
//! needs to be kept from step to step. Left out is what an optimizer adds: momentum and weight decay.

use super::config::{Config, ConfigError, IntType, Problems};
use super::nm_compress::nm_largest_places;
use super::nm_groups::NmGroups;
use super::nm_pattern::NmPattern;
use super::rounding::rounded;
use super::tail::zero_tail;
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks::{Ties, constant_multiple, magnitude, nm_largest, popcount};
use crate::hdl::{Module, Range, Rounding, Signal, Timing};
use crate::stream::timeline::{Channel, Fork, Timeline, Zip};
use crate::stream::{Pace, Port, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// `multiplier / 2^shift`; a power of two has the multiplier 1.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table { multiplier = 13, shift = 16 }, which is multiplier / 2^shift"
)]
pub struct Factor {
    /// 0 to 65,535.
    #[serde(default = "unit_multiplier")]
    pub multiplier: u32,
    /// 0 to 31.
    pub shift: u32,
}

/// Gradients that are tried for each pruned weight among the corners.
const GRADIENTS: usize = 4096;

/// Of wide types some weights stand for all.
fn weight_stride(weight: IntType) -> usize {
    1 << weight.bits.saturating_sub(16)
}

fn unit_multiplier() -> u32 {
    1
}

impl Factor {
    fn check(self, field: &str, problems: &mut Problems) {
        let (name, value) = (format!("{field}.multiplier"), self.multiplier);
        problems.require(value < 1 << 16, &name, value, "a multiplier has 16 bits", "write 0 to 65535");
        let (name, value) = (format!("{field}.shift"), self.shift);
        problems.require(value <= 31, &name, value, "a shift is at most 31", "write 0 to 31");
    }
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SrSteUpdateConfig {
    /// N:M, for example `2:4`.
    pub pattern: NmPattern,
    /// Weights in a frame, a multiple of M.
    pub columns: usize,
    /// Weights a beat, a multiple of M; M if it is left out.
    pub lanes: Option<usize>,
    /// The type of the weights: fixed point with any fraction bits.
    pub weight: IntType,
    /// The type of the gradients.
    pub gradient: IntType,
    /// Fraction bits that gradients have more than weights: 0 to 31.
    #[serde(default)]
    pub gradient_shift: u32,
    pub learning_rate: Factor,
    pub lambda: Factor,
    #[serde(default)]
    pub rounding: Rounding,
    #[serde(default)]
    pub ties: Ties,
}

/// A training step of a stream of weights next to their gradients.
pub struct SrSteUpdate {
    groups: NmGroups,
    config: SrSteUpdateConfig,
}

/// The weight after the step, not yet clamped to its type: computed exactly and rounded once.
pub fn sr_ste_weight(w: i64, g: i64, kept: bool, config: &SrSteUpdateConfig) -> i128 {
    let SrSteUpdateConfig { learning_rate, lambda, gradient_shift, .. } = config;
    let [w, g] = [w, g].map(i128::from);
    let [rate, decay] = [learning_rate, lambda].map(|factor| i128::from(factor.multiplier));
    // All terms over the one denominator 2^(rate's shift + lambda's + gradient_shift).
    let (of_rate, of_decay) = (1i128 << learning_rate.shift, 1i128 << lambda.shift);
    let of_gradient = 1i128 << gradient_shift;
    let pull = if kept { 0 } else { decay * w * of_gradient };
    let numerator = w * of_rate * of_decay * of_gradient - rate * (g * of_decay + pull);
    let denominator = of_rate * of_decay * of_gradient;
    rounded(numerator, denominator, config.rounding)
}

impl Config for SrSteUpdateConfig {
    const KIND: &'static str = "sr_ste_update";
    const SUMMARY: &'static str =
        "w <- w - lr (g + lambda (1 - mask) w) with the N:M mask, and how many bits of it changed";
    const EXAMPLE: &'static str = r#"# A training step of 2:4 sparse weights, a group a cycle.
name = "my_sr_ste_update"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "sr_ste_update"
pattern = "2:4"     # N of every M are kept, M at most 16
columns = 16        # weights in a frame, a multiple of M
lanes = 4           # weights in a beat, a multiple of M; M if it is left out
weight = "s16"      # fixed point: 1 to 32 bits, of which any are fraction
gradient = "s16"
gradient_shift = 2  # fraction bits that gradients have more than weights
learning_rate = { shift = 4 }                  # 2^-4
lambda = { multiplier = 13, shift = 16 }       # 13 / 65536, the paper's 0.0002
rounding = "half_even"   # once, at the end; or "half_up", "floor", "toward_zero"
ties = "lower"      # of equal magnitudes the one at the lower place is kept; or "higher"
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let groups = NmGroups::check(self.pattern, self.columns, self.lanes, &mut problems);
        self.learning_rate.check("learning_rate", &mut problems);
        self.lambda.check("lambda", &mut problems);
        let shift = self.gradient_shift;
        problems.require(shift <= 31, "gradient_shift", shift, "a shift is at most 31", "write 0 to 31");
        problems.finish(|| Box::new(SrSteUpdate { groups, config: self }) as Box<dyn Datapath>)
    }
}

/// The weights of a group after the step, and for each whether its bit of the mask changes.
#[derive(Clone)]
struct Updated<'m> {
    w_next: Vec<Signal<'m>>,
    changed: Vec<Signal<'m>>,
}

crate::payload!(Updated { w_next, changed });

impl SrSteUpdate {
    /// The mask of a group of weights.
    fn mask<'m>(&self, group: &[Signal<'m>]) -> Vec<Signal<'m>> {
        let magnitudes: Vec<_> = group.iter().map(|&w| magnitude(w)).collect();
        nm_largest(&magnitudes, self.groups.pattern.kept(), self.config.ties)
    }

    /// A weight after the step.
    fn step<'m>(&self, w: Signal<'m>, g: Signal<'m>, kept: Signal<'m>) -> Signal<'m> {
        let SrSteUpdateConfig { learning_rate: rate, lambda, gradient_shift, .. } = self.config;
        let (of_gradient, of_pull) = (rate.shift + gradient_shift, rate.shift + lambda.shift);
        let shift = of_gradient.max(of_pull);
        let descent = constant_multiple(g, rate.multiplier.into()) << (shift - of_gradient);
        let descent = descent.hint("descent");
        let pull = constant_multiple(w, i64::from(rate.multiplier) * i64::from(lambda.multiplier));
        let pull = kept.mux(0, pull << (shift - of_pull)).hint("pull");
        // w - (descent + pull), as w and the complement of the sum, which is free after an adder, and 1.
        let exact = (w << shift)
            .add_with_carry(
                descent.add_complemented(pull, None).hint("not_step"),
                Some(w.module().constant(1)),
            )
            .named("exact");
        exact.round_shift(shift, self.config.rounding).hint("rounded").saturate(self.config.weight.range())
    }

    /// A group after the step.
    fn group<'m>(&self, m: &'m Module, w: &[Signal<'m>], g: &[Signal<'m>]) -> Updated<'m> {
        let mask = self.mask(w);
        let step = |((&w, &g), &kept): ((&Signal<'m>, &Signal<'m>), &Signal<'m>)| {
            m.part("weight_step", "w - rate (g + lambda w), the last term only where w is not kept", |part| {
                let (w, g, kept) = (part.input("w", w), part.input("g", g), part.input("kept", kept));
                part.output("w_next", self.step(w, g, kept).named("w_next"))
            })
        };
        let w_next: Vec<_> = w.iter().zip(g).zip(&mask).map(step).collect();
        let next_mask = self.mask(&w_next);
        let changed = mask.into_iter().zip(next_mask).map(|(old, new)| (old ^ new).named("changed"));
        Updated { w_next, changed: changed.collect() }
    }

    /// For each weight of all frames whether it is kept.
    fn golden_mask(&self, weights: &[i64]) -> Vec<bool> {
        let group = self.groups.pattern.group();
        let of_group = |weights: &[i64]| {
            let places = nm_largest_places(weights, self.groups.pattern.kept(), self.config.ties);
            (0..group as i64).map(|place| places.contains(&place)).collect::<Vec<_>>()
        };
        weights.chunks(group).flat_map(of_group).collect()
    }

    /// The word that holds the changes of a whole frame.
    fn total(&self) -> Range {
        Range::new(0, self.groups.columns).word()
    }
}

impl Datapath for SrSteUpdate {
    fn kind(&self) -> &'static str {
        SrSteUpdateConfig::KIND
    }

    fn doc(&self) -> String {
        let SrSteUpdateConfig { learning_rate: rate, lambda, weight, gradient, .. } = &self.config;
        let NmGroups { pattern, columns, lanes } = self.groups;
        format!(
            "w_next = w - {}/2^{} (g / 2^{} + {}/2^{} (1 - mask) w), mask the {pattern} largest |w|, and sad, the changes of the \
             mask; {columns} weights ({weight}) and gradients ({gradient}), {lanes} a beat; rounding {}",
            rate.multiplier,
            rate.shift,
            self.config.gradient_shift,
            lambda.multiplier,
            lambda.shift,
            self.config.rounding
        )
    }

    fn ports(&self) -> Ports {
        let (weight, gradient) = (self.config.weight.range(), self.config.gradient.range());
        Ports {
            inputs: vec![self.groups.dense("w", weight.clone()), self.groups.dense("g", gradient)],
            outputs: vec![
                self.groups.dense("w_next", weight),
                Port::vectors("sad", "sad", 1, self.total(), 1),
            ],
        }
    }

    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let group = self.groups.pattern.group();
        let (g, w) = (inputs.remove(1), inputs.remove(0));
        let updated = w.zip(g).map(|(w, g)| {
            let of_group = |(w, g): (&[Signal<'m>], &[Signal<'m>])| {
                m.part(
                    "group_update",
                    "a group's weights after the step, and which of its mask's bits change",
                    |part| {
                        let (w, g) = (part.input("w", w.to_vec()), part.input("g", g.to_vec()));
                        let Updated { w_next, changed } = self.group(m, &w, &g);
                        let w_next = part.output("w_next", w_next);
                        Updated { w_next, changed: part.output("changed", changed) }
                    },
                )
            };
            w.chunks(group).zip(g.chunks(group)).map(of_group).collect::<Vec<_>>()
        });
        let port = &self.ports().outputs[0];
        let [next, changed] = updated.noted("updated").fork_to(["w_next", "changed"]);
        let next = next.map(|groups| groups.into_iter().flat_map(|group| group.w_next).collect());
        let changed = changed.map(|groups| groups.into_iter().flat_map(|group| group.changed).collect());
        let (next, changed) = (zero_tail(next, port), zero_tail(changed, port));
        let changes = changed.map(|changed| popcount(&changed).named("changes"));
        let sad = if port.is_framed() {
            let total = self.total();
            changes.fold("sad", &total, &[0], |sad, changes| (sad + changes).wrap(total.clone()))
        } else {
            changes
        };
        vec![next, sad.map(|sad| vec![sad])]
    }

    /// A beat a cycle, when weights and gradients are there; `sad` comes with a frame's last.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        let updated = inputs[0].joined(&inputs[1]);
        let sad = updated.as_ref().map(Pace::folded);
        vec![updated, sad]
    }

    /// Besides the extremes, groups of pruned weights and gradients at which the exact step is next to a border of rounding, where its
    /// lowest bits decide. A gradient moves the step in coarse strides, and a pruned weight pulls it off them: by next to nothing, or
    /// by about a power of two, so that each bit of the pull decides alone. Each such weight comes in every lane, with gradients
    /// that reach a border between an even and an odd integer and one between an odd and an even.
    fn corners(&self) -> Vec<Transfers> {
        let ports = self.ports();
        let SrSteUpdateConfig { weight, gradient, learning_rate: rate, lambda, gradient_shift, .. } =
            self.config;
        let stride = (i128::from(rate.multiplier) << lambda.shift).max(1);
        let denominator = 1i128 << (rate.shift + lambda.shift + gradient_shift);
        let border = match self.config.rounding {
            Rounding::Floor | Rounding::TowardZero | Rounding::Ceil | Rounding::AwayFromZero => 0,
            _ => denominator / 2,
        };
        let pull = |w: i64| {
            i128::from(rate.multiplier) * i128::from(lambda.multiplier) * (i128::from(w) << gradient_shift)
        };
        // Half of the type: the kept weights are larger.
        let candidates = (weight.lo() / 2..=weight.hi() / 2).step_by(weight_stride(weight));
        let mut candidates: Vec<(i128, i64)> = candidates.map(|w| (pull(w).rem_euclid(stride), w)).collect();
        candidates.sort_unstable();
        let powers = (0..).map(|bit| 1i128 << bit).take_while(|&power| power < stride);
        let mut weights: Vec<i64> = powers
            .flat_map(|power| [power, stride - power])
            .chain([0])
            .flat_map(|off| {
                let next = candidates.partition_point(|&(rest, _)| rest < off);
                [next, next + 1].map(|place| candidates[place % candidates.len()].1)
            })
            .collect();
        weights.sort_unstable();
        weights.dedup();
        let gradients: Vec<i64> = (gradient.lo()..=gradient.hi()).take(GRADIENTS).collect();
        let (group, kept) = (self.groups.pattern.group(), self.groups.pattern.kept());
        let (mut w, mut g) = (Vec::new(), Vec::new());
        for pruned in weights {
            let from_border = |&g: &i64| {
                let rest = (border - i128::from(g) * stride - pull(pruned)).rem_euclid(denominator);
                rest.min(denominator - rest)
            };
            let mut nearest = gradients.clone();
            nearest.sort_by_cached_key(from_border);
            for &gradient in nearest.iter().take(2) {
                for turn in (0..group).step_by((group - kept).max(1)) {
                    for lane in 0..group {
                        let is_kept = (lane + turn) % group < kept;
                        w.push(if is_kept { weight.hi() - (lane % 2) as i64 } else { pruned });
                        g.push(gradient);
                    }
                }
            }
        }
        let columns = self.groups.columns;
        let whole = w.len().div_ceil(columns) * columns;
        [&mut w, &mut g].into_iter().for_each(|values| values.resize(whole, 0));
        let borders = vec![Tokens::pack(&ports.inputs[0], &w), Tokens::pack(&ports.inputs[1], &g)];
        super::corners_of(&ports).into_iter().chain([borders]).collect()
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let updated = t.add(&inputs, 1, Zip)[0];
        let updated = t.crossing(updated, "updated");
        let copies = t.add(&[updated], 2, Fork::new(2));
        let framed = self.ports().outputs[0].is_framed();
        let sad = if framed { t.fold(copies[1], "sad") } else { copies[1] };
        Some(vec![copies[0], sad])
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let (w, g) = (inputs[0].unpack(&ports.inputs[0]), inputs[1].unpack(&ports.inputs[1]));
        let (lo, hi) = (self.config.weight.lo(), self.config.weight.hi());
        let mask = self.golden_mask(&w);
        let steps = w.iter().zip(&g).zip(&mask);
        let next: Vec<i64> = steps
            .map(|((&w, &g), &kept)| {
                sr_ste_weight(w, g, kept, &self.config).clamp(lo.into(), hi.into()) as i64
            })
            .collect();
        let masks = mask.chunks(self.groups.columns);
        let changes =
            |(old, new): (&[bool], &[bool])| old.iter().zip(new).filter(|(old, new)| old != new).count();
        let next_mask = self.golden_mask(&next);
        let sad: Vec<i64> =
            masks.zip(next_mask.chunks(self.groups.columns)).map(|pair| changes(pair) as i64).collect();
        vec![Tokens::pack(&ports.outputs[0], &next), Tokens::pack(&ports.outputs[1], &sad)]
    }
}
