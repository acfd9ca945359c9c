//! The index of the largest of several integers at once.

use super::Ties;
use crate::hdl::{Range, Signal};

impl Ties {
    /// Whether `later` takes the place of what comes before it.
    pub fn replaces<'m>(self, later: Signal<'m>, before: Signal<'m>) -> Signal<'m> {
        match self {
            Self::Lower => later.gt(before),
            Self::Higher => later.ge(before),
        }
    }
}

/// The largest of the values from `first` to `last`, and its index among all.
#[derive(Clone, Copy)]
struct Candidate<'m> {
    value: Signal<'m>,
    index: Signal<'m>,
    first: usize,
    last: usize,
}

/// The index of the largest of `values`, the first of equals: a tree of comparators, one fewer than there are values.
///
/// # Panics
/// If there are no values.
#[track_caller]
pub fn first_largest<'m>(values: &[Signal<'m>]) -> Signal<'m> {
    let (largest, index) = largest_and_index(values, Ties::Lower);
    largest.module().ignore(largest);
    index
}

/// The largest of `values`, and the index of that which is it, of equals as `ties` says.
///
/// # Panics
/// If there are no values.
#[track_caller]
pub fn largest_and_index<'m>(values: &[Signal<'m>], ties: Ties) -> (Signal<'m>, Signal<'m>) {
    let m = values[0].module();
    let candidate = |(index, &value): (usize, &Signal<'m>)| Candidate {
        value,
        index: m.constant(index as i64),
        first: index,
        last: index,
    };
    let mut level: Vec<Candidate<'m>> = values.iter().enumerate().map(candidate).collect();
    let larger_of = |pair: &[Candidate<'m>]| match *pair {
        [left, right] => {
            let (first, last) = (left.first, right.last);
            let larger = ties.replaces(right.value, left.value).named(format!("right_of_{first}_to_{last}"));
            let choice = |right: Signal<'m>, left: Signal<'m>, name: &str| {
                larger.mux(right, left).named(format!("{name}_{first}_to_{last}"))
            };
            let value = choice(right.value, left.value, "largest");
            Candidate { value, index: choice(right.index, left.index, "index"), first, last }
        }
        _ => pair[0],
    };
    while level.len() > 1 {
        level = level.chunks(2).map(larger_of).collect();
    }
    (level[0].value, level[0].index.assume(Range::new(0, values.len() - 1)))
}
