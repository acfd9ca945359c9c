//! A matrix as sums of terms, which can be changed and changed back.

use super::pair_counts::PairCounts;
use super::terms::{Pair, Term, Terms, width};
use super::tree::{Operand, narrow_first};

/// The rows of a matrix and the nodes that they share, each the sum of its terms. Nodes are numbered: the inputs first, then
/// the rows, then those that are shared.
pub struct Expressions {
    inputs: usize,
    rows: usize,
    /// None for inputs, and for numbers that no node has.
    terms: Vec<Terms>,
    /// The sums that read a node, once for each term.
    readers: Vec<Vec<u32>>,
    ranges: Vec<(i64, i64)>,
    /// Numbers that no node has.
    free: Vec<u32>,
    counts: PairCounts,
    /// Look-up tables of the adders of each sum, none where that is to be worked out.
    costs: Vec<Option<u32>>,
    /// The costs that are known.
    total: u32,
    /// The sums whose costs are not, and perhaps others.
    stale: Vec<u32>,
    /// Pairs that have come to occur twice or more, and nodes that have lost a reader, since these were last emptied.
    risen: Vec<Pair>,
    bereft: Vec<u32>,
    /// What was done since the last `commit`.
    log: Vec<Change>,
    operands: Vec<Operand>,
}

enum Change {
    Added(u32, Term),
    Removed(u32, Term),
    /// A number was given to a node; the range that it had before.
    Created(u32, (i64, i64)),
    /// A number was taken from its node.
    Freed,
    /// A cost is no longer known, which was this.
    Outdated(u32, u32),
}

impl Expressions {
    /// The sums that are the rows of `matrix`, with no node that is shared.
    pub fn new(inputs: &[(i64, i64)], matrix: &[Vec<i64>], sums: Vec<Terms>) -> Self {
        let nodes = inputs.len() + sums.len();
        let mut ranges = inputs.to_vec();
        ranges.extend(matrix.iter().map(|row| range(row, inputs)));
        let mut new = Self {
            inputs: inputs.len(),
            rows: sums.len(),
            terms: vec![Terms::new(); nodes],
            readers: vec![Vec::new(); nodes],
            ranges,
            free: Vec::new(),
            counts: PairCounts::new(),
            costs: vec![Some(0); nodes],
            total: 0,
            stale: Vec::new(),
            risen: Vec::new(),
            bereft: Vec::new(),
            log: Vec::new(),
            operands: Vec::new(),
        };
        for (row, terms) in (inputs.len() as u32..).zip(sums) {
            terms.into_iter().for_each(|term| new.add(row, term));
        }
        new
    }

    /// The numbers of the rows.
    pub fn rows(&self) -> std::ops::Range<u32> {
        self.inputs as u32..(self.inputs + self.rows) as u32
    }

    /// The numbers that shared nodes have; some may have none.
    pub fn shared(&self) -> std::ops::Range<u32> {
        (self.inputs + self.rows) as u32..self.terms.len() as u32
    }

    pub fn is_shared(&self, node: u32) -> bool {
        self.shared().contains(&node) && !self.terms(node).is_empty()
    }

    pub fn terms(&self, node: u32) -> &Terms {
        &self.terms[node as usize]
    }

    pub fn readers(&self, node: u32) -> &[u32] {
        &self.readers[node as usize]
    }

    pub fn range(&self, node: u32) -> (i64, i64) {
        self.ranges[node as usize]
    }

    /// How often the pair occurs.
    pub fn count(&self, pair: Pair) -> u32 {
        self.counts.get(pair)
    }

    /// Look-up tables of all adders, without those that complement.
    pub fn cost(&mut self) -> u32 {
        while let Some(node) = self.stale.pop() {
            let at = node as usize;
            if self.costs[at].is_some() {
                continue;
            }
            self.operands.clear();
            self.operands.extend(self.terms[at].iter().map(|term| (*term, self.ranges[term.node as usize])));
            let mut cost = 0;
            narrow_first(&mut self.operands, |pair, range| {
                cost += width(range).saturating_sub(pair.shift);
                u32::MAX
            });
            self.costs[at] = Some(cost);
            self.total += cost;
        }
        self.total
    }

    /// Pairs that have come to occur twice or more since this was last asked, in order.
    pub fn take_risen(&mut self) -> Vec<Pair> {
        let mut risen = std::mem::take(&mut self.risen);
        risen.sort_unstable();
        risen.dedup();
        risen
    }

