//! Finds a graph of few and narrow adders: takes the pair of terms that most rows have in common as a node of its own, again and
//! again; then dissolves some nodes at random and builds anew, and keeps what is cheaper.

use super::{AdderGraph, Row, Sum};
use crate::blocks::signed_digits;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// `sign * (node << shift)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Term {
    node: u32,
    shift: u32,
    negative: bool,
}

/// The sum of its terms.
type Terms = Vec<Term>;

/// What two terms have in common wherever they meet: `a + sign * (b << shift)`, up to a common shift and sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Pair {
    a: u32,
    b: u32,
    shift: u32,
    subtracts: bool,
}

impl Pair {
    /// The pair of two terms, and the term that stands for their sum if its node is `node`.
    fn of(s: Term, t: Term, node: u32) -> (Pair, Term) {
        let (s, t) = if (s.shift, s.node) <= (t.shift, t.node) { (s, t) } else { (t, s) };
        let pair =
            Pair { a: s.node, b: t.node, shift: t.shift - s.shift, subtracts: s.negative != t.negative };
        (pair, Term { node, ..s })
    }
}

/// Mixes the few small numbers of a pair; the standard hasher took half of the search's time.
#[derive(Default)]
struct PairHasher(u64);

impl Hasher for PairHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u32(u32::from(number));
    }
}

type PairMap<V> = HashMap<Pair, V, BuildHasherDefault<PairHasher>>;

/// A generator of random numbers that is the same on every machine and in every version (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Uniform from 0 to 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Nodes that sums share, each with its terms, and the rows.
#[derive(Clone)]
struct Shared {
    /// A node's terms are inputs and other nodes; the order of the list means nothing.
    nodes: Vec<(u32, Terms)>,
    rows: Vec<Terms>,
}

struct Search {
    /// The range of each node ever made; the first are the inputs.
    ranges: Vec<(i64, i64)>,
    inputs: usize,
    random: Random,
}

/// Random noise on the count of a pair: at least this much, relatively, decides between pairs.
const NOISE: f64 = 0.3;
/// The part of nodes that is dissolved at a time, on average.
const DISSOLVED: f64 = 0.12;
/// Look-up tables that a step may lose in the beginning, about.
const TEMPERATURE: f64 = 5.0;
/// Nodes ever made before the list of ranges is cleared of those that are gone.
const MOST_RANGES: usize = 1 << 17;

pub(super) fn search(matrix: &[Vec<i64>], inputs: &[(i64, i64)], effort: usize) -> AdderGraph {
    let mut search =
        Search { ranges: inputs.to_vec(), inputs: inputs.len(), random: Random(0x2545_f491_4f6c_dd1d) };
    let terms = |row: &Vec<i64>| {
        let digits = |(node, &weight): (usize, &i64)| {
            let term = move |(shift, sign): (u32, i64)| Term { node: node as u32, shift, negative: sign < 0 };
            signed_digits(weight).into_iter().map(term).collect::<Terms>()
        };
        row.iter().enumerate().flat_map(digits).collect()
    };
    let rows = matrix.iter().map(terms).collect();
    let mut current = search.share(Shared { nodes: Vec::new(), rows });
    let mut cost = search.cost(&current);
    let mut best = (current.clone(), cost);
    for step in 0..effort {
        let part = DISSOLVED * (0.3 + 1.4 * search.random.unit());
        let gone: HashSet<u32> =
            current.nodes.iter().map(|(node, _)| *node).filter(|_| search.random.unit() < part).collect();
        if gone.is_empty() {
            continue;
        }
        let candidate = search.share(current.without(&gone));
        let new = search.cost(&candidate);
        let temperature = TEMPERATURE * (1.0 - step as f64 / effort as f64);
        if new <= cost || search.random.unit() < (-f64::from(new - cost) / temperature).exp() {
            (current, cost) = (candidate, new);
            if cost < best.1 {
                best = (current.clone(), cost);
            }
        }
        if search.ranges.len() > MOST_RANGES {
            search.renumber([&mut current, &mut best.0]);
        }
    }
    search.graph(&best.0, inputs)
}

