//! What the filters make of each pixel, and how large a gradient can be: both derivatives of a smoothed picture are never at their
//! greatest together.

use std::collections::{BTreeMap, BTreeSet};

/// Filter at places of an axis.
pub(super) type Filter = BTreeMap<i64, i128>;

/// `taps` after `more` taps.
fn behind(taps: &Filter, more: impl Iterator<Item = (i64, i128)> + Clone) -> Filter {
    let mut both = Filter::new();
    for (place, tap) in taps {
        for (offset, factor) in more.clone() {
            *both.entry(place + offset).or_default() += tap * factor;
        }
    }
    both
}

/// What smooths along an axis: all `passes`, one after the other; and after these the difference at `ends`.
pub(super) fn filters(passes: &[Vec<(i64, i128)>], ends: [i64; 2]) -> [Filter; 2] {
    let alone = Filter::from([(0, 1)]);
    let smooth = passes.iter().fold(alone, |taps, pass| behind(&taps, pass.iter().copied()));
    let difference = behind(&smooth, [(ends[0], -1), (ends[1], 1)].into_iter());
    [smooth, difference]
}

/// How much of each value is in `w1`, which is the difference along the rows of what is smoothed along the columns, and in
/// `w2`, the other way about; with its place, right and down. The filters are those along the rows and those along the columns.
pub(super) fn parts(along: &[Filter; 2], across: &[Filter; 2]) -> Vec<([i64; 2], (i128, i128))> {
    let ([smooth_x, difference_x], [smooth_y, difference_y]) = (along, across);
    let tap = |taps: &Filter, place: i64| taps.get(&place).copied().unwrap_or(0);
    let places = |filters: &[Filter; 2]| -> BTreeSet<i64> {
        filters.iter().flat_map(|taps| taps.keys().copied()).collect()
    };
    let (columns, rows) = (places(along), places(across));
    let places = rows.iter().flat_map(|&y| columns.iter().map(move |&x| [x, y]));
    let part =
        |[x, y]: [i64; 2]| (tap(difference_x, x) * tap(smooth_y, y), tap(smooth_x, x) * tap(difference_y, y));
    places.map(|place| (place, part(place))).filter(|(_, part)| *part != (0, 0)).collect()
}

/// The greatest squared length of a sum of some of `parts`: a corner of the polygon of all such sums. From its lowest corner to its
/// highest the edges are the parts by their direction; on the other side the same, backwards.
pub(super) fn greatest_sum(parts: &[(i128, i128)]) -> i128 {
    let sum = |(x, y): (i128, i128), part: &(i128, i128)| (x + part.0, y + part.1);
    let leads_down = |part: &(i128, i128)| part.1 < 0 || (part.1 == 0 && part.0 < 0);
    let all = parts.iter().fold((0, 0), sum);
    let lowest = parts.iter().filter(|part| leads_down(part)).fold((0, 0), sum);
    let up = |part: &(i128, i128)| if leads_down(part) { (-part.0, -part.1) } else { *part };
    let mut edges: Vec<(i128, i128)> = parts.iter().filter(|part| **part != (0, 0)).map(up).collect();
    edges.sort_by(|a, b| (a.1 * b.0).cmp(&(a.0 * b.1)));
    let square = |(x, y): (i128, i128)| x * x + y * y;
    let corners = edges.iter().scan(lowest, |corner, edge| {
        *corner = sum(*corner, edge);
        Some(*corner)
    });
    let corners = corners.chain([lowest]);
    corners.map(|corner| square(corner).max(square((all.0 - corner.0, all.1 - corner.1)))).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_sum_is_that_of_a_subset() {
        let mut state = 1u32;
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i128::from(state >> 28) - 8
        };
        for count in 1..=9 {
            for _ in 0..40 {
                let parts: Vec<_> = (0..count).map(|_| (draw(), draw())).collect();
                let square = |chosen: u32| {
                    let chosen = parts.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
                    let (x, y) = chosen.fold((0, 0), |sum, (_, part)| (sum.0 + part.0, sum.1 + part.1));
                    x * x + y * y
                };
                let greatest = (0..1 << count).map(square).max();
                assert_eq!(Some(greatest_sum(&parts)), greatest, "{parts:?}");
            }
        }
    }

    #[test]
    fn differences_of_neighbours_are_greatest_together() {
        let difference = filters(&[], [0, 1]);
        let parts: Vec<_> = parts(&difference, &difference).into_iter().map(|(_, part)| part).collect();
        assert_eq!(greatest_sum(&parts), 2);
    }
}
