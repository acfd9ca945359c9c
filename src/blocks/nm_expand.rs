//! A group of M values from the N that are kept, with zeros elsewhere.

use crate::hdl::Signal;

/// `dense[places[i]] = values[i]`, and 0 where no place points.
///
/// Of places that do not ascend, the first that points at a value wins; one beyond the group is lost, as is one where kept
/// value `i` cannot lie, outside `i ..= i + M - N`.
#[track_caller]
pub fn nm_expand<'m>(values: &[Signal<'m>], places: &[Signal<'m>], group: usize) -> Vec<Signal<'m>> {
    let spare = group - values.len();
    let at = |place: usize| {
        let possible = (0..values.len()).filter(|&index| (index..=index + spare).contains(&place));
        let none = values[0].module().constant(0);
        possible
            .rev()
            .fold(none, |otherwise, index| places[index].eq(place as i64).mux(values[index], otherwise))
    };
    (0..group).map(at).collect()
}
