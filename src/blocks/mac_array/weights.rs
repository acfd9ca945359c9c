//! What the array must know of a kind of weights.

use super::folding::Folding;
use crate::blocks::Loop;
use crate::blocks::adder_tree::Dot;
use crate::hdl::{Module, Payload, Range, Signal, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Field, LaneStream, Pace, Port, packing};
use num_bigint::BigInt;

/// The weights of a beat as they are written in one word: see [`MacWeights::fields`] and [`MacWeights::store`].
#[derive(Clone, Copy)]
pub struct Written<'m> {
    pub word: Signal<'m>,
    /// Whether they come from the memory, not from a stream.
    pub is_stored: bool,
    /// Groups, row by row.
    pub groups: usize,
    pub rows: usize,
}

/// A kind of weights: how they are written, and how a beat of activations is multiplied with them.
///
/// A matrix is of integers, its codes. A group of codes that lie next to each other in a row is written as integers of a few
/// fields, in a stream or in a memory.
pub trait MacWeights: Send + Sync {
    /// Codes of a group; it stands for as many columns.
    fn group(&self) -> usize {
        1
    }

    /// Beats of weights for each beat of activations: the products of a group are the sum of so many.
    fn repeats(&self) -> usize {
        1
    }

    /// Multipliers (or lanes that are as good as one) for each group.
    fn products(&self) -> usize {
        1
    }

    /// Sums of a row: 2 where what weights of +1 take and what those of -1 take are summed up apart.
    fn sums(&self) -> usize {
        1
    }

    /// What a group is written as; the lanes of a field are those of one group.
    fn fields(&self) -> Vec<Field>;

    /// A stream of a beat for each vector, which is held next to it: a codebook.
    fn loaded(&self) -> Option<Port> {
        None
    }

    /// A code whose weight is 0, if there is one.
    fn zero(&self) -> Option<i64> {
        Some(0)
    }

    /// The least and the greatest weight that a sum meets.
    fn bounds(&self) -> (i64, i64);

    /// The fields of beat `repeat` of a group of codes.
    fn encode(&self, codes: &[i64], repeat: usize) -> Vec<i64>;

    /// Bits of a memory word of `groups` groups.
    fn word_bits(&self, groups: usize) -> u32 {
        groups as u32
            * self.fields().iter().map(|field| field.lanes as u32 * field.range.width()).sum::<u32>()
    }

    /// The memory word of a beat of groups, each the fields of [`MacWeights::encode`]: by default the payload that a stream of
    /// weights would have.
    fn store(&self, groups: &[Vec<i64>]) -> BigInt {
        payload(&self.fields(), groups)
    }

    /// What a beat of the stream carries that fills the memory with words of `groups` groups: by default what a stream of weights would.
    fn loaded_fields(&self, groups: usize) -> Vec<Field> {
        fields_of(self.fields(), groups)
    }

    /// The integers of such a beat, of groups that are each the fields of [`MacWeights::encode`].
    fn load(&self, groups: &[Vec<i64>]) -> Vec<i64> {
        field_after_field(&self.fields(), groups).map(|(_, value)| value).collect()
    }

    /// The fields of group `index` of such a beat of `groups`.
    fn of_loaded(&self, beat: &[i64], groups: usize, index: usize) -> Vec<i64> {
        group_of(&self.fields(), groups, beat, index)
    }

    /// The dot products of each row's weights with the activations of a beat, one for each of its sums.
    fn dots<'m>(&self, x: &[Signal<'m>], weights: Written<'m>, loaded: &[Signal<'m>]) -> Vec<Dot<'m>>;

    /// Hardware for one column a beat that all rows share, of weights in memory, where it is better than that of
    /// [`MacWeights::dots`]: from a framed stream of vectors to one beat of sums for each.
    fn shared_column(&self) -> Option<&dyn SharedColumn> {
        None
    }
}

/// What `f` makes of the activations of a beat and the weights of a row, as a part of the module: rows are alike.
pub fn row_dot<'m, W: Payload<'m>>(
    x: &[Signal<'m>],
    weights: W,
    f: impl FnOnce(&[Signal<'m>], W) -> Dot<'m>,
) -> Dot<'m> {
    if x.len() == 1 {
        return f(x, weights);
    }
    x[0].module().part("row_dot", "sum + carry: a row's products of one beat, summed up", |part| {
        let (x, weights) = (part.input("x", x.to_vec()), part.input("w", weights));
        let Dot { sum, carry } = f(&x, weights);
        Dot { sum: part.output("sum", sum), carry: part.output("carry", carry) }
    })
}

/// The other hardware of a kind: see [`MacWeights::shared_column`].
pub trait SharedColumn {
    /// The sums of vectors that meet matrices as [`MacArray::turns`](super::MacArray::turns) says.
    fn rows<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        matrices: (&[Vec<i64>], &[Loop]),
        folding: &Folding,
        accumulator: &Range,
    ) -> LaneStream<'m>;

    /// The same as a timed run.
    fn timed(&self, t: &mut Timeline, x: Channel, folding: &Folding) -> Channel;

    /// When its sums come, where beats come as in `x`.
    fn schedule(&self, x: &Pace, folding: &Folding, timing: Timing) -> Option<Pace>;
}

/// The word of `groups` as a stream carries them, field after field.
pub fn payload(fields: &[Field], groups: &[Vec<i64>]) -> BigInt {
    packing::word(field_after_field(fields, groups))
}

/// The fields of a beat of `groups` groups, each of these fields.
pub(super) fn fields_of(fields: Vec<Field>, groups: usize) -> Vec<Field> {
    fields.into_iter().map(|field| Field { lanes: field.lanes * groups, ..field }).collect()
}

/// The fields of group `index` of `groups`, out of a beat that carries them field after field.
pub fn group_of(fields: &[Field], groups: usize, beat: &[i64], index: usize) -> Vec<i64> {
    let mut values = Vec::new();
    let mut first = 0;
    for Field { lanes, .. } in fields {
        values.extend_from_slice(&beat[first + index * lanes..first + (index + 1) * lanes]);
        first += groups * lanes;
    }
    values
}

/// The integers of `groups` in the order in which a stream carries them, each with the range of its field.
pub(super) fn field_after_field<'g>(
    fields: &'g [Field],
    groups: &'g [Vec<i64>],
) -> impl Iterator<Item = (&'g Range, i64)> {
    let mut first = 0;
    fields.iter().flat_map(move |Field { lanes, range, .. }| {
        let (start, end) = (first, first + lanes);
        first = end;
        groups.iter().flat_map(move |group| group[start..end].iter().map(move |&value| (range, value)))
    })
}