impl Shared {
    /// The same with the nodes of `gone` replaced by their terms.
    fn without(&self, gone: &HashSet<u32>) -> Shared {
        let terms: HashMap<u32, &Terms> = self.nodes.iter().map(|(node, terms)| (*node, terms)).collect();
        let expand = |list: &Terms| {
            let mut result = Terms::with_capacity(list.len());
            expand_into(list, 0, false, &terms, gone, &mut result);
            result
        };
        let kept = self.nodes.iter().filter(|(node, _)| !gone.contains(node));
        Shared {
            nodes: kept.map(|(node, terms)| (*node, expand(terms))).collect(),
            rows: self.rows.iter().map(expand).collect(),
        }
    }

    fn lists(&self) -> impl Iterator<Item = &Terms> {
        self.nodes.iter().map(|(_, terms)| terms).chain(&self.rows)
    }
}

fn expand_into(
    list: &Terms,
    shift: u32,
    negative: bool,
    terms: &HashMap<u32, &Terms>,
    gone: &HashSet<u32>,
    result: &mut Terms,
) {
    for term in list {
        let here = Term { shift: term.shift + shift, negative: term.negative != negative, ..*term };
        if gone.contains(&term.node) {
            expand_into(terms[&term.node], here.shift, here.negative, terms, gone, result);
        } else {
            result.push(here);
        }
    }
}

impl Search {
    fn range_of(&self, pair: Pair) -> (i64, i64) {
        let ((a_lo, a_hi), (b_lo, b_hi)) = (self.ranges[pair.a as usize], self.ranges[pair.b as usize]);
        let (b_lo, b_hi) = (b_lo << pair.shift, b_hi << pair.shift);
        if pair.subtracts { (a_lo - b_hi, a_hi - b_lo) } else { (a_lo + b_lo, a_hi + b_hi) }
    }

    /// Makes nodes of the pairs that lists have in common, the most frequent first; then dissolves nodes that only one
    /// list reads.
    fn share(&mut self, state: Shared) -> Shared {
        let Shared { nodes, rows } = state;
        let kept = nodes.len();
        let (mut names, mut lists): (Vec<u32>, Vec<Terms>) = nodes.into_iter().unzip();
        lists.extend(rows);
        let row_lists = lists.len() - kept;

        let mut counts: PairMap<i32> = PairMap::default();
        let mut readers: HashMap<u32, Vec<usize>> = HashMap::new();
        for (index, list) in lists.iter().enumerate() {
            for (place, &term) in list.iter().enumerate() {
                readers.entry(term.node).or_default().push(index);
                for &other in &list[place + 1..] {
                    *counts.entry(Pair::of(term, other, 0).0).or_default() += 1;
                }
            }
        }
        let mut frequent: Vec<(Pair, i32)> =
            counts.iter().filter(|(_, count)| **count > 1).map(|(pair, count)| (*pair, *count)).collect();
        frequent.sort_unstable();
        let mut heap: BinaryHeap<(u64, Pair, i32)> =
            frequent.into_iter().map(|(pair, count)| (self.score(count), pair, count)).collect();

        while let Some((_, pair, count)) = heap.pop() {
            let now = counts[&pair];
            if now != count {
                if (2..count).contains(&now) {
                    heap.push((self.score(now), pair, now));
                }
                continue;
            }
            let node = self.ranges.len() as u32;
            self.ranges.push(self.range_of(pair));
            let mut changed = Vec::new();
            let mut reading = readers[&pair.a].clone();
            reading.dedup();
            for index in reading {
                while replace(&mut lists[index], pair, node, &mut counts, &mut changed) {
                    readers.entry(node).or_default().push(index);
                }
            }
            let b = Term { node: pair.b, shift: pair.shift, negative: pair.subtracts };
            lists.push(vec![Term { node: pair.a, shift: 0, negative: false }, b]);
            names.push(node);
            for operand in [pair.a, pair.b] {
                readers.entry(operand).or_default().push(lists.len() - 1);
            }
            *counts.entry(pair).or_default() += 1;
            changed.sort_unstable();
            changed.dedup();
            for pair in changed {
                let count = counts[&pair];
                if count > 1 {
                    heap.push((self.score(count), pair, count));
                }
            }
        }
        let made = lists.split_off(kept + row_lists);
        let rows = lists.split_off(kept);
        let shared = Shared { nodes: names.into_iter().zip(lists.into_iter().chain(made)).collect(), rows };
        let mut uses: HashMap<u32, usize> = HashMap::new();
        for term in shared.lists().flatten() {
            *uses.entry(term.node).or_default() += 1;
        }
        let nodes = shared.nodes.iter().map(|(node, _)| *node);
        let single = nodes.filter(|node| uses.get(node).is_none_or(|uses| *uses < 2)).collect();
        shared.without(&single)
    }

