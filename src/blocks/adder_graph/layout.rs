//! From sums of terms to adders of two operands.

use super::expressions::Expressions;
use super::polarity::Polarities;
use super::random::Random;
use super::terms::{Pair, Term};
use super::tree::narrow_first;
use super::{AdderGraph, Row, Sum};

/// Trials to get rid of each row that has to be negated, and the most adders that are laid out in all of them.
const TRIALS: usize = 2;
const TRIED_ADDERS: usize = 2000;

/// The graph of `expressions`, and its look-up tables where adders cannot subtract for free.
///
/// A row of which every term is negative costs an adder more. Where one of its terms has both signs in itself, that may be
/// computed the other way around (`b - a` in place of `a - b`), if no other row suffers as much.
pub fn lay_out(expressions: &Expressions, inputs: &[(i64, i64)], random: &mut Random) -> (AdderGraph, u64) {
    let mut turned = vec![false; expressions.shared().end as usize];
    let mut graph = Layout::of(expressions, inputs, &turned);
    let mut luts = Polarities::of(&graph).luts;
    let negated = |graph: &AdderGraph| -> Vec<usize> {
        let rows = graph.rows.iter().enumerate();
        rows.filter(|(_, row)| row.is_some_and(|row| row.negative)).map(|(index, _)| index).collect()
    };
    let trials = TRIALS * negated(&graph).len();
    for _ in 0..trials.min(TRIED_ADDERS / (graph.adders() + 1)) {
        let rows = negated(&graph);
        if rows.is_empty() {
            break;
        }
        let row = expressions.rows().start + rows[random.below(rows.len())] as u32;
        let terms = expressions.terms(row);
        let node = terms[random.below(terms.len())].node as usize;
        turned[node] ^= true;
        let other = Layout::of(expressions, inputs, &turned);
        let other_luts = Polarities::of(&other).luts;
        if other_luts < luts {
            (graph, luts) = (other, other_luts);
        } else {
            turned[node] ^= true;
        }
    }
    (graph, luts)
}

struct Layout<'e> {
    expressions: &'e Expressions,
    /// The nodes whose terms are added with the other sign.
    turned: &'e [bool],
    graph: AdderGraph,
    /// Where each node is; it may come out with a shift and a sign of its own.
    placed: Vec<Option<Term>>,
}

impl<'e> Layout<'e> {
    fn of(expressions: &'e Expressions, inputs: &[(i64, i64)], turned: &'e [bool]) -> AdderGraph {
        let graph = AdderGraph { inputs: inputs.to_vec(), sums: Vec::new(), rows: Vec::new() };
        let mut placed: Vec<_> = (0..inputs.len() as u32).map(|node| Some(Term::plain(node))).collect();
        placed.resize(turned.len(), None);
        let mut layout = Self { expressions, turned, graph, placed };
        for row in expressions.rows() {
            let at = layout.place(row);
            let row =
                |term: Term| Row { node: term.node as usize, shift: term.shift, negative: term.negative };
            layout.graph.rows.push(at.map(row));
        }
        layout.graph
    }

    /// Adds what computes `node`; where it is, unless it is zero.
    fn place(&mut self, node: u32) -> Option<Term> {
        if let Some(at) = self.placed[node as usize] {
            return Some(at);
        }
        let turned = self.turned[node as usize];
        let expressions = self.expressions;
        let mut operands = Vec::new();
        for term in expressions.terms(node) {
            if let Some(at) = self.place(term.node) {
                let operand = at.times(term.shift, term.negative != turned);
                operands.push((operand, self.graph.range(at.node as usize)));
            }
        }
        let graph = &mut self.graph;
        let sum = narrow_first(&mut operands, |pair, (lo, hi)| {
            let Pair { a, b, shift, subtracts } = pair;
            graph.sums.push(Sum { a: a as usize, b: b as usize, shift, subtracts, lo, hi });
            (graph.inputs.len() + graph.sums.len() - 1) as u32
        });
        let at = sum.map(|term| term.times(0, turned));
        self.placed[node as usize] = at;
        at
    }
}
