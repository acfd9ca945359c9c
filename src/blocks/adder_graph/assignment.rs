//! Which nodes of a graph are read plain, which complemented, and which in both polarities.

use super::AdderGraph;
use super::random::Random;
use super::terms::width;

/// How a node is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    Plain,
    Complemented,
    /// In both polarities, at a look-up table a bit.
    Both,
}

/// A choice for every node. Two operands of a sum that are both read in one polarity only must be read in the same one if the
/// sum adds them, in different ones if it subtracts; a node that is read in both fits everywhere. So what is wanted is the
/// heaviest set of nodes that can be labelled so (a balanced part of a signed graph). Inputs and rows cannot be labelled freely,
/// as they come and go plain.
pub struct Assignment {
    pub read: Vec<Read>,
    /// For each node, the nodes that sums add to it, and whether with the other sign.
    partners: Vec<Vec<(usize, bool)>>,
    /// What it costs that a node is read in both.
    widths: Vec<u32>,
    /// The labels that a node may have.
    allowed: Vec<[bool; 2]>,
}

/// Moves of the annealing for each node.
const MOVES: usize = 400;
/// Look-up tables that a move may lose at the beginning and at the end, about.
const HOT: f64 = 3.0;
const COLD: f64 = 0.5;

impl Assignment {
    pub fn of(graph: &AdderGraph) -> Self {
        let nodes = graph.inputs.len() + graph.sums.len();
        let mut partners = vec![Vec::new(); nodes];
        let mut allowed = vec![[true, true]; nodes];
        allowed[..graph.inputs.len()].fill([true, false]);
        for row in graph.rows.iter().flatten() {
            allowed[row.node][usize::from(!row.negative)] = false;
        }
        for sum in &graph.sums {
            partners[sum.a].push((sum.b, sum.subtracts));
            partners[sum.b].push((sum.a, sum.subtracts));
            if sum.a == sum.b && sum.subtracts {
                allowed[sum.a] = [false, false];
            }
        }
        for partners in &mut partners {
            partners.sort_unstable();
            partners.dedup();
        }
        let widths = (0..nodes).map(|node| width(graph.range(node))).collect();
        let mut assignment = Self { read: vec![Read::Both; nodes], partners, widths, allowed };
        assignment.anneal();
        assignment
    }

    /// Simulated annealing: a node takes a label, and its partners that cannot have theirs next to it are read in both.
    fn anneal(&mut self) {
        let mut random = Random::new();
        let moves = MOVES * self.read.len();
        let cooling = (COLD / HOT).powf(1.0 / moves.max(1) as f64);
        let mut temperature = HOT;
        for _ in 0..moves {
            temperature *= cooling;
            let node = random.below(self.read.len());
            let complemented = match self.read[node] {
                Read::Plain => true,
                Read::Complemented => false,
                Read::Both => random.below(2) == 1,
            };
            if !self.allowed[node][usize::from(complemented)] {
                continue;
            }
            let lost: u32 = self.conflicts(node, complemented).map(|partner| self.widths[partner]).sum();
            let won = if self.read[node] == Read::Both { self.widths[node] } else { 0 };
            if random.takes(f64::from(lost) - f64::from(won), temperature) {
                let conflicts: Vec<usize> = self.conflicts(node, complemented).collect();
                conflicts.into_iter().for_each(|partner| self.read[partner] = Read::Both);
                self.read[node] = if complemented { Read::Complemented } else { Read::Plain };
            }
        }
    }

    /// The partners of `node` whose labels do not go with this one.
    fn conflicts(&self, node: usize, complemented: bool) -> impl Iterator<Item = usize> {
        let conflict = move |&&(partner, subtracts): &&(usize, bool)| {
            let wanted = if complemented != subtracts { Read::Complemented } else { Read::Plain };
            partner != node && self.read[partner] != Read::Both && self.read[partner] != wanted
        };
        self.partners[node].iter().filter(conflict).map(|(partner, _)| *partner)
    }
}