    /// How much a pair that occurs `count` times is worth.
    fn score(&mut self, count: i32) -> u64 {
        (f64::from(count - 1) * (1.0 + NOISE * self.random.unit()) * 1e6) as u64
    }

    /// Look-up tables of all adders, without those that complement.
    fn cost(&self, state: &Shared) -> i32 {
        let mut total = 0;
        for list in state.lists() {
            let operands: Vec<(Term, (i64, i64))> =
                list.iter().map(|term| (*term, self.ranges[term.node as usize])).collect();
            narrow_first(operands, |pair, range| total += width(range) - pair.shift as i32);
        }
        total
    }

    /// Numbers the nodes of `states` anew and forgets all others.
    fn renumber(&mut self, states: [&mut Shared; 2]) {
        let mut numbers: HashMap<u32, u32> = (0..self.inputs as u32).map(|input| (input, input)).collect();
        let mut ranges = self.ranges[..self.inputs].to_vec();
        for state in &states {
            for (node, _) in &state.nodes {
                numbers.entry(*node).or_insert_with(|| {
                    ranges.push(self.ranges[*node as usize]);
                    ranges.len() as u32 - 1
                });
            }
        }
        for state in states {
            state.nodes.iter_mut().for_each(|(node, _)| *node = numbers[node]);
            let lists = state.nodes.iter_mut().map(|(_, terms)| terms).chain(&mut state.rows);
            lists.flatten().for_each(|term| term.node = numbers[&term.node]);
        }
        self.ranges = ranges;
    }

    /// The graph with two operands an adder.
    fn graph(&self, state: &Shared, inputs: &[(i64, i64)]) -> AdderGraph {
        let mut graph = AdderGraph { inputs: inputs.to_vec(), sums: Vec::new(), rows: Vec::new() };
        let terms: HashMap<u32, &Terms> = state.nodes.iter().map(|(node, terms)| (*node, terms)).collect();
        // A node may come out with a shift and a sign of its own.
        let mut placed: HashMap<u32, Term> =
            (0..inputs.len() as u32).map(|node| (node, Term { node, shift: 0, negative: false })).collect();
        let rows =
            state.rows.iter().map(|row| place(row, &mut graph, &terms, &mut placed)).collect::<Vec<_>>();
        let row = |term: Term| Row { node: term.node as usize, shift: term.shift, negative: term.negative };
        graph.rows = rows.into_iter().map(|term| term.map(row)).collect();
        graph
    }
}

/// Adds `list` to `graph`; where its sum is, if it is not empty.
fn place(
    list: &Terms,
    graph: &mut AdderGraph,
    terms: &HashMap<u32, &Terms>,
    placed: &mut HashMap<u32, Term>,
) -> Option<Term> {
    let mut operands = Vec::new();
    for term in list {
        if !placed.contains_key(&term.node) {
            let node = place(terms[&term.node], graph, terms, placed).expect("a shared node has terms");
            placed.insert(term.node, node);
        }
        let at = placed[&term.node];
        let here =
            Term { node: at.node, shift: at.shift + term.shift, negative: at.negative != term.negative };
        operands.push((here, graph.range(at.node as usize)));
    }
    narrow_first(operands, |pair, (lo, hi)| {
        let Pair { a, b, shift, subtracts } = pair;
        graph.sums.push(Sum { a: a as usize, b: b as usize, shift, subtracts, lo, hi });
        graph.inputs.len() + graph.sums.len() - 1
    })
}

