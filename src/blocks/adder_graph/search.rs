//! Finds a graph of few and narrow adders.
//!
//! The rows are sums of terms. A pair of terms that several sums have in common, with any shift and sign between the two, becomes a
//! node of its own, which these sums read in its place; again and again, until no pair occurs twice. The greedy choice takes the
//! pair first that saves the most bits. Then simulated annealing: a few nodes near to each other are dissolved into their
//! terms, and shared pairs are taken anew, in a random order that prefers those that save more; if the adders are narrower
//! together, or not much wider, that stays, else everything is put back. The temperature falls, and rises again for the
//! next round. Counts of pairs are kept up to date term by term, so that a step takes a few microseconds.

use super::AdderGraph;
use super::expressions::Expressions;
use super::layout::lay_out;
use super::random::Random;
use super::spanning_tree::{differences, digits};
use super::terms::{Pair, Term, Terms, width};
use std::collections::BinaryHeap;

/// Look-up tables that a step may lose at the beginning and at the end of a round, about.
const HOT: f64 = 6.0;
const COLD: f64 = 0.7;
/// Steps of a round for each digit of the matrix.
const ROUND: usize = 6;
/// Terms that are looked at for more nodes to dissolve, at most.
const FURTHER: usize = 10;
/// Graphs from the last quarters of rounds are judged by all of their look-up tables, these many adders of graphs.
const JUDGED_ADDERS: usize = 2500;

pub(super) fn search(matrix: &[Vec<i64>], inputs: &[(i64, i64)], effort: usize) -> AdderGraph {
    let start = |sums: Vec<Terms>| {
        let mut search = Search {
            digits: sums.iter().map(Vec::len).sum(),
            expressions: Expressions::new(inputs, matrix, sums),
            random: Random::new(),
            heap: BinaryHeap::new(),
        };
        search.share(|_| 1.0);
        search.expressions.commit();
        search
    };
    let (mut one, mut other) = (start(digits(matrix)), start(differences(matrix)));
    let mut search = if one.expressions.cost() <= other.expressions.cost() { one } else { other };
    search.anneal(inputs, effort)
}

struct Search {
    /// Terms of the rows at the start.
    digits: usize,
    expressions: Expressions,
    random: Random,
    /// Pairs that occur as often as said, by how much they are worth.
    heap: BinaryHeap<(u64, Pair, u32)>,
}

impl Search {
    /// The best of the graphs after `effort` steps.
    fn anneal(&mut self, inputs: &[(i64, i64)], effort: usize) -> AdderGraph {
        let mut cost = self.expressions.cost();
        let mut best = lay_out(&self.expressions, inputs, &mut self.random);
        let round = (ROUND * self.digits).clamp(1, effort.max(1));
        let judged = JUDGED_ADDERS / (best.0.adders() + 1) * round / effort.max(1);
        let apart = round / 4 / judged.max(1) + 1;
        for step in 0..effort {
            let place = step % round;
            self.dissolve();
            self.share(Random::unit);
            let new = self.expressions.cost();
            let temperature = HOT * (COLD / HOT).powf(place as f64 / round as f64);
            if self.random.takes(f64::from(new) - f64::from(cost), temperature) {
                cost = new;
                self.expressions.commit();
            } else {
                self.expressions.roll_back();
            }
            let left = round - 1 - place;
            if left <= round / 4 && left.is_multiple_of(apart) {
                let graph = lay_out(&self.expressions, inputs, &mut self.random);
                if graph.1 < best.1 {
                    best = graph;
                }
            }
        }
        best.0
    }

    /// Dissolves a shared node, and some that are near to it.
    fn dissolve(&mut self) {
        let (rows, shared) = (self.expressions.rows(), self.expressions.shared());
        let numbers = rows.start..shared.end;
        if numbers.is_empty() {
            return;
        }
        let mut sum = numbers.start + self.random.below(numbers.len()) as u32;
        for _ in 0..=self.random.below(FURTHER) {
            let terms = self.expressions.terms(sum);
            if terms.is_empty() {
                return;
            }
            let node = terms[self.random.below(terms.len())].node;
            if numbers.contains(&node) {
                sum = self.any_reader(node);
                self.expressions.expand(node);
            }
        }
    }

    fn any_reader(&mut self, node: u32) -> u32 {
        let readers = self.expressions.readers(node);
        readers[self.random.below(readers.len())]
    }

    /// Makes nodes of the pairs that sums have in common, and none that only one sum reads. Pairs that save as much are taken
    /// in the order of `weigh`.
    fn share(&mut self, weigh: impl Fn(&mut Random) -> f64) {
        loop {
            while let Some(node) = self.expressions.next_bereft() {
                if self.expressions.readers(node).len() < 2 {
                    self.expressions.expand(node);
                }
            }
            for pair in self.expressions.take_risen() {
                self.offer(pair, &weigh);
            }
            let Some((_, pair, count)) = self.heap.pop() else { return };
            match self.expressions.count(pair) {
                now if now == count => self.merge(pair),
                // What has come to occur more often is in the heap once more.
                now if now < count => self.offer(pair, &weigh),
                _ => {}
            }
        }
    }

    fn offer(&mut self, pair: Pair, weigh: &impl Fn(&mut Random) -> f64) {
        let count = self.expressions.count(pair);
        if count > 1 {
            let range = pair.range(self.expressions.range(pair.a), self.expressions.range(pair.b));
            let bits = f64::from(width(range).saturating_sub(pair.shift));
            // Wide adders count for more than their bits, as they are fewer.
            let worth = f64::from(count - 1) * bits * bits * weigh(&mut self.random);
            self.heap.push(((worth * 1e3) as u64, pair, count));
        }
    }

    /// Makes a node of the pair, and reads it wherever the pair occurs.
    fn merge(&mut self, pair: Pair) {
        let [a, b] = [pair.a, pair.b].map(|node| self.expressions.readers(node));
        let mut sums = (if a.len() < b.len() { a } else { b }).to_vec();
        sums.sort_unstable();
        sums.dedup();
        sums.retain(|sum| occurrence(self.expressions.terms(*sum), pair).is_some());
        // A sum that is nothing but the pair serves as the node.
        let is_the_pair = |sum: &u32| match self.expressions.terms(*sum)[..] {
            [s, t] => Some(Pair::stands_for(s, t, *sum)).filter(|term| term.shift == 0),
            _ => None,
        };
        let node = sums.iter().find_map(is_the_pair);
        let node = node.unwrap_or_else(|| Term::plain(self.expressions.create(pair)));
        for sum in sums.into_iter().filter(|sum| *sum != node.node) {
            while let Some((s, t)) = occurrence(self.expressions.terms(sum), pair) {
                self.expressions.remove(sum, s);
                self.expressions.remove(sum, t);
                self.expressions.add(sum, Pair::stands_for(s, t, node.node).times(0, node.negative));
            }
        }
    }
}

/// Two terms that are the pair.
fn occurrence(terms: &Terms, pair: Pair) -> Option<(Term, Term)> {
    let firsts = terms.iter().enumerate().filter(|(_, s)| s.node == pair.a);
    firsts.into_iter().find_map(|(at, s)| {
        let is_second =
            |(place, t): &(usize, &Term)| *place != at && t.node == pair.b && Pair::of(*s, **t) == pair;
        terms.iter().enumerate().find(is_second).map(|(_, t)| (*s, *t))
    })
}
