//! How many look-up tables a graph takes where adders cannot subtract for free, bit by bit.

use super::{AdderGraph, Computed};
use std::collections::BTreeSet;

/// A bit that an input or an adder makes (which node's, and which), and whether it is that bit's complement.
type Bit = (usize, u32, bool);

/// A look-up table for each bit of each adder, and one for each bit that an adder or a row reads complemented. The bits below
/// a shifted operand are the other operand's own and take none, so they are followed to where they come from. Where neither
/// operand has a sign, the bit above them is the carry itself, which takes a look-up table only to be complemented, or where
/// it is a gate of two bits.
pub fn luts(graph: &AdderGraph, computed: &[Computed], complemented: &[bool]) -> u64 {
    let inputs = graph.inputs.len();
    let is_complemented = |node: usize| node >= inputs && complemented[node - inputs];
    let mut held: Vec<Vec<Bit>> = Vec::new();
    for (node, range) in graph.inputs.iter().enumerate() {
        held.push((0..width(*range, false)).map(|place| (node, place, false)).collect());
    }
    let mut turned: BTreeSet<Bit> = BTreeSet::new();
    let mut luts = 0;
    for (index, (sum, computed)) in graph.sums.iter().zip(computed).enumerate() {
        let node = inputs + index;
        let read = |node: usize, wanted: bool| turn(&held[node], wanted != is_complemented(node));
        let (a, b) = (read(sum.a, computed.a_complemented), read(sum.b, computed.b_complemented));
        let (low, high) = a.split_at(a.len().min(sum.shift as usize));
        turned.extend(high.iter().chain(&b).filter(|bit| bit.2));
        let mut bits = turn(low, computed.inverted);
        if let Some(sign) = bits.last().copied() {
            bits.resize(sum.shift as usize, sign);
        }
        let width = width(graph.range(node), complemented[index]);
        bits.extend((sum.shift..width).map(|place| (node, place, false)));
        let is_signed = |node: usize, complemented: bool| complemented || graph.range(node).0 < 0;
        let added = if is_signed(sum.a, computed.a_complemented) || is_signed(sum.b, computed.b_complemented)
        {
            width - sum.shift
        } else {
            let operands = high.len().max(b.len()) as u32;
            let is_gate = computed.inverted || operands == 1;
            operands.min(width - sum.shift) + u32::from(is_gate && width - sum.shift > operands)
        };
        luts += u64::from(added);
        held.push(bits);
    }
    let mut negated = BTreeSet::new();
    for row in graph.rows.iter().flatten() {
        let bits = turn(&held[row.node], row.negative != is_complemented(row.node));
        turned.extend(bits.iter().filter(|bit| bit.2));
        if row.negative && negated.insert(row.node) {
            // -v is ~v + 1.
            let (lo, hi) = graph.range(row.node);
            luts += u64::from(width((-hi, -lo), false));
        }
    }
    luts + turned.len() as u64
}

fn turn(bits: &[Bit], complemented: bool) -> Vec<Bit> {
    bits.iter().map(|&(node, place, turned)| (node, place, turned != complemented)).collect()
}

/// Bits of a word that holds `lo ..= hi`, or the complements of these.
fn width((lo, hi): (i64, i64), complemented: bool) -> u32 {
    let bits = |value: i64| 64 - (if value < 0 { !value } else { value }).leading_zeros();
    let signed = complemented || lo < 0;
    (bits(lo).max(bits(hi)) + u32::from(signed)).max(1)
}
