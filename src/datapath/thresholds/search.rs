//! A binary search over thresholds in memory: a threshold a step, each half as far from the next.

use super::comparators::falls;
use super::rows::LaneRows;
use crate::datapath::row_memory::{RowIndex, cut, look_up, rom};
use crate::hdl::{Range, Signal, Step, unsigned};

/// The range of the thresholds in ladders.
fn range(ladders: &[Vec<i64>]) -> Range {
    Range::hull(ladders.iter().flatten().map(|&from| from.into())).word()
}

/// The bits of the number of codes passed, the first the least significant, in a step for each, one after the other: a memory and a
/// comparator each.
pub fn pipelined<'m>(
    x: Signal<'m>,
    rows: &LaneRows,
    row: RowIndex<'m>,
    lane: usize,
    (bits, accumulators): (u32, &Range),
) -> Vec<Signal<'m>> {
    let m = x.module();
    let ladders: Vec<Vec<i64>> = rows.0.iter().map(|row| row.ladder(bits, accumulators)).collect();
    let range = range(&ladders);
    let mut path = Vec::new();
    for step in 0..bits {
        // The thresholds in the middle between those of the steps before.
        let (first, gap) = ((1usize << (bits - step - 1)) - 1, 1usize << (bits - step));
        let of_row = |ladder: &Vec<i64>| -> Vec<Vec<i64>> {
            ladder.iter().skip(first).step_by(gap).map(|&from| vec![from]).collect()
        };
        let words: Vec<Vec<i64>> = ladders.iter().flat_map(of_row).collect();
        let taken: Vec<Signal<'m>> = path.iter().rev().copied().collect();
        let taken = (step > 0).then(|| m.concat(&taken).int(unsigned(step)));
        let address = row.address(rows.is_constant(), taken);
        let from = look_up(m, &format!("thresholds_{lane}_{step}"), &range, &words, address)[0];
        path.push(x.ge(from).hint(format!("reached_{lane}_{step}")));
    }
    let falls = falls(rows, row, lane, m);
    path.into_iter().rev().map(|reached| reached ^ falls).collect()
}

/// One step after the other with one memory and one comparator, over a tree of thresholds: node 1 is its root, `2 n` and `2 n + 1` come
/// after node `n`. The node to read next, and after the last step the bits.
pub fn step<'m>(
    step: Step<'m>,
    node: Signal<'m>,
    x: Signal<'m>,
    rows: &LaneRows,
    (row, lane): (RowIndex<'m>, usize),
    (bits, accumulators): (u32, &Range),
) -> (Signal<'m>, Vec<Signal<'m>>) {
    let m = x.module();
    let ladders: Vec<Vec<i64>> = rows.0.iter().map(|row| row.ladder(bits, accumulators)).collect();
    let range = range(&ladders);
    let words: Vec<Vec<i64>> = ladders.iter().flat_map(|ladder| tree(ladder, bits)).collect();
    let memory = rom(m, &format!("thresholds_{lane}"), &range, &words);
    let starts = step.index.eq(0);
    // A code of one bit is found at the root.
    m.ignore(node);
    let (next, after) = m.feedback(format!("reached_{lane}"), |reached| {
        let after: Vec<Signal<'m>> =
            std::iter::once(reached).chain((0..bits - 1).map(|bit| node.bit(bit))).collect();
        let next = starts.mux(m.bits(bits, 1), m.concat(&after)).int(unsigned(bits));
        let next = next.named(format!("next_node_{lane}"));
        let address = row.address(rows.is_constant(), Some(next)).expect("a node");
        let read = memory.read_when(step.ends, address);
        let from = cut(read, &range, &words)[0].named(format!("threshold_{lane}"));
        (x.ge(from), (next, after))
    });
    let falls = falls(rows, row, lane, m);
    (next, after.into_iter().map(|bit| bit ^ falls).collect())
}

/// The thresholds of a ladder as a tree, node after node; what stands in place of node 0 nobody reads.
fn tree(ladder: &[i64], bits: u32) -> Vec<Vec<i64>> {
    let of_node = |node: usize| {
        let depth = node.ilog2();
        let place = (2 * (node - (1 << depth)) + 1) << (bits - depth - 1);
        ladder[place - 1]
    };
    (0..1usize << bits).map(|node| vec![of_node(node.max(1))]).collect()
}
