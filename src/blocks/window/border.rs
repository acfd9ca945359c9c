//! What a window sees beyond the border: for each tap the positions that it may read, and when.

use super::Kernel;
use super::kernel::Departures;
use crate::hdl::{Range, Signal};
use std::collections::BTreeMap;

/// The value of a position beyond the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// That of the nearest position inside: `a a | a b c | c c`.
    Replicate,
    /// Mirrored about the edge, half a position beyond the outermost one: `b a | a b c | c b`.
    HalfSample,
    /// Mirrored about the outermost position: `c b | a b c | b a`.
    WholeSample,
    /// This integer: 0, or the zero point of quantized values.
    Constant(i64),
}

impl Border {
    /// The position inside an axis of `length` positions whose value `position` has; none where it is a constant.
    ///
    /// # Panics
    /// If the axis has no position.
    pub fn source(self, position: i64, length: usize) -> Option<usize> {
        assert!(length > 0, "an axis has a position");
        let length = length as i64;
        let mirrored = |period: i64, last: i64| {
            let place = position.rem_euclid(period);
            place.min(last - place)
        };
        let inside = match self {
            _ if (0..length).contains(&position) => position,
            Border::Constant(_) => return None,
            Border::Replicate => position.clamp(0, length - 1),
            Border::HalfSample => mirrored(2 * length, 2 * length - 1),
            Border::WholeSample if length == 1 => 0,
            Border::WholeSample => mirrored(2 * length - 2, 2 * length - 2),
        };
        Some(inside as usize)
    }
}

/// Where a window's middle is in its frame: positions before it and after it, as far as the border asks; less than 0 where
/// the middle is itself after the last position.
pub(super) struct Reach<'m> {
    pub before: Signal<'m>,
    pub after: Signal<'m>,
}

/// The most that is asked of [`Reach`], and the taps in each case that can be.
pub(super) struct Taps {
    pub most_before: usize,
    border: Border,
    /// For each case of `(before, after)`: what each tap reads, counted from the oldest position that the window spans.
    cases: BTreeMap<(i64, i64), Vec<Option<usize>>>,
}

impl Taps {
    /// # Panics
    /// If a mirrored position is not among those that its window spans.
    #[track_caller]
    pub fn of(kernel: &Kernel, length: Option<usize>) -> Taps {
        let span = kernel.span();
        // In a longer frame a window is at one border at most, as in the longest of these.
        let lengths = length.map_or(1..2 * span + 2, |length| length..length + 1);
        let most_before =
            if kernel.before > 0 { kernel.before + Departures::of(kernel, length).first } else { 0 };
        let mut cases = BTreeMap::new();
        for length in lengths {
            let Departures { lag, first, .. } = Departures::of(kernel, Some(length));
            for window in 0..kernel.windows(length) {
                let (oldest, middle) = (window * kernel.stride, first + window * kernel.stride);
                let after = (length as i64 - 1 - middle as i64).min(lag as i64);
                let read = |tap: usize| {
                    let position = (oldest + tap * kernel.dilation) as i64 - kernel.before as i64;
                    let source = kernel.border.source(position, length)?;
                    let place = (source + kernel.before).checked_sub(oldest).filter(|place| *place < span);
                    Some(place.unwrap_or_else(|| {
                        panic!("a window of {span} positions, {} of them before the first one, does not see what is \
                                mirrored there", kernel.before)
                    }))
                };
                let taps = (0..kernel.size).map(read).collect();
                cases.insert((middle.min(most_before) as i64, after), taps);
            }
        }
        Taps { most_before, border: kernel.border, cases }
    }

    /// The taps of each lane, whose `places` are those that the window spans, the oldest first.
    pub fn read<'m>(&self, places: &[Vec<Signal<'m>>], reach: &Reach<'m>) -> Vec<Vec<Signal<'m>>> {
        let m = reach.before.module();
        // In small frames no tap may want them.
        places.iter().flatten().chain([&reach.before, &reach.after]).for_each(|&signal| m.ignore(signal));
        let kernel = self.cases.values().next().map_or(0, Vec::len);
        let mut taps = vec![Vec::with_capacity(kernel); places.len()];
        for tap in 0..kernel {
            let (own, others) = self.sources(tap, reach);
            for (lane, taps) in places.iter().zip(&mut taps) {
                let value = |source: &Option<usize>| {
                    source.map_or_else(|| self.constant(lane[0]), |place| lane[place])
                };
                let choose = |otherwise, (when, source): &(Signal<'m>, _)| when.mux(value(source), otherwise);
                taps.push(others.iter().fold(value(&own), choose));
            }
        }
        taps
    }

    /// What a tap reads in most cases, and what else, and when: the nearest first. So the choices of the tap at the other end are found
    /// among its own, and a position that two taps choose alike is chosen once.
    fn sources<'m>(
        &self,
        tap: usize,
        reach: &Reach<'m>,
    ) -> (Option<usize>, Vec<(Signal<'m>, Option<usize>)>) {
        let mut sources: BTreeMap<Option<usize>, Vec<(i64, i64)>> = BTreeMap::new();
        self.cases.iter().for_each(|(case, taps)| sources.entry(taps[tap]).or_default().push(*case));
        let own = sources.iter().max_by_key(|(source, cases)| (source.is_some(), cases.len()));
        let own = *own.expect("an axis has a window").0;
        let mut others: Vec<_> = sources.into_iter().filter(|(source, _)| *source != own).collect();
        let distance = |source: Option<usize>| source.zip(own).map_or(usize::MAX, |(a, b)| a.abs_diff(b));
        others.sort_by_key(|(source, _)| distance(*source));
        let others = others.into_iter().map(|(source, here)| {
            let elsewhere: Vec<_> =
                self.cases.iter().filter(|(_, taps)| taps[tap] != source).map(|(case, _)| *case).collect();
            (is_one_of(reach, &here, &elsewhere), source)
        });
        (own, others.collect())
    }

    fn constant<'m>(&self, like: Signal<'m>) -> Signal<'m> {
        let Border::Constant(value) = self.border else { unreachable!("the other borders copy a position") };
        let m = like.module();
        match like.ty() {
            crate::hdl::Type::Bits(width) => m.bits(width, value),
            crate::hdl::Type::Int(_) => m.constant(value),
        }
    }
}

/// Whether the reach is one of `here`, where it is one of `here` or `elsewhere`.
fn is_one_of<'m>(reach: &Reach<'m>, here: &[(i64, i64)], elsewhere: &[(i64, i64)]) -> Signal<'m> {
    let any = |conditions: Vec<Signal<'m>>| {
        conditions.into_iter().reduce(|any, condition| any | condition).expect("a case")
    };
    let values = |cases: &[(i64, i64)], side: fn(&(i64, i64)) -> i64| {
        let mut values: Vec<i64> = cases.iter().map(side).collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    for (count, side) in [(reach.before, before as fn(&_) -> i64), (reach.after, after)] {
        let (here, elsewhere) = (values(here, side), values(elsewhere, side));
        if here.iter().all(|value| !elsewhere.contains(value)) {
            return any(here.iter().map(|&value| equals(count, value)).collect());
        }
    }
    let both = |case: &(i64, i64)| equals(reach.before, case.0) & equals(reach.after, case.1);
    any(here.iter().map(both).collect())
}

fn before(case: &(i64, i64)) -> i64 {
    case.0
}

fn after(case: &(i64, i64)) -> i64 {
    case.1
}

fn equals(count: Signal<'_>, value: i64) -> Signal<'_> {
    if count.range() == Range::only(value) { count.module().always() } else { count.eq(value) }
}
