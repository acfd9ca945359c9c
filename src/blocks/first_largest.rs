//! The place of the largest of several integers at once.

use crate::hdl::{Range, Signal};

/// The place of the largest of `values`, the first of equals: a tree of comparators, one fewer than there are values.
///
/// # Panics
/// If there are no values.
#[track_caller]
pub fn first_largest<'m>(values: &[Signal<'m>]) -> Signal<'m> {
    let m = values[0].module();
    let mut level: Vec<_> =
        values.iter().enumerate().map(|(place, &value)| (value, m.constant(place as i64))).collect();
    while level.len() > 1 {
        let pairs = level.chunks(2).map(|pair| match *pair {
            [(left, at_left), (right, at_right)] => {
                let larger = right.gt(left);
                (larger.mux(right, left), larger.mux(at_right, at_left))
            }
            _ => pair[0],
        });
        level = pairs.collect();
    }
    level[0].1.assume(Range::new(0, values.len() - 1))
}
