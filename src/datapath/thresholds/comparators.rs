//! A comparator for each threshold.

use super::rows::LaneRows;
use crate::datapath::row_memory::{RowIndex, look_up};
use crate::hdl::{Module, Range, Signal};

/// The bits of the number of codes passed, the first the least significant: as thresholds rise, bit `j` is the parity of those reached of
/// each `2^j`-th.
pub fn bits<'m>(x: Signal<'m>, rows: &LaneRows, row: RowIndex<'m>, lane: usize) -> Vec<Signal<'m>> {
    let m = x.module();
    let count = rows.0[0].from.len();
    let values = rows.0.iter().flat_map(|row| row.from.iter().map(|&from| from.into()));
    let range = Range::hull(values).word();
    let words: Vec<Vec<i64>> = rows.0.iter().map(|row| row.from.clone()).collect();
    let froms =
        look_up(m, &format!("thresholds_{lane}"), &range, &words, row.address(rows.is_constant(), None));
    let falls = falls(rows, row, lane, m);
    let reached: Vec<Signal<'m>> = (froms.iter().enumerate())
        .map(|(level, &from)| x.ge(from).hint(format!("reached_{lane}_{level}")))
        .collect();
    let bit = |place: u32| {
        let every = 1usize << place;
        let parity = reached.iter().skip(every - 1).step_by(every).copied();
        let odd = (count / every % 2 == 1).then_some(falls);
        parity.chain(odd).reduce(|a, b| a ^ b).expect("a threshold for each bit")
    };
    (0..usize::BITS - count.leading_zeros()).map(bit).collect()
}

/// Whether the codes of the row fall.
pub fn falls<'m>(rows: &LaneRows, row: RowIndex<'m>, lane: usize, m: &'m Module) -> Signal<'m> {
    let words: Vec<Vec<i64>> = rows.0.iter().map(|row| vec![i64::from(row.falls)]).collect();
    if words.iter().all(|word| *word == words[0]) {
        return m.constant(words[0][0]);
    }
    look_up(m, &format!("falls_{lane}"), &Range::condition(), &words, row.address(rows.is_constant(), None))
        [0]
}
