//! Hardware of an adder graph.

use super::polarity::Polarities;
use super::{AdderGraph, Computed, Row, Sum};
use crate::device::AdderForm;
use crate::hdl::{Operand, Range, Signal, signed, unsigned};

/// `graph`'s matrix times `x`, one signal a row, in `form`: [`AdderForm::of`] the family of the module's timing suits it.
///
/// # Panics
/// If there is not one `x` for each input of the graph.
#[track_caller]
pub fn constant_matrix<'m>(graph: &AdderGraph, x: &[Signal<'m>], form: AdderForm) -> Vec<Signal<'m>> {
    assert_eq!(x.len(), graph.inputs.len(), "a signal for each input of the graph");
    let _section = x[0].module().section("matrix");
    match form {
        AdderForm::Polarity => Held::build(graph, x),
        AdderForm::Difference => {
            let mut nodes = x.to_vec();
            for_sums(graph, x, |place| {
                let sum = &graph.sums[place];
                nodes.push(difference(sum, nodes[sum.a], nodes[sum.b], place));
            });
            rows(graph, &nodes, x)
        }
    }
}

/// Sums in a part: more are split, for a person reads no endless list of adders.
const SUMS_A_PART: usize = 24;

/// Calls `add` with the index of each sum of `x`, in parts if there are many.
fn for_sums(graph: &AdderGraph, x: &[Signal<'_>], mut add: impl FnMut(usize)) {
    let count = graph.sums.len();
    if count <= SUMS_A_PART {
        return (0..count).for_each(add);
    }
    for first in (0..count).step_by(SUMS_A_PART) {
        let last = (first + SUMS_A_PART).min(count) - 1;
        let doc = format!("sums {first} to {last} of {count} of the adder graph");
        x[0].module().part("sums", doc, |part| {
            part.input("x", x.to_vec());
            (first..=last).for_each(&mut add);
        });
    }
}

fn rows<'m>(graph: &AdderGraph, nodes: &[Signal<'m>], x: &[Signal<'m>]) -> Vec<Signal<'m>> {
    let row = |row: &Option<Row>| match row {
        None => 0.operand(x[0].module()),
        Some(Row { node, shift, negative }) => {
            let value = nodes[*node] << *shift;
            if *negative { -value } else { value }
        }
    };
    graph.rows.iter().map(row).collect()
}

fn difference<'m>(sum: &Sum, a: Signal<'m>, b: Signal<'m>, place: usize) -> Signal<'m> {
    let add = |a: Signal<'m>| {
        let value = if sum.subtracts { a.subtract(b) } else { a.add_with_carry(b, None) };
        value.hint(upper_name(sum, place, false))
    };
    above(sum.shift, a, false, add).hint(sum_name(place, false))
}

/// What the sum at `place` of the graph is called.
fn sum_name(place: usize, complemented: bool) -> String {
    if complemented { format!("not_sum_{place}") } else { format!("sum_{place}") }
}

/// What the adder of a sum is called, which makes the bits above the shift.
fn upper_name(sum: &Sum, place: usize, complemented: bool) -> String {
    let name = sum_name(place, complemented);
    if sum.shift == 0 { name } else { format!("{name}_above") }
}

/// What `upper` makes of the bits of `a` from `shift` on, above the low bits of `a`, or the complements of these.
#[track_caller]
fn above<'m>(
    shift: u32,
    a: Signal<'m>,
    complemented: bool,
    upper: impl FnOnce(Signal<'m>) -> Signal<'m>,
) -> Signal<'m> {
    if shift == 0 {
        return upper(a);
    }
    let low = if complemented { a.complement() } else { a };
    let low = low.wrap(unsigned(shift)).to_bits_of(&unsigned(shift));
    let high = upper(a >> shift);
    let width = high.range().width();
    let range = if high.range().is_signed() { signed(width + shift) } else { unsigned(width + shift) };
    let high = high.to_bits_of(&high.range().word());
    a.module().concat(&[low, high]).int(range)
}

/// A node as it is held, and its complement and its negative once something has read them.
struct Held<'m> {
    value: Signal<'m>,
    complemented: bool,
    other: Option<Signal<'m>>,
    negative: Option<Signal<'m>>,
}

impl<'m> Held<'m> {
    fn build(graph: &AdderGraph, x: &[Signal<'m>]) -> Vec<Signal<'m>> {
        let polarities = Polarities::of(graph);
        let m = x[0].module();
        let held = |value, complemented| Held { value, complemented, other: None, negative: None };
        let mut nodes: Vec<Held<'m>> = x.iter().map(|&x| held(x, false)).collect();
        for_sums(graph, x, |place| {
            let (sum, complemented) = (&graph.sums[place], polarities.complemented[place]);
            let Computed { a_complemented, b_complemented, carry_in, inverted } = polarities.sums[place];
            let (a, b) = (nodes[sum.a].read(a_complemented), nodes[sum.b].read(b_complemented));
            let carry_in = carry_in.then(|| m.always());
            let value = above(sum.shift, a, inverted, |a| {
                let value =
                    if inverted { a.add_complemented(b, carry_in) } else { a.add_with_carry(b, carry_in) };
                value.hint(upper_name(sum, place, complemented))
            });
            nodes.push(held(value.hint(sum_name(place, complemented)), complemented));
        });
        let row = |(place, row): (usize, &Option<Row>)| match row {
            None => 0.operand(m),
            Some(Row { node, shift, negative: false }) => nodes[*node].read(false) << *shift,
            Some(Row { node, shift, negative: true }) => {
                nodes[*node].negated(graph.range(*node)).hint(format!("row_{place}")) << *shift
            }
        };
        graph.rows.iter().enumerate().map(row).collect()
    }

    fn read(&mut self, complemented: bool) -> Signal<'m> {
        if complemented == self.complemented {
            return self.value;
        }
        let value = self.value;
        *self.other.get_or_insert_with(|| value.complement())
    }

    /// `-v`, which is `~v + 1`, for `v` in `lo ..= hi`: a word of joined bits does not know that, and its sum would be wider.
    fn negated(&mut self, (lo, hi): (i64, i64)) -> Signal<'m> {
        let complement = self.read(true).assume(Range::new(-hi - 1, -lo - 1));
        let m = complement.module();
        let add = || complement.add_with_carry(0.operand(m), Some(m.always()));
        *self.negative.get_or_insert_with(add)
    }
}
