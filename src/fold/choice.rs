//! Of the foldings of each node the one that keeps a pace for the least.

use super::foldings::{Foldable, Folding};
use super::{FoldError, Target, interval};
use crate::datapath::{Catalog, Datapath, Source, circuit};
use crate::device::Counts;
use crate::estimate::cost;
use crate::graph::{Endpoint, Feed, Graph, Node};
use crate::hdl::{Latency, Timing};
use std::collections::{BTreeMap, HashMap};
use toml::Table;

/// A node in the folding that was chosen.
#[derive(Clone)]
pub struct Chosen {
    pub keys: Table,
    pub numbers: BTreeMap<&'static str, i64>,
    pub cycles: u64,
    pub counts: Counts,
    /// Lanes of each stream that leaves.
    lanes: Vec<(String, usize)>,
}

/// What is known of a folding.
#[derive(Clone, Copy)]
struct Measured {
    cycles: Option<u64>,
    counts: Option<Counts>,
}

/// The nodes of a graph, and what was found out of their foldings.
pub struct Chooser<'a> {
    pub catalog: &'a Catalog,
    pub source: &'a dyn Source,
    pub target: Target,
    /// What block RAM and DSP count next to look-up tables.
    pub scarcity: f64,
    nodes: &'a [Node],
    foldable: Vec<Option<Foldable>>,
    /// By the node and what folds it.
    measured: HashMap<(usize, String), Measured>,
}

impl<'a> Chooser<'a> {
    pub fn of(
        graph: &'a Graph,
        catalog: &'a Catalog,
        source: &'a dyn Source,
        target: Target,
    ) -> Result<Self, FoldError> {
        graph.load(catalog, source).map_err(FoldError::Graph)?;
        let foldable = |node: &Node| Foldable::of(node, &load(node, catalog, source).ports());
        let foldable = graph.nodes.iter().map(foldable).collect();
        Ok(Self {
            catalog,
            source,
            target,
            scarcity: 1.0,
            nodes: &graph.nodes,
            foldable,
            measured: HashMap::new(),
        })
    }

    /// Paces that are worth a try, the fastest first.
    pub fn paces(&self) -> Vec<u64> {
        let values = |node: &Node| {
            let ports = load(node, self.catalog, self.source).ports();
            ports.each().map(|(port, _)| port.frame_values() as u64).max().unwrap_or(1)
        };
        let largest = self.nodes.iter().map(values).max().unwrap_or(1);
        // A twentieth from one to the next, from a beat a frame to a thousand cycles an integer.
        let all = std::iter::successors(Some(1u64), |pace| Some((pace + pace / 20).max(pace + 1)));
        all.take_while(|pace| *pace <= largest.saturating_mul(1000)).collect()
    }

    /// A folding of each node that takes at most so many cycles a frame.
    pub fn choose(&mut self, cycles: u64) -> Result<Vec<Chosen>, FoldError> {
        let mut chosen: Vec<Chosen> = Vec::new();
        for index in 0..self.nodes.len() {
            let given = self.given_lanes(index, &chosen);
            chosen.push(self.choose_node(index, cycles, given)?);
        }
        Ok(chosen)
    }

    /// Lanes of the stream that a node takes from one that is chosen already, if it takes but one.
    fn given_lanes(&self, index: usize, chosen: &[Chosen]) -> Option<usize> {
        let before = index.checked_sub(1).map(|before| Endpoint::of(&self.nodes[before].name));
        let from = match &self.nodes[index].feed {
            Feed::Before => before?,
            Feed::One(from) => from.clone(),
            Feed::Each(each) => each.values().next()?.clone(),
        };
        let place = self.nodes.iter().position(|node| node.name == from.node)?;
        let lanes = &chosen.get(place)?.lanes;
        let found = lanes.iter().find(|(name, _)| from.stream.as_ref().is_none_or(|stream| stream == name));
        found.map(|(_, lanes)| *lanes)
    }

