//! What a window sees beyond the border of a picture.

use super::Reach;
use crate::hdl::{Range, Signal};
use serde::{Deserialize, Serialize};

/// The value of a place beyond the border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Border {
    /// That of the nearest place inside: `a a | a b c | c c`.
    #[default]
    Replicate,
    /// That of the place as far inside, the picture mirrored at its edge: `b a | a b c | c b`.
    Reflect,
    /// 0.
    Zero,
}

/// The places of a window, relative to its middle, and its border.
#[derive(Clone, Debug)]
pub struct Taps {
    /// Not empty; the taps leave in this order.
    pub offsets: Vec<i64>,
    pub border: Border,
}

impl Taps {
    /// How many places before the middle the window reaches.
    pub(super) fn before(&self) -> usize {
        self.offsets.iter().map(|&offset| usize::try_from(-offset).unwrap_or(0)).max().unwrap_or(0)
    }

    /// How many places behind the middle the window reaches.
    pub(super) fn behind(&self) -> usize {
        self.offsets.iter().map(|&offset| usize::try_from(offset).unwrap_or(0)).max().unwrap_or(0)
    }

    /// The taps of a value whose `places[k]` is the one `k` behind the window's first. `size` is the picture's, where it
    /// is known.
    pub(super) fn of<'m>(
        &self,
        places: &[Signal<'m>],
        reach: &Reach<'m>,
        size: Option<usize>,
    ) -> Vec<Signal<'m>> {
        let reaches = self.reaches(size);
        let m = reach.before.module();
        // In small pictures no tap may want them.
        places.iter().chain([&reach.before, &reach.behind]).for_each(|&signal| m.ignore(signal));
        let tap = |&offset: &i64| {
            let source = |&(before, behind): &(usize, usize)| self.border.source(offset, before, behind);
            let place = |source: Option<i64>| match source {
                Some(offset) => places[(offset + self.before() as i64) as usize],
                None => m.constant(0),
            };
            let mut sources: Vec<Option<i64>> = reaches.iter().map(source).collect();
            sources.sort_unstable_by_key(|source| source.map_or(i64::MAX, |place| (place - offset).abs()));
            sources.dedup();
            let Some((first, others)) = sources.split_first() else { unreachable!("a picture has a pixel") };
            others.iter().fold(place(*first), |value, other| {
                let (here, elsewhere): (Vec<_>, Vec<_>) =
                    reaches.iter().partition(|reach| source(reach) == *other);
                is_one_of(reach, &here, &elsewhere).mux(place(*other), value)
            })
        };
        self.offsets.iter().map(tap).collect()
    }

    /// What [`Reach`] can be, in a picture of `size` or of any size.
    fn reaches(&self, size: Option<usize>) -> Vec<(usize, usize)> {
        let (before, behind) = (self.before(), self.behind());
        let mut reaches: Vec<(usize, usize)> = match size {
            Some(size) => (0..size).map(|at| (at.min(before), (size - 1 - at).min(behind))).collect(),
            None => (0..=before).flat_map(|at| (0..=behind).map(move |rest| (at, rest))).collect(),
        };
        reaches.sort_unstable();
        reaches.dedup();
        reaches
    }
}

impl Border {
    /// The place inside whose value the place at `offset` has; none where it is 0. The picture has `before` and `behind`
    /// places around the middle, or more where the window reaches no farther.
    fn source(self, offset: i64, before: usize, behind: usize) -> Option<i64> {
        let (first, last) = (-(before as i64), behind as i64);
        match self {
            _ if (first..=last).contains(&offset) => Some(offset),
            Border::Zero => None,
            Border::Replicate => Some(offset.clamp(first, last)),
            Border::Reflect => {
                let size = last - first + 1;
                let place = (offset - first).rem_euclid(2 * size);
                Some(first + place.min(2 * size - 1 - place))
            }
        }
    }
}

/// Whether the reach is one of `here`, where it is one of `here` or `elsewhere`.
fn is_one_of<'m>(reach: &Reach<'m>, here: &[&(usize, usize)], elsewhere: &[&(usize, usize)]) -> Signal<'m> {
    let any = |mut conditions: Vec<Signal<'m>>| {
        let first = conditions.remove(0);
        conditions.into_iter().fold(first, |any, condition| any | condition)
    };
    let values = |reaches: &[&(usize, usize)], side: fn(&(usize, usize)) -> usize| {
        let mut values: Vec<usize> = reaches.iter().map(|reach| side(reach)).collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    for (count, side) in [(reach.before, before as fn(&_) -> usize), (reach.behind, behind)] {
        let (here, elsewhere) = (values(here, side), values(elsewhere, side));
        if here.iter().all(|value| !elsewhere.contains(value)) {
            return any(here.iter().map(|&value| equals(count, value)).collect());
        }
    }
    let both = |reaches: &&(usize, usize)| equals(reach.before, reaches.0) & equals(reach.behind, reaches.1);
    any(here.iter().map(both).collect())
}

fn before(reach: &(usize, usize)) -> usize {
    reach.0
}

fn behind(reach: &(usize, usize)) -> usize {
    reach.1
}

fn equals(count: Signal<'_>, value: usize) -> Signal<'_> {
    if count.range() == Range::only(value) { count.module().always() } else { count.eq(value as i64) }
}