/// Adds up terms, given with their nodes' ranges, always the two narrowest first. `add` is told of each sum and gives its node,
/// or whatever its caller makes of it. The term of the whole sum, if there are terms.
fn narrow_first<N: NodeNumber>(
    mut operands: Vec<(Term, (i64, i64))>,
    mut add: impl FnMut(Pair, (i64, i64)) -> N,
) -> Option<Term> {
    let breadth = |operand: &(Term, (i64, i64))| (operand.1.1 - operand.1.0) << operand.0.shift;
    while operands.len() > 1 {
        // Few operands: sorting them costs less than a heap would.
        operands.sort_by_key(|operand| std::cmp::Reverse(breadth(operand)));
        let ((s, s_range), (t, t_range)) = (operands.pop()?, operands.pop()?);
        let (mut pair, mut term) = Pair::of(s, t, 0);
        let (mut a, mut b) =
            if (s.shift, s.node) <= (t.shift, t.node) { (s_range, t_range) } else { (t_range, s_range) };
        if pair.shift == 0 && pair.subtracts && term.negative {
            // b - a in place of -(a - b): nothing has to be negated behind it.
            (pair.a, pair.b, a, b, term.negative) = (pair.b, pair.a, b, a, false);
        }
        let (b_lo, b_hi) = (b.0 << pair.shift, b.1 << pair.shift);
        let range = if pair.subtracts { (a.0 - b_hi, a.1 - b_lo) } else { (a.0 + b_lo, a.1 + b_hi) };
        let node = add(pair, range).number();
        operands.push((Term { node, ..term }, range));
    }
    operands.pop().map(|(term, _)| term)
}

/// Bits of a signed word that holds the range.
fn width((lo, hi): (i64, i64)) -> i32 {
    let bits = |value: i64| 64 - (if value < 0 { !value } else { value }).leading_zeros() as i32;
    bits(lo).max(bits(hi)) + 1
}

/// What `narrow_first` is given for a new sum: its node, or nothing where only the cost counts.
trait NodeNumber {
    fn number(self) -> u32;
}

impl NodeNumber for usize {
    fn number(self) -> u32 {
        self as u32
    }
}

impl NodeNumber for () {
    fn number(self) -> u32 {
        u32::MAX
    }
}

/// Replaces one occurrence of `pair` in `list` by `node`, and counts the pairs that come and go; the pairs that come are
/// noted in `changed`. Whether there was one.
fn replace(
    list: &mut Terms,
    pair: Pair,
    node: u32,
    counts: &mut PairMap<i32>,
    changed: &mut Vec<Pair>,
) -> bool {
    let meets = |a: &Term, b: &Term| Pair::of(*a, *b, node).0 == pair;
    let found = list.iter().enumerate().filter(|(_, a)| a.node == pair.a).find_map(|(i, a)| {
        let other = list.iter().enumerate().find(|(j, b)| *j != i && b.node == pair.b && meets(a, b));
        other.map(|(j, _)| (i, j))
    });
    let Some((i, j)) = found else { return false };
    let (s, t) = (list[i], list[j]);
    let (_, term) = Pair::of(s, t, node);
    list.swap_remove(i.max(j));
    list.swap_remove(i.min(j));
    *counts.entry(pair).or_default() -= 1;
    for &other in list.iter() {
        for gone in [Pair::of(s, other, 0).0, Pair::of(t, other, 0).0] {
            *counts.entry(gone).or_default() -= 1;
        }
        let new = Pair::of(term, other, 0).0;
        *counts.entry(new).or_default() += 1;
        changed.push(new);
    }
    list.push(term);
    true
}
