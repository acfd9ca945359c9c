//! A circuit whose registers all take their next value at the rising edge of the clock, as ABC, which ignores clocks, reads it.

use super::blif::{Gate, Latch, gate, latch};
use std::collections::HashSet;

/// `miter`, in the format BLIF, where a register of the falling edge is one of the rising edge with the logic of half a cycle.
///
/// Inputs and registers of the rising edge stand from edge to edge. In the first half of a cycle a register of the falling edge
/// holds what it had (`q~before`), from which a copy of the logic computes what it takes; that is what the logic sees in
/// the second half, at whose end the outputs are compared.
pub(super) fn of_one_edge(miter: &str) -> String {
    let falling = miter.lines().filter_map(latch).filter(|latch| latch.edge == "fe").map(|latch| latch.q);
    let falling: HashSet<&str> = falling.collect();
    if falling.is_empty() {
        return miter.to_owned();
    }
    let driven = miter.lines().filter_map(|line| line.strip_prefix(".names ")?.split(' ').next_back());
    let changing: HashSet<&str> = falling.iter().copied().chain(driven).collect();
    let before = |net: &str| net.to_owned() + if changing.contains(net) { "~before" } else { "" };
    let mut text = String::new();
    let mut lines = miter.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(Latch { next, q, clock, first, .. }) = latch(line).filter(|latch| latch.edge == "fe") {
            text +=
                &format!(".names {} {q}\n1 1\n.latch {q} {} re {clock} {first}\n", before(next), before(q));
            continue;
        }
        text += &format!("{line}\n");
        if let Some(Gate { nets, table }) = gate(line, &mut lines) {
            let rows: String = table.iter().flat_map(|row| [row, "\n"]).collect();
            let copy: Vec<String> = nets.into_iter().map(before).collect();
            text += &format!("{rows}.names {}\n{rows}", copy.join(" "));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_of_the_falling_edge_is_seen_in_the_same_cycle() {
        let miter = ".inputs clk x\n.latch n a re clk 0\n.latch m b fe clk 1\n.names x b m\n11 1\n.names a b n\n10 1\n01 1\n.end\n";
        let one = ".inputs clk x\n.latch n a re clk 0\n.names m~before b\n1 1\n.latch b b~before re clk 1\n\
                   .names x b m\n11 1\n.names x b~before m~before\n11 1\n\
                   .names a b n\n10 1\n01 1\n.names a b~before n~before\n10 1\n01 1\n.end\n";
        assert_eq!(of_one_edge(miter), one);
        assert_eq!(of_one_edge(one), one);
    }
}
