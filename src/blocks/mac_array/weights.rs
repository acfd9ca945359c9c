//! What the array must know of a kind of weights.

use super::folding::Folding;
use crate::hdl::{Module, Range, Signal, Timing};
use crate::stream::{Field, LaneStream, Pace, Port, packing};
use num_bigint::BigInt;

/// Signals that stand for a group of weights, as its kind likes them.
pub type Group<'m> = Vec<Signal<'m>>;

/// The sum of a row's products of one beat, and a condition that is still to be added, for a carry-in.
pub struct Dot<'m> {
    pub sum: Signal<'m>,
    pub carry: Option<Signal<'m>>,
}

/// A kind of weights: how they are written, and how a beat of activations is multiplied with them.
///
/// A matrix is of integers, its codes. A group of codes that lie next to each other in a row is written as integers of a few
/// fields, in a stream or in a memory.
pub trait MacWeights {
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

    /// What a group is written as; the lanes of a field are those of one group.
    fn fields(&self) -> Vec<Field>;

    /// A stream of a beat for each vector, which is held beside it: a codebook.
    fn loaded(&self) -> Option<Port> {
        None
    }

    /// A code whose weight is 0, if there is one.
    fn zero(&self) -> Option<i64> {
        Some(0)
    }

    /// The least and the greatest weight.
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

    /// The groups of a memory word.
    fn fetch<'m>(&self, word: Signal<'m>, groups: usize) -> Vec<Group<'m>> {
        self.receive(word, groups)
    }

    /// The groups of a streamed beat: by default for each group its fields behind each other.
    fn receive<'m>(&self, word: Signal<'m>, groups: usize) -> Vec<Group<'m>> {
        cut(&self.fields(), word, groups)
    }

    /// The dot product of each row's groups with the activations of a beat.
    fn dots<'m>(&self, x: &[Signal<'m>], rows: &[&[Group<'m>]], loaded: &[Signal<'m>]) -> Vec<Dot<'m>>;

    /// Hardware for one column a beat that all rows share, of weights in memory, where it is better than that of
    /// [`MacWeights::dots`]: from a framed stream of vectors to one beat of sums for each.
    fn shared_column(&self) -> Option<&dyn SharedColumn> {
        None
    }
}

/// What `f` makes of the activations of a beat and a row's groups, as a part of the module: rows are alike.
pub fn row_dot<'m>(
    x: &[Signal<'m>],
    row: &[Group<'m>],
    f: impl FnOnce(&[Signal<'m>], &[Group<'m>]) -> Dot<'m>,
) -> Dot<'m> {
    if x.len() == 1 {
        return f(x, row);
    }
    x[0].module().part("row_dot", "sum + carry: a row's products of one beat, summed up", |part| {
        let (x, row) = (part.input("x", x.to_vec()), part.input("w", row.to_vec()));
        let Dot { sum, carry } = f(&x, &row);
        Dot { sum: part.output("sum", sum), carry: carry.map(|carry| part.output("carry", carry)) }
    })
}

/// The other hardware of a kind: see [`MacWeights::shared_column`].
pub trait SharedColumn {
    fn rows<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        matrix: &[Vec<i64>],
        folding: &Folding,
        accumulator: &Range,
    ) -> LaneStream<'m>;

    /// When its sums come, where beats come as in `x`.
    fn schedule(&self, x: &Pace, folding: &Folding, timing: Timing) -> Option<Pace>;
}

/// The word of `groups` as a stream carries them, field behind field.
pub fn payload(fields: &[Field], groups: &[Vec<i64>]) -> BigInt {
    let mut first = 0;
    let integers = fields.iter().flat_map(|Field { lanes, range, .. }| {
        let (start, end) = (first, first + lanes);
        first = end;
        groups.iter().flat_map(move |group| group[start..end].iter().map(move |&value| (range, value)))
    });
    packing::word(integers)
}

/// The groups of a word of [`payload`], each its fields behind each other.
pub fn cut<'m>(fields: &[Field], word: Signal<'m>, groups: usize) -> Vec<Group<'m>> {
    let mut found = vec![Vec::new(); groups];
    let mut lsb = 0;
    for Field { lanes, range, .. } in fields {
        for group in &mut found {
            for _ in 0..*lanes {
                group.push(word.slice(lsb, range.width()).int(range.word()));
                lsb += range.width();
            }
        }
    }
    found
}
