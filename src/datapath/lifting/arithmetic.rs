//! The arithmetic of a step: a weighted sum of sources, rounded, taken from a target or added to it. No multiplier.

use super::scheme::{Sign, Step};
use crate::blocks::{constant_multiple, tree};
use crate::device::AdderForm;
use crate::hdl::{Module, Operand, Range, Rounding, Signal};
use std::collections::BTreeMap;

/// Whether a step that subtracts holds its targets complemented, since `t - s = ~(~t + s)`. Where a family's sums and differences cost
/// the same, a complement is a look-up table a bit that a difference does not need. A difference has no room for a carry.
pub fn complements(step: &Step, m: &Module) -> bool {
    let sums_alone = AdderForm::of(m.timing().family()) == AdderForm::Polarity;
    step.sign == Sign::Minus && (sums_alone || rounds_half(step))
}

/// Whether the step adds half of what it divides by: `floor((sum + half) / 2^shift) = floor(sum / 2^shift) + the bit below`.
fn rounds_half(step: &Step) -> bool {
    step.shift > 0 && step.offset == 1 << (step.shift - 1)
}

/// A target as the step wants it: complemented where it [`complements`].
pub fn held<'m>(step: &Step, target: Signal<'m>) -> Signal<'m> {
    if complements(step, target.module()) { target.complement() } else { target }
}

/// What the step makes of a target that is [`held`], and of the sources of its taps.
#[track_caller]
pub fn lifted<'m>(step: &Step, held: Signal<'m>, sources: &[Signal<'m>]) -> Signal<'m> {
    let sum = weighted_sum(&step.taps, sources);
    let (change, carry) = if rounds_half(step) {
        (sum >> step.shift, Some(sum.bit(step.shift - 1)))
    } else if step.offset == 0 {
        (sum >> step.shift, None)
    } else {
        ((sum + step.offset) >> step.shift, None)
    };
    match step.sign {
        Sign::Plus => held.add_with_carry(change, carry),
        Sign::Minus if complements(step, held.module()) => held.add_complemented(change, carry),
        Sign::Minus => held.subtract(change),
    }
}

/// `sum of weights[k] * values[k]`. Values of one weight are summed first.
#[track_caller]
pub fn weighted_sum<'m>(weights: &[i64], values: &[Signal<'m>]) -> Signal<'m> {
    let m = values[0].module();
    let mut groups: BTreeMap<i64, [Vec<Signal<'m>>; 2]> = BTreeMap::new();
    for (weight, value) in weights.iter().zip(values) {
        match weight {
            0 => m.ignore(*value),
            _ => groups.entry(weight.abs()).or_default()[usize::from(*weight < 0)].push(*value),
        }
    }
    let add = |terms: &[Signal<'m>]| tree(terms, &mut |a: Signal<'m>, b| a.add_with_carry(b, None));
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for (weight, [plus, minus]) in groups {
        match (plus.is_empty(), minus.is_empty()) {
            (false, true) => up.push(constant_multiple(add(&plus), weight)),
            (true, _) => down.push(constant_multiple(add(&minus), weight)),
            (false, false) => up.push(constant_multiple(add(&plus).subtract(add(&minus)), weight)),
        }
    }
    match (up.is_empty(), down.is_empty()) {
        (true, true) => 0.operand(m),
        (false, true) => add(&up),
        (true, false) => -add(&down),
        (false, false) => add(&up).subtract(add(&down)),
    }
}

/// A band times its final scaling, a power of two or its negative.
pub fn scaled<'m>(value: Signal<'m>, scale: i64) -> Signal<'m> {
    let shifted = value << scale.unsigned_abs().trailing_zeros();
    if scale < 0 { -shifted } else { shifted }
}

/// `value / scale` to the nearest, halves up: undoes [`scaled`].
pub fn divided<'m>(value: Signal<'m>, scale: i64) -> Signal<'m> {
    let value = if scale < 0 { -value } else { value };
    value.round_shift(scale.unsigned_abs().trailing_zeros(), Rounding::HalfUp)
}

/// `value`, of which is known that it lies in `range`, in the word of that range: what ranges alone, blind to how samples hang
/// together, would make wider.
pub fn narrowed<'m>(value: Signal<'m>, range: &Range) -> Signal<'m> {
    if range.word().covers(&value.range()) { value } else { value.wrap(range.word()) }
}
