//! Averages of windows of which some see fewer positions than others: a sum times what makes all counts the same.

use super::Pool;
use crate::blocks::Kernel;
use crate::datapath::LaneStream;
use crate::hdl::{Module, Range, Signal};
use num_integer::Integer;

/// Times which the sum of each window along an axis of `length` positions is taken, `common / n` for one that sees `n` positions of the map, and
/// `common`, the least common multiple of all `n`. None where it has more than 62 bits.
///
/// ```
/// use ternlet::blocks::Kernel;
/// use ternlet::datapath::mean_factors;
/// // Three positions around each of four, of which two see a border.
/// let kernel = Kernel { before: 1, after: 1, ..Kernel::valid(3) };
/// assert_eq!(mean_factors(&kernel, 4), Some((vec![3, 2, 2, 3], 6)));
/// ```
pub fn mean_factors(kernel: &Kernel, length: usize) -> Option<(Vec<i64>, i64)> {
    let counts: Vec<i64> =
        (0..kernel.windows(length)).map(|window| kernel.seen(window, length).len() as i64).collect();
    let least = |common: i64, count: &i64| {
        let times = count.checked_div(common.gcd(count))?;
        common.checked_mul(times).filter(|common| *common > 0 && common >> 62 == 0)
    };
    let common = counts.iter().try_fold(1, least)?;
    Some((counts.into_iter().map(|count| common / count).collect(), common))
}

impl Pool {
    /// For each axis the factors of its windows, and what is common to all.
    pub(super) fn mean(&self) -> Option<Vec<(Vec<i64>, i64)>> {
        let axes = self.kernels.iter().zip(&self.map.lengths);
        axes.map(|(kernel, length)| mean_factors(kernel, *length)).collect()
    }

    /// What sums of windows in `sums` are times their factors: as many times what comes in as all windows have in common.
    pub(super) fn mean_range(&self) -> Option<Range> {
        let common = self.mean()?.iter().try_fold(1i64, |all, (_, common)| all.checked_mul(*common))?;
        let input = self.input.range();
        Some(Range::new(input.lo() * common, input.hi() * common))
    }

    /// Sums times their factors, which follow from where their windows lie.
    pub(super) fn averaged<'m>(&self, m: &'m Module, sums: LaneStream<'m>) -> LaneStream<'m> {
        let axes = self.mean().expect("it was checked");
        let windows = self.windows();
        let lengths: Vec<usize> = windows.lengths.iter().copied().chain([windows.beats()]).collect();
        let varies =
            |axis: usize| axes.get(axis).is_some_and(|(factors, _)| factors.iter().any(|factor| *factor > 1));
        let Some(outermost) = (0..axes.len()).find(|axis| varies(*axis)) else {
            return self.bounded(sums);
        };
        // Counters from the first axis on along which windows differ, and of the beats of a window.
        let counted: Vec<usize> = (outermost..lengths.len()).filter(|axis| lengths[*axis] > 1).collect();
        let shape: Vec<Range> = counted.iter().map(|axis| Range::new(0, lengths[*axis] - 1)).collect();
        let averages = |places: Vec<Signal<'m>>, sums: Vec<Signal<'m>>, _: Signal<'m>| {
            let differing = places.iter().zip(&counted).filter(|(_, axis)| varies(**axis));
            let factors = differing.map(|(place, axis)| chosen(m, *place, &axes[*axis].0));
            let factor = factors.reduce(|all, factor| all * factor).expect("an axis").named("factor");
            let averages: Vec<Signal<'m>> = sums.into_iter().map(|sum| sum * factor).collect();
            let mut moves = m.always();
            let mut next: Vec<Signal<'m>> = Vec::new();
            for (place, axis) in places.into_iter().zip(&counted).rev() {
                let end = place.eq(lengths[*axis] as i64 - 1);
                next.push(moves.mux(place.next_count(end), place));
                moves = moves & end;
            }
            next.reverse();
            (next, averages)
        };
        let start = vec![0; shape.len()];
        self.bounded(sums.scan("place", &shape, &start, averages))
    }

    /// Averages in the range of what comes in: where there are none, others may stand.
    fn bounded<'m>(&self, averages: LaneStream<'m>) -> LaneStream<'m> {
        let (valid, range) = (averages.valid(), self.values());
        let values = averages.payload().iter().map(|value| value.assume_when(valid, range.clone())).collect();
        averages.with_payload(values)
    }
}

/// The factor at a place: those of a run are chosen together.
fn chosen<'m>(m: &'m Module, place: Signal<'m>, factors: &[i64]) -> Signal<'m> {
    let ends: Vec<usize> = (1..factors.len()).filter(|place| factors[*place] != factors[place - 1]).collect();
    let last = m.constant(factors[factors.len() - 1]);
    ends.into_iter()
        .rev()
        .fold(last, |rest, end| place.lt(end as i64).mux(m.constant(factors[end - 1]), rest))
}