    fn choose_node(&mut self, index: usize, cycles: u64, given: Option<usize>) -> Result<Chosen, FoldError> {
        let node = &self.nodes[index];
        let Some(foldable) = &self.foldable[index] else {
            let folding = Folding {
                keys: node.keys.clone(),
                datapath: load(node, self.catalog, self.source),
                parallel: 1,
            };
            return self.as_it_is(index, folding, cycles);
        };
        let foldings = foldable.foldings(self.catalog, self.source, cycles);
        let (mut best, mut fastest): (Option<(f64, Folding)>, Option<u64>) = (None, None);
        for folding in foldings {
            let Some(taken) = self.cycles(index, &folding) else { continue };
            fastest = Some(fastest.map_or(taken, |fastest| fastest.min(taken)));
            if taken > cycles {
                continue;
            }
            let counts = self.counts(index, &folding);
            let share = self.target.share(&counts, self.scarcity) + self.joint(given, &folding);
            if best.as_ref().is_none_or(|(least, _)| share < *least) {
                best = Some((share, folding));
            }
        }
        match (best, fastest) {
            (Some((_, folding)), _) => Ok(self.chosen(index, folding)),
            (None, Some(least)) => Err(FoldError::TooFast { node: node.name.clone(), least, cycles }),
            (None, None) => {
                let ports = load(node, self.catalog, self.source).ports();
                let least = ports.each().map(|(port, _)| port.frame.positions() as u64).max().unwrap_or(1);
                Err(FoldError::TooFast { node: node.name.clone(), least, cycles })
            }
        }
    }

    /// A node that is not folded.
    fn as_it_is(&mut self, index: usize, folding: Folding, cycles: u64) -> Result<Chosen, FoldError> {
        let node = self.nodes[index].name.clone();
        match self.cycles(index, &folding) {
            Some(least) if least > cycles => Err(FoldError::TooFast { node, least, cycles }),
            Some(_) => Ok(self.chosen(index, folding)),
            None => Err(FoldError::Unknown { node }),
        }
    }

    fn chosen(&mut self, index: usize, folding: Folding) -> Chosen {
        let cycles = self.cycles(index, &folding).unwrap_or(0);
        let counts = self.counts(index, &folding);
        let numbers = folding.numbers();
        let lanes =
            folding.datapath.ports().outputs.iter().map(|port| (port.name.clone(), port.lanes())).collect();
        Chosen { keys: folding.keys, numbers, cycles, counts, lanes }
    }

    /// The share of what cuts or joins beats before a node whose input has other lanes than what it is given: a register and a table for
    /// each bit of the wider.
    fn joint(&self, given: Option<usize>, folding: &Folding) -> f64 {
        let Some((given, input)) = given.zip(folding.datapath.ports().inputs.into_iter().next()) else {
            return 0.0;
        };
        if given == input.lanes() {
            return 0.0;
        }
        let bits = (input.width() / input.lanes() * given.max(input.lanes())) as u64;
        self.target.share(&Counts { lut4: bits, ff: bits, ..Counts::default() }, self.scarcity)
    }

    fn measured(&mut self, index: usize, folding: &Folding) -> &mut Measured {
        let key = (index, format!("{:?}", folding.numbers()));
        self.measured.entry(key).or_insert(Measured { cycles: None, counts: None })
    }

    fn cycles(&mut self, index: usize, folding: &Folding) -> Option<u64> {
        if let Some(known) = self.measured(index, folding).cycles {
            return Some(known);
        }
        let found = interval(&*folding.datapath, &Latency::default(), Timing::combinational());
        self.measured(index, folding).cycles = found;
        found
    }

    fn counts(&mut self, index: usize, folding: &Folding) -> Counts {
        if let Some(known) = self.measured(index, folding).counts {
            return known;
        }
        let Target { family, timing, .. } = self.target;
        let found = cost(&circuit(&*folding.datapath, "node", timing), family);
        self.measured(index, folding).counts = Some(found);
        found
    }
}

fn load(node: &Node, catalog: &Catalog, source: &dyn Source) -> Box<dyn Datapath> {
    let entry = catalog.find(&node.kind).expect("a graph that was loaded");
    entry.load(node.keys.clone(), source).unwrap_or_else(|_| unreachable!("a graph that was loaded"))
}
