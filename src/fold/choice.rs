//! Of the foldings of each node the one that keeps a pace for the least.

use super::foldings::{Foldable, Folding};
use super::{FoldError, Target};
use crate::datapath::{Catalog, Source};
use crate::device::Counts;
use crate::graph::{Endpoint, Feed, Graph, Node};
use std::rc::Rc;

/// The nodes of a graph, and what was found out of their foldings.
pub struct Chooser<'a> {
    pub catalog: &'a Catalog,
    pub source: &'a dyn Source,
    pub target: Target,
    nodes: Vec<Choice<'a>>,
}

/// A node to choose for.
struct Choice<'a> {
    node: &'a Node,
    /// The folding that it has.
    own: Rc<Folding>,
    foldable: Option<Foldable>,
}

impl<'a> Chooser<'a> {
    pub fn of(
        graph: &'a Graph,
        catalog: &'a Catalog,
        source: &'a dyn Source,
        target: Target,
    ) -> Result<Self, FoldError> {
        let choice = |node: &'a Node| {
            let own = Rc::new(Folding::of(&node.kind, node.keys.clone(), 1, catalog, source)?);
            let foldable = Foldable::of(node, &own.datapath.ports());
            Some(Choice { node, own, foldable })
        };
        let wrong = || FoldError::Graph(graph.load(catalog, source).err().unwrap_or_default());
        let nodes = graph.nodes.iter().map(choice).collect::<Option<_>>().ok_or_else(wrong)?;
        Ok(Self { catalog, source, target, nodes })
    }

    /// Paces that are worth a try, the fastest first.
    pub fn paces(&self) -> Vec<u64> {
        let largest = self.nodes.iter().map(|choice| choice.own.most(|port| port.frame_values())).max();
        let largest = largest.unwrap_or(1);
        // A twentieth from one to the next, from a beat a frame to a thousand cycles an integer.
        let all = std::iter::successors(Some(1u64), |pace| Some((pace + pace / 20).max(pace + 1)));
        all.take_while(|pace| *pace <= largest.saturating_mul(1000)).collect()
    }

    /// A folding of each node that takes at most so many cycles a frame, with the least share of the board where block RAM and DSP count
    /// `scarcity` times what look-up tables do.
    pub fn choose(&self, cycles: u64, scarcity: f64) -> Result<Vec<Rc<Folding>>, FoldError> {
        let mut chosen: Vec<Rc<Folding>> = Vec::new();
        for index in 0..self.nodes.len() {
            let given = self.given_lanes(index, &chosen);
            chosen.push(self.choose_node(&self.nodes[index], cycles, scarcity, given)?);
        }
        Ok(chosen)
    }

    /// Lanes of the stream that a node takes from one that is chosen already; of several the first.
    fn given_lanes(&self, index: usize, chosen: &[Rc<Folding>]) -> Option<usize> {
        let before = index.checked_sub(1).map(|before| Endpoint::of(&self.nodes[before].node.name));
        let from = match &self.nodes[index].node.feed {
            Feed::Before => before?,
            Feed::One(from) => from.clone(),
            Feed::Each(each) => each.values().next()?.clone(),
        };
        let place = self.nodes.iter().position(|choice| choice.node.name == from.node)?;
        let given = chosen.get(place)?.datapath.ports().outputs;
        let found = given.iter().find(|port| from.stream.as_ref().is_none_or(|stream| *stream == port.name));
        found.map(|port| port.lanes())
    }

    fn choose_node(
        &self,
        Choice { node, own, foldable }: &Choice,
        cycles: u64,
        scarcity: f64,
        given: Option<usize>,
    ) -> Result<Rc<Folding>, FoldError> {
        let foldings = match foldable {
            Some(foldable) => foldable.foldings(self.catalog, self.source, cycles),
            None => vec![own.clone()],
        };
        let (mut best, mut fastest): (Option<(f64, Rc<Folding>)>, Option<u64>) = (None, None);
        for folding in foldings {
            let Some(taken) = folding.cycles() else { continue };
            fastest = Some(fastest.map_or(taken, |fastest| fastest.min(taken)));
            if taken > cycles {
                continue;
            }
            let share = |counts: &Counts| self.target.share(counts, scarcity);
            let all =
                share(&folding.counts(&self.target)) + joint(given, &folding).as_ref().map_or(0.0, share);
            if best.as_ref().is_none_or(|(least, _)| all < *least) {
                best = Some((all, folding));
            }
        }
        let name = || node.name.clone();
        let too_fast = |least| FoldError::TooFast { node: name(), least, cycles };
        match (best, fastest) {
            (Some((_, folding)), _) => Ok(folding),
            (None, Some(least)) => Err(too_fast(least)),
            (None, None) if foldable.is_none() => Err(FoldError::Unknown { node: name() }),
            (None, None) => Err(too_fast(own.most(|port| port.frame.positions()))),
        }
    }
}

/// What cuts or joins beats before a node whose input has other lanes than what it is given: a register and a table for each bit of the
/// wider.
fn joint(given: Option<usize>, folding: &Folding) -> Option<Counts> {
    let (given, input) = given.zip(folding.datapath.ports().inputs.into_iter().next())?;
    let bits = (input.width() / input.lanes() * given.max(input.lanes())) as u64;
    (given != input.lanes()).then(|| Counts { lut4: bits, ff: bits, ..Counts::default() })
}
