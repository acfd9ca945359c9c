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

/// How much of each pixel is in `w1`, which is the difference along the rows of what is smoothed along the columns, and in
/// `w2`, the other way about; with its place, right and down.
pub(super) fn parts([smooth, difference]: &[Filter; 2]) -> Vec<([i64; 2], (i128, i128))> {
    let tap = |taps: &Filter, place: i64| taps.get(&place).copied().unwrap_or(0);
    let places: BTreeSet<i64> = smooth.keys().chain(difference.keys()).copied().collect();
    let places = places.iter().flat_map(|&y| places.iter().map(move |&x| [x, y]));
    let part = |[x, y]: [i64; 2]| (tap(difference, x) * tap(smooth, y), tap(smooth, x) * tap(difference, y));
    places.map(|place| (place, part(place))).filter(|(_, part)| *part != (0, 0)).collect()
}

/// The greatest `w1^2 + w2^2` of pixels of 0 to 1. Pixels beyond the border are some within, so that they make it no greater.
pub(super) fn greatest_square(filters: &[Filter; 2]) -> i128 {
    greatest_sum(&parts(filters).into_iter().map(|(_, part)| part).collect::<Vec<_>>())
}

/// The greatest squared length of a sum of some of `parts`: a corner of the polygon of all such sums. A corner has the parts to the
/// left of a line through 0, and of those on the line those ahead; each edge, and so a corner, belongs to the line of a part.
fn greatest_sum(parts: &[(i128, i128)]) -> i128 {
    let corner = |line: (i128, i128), turn: i128| {
        let is_in = |part: &&(i128, i128)| {
            let beside = turn * (line.0 * part.1 - line.1 * part.0);
            beside > 0 || (beside == 0 && turn * (line.0 * part.0 + line.1 * part.1) > 0)
        };
        let (x, y) = parts.iter().filter(is_in).fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        x * x + y * y
    };
    let corners = parts.iter().flat_map(|&line| [corner(line, 1), corner(line, -1)]);
    corners.max().unwrap_or(0)
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
        assert_eq!(greatest_square(&filters(&[], [0, 1])), 2);
    }
}
