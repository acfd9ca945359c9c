//! In which polarity each node of a graph is held.
//!
//! On iCE40 the carry chain takes the operands as they are, before the look-up table, so `a - b` costs a look-up table a bit more than
//! `a + b`; but an adder's output may be complemented for free. So every adder is a plain sum of what two nodes hold, each its
//! value `v` or the complement `~v = -v - 1`, plus a carry-in. That a sum takes `a` and `b` with certain signs fixes only
//! whether their polarities are equal; which of the two it is, is free. A node that is wanted in both is complemented once more, at a look-up
//! table a bit. The choice is made by simulated annealing.

use super::AdderGraph;

/// How a family adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdderForm {
    /// Plain sums of values held in either polarity (iCE40).
    Polarity,
    /// Sums and differences, which cost the same (ECP5, Gowin).
    Difference,
}

impl AdderForm {
    /// The form for a family of delay tables.
    pub fn of(family: &str) -> Self {
        if family.starts_with("ice40") { Self::Polarity } else { Self::Difference }
    }
}

/// How a sum is computed from what its operands hold: `a` and `b`, each or its complement, a carry-in, and perhaps the complement
/// of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Computed {
    pub a_complemented: bool,
    pub b_complemented: bool,
    pub carry_in: bool,
    pub inverted: bool,
}

/// A choice for every sum of a graph.
#[derive(Clone, Debug)]
pub struct Polarities {
    pub sums: Vec<Computed>,
    /// For each sum, whether its node is held complemented.
    pub complemented: Vec<bool>,
    /// Look-up tables of all adders, of the complements of nodes that are read in both polarities, and of the rows that are
    /// negated.
    pub luts: u64,
}

/// Moves of the annealing for each sum.
const MOVES: usize = 150;

/// Which signs a node is read in: how often plain, how often negative.
type Reads = [u32; 2];

impl Polarities {
    /// A choice for `graph`, the same for the same graph.
    pub fn of(graph: &AdderGraph) -> Self {
        let inputs = graph.inputs.len();
        let nodes = inputs + graph.sums.len();
        let widths: Vec<i64> = (0..nodes).map(|node| width(graph.range(node), true)).collect();
        let mut a_negative = vec![false; graph.sums.len()];
        let mut reads: Vec<Reads> = vec![[0, 0]; widths.len()];
        // Inputs come plain, whatever is read.
        reads[..inputs].iter_mut().for_each(|reads| reads[0] = 1);
        for row in graph.rows.iter().flatten() {
            reads[row.node][0] += 1;
        }
        for sum in &graph.sums {
            reads[sum.a][0] += 1;
            reads[sum.b][usize::from(sum.subtracts)] += 1;
        }
        anneal(graph, &widths, &mut a_negative, &mut reads);
        resolve(graph, &widths, &a_negative, &reads)
    }
}

/// What it costs that `node` is read as it is.
fn complement_cost(reads: Reads, width: i64) -> i64 {
    if reads[0] > 0 && reads[1] > 0 { width } else { 0 }
}

/// Chooses for each sum whether `a` is taken negative, so that few nodes are read in both polarities.
fn anneal(graph: &AdderGraph, widths: &[i64], a_negative: &mut [bool], reads: &mut [Reads]) {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let moves = MOVES * graph.sums.len();
    for step in 0..moves {
        let index = (random() % graph.sums.len() as u64) as usize;
        let sum = &graph.sums[index];
        let a = usize::from(a_negative[index]);
        let b = a ^ usize::from(sum.subtracts);
        let cost = |reads: &[Reads]| {
            complement_cost(reads[sum.a], widths[sum.a]) + complement_cost(reads[sum.b], widths[sum.b])
        };
        let flip = |reads: &mut [Reads], a: usize, b: usize| {
            reads[sum.a][a] -= 1;
            reads[sum.a][1 - a] += 1;
            reads[sum.b][b] -= 1;
            reads[sum.b][1 - b] += 1;
        };
        let before = cost(reads);
        flip(reads, a, b);
        let worse = cost(reads) - before;
        let temperature = 4.0 * (1.0 - step as f64 / moves as f64) + 1e-9;
        let chance = (random() >> 11) as f64 / (1u64 << 53) as f64;
        if worse <= 0 || chance < (-(worse as f64) / temperature).exp() {
            a_negative[index] ^= true;
        } else {
            flip(reads, 1 - a, 1 - b);
        }
    }
}

/// Works out how every sum is computed, from the inputs on.
fn resolve(graph: &AdderGraph, widths: &[i64], a_negative: &[bool], reads: &[Reads]) -> Polarities {
    let inputs = graph.inputs.len();
    let both = |node: usize| reads[node][0] > 0 && reads[node][1] > 0;
    let (mut sums, mut complemented, mut luts) = (Vec::new(), Vec::new(), 0);
    for (index, sum) in graph.sums.iter().enumerate() {
        let (a_complemented, b_complemented) = (a_negative[index], a_negative[index] != sum.subtracts);
        // With `v = a + b`: a + b is v, ~a + ~b + 1 is ~v. With `v = a - b`: a + ~b + 1 is v, ~a + b is ~v. A shifted operand
        // brings its carry-in to the upper bits.
        let carry_in = b_complemented;
        let natural = a_complemented;
        let node = inputs + index;
        let held = reads[node][1] > 0 && (reads[node][0] == 0 || natural);
        let inverted = held != natural;
        sums.push(Computed { a_complemented, b_complemented, carry_in, inverted });
        complemented.push(held);
        // The low bits of a shifted sum are `a`'s own.
        let passed = if inverted { 0 } else { i64::from(sum.shift) };
        luts += width(graph.range(node), held) - passed;
        if both(node) {
            luts += widths[node];
        }
    }
    luts += (0..inputs).filter(|&node| both(node)).map(|node| widths[node]).sum::<i64>();
    let negated = graph.rows.iter().flatten().filter(|row| row.negative);
    luts += negated.map(|row| widths[row.node]).sum::<i64>();
    Polarities { sums, complemented, luts: luts as u64 }
}

/// Bits of a word that holds `lo ..= hi`, or the complements of these.
fn width((lo, hi): (i64, i64), complemented: bool) -> i64 {
    let bits = |value: i64| i64::from(64 - (if value < 0 { !value } else { value }).leading_zeros());
    let signed = complemented || lo < 0;
    (bits(lo).max(bits(hi)) + i64::from(signed)).max(1)
}