    /// A shared node that has lost a reader and not been asked for since.
    pub fn next_bereft(&mut self) -> Option<u32> {
        loop {
            let node = self.bereft.pop()?;
            if self.is_shared(node) {
                return Some(node);
            }
        }
    }

    /// Forgets how to get back.
    pub fn commit(&mut self) {
        self.log.clear();
    }

    /// Back to where things were at the last `commit`.
    pub fn roll_back(&mut self) {
        while let Some(change) = self.log.pop() {
            match change {
                Change::Added(node, term) => self.unlink(node, term),
                Change::Removed(node, term) => self.link(node, term),
                Change::Created(node, before) => {
                    self.ranges[node as usize] = before;
                    self.free.push(node);
                }
                Change::Freed => {
                    self.free.pop();
                }
                Change::Outdated(node, cost) => {
                    let now = self.costs[node as usize].replace(cost);
                    self.total = self.total + cost - now.unwrap_or(0);
                }
            }
        }
        self.stale.clear();
        self.risen.clear();
        self.bereft.clear();
    }

    /// A new node that is the sum of the pair.
    pub fn create(&mut self, pair: Pair) -> u32 {
        let range = pair.range(self.range(pair.a), self.range(pair.b));
        let node = self.free.pop().unwrap_or_else(|| {
            self.terms.push(Terms::new());
            self.readers.push(Vec::new());
            self.ranges.push((0, 0));
            self.costs.push(Some(0));
            self.terms.len() as u32 - 1
        });
        let before = std::mem::replace(&mut self.ranges[node as usize], range);
        self.log.push(Change::Created(node, before));
        pair.terms().into_iter().for_each(|term| self.add(node, term));
        node
    }

    /// Puts the terms of `node` in its place wherever it is read. A shared node is gone then.
    pub fn expand(&mut self, node: u32) {
        let terms = self.terms(node).clone();
        while let Some(&reader) = self.readers(node).last() {
            let read = self.terms(reader).iter().find(|term| term.node == node);
            let read = *read.expect("a reader reads");
            self.remove(reader, read);
            for term in &terms {
                self.add(reader, term.times(read.shift, read.negative));
            }
        }
        if self.is_shared(node) {
            terms.iter().for_each(|term| self.remove(node, *term));
            self.log.push(Change::Freed);
            self.free.push(node);
        }
    }

    /// Adds `term` to a sum; with a term of the same node and shift it is one term, or none.
    pub fn add(&mut self, node: u32, term: Term) {
        let meets = |other: &&Term| other.node == term.node && other.shift == term.shift;
        if let Some(&other) = self.terms(node).iter().find(meets) {
            self.remove(node, other);
            if other.negative == term.negative {
                self.add(node, term.times(1, false));
            }
            return;
        }
        self.link(node, term);
        self.outdate(node);
        self.log.push(Change::Added(node, term));
    }

    pub fn remove(&mut self, node: u32, term: Term) {
        self.unlink(node, term);
        self.outdate(node);
        self.bereft.push(term.node);
        self.log.push(Change::Removed(node, term));
    }

    fn outdate(&mut self, node: u32) {
        if let Some(cost) = self.costs[node as usize].take() {
            self.total -= cost;
            self.stale.push(node);
            self.log.push(Change::Outdated(node, cost));
        }
    }

    fn link(&mut self, node: u32, term: Term) {
        for other in &self.terms[node as usize] {
            let pair = Pair::of(*other, term);
            if self.counts.add(pair) > 1 {
                self.risen.push(pair);
            }
        }
        self.terms[node as usize].push(term);
        self.readers[term.node as usize].push(node);
    }

    fn unlink(&mut self, node: u32, term: Term) {
        let terms = &mut self.terms[node as usize];
        let at = terms.iter().rposition(|other| *other == term).expect("the term is there");
        terms.swap_remove(at);
        for other in terms.iter() {
            self.counts.remove(Pair::of(*other, term));
        }
        let readers = &mut self.readers[term.node as usize];
        let at = readers.iter().rposition(|reader| *reader == node).expect("a reader is known");
        readers.swap_remove(at);
    }
}

/// The values that a row may have.
fn range(row: &[i64], inputs: &[(i64, i64)]) -> (i64, i64) {
    let product = |(weight, (lo, hi)): (&i64, &(i64, i64))| {
        let ends = (weight * lo, weight * hi);
        (ends.0.min(ends.1), ends.0.max(ends.1))
    };
    row.iter().zip(inputs).map(product).fold((0, 0), |sum, range| (sum.0 + range.0, sum.1 + range.1))
}
