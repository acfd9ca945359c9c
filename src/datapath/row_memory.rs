//! Words that rows keep in a memory, or that are constants where there is only one.

use crate::hdl::{Memory, Module, Range, Shape, Signal, Type};
use crate::stream::packing;

/// The number of the beat of a position's rows, where rows differ.
#[derive(Clone, Copy)]
pub struct RowIndex<'m>(pub Option<Signal<'m>>);

impl<'m> RowIndex<'m> {
    /// The place of integer `inner`, of a whole word, of a row, each of which has a power of two of them; one row where all are alike. None
    /// if there is but one place.
    pub fn address(self, are_alike: bool, inner: Option<Signal<'m>>) -> Option<Signal<'m>> {
        let row = if are_alike { None } else { self.0 };
        match (row, inner) {
            (Some(row), Some(inner)) => Some((row << inner.width()) + inner),
            (row, inner) => row.or(inner),
        }
    }
}

/// The integers of `range` that stand at `address` of memory `name`; of a memory of one word they are constants.
pub fn look_up<'m>(
    m: &'m Module,
    name: &str,
    range: &Range,
    words: &[Vec<i64>],
    address: Option<Signal<'m>>,
) -> Vec<Signal<'m>> {
    match address {
        Some(address) => cut(rom(m, name, range, words).read(address), range, words),
        None => words[0].iter().map(|&value| m.constant(value)).collect(),
    }
}

/// A memory of `words`, each integers of `range`.
pub fn rom<'m>(m: &'m Module, name: &str, range: &Range, words: &[Vec<i64>]) -> Memory<'m> {
    let word = |integers: &Vec<i64>| packing::word(integers.iter().map(|&value| (range, value)));
    m.rom(name, Type::Bits(words[0].len() as u32 * range.width()), words.iter().map(word).collect())
}

/// The integers of a word of such a memory.
pub fn cut<'m>(word: Signal<'m>, range: &Range, words: &[Vec<i64>]) -> Vec<Signal<'m>> {
    vec![range.clone(); words[0].len()].cut(word)
}
